/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/timing.h"

/* token 1000 with two nodes, as doc/protocol.md section 6 has it. */
static void two_nodes(struct policy *p)
{
	memset(p, 0, sizeof(*p));
	p->dead_ms = 900;
	p->timeout_ms = 450;
	p->sync_timeout_ms = 900;
	p->token_ms = 1000;
	p->consensus_ms = 1200;
	timing_derive(p);
}

static void each_unsafe_value_is_named(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		enum timing_problem problem;
	} table[] = {
		{ offsetof(struct policy, dead_ms), DEAD_MS_MIN - 1, TIMING_DEAD_RANGE },
		{ offsetof(struct policy, dead_ms), DEAD_MS_MAX + 1, TIMING_DEAD_RANGE },
		{ offsetof(struct policy, dead_ms), 0, TIMING_DEAD_RANGE },
		{ offsetof(struct policy, interval_ms), 9, TIMING_INTERVAL_RANGE },
		{ offsetof(struct policy, interval_ms), 301, TIMING_INTERVAL_RANGE },
		{ offsetof(struct policy, hold_ms), 338, TIMING_HOLD_RANGE },
		{ offsetof(struct policy, hold_ms), 901, TIMING_HOLD_RANGE },
		{ offsetof(struct policy, poll_ms), 9, TIMING_POLL_RANGE },
		{ offsetof(struct policy, poll_ms), 226, TIMING_POLL_RANGE },
		{ offsetof(struct policy, timeout_ms), 224, TIMING_TIMEOUT_RANGE },
		{ offsetof(struct policy, sync_timeout_ms), 742, TIMING_SYNC_RANGE },
		{ offsetof(struct policy, sync_timeout_ms), 630, TIMING_SETTLE_RANGE },
		{ offsetof(struct policy, settle_ms), 608, TIMING_SYNC_RANGE },
		{ offsetof(struct policy, settle_ms), 720, TIMING_SETTLE_RANGE },
		{ offsetof(struct policy, up_beats), 0, TIMING_UP_BEATS_RANGE },
		{ offsetof(struct policy, up_beats), 21, TIMING_UP_BEATS_RANGE },
		{ offsetof(struct policy, late_ms), 449, TIMING_LATE_RANGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct policy p;

		two_nodes(&p);
		assert_int_equal(timing_check(&p), TIMING_OK);
		memcpy((uint8_t *)&p + table[i].at, &table[i].value, sizeof(uint32_t));
		if (timing_check(&p) != table[i].problem)
			fail_msg("entry %zu: %d", i, (int)timing_check(&p));
	}
}

static void a_settle_time_beyond_the_wait_of_corosync_is_unsafe(void **state)
{
	static const uint32_t values[] = {
		608, 720, 900, 100000, 0x7fffffff, 0xffffff4c, 0xffffffff
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct policy p;

		two_nodes(&p);
		p.settle_ms = values[i];
		assert_int_not_equal(timing_check(&p), TIMING_OK);
	}
}

static void everything_follows_from_dead_ms(void **state)
{
	struct policy p;

	(void)state;
	two_nodes(&p);
	assert_int_equal(p.interval_ms, 113);
	assert_int_equal(p.hold_ms, 450);
	assert_int_equal(p.poll_ms, 90);
	assert_int_equal(p.margin_ms, 180);
	assert_int_equal(p.settle_ms, 450);
	assert_int_equal(p.up_beats, 3);
	assert_true(p.late_ms >= p.dead_ms);
	assert_int_equal(timing_check(&p), TIMING_OK);
}

static void what_is_given_is_not_derived(void **state)
{
	struct policy p;

	(void)state;
	memset(&p, 0, sizeof(p));
	p.dead_ms = 900;
	p.sync_timeout_ms = 900;
	p.interval_ms = 1;
	p.hold_ms = 2;
	p.poll_ms = 3;
	p.settle_ms = 4;
	p.late_ms = 5;
	p.up_beats = 6;
	p.margin_ms = 7;
	timing_derive(&p);
	assert_int_equal(p.interval_ms, 1);
	assert_int_equal(p.hold_ms, 2);
	assert_int_equal(p.poll_ms, 3);
	assert_int_equal(p.settle_ms, 4);
	assert_int_equal(p.late_ms, 5);
	assert_int_equal(p.up_beats, 6);
	assert_int_equal(p.margin_ms, 7);
}

static void settle_is_no_longer_than_the_detection_of_totem(void **state)
{
	struct policy p;

	(void)state;
	two_nodes(&p);
	p.settle_ms = 0;
	p.token_ms = 100;
	p.consensus_ms = 120;
	timing_derive(&p);
	assert_int_equal(p.settle_ms, 220);
	p.settle_ms = 0;
	p.token_ms = 0;
	p.consensus_ms = 0;
	timing_derive(&p);
	assert_int_equal(p.settle_ms, 450);
	assert_int_equal(timing_detection_ms(&p), 0);
}

static void x_covers_hold_poll_and_votequorum_with_both_clocks_wrong(void **state)
{
	struct policy p;
	struct timings t;

	(void)state;
	two_nodes(&p);
	t = timing_of(&p);
	assert_int_equal(t.d_ms, 1350);
	assert_int_equal(timing_x_ms(&t), 2043);
	assert_true(timing_x_ms(&t) <= timing_detection_ms(&p));
	/* token 300, dead_ms 320 of the same section. */
	memset(&p, 0, sizeof(p));
	p.dead_ms = 320;
	p.timeout_ms = 160;
	p.sync_timeout_ms = 320;
	p.token_ms = 300;
	p.consensus_ms = 360;
	timing_derive(&p);
	assert_int_equal(timing_check(&p), TIMING_OK);
	t = timing_of(&p);
	assert_int_equal(timing_x_ms(&t), 727);
	/* Rounded up, and wide enough for the longest times. */
	t = (struct timings){ 1, 0, 0, 0 };
	assert_int_equal(timing_x_ms(&t), 2);
	t = (struct timings){ UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX };
	assert_true(timing_x_ms(&t) > (uint64_t)4 * UINT32_MAX);
}

static void every_dead_ms_in_range_derives_safe_times(void **state)
{
	(void)state;
	for (uint32_t dead_ms = DEAD_MS_MIN; dead_ms <= DEAD_MS_MAX; dead_ms++) {
		struct policy p;

		memset(&p, 0, sizeof(p));
		p.dead_ms = dead_ms;
		p.timeout_ms = dead_ms / 2;
		p.sync_timeout_ms = dead_ms;
		p.token_ms = dead_ms;
		p.consensus_ms = dead_ms;
		timing_derive(&p);
		if (timing_check(&p) != TIMING_OK)
			fail_msg("dead_ms %u: problem %d", dead_ms, (int)timing_check(&p));
		assert_in_range(timing_hurry_ms(&p), 2, p.interval_ms / 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_unsafe_value_is_named),
		cmocka_unit_test(a_settle_time_beyond_the_wait_of_corosync_is_unsafe),
		cmocka_unit_test(everything_follows_from_dead_ms),
		cmocka_unit_test(what_is_given_is_not_derived),
		cmocka_unit_test(settle_is_no_longer_than_the_detection_of_totem),
		cmocka_unit_test(x_covers_hold_poll_and_votequorum_with_both_clocks_wrong),
		cmocka_unit_test(every_dead_ms_in_range_derives_safe_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

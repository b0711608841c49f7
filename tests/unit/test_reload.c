/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times that change while the vote rests on them (doc/protocol.md section 1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t second[] = { 2 };

static struct policy policy_of(const struct lab *l, uint32_t dead_ms, uint32_t timeout_ms,
			       uint32_t sync_timeout_ms)
{
	struct policy p = { 0 };

	p.dead_ms = dead_ms;
	p.timeout_ms = timeout_ms;
	p.sync_timeout_ms = sync_timeout_ms;
	p.token_ms = l->policy.token_ms;
	p.consensus_ms = l->policy.consensus_ms;
	p.arbiter_count = 1;
	p.workload = true;
	p.hash = dead_ms;
	timing_derive(&p);
	return p;
}

static void reload(struct lab *l, uint32_t i, const struct policy *p)
{
	struct event e = { .type = EVENT_CONFIG };

	e.u.policy = *p;
	lab_step(l, &l->node[i], &e);
}

static bool covers(const struct timings *a, const struct timings *b)
{
	return a->hold_ms >= b->hold_ms && a->poll_ms >= b->poll_ms && a->d_ms >= b->d_ms &&
	       a->interval_ms >= b->interval_ms;
}

/* What is published is never more than what the slot on the disk tells. */
static void assert_told(const struct lab *l, uint32_t i, uint64_t written_ms)
{
	const struct publication *p = &l->node[i].pub;

	assert_int_equal(p->answer, ANSWER_YES);
	assert_true(p->until_ms <= written_ms + l->disk[i].timings.hold_ms);
	assert_true(p->poll_ms <= l->disk[i].timings.poll_ms);
}

static void longer_times_are_used_when_the_slot_tells_of_them(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy p = policy_of(l, 1500, 750, 1500);
	struct timings wanted = timing_of(&p);
	struct timings before = l->disk[0].timings;

	(void)state;
	l->node[0].path = false; /* the next block does not reach the disk for a while */
	lab_run(l, 120);
	reload(l, 0, &p);
	for (int i = 0; i < 100; i++) {
		lab_run(l, 1);
		assert_false(covers(&l->disk[0].timings, &wanted));
		assert_int_equal(l->node[0].pub.poll_ms, before.poll_ms);
		assert_true(l->node[0].pub.until_ms <= l->now_ms + before.hold_ms);
	}
	l->node[0].path = true;
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_told(l, 0, l->now_ms);
	}
	assert_true(covers(&l->disk[0].timings, &wanted));
	assert_int_equal(l->node[0].pub.poll_ms, p.poll_ms);
	assert_true(l->node[0].pub.until_ms > l->now_ms + before.hold_ms);
	free(l);
}

static void a_longer_hold_begins_with_the_beat_after_the_one_that_told_of_it(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy p = policy_of(l, 1500, 750, 1500);
	uint32_t beats_with = 0;
	uint64_t sequence = l->disk[0].sequence;

	(void)state;
	reload(l, 0, &p);
	while (l->node[0].pub.poll_ms != p.poll_ms) {
		lab_run(l, 1);
		if (l->disk[0].sequence != sequence && l->disk[0].timings.hold_ms == p.hold_ms)
			beats_with++;
		sequence = l->disk[0].sequence;
		assert_true(l->node[0].pub.until_ms <= l->now_ms + l->policy.hold_ms ||
			    beats_with > 1);
	}
	assert_int_equal(beats_with, 1);
	free(l);
}

static void shorter_times_are_used_at_once_and_told_x_of_the_longer_later(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy p = policy_of(l, 450, 225, 450);
	struct timings before = l->disk[0].timings;
	struct timings wanted = timing_of(&p);
	uint64_t x_ms = timing_x_ms(&before);
	uint64_t since_ms = l->now_ms;

	(void)state;
	reload(l, 0, &p);
	while (l->now_ms < since_ms + x_ms) {
		lab_run(l, 1);
		assert_true(covers(&l->disk[0].timings, &before));
		assert_told(l, 0, l->now_ms);
		if (l->now_ms < since_ms + 200)
			continue;
		assert_int_equal(l->node[0].pub.poll_ms, p.poll_ms);
		assert_true(l->node[0].pub.until_ms <= l->now_ms + p.hold_ms);
	}
	lab_run(l, 200);
	assert_memory_equal(&l->disk[0].timings, &wanted, sizeof(wanted));
	assert_int_equal(l->node[0].pub.answer, ANSWER_YES);
	free(l);
}

static void longer_and_shorter_in_one_reload_each_keep_their_rule(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy p = policy_of(l, 900, 300, 1500);
	struct timings before = l->disk[0].timings;

	(void)state;
	p.hold_ms = before.hold_ms + 100;
	p.poll_ms = before.poll_ms - 20;
	reload(l, 0, &p);
	for (int i = 0; i < 1500; i++) {
		lab_run(l, 1);
		assert_told(l, 0, l->now_ms);
		assert_true(covers(&l->disk[0].timings, &before));
	}
	lab_run(l, 1500);
	assert_int_equal(l->disk[0].timings.hold_ms, p.hold_ms);
	assert_int_equal(l->disk[0].timings.poll_ms, p.poll_ms);
	free(l);
}

static void a_second_reload_before_the_first_was_told_counts(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy longer = policy_of(l, 3000, 1500, 3000);
	struct policy back = policy_of(l, 900, 450, 900);
	struct timings wanted = timing_of(&back);

	(void)state;
	reload(l, 0, &longer);
	lab_run(l, 1);
	reload(l, 0, &back);
	for (int i = 0; i < 400; i++) {
		lab_run(l, 1);
		assert_told(l, 0, l->now_ms);
		assert_int_equal(l->node[0].pub.poll_ms, back.poll_ms);
		assert_true(l->node[0].pub.until_ms <= l->now_ms + back.hold_ms);
	}
	lab_run(l, 10000);
	assert_memory_equal(&l->disk[0].timings, &wanted, sizeof(wanted));
	free(l);
}

/* The survivor waits for X that the dead node's last block tells, also while it has itself gone
 * over to shorter times. */
static void the_death_of_a_node_counts_from_its_own_longer_times(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy longer = policy_of(l, 3000, 1500, 3000);
	struct timings t = timing_of(&longer);
	uint64_t died_ms;

	(void)state;
	reload(l, 0, &longer);
	lab_run(l, 1000);
	l->node[0].up = false;
	died_ms = l->now_ms;
	lab_run(l, 2200);
	lab_view(l, 1, 6, second, 1);
	while (l->now_ms < died_ms + timing_x_ms(&t) - 500) {
		lab_run(l, 1);
		assert_false(l->node[1].pub.answer == ANSWER_YES && l->node[1].pub.ring.seq == 6);
	}
	lab_run(l, 1000);
	assert_int_equal(l->node[1].pub.answer, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	free(l);
}

static void no_poll_and_a_shorter_d_end_the_count_only_with_the_longer_d(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy longer = policy_of(l, 900, 4000, 4000);
	struct policy back = policy_of(l, 900, 450, 900);
	struct event unfit = { .type = EVENT_FITNESS };
	uint64_t since_ms;

	(void)state;
	reload(l, 0, &longer);
	lab_run(l, 1000);
	/* From here on corosync takes no poll: what it counts ends with its own timers. */
	l->node[0].voter.host_life = 0;
	since_ms = l->node[0].voter.polled_ms;
	lab_step(l, &l->node[0], &unfit);
	reload(l, 0, &back);
	while (l->now_ms < since_ms + 8000 - 300) {
		lab_run(l, 1);
		assert_int_not_equal(l->disk[0].cast, CAST_NONE);
	}
	lab_run(l, 700);
	assert_int_equal(l->disk[0].cast, CAST_NONE);
	free(l);
}

static void another_configuration_is_told_once_it_lasts(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy p = policy_of(l, 1000, 450, 900);
	uint32_t told = 0;

	(void)state;
	reload(l, 0, &p);
	lab_run(l, 500);
	assert_false(lab_noted(&l->node[1], NOTE_CONFIG_DIFFERS));
	lab_run(l, 2000);
	for (uint32_t i = 0; i < l->node[1].notes; i++)
		told += l->node[1].note[i].id == NOTE_CONFIG_DIFFERS ? 1 : 0;
	assert_int_equal(told, 1);
	l->node[0].notes = l->node[1].notes = 0;
	reload(l, 1, &p);
	lab_run(l, 3000);
	assert_false(lab_noted(&l->node[0], NOTE_CONFIG_DIFFERS));
	assert_false(lab_noted(&l->node[1], NOTE_CONFIG_DIFFERS));
	free(l);
}

static void a_slower_peer_is_not_called_dead_between_its_beats(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct policy slow = policy_of(l, 4000, 450, 4000);
	struct policy fast = policy_of(l, 300, 450, 900);

	(void)state;
	reload(l, 0, &slow);
	reload(l, 1, &slow);
	lab_run(l, 10000);
	l->node[1].notes = 0;
	reload(l, 1, &fast);
	lab_run(l, 5000);
	assert_false(lab_noted(&l->node[1], NOTE_PEER_DEAD));
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longer_times_are_used_when_the_slot_tells_of_them),
		cmocka_unit_test(a_longer_hold_begins_with_the_beat_after_the_one_that_told_of_it),
		cmocka_unit_test(shorter_times_are_used_at_once_and_told_x_of_the_longer_later),
		cmocka_unit_test(longer_and_shorter_in_one_reload_each_keep_their_rule),
		cmocka_unit_test(a_second_reload_before_the_first_was_told_counts),
		cmocka_unit_test(the_death_of_a_node_counts_from_its_own_longer_times),
		cmocka_unit_test(no_poll_and_a_shorter_d_end_the_count_only_with_the_longer_d),
		cmocka_unit_test(another_configuration_is_told_once_it_lasts),
		cmocka_unit_test(a_slower_peer_is_not_called_dead_between_its_beats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

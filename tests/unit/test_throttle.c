/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shell/throttle.h"

static struct throttle t;

static int begin(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	return 0;
}

static void the_first_of_each_kind_and_arbiter_is_written_at_once(void **state)
{
	(void)state;
	for (uint32_t a = 0; a <= THROTTLE_OF_NONE; a++) {
		assert_true(throttle_take(&t, a, 1, "one", 5000));
		assert_true(throttle_take(&t, a, 2, "two", 5000));
		assert_false(throttle_take(&t, a, 1, "one", 5001));
	}
}

/* Once a second for an hour: one line, and 60 lines of counts that miss nothing. */
static void what_fails_each_second_costs_one_line_a_minute(void **state)
{
	uint32_t written = 0, lines = 0, counted = 0;
	uint32_t arbiter = 99;
	uint64_t last_ms = 0;
	char text[64];

	(void)state;
	for (uint64_t now_ms = 10000; now_ms < 10000 + 3600 * 1000; now_ms += 1000) {
		unsigned int n = 0;

		if (throttle_take(&t, 3, 7, "read-failed", now_ms)) {
			written++;
			last_ms = now_ms;
		}
		if (!throttle_counts(&t, now_ms, false, &arbiter, text, sizeof(text)))
			continue;
		lines++;
		assert_int_equal(arbiter, 3);
		assert_int_equal(sscanf(text, "read-failed=%u", &n), 1);
		counted += n;
		assert_true(now_ms - last_ms >= THROTTLE_MS);
		last_ms = now_ms;
	}
	assert_int_equal(written, 1);
	assert_int_equal(lines, 59);
	assert_true(throttle_counts(&t, 0, true, &arbiter, text, sizeof(text)));
	counted += (uint32_t)strtoul(strchr(text, '=') + 1, NULL, 10);
	assert_int_equal(written + counted, 3600);
	assert_false(throttle_counts(&t, 0, true, &arbiter, text, sizeof(text)));
}

static void several_kinds_share_one_line(void **state)
{
	uint32_t arbiter;
	char text[64];

	(void)state;
	assert_true(throttle_take(&t, 0, 1, "write-failed", 1000));
	assert_true(throttle_take(&t, 0, 2, "read-failed", 1500));
	assert_int_equal(throttle_due_ms(&t), UINT64_MAX);
	for (uint32_t i = 0; i < 5; i++) {
		assert_false(throttle_take(&t, 0, 1, "write-failed", 2000));
		assert_false(throttle_take(&t, 0, 2, "read-failed", 2000));
	}
	assert_false(throttle_take(&t, 0, 2, "read-failed", 2000));
	assert_int_equal(throttle_due_ms(&t), 1000 + THROTTLE_MS);
	assert_false(throttle_counts(&t, 999 + THROTTLE_MS, false, &arbiter, text, sizeof(text)));
	assert_true(throttle_counts(&t, 1000 + THROTTLE_MS, false, &arbiter, text, sizeof(text)));
	assert_string_equal(text, "write-failed=5 read-failed=6");
	assert_int_equal(throttle_due_ms(&t), UINT64_MAX);
}

static void a_minute_of_silence_makes_an_edge_again(void **state)
{
	(void)state;
	assert_true(throttle_take(&t, 0, 1, "one", 1000));
	assert_true(throttle_take(&t, 0, 1, "one", 1000 + THROTTLE_MS));
	assert_false(throttle_take(&t, 0, 1, "one", 999 + 2 * THROTTLE_MS));
}

static void more_kinds_than_there_is_room_for_are_counted_and_not_lost(void **state)
{
	uint32_t written = 0, counted = 0, arbiter;
	char text[1024];

	(void)state;
	for (uint32_t key = 1; key <= 100; key++)
		written += throttle_take(&t, 0, key, "kind", 1000) ? 1 : 0;
	assert_int_equal(written, THROTTLE_KINDS_MAX);
	assert_true(throttle_counts(&t, 0, true, &arbiter, text, sizeof(text)));
	for (const char *p = text; (p = strchr(p, '=')) != NULL; p++)
		counted += (uint32_t)strtoul(p + 1, NULL, 10);
	assert_int_equal(written + counted, 100);
}

static void numbers_in_a_line_do_not_make_it_another(void **state)
{
	(void)state;
	assert_int_equal(throttle_key("write took 17 ms"), throttle_key("write took 4711 ms"));
	assert_int_not_equal(throttle_key("write failed"), throttle_key("read failed"));
	assert_int_not_equal(throttle_key(""), 0);
}

/* Lines come from rings of several processes, one ring after the other. */
static void a_line_that_is_older_than_one_before_it_gives_nothing_free(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	assert_true(throttle_take(&t, 0, 1, "one", 1000));
	assert_true(throttle_take(&t, 0, 2, "other", 999));
	assert_false(throttle_take(&t, 0, 1, "one", 1001));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_first_of_each_kind_and_arbiter_is_written_at_once,
				       begin),
		cmocka_unit_test_setup(what_fails_each_second_costs_one_line_a_minute, begin),
		cmocka_unit_test_setup(several_kinds_share_one_line, begin),
		cmocka_unit_test_setup(a_minute_of_silence_makes_an_edge_again, begin),
		cmocka_unit_test_setup(more_kinds_than_there_is_room_for_are_counted_and_not_lost,
				       begin),
		cmocka_unit_test(numbers_in_a_line_do_not_make_it_another),
		cmocka_unit_test(a_line_that_is_older_than_one_before_it_gives_nothing_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shell/latency.h"

static struct latency latency;

static int start(void **state)
{
	(void)state;
	memset(&latency, 0, sizeof(latency));
	return 0;
}

static void nothing_measured_is_nothing_told(void **state)
{
	struct latency_summary s = latency_summarize(&latency);

	(void)state;
	assert_int_equal(s.count, 0);
	assert_int_equal(s.p50_us, 0);
	assert_int_equal(s.p99_us, 0);
}

static void a_percentile_is_at_most_a_quarter_too_high(void **state)
{
	(void)state;
	for (uint64_t us = 1; us < (uint64_t)1 << 30; us = us + us / 7 + 1) {
		struct latency_summary s;

		(void)start(NULL);
		latency_add(&latency, us);
		latency_add(&latency, (uint64_t)1 << 31);
		s = latency_summarize(&latency);
		assert_true(s.p50_us >= us);
		assert_true(s.p50_us <= us + us / 4);
	}
}

static void the_hundredth_is_not_in_p99_and_the_max_is_exact(void **state)
{
	struct latency_summary s;

	(void)state;
	for (int i = 0; i < 99; i++)
		latency_add(&latency, 100);
	latency_add(&latency, 123456789);
	latency_add(&latency, 100);
	s = latency_summarize(&latency);
	assert_int_equal(s.count, 101);
	assert_in_range(s.p99_us, 100, 125);
	assert_int_equal(s.max_us, 123456789);
	assert_int_equal(s.last_us, 100);
	for (int i = 0; i < 10; i++)
		latency_add(&latency, 200000);
	s = latency_summarize(&latency);
	assert_in_range(s.p50_us, 100, 125);
	assert_in_range(s.p99_us, 200000, 250000);
}

static void values_beyond_the_histogram_are_kept_as_max(void **state)
{
	struct latency_summary s;

	(void)state;
	latency_add(&latency, UINT64_MAX);
	s = latency_summarize(&latency);
	assert_int_equal(s.count, 1);
	assert_true(s.max_us == UINT64_MAX);
	assert_true(s.p50_us > (uint64_t)1 << 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_measured_is_nothing_told, start),
		cmocka_unit_test_setup(a_percentile_is_at_most_a_quarter_too_high, start),
		cmocka_unit_test_setup(the_hundredth_is_not_in_p99_and_the_max_is_exact, start),
		cmocka_unit_test_setup(values_beyond_the_histogram_are_kept_as_max, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

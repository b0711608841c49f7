/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a weight does to two cores on one disk: decide ties, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t both[] = { 1, 2 };
static const uint32_t first[] = { 1 };
static const uint32_t second[] = { 2 };

static struct lab *ring_of_two(bool workload)
{
	struct lab *l = lab_new(2);

	l->policy.workload = workload;
	lab_start(l, 0, 101);
	lab_start(l, 1, 102);
	lab_view(l, 0, 5, both, 2);
	lab_view(l, 1, 5, both, 2);
	lab_run(l, 4000);
	return l;
}

static void tell(struct lab *l, uint32_t i, uint32_t weight)
{
	struct event e = { .type = EVENT_WEIGHT };

	e.u.weight = weight;
	lab_step(l, &l->node[i], &e);
}

static void split(struct lab *l)
{
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 400);
}

static void a_weight_is_in_the_slot_within_one_beat(void **state)
{
	struct lab *l = ring_of_two(true);

	(void)state;
	tell(l, 1, 10);
	lab_run(l, l->policy.interval_ms);
	assert_int_equal(l->disk[1].weight, 10);
	assert_int_equal(l->disk[0].weight, 0);
	tell(l, 1, 0);
	lab_run(l, l->policy.interval_ms);
	assert_int_equal(l->disk[1].weight, 0);
	free(l);
}

static void the_heavier_half_wins_against_the_tie_breaker(void **state)
{
	struct lab *l = ring_of_two(true);

	(void)state;
	tell(l, 1, 10);
	lab_run(l, 500);
	split(l);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

static void weights_decide_nothing_when_switched_off(void **state)
{
	struct lab *l = ring_of_two(false);

	(void)state;
	tell(l, 1, 10);
	lab_run(l, 500);
	split(l);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

static void a_weight_that_lapsed_before_the_split_decides_nothing(void **state)
{
	struct lab *l = ring_of_two(true);

	(void)state;
	tell(l, 1, 10);
	lab_run(l, 500);
	tell(l, 1, 0);
	lab_run(l, 500);
	split(l);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	free(l);
}

static void a_weight_moves_no_grant_in_a_healthy_ring(void **state)
{
	struct lab *l = ring_of_two(true);
	struct grant before[2] = { l->disk[0].value.grant, l->disk[1].value.grant };

	(void)state;
	assert_true(before[0].set == 3 || before[1].set == 3);
	for (uint32_t w = 1; w <= 20; w++) {
		tell(l, w % 2, w * 100);
		for (int i = 0; i < 200; i++) {
			lab_run(l, 1);
			assert_int_equal(l->node[0].last_poll, ANSWER_YES);
			assert_int_equal(l->node[1].last_poll, ANSWER_YES);
		}
	}
	assert_memory_equal(&l->disk[0].value.grant, &before[0], sizeof(before[0]));
	assert_memory_equal(&l->disk[1].value.grant, &before[1], sizeof(before[1]));
	free(l);
}

static void a_restarted_daemon_has_no_weight_until_it_is_told_again(void **state)
{
	struct lab *l = ring_of_two(true);

	(void)state;
	tell(l, 1, 10);
	lab_run(l, 500);
	lab_start(l, 1, 102);
	lab_view(l, 1, 5, both, 2);
	lab_run(l, 2000);
	assert_int_equal(l->disk[1].weight, 0);
	tell(l, 1, 10);
	lab_run(l, 500);
	split(l);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_weight_is_in_the_slot_within_one_beat),
		cmocka_unit_test(the_heavier_half_wins_against_the_tie_breaker),
		cmocka_unit_test(weights_decide_nothing_when_switched_off),
		cmocka_unit_test(a_weight_that_lapsed_before_the_split_decides_nothing),
		cmocka_unit_test(a_weight_moves_no_grant_in_a_healthy_ring),
		cmocka_unit_test(a_restarted_daemon_has_no_weight_until_it_is_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

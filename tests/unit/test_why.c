/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl why`: what the last decision rested on, of real decisions on all nodes. */
#include "fixture_status.h"
#include "tool/why.h"

static void weigh(struct lab *l, uint32_t i, uint32_t weight)
{
	struct event e = { .type = EVENT_WEIGHT };

	e.u.weight = weight;
	lab_step(l, &l->node[i], &e);
}

/* One ring, bit i: node index i. */
static void view(struct lab *l, uint64_t seq, uint64_t set)
{
	uint32_t id[64], count = 0;

	for (uint32_t i = 0; i < 64; i++)
		if (set >> i & 1)
			id[count++] = i + 1;
	for (uint32_t i = 0; i < count; i++)
		lab_view(l, id[i] - 1, seq, id, count);
}

/* Rings seq, seq + 1 and, unless it is empty, seq + 2; and time to decide. */
static void split(struct lab *l, uint64_t seq, uint64_t first, uint64_t second, uint64_t third)
{
	view(l, seq, first);
	view(l, seq + 1, second);
	if (third != 0)
		view(l, seq + 2, third);
	lab_run(l, 3000);
}

/* As many nodes, in ring 5, which is granted. */
static struct lab *lab_granted(uint32_t count, enum tie_breaker tie)
{
	struct lab *l = lab_new(count);

	l->policy.tie_breaker = tie;
	ring_of_all(l, 5);
	return l;
}

static const struct decision_status *decided(struct lab *l, uint32_t i)
{
	ask(l, i, IPC_WHY);
	assert_int_equal(call(show, "show", NULL), 0);
	return &shown.status.arb.disk[0].decision;
}

/* Who decided knows the step; who followed read the same disk. */
static void all_say(struct lab *l, enum rank_step step, uint64_t set, uint32_t contenders)
{
	uint32_t own = 0;

	for (uint32_t i = 0; i < l->count; i++) {
		const struct decision_status *n;

		if (!l->node[i].up)
			continue;
		n = decided(l, i);
		own += n->own ? 1 : 0;
		if (n->step != step || n->set != set || n->count != contenders ||
		    n->winner >= n->count || n->view[n->winner].set != set)
			fail_msg("node %u: not %s:\n%s", i + 1, status_rank_word(step), out);
	}
	assert_int_equal(own, 1);
	show_all_forms();
}

static void nothing_is_said_of_a_decision_before_there_is_one(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	lab_start(l, 0, 101);
	ask(l, 0, IPC_WHY);
	show_all_forms();
	says("nothing was decided since this daemon started");
	free(l);
}

static void a_tie_is_broken_by_the_tie_breaker(void **state)
{
	struct lab *l = lab_granted(2, TIE_LOWEST);

	(void)state;
	split(l, 6, 1, 2, 0);
	all_say(l, RANK_TIE_BREAKER, 1, 2);
	says("because: tie_breaker");
	says("rules: algorithm lms, workload on, tie_breaker lowest; 2 votes in all; the grant "
	     "before: 1, 2");
	says("ring 1.6: votes 1, weight 0, active 1  <- wins");
	says("ring 2.7: votes 1, weight 0, active 1\n");
	says("counted: node 2 (n2), votes 1, weight 0, held the grant before");
	says("ranked below: tie_breaker lowest, node 2 against 1");
	free(l);
}

static void the_larger_part_wins_by_size(void **state)
{
	struct lab *l = lab_granted(3, TIE_LOWEST);

	(void)state;
	split(l, 6, 1, 6, 0);
	all_say(l, RANK_SIZE, 6, 2);
	says("ranked below: size, 1 votes against 2");
	free(l);
}

static void the_heavier_part_wins_by_workload(void **state)
{
	struct lab *l = lab_granted(2, TIE_LOWEST);

	(void)state;
	weigh(l, 1, 10);
	lab_run(l, 1000);
	split(l, 6, 1, 2, 0);
	all_say(l, RANK_WORKLOAD, 2, 2);
	says("counted: node 2 (n2), votes 1, weight 10");
	says("ranked below: workload, weight 0 against 10");
	free(l);
}

/* The step is what parts the winner from the one that comes nearest, whatever the order. */
static void of_three_parts_the_nearest_rival_tells_the_step(void **state)
{
	struct lab *l = lab_granted(4, TIE_HIGHEST);

	(void)state;
	split(l, 6, 3, 12, 0);
	all_say(l, RANK_TIE_BREAKER, 12, 2);
	free(l);
	l = lab_granted(4, TIE_LOWEST);
	split(l, 6, 1, 2, 12);
	all_say(l, RANK_SIZE, 12, 3);
	free(l);
}

static void whoever_held_the_grant_wins_by_active(void **state)
{
	struct lab *l = lab_granted(4, TIE_HIGHEST);

	(void)state;
	split(l, 6, 7, 8, 0);
	all_say(l, RANK_SIZE, 7, 2);
	split(l, 8, 3, 12, 0);
	all_say(l, RANK_ACTIVE, 3, 2);
	says("ranked below: active, 1 nodes of the grant before against 2");
	free(l);
}

static void a_survivor_was_the_only_contender(void **state)
{
	struct lab *l = lab_granted(2, TIE_LOWEST);

	(void)state;
	l->node[1].up = false;
	lab_run(l, 2200);
	view(l, 6, 1);
	lab_run(l, 3000);
	all_say(l, RANK_ONLY, 1, 1);
	says("because: being the only contender");
	free(l);
}

/* The ring is granted to who can use it; the other one is added when it comes. */
static void who_comes_later_is_added_by_growth(void **state)
{
	static const uint32_t both[] = { 1, 2 };
	struct lab *l = lab_new(2);
	const struct decision_status *n;

	(void)state;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, both, 2);
	lab_run(l, 6000);
	n = decided(l, 0);
	assert_int_equal(n->set, 1);
	assert_int_equal(n->kind, DECISION_GRANT);
	says("not counted: node 2 (n2), not live on this disk");
	lab_start(l, 1, 102);
	lab_view(l, 1, 5, both, 2);
	lab_run(l, 3000);
	for (uint32_t i = 0; i < 2; i++) {
		n = decided(l, i);
		assert_int_equal(n->kind, DECISION_GROWTH);
		assert_int_equal(n->step, RANK_NONE);
		assert_int_equal(n->set, 3);
		says("growth of the grant: ring 1.5, nodes 1, 2");
	}
	free(l);
}

static void ffsplit_says_who_has_less_than_half(void **state)
{
	struct lab *l = lab_new(4);

	(void)state;
	l->policy.algorithm = ALGORITHM_FFSPLIT;
	ring_of_all(l, 5);
	split(l, 6, 1, 14, 0);
	all_say(l, RANK_ONLY, 14, 2);
	says("not ranked: ffsplit: less than half of all votes");
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_of_a_decision_before_there_is_one),
		cmocka_unit_test(a_tie_is_broken_by_the_tie_breaker),
		cmocka_unit_test(the_larger_part_wins_by_size),
		cmocka_unit_test(the_heavier_part_wins_by_workload),
		cmocka_unit_test(of_three_parts_the_nearest_rival_tells_the_step),
		cmocka_unit_test(whoever_held_the_grant_wins_by_active),
		cmocka_unit_test(a_survivor_was_the_only_contender),
		cmocka_unit_test(who_comes_later_is_added_by_growth),
		cmocka_unit_test(ffsplit_says_who_has_less_than_half),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

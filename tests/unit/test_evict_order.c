/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of an eviction order, and who takes it over (doc/protocol.md section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_evict.h"

static void exactly_the_lowest_asks_and_the_next_takes_over(void **state)
{
	struct lab *l = lab_evicting(3);

	(void)state;
	assert_int_equal(l->node[1].orders, 0);
	assert_int_equal(held(&l->node[1], l->now_ms, 3), EVICT_GATE_NOT_ELECTED);
	/* It fences nobody, and stays alive. */
	lab_run(l, EVICT_TAKEOVER_MS - 5000);
	assert_int_equal(l->node[1].orders, 0);
	lab_run(l, 20000);
	assert_int_equal(l->node[1].orders, 1);
	free(l);
}

static void the_next_takes_over_soon_when_the_evictor_dies(void **state)
{
	struct lab *l = lab_evicting(4);

	(void)state;
	l->node[0].up = false;
	lab_run(l, l->policy.dead_ms + 1000);
	/* Its bridge may still be trying. */
	assert_int_equal(l->node[1].orders, 0);
	lab_run(l, 4000);
	assert_true(order_for(&l->node[1], 4)->id != 0);
	assert_true(order_for(&l->node[2], 4)->id == 0);
	free(l);
}

static void the_next_does_not_fence_who_is_fenced_by_now(void **state)
{
	struct lab *l = lab_evicting(4);

	(void)state;
	l->node[0].up = false;
	tell_fenced(l, 1, 4, FENCING_DONE, l->now_ms);
	tell_fenced(l, 2, 4, FENCING_DONE, l->now_ms);
	lab_run(l, 100000);
	assert_true(order_for(&l->node[1], 4)->id == 0);
	assert_true(order_for(&l->node[2], 4)->id == 0);
	free(l);
}

static void report(struct lab *l, uint32_t i, const struct evict_order *o,
		   enum evict_progress progress, uint32_t attempts)
{
	struct event e = { .type = EVENT_EVICT_REPORT };

	e.u.report.id = o->id;
	e.u.report.node_id = o->node_id;
	e.u.report.incarnation = o->incarnation;
	e.u.report.progress = progress;
	e.u.report.attempts = attempts;
	tell(l, i, &e);
}

static void an_order_that_failed_is_told_and_ends_when_it_is_given_up(void **state)
{
	static struct arb_status s;
	struct lab *l = lab_evicting(2);
	struct evict_order o;

	(void)state;
	o = *order_for(&l->node[0], 2);
	report(l, 0, &o, EVICT_FAILED, 2);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_int_equal(s.evict.count, 1);
	assert_int_equal(s.evict.item[0].progress, EVICT_FAILED);
	assert_int_equal(s.evict.item[0].attempts, 2);
	report(l, 0, &o, EVICT_GAVE_UP, 3);
	assert_true(order_for(&l->node[0], 2)->id == 0);
	lab_run(l, 100000);
	assert_int_equal(l->node[0].orders, 1);
	/* An administrator may try again. */
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_OPEN);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 2);
	report(l, 0, order_for(&l->node[0], 2), EVICT_DONE, 1);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_TWICE);
	free(l);
}

/* The next attempt is a new request; what was asked cannot be taken back. */
static void maintenance_takes_back_what_failed_and_waits_to_be_asked_again(void **state)
{
	struct lab *l = lab_evicting(2);
	struct bridge_facts f = good_facts(l);

	(void)state;
	report(l, 0, order_for(&l->node[0], 2), EVICT_REQUESTED, 1);
	f.maintenance = true;
	f.node[1].maintenance = true;
	tell_facts(l, 0, &f);
	lab_run(l, 1000);
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	report(l, 0, order_for(&l->node[0], 2), EVICT_FAILED, 1);
	lab_run(l, 500);
	assert_true(order_for(&l->node[0], 2)->withdrawn);
	report(l, 0, order_for(&l->node[0], 2), EVICT_WITHDRAWN, 1);
	lab_run(l, 5000);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_MAINTENANCE);
	assert_int_equal(l->node[0].orders, 1);
	f = good_facts(l);
	tell_facts(l, 0, &f);
	lab_run(l, 500);
	assert_int_equal(l->node[0].orders, 2);
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	free(l);
}

static void a_bridge_that_says_nothing_is_given_up_at_the_deadline(void **state)
{
	struct lab *l = lab_evicting(2);

	(void)state;
	assert_true(order_for(&l->node[0], 2)->id != 0);
	lab_run(l, EVICT_DEADLINE_MS + 6000);
	assert_true(order_for(&l->node[0], 2)->id == 0);
	assert_true(lab_noted(&l->node[0], NOTE_EVICT_GAVE_UP));
	free(l);
}

static void an_order_is_withdrawn_by_the_targets_next_life_and_its_poison_ends(void **state)
{
	struct lab *l = lab_evicting(2);

	(void)state;
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	lab_start(l, 1, 202);
	introduce(l, 1);
	lab_run(l, 8000);
	assert_true(order_for(&l->node[0], 2)->id == 0 || order_for(&l->node[0], 2)->withdrawn);
	assert_true(lab_noted(&l->node[0], NOTE_EVICT_WITHDRAWN));
	assert_int_equal(l->disk[0].poison_count, 0);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	free(l);
}

static void an_order_is_withdrawn_with_the_vote(void **state)
{
	struct lab *l = lab_evicting(2);

	(void)state;
	lose_disk(l, 0);
	lab_run(l, 3000);
	assert_true(order_for(&l->node[0], 2)->withdrawn);
	free(l);
}

static void a_new_ring_takes_back_what_the_fencer_was_not_asked_yet(void **state)
{
	struct lab *l = lab_evicting(3);

	(void)state;
	assert_false(order_for(&l->node[0], 3)->withdrawn);
	/* It may have left and come back with another life between the rings. */
	for (uint32_t i = 0; i < 3; i++)
		lab_view(l, i, 90, all, 3);
	lab_run(l, 100);
	assert_true(order_for(&l->node[0], 3)->withdrawn);
	wait_evict(l);
	wait_evict(l);
	assert_false(order_for(&l->node[0], 3)->withdrawn);
	free(l);
}

static void poison_outlives_the_evictors_restart(void **state)
{
	struct lab *l = lab_evicting(2);
	uint64_t incarnation = l->node[1].arb.incarnation;

	(void)state;
	memset(l->node[0].order, 0, sizeof(l->node[0].order));
	lab_start(l, 0, 101);
	introduce(l, 0);
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_int_equal(l->disk[0].poison_count, 1);
	}
	assert_true(l->disk[0].poison[0].incarnation == incarnation);
	free(l);
}

/* Its target may have come back since, with a slot that still shows its life before: only a run
 * that this life saw counts. */
static void a_restarted_evictor_orders_nothing_for_whom_it_did_not_see_run(void **state)
{
	struct lab *l = lab_evicting(2);

	(void)state;
	memset(l->node[0].order, 0, sizeof(l->node[0].order));
	l->node[0].orders = 0;
	lab_start(l, 0, 101);
	introduce(l, 0);
	greet(l, 0);
	lab_run(l, l->policy.evict_after_ms + 10000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_not_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_OPEN);
	free(l);
}

/* Orders outlive the bridge: its successor is told of them. */
static void an_order_outlives_the_bridge(void **state)
{
	struct lab *l = lab_evicting(2);
	struct bridge_facts f = good_facts(l);

	(void)state;
	f.connected = false;
	tell_facts(l, 0, &f);
	lab_run(l, 5000);
	assert_true(order_for(&l->node[0], 2)->id != 0);
	f.connected = true;
	tell_facts(l, 0, &f);
	lab_run(l, 5000);
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_the_lowest_asks_and_the_next_takes_over),
		cmocka_unit_test(the_next_takes_over_soon_when_the_evictor_dies),
		cmocka_unit_test(the_next_does_not_fence_who_is_fenced_by_now),
		cmocka_unit_test(an_order_that_failed_is_told_and_ends_when_it_is_given_up),
		cmocka_unit_test(maintenance_takes_back_what_failed_and_waits_to_be_asked_again),
		cmocka_unit_test(a_bridge_that_says_nothing_is_given_up_at_the_deadline),
		cmocka_unit_test(
			an_order_is_withdrawn_by_the_targets_next_life_and_its_poison_ends),
		cmocka_unit_test(an_order_is_withdrawn_with_the_vote),
		cmocka_unit_test(a_new_ring_takes_back_what_the_fencer_was_not_asked_yet),
		cmocka_unit_test(poison_outlives_the_evictors_restart),
		cmocka_unit_test(a_restarted_evictor_orders_nothing_for_whom_it_did_not_see_run),
		cmocka_unit_test(an_order_outlives_the_bridge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

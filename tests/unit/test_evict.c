/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is evicted, and every gate that forbids it (doc/protocol.md section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_evict.h"

static void a_node_dead_on_the_disk_is_evicted_once_in_time_and_poisoned(void **state)
{
	struct lab *l = lab_of(2);
	uint64_t incarnation = l->node[1].arb.incarnation;
	uint64_t lost_ms = l->now_ms;
	const struct evict_order *o;

	(void)state;
	lose_disk(l, 1);
	while (l->node[0].orders == 0 && l->now_ms < lost_ms + 60000)
		lab_run(l, 1);
	assert_in_range(l->now_ms - lost_ms, l->policy.evict_after_ms - l->policy.interval_ms,
			l->policy.evict_after_ms + 500);
	o = order_for(&l->node[0], 2);
	assert_true(o->id != 0);
	assert_true(o->incarnation == incarnation);
	assert_int_equal(o->why, EVICT_DEAD);
	assert_int_equal(o->action, FENCE_REBOOT);
	assert_false(o->withdrawn);
	/* The record came first. */
	assert_int_equal(l->disk[0].poison_count, 1);
	assert_int_equal(l->disk[0].poison[0].node_id, 2);
	assert_true(l->disk[0].poison[0].incarnation == incarnation);
	lab_run(l, 40000);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void nobody_is_evicted_with_evict_off(void **state)
{
	struct lab *l = lab_of(2);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.evict = false;
	e.u.policy = l->policy;
	tell(l, 0, &e);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->disk[0].poison_count, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_OFF);
	free(l);
}

static void without_quorum_or_vote_nobody_is_evicted(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_quorate(l, 0, false);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_QUORATE);
	tell_quorate(l, 0, true);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void all_disks_lost_by_all_nodes_evicts_nobody(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 0);
	lose_disk(l, 1);
	lab_run(l, 30000);
	assert_int_equal(l->node[0].orders + l->node[1].orders, 0);
	/* Who comes back first knows nothing of what the other did meanwhile. */
	l->node[0].path = true;
	lab_run(l, 2000);
	l->node[1].path = true;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].orders + l->node[1].orders, 0);
	free(l);
}

static void a_path_that_is_back_in_time_saves_its_node(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	lab_run(l, 5000);
	l->node[1].path = true;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

static void who_left_cleanly_or_is_starting_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	tell(l, 1, &leave);
	lab_run(l, 100);
	assert_true(l->node[1].left);
	l->node[1].up = false;
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_LEAVING);
	/* Its next daemon dies while it starts. */
	l->node[1].up = true;
	lab_start(l, 1, 102);
	while (l->disk[1].state != SLOT_STARTING)
		lab_run(l, 1);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	free(l);
}

static void a_node_that_this_daemon_never_saw_running_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	l->node[1].up = false;
	lab_run(l, 200);
	lab_start(l, 0, 101);
	introduce(l, 0);
	lab_run(l, 30000);
	assert_int_equal(l->node[0].orders, 0);
	free(l);
}

static void a_node_without_a_matched_hello_is_left_alone(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	l->policy.evict = true;
	lab_start(l, 0, 101);
	lab_start(l, 1, 102);
	introduce(l, 0);
	introduce(l, 1);
	/* The first grant of a ring waits for hellos until settle is over. */
	lab_run(l, 8000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_SHARED);
	free(l);
}

static void a_member_without_a_device_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_device(l, 0, 2, false);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_UNREGISTERED);
	free(l);
}

static void who_is_not_in_the_ring_is_pacemakers_business(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	l->node[1].up = false;
	lab_run(l, 2200);
	lab_view(l, 0, 6, all, 1);
	wait_evict(l);
	lab_run(l, 3500);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_IN_RING);
	free(l);
}

static void the_dead_that_outweigh_the_living_are_left_alone(void **state)
{
	struct lab *l = lab_of(3);

	(void)state;
	lose_disk(l, 1);
	lose_disk(l, 2);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_OUTWEIGHED);
	free(l);
}

/* Node 1's read sees the disk of when it began and ends when the disk goes on again: what node 3
 * wrote last comes to light by the next one. */
static void what_a_slow_read_had_passed_by_is_old(void **state)
{
	static struct slot before[NODES_MAX], after[NODES_MAX];
	struct lab *l = lab_of(3);
	struct one *n = &l->node[0];

	(void)state;
	lose_disk(l, 1);
	lab_run(l, l->policy.evict_after_ms - 300);
	while (!n->read_due)
		lab_run(l, 1);
	n->path = false;
	memcpy(before, l->disk, sizeof(before));
	lab_run(l, 200);
	lose_disk(l, 2);
	lab_run(l, 2000);
	memcpy(after, l->disk, sizeof(after));
	memcpy(l->disk, before, sizeof(before));
	n->path = true;
	lab_io(l, n);
	after[0] = l->disk[0];
	memcpy(l->disk, after, sizeof(after));
	lab_run(l, 600);
	assert_int_equal(n->orders, 0);
	assert_int_equal(held(n, l->now_ms, 2), EVICT_GATE_OUTWEIGHED);
	free(l);
}

static void a_member_that_is_not_in_the_node_list_weighs_nothing(void **state)
{
	struct lab *l = lab_of(3);
	struct event e = { .type = EVENT_NODELIST };

	(void)state;
	for (uint32_t k = 0; k < 2; k++) {
		e.u.nodelist.node_id[k] = all[k];
		e.u.nodelist.votes[k] = 1;
	}
	e.u.nodelist.count = 2;
	tell(l, 0, &e);
	lose_disk(l, 1);
	lose_disk(l, 2);
	wait_evict(l);
	assert_true(order_for(&l->node[0], 2)->id != 0);
	free(l);
}

static void without_a_bridge_or_its_facts_nobody_is_evicted(void **state)
{
	struct lab *l = lab_of(2);
	struct bridge_facts f = good_facts(l);

	(void)state;
	f.connected = false;
	tell_facts(l, 0, &f);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NO_BRIDGE);
	f = good_facts(l);
	f.known = false;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_FACTS_UNKNOWN);
	f = good_facts(l);
	f.fencing_enabled = false;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NO_FENCING);
	f = good_facts(l);
	f.maintenance = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_MAINTENANCE);
	f = good_facts(l);
	f.node[1].maintenance = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_MAINTENANCE);
	f = good_facts(l);
	f.node[1].shutting_down = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_SHUTTING_DOWN);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->disk[0].poison_count, 0);
	f = good_facts(l);
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void maintenance_protects_unless_it_is_configured_otherwise(void **state)
{
	struct lab *l = lab_of(2);
	struct bridge_facts f = good_facts(l);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.evict_in_maintenance = true;
	e.u.policy = l->policy;
	tell(l, 0, &e);
	f.maintenance = true;
	tell_facts(l, 0, &f);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void who_is_or_was_fenced_since_its_last_beat_is_not_fenced_again(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	lab_run(l, 3000);
	tell_fenced(l, 0, 2, FENCING_STARTED, l->now_ms);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_FENCING);
	tell_fenced(l, 0, 2, FENCING_DONE, l->now_ms);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_FENCED);
	free(l);
}

static void a_fencing_before_its_last_beat_says_nothing(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_fenced(l, 0, 2, FENCING_DONE, l->now_ms - 3000);
	tell_fenced(l, 0, 2, FENCING_FAILED, l->now_ms);
	lab_run(l, 3000);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void an_administrator_passes_the_same_gates(void **state)
{
	struct lab *l = lab_of(3);
	struct bridge_facts f = good_facts(l);

	(void)state;
	assert_int_equal(ask(l, 0, 1, EVICT_ASK_EVICT), EVICT_GATE_SELF);
	assert_int_equal(ask(l, 0, 9, EVICT_ASK_EVICT), EVICT_GATE_UNKNOWN_NODE);
	f.maintenance = true;
	tell_facts(l, 1, &f);
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_MAINTENANCE);
	f.maintenance = false;
	tell_facts(l, 1, &f);
	/* Any node may be asked, not the elected one alone; a live node may be named. */
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_OPEN);
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_FENCING);
	lab_run(l, 300);
	assert_int_equal(l->node[1].orders, 1);
	assert_int_equal(order_for(&l->node[1], 3)->why, EVICT_ADMIN);
	/* Two administrators do not fence it twice. */
	assert_int_equal(ask(l, 0, 3, EVICT_ASK_EVICT), EVICT_GATE_NOT_ELECTED);
	assert_int_equal(l->node[2].self, SELF_REBOOT);
	free(l);
}

static void a_disobedient_node_is_evicted_and_one_that_stops_is_not(void **state)
{
	struct lab *l = lab_of(3);
	const struct evict_order *o;

	(void)state;
	/* Node 3 goes on casting the first grant while the others agree on one without it. */
	lab_view(l, 0, 6, all, 2);
	lab_view(l, 1, 6, all, 2);
	lab_run(l, 3000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->disk[2].cast, CAST_NONE);
	lab_run(l, 20000);
	assert_true(order_for(&l->node[0], 3)->id == 0);
	/* What a faulty daemon would write: a beat goes on, its cast stays what it was. */
	l->node[2].up = false;
	for (int i = 0; i < 40 && order_for(&l->node[0], 3)->id == 0; i++) {
		l->disk[2].cast = CAST_GRANT;
		l->disk[2].cast_number.ballot.counter = 1;
		l->disk[2].cast_number.ballot.node_id = 1;
		l->disk[2].cast_number.k = 1;
		l->disk[2].sequence++;
		l->disk[2].beats++;
		lab_run(l, 112);
	}
	o = order_for(&l->node[0], 3);
	assert_true(o->id != 0);
	assert_int_equal(o->why, EVICT_DISOBEDIENT);
	free(l);
}

static void tell_fitness(struct lab *l, uint32_t i, bool fit)
{
	struct event e = { .type = EVENT_FITNESS };

	e.u.fitness.score = fit ? 1 : 0;
	e.u.fitness.score_max = 1;
	e.u.fitness.fit = fit;
	tell(l, i, &e);
}

/* returns: the eviction of node 3, which was unfit for as long as it takes; id 0: none. */
static struct evict_order after_unfitness(bool on_score, bool others_fit)
{
	struct lab *l = lab_of(3);
	struct event e = { .type = EVENT_CONFIG };
	struct evict_order o;

	l->policy.evict_on_score = on_score;
	e.u.policy = l->policy;
	for (uint32_t i = 0; i < 3; i++) {
		tell(l, i, &e);
		tell_fitness(l, i, i < 2 && others_fit);
	}
	wait_evict(l);
	o = *order_for(&l->node[0], 3);
	free(l);
	return o;
}

static void an_unfit_node_is_evicted_only_on_score_and_by_fit_ones(void **state)
{
	struct evict_order o = after_unfitness(true, true);

	(void)state;
	assert_true(o.id != 0);
	assert_int_equal(o.why, EVICT_UNFIT);
	assert_true(after_unfitness(false, true).id == 0);
	assert_true(after_unfitness(true, false).id == 0);
}

static void a_node_that_comes_back_is_given_the_time_to_start(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	/* Power is lost and nobody fences; its corosync is back long before its daemon writes. */
	l->node[1].up = false;
	lab_run(l, 2200);
	lab_view(l, 0, 6, all, 1);
	tell_device(l, 0, 2, false);
	lab_run(l, 60000);
	lab_view(l, 0, 7, all, 2);
	lab_run(l, 1000);
	tell_device(l, 0, 2, true);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_SEEN);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_dead_on_the_disk_is_evicted_once_in_time_and_poisoned),
		cmocka_unit_test(nobody_is_evicted_with_evict_off),
		cmocka_unit_test(without_quorum_or_vote_nobody_is_evicted),
		cmocka_unit_test(all_disks_lost_by_all_nodes_evicts_nobody),
		cmocka_unit_test(a_path_that_is_back_in_time_saves_its_node),
		cmocka_unit_test(who_left_cleanly_or_is_starting_is_left_alone),
		cmocka_unit_test(a_node_that_this_daemon_never_saw_running_is_left_alone),
		cmocka_unit_test(a_node_without_a_matched_hello_is_left_alone),
		cmocka_unit_test(a_member_without_a_device_is_left_alone),
		cmocka_unit_test(who_is_not_in_the_ring_is_pacemakers_business),
		cmocka_unit_test(the_dead_that_outweigh_the_living_are_left_alone),
		cmocka_unit_test(what_a_slow_read_had_passed_by_is_old),
		cmocka_unit_test(a_member_that_is_not_in_the_node_list_weighs_nothing),
		cmocka_unit_test(without_a_bridge_or_its_facts_nobody_is_evicted),
		cmocka_unit_test(maintenance_protects_unless_it_is_configured_otherwise),
		cmocka_unit_test(who_is_or_was_fenced_since_its_last_beat_is_not_fenced_again),
		cmocka_unit_test(a_fencing_before_its_last_beat_says_nothing),
		cmocka_unit_test(an_administrator_passes_the_same_gates),
		cmocka_unit_test(a_disobedient_node_is_evicted_and_one_that_stops_is_not),
		cmocka_unit_test(an_unfit_node_is_evicted_only_on_score_and_by_fit_ones),
		cmocka_unit_test(a_node_that_comes_back_is_given_the_time_to_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

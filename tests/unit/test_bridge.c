/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/bridge.h"

enum { START_MS = 1000000, LIFE = 77 };

/* Large: one for all tests, made anew by each. */
static struct bridge bridge;
static struct facts facts;
static struct evict_answer answer;
static uint64_t now_ms;

static void add_node(uint32_t node_id, const char *name)
{
	struct facts_node *f = &facts.node[facts.node_count++];
	struct evict_node *n = &answer.node[answer.node_count++];

	(void)snprintf(f->name, sizeof(f->name), "%s", name);
	f->node_id = node_id;
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	n->node_id = node_id;
}

/* A bridge of node 1 that is connected to everything, of a cluster of three; no orders. */
static int setup(void **state)
{
	(void)state;
	now_ms = START_MS;
	memset(&facts, 0, sizeof(facts));
	memset(&answer, 0, sizeof(answer));
	add_node(1, "alpha");
	add_node(2, "beta");
	add_node(3, "gamma");
	facts.known = true;
	facts.stonith_enabled = true;
	facts.stonith_timeout_ms = 60000;
	answer.evict = true;
	answer.voting = true;
	answer.own_node_id = 1;
	bridge_init(&bridge);
	bridge_take_facts(&bridge, &facts);
	bridge_set_fencer(&bridge, now_ms, true);
	bridge_take_answer(&bridge, now_ms, &answer);
	return 0;
}

static void order(uint32_t node_id, uint64_t incarnation)
{
	struct evict_order *o = &answer.orders.order[answer.orders.count++];

	memset(o, 0, sizeof(*o));
	o->id = 100 + answer.orders.count;
	o->node_id = node_id;
	o->incarnation = incarnation;
	o->deadline_ms = now_ms + EVICT_DEADLINE_MS;
}

static void tell_answer(void)
{
	bridge_take_answer(&bridge, now_ms, &answer);
}

/* qarbd repeats itself while so much time passes. */
static void pass(uint64_t ms)
{
	now_ms += ms;
	tell_answer();
}

/* Answers questions about the history, which show nothing new, until there is something else. */
static struct bridge_action next(void)
{
	for (;;) {
		struct bridge_action a = bridge_next(&bridge, now_ms);

		if (a.type != BRIDGE_ASK_HISTORY)
			return a;
		bridge_history(&bridge, now_ms, a.token, true);
	}
}

static void assert_nothing(void)
{
	assert_int_equal(next().type, BRIDGE_NOTHING);
}

static struct bridge_action asks(const char *name)
{
	struct bridge_action a = next();

	assert_int_equal(a.type, BRIDGE_ASK_FENCE);
	assert_string_equal(a.name, name);
	return a;
}

static void see_led(const char *name, const char *origin, enum fence_action action,
		    enum fencing_result result, uint64_t at_ms)
{
	struct bridge_seen s;

	memset(&s, 0, sizeof(s));
	(void)snprintf(s.name, sizeof(s.name), "%s", name);
	(void)snprintf(s.origin, sizeof(s.origin), "%s", origin);
	s.fencing.action = action;
	s.fencing.result = result;
	s.fencing.at_ms = at_ms;
	bridge_see(&bridge, now_ms, &s);
}

static void see(const char *name, enum fence_action action, enum fencing_result result,
		uint64_t at_ms)
{
	see_led(name, "", action, result, at_ms);
}

static struct evict_report report(void)
{
	static struct evict_sync s;

	bridge_make_sync(&bridge, &s);
	assert_int_equal(s.report_count, 1);
	return s.report[0];
}

static void an_order_is_asked_once_and_reported_done(void **state)
{
	struct bridge_action a;

	(void)state;
	order(2, LIFE);
	answer.orders.order[0].action = FENCE_OFF;
	tell_answer();
	assert_int_equal(report().progress, EVICT_ACCEPTED);
	a = asks("beta");
	assert_int_equal(a.fence, FENCE_OFF);
	assert_int_equal(a.timeout_s, 60);
	assert_int_equal(report().progress, EVICT_REQUESTED);
	pass(3000);
	assert_nothing();
	bridge_result(&bridge, now_ms, a.token, true, "");
	assert_int_equal(report().progress, EVICT_DONE);
	assert_int_equal(report().attempts, 1);
	for (int i = 0; i < 100; i++) {
		pass(1000);
		assert_nothing();
	}
	/* Listed no more, and then once again by a daemon that has forgotten. */
	answer.orders.count = 0;
	pass(1000);
	order(2, LIFE);
	pass(1000);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_DONE);
	/* The next life of the node is another matter. */
	answer.orders.count = 0;
	order(2, LIFE + 1);
	pass(1000);
	(void)asks("beta");
}

static void the_own_node_is_never_asked_for(void **state)
{
	(void)state;
	order(1, LIFE);
	tell_answer();
	assert_nothing();
}

static void two_orders_for_two_nodes_run_side_by_side(void **state)
{
	struct bridge_action a, b;

	(void)state;
	order(2, LIFE);
	order(3, LIFE);
	tell_answer();
	a = asks("beta");
	b = asks("gamma");
	assert_true(a.token != b.token);
	bridge_result(&bridge, now_ms, b.token, false, "no route");
	bridge_result(&bridge, now_ms, a.token, true, "");
	pass(1000);
	b = asks("gamma");
	bridge_result(&bridge, now_ms, b.token, true, "");
	pass(10000);
	assert_nothing();
}

static void what_fails_three_times_is_repeated_with_growing_pauses(void **state)
{
	static const uint64_t pauses_ms[] = { 1000, 2000, 4000 };
	struct bridge_action a;

	(void)state;
	order(2, LIFE);
	tell_answer();
	for (size_t i = 0; i < 3; i++) {
		a = asks("beta");
		bridge_result(&bridge, now_ms, a.token, false, "device is off");
		assert_int_equal(report().progress, EVICT_FAILED);
		assert_string_equal(report().text, "device is off");
		assert_true(bridge_deadline_ms(&bridge) == now_ms + pauses_ms[i]);
		pass(pauses_ms[i] - 1);
		assert_nothing();
		pass(1);
	}
	a = asks("beta");
	bridge_result(&bridge, now_ms, a.token, true, "");
	assert_int_equal(report().progress, EVICT_DONE);
	assert_int_equal(report().attempts, 4);
}

static void it_is_given_up_at_the_deadline_with_the_last_reason(void **state)
{
	uint32_t asked = 0;

	(void)state;
	order(2, LIFE);
	tell_answer();
	while (report().progress != EVICT_GAVE_UP) {
		struct bridge_action a = next();

		if (a.type == BRIDGE_ASK_FENCE) {
			asked++;
			bridge_result(&bridge, now_ms, a.token, false, "wrong password");
		}
		assert_true(now_ms <= START_MS + EVICT_DEADLINE_MS);
		pass(500);
	}
	assert_true(now_ms >= START_MS + EVICT_DEADLINE_MS);
	assert_true(asked >= 5 && asked <= 12);
	assert_string_equal(report().text, "wrong password");
	pass(20000);
	assert_nothing();
	/* The same order under another id is a new one. */
	answer.orders.count = 0;
	order(2, LIFE);
	answer.orders.order[0].id = 900;
	tell_answer();
	(void)asks("beta");
}

static void without_a_fresh_answer_nothing_is_asked(void **state)
{
	(void)state;
	order(2, LIFE);
	tell_answer();
	now_ms += BRIDGE_STALE_MS + 1;
	assert_nothing();
	pass(1000);
	(void)asks("beta");
}

static void a_lost_daemon_takes_its_orders_with_it(void **state)
{
	(void)state;
	order(2, LIFE);
	tell_answer();
	bridge_lose_feed(&bridge);
	assert_nothing();
	now_ms += 500;
	assert_nothing();
	tell_answer();
	now_ms += 500;
	(void)asks("beta");
}

static void without_the_vote_nothing_is_asked(void **state)
{
	(void)state;
	order(2, LIFE);
	answer.voting = false;
	for (int i = 0; i < 20; i++) {
		pass(1000);
		assert_nothing();
	}
	answer.voting = true;
	pass(1000);
	(void)asks("beta");
}

static void a_withdrawn_order_is_not_asked_again(void **state)
{
	struct bridge_action a;

	(void)state;
	order(2, LIFE);
	tell_answer();
	a = asks("beta");
	answer.orders.order[0].withdrawn = true;
	pass(1000);
	/* What was asked cannot be taken back. */
	assert_int_equal(report().progress, EVICT_REQUESTED);
	bridge_result(&bridge, now_ms, a.token, false, "device is off");
	assert_int_equal(report().progress, EVICT_WITHDRAWN);
	pass(20000);
	assert_nothing();
}

static void facts_hold_an_order_back(void **state)
{
	(void)state;
	order(2, LIFE);
	facts.node[1].shutting_down = true;
	bridge_take_facts(&bridge, &facts);
	tell_answer();
	assert_nothing();
	assert_string_equal(report().text, "the node is shutting down");
	facts.node[1].shutting_down = false;
	facts.node[1].controller_left = true;
	bridge_take_facts(&bridge, &facts);
	pass(1000);
	assert_nothing();
	facts.node[1].controller_left = false;
	facts.stonith_enabled = false;
	bridge_take_facts(&bridge, &facts);
	pass(1000);
	assert_nothing();
	assert_non_null(strstr(report().text, "stonith-enabled=false"));
	facts.stonith_enabled = true;
	facts.known = false;
	bridge_take_facts(&bridge, &facts);
	pass(1000);
	assert_nothing();
	facts.known = true;
	bridge_take_facts(&bridge, &facts);
	bridge_set_fencer(&bridge, now_ms, false);
	pass(1000);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_ACCEPTED);
	bridge_set_fencer(&bridge, now_ms, true);
	pass(1000);
	(void)asks("beta");
}

static void a_name_that_pacemaker_lacks_ends_the_order(void **state)
{
	(void)state;
	order(2, LIFE);
	(void)snprintf(facts.node[1].name, NAME_SIZE, "beta.example.org");
	bridge_take_facts(&bridge, &facts);
	tell_answer();
	assert_nothing();
	assert_int_equal(report().progress, EVICT_ACCEPTED);
	pass(BRIDGE_NAME_MS);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_GAVE_UP);
	assert_non_null(strstr(report().text, "Pacemaker has no node of the name"));
}

static void names_are_compared_with_their_ids(void **state)
{
	(void)state;
	assert_null(bridge_name_problem(&facts, "beta", 2));
	assert_non_null(bridge_name_problem(&facts, "beta", 3));
	assert_non_null(bridge_name_problem(&facts, "", 2));
	assert_non_null(bridge_name_problem(&facts, "delta", 4));
}

static void a_fencing_by_another_after_the_order_is_its_end(void **state)
{
	(void)state;
	order(2, LIFE);
	tell_answer();
	now_ms += 300;
	see("beta", FENCE_REBOOT, FENCING_DONE, now_ms);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_DONE);
	assert_int_equal(report().attempts, 0);
}

static void others_fencings_that_do_not_count(void **state)
{
	(void)state;
	order(2, LIFE);
	tell_answer();
	see("beta", FENCE_ON, FENCING_DONE, now_ms + 1);
	see("beta", FENCE_REBOOT, FENCING_FAILED, now_ms + 1);
	see("gamma", FENCE_REBOOT, FENCING_DONE, now_ms + 1);
	see("beta", FENCE_REBOOT, FENCING_DONE, now_ms - 1);
	(void)asks("beta");
}

/* The history, asked before the request, shows one that runs: it is waited for. */
static void a_fencing_under_way_is_waited_for(void **state)
{
	struct bridge_action a;
	bool asked = false;

	(void)state;
	assert_nothing();
	order(2, LIFE);
	tell_answer();
	for (int i = 0; i < 10; i++) {
		a = bridge_next(&bridge, now_ms);
		if (a.type == BRIDGE_ASK_HISTORY) {
			asked = true;
			assert_string_equal(a.name, "beta");
			see("beta", FENCE_REBOOT, FENCING_STARTED, now_ms);
			bridge_history(&bridge, now_ms, a.token, true);
		} else {
			assert_int_equal(a.type, BRIDGE_NOTHING);
		}
		pass(500);
	}
	assert_true(asked);
	/* It ended without success. */
	pass(1000);
	(void)asks("beta");
}

/* Its node died with it: the history of the others shows it for ever. */
static void a_fencing_that_nobody_can_end_is_not_waited_for(void **state)
{
	struct bridge_action a;
	int steps = 0;

	(void)state;
	see("beta", FENCE_REBOOT, FENCING_STARTED, now_ms);
	pass(60000);
	order(2, LIFE);
	tell_answer();
	for (; steps < 60; steps++) {
		a = bridge_next(&bridge, now_ms);
		if (a.type == BRIDGE_ASK_FENCE)
			break;
		if (a.type == BRIDGE_ASK_HISTORY) {
			see("beta", FENCE_REBOOT, FENCING_STARTED, now_ms);
			bridge_history(&bridge, now_ms, a.token, true);
		}
		pass(500);
		tell_answer();
	}
	/* After the fencer's own timeout and the time for its answer. */
	assert_in_range(steps, 28, 36);
}

/* What the fencer's history goes on showing beside a fencing of beta that is under way. */
struct past {
	const char *leader;
	uint64_t leader_fenced_ms; /* 0: it was not */
	uint64_t before_ms;	   /* an earlier fencing of beta ended then; 0: there was none */
};

/* returns: after how many steps of half a second beta was asked for. */
static int steps_until_asked(const struct past *past, int most)
{
	for (int steps = 0; steps < most; steps++) {
		struct bridge_action a = bridge_next(&bridge, now_ms);

		if (a.type == BRIDGE_ASK_FENCE)
			return steps;
		if (a.type == BRIDGE_ASK_HISTORY) {
			if (past->before_ms != 0)
				see_led("beta", "alpha", FENCE_REBOOT, FENCING_DONE,
					past->before_ms);
			if (past->leader_fenced_ms != 0)
				see_led(past->leader, "alpha", FENCE_REBOOT, FENCING_DONE,
					past->leader_fenced_ms);
			see_led("beta", past->leader, FENCE_REBOOT, FENCING_STARTED, now_ms);
			bridge_history(&bridge, now_ms, a.token, true);
		}
		pass(500);
	}
	return most;
}

/* returns: whether the daemon is told that beta's fencing ended so. */
static bool told(enum fencing_result result)
{
	static struct evict_sync s;
	bool is = false;

	bridge_make_sync(&bridge, &s);
	for (uint32_t i = 0; i < s.fencing_count; i++)
		is = is || (s.fencing[i].node_id == 2 && s.fencing[i].result == result);
	return is;
}

/* The evictor was fenced: its fencer will not tell of an end. */
static void a_fencing_led_by_a_node_that_was_fenced_since_has_failed(void **state)
{
	static const struct past past = { "gamma", START_MS + 5000, 0 };

	(void)state;
	see_led("beta", "gamma", FENCE_REBOOT, FENCING_STARTED, now_ms);
	pass(5000);
	see_led("gamma", "alpha", FENCE_REBOOT, FENCING_DONE, now_ms);
	pass(BRIDGE_ORPHAN_MS - 1);
	(void)bridge_next(&bridge, now_ms);
	assert_true(!told(FENCING_FAILED));
	assert_true(bridge_deadline_ms(&bridge) <= now_ms + 1);
	pass(1);
	(void)bridge_next(&bridge, now_ms);
	/* The daemon waits for no end of it either; it is told once. */
	assert_true(told(FENCING_FAILED));
	order(2, LIFE);
	tell_answer();
	assert_in_range(steps_until_asked(&past, 60), 0, 4);
	assert_true(!told(FENCING_STARTED));
}

/* Pacemaker's controller may be on the very node that is to be evicted, and fences nobody then. */
static void a_fencing_led_by_a_node_that_is_gone_has_failed(void **state)
{
	static const struct past past = { "gamma", 0, 0 };

	(void)state;
	see_led("beta", "gamma", FENCE_REBOOT, FENCING_STARTED, now_ms);
	order(2, LIFE);
	pass(5000);
	answer.node[2].gone = true;
	assert_int_equal(steps_until_asked(&past, 18), 18);
	/* It is there again: its fencer may tell of the end. */
	answer.node[2].gone = false;
	assert_int_equal(steps_until_asked(&past, 10), 10);
	answer.node[2].gone = true;
	assert_in_range(steps_until_asked(&past, 60), 20, 24);
}

/* It was fenced before: it led this one in its next life. */
static void a_fencing_led_by_a_node_that_was_fenced_before_is_waited_for(void **state)
{
	static const struct past past = { "gamma", START_MS + 5000, 0 };

	(void)state;
	pass(20000);
	see_led("beta", "gamma", FENCE_REBOOT, FENCING_STARTED, now_ms);
	pass(60000);
	order(2, LIFE);
	tell_answer();
	/* The fencer's own timeout, and the time for its answer. */
	assert_in_range(steps_until_asked(&past, 60), 28, 36);
}

/* Pacemaker fences the node that it lost by what an agent did for a dead leader. */
static void what_an_agent_that_was_left_behind_did_is_not_done_again(void **state)
{
	static const struct past by_alpha = { "alpha", 0, 0 };

	(void)state;
	see_led("beta", "gamma", FENCE_REBOOT, FENCING_STARTED, now_ms);
	order(2, LIFE);
	tell_answer();
	pass(5000);
	see_led("gamma", "alpha", FENCE_REBOOT, FENCING_DONE, now_ms);
	pass(4000);
	assert_int_equal(steps_until_asked(&by_alpha, 40), 40);
	see_led("beta", "alpha", FENCE_REBOOT, FENCING_DONE, now_ms);
	for (int i = 0; i < 60; i++) {
		pass(1000);
		assert_nothing();
	}
	assert_int_equal(report().progress, EVICT_DONE);
}

/* The history tells of earlier fencings again and again: they end none that runs, nor do they put
 * off the time from which on it is not waited for. */
static void an_earlier_end_does_not_end_one_that_runs(void **state)
{
	static const struct past past = { "gamma", 0, START_MS - 9000 };

	(void)state;
	see_led("beta", "gamma", FENCE_REBOOT, FENCING_STARTED, now_ms);
	pass(60000);
	order(2, LIFE);
	tell_answer();
	assert_in_range(steps_until_asked(&past, 60), 28, 36);
}

/* The fencer is restarted in the middle: its history is asked before anything else. */
static void a_request_that_outlived_its_fencer_is_found_in_the_history(void **state)
{
	struct bridge_action a;

	(void)state;
	order(2, LIFE);
	tell_answer();
	a = asks("beta");
	now_ms += 200;
	bridge_set_fencer(&bridge, now_ms, false);
	assert_nothing();
	now_ms += 800;
	bridge_set_fencer(&bridge, now_ms, true);
	tell_answer();
	/* An answer to the old request means nothing any more. */
	bridge_result(&bridge, now_ms, a.token, false, "late");
	/* An agent may have been left behind, which a new fencer knows nothing of. */
	assert_nothing();
	pass(BRIDGE_ORPHAN_MS - 801);
	assert_nothing();
	pass(1);
	a = bridge_next(&bridge, now_ms);
	assert_int_equal(a.type, BRIDGE_ASK_HISTORY);
	assert_string_equal(a.name, "beta");
	see("beta", FENCE_REBOOT, FENCING_DONE, now_ms - 300);
	bridge_history(&bridge, now_ms, a.token, true);
	pass(1000);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_DONE);
}

/* The bridge was killed in the middle: the order is older than it, and its fencing has ended. */
static void a_restarted_bridge_asks_no_second_time(void **state)
{
	(void)state;
	order(2, LIFE);
	now_ms += 8000;
	tell_answer();
	see("beta", FENCE_REBOOT, FENCING_DONE, now_ms - 3000);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_DONE);
}

static void no_answer_of_the_fencer_is_not_waited_for_without_end(void **state)
{
	(void)state;
	facts.stonith_timeout_ms = 20000;
	bridge_take_facts(&bridge, &facts);
	order(2, LIFE);
	tell_answer();
	(void)asks("beta");
	pass(20000 + BRIDGE_ANSWER_MS - 1);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_REQUESTED);
	pass(1);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_FAILED);
	pass(BRIDGE_PAUSE_MS);
	(void)asks("beta");
}

static void an_unreadable_history_holds_the_request_back(void **state)
{
	struct bridge_action a;

	(void)state;
	assert_nothing();
	order(2, LIFE);
	tell_answer();
	a = bridge_next(&bridge, now_ms);
	assert_int_equal(a.type, BRIDGE_ASK_HISTORY);
	bridge_history(&bridge, now_ms, a.token, false);
	assert_int_equal(bridge_next(&bridge, now_ms).type, BRIDGE_NOTHING);
	assert_int_equal(report().progress, EVICT_FAILED);
	pass(BRIDGE_PAUSE_MS);
	(void)asks("beta");
}

static void fencings_are_told_once_and_by_number(void **state)
{
	static struct evict_sync s;

	(void)state;
	see("gamma", FENCE_REBOOT, FENCING_DONE, START_MS - 5000);
	see("gamma", FENCE_REBOOT, FENCING_DONE, START_MS - 5400); /* the same, rounded */
	see("remote7", FENCE_REBOOT, FENCING_DONE, START_MS - 4000);
	see("beta", FENCE_OFF, FENCING_STARTED, START_MS);
	bridge_make_sync(&bridge, &s);
	assert_int_equal(s.fencing_count, 2);
	assert_int_equal(s.fencing[0].node_id, 3);
	assert_int_equal(s.fencing[0].result, FENCING_DONE);
	assert_int_equal(s.fencing[1].node_id, 2);
	assert_int_equal(s.fencing[1].result, FENCING_STARTED);
	/* Not answered: told again. */
	bridge_make_sync(&bridge, &s);
	assert_int_equal(s.fencing_count, 2);
	tell_answer();
	bridge_make_sync(&bridge, &s);
	assert_int_equal(s.fencing_count, 0);
}

static void the_daemon_hears_the_facts_by_number(void **state)
{
	static struct evict_sync s;

	(void)state;
	facts.maintenance = true;
	facts.node[2].maintenance = true;
	facts.node[1].controller_left = true;
	facts.node[0].node_id = 9;
	bridge_take_facts(&bridge, &facts);
	bridge_make_sync(&bridge, &s);
	assert_true(s.facts.known && s.facts.fencer && s.facts.fencing_enabled);
	assert_true(s.facts.maintenance);
	assert_int_equal(s.facts.count, 3);
	assert_false(s.facts.node[0].known);
	assert_true(s.facts.node[1].known && s.facts.node[1].shutting_down);
	assert_true(s.facts.node[2].maintenance && !s.facts.node[2].shutting_down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_order_is_asked_once_and_reported_done, setup),
		cmocka_unit_test_setup(the_own_node_is_never_asked_for, setup),
		cmocka_unit_test_setup(two_orders_for_two_nodes_run_side_by_side, setup),
		cmocka_unit_test_setup(what_fails_three_times_is_repeated_with_growing_pauses,
				       setup),
		cmocka_unit_test_setup(it_is_given_up_at_the_deadline_with_the_last_reason, setup),
		cmocka_unit_test_setup(without_a_fresh_answer_nothing_is_asked, setup),
		cmocka_unit_test_setup(a_lost_daemon_takes_its_orders_with_it, setup),
		cmocka_unit_test_setup(without_the_vote_nothing_is_asked, setup),
		cmocka_unit_test_setup(a_withdrawn_order_is_not_asked_again, setup),
		cmocka_unit_test_setup(facts_hold_an_order_back, setup),
		cmocka_unit_test_setup(a_name_that_pacemaker_lacks_ends_the_order, setup),
		cmocka_unit_test_setup(names_are_compared_with_their_ids, setup),
		cmocka_unit_test_setup(a_fencing_by_another_after_the_order_is_its_end, setup),
		cmocka_unit_test_setup(others_fencings_that_do_not_count, setup),
		cmocka_unit_test_setup(a_fencing_under_way_is_waited_for, setup),
		cmocka_unit_test_setup(a_fencing_that_nobody_can_end_is_not_waited_for, setup),
		cmocka_unit_test_setup(a_fencing_led_by_a_node_that_was_fenced_since_has_failed,
				       setup),
		cmocka_unit_test_setup(a_fencing_led_by_a_node_that_is_gone_has_failed, setup),
		cmocka_unit_test_setup(a_fencing_led_by_a_node_that_was_fenced_before_is_waited_for,
				       setup),
		cmocka_unit_test_setup(what_an_agent_that_was_left_behind_did_is_not_done_again,
				       setup),
		cmocka_unit_test_setup(an_earlier_end_does_not_end_one_that_runs, setup),
		cmocka_unit_test_setup(a_request_that_outlived_its_fencer_is_found_in_the_history,
				       setup),
		cmocka_unit_test_setup(a_restarted_bridge_asks_no_second_time, setup),
		cmocka_unit_test_setup(no_answer_of_the_fencer_is_not_waited_for_without_end,
				       setup),
		cmocka_unit_test_setup(an_unreadable_history_holds_the_request_back, setup),
		cmocka_unit_test_setup(fencings_are_told_once_and_by_number, setup),
		cmocka_unit_test_setup(the_daemon_hears_the_facts_by_number, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

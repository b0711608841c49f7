/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history of fencings: one life is fenced once, whoever asks and whatever is lost on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/bridge.h"

#include "fixture_bridge.h"

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

/* returns: whether beta was asked for while so many half seconds passed, and this node's fencer
 * showed that it works on it. */
static bool asked_beside_our_own(int steps)
{
	static const struct past past = { "alpha", 0, 0 };

	return steps_until_asked(&past, steps) != steps;
}

/* Devices and levels may take far longer than stonith-timeout, and the fencer runs two requests of
 * one client one after the other: a second one would end the life that follows. */
static void what_our_own_fencer_works_on_is_not_asked_for_again(void **state)
{
	(void)state;
	facts.stonith_timeout_ms = 10000;
	bridge_take_facts(&bridge, &facts);
	order(2, LIFE);
	tell_answer();
	(void)asks("beta");
	see_led("beta", "alpha", FENCE_REBOOT, FENCING_STARTED, now_ms);
	assert_false(asked_beside_our_own(100));
	assert_false(told(FENCING_FAILED));
	see_led("beta", "alpha", FENCE_REBOOT, FENCING_DONE, now_ms);
	assert_nothing();
	assert_int_equal(report().progress, EVICT_DONE);
}

/* A fencer that went away may have taken the end of it along. */
static void what_our_own_fencer_worked_on_before_it_went_away_ends(void **state)
{
	(void)state;
	facts.stonith_timeout_ms = 10000;
	bridge_take_facts(&bridge, &facts);
	see_led("beta", "alpha", FENCE_REBOOT, FENCING_STARTED, now_ms);
	pass(2000);
	bridge_set_fencer(&bridge, now_ms, false);
	pass(1000);
	bridge_set_fencer(&bridge, now_ms, true);
	assert_nothing();
	assert_false(told(FENCING_FAILED));
	pass(10000 + BRIDGE_ANSWER_MS);
	(void)bridge_next(&bridge, now_ms);
	assert_true(told(FENCING_FAILED));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
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
		cmocka_unit_test_setup(what_our_own_fencer_works_on_is_not_asked_for_again, setup),
		cmocka_unit_test_setup(what_our_own_fencer_worked_on_before_it_went_away_ends,
				       setup),
		cmocka_unit_test_setup(a_request_that_outlived_its_fencer_is_found_in_the_history,
				       setup),
		cmocka_unit_test_setup(a_restarted_bridge_asks_no_second_time, setup),
		cmocka_unit_test_setup(an_unreadable_history_holds_the_request_back, setup),
		cmocka_unit_test_setup(fencings_are_told_once_and_by_number, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

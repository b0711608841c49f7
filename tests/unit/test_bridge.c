/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The orders: when the fencer is asked, asked again, and asked no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/bridge.h"

#include "fixture_bridge.h"

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
		cmocka_unit_test_setup(no_answer_of_the_fencer_is_not_waited_for_without_end,
				       setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

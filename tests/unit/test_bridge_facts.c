/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Pacemaker says of the cluster, and names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/bridge.h"

#include "fixture_bridge.h"

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
		cmocka_unit_test_setup(facts_hold_an_order_back, setup),
		cmocka_unit_test_setup(a_name_that_pacemaker_lacks_ends_the_order, setup),
		cmocka_unit_test_setup(names_are_compared_with_their_ids, setup),
		cmocka_unit_test_setup(the_daemon_hears_the_facts_by_number, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bridge's deciding part, connected to everything, and what the world tells it. */
#ifndef QARB_TESTS_FIXTURE_BRIDGE_H
#define QARB_TESTS_FIXTURE_BRIDGE_H

#include "fence-bridge/bridge.h"

enum { START_MS = 1000000, LIFE = 77 };

/* Large: one for all tests, made anew by each. */
static struct bridge bridge;
static struct facts facts;
static struct evict_answer answer;
static uint64_t now_ms;

static inline void add_node(uint32_t node_id, const char *name)
{
	struct facts_node *f = &facts.node[facts.node_count++];
	struct evict_node *n = &answer.node[answer.node_count++];

	(void)snprintf(f->name, sizeof(f->name), "%s", name);
	f->node_id = node_id;
	(void)snprintf(n->name, sizeof(n->name), "%s", name);
	n->node_id = node_id;
}

/* A bridge of node 1 that is connected to everything, of a cluster of three; no orders. */
static inline int setup(void **state)
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

static inline void order(uint32_t node_id, uint64_t incarnation)
{
	struct evict_order *o = &answer.orders.order[answer.orders.count++];

	memset(o, 0, sizeof(*o));
	o->id = 100 + answer.orders.count;
	o->node_id = node_id;
	o->incarnation = incarnation;
	o->deadline_ms = now_ms + EVICT_DEADLINE_MS;
}

static inline void tell_answer(void)
{
	bridge_take_answer(&bridge, now_ms, &answer);
}

/* qarbd repeats itself while so much time passes. */
static inline void pass(uint64_t ms)
{
	now_ms += ms;
	tell_answer();
}

/* Answers questions about the history, which show nothing new, until there is something else. */
static inline struct bridge_action next(void)
{
	for (;;) {
		struct bridge_action a = bridge_next(&bridge, now_ms);

		if (a.type != BRIDGE_ASK_HISTORY)
			return a;
		bridge_history(&bridge, now_ms, a.token, true);
	}
}

static inline void assert_nothing(void)
{
	assert_int_equal(next().type, BRIDGE_NOTHING);
}

static inline struct bridge_action asks(const char *name)
{
	struct bridge_action a = next();

	assert_int_equal(a.type, BRIDGE_ASK_FENCE);
	assert_string_equal(a.name, name);
	return a;
}

static inline void see_led(const char *name, const char *origin, enum fence_action action,
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

static inline void see(const char *name, enum fence_action action, enum fencing_result result,
		       uint64_t at_ms)
{
	see_led(name, "", action, result, at_ms);
}

static inline struct evict_report report(void)
{
	static struct evict_sync s;

	bridge_make_sync(&bridge, &s);
	assert_int_equal(s.report_count, 1);
	return s.report[0];
}

#endif

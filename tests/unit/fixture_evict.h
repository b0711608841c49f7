/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A laboratory of cores with a fence bridge each, for what concerns evictions. */
#ifndef QARB_TESTS_FIXTURE_EVICT_H
#define QARB_TESTS_FIXTURE_EVICT_H

#include "fixture_arb.h"

static const uint32_t all[] = { 1, 2, 3, 4 };

static inline void tell(struct lab *l, uint32_t i, struct event *e)
{
	lab_step(l, &l->node[i], e);
}

static inline void tell_facts(struct lab *l, uint32_t i, const struct bridge_facts *f)
{
	struct event e = { .type = EVENT_BRIDGE };

	e.u.bridge = *f;
	tell(l, i, &e);
}

static inline struct bridge_facts good_facts(const struct lab *l)
{
	struct bridge_facts f = { .connected = true,
				  .fencer = true,
				  .known = true,
				  .fencing_enabled = true,
				  .count = l->count };

	for (uint32_t i = 0; i < l->count; i++) {
		f.node[i].node_id = i + 1;
		f.node[i].known = true;
	}
	return f;
}

static inline void tell_device(struct lab *l, uint32_t i, uint32_t node_id, bool registered)
{
	struct event e = { .type = EVENT_PEER_DEVICE };

	e.u.device.node_id = node_id;
	e.u.device.registered = registered;
	tell(l, i, &e);
}

static inline void tell_quorate(struct lab *l, uint32_t i, bool quorate)
{
	struct event e = { .type = EVENT_QUORATE };

	e.u.quorate = quorate;
	tell(l, i, &e);
}

static inline void tell_fenced(struct lab *l, uint32_t i, uint32_t node_id,
			       enum fencing_result result, uint64_t at_ms)
{
	struct event e = { .type = EVENT_FENCED };

	e.u.fencing.node_id = node_id;
	e.u.fencing.result = result;
	e.u.fencing.at_ms = at_ms;
	tell(l, i, &e);
}

/* The nodes' hellos, as CPG would bring them. */
static inline void greet(struct lab *l, uint32_t i)
{
	for (uint32_t k = 0; k < l->count; k++) {
		struct event e = { .type = EVENT_HELLO };

		if (k == i || !l->node[k].up)
			continue;
		e.u.hello.node_id = k + 1;
		e.u.hello.incarnation = l->node[k].arb.incarnation;
		e.u.hello.sequence = l->disk[k].sequence;
		tell(l, i, &e);
	}
}

static inline void introduce(struct lab *l, uint32_t i)
{
	struct bridge_facts f = good_facts(l);

	lab_view(l, i, 5, all, l->count);
	tell_quorate(l, i, true);
	for (uint32_t k = 0; k < l->count; k++)
		if (k != i)
			tell_device(l, i, k + 1, true);
	tell_facts(l, i, &f);
}

/* All in one ring, casting, quorate, with a bridge each. */
static inline struct lab *lab_of(uint32_t count)
{
	struct lab *l = lab_new(count);

	l->policy.evict = true;
	l->policy.on_poison = SELF_REBOOT;
	for (uint32_t i = 0; i < count; i++)
		lab_start(l, i, 101 + i);
	for (uint32_t i = 0; i < count; i++)
		introduce(l, i);
	lab_run(l, 4000);
	for (uint32_t i = 0; i < count; i++)
		greet(l, i);
	lab_run(l, 300);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(l->node[i].last_poll, ANSWER_YES);
	return l;
}

/* returns: an order with id 0 where there is none. */
static inline const struct evict_order *order_for(const struct one *n, uint32_t node_id)
{
	static const struct evict_order none;

	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++)
		if (n->order[i].id != 0 && n->order[i].node_id == node_id)
			return &n->order[i];
	return &none;
}

static inline void lose_disk(struct lab *l, uint32_t i)
{
	l->node[i].path = false;
}

/* Long enough for a node whose disk is lost now to be evicted, if it may be. */
static inline void wait_evict(struct lab *l)
{
	lab_run(l, l->policy.evict_after_ms + 500);
}

static inline enum evict_gate held(const struct one *n, uint64_t now_ms, uint32_t node_id)
{
	static struct arb_status s;

	arb_report(&n->arb, now_ms, &s);
	for (uint32_t i = 0; i < s.evict.count; i++)
		if (s.evict.item[i].node_id == node_id && !s.evict.item[i].ordered)
			return s.evict.item[i].gate;
	return EVICT_GATE_OPEN;
}

static inline enum evict_gate ask(struct lab *l, uint32_t i, uint32_t node_id, enum evict_ask what)
{
	struct event e = { .type = EVENT_ASK };

	l->node[i].verdict.number = 0;
	e.u.ask.number = 77;
	e.u.ask.node_id = node_id;
	e.u.ask.ask = what;
	tell(l, i, &e);
	assert_int_equal(l->node[i].verdict.number, 77);
	return l->node[i].verdict.gate;
}

/* The last node lost its disk, and node 1 has ordered its eviction. */
static inline struct lab *lab_evicting(uint32_t count)
{
	struct lab *l = lab_of(count);

	lose_disk(l, count - 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	return l;
}

#endif

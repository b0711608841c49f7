/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a few cores, one faultless disk held as structs, and a voter each that polls a corosync
 * which takes everything.  Virtual milliseconds; every I/O takes one.  The simulator has the bad
 * days; this has the small plain ones.
 */
#ifndef QARB_TESTS_FIXTURE_ARB_H
#define QARB_TESTS_FIXTURE_ARB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arb.h"
#include "model/timing.h"

enum { ARBS_MAX = 4 };

struct one {
	struct arb arb;
	struct actions out;
	bool up;   /* the process runs */
	bool path; /* it reaches the disk */
	uint64_t host_life;
	bool write_due, read_due;
	uint64_t token, write_start_ms;
	struct slot block;
	uint8_t copy, slot_index;
	uint64_t mask;
	struct publication pub;
	struct voter_state voter;
	enum answer last_poll; /* what votequorum was told last */
	struct note note[512];
	uint32_t notes;
	bool left;
	struct evict_order order[EVICT_ORDERS_MAX]; /* as told to a bridge */
	uint32_t orders;			    /* ever told */
	struct evict_verdict verdict;
	enum self_act self;
};

struct lab {
	uint64_t now_ms;
	uint32_t count;
	struct one node[ARBS_MAX];
	struct slot disk[NODES_MAX];
	uint8_t newest[NODES_MAX];
	uint64_t rotten; /* slots of which no copy verifies, until they are written */
	struct slot_read read[NODES_MAX];
	struct disk_facts facts;
	struct policy policy;
};

static inline void lab_take(struct lab *l, struct one *n);

static inline void lab_step(struct lab *l, struct one *n, struct event *e)
{
	e->now_ms = l->now_ms;
	e->entropy = 12345;
	n->out.count = 0;
	arb_step(&n->arb, e, &n->out);
	lab_take(l, n);
}

static inline void lab_take(struct lab *l, struct one *n)
{
	(void)l;
	for (uint32_t i = 0; i < n->out.count; i++) {
		const struct action *x = &n->out.action[i];

		if (x->type == ACTION_WRITE_SLOT) {
			n->write_due = true;
			n->token = x->token;
			n->block = n->out.block[0];
			n->copy = x->u.write.copy;
			n->slot_index = x->u.write.slot_index;
			n->write_start_ms = l->now_ms;
		} else if (x->type == ACTION_READ) {
			n->read_due = true;
			n->token = x->token;
			n->mask = x->u.mask;
			n->write_start_ms = l->now_ms;
		} else if (x->type == ACTION_PUBLISH) {
			n->pub = x->u.publication;
		} else if (x->type == ACTION_NOTE && n->notes < 512) {
			n->note[n->notes++] = x->u.note;
		} else if (x->type == ACTION_LEFT) {
			n->left = true;
		} else if (x->type == ACTION_EVICT) {
			n->order[x->u.evict.place] = x->u.evict.order;
			n->orders += x->u.evict.order.id != 0 && !x->u.evict.order.withdrawn;
		} else if (x->type == ACTION_VERDICT) {
			n->verdict = x->u.verdict;
		} else if (x->type == ACTION_SELF) {
			n->self = x->u.self;
		}
	}
}

static inline bool lab_noted(const struct one *n, enum note_id id)
{
	for (uint32_t i = 0; i < n->notes; i++) {
		if (n->note[i].id == id)
			return true;
	}
	return false;
}

static inline struct lab *lab_new(uint32_t count)
{
	struct lab *l = calloc(1, sizeof(*l));

	l->now_ms = 1000;
	l->count = count;
	l->policy.dead_ms = 900;
	l->policy.timeout_ms = 450;
	l->policy.sync_timeout_ms = 900;
	l->policy.token_ms = 1000;
	l->policy.consensus_ms = 1200;
	l->policy.arbiter_count = 1;
	l->policy.workload = true;
	timing_derive(&l->policy);
	l->facts.slot_count = NODES_MAX;
	l->facts.timings = timing_of(&l->policy);
	for (uint32_t i = 0; i < count; i++) {
		l->facts.map.node_id[i] = i + 1;
		l->facts.map.count = i + 1;
		l->disk[i].node_id = i + 1;
		l->disk[i].cast = CAST_UNKNOWN;
	}
	return l;
}

static inline void lab_view(struct lab *l, uint32_t i, uint64_t seq, const uint32_t *ids,
			    uint32_t n)
{
	struct event e = { .type = EVENT_VIEW };

	e.u.view.ring.seq = seq;
	e.u.view.ring.node_id = ids[0];
	for (uint32_t k = 0; k < n; k++)
		(void)members_add(&e.u.view.members, ids[k]);
	l->node[i].voter.ring = e.u.view.ring;
	l->node[i].voter.polled = false;
	lab_step(l, &l->node[i], &e);
}

/* Start the deciding process of node index i; corosync of this life runs, in no ring yet. */
static inline void lab_start(struct lab *l, uint32_t i, uint64_t host_life)
{
	struct one *n = &l->node[i];
	struct identity me = { i + 1, 7777 + i + l->now_ms * 16, l->now_ms };
	struct publication pub = n->pub;
	struct event e = { .type = EVENT_CONFIG };

	arb_init(&n->arb, &me);
	n->up = n->path = true;
	n->write_due = n->read_due = n->left = false;
	e.u.policy = l->policy;
	lab_step(l, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_NODELIST;
	e.u.nodelist.count = l->count;
	for (uint32_t k = 0; k < l->count; k++) {
		e.u.nodelist.node_id[k] = k + 1;
		e.u.nodelist.votes[k] = 1;
	}
	lab_step(l, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_COROSYNC;
	e.u.host_life = host_life;
	if (n->host_life != host_life)
		memset(&n->voter, 0, sizeof(n->voter));
	n->host_life = n->voter.host_life = host_life;
	n->voter.registered = true;
	lab_step(l, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DEVICE;
	e.u.device.registered = true;
	lab_step(l, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_PUBLICATION;
	e.u.publication = pub;
	lab_step(l, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	e.u.facts = l->facts;
	lab_step(l, n, &e);
}

static inline void lab_io(struct lab *l, struct one *n)
{
	struct event e = { .type = EVENT_WRITE_DONE };

	if (!n->path)
		return;
	e.u.io.token = n->token;
	e.u.io.start_ms = n->write_start_ms;
	e.u.io.end_ms = l->now_ms;
	if (n->write_due) {
		n->write_due = false;
		l->disk[n->slot_index] = n->block;
		l->newest[n->slot_index] = n->copy;
		l->rotten &= ~(UINT64_C(1) << n->slot_index);
		lab_step(l, n, &e);
	} else if (n->read_due) {
		n->read_due = false;
		for (uint32_t k = 0; k < NODES_MAX; k++) {
			l->read[k].rc = RC_OK;
			l->read[k].copy = l->newest[k];
			l->read[k].slot = l->disk[k];
			if ((l->rotten >> k & 1) == 0)
				continue;
			memset(&l->read[k], 0, sizeof(l->read[k]));
			l->read[k].rc = RC_BADSUM;
		}
		e.type = EVENT_READ_DONE;
		e.u.io.mask = n->mask;
		e.u.io.slots = l->read;
		lab_step(l, n, &e);
	}
}

/* The write that the node has begun, if it has, fails. */
static inline void lab_fail_write(struct lab *l, struct one *n)
{
	struct event failed = { .type = EVENT_WRITE_DONE };

	if (!n->write_due)
		return;
	n->write_due = false;
	failed.u.io.token = n->token;
	failed.u.io.outcome = IO_FAILED;
	failed.u.io.start_ms = n->write_start_ms;
	failed.u.io.end_ms = l->now_ms;
	lab_step(l, n, &failed);
}

static inline void lab_voter(struct lab *l, struct one *n)
{
	struct voter_order o = vote_judge(&n->pub, &n->voter, l->now_ms);
	struct event e = { .type = EVENT_POLL_DONE };

	if (o.answer == ANSWER_SILENT)
		return;
	n->voter.polled = true;
	n->voter.polled_generation = n->pub.generation;
	n->voter.polled_answer = o.answer;
	n->voter.forced_no = o.forced_no;
	n->voter.polled_ms = l->now_ms;
	n->last_poll = o.answer;
	e.u.poll.generation = n->pub.generation;
	e.u.poll.ring = n->voter.ring;
	e.u.poll.answer = o.answer;
	e.u.poll.ok = true;
	e.u.poll.start_ms = e.u.poll.end_ms = l->now_ms;
	lab_step(l, n, &e);
}

static inline void lab_run(struct lab *l, uint64_t ms)
{
	for (uint64_t end_ms = l->now_ms + ms; l->now_ms < end_ms; l->now_ms++) {
		for (uint32_t i = 0; i < l->count; i++) {
			struct one *n = &l->node[i];
			struct event tick = { .type = EVENT_TICK };

			if (!n->up)
				continue;
			lab_io(l, n);
			if (l->now_ms >= arb_deadline_ms(&n->arb))
				lab_step(l, n, &tick);
			lab_voter(l, n);
		}
	}
}

/* The first `count` nodes, two or three, start and are in a ring that is granted for a while. */
static inline void lab_form(struct lab *l, uint32_t count)
{
	static const uint32_t ids[] = { 1, 2, 3 };

	for (uint32_t i = 0; i < count; i++)
		lab_start(l, i, 101 + i);
	for (uint32_t i = 0; i < count; i++)
		lab_view(l, i, 5, ids, count);
	lab_run(l, 4000);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(l->node[i].last_poll, ANSWER_YES);
}

static inline struct lab *lab_ring_of_two(void)
{
	struct lab *l = lab_new(2);

	lab_form(l, 2);
	return l;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what cluster it is: timings, algorithm, votes, workload, nodes that cannot cast; and what is
 * to happen when.  A random schedule starts the nodes, lets faults of some randomly chosen kinds
 * happen, heals everything, demands a decision by a deadline, and often ends with a clean split or
 * a loss of many nodes at once, which the ranking must decide.
 */
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

struct set {
	uint32_t token, consensus, dead, timeout, sync;
};

static const struct set set[SHAPE_TIMINGS] = {
	{ 1000, 1200, 900, 450, 900 },
	{ 300, 360, 320, 160, 320 },
	{ 1000, 1200, 600, 300, 700 },
	{ 3000, 3600, 3000, 1500, 3500 },
};

/* in: r, 0 to 99. */
static void shape_timings(struct world *w, uint64_t r)
{
	struct policy *p = &w->policy;
	uint64_t x;
	uint32_t k = r < 70 ? 0 : r < 85 ? 1 : r < 98 ? 2 : 3;
	struct timings t;

	if (w->story)
		k = w->timing;
	w->timing = k;
	p->token_ms = set[k].token;
	p->consensus_ms = set[k].consensus;
	p->dead_ms = set[k].dead;
	p->timeout_ms = set[k].timeout;
	p->sync_timeout_ms = set[k].sync;
	p->late_ms = rng_chance(&w->frng, 3000) ? p->hold_ms : 1500;
	if (p->late_ms < p->dead_ms)
		p->late_ms = p->dead_ms;
	timing_derive(p);
	/* A short settle makes leaders hasty: safety must not rest on it. */
	if (w->class == CLASS_DIRECTED && rng_chance(&w->frng, 5000))
		p->settle_ms = p->interval_ms;
	CHECK(timing_check(p) == TIMING_OK);
	t = timing_of(p);
	config_slower(w, &t);
	x = timing_x_ms(&t);
	w->x_ms = x;
	evict_policy(w);
	w->bound_us = (5 * x / 2 + 2 * timing_detection_ms(p) + 2 * p->sync_timeout_ms +
		       2 * p->settle_ms + p->late_ms + 2 * p->dead_ms + 1000) *
		      1000;
	w->lat_class = (uint32_t)rng_below(&w->frng, k == 1 ? 2 : 3);
	w->jitter_class = (uint32_t)rng_below(&w->frng, 3);
	if (w->class == CLASS_GENTLE || w->story)
		w->lat_class = w->jitter_class = 0;
	w->end_at = (k == 3 ? 240 : 60) * SEC;
}

/* Some nodes are not what they should be; one at least can cast. */
static void shape_roles(struct world *w)
{
	uint32_t sound = (uint32_t)rng_below(&w->frng, w->nodes);
	uint32_t count = 1 + (uint32_t)rng_below(&w->frng, 1 + w->nodes / 3);

	for (uint32_t k = 0; k < count; k++) {
		struct node *n = &w->node[rng_below(&w->frng, w->nodes)];

		if (n->index == sound || n->absent || n->unregistered || n->impaired)
			continue;
		switch (rng_below(&w->frng, 4)) {
		case 0:
			n->absent = true;
			w->cover[COVER_ABSENT]++;
			break;
		case 1:
			n->unregistered = true;
			w->cover[COVER_UNREGISTERED]++;
			break;
		default:
			n->impaired = true;
			w->cover[COVER_IMPAIRED]++;
			break;
		}
	}
}

static void shape_cluster(struct world *w)
{
	bool gentle = w->class == CLASS_GENTLE;

	if (w->nodes > 1 && rng_chance(&w->frng, w->nodes % 2 == 0 ? 3000 : 500))
		w->policy.algorithm = ALGORITHM_FFSPLIT;
	w->wait_for_all = rng_chance(&w->frng, 1500);
	if (rng_chance(&w->frng, 4000))
		for (uint32_t i = 0; i < w->nodes; i++)
			w->node[i].weight = (uint32_t)rng_below(&w->frng, 4) * 10;
	/* With ffsplit the loss of one node must leave half of the votes, else nothing is kept. */
	if (gentle && w->policy.algorithm == ALGORITHM_FFSPLIT) {
		if (w->nodes % 2 != 0)
			w->policy.algorithm = ALGORITHM_LMS;
		else
			return;
	}
	if (rng_chance(&w->frng, 2000))
		for (uint32_t i = 0; i < w->nodes; i++)
			w->node[i].votes = 1 + (uint32_t)rng_below(&w->frng, 3);
	if (w->nodes > 1 && rng_chance(&w->frng, 2500))
		shape_roles(w);
}

void shape_open(struct world *w)
{
	struct policy *p = &w->policy;
	uint64_t r = rng_below(&w->frng, 100);

	p->algorithm = ALGORITHM_LMS;
	p->tie_breaker = (enum tie_breaker)rng_below(&w->frng, 3);
	p->tie_node_id = w->node[rng_below(&w->frng, w->nodes)].id;
	if (w->story)
		p->tie_breaker = TIE_LOWEST;
	p->workload = true;
	p->arbiter_count = 1;
	p->arbiter_type[0] = ARBITER_DISK;
	p->hash = 1;
	shape_timings(w, r);
	if (!w->story && w->class != CLASS_PRIVATE)
		shape_cluster(w);
	config_votes(w);
}

void shape_plan(struct world *w)
{
	uint64_t scale = timing_detection_ms(&w->policy);

	w->swarm = (uint32_t)rng_next(&w->frng) | 1u << OP_SPLIT | 1u << OP_MERGE;
	if (w->class != CLASS_FREEZE)
		w->swarm &= ~(1u << OP_FREEZE);
	else
		w->swarm |= 1u << OP_FREEZE;
	/* A restarted decider whose peer says nothing cannot know that the disk is not shared. */
	if (w->class == CLASS_PRIVATE)
		w->swarm = 1u << OP_STALL_NODE | 1u << OP_STALL_ALL | 1u << OP_WRITE_FAULT;
	w->cover[COVER_PRIVATE] += w->class == CLASS_PRIVATE;
	w->cover[COVER_ALONE] += w->nodes == 1;
	w->cover[COVER_LARGE] += w->nodes >= 16;
	w->gap_us = scale * rng_range(&w->frng, 100, 1500);
	/* A settle time shorter than the spread of detection lets the faster side win. */
	w->final = w->class != CLASS_PRIVATE && rng_chance(&w->frng, 5000) &&
		   w->policy.settle_ms > w->policy.interval_ms;
	w->standing = w->class == CLASS_GENTLE && w->nodes > 2 &&
		      w->policy.algorithm == ALGORITHM_LMS && rng_chance(&w->frng, 3000);
	if (w->class == CLASS_GENTLE)
		w->end_at += w->bound_us;
	w->heal_at = w->end_at - w->bound_us - SEC;
	if (w->final)
		w->heal_at -= w->bound_us;
	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((w->unlisted & slot_bit(i)) != 0)
			continue;
		w->node[i].power = true;
		world_push(w, rng_below(&w->frng, SEC / 5), EV_CS_START, i, 0, 0);
		world_push(w, rng_below(&w->frng, SEC / 2), EV_DAEMON_START, i, 0, 0);
	}
	if (rng_chance(&w->frng, 5000))
		fault_impair(w);
	world_push(w, w->class == CLASS_GENTLE ? w->bound_us : w->x_ms * 1000 + 2 * SEC, EV_PHASE,
		   0, 0, 0);
	config_plan(w);
}

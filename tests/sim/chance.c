/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: random choice among what can go wrong. */
#include "tests/sim/tape.h"

uint32_t chance_duration(struct world *w)
{
	uint32_t x = (uint32_t)w->x_ms;

	switch (rng_below(&w->frng, 4)) {
	case 0:
		return (uint32_t)rng_range(&w->frng, 5, w->policy.interval_ms);
	case 1:
		return (uint32_t)rng_range(&w->frng, w->policy.interval_ms, w->policy.hold_ms);
	case 2:
		return (uint32_t)rng_range(&w->frng, w->policy.hold_ms, x);
	default:
		return (uint32_t)rng_range(&w->frng, x, 3 * x);
	}
}

/* The same change of the network again and again, faster and slower than totem notices. */
static void random_flap(struct world *w)
{
	uint32_t node = (uint32_t)rng_below(&w->frng, w->nodes);
	uint64_t at = w->now;
	uint64_t longest = 2 * (w->policy.token_ms + w->policy.consensus_ms) * MS;

	w->cover[COVER_FLAP]++;
	for (uint64_t i = rng_range(&w->frng, 2, 6); i > 0; i--) {
		fault_later(w, at, OP_ISOLATE, node, 0);
		at += rng_range(&w->frng, 10 * MS, longest);
		fault_later(w, at, OP_MERGE, 0, 0);
		at += rng_range(&w->frng, 10 * MS, longest / 2);
	}
}

static void random_apart(struct world *w)
{
	uint32_t a = (uint32_t)rng_below(&w->frng, w->nodes);
	uint32_t b = (a + 1 + (uint32_t)rng_below(&w->frng, w->nodes - 1)) % w->nodes;
	uint64_t at = w->now;
	uint64_t longest = 2 * (w->policy.token_ms + w->policy.consensus_ms) * MS;

	for (uint64_t i = rng_range(&w->frng, 1, 5); i > 0; i--) {
		fault_later(w, at, OP_APART_NOW, 0,
			    a | b << 8 | (uint32_t)rng_below(&w->frng, 1 << 16) << 16);
		at += rng_range(&w->frng, longest / 8, longest);
	}
	fault_later(w, at, OP_MERGE, 0, 0);
}

static void random_op(struct world *w, enum op op)
{
	struct node *n = &w->node[rng_below(&w->frng, w->nodes)];
	uint32_t ms = chance_duration(w), param = ms;

	switch (op) {
	case OP_FLAP:
		random_flap(w);
		return;
	case OP_APART:
		if (w->nodes > 1)
			random_apart(w);
		return;
	case OP_RESPLIT:
		fault_cause(w, HOW_CHOSEN, OP_MERGE, n, 0);
		param = (uint32_t)rng_next(&w->frng);
		fault_later(w, w->now + rng_below(&w->frng, 400 * MS), OP_RESPLIT, 0, param);
		return;
	case OP_WEIGHT:
		param = (uint32_t)rng_below(&w->frng, 4) * 10;
		break;
	case OP_UNFIT:
		param += rng_chance(&w->frng, 5000) ? w->policy.evict_after_ms : 0;
		break;
	case OP_SPLIT:
		param = (uint32_t)rng_next(&w->frng);
		if (rng_chance(&w->frng, 5000))
			fault_later(w, w->now + chance_duration(w) * 2 * MS, OP_MERGE, 0, 0);
		break;
	case OP_POWER_OFF:
		fault_later(w, w->now + (500 + 2 * ms) * MS, OP_POWER_ON, n->index, 0);
		break;
	case OP_KILL:
		param = (uint32_t)rng_below(&w->frng, PROC_COUNT);
		if (param == PROC_GUARDIAN)
			fault_later(w, w->now + (100 + ms) * MS, OP_START, n->index, 0);
		break;
	case OP_KILL_ALL:
	case OP_LEAVE:
		fault_later(w, w->now + (100 + ms) * MS, OP_START, n->index, 0);
		break;
	case OP_STOP:
		param = (uint32_t)rng_below(&w->frng, PROC_COUNT) + 8 * ms;
		break;
	case OP_WRITE_FAULT:
		param = (uint32_t)rng_range(&w->frng, WF_FAIL, WF_LOST);
		if (param == WF_LOST && w->class == CLASS_PRIVATE)
			param = WF_FAIL;
		if (param == WF_LOST)
			fault_later(w, w->now + (100 + 2 * ms) * MS, OP_KILL, n->index,
				    PROC_DECIDER);
		break;
	case OP_CS_RESTART:
		param = rng_chance(&w->frng, 5000) ? 20 + ms / 8 : ms;
		break;
	default:
		break;
	}
	fault_cause(w, HOW_CHOSEN, op, n, param);
}

void chance_fault(struct world *w)
{
	for (uint32_t tries = 0; tries < 64; tries++) {
		enum op op = (enum op)rng_range(&w->frng, OP_SPLIT, OP_RANDOM_LAST);

		if ((w->swarm & (1u << op)) == 0)
			continue;
		random_op(w, op);
		return;
	}
}

/* One fault after which nothing may be lost: the death of a node, its return, a restart. */
void chance_gentle(struct world *w)
{
	struct node *n = &w->node[rng_below(&w->frng, w->nodes)];
	uint64_t gap = w->bound_us;
	uint64_t kind = rng_below(&w->frng, 4);

	/* While a split stands, the side that holds the vote loses no node. */
	if (w->standing && (w->standing_set & slot_bit(n->index)) != 0)
		kind = 0;
	switch (kind) {
	case 0:
		if (disk_writing(w, n)) {
			world_push(w, w->now + 300, EV_FAULT, 0, 0, OP_RANDOM);
			return;
		}
		fault_cause(w, HOW_CHOSEN, OP_KILL, n,
			    rng_chance(&w->frng, 6000)	 ? PROC_DECIDER
			    : rng_chance(&w->frng, 5000) ? PROC_VOTER
							 : PROC_SERVICE);
		break;
	case 1:
		fault_cause(w, HOW_CHOSEN, OP_LEAVE, n, 0);
		fault_later(w, w->now + gap / 3, OP_START, n->index, 0);
		break;
	default:
		fault_cause(w, HOW_CHOSEN, OP_POWER_OFF, n, 0);
		fault_later(w, w->now + gap / 3, OP_POWER_ON, n->index, 0);
		break;
	}
	if (w->now + 2 * gap < w->heal_at)
		world_push(w, w->now + gap + rng_below(&w->frng, gap / 4), EV_FAULT, 0, 0,
			   OP_RANDOM);
}

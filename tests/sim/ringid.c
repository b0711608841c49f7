/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: ring ids that are used again.  corosync keeps the sequence of its last ring in a file of its
 * own; where that is lost with a node or its corosync, a later ring can have the id of one that
 * somebody was in, or still believes to be in, perhaps with other members.  Of its own randomness.
 */
#include "tests/sim/sim.h"

void ringid_open(struct world *w)
{
	w->ringid.state = w->seed ^ 0x41b91d5u;
	w->forgetful = class_any_day(w) && w->nodes > 1 && rng_chance(&w->ringid, 400);
}

/* One node is cut off, and before it notices all the others begin anew, at number one. */
static void day(struct world *w, uint64_t at)
{
	uint32_t v = (uint32_t)rng_below(&w->ringid, w->nodes);
	uint64_t token = (uint64_t)w->policy.token_ms * 1000;

	fault_later(w, at, OP_ISOLATE, v, 0);
	for (uint32_t i = 0; i < w->nodes; i++) {
		if (i == v)
			continue;
		uint32_t down_ms = (uint32_t)rng_range(&w->ringid, 20, 100);

		fault_later(w, at + rng_below(&w->ringid, token / 4), OP_CS_RESTART, i, down_ms);
	}
	fault_later(w, at + rng_below(&w->ringid, w->bound_us), OP_MERGE, 0, 0);
}

void ringid_days(struct world *w)
{
	uint64_t at = w->now + rng_below(&w->ringid, 4 * SEC);

	for (uint64_t i = rng_range(&w->ringid, 1, 3); i > 0 && w->forgetful; i--) {
		day(w, at);
		at += w->bound_us / 2 + rng_below(&w->ringid, w->bound_us);
	}
}

uint64_t ringid_kept(struct world *w, struct node *n)
{
	if (!n->forgets && (!w->forgetful || !rng_chance(&w->ringid, 9000)))
		return n->vq.seq;
	TRACE(w, "node %u: what it knew of rings is lost", n->id);
	w->cover[COVER_RING_LOST]++;
	n->forgets = false;
	return 0;
}

void ringid_formed(struct world *w, const struct ring *r)
{
	bool others = false, again = false;

	if (!w->forgetful && !w->story)
		return;
	for (uint32_t i = 0; i < w->ring_count; i++) {
		const struct ring *old = &w->ring[i];

		if (old == r || !ring_same(&old->id, &r->id))
			continue;
		again = true;
		others |= old->members != r->members;
	}
	w->cover[COVER_RING_AGAIN] += again;
	w->cover[COVER_RING_OTHERS] += others;
	for (uint32_t i = 0; i < w->nodes && others; i++) {
		const struct node *n = &w->node[i];

		if (n->vq.ring >= 0 && &w->ring[n->vq.ring] != r &&
		    ring_same(&w->ring[n->vq.ring].id, &r->id) && (r->members & slot_bit(i)) == 0) {
			TRACE(w, "node %u: believes to be in %s", n->id,
			      totem_ring_text(w, n->vq.ring));
			w->cover[COVER_RING_BELIEVED]++;
		}
	}
}

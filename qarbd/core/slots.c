/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: which node has which slot (doc/protocol.md section 3).  The map is part of the agreed value
 * and only a leader changes it, by an ordinary update.
 *
 * A slot once in use stays in use: every read covers it, and whoever takes it over from a removed
 * node carries on what its block binds to.  So the slots of a newer map always contain those of an
 * older one, and no reader can miss a ballot because it goes by another map than the writer.
 */
#include <string.h>

#include "core/core.h"

static bool listed(const struct arb *a, uint32_t node_id)
{
	for (uint32_t i = 0; i < a->nodes.count; i++) {
		if (a->nodes.node_id[i] == node_id)
			return true;
	}
	return false;
}

/* A slot whose owner has never written it: blank, as disk init left it, or with the last block of
 * the node that had it before.  What disk init wrote for a node is never blank again. */
bool slots_unwritten(const struct disk *d, const struct slot_map *map, const struct slot *s,
		     uint8_t i)
{
	if (s->node_id == map->node_id[i])
		return false;
	if (s->node_id == 0)
		return s->sequence == 0 && d->facts.map.node_id[i] == 0;
	return slot_map_find(map, s->node_id) == SLOT_NONE;
}

/* Its owner is gone from the cluster and has certainly stopped: nothing it wrote can land, or be
 * counted, any more. */
static bool abandoned(const struct step *st, const struct disk *d, const struct slot_map *map,
		      uint8_t i)
{
	const struct value *v = &d->own.value;
	const struct peer *p = &d->peer[i];

	if (i == d->own_slot || listed(st->a, map->node_id[i]) || !p->read || p->alive)
		return false;
	if ((value_named(v) & slot_bit(i)) != 0 && !MUTANT(slot_of_a_holder))
		return false;
	return d->scan.start_ms >=
	       p->first_end_ms + later(peer_x_ms(st, d, i), st->a->wanted.late_ms);
}

/* The lowest slot that was never used, else the one abandoned for the longest time. */
static uint8_t slot_for_one_more(const struct step *st, const struct disk *d,
				 const struct slot_map *map)
{
	uint8_t best = SLOT_NONE;

	for (uint8_t i = 0; i < NODES_MAX && i < d->facts.slot_count; i++) {
		if (map->node_id[i] == 0)
			return i;
		if (abandoned(st, d, map, i) &&
		    (best == SLOT_NONE || d->peer[i].first_end_ms < d->peer[best].first_end_ms))
			best = i;
	}
	return best;
}

void slots_run(struct step *st, struct disk *d)
{
	const struct nodelist *nodes = &st->a->nodes;
	const struct value *own = &d->own.value;
	struct value v;
	uint32_t without = 0;
	bool news = false;

	/* Between a revocation and its grant nothing else takes the time of a round trip, but where
	 * nobody can be granted it may be for want of the nodes that have no slot. */
	if (d->lead != LEAD_STEADY || st->a->leaving || MUTANT(slots_fixed) ||
	    (own->grant.set == 0 && !ring_none(&own->grant.ring) &&
	     (d->waiting != WAIT_CONTENDER || MUTANT(slots_after_grant))))
		return;
	v = *own;
	for (uint32_t k = 0; k < nodes->count; k++) {
		uint8_t i;

		if (slot_map_find(&v.map, nodes->node_id[k]) != SLOT_NONE)
			continue;
		i = slot_for_one_more(st, d, &v.map);
		if (i == SLOT_NONE) {
			without = nodes->node_id[k];
			continue;
		}
		v.map.node_id[i] = nodes->node_id[k];
		v.map.count = (uint32_t)later(v.map.count, (uint64_t)i + 1);
		news = true;
	}
	if (without != d->noted_without)
		step_note(st, NOTE_SLOTS_FULL, without, d->facts.slot_count);
	d->noted_without = without;
	if (news && MUTANT(map_outside_ballot))
		d->own.value.map = v.map;
	else if (news)
		register_propose(st, d, &v);
}

void slots_note(struct step *st, const struct slot_map *before, const struct slot_map *now)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const uint64_t facts[4] = { now->node_id[i], i, before->node_id[i], 0 };

		if (now->node_id[i] != before->node_id[i])
			step_note4(st, NOTE_SLOT_GIVEN, facts);
	}
}

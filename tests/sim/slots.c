/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: which slot is whose (S4; doc/protocol.md section 3 and 10, 16), said anew from the maps in
 * the blocks on the disk.
 */
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

static const struct node *owner(const struct world *w, uint32_t id)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].id == id)
			return &w->node[i];
	return NULL;
}

/* Its owner must be out of the list and of what may be counted, and silent for so long that
 * nothing of it can land or be counted any more.  Who comes back after the read that showed it
 * looks whose slot it is (section 10, 16). */
static void check_given(struct world *w, const struct blob *b, uint32_t i, const struct node *from)
{
	const struct value *v = &b->slot.value;
	uint64_t silent_ms = w->policy.late_ms;

	w->cover[COVER_SLOT_GIVEN]++;
	if (((v->grant.set | v->pending) & slot_bit(i)) != 0)
		fail(w, "S4: the slot of node %u, which may cast, is given away", from->id);
	/* Now, or on a node that has not reloaded yet. */
	if (((w->unlisted | w->change.removed | w->change.coming) & slot_bit(from->index)) == 0)
		fail(w, "S4: the slot of node %u, which is listed, is given away", from->id);
	if (!from->has_landed || from->fence.landed_at > b->map_at)
		return;
	if (timing_x_ms(&from->landed->slot.timings) > silent_ms)
		silent_ms = timing_x_ms(&from->landed->slot.timings);
	if (b->map_at < from->fence.landed_at + silent_ms * 980)
		fail(w, "S4: the slot of node %u is given away, it had written %llu ms before",
		     from->id, (unsigned long long)(b->map_at - from->fence.landed_at) / 1000);
}

/* Against the newest map that is known to be agreed on: every later one comes of it. */
static void check_map(struct world *w, const struct blob *b)
{
	const struct slot_map *old = &w->slot.agreed, *map = &b->slot.value.map;
	uint32_t unused = 0;

	while (unused < w->slots && map->node_id[unused] != 0)
		unused++;
	w->cover[COVER_MAP_CHANGED]++;
	for (uint32_t i = 0; i < w->slots; i++) {
		uint32_t id = map->node_id[i];

		if (id == old->node_id[i])
			continue;
		if (id == 0)
			fail(w, "S4: slot %u is out of use again", i);
		else if (i > unused || (old->node_id[i] != 0 && unused < w->slots))
			fail(w, "S4: node %u is given slot %u, slot %u is unused", id, i, unused);
		else if (slot_map_find(map, id) != i || owner(w, id) == NULL)
			fail(w, "S4: node %u is given slot %u as well", id, i);
		else if (old->node_id[i] != 0)
			check_given(w, b, i, owner(w, old->node_id[i]));
	}
	if (map->count > w->slots)
		fail(w, "S4: a map of %u slots, the disk has %u", map->count, w->slots);
}

/* Whoever had the slot before has none now. */
static void take(struct world *w, const struct slot_map *map)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];
		uint8_t slot = slot_map_find(map, n->id);

		if (slot == SLOT_NONE &&
		    (n->slot_index == SLOT_NONE || map->node_id[n->slot_index] == 0))
			continue;
		if (slot == SLOT_NONE) {
			n->gone.slot_index = n->slot_index;
			n->gone.at_ms = clock_local_ms(w, n);
		} else if (w->slot.writer[slot] != n->index) {
			/* What it wrote stands elsewhere, or not any more. */
			n->has_landed = n->has_submitted = n->done.any = false;
		}
		n->slot_index = slot;
	}
}

void slots_open(struct world *w)
{
	w->slot.map = w->slot.agreed = w->header;
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		n->slot_index = slot_map_find(&w->header, n->id);
		n->gone.slot_index = SLOT_NONE;
		w->slot.writer[i] = w->nodes;
	}
}

bool slots_may_write(const struct node *n, uint8_t slot_index)
{
	if (slot_index == SLOT_NONE)
		return false;
	/* It has not looked since. */
	return slot_index == n->slot_index ||
	       (slot_index == n->gone.slot_index && n->shown.look_ms <= n->gone.at_ms);
}

uint64_t slots_bit(const struct node *n)
{
	return n->slot_index == SLOT_NONE ? 0 : slot_bit(n->slot_index);
}

void slots_submit(const struct node *n, struct blob *b)
{
	bool same = n->has_submitted && memcmp(&n->submitted->slot.value.map, &b->slot.value.map,
					       sizeof(b->slot.value.map)) == 0;

	b->map_at = same ? n->submitted->map_at : n->shown.read_at;
}

/* The map is part of the agreed value: judge and tell each new one when it is first on the disk.
 * Agreed on is what its proposer says that it has accepted. */
void slots_landed(struct world *w, const struct node *n, const struct blob *b)
{
	const struct slot *s = &b->slot;
	const struct slot_map *map = &s->value.map;
	char text[NODES_MAX * 12] = "";
	size_t used = 0;

	w->slot.writer[b->slot_index] = n->index;
	if (number_compare(&s->bal, &s->seen) == 0 &&
	    number_compare(&s->bal, &w->slot.agreed_bal) > 0) {
		w->slot.agreed_bal = s->bal;
		w->slot.agreed = *map;
	}
	if (number_compare(&s->bal, &w->slot.bal) <= 0)
		return;
	w->slot.bal = s->bal;
	if (memcmp(map, &w->slot.map, sizeof(*map)) == 0)
		return;
	/* What a disk has lost may be given anew. */
	if (!w->spoiled)
		check_map(w, b);
	take(w, map);
	w->slot.map = *map;
	for (uint32_t i = 0; i < map->count; i++)
		if (map->node_id[i] != 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " %u",
						 map->node_id[i]);
	TRACE(w, "node %u: slots of%s", n->id, text);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what only stories do: a node list that changes, a daemon that is installed later.
 */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

/* ---- the node list ---- */

/* The rule of doc/protocol.md section 3 in the story's own words: the lowest slot that nobody had,
 * else that of a node which is listed no more. */
static void place(struct world *w, const struct node *n)
{
	uint32_t best = w->slots;

	for (uint32_t i = w->slots; i-- > 0;)
		if (w->map.node_id[i] != 0 && (w->unlisted & slot_bit(w->map.node_id[i] - 1)) != 0)
			best = i;
	for (uint32_t i = w->slots; i-- > 0;)
		if (w->map.node_id[i] == 0)
			best = i;
	if (best < w->slots)
		w->map.node_id[best] = n->id;
}

/* As the map on the disk says it.  Who had the slot before has none: the last one, which this disk
 * has not. */
static void take(struct world *w, const struct slot *s)
{
	const struct slot_map *map = &s->value.map;

	for (uint32_t i = 0; i < map->count; i++)
		if (w->shown.map.node_id[i] != 0 && map->node_id[i] != w->shown.map.node_id[i] &&
		    ((s->value.grant.set | s->value.pending) & slot_bit(i)) != 0)
			fail(w, "S4: the slot of node %u, which may cast, is given away",
			     w->shown.map.node_id[i]);
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];
		uint8_t slot = slot_map_find(map, n->id);

		if (slot != SLOT_NONE && slot_map_find(&w->map, n->id) != slot)
			fail(w, "S4: node %u is given slot %u, which is not free", n->id, slot);
		if (slot != SLOT_NONE)
			n->slot_index = slot;
		else if (n->slot_index < map->count && map->node_id[n->slot_index] != 0)
			n->slot_index = (uint8_t)(w->nodes - 1);
	}
}

/* corosync reloads: it counts the votes of the listed nodes, and the daemons hear of it. */
void scene_nodelist(struct world *w, uint64_t listed)
{
	TRACE(w, "nodelist %llx", (unsigned long long)listed);
	w->unlisted = all_nodes(w) & ~listed;
	shape_votes(w);
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((listed & slot_bit(i)) != 0 &&
		    slot_map_find(&w->map, w->node[i].id) == SLOT_NONE)
			place(w, &w->node[i]);
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];
		struct event e = { .type = EVENT_NODELIST };

		if (n->vq.up && n->vq.ring >= 0)
			world_push(w, w->now + totem_rotation_us(w), EV_NODEINFO, i, n->vq.epoch,
				   (uint64_t)n->vq.ring);
		e.u.nodelist = w->nodelist;
		proc_post(w, n, &e, 2);
	}
}

/* The map is part of the agreed value: tell each new one when it is first on the disk. */
void scene_landed(struct world *w, const struct node *n, const struct slot *s)
{
	char text[NODES_MAX * 12] = "";
	size_t used = 0;

	if (!w->story || number_compare(&s->bal, &w->shown.bal) <= 0)
		return;
	w->shown.bal = s->bal;
	if (memcmp(&s->value.map, &w->shown.map, sizeof(s->value.map)) == 0)
		return;
	take(w, s);
	w->shown.map = s->value.map;
	for (uint32_t i = 0; i < s->value.map.count; i++)
		if (s->value.map.node_id[i] != 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " %u",
						 s->value.map.node_id[i]);
	TRACE(w, "node %u: slots of%s", n->id, text);
}

/* ---- daemons ---- */

static void install(struct world *w, struct node *n)
{
	TRACE(w, "node %u: the daemon is installed", n->id);
	n->absent = false;
	proc_start_daemon(w, n);
}

void scene_do(struct world *w, enum op op, struct node *n, uint32_t param)
{
	if (op == OP_INSTALL) {
		install(w, n);
	} else if (op == OP_SLOW) {
		TRACE(w, "node %u: every answer of the disk comes %u ms late", n->id, param);
		n->slow_us = param * 1000;
	} else if (op == OP_READ_ONLY) {
		TRACE(w, "node %u: its disk is read-only for %u ms", n->id, param);
		n->read_only_until = w->now + param * MS;
	} else if (op == OP_MAINTENANCE) {
		evict_allowed(w, param != 0, !w->evict.disabled);
	} else if (op == OP_FENCING) {
		evict_allowed(w, w->evict.maintenance, param != 0);
	} else {
		CHECK(false);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: nodes, rings and views as corosync names them.
 * Node ids are corosync's 32-bit ids, never 0.  Sets of nodes are kept either as sorted lists of
 * ids (what corosync reports) or as a uint64_t with one bit a slot (what a disk agrees on).
 */
#ifndef QARB_MODEL_NODE_H
#define QARB_MODEL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/limits.h"

struct ring_id {
	uint64_t seq;
	uint32_t node_id; /* representative; 0 with seq 0: no ring */
	uint32_t unused;
};

struct members {
	uint32_t count;
	uint32_t node_id[NODES_MAX]; /* ascending, unique; entries from count on are 0 */
};

/* What one node's votequorum last reported. */
struct view {
	struct ring_id ring;
	struct members members;
	uint64_t incarnation; /* of the daemon that wrote it; 0: no view */
};

/* Which slot belongs to which node.  Part of the agreed value of a disk. */
struct slot_map {
	uint32_t count;		     /* slots in use are below count */
	uint32_t node_id[NODES_MAX]; /* 0: free */
};

bool ring_same(const struct ring_id *a, const struct ring_id *b);
bool ring_none(const struct ring_id *r);
bool members_same(const struct members *a, const struct members *b);
bool members_contain(const struct members *m, uint32_t node_id);
/* Insert in order; a double is ignored.  returns: false when the list is full. */
bool members_add(struct members *m, uint32_t node_id);
/* returns: slot index of node_id, or SLOT_NONE. */
uint8_t slot_map_find(const struct slot_map *map, uint32_t node_id);
/* returns: one bit for each slot that has a node. */
uint64_t slot_map_used(const struct slot_map *map);

static inline uint64_t slot_bit(uint32_t slot_index)
{
	return (uint64_t)1 << slot_index;
}

/* Walk over the slots of a mask, lowest first, from slot_first() by slot_next() while below
 * NODES_MAX: a beat has two dozen such walks, in clusters that are mostly small. */
static inline uint8_t slot_first(uint64_t mask)
{
	return mask == 0 ? (uint8_t)NODES_MAX : (uint8_t)__builtin_ctzll(mask);
}

/* in: slot_index, below NODES_MAX. */
static inline uint8_t slot_next(uint64_t mask, uint32_t slot_index)
{
	return slot_first(mask & (UINT64_MAX << slot_index << 1));
}

#endif

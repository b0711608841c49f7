/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/node.h"

bool ring_same(const struct ring_id *a, const struct ring_id *b)
{
	return a->seq == b->seq && a->node_id == b->node_id;
}

bool ring_none(const struct ring_id *r)
{
	return r->seq == 0 && r->node_id == 0;
}

bool members_same(const struct members *a, const struct members *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->node_id[i] != b->node_id[i])
			return false;
	}
	return true;
}

bool members_contain(const struct members *m, uint32_t node_id)
{
	for (uint32_t i = 0; i < m->count; i++) {
		if (m->node_id[i] == node_id)
			return true;
	}
	return false;
}

bool members_add(struct members *m, uint32_t node_id)
{
	uint32_t at = 0;

	while (at < m->count && m->node_id[at] < node_id)
		at++;
	if (at < m->count && m->node_id[at] == node_id)
		return true;
	if (m->count == NODES_MAX)
		return false;
	for (uint32_t i = m->count; i > at; i--)
		m->node_id[i] = m->node_id[i - 1];
	m->node_id[at] = node_id;
	m->count++;
	return true;
}

uint8_t slot_map_find(const struct slot_map *map, uint32_t node_id)
{
	for (uint32_t i = 0; i < map->count; i++) {
		if (node_id != 0 && map->node_id[i] == node_id)
			return (uint8_t)i;
	}
	return SLOT_NONE;
}

uint64_t slot_map_used(const struct slot_map *map)
{
	uint64_t used = 0;

	for (uint32_t i = 0; i < map->count; i++) {
		if (map->node_id[i] != 0)
			used |= slot_bit(i);
	}
	return used;
}

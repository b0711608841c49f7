/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/grant.h"

int ballot_compare(const struct ballot *a, const struct ballot *b)
{
	if (a->counter != b->counter)
		return a->counter < b->counter ? -1 : 1;
	if (a->node_id != b->node_id)
		return a->node_id < b->node_id ? -1 : 1;
	return 0;
}

int number_compare(const struct number *a, const struct number *b)
{
	int order = ballot_compare(&a->ballot, &b->ballot);

	if (order != 0)
		return order;
	if (a->k != b->k)
		return a->k < b->k ? -1 : 1;
	return 0;
}

bool ballot_none(const struct ballot *b)
{
	return b->counter == 0 && b->node_id == 0;
}

bool number_none(const struct number *n)
{
	return ballot_none(&n->ballot) && n->k == 0;
}

bool grant_names(const struct grant *g, uint8_t slot_index, const struct view *view,
		 uint64_t host_life)
{
	if (slot_index >= NODES_MAX || (g->set & slot_bit(slot_index)) == 0)
		return false;
	return host_life != 0 && g->host_life[slot_index] == host_life && !ring_none(&view->ring) &&
	       ring_same(&g->ring, &view->ring) && members_same(&g->members, &view->members);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/underway.h"

#include <stddef.h>

static uint64_t end_of(const struct underway_item *p, uint64_t longest_ms)
{
	uint64_t late_ms = p->since_ms + longest_ms;
	uint64_t gone_ms = p->gone_ms + UNDERWAY_AGENT_MS;

	if (p->since_ms == 0 || p->ours)
		return UINT64_MAX;
	return p->gone_ms != 0 && gone_ms < late_ms ? gone_ms : late_ms;
}

static struct underway_item *item_of(struct underway *u, uint32_t node_id)
{
	for (uint32_t i = 0; i < NODES_MAX && node_id != 0; i++) {
		if (u->item[i].node_id == 0)
			u->item[i].node_id = node_id;
		if (u->item[i].node_id == node_id)
			return &u->item[i];
	}
	return NULL;
}

/* The end of a node is the end of what its fencer led. */
static void origin_fenced(struct underway *u, uint32_t node_id, uint64_t at_ms)
{
	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++) {
		struct underway_item *p = &u->item[i];

		if (p->origin_id != node_id || p->since_ms == 0 || at_ms < p->since_ms)
			continue;
		if (p->gone_ms == 0 || at_ms < p->gone_ms)
			p->gone_ms = at_ms;
		p->fenced = true;
	}
}

void underway_origin(struct underway *u, uint64_t now_ms, uint32_t node_id, bool gone)
{
	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++) {
		struct underway_item *p = &u->item[i];

		if (p->origin_id != node_id || p->since_ms == 0 || p->fenced)
			continue;
		if (!gone)
			p->gone_ms = 0;
		else if (p->gone_ms == 0)
			p->gone_ms = now_ms;
	}
}

void underway_see(struct underway *u, uint64_t now_ms, uint32_t node_id, uint32_t origin_id,
		  const struct fencing_seen *f)
{
	struct underway_item *p = item_of(u, node_id);

	if (p == NULL)
		return;
	if (f->result != FENCING_STARTED) {
		/* The history goes on telling of older ones. */
		if (f->at_ms >= p->since_ms)
			p->since_ms = 0;
		if (f->result == FENCING_DONE)
			origin_fenced(u, node_id, f->at_ms);
	} else if (p->since_ms == 0 || p->origin_id != origin_id) {
		p->since_ms = now_ms;
		p->origin_id = origin_id;
		p->gone_ms = 0;
		p->fenced = false;
		p->buried = false;
		p->ours = origin_id != 0 && origin_id == u->own_id;
	}
}

void underway_lose_fencer(struct underway *u)
{
	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++)
		u->item[i].ours = false;
}

uint64_t underway_end_ms(const struct underway *u, uint32_t node_id, uint64_t longest_ms)
{
	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++) {
		if (u->item[i].node_id == node_id)
			return end_of(&u->item[i], longest_ms);
	}
	return UINT64_MAX;
}

uint32_t underway_bury(struct underway *u, uint64_t now_ms, uint64_t longest_ms)
{
	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++) {
		if (u->item[i].buried || now_ms < end_of(&u->item[i], longest_ms))
			continue;
		u->item[i].buried = true;
		return u->item[i].node_id;
	}
	return 0;
}

uint64_t underway_deadline_ms(const struct underway *u, uint64_t longest_ms)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t i = 0; i < NODES_MAX && u->item[i].node_id != 0; i++) {
		uint64_t end_ms = end_of(&u->item[i], longest_ms);

		if (!u->item[i].buried && end_ms < least)
			least = end_ms;
	}
	return least;
}

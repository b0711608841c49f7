/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: which fencings are under way, and which of them nobody will end any more.  Pure.
 *
 * A request is led by the fencer of one node, its origin, and only that fencer tells the others of
 * its end.  When the origin dies, the history of the others shows the request as under way for
 * ever.  What proves that it has ended all the same:
 *  - the origin's next fencer says so in the history (it calls what it finds of itself failed);
 *  - the origin was fenced after the request was seen, or it left the ring and is silent on the
 *    disks, and an agent that goes on has had the time to be seen by what it does;
 *  - without a sign of the origin's end: few take longer than the fencer's own timeout.
 * What the fencer of this node leads is under way for as long as that very fencer says so: devices
 * and topology levels may take longer than stonith-timeout, and it has a timer for them.
 */
#ifndef QARB_FENCE_BRIDGE_UNDERWAY_H
#define QARB_FENCE_BRIDGE_UNDERWAY_H

#include "model/evict.h"
#include "model/limits.h"

enum {
	/* An agent that its fencer left behind goes on, and no history shows it: so long until what
	 * it did is seen by Pacemaker itself, which then fences the node it lost. */
	UNDERWAY_AGENT_MS = 10000,
};

struct underway {
	struct underway_item {
		uint32_t node_id;   /* whom it fences; 0: the end of the list */
		uint32_t origin_id; /* 0: unknown */
		uint64_t since_ms;  /* when it was first seen; 0: none is under way */
		uint64_t gone_ms;   /* since when its origin is gone, after that; 0: it is not */
		bool fenced;	    /* that is proven */
		bool buried;	    /* told by underway_bury() */
		bool ours;	    /* this node's fencer leads it, and was here ever since */
	} item[NODES_MAX];
	uint32_t own_id; /* 0: not known yet */
};

/* What the history or a notification tells of a fencing of node_id, in the order of its ends. */
void underway_see(struct underway *u, uint64_t now_ms, uint32_t node_id, uint32_t origin_id,
		  const struct fencing_seen *f);
/* What qarbd tells of a node. */
void underway_origin(struct underway *u, uint64_t now_ms, uint32_t node_id, bool gone);
/* The fencer of this node went away: it may never tell of the end of what it led. */
void underway_lose_fencer(struct underway *u);
/* in: longest_ms, what no fencing outlasts.  returns: from when on nobody will end the fencing of
 * the node; UINT64_MAX: none is under way. */
uint64_t underway_end_ms(const struct underway *u, uint32_t node_id, uint64_t longest_ms);
/* returns: a node whose fencing nobody will end, each once; 0: none. */
uint32_t underway_bury(struct underway *u, uint64_t now_ms, uint64_t longest_ms);
/* returns: when underway_bury() has one; UINT64_MAX: never. */
uint64_t underway_deadline_ms(const struct underway *u, uint64_t longest_ms);

#endif

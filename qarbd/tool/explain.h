/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: who would win a split, by the deciding code itself: every node's decider and voter over one
 * faultless disk in memory, in virtual time.
 */
#ifndef QARB_TOOL_EXPLAIN_H
#define QARB_TOOL_EXPLAIN_H

#include "model/config.h"
#include "model/status.h"

struct explain_split {
	uint32_t count;
	struct members part[NODES_MAX]; /* disjoint; a node of none of them has lost its power */
};

struct explain_result {
	uint32_t winner;     /* index of the part; == count: nobody casts */
	bool whole;	     /* every node of the winner casts */
	bool doubled;	     /* two parts cast: never, unless the code is wrong */
	enum rank_step step; /* that decided */
	uint64_t after_ms;   /* from the split to the last yes of the winner */
};

struct explain;

/* All nodes of c in one ring, all casting.  in: weight, by index of c's nodes.
 * returns: to be freed with explain_free(); NULL: no memory, or they do not get there. */
struct explain *explain_new(const struct config *c, const uint32_t weight[NODES_MAX]);
void explain_free(struct explain *x);

/* Split them; every call begins from the ring of all. */
void explain_run(struct explain *x, const struct explain_split *s, struct explain_result *r);

#endif

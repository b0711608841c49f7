/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: what the arbiter and Pacemaker's priority-fencing-delay go by when the nodes are
 * split: votes, weights and priorities of each node.
 */
#ifndef QARB_CRM_RANKING_H
#define QARB_CRM_RANKING_H

#include "crm-snippets/facts.h"

enum { RANKING_NODES_MAX = 16 };

struct ranking {
	size_t count;
	const struct fact_node *node[RANKING_NODES_MAX];
	long votes[RANKING_NODES_MAX];
	long weight[RANKING_NODES_MAX];	  /* of the workload agents that run there */
	long priority[RANKING_NODES_MAX]; /* of the resources that run there, as Pacemaker adds it
					   */
};

/* Where things run: from the CIB's status, else where their scores and colocations put them, else
 * where the tie-breaker looks last.  returns: RC_OK | RC_REFUSED: too many nodes to try. */
RC_MUST_CHECK enum rc ranking_take(const struct facts *f, struct ranking *r);

#endif

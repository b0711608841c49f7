/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: who wins a split of equal halves, and whom Pacemaker's priority-fencing-delay
 * favours in it.  Only there both have a say: elsewhere the size decides, and Pacemaker delays no
 * fencing by a partition with more than half of the nodes.
 */
#ifndef QARB_CRM_RANKING_H
#define QARB_CRM_RANKING_H

#include "crm-snippets/facts.h"

enum { RANKING_NODES_MAX = 16 };

struct ranking {
	size_t count;
	const struct fact_node *node[RANKING_NODES_MAX];
	long weight[RANKING_NODES_MAX];	  /* of the workload agents that run there */
	long priority[RANKING_NODES_MAX]; /* of the resources that run there, as Pacemaker adds it
					   */
};

/* Where things run: from the CIB's status, else where their scores and colocations put them, else
 * where the tie-breaker looks last.  returns: RC_OK | RC_REFUSED: too many nodes to try. */
RC_MUST_CHECK enum rc ranking_take(const struct facts *f, struct ranking *r);
/* side: a bit for each node of one half.  returns: does the arbiter prefer it to the other half?
 * Both no: the tie-breaker names nobody. */
bool ranking_wins(const struct facts *f, const struct ranking *r, unsigned side);
/* Would this half's fencing of the other be delayed, because the other holds all the nodes of the
 * highest priority? */
bool ranking_delayed(const struct ranking *r, unsigned side);

#endif

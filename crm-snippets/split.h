/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: splits of a cluster into two or more parts; which part the arbiter prefers, and
 * whose fencing by that part Pacemaker's priority-fencing-delay puts off.
 */
#ifndef QARB_CRM_SPLIT_H
#define QARB_CRM_SPLIT_H

#include "crm-snippets/facts.h"
#include "crm-snippets/ranking.h"

/* A part is a set of nodes: a bit for each index of struct ranking. */
struct split {
	size_t count;
	unsigned part[RANKING_NODES_MAX];
};

/* Goes through the splits in which all parts have the same votes. */
struct split_walk {
	const struct ranking *r;
	struct split split;		     /* valid after split_walk_next() said true */
	long share;			     /* votes of each part */
	long votes[RANKING_NODES_MAX];	     /* of each part so far */
	size_t placed;			     /* nodes that are in a part */
	size_t place[RANKING_NODES_MAX];     /* which one */
	size_t begun[RANKING_NODES_MAX + 1]; /* parts with a node among the first n */
};

/* Does the arbiter rank a above b?  The parts have no node in common and one each at least. */
bool split_prefers(const struct facts *f, const struct ranking *r, unsigned a, unsigned b);
/* returns: the index of the part that gets the vote, s->count: none does. */
size_t split_winner(const struct facts *f, const struct ranking *r, const struct split *s);
/* A split that this part wins, of as few parts as come easily; it is part 0.  returns: false: it
 * wins none. */
bool split_won_by(const struct facts *f, const struct ranking *r, unsigned part, struct split *s);

/* The nodes whose fencing by this part Pacemaker delays: all of the highest priority outside of it,
 * unless it has more than half of the nodes, or all nodes have the same priority. */
unsigned split_delayed(const struct ranking *r, unsigned part);
/* Has this part a node of the highest priority, so that its own fencing would be delayed too? */
bool split_favoured(const struct ranking *r, unsigned part);

void split_walk_start(struct split_walk *w, const struct ranking *r);
bool split_walk_next(struct split_walk *w);

#endif

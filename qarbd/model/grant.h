/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: ballots, grants and the agreed value of one disk (doc/protocol.md, sections 1 and 4).
 */
#ifndef QARB_MODEL_GRANT_H
#define QARB_MODEL_GRANT_H

#include "model/node.h"

/* Ordered lexicographically; {0, 0} is below every ballot ever led. */
struct ballot {
	uint64_t counter;
	uint32_t node_id;
	uint32_t unused;
};

/* The k-th change proposed under a ballot.  Ordered lexicographically. */
struct number {
	struct ballot ballot;
	uint64_t k;
};

/* One arbiter's consent.  set == 0 is the empty grant.  An empty grant with a ring is a revocation
 * in favour of that ring: its members wait in silence, everybody else stops at once. */
struct grant {
	struct number number; /* that first proposed it */
	struct ring_id ring;
	struct members members; /* of that ring */
	uint64_t set;		/* slots whose nodes may cast */
	/* By slot index; 0 outside set.  Of a revocation: of pending, whose grant it ended. */
	uint64_t host_life[NODES_MAX];
};

struct value {
	struct grant grant;
	uint64_t pending; /* slots whose nodes may still cast an older grant */
	struct slot_map map;
};

/* returns: the slots whose host lives v has: granted, or of the grant that it ended. */
static inline uint64_t value_named(const struct value *v)
{
	return v->grant.set | v->pending;
}

/* returns: <0, 0, >0 as a is below, equal to, above b. */
int ballot_compare(const struct ballot *a, const struct ballot *b);
int number_compare(const struct number *a, const struct number *b);
bool ballot_none(const struct ballot *b);
bool number_none(const struct number *n);
/* returns: whether g names the node of this slot, as of its ring, member list and host life. */
bool grant_names(const struct grant *g, uint8_t slot_index, const struct view *view,
		 uint64_t host_life);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: what the last grant rested on, kept for `qarbctl why`.  Nothing here decides: the inputs
 * are copied where the ranking took them from.
 */
#include <string.h>

#include "core/core.h"

static void copy_view(const struct step *st, const struct disk *d, const struct contender *of,
		      struct decision_view *to)
{
	to->ring = of->view.ring;
	to->set = of->set;
	to->votes = of->votes;
	to->weight = of->weight;
	to->member_count = of->view.members.count;
	to->active = of->active;
	to->low = of->low;
	to->high = of->high;
	to->consistent = of->consistent;
	to->superseded = of->superseded;
	to->contends = choice_contends(st, of);
	for (uint32_t i = 0; i < of->view.members.count; i++) {
		uint8_t slot = slot_map_find(&d->map, of->view.members.node_id[i]);

		if (slot != SLOT_NONE)
			to->listed |= slot_bit(slot);
	}
}

static void copy_nodes(const struct step *st, const struct disk *d, struct decision_status *n)
{
	for (uint8_t i = 0; i < NODES_MAX && i < d->map.count; i++) {
		if (d->map.node_id[i] == 0)
			continue;
		n->node_id[i] = d->map.node_id[i];
		(void)choice_node_votes(st->a, n->node_id[i], &n->votes[i]);
		n->weight[i] = d->peer[i].slot.weight;
		if (peer_live(d, i))
			n->live |= slot_bit(i);
		if (peer_available(d, i))
			n->available |= slot_bit(i);
	}
}

/* in: w, one of c or NULL. */
static void copy_inputs(const struct step *st, const struct disk *d, const struct choice *c,
			const struct contender *w, struct decision_status *n)
{
	const struct policy *p = &st->a->policy;
	bool first_choice = w != NULL && choice_contends(st, w) && w->consistent;

	memset(n, 0, sizeof(*n));
	n->asked_ms = st->now_ms;
	n->algorithm = p->algorithm;
	n->tie_breaker = p->tie_breaker;
	n->tie_node_id = p->tie_node_id;
	n->workload = p->workload;
	n->votes_all = choice_all_votes(st->a);
	n->before = c->before;
	copy_nodes(st, d, n);
	n->count = c->count;
	n->winner = c->count;
	n->step = w != NULL ? RANK_ONLY : RANK_NONE;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct contender *it = &c->contender[i];

		copy_view(st, d, it, &n->view[i]);
		if (it == w) {
			n->winner = i;
			continue;
		}
		/* An inconsistent view was not compared where a consistent one won. */
		if (w == NULL || !n->view[i].contends || (first_choice && !it->consistent))
			continue;
		n->view[i].step = choice_differ(st, w, it);
		if (n->view[i].step > n->step)
			n->step = n->view[i].step;
	}
}

void decision_propose(const struct step *st, struct disk *d, const struct choice *c,
		      const struct contender *w, const struct contender *best,
		      enum decision_kind kind)
{
	struct decision_status *n = &d->proposed;
	bool promised = n->kind == DECISION_NONE && n->asked_ms != 0 &&
			ring_same(&n->ring, &w->view.ring);

	if (kind != DECISION_NONE && st->early)
		return; /* nothing is granted by an older read */
	/* What a revocation was made for is decided then: the grant that follows adds nothing. */
	if (kind == DECISION_GRANT && promised) {
		n->heir_kept = w != best;
	} else {
		copy_inputs(st, d, c, w, n);
		n->ring = w->view.ring;
		if (kind == DECISION_GROWTH)
			n->step = RANK_NONE;
	}
	n->kind = kind;
	if (kind != DECISION_NONE) {
		d->proposed_number = d->own.bal;
		d->proposed_number.k++;
	}
}

void decision_accept(const struct step *st, struct disk *d, const struct value *v)
{
	const struct grant *g = &v->grant;
	const struct grant *old = &d->accepted.grant;
	struct decision_status *n = &d->decision;
	bool own = g->number.ballot.node_id == st->a->node_id &&
		   number_compare(&d->proposed_number, &g->number) == 0;
	bool same_ring = old->set != 0 && ring_same(&old->ring, &g->ring) &&
			 members_same(&old->members, &g->members);
	struct choice c;

	if (own) {
		*n = d->proposed;
	} else {
		choice_collect(st, d, &c);
		copy_inputs(st, d, &c, choice_find(&c, &g->ring, &g->members), n);
		n->kind = same_ring ? DECISION_GROWTH : DECISION_GRANT;
		if (same_ring)
			n->step = RANK_NONE;
	}
	n->at_ms = st->now_ms;
	n->ring = g->ring;
	n->set = g->set;
	n->by_node_id = g->number.ballot.node_id;
	n->own = own;
}

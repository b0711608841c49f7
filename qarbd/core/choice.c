/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the contending views and their ranking (doc/protocol.md section 5, Whom to grant).
 */
#include <string.h>

#include "core/core.h"

bool choice_node_votes(const struct arb *a, uint32_t node_id, uint32_t *votes)
{
	for (uint32_t i = 0; i < a->nodes.count; i++) {
		if (a->nodes.node_id[i] == node_id) {
			*votes = a->nodes.votes[i];
			return true;
		}
	}
	*votes = 0;
	return false;
}

static bool view_same(const struct view *a, const struct view *b)
{
	return ring_same(&a->ring, &b->ring) &&
	       (members_same(&a->members, &b->members) || MUTANT(ring_by_id));
}

const struct contender *choice_find(const struct choice *c, const struct ring_id *ring,
				    const struct members *members)
{
	for (uint32_t i = 0; i < c->count; i++) {
		if (ring_same(&c->contender[i].view.ring, ring) &&
		    members_same(&c->contender[i].view.members, members))
			return &c->contender[i];
	}
	return NULL;
}

static struct contender *contender_of(struct choice *c, const struct view *view)
{
	for (uint32_t i = 0; i < c->count; i++) {
		if (view_same(&c->contender[i].view, view))
			return &c->contender[i];
	}
	c->contender[c->count].view = *view;
	return &c->contender[c->count++];
}

static bool members_meet(const struct members *a, const struct members *b)
{
	for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
		if (a->node_id[i] == b->node_id[k])
			return true;
		if (a->node_id[i] < b->node_id[k])
			i++;
		else
			k++;
	}
	return false;
}

/* A view is consistent when all its live members report it.  It is superseded when a live node
 * reports a newer ring with one of its members in it: totem agreed with that member on the newer
 * ring, so the older one is over even where that was not noticed yet. */
static void compare_reports(const struct disk *d, uint64_t used, struct contender *c)
{
	c->consistent = true;
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct slot *s = &d->peer[i].slot;

		if (!peer_live(d, i) || view_same(&s->view, &c->view))
			continue;
		if (members_contain(&c->view.members, s->node_id))
			c->consistent = false;
		if (s->view.ring.seq > c->view.ring.seq &&
		    members_meet(&s->view.members, &c->view.members)) {
			c->superseded = true;
			c->consistent = false;
		}
	}
}

/* Of the slots in set those whose nodes have not booted since g. */
static uint64_t still_up(const struct disk *d, const struct grant *g, uint64_t set)
{
	if (MUTANT(life_ignored))
		return set;
	for (uint8_t i = slot_first(set); i < NODES_MAX; i = slot_next(set, i)) {
		if (d->peer[i].slot.host_life != g->host_life[i])
			set &= ~slot_bit(i);
	}
	return set;
}

uint64_t choice_before(const struct disk *d)
{
	return still_up(d, &d->accepted.grant, value_named(&d->accepted));
}

/* The last grant may name only who had a ring first, and died: then the one before it counts, in
 * which its survivors were. */
static uint64_t served_before(const struct disk *d, const struct choice *c)
{
	uint64_t before = choice_before(d), contending = 0;

	for (uint32_t k = 0; k < c->count; k++)
		contending |= c->contender[k].set;
	if ((before & contending) != 0 || MUTANT(older_forgotten))
		return before;
	return still_up(d, &d->older, d->older.set);
}

static void count_in(const struct step *st, const struct disk *d, struct contender *c, uint8_t i)
{
	const struct slot *s = &d->peer[i].slot;
	uint32_t votes;

	c->set |= slot_bit(i);
	if (choice_node_votes(st->a, s->node_id, &votes))
		c->listed = true;
	c->votes += MUTANT(votes_ignored) ? 1 : votes;
	c->weight += s->weight;
	if (c->low == 0 || s->node_id < c->low)
		c->low = s->node_id;
	if (s->node_id > c->high)
		c->high = s->node_id;
}

/* The mutant "impaired_counted" counts the listed members, whether or not they can cast. */
static void count_listed(const struct step *st, const struct disk *d, uint64_t old,
			 struct contender *c)
{
	const struct members *m = &c->view.members;
	uint32_t votes;

	if (c->set == 0)
		return;
	c->votes = 0;
	c->active = 0;
	for (uint32_t i = 0; i < m->count; i++) {
		uint8_t k = slot_map_find(&d->map, m->node_id[i]);

		(void)choice_node_votes(st->a, m->node_id[i], &votes);
		c->votes += votes;
		if (k != SLOT_NONE && (old & slot_bit(k)) != 0)
			c->active++;
	}
}

void choice_collect(const struct step *st, const struct disk *d, struct choice *c)
{
	uint64_t used = slot_map_used(&d->map);

	c->count = 0;
	c->settled = true;
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct slot *s = &d->peer[i].slot;
		struct contender *of;
		uint32_t before = c->count;

		if (!peer_live(d, i))
			continue;
		of = contender_of(c, &s->view);
		if (c->count != before) {
			struct view view = of->view;

			memset(of, 0, sizeof(*of));
			of->view = view;
		}
		if (peer_available(d, i))
			count_in(st, d, of, i);
	}
	c->before = served_before(d, c);
	for (uint32_t k = 0; k < c->count; k++) {
		c->contender[k].active = (uint32_t)__builtin_popcountll(c->contender[k].set &
									c->before);
		if (MUTANT(impaired_counted))
			count_listed(st, d, c->before, &c->contender[k]);
		compare_reports(d, used, &c->contender[k]);
		if (!c->contender[k].consistent)
			c->settled = false;
	}
}

uint64_t choice_all_votes(const struct arb *a)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < a->nodes.count; i++)
		sum += a->nodes.votes[i];
	return sum;
}

bool choice_contends(const struct step *st, const struct contender *c)
{
	if (c->set == 0 || !c->listed || c->superseded)
		return false;
	return st->a->policy.algorithm != ALGORITHM_FFSPLIT || MUTANT(half_ignored) ||
	       2 * c->votes >= choice_all_votes(st->a);
}

static bool has_node(const struct step *st, const struct contender *c, uint32_t node_id)
{
	const struct disk *d = &st->a->disk[st->arbiter_index];
	uint8_t i = slot_map_find(&d->map, node_id);

	return i != SLOT_NONE && (c->set & slot_bit(i)) != 0;
}

static bool tie_prefers(const struct step *st, const struct contender *a, const struct contender *b)
{
	const struct policy *p = &st->a->policy;

	switch (p->tie_breaker) {
	case TIE_HIGHEST:
		return a->high > b->high;
	case TIE_NODE:
		if (has_node(st, a, p->tie_node_id) != has_node(st, b, p->tie_node_id))
			return has_node(st, a, p->tie_node_id);
		return a->low < b->low;
	case TIE_LOWEST:
		break;
	}
	return a->low < b->low;
}

/* returns: whether a ranks above b, and the step that says so. */
static bool prefers(const struct step *st, const struct contender *a, const struct contender *b,
		    enum rank_step *step)
{
	if (a->votes != b->votes) {
		*step = RANK_SIZE;
		return (a->votes > b->votes) != MUTANT(size_reversed);
	}
	if (st->a->policy.workload && a->weight != b->weight) {
		*step = RANK_WORKLOAD;
		return a->weight > b->weight;
	}
	if (a->active != b->active) {
		*step = RANK_ACTIVE;
		return a->active > b->active;
	}
	*step = RANK_TIE_BREAKER;
	return tie_prefers(st, a, b) != MUTANT(tie_reversed);
}

enum rank_step choice_differ(const struct step *st, const struct contender *a,
			     const struct contender *b)
{
	enum rank_step step;

	(void)prefers(st, a, b, &step);
	return step;
}

/* Views that all their live members report come first; an inconsistent one is taken only when there
 * is no other (a listed member whose corosync or daemon hangs must not keep the rest from serving).
 */
static bool ranked(const struct step *st, const struct contender *c, int pass)
{
	return choice_contends(st, c) && (pass != 0 || c->consistent);
}

/* out: step, what puts the best above the one that comes nearest to it. */
int choice_best(const struct step *st, const struct choice *c, enum rank_step *step)
{
	enum rank_step by;
	int best = -1;

	*step = RANK_NONE;
	for (int pass = 0; pass < 2 && best < 0; pass++) {
		for (uint32_t i = 0; i < c->count; i++) {
			const struct contender *it = &c->contender[i];

			if (ranked(st, it, pass) &&
			    (best < 0 || prefers(st, it, &c->contender[best], &by)))
				best = (int)i;
		}
		for (uint32_t i = 0; i < c->count && best >= 0; i++) {
			if (!ranked(st, &c->contender[i], pass))
				continue;
			by = (int)i == best
				     ? RANK_ONLY
				     : choice_differ(st, &c->contender[best], &c->contender[i]);
			if (by > *step)
				*step = by;
		}
	}
	return best;
}

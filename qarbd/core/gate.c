/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: what forbids an eviction (doc/protocol.md section 8).  Everything here is judged anew from
 * the last complete reads and from the facts that the fence bridge told; nothing is remembered.
 */
#include <string.h>

#include "core/core.h"

/* Pacemaker's history tells whole seconds. */
enum { FENCED_SLACK_MS = 2000 };
/* A dead evictor's bridge starts no attempt any more: its answers are two syncs old at most. */
enum { AUTHOR_GRACE_MS = 3000 };

static bool is_disk(const struct arb *a, uint32_t i)
{
	return a->policy.arbiter_type[i] == ARBITER_DISK;
}

uint32_t gate_majority(const struct arb *a)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++)
		count += is_disk(a, i) ? 1 : 0;
	return count == 0 ? 0 : count / 2 + 1;
}

const struct node_facts *gate_facts(const struct arb *a, uint32_t node_id)
{
	const struct bridge_facts *f = &a->evictor.facts;

	for (uint32_t i = 0; i < f->count; i++) {
		if (f->node[i].node_id == node_id)
			return &f->node[i];
	}
	return NULL;
}

/* Who is in the ring and not, or no more, in the node list counts no votes. */
static uint64_t votes_of(const struct arb *a, uint32_t node_id)
{
	for (uint32_t i = 0; i < a->nodes.count; i++) {
		if (a->nodes.node_id[i] == node_id)
			return a->nodes.votes[i];
	}
	return 0;
}

/* Has it written its slot?  One that was given to it shows the last block of the node before until
 * then, which says nothing of this one. */
static bool wrote(const struct disk *d, uint8_t slot_index, uint32_t node_id)
{
	return d->peer[slot_index].slot.node_id == node_id || MUTANT(evict_new_owner);
}

/* Where the dead of the ring outweigh the living, it is this side that may have lost the disk. */
static bool outweighed(const struct step *st, const struct disk *d)
{
	const struct arb *a = st->a;
	const struct members *m = &a->view.members;
	uint64_t live = 0;
	uint64_t dead = 0;

	for (uint32_t i = 0; i < m->count; i++) {
		uint8_t k = slot_map_find(&d->map, m->node_id[i]);

		if (k == SLOT_NONE || !d->peer[k].read || !wrote(d, k, m->node_id[i]) ||
		    d->peer[k].slot.state == SLOT_NEVER)
			continue;
		/* Who was not looked at lately does not count as live, and what is found after this
		 * node did not look may have been written when it began not to. */
		if (k == d->own_slot ||
		    st->now_ms + d->peer[k].unseen_ms < d->peer[k].first_end_ms + a->policy.dead_ms)
			live += votes_of(a, m->node_id[i]);
		else
			dead += votes_of(a, m->node_id[i]);
	}
	return dead > live;
}

/* Does another node's slot order the same eviction, lately or from a node that is still active? */
static bool other_evicts(const struct step *st, const struct disk *d, uint32_t node_id,
			 uint64_t incarnation)
{
	uint64_t used = slot_map_used(&d->map);

	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct peer *p = &d->peer[i];

		if (i == d->own_slot || !p->read)
			continue;
		for (uint32_t k = 0; k < p->slot.poison_count; k++) {
			if (p->slot.poison[k].node_id != node_id ||
			    p->slot.poison[k].incarnation != incarnation)
				continue;
			if ((st->now_ms < p->heard_ms + st->a->policy.dead_ms + AUTHOR_GRACE_MS &&
			     st->now_ms < p->poison_seen_ms + EVICT_TAKEOVER_MS) ||
			    MUTANT(evict_no_takeover))
				return true;
		}
	}
	return false;
}

/* The earliest time at which its last block may have been written: what is found after this node
 * did not look may be from the beginning of that time. */
static uint64_t written_ms(const struct peer *p)
{
	return MUTANT(evict_found) ? p->first_end_ms
				   : p->first_end_ms - earlier(p->unseen_ms, p->first_end_ms);
}

static void survey_disk(const struct step *st, const struct disk *d, uint8_t i, struct target *t)
{
	const struct policy *policy = &st->a->policy;
	const struct peer *p = &d->peer[i];
	uint64_t x_ms = peer_x_ms(st, d, i);
	uint64_t need_ms = later(policy->evict_after_ms, x_ms);
	uint64_t silent_ms = p->heard_ms;

	t->disks++;
	if (!wrote(d, i, t->node_id))
		return;
	t->matched += p->matched || MUTANT(no_hello) ? 1 : 0;
	if (p->first_end_ms >= t->last_ms) {
		t->last_ms = p->first_end_ms;
		t->incarnation = p->slot.incarnation;
		t->state = p->slot.state;
	}
	/* A member may have restarted between two rings of the same nodes: it has the time to take
	 * over its slot, which may take X, before its silence counts. */
	if (written_ms(p) < st->a->view_ms && !MUTANT(evict_returned))
		silent_ms = later(silent_ms, st->a->view_ms + x_ms + policy->dead_ms);
	/* Silence that this node did not look at says nothing. */
	if (st->now_ms >= silent_ms + need_ms) {
		t->silent++;
		t->due_ms = later(t->due_ms, silent_ms + need_ms);
	}
	if (p->alive && p->defy_incarnation == p->slot.incarnation &&
	    p->slot.beats >= p->defy_beats + 2) {
		t->defying++;
		t->due_ms = later(t->due_ms, p->first_end_ms);
	}
	if (p->unfit_since_ms != 0 && st->now_ms >= p->unfit_since_ms + policy->evict_after_ms) {
		t->unfit++;
		t->due_ms = later(t->due_ms, p->unfit_since_ms + policy->evict_after_ms);
	}
	t->outweighed = t->outweighed || outweighed(st, d);
}

void gate_survey(const struct step *st, uint32_t node_id, struct target *t)
{
	const struct arb *a = st->a;

	memset(t, 0, sizeof(*t));
	t->node_id = node_id;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];
		uint8_t k = slot_map_find(&d->map, node_id);

		if (!is_disk(a, i) || k == SLOT_NONE)
			continue;
		t->known = true;
		if (!beat_usable(d) || d->not_shared || d->complete_ms == 0 || !d->peer[k].read ||
		    (st->now_ms > d->complete_ms + 2 * (uint64_t)a->policy.interval_ms &&
		     !MUTANT(evict_by_old_beat)))
			continue;
		survey_disk(st, d, k, t);
	}
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];
		uint8_t k = slot_map_find(&d->map, node_id);

		if (!is_disk(a, i) || k == SLOT_NONE)
			continue;
		/* A node that came back after its last beat is another life, not seen yet: what it
		 * needs is time to start. */
		t->ran = t->ran ||
			 (t->incarnation != 0 && d->peer[k].ran_incarnation == t->incarnation &&
			  (written_ms(&d->peer[k]) >= d->peer[k].joined_ms ||
			   MUTANT(evict_returned)));
		t->other_evicts = t->other_evicts || other_evicts(st, d, node_id, t->incarnation);
	}
}

bool gate_due(const struct step *st, const struct target *t, enum evict_why *why)
{
	uint32_t majority = gate_majority(st->a);

	if (majority == 0)
		return false;
	if (t->silent >= majority)
		*why = EVICT_DEAD;
	else if (t->defying >= majority)
		*why = EVICT_DISOBEDIENT;
	else if (t->unfit >= majority)
		*why = EVICT_UNFIT;
	else
		return false;
	return true;
}

/* Exactly one node asks: the lowest live granted node; the others in their turn, should nothing
 * happen. */
static bool elected(const struct step *st, const struct target *t)
{
	const struct arb *a = st->a;
	const struct disk *d = NULL;
	uint64_t rank = 0;

	for (uint32_t i = 0; i < a->policy.arbiter_count && d == NULL; i++) {
		if (is_disk(a, i) && a->disk[i].granted)
			d = &a->disk[i];
	}
	if (d == NULL)
		return MUTANT(evict_without_vote);
	for (uint8_t i = slot_first(d->accepted.grant.set); i < NODES_MAX;
	     i = slot_next(d->accepted.grant.set, i)) {
		if (i != d->own_slot && d->map.node_id[i] != t->node_id &&
		    d->map.node_id[i] < a->node_id && peer_live(d, i))
			rank++;
	}
	return st->now_ms >= t->due_ms + rank * EVICT_TAKEOVER_MS;
}

/* Gates of this node itself and of what its disks show. */
static enum evict_gate judge_disks(const struct step *st, const struct target *t,
				   enum evict_why why)
{
	const struct arb *a = st->a;
	uint32_t majority = gate_majority(a);
	bool in_ring = members_contain(&a->view.members, t->node_id);

	if (!a->policy.evict)
		return EVICT_GATE_OFF;
	if (majority == 0)
		return EVICT_GATE_NO_DISKS;
	if (t->node_id == a->node_id)
		return EVICT_GATE_SELF;
	if (!t->known)
		return EVICT_GATE_UNKNOWN_NODE;
	if (a->leaving || a->evictor.poisoned)
		return EVICT_GATE_LEAVING_SELF;
	if (!majority_granted(st) && !MUTANT(evict_without_vote))
		return EVICT_GATE_NO_VOTE;
	if (!a->quorate && !MUTANT(evict_inquorate))
		return EVICT_GATE_NOT_QUORATE;
	if (t->disks < majority)
		return EVICT_GATE_OWN_BEAT;
	if (t->matched < majority)
		return EVICT_GATE_NOT_SHARED;
	if (!t->ran && !MUTANT(evict_unseen))
		return EVICT_GATE_NOT_SEEN;
	if (t->state == SLOT_STARTING && !MUTANT(evict_starting))
		return EVICT_GATE_STARTING;
	if (t->state == SLOT_LEAVING && !MUTANT(evict_starting))
		return EVICT_GATE_LEAVING;
	if (!in_ring && why == EVICT_DEAD && !MUTANT(evict_outside))
		return EVICT_GATE_NOT_IN_RING;
	if (in_ring && !members_contain(&a->registered_peers, t->node_id) &&
	    !MUTANT(evict_unregistered))
		return EVICT_GATE_UNREGISTERED;
	if (t->outweighed && !MUTANT(evict_outweighed))
		return EVICT_GATE_OUTWEIGHED;
	return EVICT_GATE_OPEN;
}

static enum evict_gate judge_fencing(const struct step *st, const struct target *t)
{
	const struct evictor *v = &st->a->evictor;

	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct fenced *f = &v->fenced[i];

		if (f->node_id != t->node_id || MUTANT(evict_fenced))
			continue;
		if (MUTANT(evict_again))
			continue;
		if (f->started_ms > f->done_ms && f->started_ms > f->failed_ms &&
		    st->now_ms < f->started_ms + EVICT_TAKEOVER_MS)
			return EVICT_GATE_FENCING;
		if (f->done_ms != 0 && f->done_ms + FENCED_SLACK_MS >= t->last_ms)
			return EVICT_GATE_FENCED;
	}
	return EVICT_GATE_OPEN;
}

/* Gates of what the bridge told of Pacemaker. */
static enum evict_gate judge_facts(const struct step *st, const struct target *t)
{
	const struct bridge_facts *f = &st->a->evictor.facts;
	const struct node_facts *n = gate_facts(st->a, t->node_id);

	if (!f->connected)
		return EVICT_GATE_NO_BRIDGE;
	if (!f->known)
		return EVICT_GATE_FACTS_UNKNOWN;
	if (!f->fencing_enabled)
		return EVICT_GATE_NO_FENCING;
	if ((f->maintenance || (n != NULL && n->maintenance)) &&
	    !st->a->policy.evict_in_maintenance && !MUTANT(evict_maintained))
		return EVICT_GATE_MAINTENANCE;
	if (n != NULL && n->shutting_down && !MUTANT(evict_shutdown))
		return EVICT_GATE_SHUTTING_DOWN;
	return judge_fencing(st, t);
}

static enum evict_gate judge_orders(const struct step *st, const struct target *t,
				    enum evict_why why)
{
	const struct evictor *v = &st->a->evictor;
	bool room = false;

	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		const struct eviction *e = &v->eviction[i];
		bool open = e->order.id != 0 && e->progress != EVICT_DONE &&
			    e->progress != EVICT_GAVE_UP && e->progress != EVICT_WITHDRAWN;

		room = room || e->order.id == 0 || (!open && e->ended);
		if (e->order.id == 0 || e->order.node_id != t->node_id ||
		    e->order.incarnation != t->incarnation || MUTANT(evict_fenced))
			continue;
		if (open)
			return EVICT_GATE_FENCING;
		if (e->progress == EVICT_DONE ||
		    (e->progress == EVICT_GAVE_UP && why != EVICT_ADMIN))
			return EVICT_GATE_TWICE;
	}
	if (!MUTANT(evict_by_all) && (t->other_evicts || (why != EVICT_ADMIN && !elected(st, t))))
		return EVICT_GATE_NOT_ELECTED;
	return room ? EVICT_GATE_OPEN : EVICT_GATE_FULL;
}

enum evict_gate gate_judge(const struct step *st, const struct target *t, enum evict_why why)
{
	enum evict_gate gate = judge_disks(st, t, why);

	if (gate == EVICT_GATE_OPEN)
		gate = judge_facts(st, t);
	if (gate == EVICT_GATE_OPEN)
		gate = judge_orders(st, t, why);
	return gate;
}

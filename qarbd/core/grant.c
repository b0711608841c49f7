/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: what a leader decides: to keep, grow, revoke or give the grant (doc/protocol.md section 5,
 * Changing and Whom to grant).
 */
#include <string.h>

#include "core/core.h"

static struct number next_number(const struct disk *d)
{
	struct number n = d->own.bal;

	n.k++;
	return n;
}

/* For the mutant "fenced_is_stopped": what no rule asks for (doc/protocol.md section 5). */
static bool fenced_since(const struct arb *a, const struct peer *p)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if (a->evictor.fenced[i].node_id == p->slot.node_id &&
		    a->evictor.fenced[i].done_ms >= p->first_end_ms)
			return true;
	}
	return false;
}

/* Known to have stopped, judged by the last complete read, which began after the write of this
 * leader's revocation completed. */
static bool stopped(const struct step *st, const struct disk *d, uint8_t i)
{
	const struct peer *p = &d->peer[i];

	if (!p->read)
		return false;
	if (MUTANT(fenced_is_stopped) && fenced_since(st->a, p))
		return true;
	if (p->slot.cast == CAST_NONE)
		return true;
	if (p->slot.cast == CAST_GRANT &&
	    number_compare(&p->slot.cast_number, &d->own.value.grant.number) >= 0)
		return true;
	return !MUTANT(silence_ignored) &&
	       d->scan.start_ms >= p->first_end_ms + peer_x_ms(st, d, i);
}

/* returns: the slots of set that may still cast; wait_until_ms: when X of the last one is over. */
static uint64_t may_cast(const struct step *st, const struct disk *d, uint64_t set,
			 uint64_t *wait_until_ms)
{
	uint64_t left = 0;

	*wait_until_ms = 0;
	for (uint8_t i = slot_first(set); i < NODES_MAX; i = slot_next(set, i)) {
		if (stopped(st, d, i))
			continue;
		left |= slot_bit(i);
		if (d->peer[i].read)
			*wait_until_ms = later(*wait_until_ms,
					       d->peer[i].first_end_ms + peer_x_ms(st, d, i));
	}
	return left;
}

/* The leader cannot decide yet: for status. */
static void wait_for(struct disk *d, enum wait_kind kind, uint64_t slots, uint64_t until_ms)
{
	d->waiting = kind;
	d->waiting_slots = slots;
	d->waiting_until_ms = until_ms;
}

/* Growth names who reports the ring; the others of the old set may live another life by now. */
static void propose_grant(struct step *st, struct disk *d, const struct contender *w, uint64_t set,
			  uint64_t reports)
{
	struct value v = d->own.value;
	const struct grant *old = &d->own.value.grant;

	if (st->early)
		return;
	memset(&v.grant, 0, sizeof(v.grant));
	v.grant.number = next_number(d);
	v.grant.ring = w->view.ring;
	v.grant.members = w->view.members;
	v.grant.set = set;
	for (uint8_t i = slot_first(set); i < NODES_MAX; i = slot_next(set, i)) {
		bool named = (reports & slot_bit(i)) != 0;

		v.grant.host_life[i] = named ? d->peer[i].slot.host_life : old->host_life[i];
	}
	v.pending = 0;
	register_propose(st, d, &v);
	d->stuck_since_ms = 0;
	d->wait_until_ms = 0;
	d->rival_since_ms = 0;
}

/* The empty grant in favour of the heir's ring, with everybody who may be casting pending. */
static void propose_revocation(struct step *st, struct disk *d, const struct contender *heir)
{
	struct value v = d->own.value;

	v.pending = value_named(&v);
	if (MUTANT(pending_reduced))
		v.pending &= ~heir->set;
	v.grant.number = next_number(d);
	v.grant.ring = heir->view.ring;
	v.grant.members = heir->view.members;
	v.grant.set = 0;
	for (uint8_t i = 0; i < NODES_MAX; i++) {
		if ((v.pending & slot_bit(i)) == 0 || MUTANT(lives_forgotten))
			v.grant.host_life[i] = 0;
	}
	register_propose(st, d, &v);
	d->rival_since_ms = 0;
}

/* returns: the value is a revocation in favour of w. */
static bool revoked_for(const struct disk *d, const struct contender *w)
{
	const struct grant *g = &d->own.value.grant;

	return g->set == 0 && ring_same(&g->ring, &w->view.ring) &&
	       members_same(&g->members, &w->view.members);
}

/* A granted ring is kept while one of its granted nodes is live and available in it, and every live
 * member either reports it or reports a ring that this one superseded. */
static const struct contender *kept(const struct disk *d, const struct choice *c)
{
	const struct grant *g = &d->own.value.grant;
	const struct contender *own = choice_find(c, &g->ring, &g->members);
	uint64_t used = slot_map_used(&d->map);
	bool holder = false;

	if (g->set == 0 || own == NULL)
		return NULL;
	for (uint8_t i = slot_first(own->set); i < NODES_MAX; i = slot_next(own->set, i)) {
		const struct slot *s = &d->peer[i].slot;

		if (grant_names(g, i, &s->view, s->host_life))
			holder = true;
	}
	if (!holder || own->superseded)
		return NULL;
	for (uint32_t k = 0; k < c->count; k++) {
		const struct contender *o = &c->contender[k];
		bool inside = false;

		if (o == own || o->superseded)
			continue;
		for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
			if (peer_live(d, i) &&
			    ring_same(&d->peer[i].slot.view.ring, &o->view.ring) &&
			    members_contain(&g->members, d->peer[i].slot.node_id))
				inside = true;
		}
		if (inside)
			return NULL;
	}
	return own;
}

/* Add who reports the granted ring now.  The old set is inside, so one commit is enough. */
static void grow(struct step *st, struct disk *d, const struct choice *c,
		 const struct contender *own)
{
	const struct grant *g = &d->own.value.grant;
	uint64_t set = g->set;
	bool news = false;

	d->stuck_since_ms = 0;
	for (uint8_t i = slot_first(own->set); i < NODES_MAX; i = slot_next(own->set, i)) {
		const struct slot *s = &d->peer[i].slot;

		if (!grant_names(g, i, &s->view, s->host_life))
			news = true;
	}
	if (!news)
		return;
	decision_propose(st, d, c, own, NULL, DECISION_GROWTH);
	propose_grant(st, d, own, set | own->set, own->set);
}

/* A daemon that restarts holds on to its vote (section 5): for T at most its grant is not touched,
 * though between two blocks it is neither live nor available. */
static bool holder_restarts(const struct step *st, const struct disk *d)
{
	const struct grant *g = &d->own.value.grant;

	for (uint8_t i = slot_first(g->set); i < NODES_MAX; i = slot_next(g->set, i)) {
		const struct peer *p = &d->peer[i];

		if (p->read && p->alive && p->starting_ms != 0 &&
		    st->now_ms - p->starting_ms < st->a->policy.dead_ms &&
		    p->slot.cast == CAST_GRANT && p->slot.host_life == g->host_life[i])
			return true;
	}
	return false;
}

/* When a wait that began at since_ms ends for the sake of corosync's own: a decision of then
 * reaches the members of the newest ring before they stop being silent, also those that had the
 * ring an interval before this node.  Who begins to wait in that interval has the rest of it.
 * returns: never, as corosync's wait is over already. */
static uint64_t sync_end_ms(const struct step *st, uint64_t since_ms)
{
	const struct policy *p = &st->a->policy;
	uint64_t settled_ms = st->a->view_ms + p->settle_ms;
	uint64_t end_ms = st->a->view_ms + p->sync_timeout_ms - p->margin_ms - p->interval_ms;
	uint64_t early_ms = later(settled_ms + p->interval_ms, end_ms) - p->interval_ms;

	if (since_ms < early_ms && !MUTANT(ring_at_once))
		return early_ms;
	return since_ms < end_ms ? end_ms : UINT64_MAX;
}

/* Who had been dead and comes back while the newest ring waits does not hold it up beyond that: it
 * may write one block, read its poison and end. */
static bool holds_up(const struct step *st, struct disk *d, uint8_t i)
{
	const struct peer *p = &d->peer[i];
	uint64_t end_ms = sync_end_ms(st, p->watch_ms);

	if (!p->read || !p->returns || end_ms == UINT64_MAX || MUTANT(returning_awaited))
		return true;
	if (st->now_ms >= end_ms)
		return false;
	d->due_ms = earlier(d->due_ms, end_ms);
	return true;
}

/* returns: the slots that must be classified before anything is decided. */
static uint64_t unclassified(const struct step *st, struct disk *d)
{
	uint64_t used = slot_map_used(&d->map);
	uint64_t set = 0;

	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (i != d->own_slot && peer_unclassified(d, i) && holds_up(st, d, i))
			set |= slot_bit(i);
	}
	return set;
}

/* Nothing is decided until end_ms.  returns: it is not over yet. */
static bool waits_until(const struct step *st, struct disk *d, uint64_t end_ms)
{
	if (st->now_ms >= end_ms)
		return false;
	d->due_ms = earlier(d->due_ms, end_ms);
	wait_for(d, WAIT_SETTLE, 0, end_ms);
	return true;
}

/* A wait that began at since_ms ends after settle_ms, and before the newest ring's silence. */
static bool settle_runs(const struct step *st, struct disk *d, uint64_t since_ms)
{
	uint64_t end_ms = since_ms + st->a->policy.settle_ms;

	return waits_until(st, d, earlier(end_ms, sync_end_ms(st, since_ms)));
}

/* Of the last granted set, or of the ring for which it was decided: it may have been granted to the
 * one who had that ring first, and died. */
static uint64_t survivors(const struct disk *d, const struct contender *w, uint64_t set)
{
	const struct members *m = &d->accepted.grant.members;

	for (uint32_t i = 0; i < m->count && !MUTANT(survivors_by_set); i++) {
		uint8_t k = slot_map_find(&d->map, m->node_id[i]);

		if (k != SLOT_NONE)
			set |= slot_bit(k);
	}
	return set & ~w->set;
}

/* Who was granted and still shows a broken ring outlives it: a winner without anybody of the last
 * grant, such as a node that has just booted, waits until totem has formed the survivors' new ring,
 * that is for its detection, and the spread of it, after the last change. */
static bool survivors_awaited(const struct step *st, struct disk *d, const struct choice *c,
			      const struct contender *w)
{
	const struct policy *p = &st->a->policy;
	uint64_t before = choice_before(d);
	uint64_t end_ms = d->unsettled_ms;
	bool awaited = false;

	if ((w->set & before) != 0 ||
	    (MUTANT(survivors_once_revoked) && d->own.value.grant.set == 0))
		return false;
	/* Whoever revoked for it had nobody to wait for any more. */
	if (revoked_for(d, w) && !MUTANT(heir_waits_again))
		return false;
	before = survivors(d, w, before);
	for (uint8_t i = slot_first(before); i < NODES_MAX; i = slot_next(before, i)) {
		const struct peer *of = &d->peer[i];
		const struct contender *in;

		/* A death breaks the ring again, once: a daemon may come back and end for ever. */
		if (!of->alive && of->back_ms <= d->unsettled_ms)
			end_ms = later(end_ms, of->first_end_ms);
		if (!peer_available(d, i))
			continue;
		in = choice_find(c, &of->slot.view.ring, &of->slot.view.members);
		awaited = awaited || (in != NULL && !in->consistent);
	}
	end_ms += timing_detection_ms(p) + p->settle_ms;
	if (!awaited || MUTANT(survivors_not_awaited) || !waits_until(st, d, end_ms))
		return false;
	/* It ends by itself: to hand over would only begin it anew. */
	d->stuck_since_ms = 0;
	beat_hurry(d, end_ms);
	return true;
}

/* The time to settle may be over long before the survivors have their ring, when a node that boots
 * had one before them: those who do not report it yet are given it from when it is there. */
static bool members_awaited(const struct step *st, struct disk *d, const struct contender *w)
{
	uint64_t since_ms = UINT64_MAX;

	if (w->consistent || revoked_for(d, w) || MUTANT(settled_by_others))
		return false;
	for (uint8_t i = slot_first(w->set); i < NODES_MAX; i = slot_next(w->set, i))
		since_ms = earlier(since_ms, d->peer[i].view_ms);
	if (since_ms == UINT64_MAX || !settle_runs(st, d, since_ms))
		return false;
	beat_hurry(d, since_ms + st->a->policy.settle_ms);
	return true;
}

/* S6: the first grant of a ring of several registered nodes waits for their hellos. */
static bool hellos_awaited(const struct step *st, struct disk *d, const struct contender *w)
{
	if (!ring_same(&w->view.ring, &st->a->view.ring))
		return false;
	/* A claim that the disk does not bear out ends with its proof, or with "not shared". */
	if (liveness_hello_pending(st, d))
		return true;
	if (liveness_ring_matched(st, d))
		return false;
	if (!ring_same(&d->first_ring, &w->view.ring)) {
		d->first_ring = w->view.ring;
		d->first_ring_ms = st->now_ms;
	}
	return settle_runs(st, d, d->first_ring_ms);
}

/* The revocation's heir stays the winner unless its view dissolved, it has nobody left who could
 * use the grant, or another has led the ranking for settle_ms. */
static const struct contender *keep_heir(const struct step *st, struct disk *d,
					 const struct choice *c, const struct contender *best)
{
	const struct grant *g = &d->own.value.grant;
	const struct contender *heir = choice_find(c, &g->ring, &g->members);

	if (g->set != 0 || ring_none(&g->ring) || heir == NULL || heir == best || heir->set == 0 ||
	    heir->superseded || !heir->consistent) {
		d->rival_since_ms = 0;
		return best;
	}
	if (d->rival_since_ms == 0 || !ring_same(&d->rival, &best->view.ring)) {
		d->rival = best->view.ring;
		d->rival_since_ms = st->now_ms;
	}
	if (st->now_ms - d->rival_since_ms >= st->a->policy.settle_ms)
		return best;
	return heir;
}

/* Everything a leader may stand still for is bounded, but a bug or a disk that shows itself to one
 * node only is not: it hands over so that another may try. */
static void stuck(struct step *st, struct disk *d)
{
	const struct policy *p = &st->a->policy;
	uint64_t used = slot_map_used(&d->map);
	uint64_t patience_ms = later(3 * (uint64_t)p->settle_ms,
				     timing_x_ms(&d->own.timings) + p->dead_ms + p->settle_ms);

	if (d->stuck_since_ms == 0)
		d->stuck_since_ms = st->now_ms;
	if (st->now_ms - d->stuck_since_ms < patience_ms)
		return;
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (i != d->own_slot && peer_live(d, i)) {
			register_resign(st, d);
			return;
		}
	}
	d->stuck_since_ms = st->now_ms;
}

/* The mutant "set_by_members" takes the listed members instead of those that report the view. */
static uint64_t winner_set(const struct disk *d, const struct contender *w)
{
	uint64_t set = w->set;

	if (MUTANT(set_by_members)) {
		for (uint8_t i = 0; i < NODES_MAX; i++) {
			if (peer_live(d, i) &&
			    members_contain(&w->view.members, d->peer[i].slot.node_id))
				set |= slot_bit(i);
		}
	}
	return set;
}

static void hand_over(struct step *st, struct disk *d, const struct choice *c,
		      const struct contender *w, const struct contender *best)
{
	uint64_t set = winner_set(d, w);
	uint64_t others = value_named(&d->own.value) & ~set;
	uint64_t left = 0, wait_until_ms = 0;
	/* Its time runs while X is waited for, else the two together outlast corosync's sync. */
	bool hellos = hellos_awaited(st, d, w);

	if (others != 0 && !MUTANT(no_pending)) {
		if (!revoked_for(d, w)) {
			decision_propose(st, d, c, w, best, DECISION_NONE);
			propose_revocation(st, d, w);
			return;
		}
		left = may_cast(st, d, others, &wait_until_ms);
	}
	if (left == 0) {
		if (hellos) {
			wait_for(d, WAIT_HELLO, 0, d->waiting_until_ms);
			return;
		}
		decision_propose(st, d, c, w, best, DECISION_GRANT);
		propose_grant(st, d, w, set, set);
		return;
	}
	wait_for(d, WAIT_HOLDERS, left, wait_until_ms);
	if (wait_until_ms != d->wait_until_ms) {
		if (d->wait_until_ms == 0)
			step_note(st, NOTE_WAITING, left,
				  wait_until_ms - earlier(wait_until_ms, st->now_ms));
		d->wait_until_ms = wait_until_ms;
	}
	d->due_ms = earlier(d->due_ms, later(wait_until_ms, st->now_ms + 1));
	stuck(st, d);
}

void grant_run(struct step *st, struct disk *d)
{
	const struct contender *w;
	enum rank_step step;
	struct choice c;
	uint64_t open;
	int best;

	if (d->lead != LEAD_STEADY)
		return;
	wait_for(d, WAIT_NONE, 0, 0);
	choice_collect(st, d, &c);
	w = kept(d, &c);
	if (w != NULL) {
		d->unsettled_ms = 0;
		if (unclassified(st, d) == 0)
			grow(st, d, &c, w);
		return;
	}
	if (holder_restarts(st, d)) {
		wait_for(d, WAIT_RESTART, 0, 0);
		stuck(st, d);
		return;
	}
	if (!c.settled && d->unsettled_ms == 0) {
		d->unsettled_ms = later(st->now_ms, 1);
		beat_hurry(d, st->now_ms + st->a->policy.settle_ms);
	} else if (c.settled) {
		d->unsettled_ms = 0;
	}
	open = unclassified(st, d);
	if (open != 0) {
		wait_for(d, WAIT_CLASSIFY, open, 0);
		stuck(st, d);
		return;
	}
	if (!c.settled && settle_runs(st, d, d->unsettled_ms))
		return;
	best = choice_best(st, &c, &step);
	if (best < 0) {
		wait_for(d, WAIT_CONTENDER, 0, 0);
		stuck(st, d);
		return;
	}
	w = keep_heir(st, d, &c, &c.contender[best]);
	if (survivors_awaited(st, d, &c, w) || members_awaited(st, d, w))
		return;
	hand_over(st, d, &c, w, &c.contender[best]);
}

/* One round trip less on the way to the vote.  A revocation gives nothing to anybody, so the others
 * may be judged by the last complete read; the grant itself still waits for a read of its own. */
void grant_view_changed(struct step *st, struct disk *d)
{
	/* Only between two beats: due_ms has another meaning in the others' midst. */
	if (!beat_usable(d) || d->beat != BEAT_IDLE || d->not_shared || d->lead != LEAD_STEADY ||
	    d->own.state != SLOT_RUNNING || ring_none(&st->a->view.ring))
		return;
	d->peer[d->own_slot].slot.view = st->a->view;
	d->peer[d->own_slot].view_ms = st->now_ms;
	st->early = true;
	grant_run(st, d);
	st->early = false;
}

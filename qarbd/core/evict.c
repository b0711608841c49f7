/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: evictions (doc/protocol.md section 8), from the first sight of a node that is due to the
 * end of its order.
 *
 * An order is told to the fence bridge only when completed beats on most disks show its poison in
 * the own slot: the record must outlive this daemon (S3), and the other evictors see who asks.
 */
#include <string.h>

#include "core/core.h"

/* After its deadline the bridge is given this long to say so. */
enum { DEADLINE_GRACE_MS = 5000 };

static bool is_open(const struct eviction *e)
{
	return e->order.id != 0 && e->progress != EVICT_DONE && e->progress != EVICT_GAVE_UP &&
	       e->progress != EVICT_WITHDRAWN;
}

/* ---- what is remembered of slots ---- */

static void watch_defiance(struct step *st, struct disk *d, uint8_t i)
{
	struct peer *p = &d->peer[i];
	const struct slot *s = &p->slot;
	const struct grant *g = &d->accepted.grant;
	uint64_t since_ms = MUTANT(evict_back) ? d->accept_ms : later(d->accept_ms, p->back_ms);

	/* Unknown is not disobedience, nor is what was cast before a revocation: a revoked node may
	 * wait for its ring's decision, and D may run; nor what a restarted daemon, or one that
	 * stood still, says until it knows that nobody counts it any more. */
	if (!d->accepted_valid || g->set == 0 || (g->set & slot_bit(i)) != 0 ||
	    s->state != SLOT_RUNNING || s->cast != CAST_GRANT ||
	    number_compare(&s->cast_number, &g->number) >= 0 ||
	    st->now_ms < since_ms + peer_x_ms(st, d, i)) {
		p->defy_incarnation = 0;
		return;
	}
	if (p->defy_incarnation == s->incarnation)
		return;
	p->defy_incarnation = s->incarnation;
	p->defy_beats = s->beats;
}

static void watch_slot(struct step *st, struct disk *d, uint8_t i)
{
	const struct arb *a = st->a;
	struct peer *p = &d->peer[i];
	/* What this node did not watch, or found when it looked again, is no news of today. */
	bool watched = (d->unseen_ms == 0 && p->unseen_ms == 0) || MUTANT(evict_unwatched);
	bool unfit = a->policy.evict_on_score && a->fit && !p->slot.fit && peer_live(d, i) &&
		     watched && members_contain(&a->view.members, p->slot.node_id);

	watch_defiance(st, d, i);
	if (!unfit)
		p->unfit_since_ms = 0;
	else if (p->unfit_since_ms == 0)
		p->unfit_since_ms = st->now_ms;
	if (p->slot.poison_count == 0)
		p->poison_seen_ms = 0;
	else if (p->poison_seen_ms == 0)
		p->poison_seen_ms = st->now_ms;
}

/* ---- orders ---- */

static void tell(struct step *st, const struct eviction *e)
{
	struct action *action = step_action(st, ACTION_EVICT);

	action->u.evict.place = (uint32_t)(e - st->a->evictor.eviction);
	action->u.evict.order = e->order;
}

static void note_end(struct step *st, const struct eviction *e, enum note_id id)
{
	const uint64_t v[4] = { e->order.node_id, e->order.incarnation,
				id == NOTE_EVICT_DONE ? st->now_ms - e->ordered_ms : e->attempts,
				0 };

	step_note4(st, id, v);
}

/* Ended for this daemon; it stays on the list, withdrawn, until the bridge lets go of it too. */
static void end(struct step *st, struct eviction *e, enum evict_progress progress)
{
	e->progress = progress;
	e->order.withdrawn = true;
	e->ended = e->ended || !e->sent;
	note_end(st, e,
		 progress == EVICT_DONE	     ? NOTE_EVICT_DONE
		 : progress == EVICT_GAVE_UP ? NOTE_EVICT_GAVE_UP
					     : NOTE_EVICT_WITHDRAWN);
}

/* Off the bridge's list; the place keeps what status tells until it is needed. */
static void let_go(struct step *st, struct eviction *e)
{
	struct action *action;

	e->ended = true;
	if (!e->sent)
		return;
	e->sent = false;
	action = step_action(st, ACTION_EVICT);
	action->u.evict.place = (uint32_t)(e - st->a->evictor.eviction);
}

/* returns: the place for an order, an earlier one of the same eviction first; NULL: none. */
static struct eviction *place_for(struct evictor *v, uint32_t node_id, uint64_t incarnation)
{
	struct eviction *best = NULL;

	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct eviction *e = &v->eviction[i];

		if (e->order.id != 0 && e->order.node_id == node_id &&
		    e->order.incarnation == incarnation)
			return e;
		if (e->order.id == 0 || (!is_open(e) && e->ended))
			best = best == NULL || e->order.id < best->order.id ? e : best;
	}
	return best;
}

static void order(struct step *st, const struct target *t, enum evict_why why)
{
	struct evictor *v = &st->a->evictor;
	struct eviction *e = place_for(v, t->node_id, t->incarnation);
	const uint64_t facts[4] = { t->node_id, t->incarnation, (uint64_t)why, 0 };

	if (e == NULL)
		return;
	if (e->sent)
		let_go(st, e);
	memset(e, 0, sizeof(*e));
	v->last_id = later(v->last_id + 1, st->now_ms);
	e->order.id = v->last_id;
	e->order.node_id = t->node_id;
	e->order.incarnation = t->incarnation;
	e->order.deadline_ms = st->now_ms + EVICT_DEADLINE_MS;
	e->order.action = st->a->policy.evict_action;
	e->order.why = why;
	e->ordered_ms = st->now_ms;
	poison_write(st, t->node_id, t->incarnation);
	step_note4(st, NOTE_EVICT_ORDERED, facts);
}

/* What takes an order back: the target's next life or its leaving, the loss of the vote,
 * maintenance mode unless the fencer works on it, and whatever else began to protect the target
 * before the fencer was asked. */
static bool taken_back(const struct step *st, const struct eviction *e)
{
	const struct arb *a = st->a;
	const struct node_facts *n = gate_facts(a, e->order.node_id);
	bool asked = e->progress == EVICT_REQUESTED || e->progress == EVICT_FAILED;

	if (a->leaving || a->evictor.poisoned || !a->policy.evict ||
	    (a->publication.answer == ANSWER_NO && !MUTANT(evict_without_vote)))
		return true;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];
		uint8_t k = slot_map_find(&d->map, e->order.node_id);

		if (!beat_usable(d) || k == SLOT_NONE || !d->peer[k].read)
			continue;
		if ((d->peer[k].slot.incarnation != e->order.incarnation &&
		     d->peer[k].first_end_ms >= e->ordered_ms) ||
		    (d->peer[k].slot.incarnation == e->order.incarnation &&
		     d->peer[k].slot.state == SLOT_LEAVING && !MUTANT(evict_starting)))
			return true;
	}
	/* After a failure the next attempt is a new request. */
	if (e->progress != EVICT_REQUESTED && n != NULL && n->maintenance &&
	    !a->policy.evict_in_maintenance && !MUTANT(evict_maintained))
		return true;
	if (asked)
		return false;
	/* Between two rings a node may have come back with another life; it is judged anew. */
	if (e->order.why != EVICT_ADMIN && e->ordered_ms <= a->view_ms)
		return true;
	/* What has left the ring is Pacemaker's business. */
	if (e->order.why == EVICT_DEAD && !members_contain(&a->view.members, e->order.node_id) &&
	    !MUTANT(evict_outside))
		return true;
	return n != NULL && n->shutting_down && !MUTANT(evict_shutdown);
}

static void run_one(struct step *st, struct eviction *e)
{
	uint32_t shown = (uint32_t)__builtin_popcount(e->shown);

	if (!is_open(e)) {
		if (!e->ended && e->sent &&
		    (!st->a->evictor.facts.connected ||
		     st->now_ms >= e->order.deadline_ms + DEADLINE_GRACE_MS))
			let_go(st, e);
		return;
	}
	if (taken_back(st, e)) {
		end(st, e, EVICT_WITHDRAWN);
		if (e->sent)
			tell(st, e);
		return;
	}
	/* Actions of one batch have no order: the vote must be known outside already. */
	if (!e->sent && shown >= gate_majority(st->a) &&
	    ((st->voting && majority_granted(st) && st->a->quorate) ||
	     MUTANT(evict_without_vote))) {
		e->sent = true;
		tell(st, e);
	}
	if (st->now_ms >= e->order.deadline_ms + DEADLINE_GRACE_MS) {
		end(st, e, EVICT_GAVE_UP);
		let_go(st, e);
	}
}

void evict_run(struct step *st)
{
	struct evictor *v = &st->a->evictor;

	/* This daemon has never ordered anything. */
	if (v->last_id == 0)
		return;
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		if (v->eviction[i].order.id != 0 &&
		    (is_open(&v->eviction[i]) || !v->eviction[i].ended))
			run_one(st, &v->eviction[i]);
	}
}

/* ---- who is due ---- */

static struct held *held_of(struct evictor *v, uint32_t node_id)
{
	/* The list has no gaps. */
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if (v->held[i].node_id == node_id || v->held[i].node_id == 0)
			return &v->held[i];
	}
	return NULL;
}

static void hold_up(struct step *st, const struct target *t, enum evict_why why,
		    enum evict_gate gate)
{
	struct held *h = held_of(&st->a->evictor, t->node_id);
	const uint64_t facts[4] = { t->node_id, (uint64_t)why, (uint64_t)gate, 0 };
	bool same;

	if (h == NULL)
		return;
	same = h->node_id != 0 && h->incarnation == t->incarnation && h->why == why;
	if (same && h->gate == gate)
		return;
	if (!same)
		h->since_ms = st->now_ms;
	h->node_id = t->node_id;
	h->incarnation = t->incarnation;
	h->why = why;
	h->gate = gate;
	/* What the own orders do is told by their own notes. */
	if (gate != EVICT_GATE_FENCING && gate != EVICT_GATE_TWICE)
		step_note4(st, NOTE_EVICT_HELD, facts);
}

static void release(struct step *st, uint32_t node_id)
{
	struct held *h = held_of(&st->a->evictor, node_id);

	uint32_t last = 0;

	if (h == NULL || h->node_id == 0)
		return;
	while (last + 1 < NODES_MAX && st->a->evictor.held[last + 1].node_id != 0)
		last++;
	*h = st->a->evictor.held[last];
	memset(&st->a->evictor.held[last], 0, sizeof(*h));
}

static void consider(struct step *st, uint32_t node_id)
{
	struct target t;
	enum evict_why why = EVICT_DEAD;
	enum evict_gate gate;

	gate_survey(st, node_id, &t);
	if (!st->a->policy.evict || !gate_due(st, &t, &why)) {
		release(st, node_id);
		return;
	}
	/* Who left, or never ran, gives no reason at all: that is no eviction held up. */
	if (t.state != SLOT_RUNNING && !MUTANT(evict_starting)) {
		release(st, node_id);
		return;
	}
	gate = gate_judge(st, &t, why);
	if (gate == EVICT_GATE_OPEN && !poison_room(st->a))
		gate = EVICT_GATE_FULL;
	if (gate == EVICT_GATE_OPEN) {
		release(st, node_id);
		order(st, &t, why);
	} else {
		hold_up(st, &t, why, gate);
	}
}

void evict_joined(struct step *st, uint32_t node_id)
{
	struct arb *a = st->a;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		uint8_t k = slot_map_find(&a->disk[i].map, node_id);

		if (k != SLOT_NONE)
			a->disk[i].peer[k].joined_ms = st->now_ms;
	}
}

/* Spares the survey of nodes that nothing is the matter with. */
static bool suspicious(const struct step *st, const struct disk *d, uint8_t i)
{
	const struct peer *p = &d->peer[i];
	const struct evictor *v = &st->a->evictor;

	if (!p->alive || p->defy_incarnation != 0 || p->unfit_since_ms != 0)
		return true;
	for (uint32_t k = 0; k < NODES_MAX && v->held[k].node_id != 0; k++) {
		if (v->held[k].node_id == d->map.node_id[i])
			return true;
	}
	return false;
}

void evict_read(struct step *st, struct disk *d)
{
	struct evictor *v = &st->a->evictor;
	uint64_t used = slot_map_used(&d->map);

	d->shown_count = d->written.poison_count;
	memcpy(d->shown, d->written.poison, sizeof(d->shown));
	poison_expire(st, d);
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct eviction *e = &v->eviction[i];

		if (is_open(e) &&
		    poison_has(d->shown, d->shown_count, e->order.node_id, e->order.incarnation))
			e->shown |= 1U << st->arbiter_index;
	}
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (i == d->own_slot || !d->peer[i].read)
			continue;
		watch_slot(st, d, i);
		if (suspicious(st, d, i))
			consider(st, d->map.node_id[i]);
	}
}

/* ---- what is told ---- */

void evict_bridge(struct step *st, const struct bridge_facts *f)
{
	struct evictor *v = &st->a->evictor;

	if (f->connected != v->facts.connected)
		step_note(st, f->connected ? NOTE_BRIDGE_UP : NOTE_BRIDGE_GONE, 0, 0);
	v->facts = *f;
}

void evict_report(struct step *st, const struct evict_report *r)
{
	struct evictor *v = &st->a->evictor;

	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct eviction *e = &v->eviction[i];
		bool over = r->progress == EVICT_DONE || r->progress == EVICT_GAVE_UP ||
			    r->progress == EVICT_WITHDRAWN;
		bool failed = r->progress == EVICT_FAILED && r->attempts != e->attempts;

		if (e->order.id == 0 || e->order.id != r->id)
			continue;
		if (is_open(e)) {
			e->attempts = r->attempts;
			memcpy(e->text, r->text, sizeof(e->text));
			if (failed)
				note_end(st, e, NOTE_EVICT_FAILED);
			if (over)
				end(st, e, r->progress);
			else
				e->progress = r->progress;
		}
		if (over && !e->ended)
			let_go(st, e);
	}
}

void evict_fenced(struct step *st, const struct fencing_seen *f)
{
	struct evictor *v = &st->a->evictor;
	struct fenced *known = NULL;

	if (f->node_id == 0 || f->action == FENCE_ON)
		return;
	for (uint32_t i = 0; i < NODES_MAX && (known == NULL || known->node_id != f->node_id); i++)
		if (v->fenced[i].node_id == f->node_id ||
		    (v->fenced[i].node_id == 0 && known == NULL))
			known = &v->fenced[i];
	if (known == NULL)
		return;
	known->node_id = f->node_id;
	switch (f->result) {
	case FENCING_STARTED:
		known->started_ms = later(known->started_ms, f->at_ms);
		return;
	case FENCING_FAILED:
		known->failed_ms = later(known->failed_ms, f->at_ms);
		return;
	case FENCING_DONE:
	case FENCING_RESULT_COUNT:
		break;
	}
	known->done_ms = later(known->done_ms, f->at_ms);
	/* Whoever asked for it: the order is fulfilled. */
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct eviction *e = &v->eviction[i];

		if (!is_open(e) || e->order.node_id != f->node_id || f->at_ms < e->ordered_ms)
			continue;
		end(st, e, EVICT_DONE);
		if (e->sent)
			tell(st, e);
	}
}

static enum evict_gate ask_poison(struct step *st, const struct target *t)
{
	uint32_t majority = gate_majority(st->a);

	if (majority == 0)
		return EVICT_GATE_NO_DISKS;
	if (t->node_id == st->a->node_id)
		return EVICT_GATE_SELF;
	if (!t->known)
		return EVICT_GATE_UNKNOWN_NODE;
	if (t->disks < majority)
		return EVICT_GATE_OWN_BEAT;
	if (t->incarnation == 0)
		return EVICT_GATE_NOT_SEEN;
	if (!poison_room(st->a))
		return EVICT_GATE_FULL;
	poison_write(st, t->node_id, t->incarnation);
	return EVICT_GATE_OPEN;
}

void evict_ask(struct step *st, const struct evict_request *q)
{
	struct evict_verdict *verdict;
	enum evict_gate gate;
	struct target t;

	gate_survey(st, q->node_id, &t);
	if (q->ask == EVICT_ASK_POISON) {
		gate = ask_poison(st, &t);
	} else {
		gate = gate_judge(st, &t, EVICT_ADMIN);
		if (gate == EVICT_GATE_OPEN && !poison_room(st->a))
			gate = EVICT_GATE_FULL;
		if (gate == EVICT_GATE_OPEN)
			order(st, &t, EVICT_ADMIN);
	}
	verdict = &step_action(st, ACTION_VERDICT)->u.verdict;
	verdict->number = q->number;
	verdict->gate = gate;
}

/* ---- status ---- */

void evict_status(const struct arb *a, uint64_t now_ms, struct evict_status *s)
{
	const struct evictor *v = &a->evictor;

	s->bridge = v->facts.connected;
	s->fencer = v->facts.fencer;
	s->known = v->facts.known;
	s->fencing_enabled = v->facts.fencing_enabled;
	s->maintenance = v->facts.maintenance;
	s->poisoned = v->poisoned;
	s->watchdog_ms = a->leaving ? 0 : v->watchdog_ms;
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		const struct eviction *e = &v->eviction[i];
		struct evict_item *item = &s->item[s->count];

		if (e->order.id == 0)
			continue;
		s->count++;
		item->node_id = e->order.node_id;
		item->why = e->order.why;
		item->incarnation = e->order.incarnation;
		item->ordered = true;
		item->progress = e->progress;
		item->attempts = e->attempts;
		item->since_ms = now_ms - e->ordered_ms;
		memcpy(item->text, e->text, sizeof(item->text));
	}
	for (uint32_t i = 0; i < NODES_MAX && s->count < EVICT_ORDERS_MAX; i++) {
		const struct held *h = &v->held[i];
		struct evict_item *item = &s->item[s->count];

		if (h->node_id == 0 || h->gate == EVICT_GATE_FENCING || h->gate == EVICT_GATE_TWICE)
			continue;
		s->count++;
		item->node_id = h->node_id;
		item->why = h->why;
		item->incarnation = h->incarnation;
		item->gate = h->gate;
		item->since_ms = now_ms - h->since_ms;
	}
	poison_status(a, s);
}

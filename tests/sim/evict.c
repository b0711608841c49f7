/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: fence bridges with a fencer that fails now and then, poison, watchdogs; and what no schedule
 * may do: evict who is protected, evict one life twice, vote after poison, outlive a watchdog.
 */
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

enum { CHANNEL_NEWS = 2, PLACE_BITS = 8 };

/* Of its own randomness: what else a schedule does is the same with and without evictions. */
void evict_policy(struct world *w)
{
	struct policy *p = &w->policy;
	struct rng r = { w->seed ^ 0xe71c7u };
	uint64_t k = rng_below(&r, 3);

	/* Gentle schedules lose nothing by faults that no rule would evict for. */
	if (w->story || w->class == CLASS_GENTLE || rng_chance(&r, 2000))
		return;
	p->evict = true;
	p->on_poison = rng_chance(&r, 7000) ? SELF_REBOOT : SELF_STOP;
	p->evict_after_ms = (uint32_t)w->x_ms;
	if (k == 1)
		p->evict_after_ms += (uint32_t)timing_detection_ms(p);
	if (k == 2)
		p->evict_after_ms = 10 * p->dead_ms > w->x_ms ? 10 * p->dead_ms : (uint32_t)w->x_ms;
	p->evict_on_score = rng_chance(&r, 5000);
	w->evict.maintenance = rng_chance(&r, 700);
	w->evict.fabric = rng_chance(&r, 2000);
	/* A daemon that was restarted cannot know that a disk is not shared. */
	if (w->class != CLASS_PRIVATE && rng_chance(&r, 3000))
		w->evict.dog_ms = (uint32_t)rng_range(&r, p->dead_ms, 3 * w->x_ms);
	w->evict.rng = r;
}

static struct node *by_id(struct world *w, uint32_t id)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].id == id)
			return &w->node[i];
	return NULL;
}

static void post_fenced(struct world *w, struct node *n, const struct node *t)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_FENCED;
	e.u.fencing.node_id = t->id;
	e.u.fencing.result = FENCING_DONE;
	e.u.fencing.at_ms = clock_local_us(n, t->fence.at) / 1000;
	proc_post(w, n, &e, CHANNEL_NEWS);
}

/* Pacemaker fences who left the ring: by a fabric that cuts other paths than ours, or by the word
 * of an administrator.  The node lives on, and what it counts it counts. */
void evict_ring(struct world *w, struct node *n, uint64_t members)
{
	struct event e;

	if (!w->evict.fabric || w->calm)
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((members & slot_bit(i)) != 0 || rng_chance(&w->evict.rng, 3000))
			continue;
		w->cover[COVER_FABRIC]++;
		memset(&e, 0, sizeof(e));
		e.type = EVENT_FENCED;
		e.u.fencing.node_id = w->node[i].id;
		e.u.fencing.result = FENCING_DONE;
		e.u.fencing.at_ms = clock_local_ms(w, n);
		proc_post(w, n, &e, CHANNEL_NEWS);
	}
}

static void post_bridge(struct world *w, struct node *n)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_BRIDGE;
	e.u.bridge.connected = e.u.bridge.fencer = e.u.bridge.known = true;
	e.u.bridge.fencing_enabled = !w->evict.disabled;
	e.u.bridge.maintenance = w->evict.maintenance;
	proc_post(w, n, &e, CHANNEL_NEWS);
}

void evict_allowed(struct world *w, bool maintenance, bool fencing)
{
	TRACE(w, "Pacemaker: %smaintenance mode, fencing %s", maintenance ? "" : "no ",
	      fencing ? "enabled" : "disabled");
	w->evict.maintenance = maintenance;
	w->evict.disabled = !fencing;
	for (uint32_t i = 0; i < w->nodes; i++)
		post_bridge(w, &w->node[i]);
}

void evict_expect(struct world *w, uint64_t mask, const char *when)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];
		uint32_t wanted = (mask & slot_bit(i)) != 0;

		if (n->fence.count != wanted)
			fail(w, "V: node %u was fenced %u times %s, not %u", n->id, n->fence.count,
			     when, wanted);
	}
}

/* The watchdog that the guardian holds, with the times that the node has now. */
void evict_tell_dog(struct world *w, struct node *n)
{
	struct policy p = config_policy(w, n);
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_WATCHDOG;
	e.u.watchdog_ms = timing_watchdog_ms(&p, w->evict.dog_ms);
	proc_post(w, n, &e, CHANNEL_NEWS);
}

/* A fresh decider is told what the bridge knows, and the watchdog that the guardian holds. */
void evict_start(struct world *w, struct node *n)
{
	n->fence.poison_at = 0;
	n->fence.started_at = w->now;
	memset(n->fence.order, 0, sizeof(n->fence.order));
	if (!w->policy.evict)
		return;
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].fence.at != 0)
			post_fenced(w, n, &w->node[i]);
	post_bridge(w, n);
	if (n->fence.dog_held)
		evict_tell_dog(w, n);
}

/* ---- what forbids an eviction ---- */

static bool has_poison(const struct slot *s, uint32_t node_id, uint64_t incarnation)
{
	for (uint32_t i = 0; i < s->poison_count; i++)
		if (s->poison[i].node_id == node_id && s->poison[i].incarnation == incarnation)
			return true;
	return false;
}

static void check_weights(struct world *w, const struct node *n, const struct ring *r)
{
	uint64_t live = 0;
	uint64_t dead = 0;

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *x = &w->node[i];
		uint64_t at = x->fence.landed_at;

		if ((r->members & n->conf.listed & slot_bit(i)) == 0 || !x->has_landed ||
		    slots_bit(x) == 0)
			continue;
		/* Who was paused does not know how long ago that was. */
		if (at < n->paused_until)
			at = n->paused_until;
		if (w->now > at + (uint64_t)w->policy.evict_after_ms * 1010)
			dead += x->votes;
		else
			live += x->votes;
	}
	if (dead > live)
		fail(w, "V: node %u evicts, and the dead of its ring outweigh the living", n->id);
}

/* May a message of then be on its way?  A decider that was stopped finds it among what waits for
 * it, in no order. */
static bool lately(const struct world *w, const struct node *n, uint64_t at)
{
	if (at < n->decider_on_at)
		at = n->decider_on_at;
	return w->now <= at + (uint64_t)w->policy.poll_ms * 1500;
}

/* Of its new life the evictor knows only by a ring that was formed with it; then it has the time to
 * start. */
static bool unseen(const struct world *w, const struct node *n, const struct node *t)
{
	return t->fence.landed_at < n->fence.started_at ||
	       (t->fence.landed_at < t->vq.life_at && n->vq.ring_at > t->vq.life_at &&
		n->known.ring == n->vq.ring && w->now > n->vq.ring_at + 100 * MS &&
		w->now < n->vq.ring_at + (uint64_t)w->policy.evict_after_ms * 990);
}

/* Exactly one asks: is there another, lower one, that has long been as good as this one? */
static void check_elected(struct world *w, const struct node *n, const struct node *t)
{
	uint64_t long_us = 2 * (uint64_t)w->policy.evict_after_ms * 1000;

	/* At the end no order is carried out any more: the next node takes over. */
	if (w->calm)
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *x = &w->node[i];

		if (x != t && x->id < n->id && proc_runs(x, PROC_DECIDER) && !x->leaving &&
		    x->vq.ring == n->vq.ring && x->vq.cast && x->vq.yes_ring == x->vq.ring &&
		    !x->vq.frozen && x->disk == n->disk && w->now > x->vq.ring_at + long_us &&
		    w->now > x->fence.steady_at + long_us &&
		    w->now > x->fence.started_at + long_us && x->fence.fit_at != 0 &&
		    w->now > x->fence.fit_at + long_us &&
		    w->now < x->fence.landed_at + (uint64_t)w->interval_ms * 2000)
			fail(w, "V: node %u evicts node %u, node %u should", n->id, t->id, x->id);
	}
}

/* It is judged by a read that ends now, of the beat that its last block began. */
static void check_fresh(struct world *w, const struct node *n, uint32_t node_id)
{
	uint64_t age_ms = clock_local_ms(w, n) - n->shown.submit_ms;

	if (age_ms > 2 * (uint64_t)w->interval_ms)
		fail(w, "V: node %u evicts node %u, its own last beat is %llu ms old", n->id,
		     node_id, (unsigned long long)age_ms);
}

/* Who lives on the disk and casts nothing, or what its predecessor cast, must have said there for
 * long that it is unfit. */
static void check_unfit(struct world *w, const struct node *n, const struct node *t)
{
	/* The read of that beat may not have shown yet that it writes again. */
	if (w->now > t->fence.landed_at + (uint64_t)w->interval_ms * 2000 ||
	    t->fence.steady_at > clock_global_us(n, n->shown.submit_ms))
		return;
	w->cover[COVER_UNFIT] += t->fence.fit_at == 0;
	if (t->fence.fit_at != 0 &&
	    (w->now > t->fence.cast_at + (uint64_t)w->interval_ms * 3000 ||
	     w->now < t->fence.started_at + (uint64_t)w->x_ms * 900) &&
	    w->now > t->fence.fit_at + (uint64_t)w->interval_ms * 3000)
		fail(w, "V: node %u evicts node %u, which lives and is fit", n->id, t->id);
}

/* Who had it fenced is gone, and totem, of a network that flaps, has formed no ring since then. */
static bool untold(const struct world *w, const struct node *n, const struct node *t)
{
	return !w->node[t->fence.by].proc[PROC_DECIDER].alive && n->vq.ring_at < t->fence.at;
}

/* Judged by the blocks on the disk and by what the evictor's corosync told it. */
static void check_target(struct world *w, struct node *n, struct node *t, uint64_t incarnation)
{
	uint64_t after_us = (uint64_t)w->policy.evict_after_ms * 990;
	const struct ring *r = n->known.ring >= 0 ? &w->ring[n->known.ring] : NULL;

	w->cover[COVER_JUDGED_V]++;
	if (t == NULL || t == n) {
		fail(w, "V: node %u evicts itself or nobody", n->id);
		return;
	}
	/* Actions of one batch have no order: the vote is judged when all are done. */
	n->fence.evicts = t->id;
	if (!n->known.quorate && !lately(w, n, n->fence.quorate_at))
		fail(w, "V: node %u evicts node %u and is not quorate", n->id, t->id);
	if (w->evict.maintenance)
		fail(w, "V: node %u evicts node %u in maintenance mode", n->id, t->id);
	if (w->evict.disabled)
		fail(w, "V: node %u evicts node %u, fencing is disabled", n->id, t->id);
	if (w->class == CLASS_PRIVATE)
		fail(w, "V: node %u evicts node %u with a private copy", n->id, t->id);
	if (t->fence.incarnation == incarnation && w->now > t->fence.at + 100 * MS &&
	    !untold(w, n, t))
		fail(w, "V: node %u evicts one life of node %u twice", n->id, t->id);
	if (!t->has_landed) {
		fail(w, "V: node %u evicts node %u, which never wrote", n->id, t->id);
		return;
	}
	/* Its corosync is gone since just now; what landed just now may not be read yet. */
	if (r == NULL || w->now < t->fence.landed_at + after_us)
		return;
	if (t->landed->slot.incarnation != incarnation || t->landed->slot.state != SLOT_RUNNING)
		fail(w, "V: node %u evicts node %u, which is starting, leaving or another life",
		     n->id, t->id);
	if (unseen(w, n, t))
		fail(w, "V: node %u evicts node %u, which it never saw running", n->id, t->id);
	if ((r->members & slot_bit(t->index)) != 0 &&
	    (n->known.peers_registered & slot_bit(t->index)) == 0 &&
	    !lately(w, n, n->fence.peers_at))
		fail(w, "V: node %u evicts node %u, which has no device", n->id, t->id);
	check_weights(w, n, r);
	check_elected(w, n, t);
}

/* Poison stays until its target shows another life or its slot is another one's, over the evictor's
 * restarts too. */
static void check_kept(struct world *w, const struct node *n, const struct slot *s)
{
	for (uint32_t i = 0; n->has_landed && i < n->landed->slot.poison_count; i++) {
		const struct poison *p = &n->landed->slot.poison[i];
		const struct node *t = by_id(w, p->node_id);

		if (t != NULL && t->has_landed && slots_bit(t) != 0 &&
		    t->landed->slot.incarnation == p->incarnation &&
		    !has_poison(s, p->node_id, p->incarnation))
			fail(w, "V: node %u takes its poison for node %u back", n->id, t->id);
	}
}

/* Who takes a slot over leaves the poison that stands there. */
static bool stood_there(const struct world *w, const struct node *n, const struct poison *p)
{
	const struct store *st = &w->store[n->disk];
	bool stood = false;

	for (uint32_t c = 0; c < 2 && slots_bit(n) != 0 && !n->has_submitted && !n->has_landed; c++)
		stood |= has_poison(&st->copy[n->slot_index][c]->slot, p->node_id, p->incarnation);
	return stood;
}

/* Poison kills by itself: it is judged when it is written, before the order is told. */
void evict_submit(struct world *w, struct node *n, const struct slot *s)
{
	/* A disk that went back shows poison and lives of then to who starts. */
	if (w->spoiled)
		return;
	check_kept(w, n, s);
	for (uint32_t i = 0; i < s->poison_count; i++) {
		const struct poison *p = &s->poison[i];
		struct node *t = by_id(w, p->node_id);

		if ((n->has_submitted &&
		     has_poison(&n->submitted->slot, p->node_id, p->incarnation)) ||
		    (n->has_landed && has_poison(&n->landed->slot, p->node_id, p->incarnation)) ||
		    stood_there(w, n, p))
			continue;
		TRACE(w, "node %u: poisons node %u", n->id, p->node_id);
		check_fresh(w, n, p->node_id);
		check_target(w, n, t, p->incarnation);
		if (!w->failed)
			check_unfit(w, n, t);
	}
}

static void check_order(struct world *w, struct node *n, const struct evict_order *o)
{
	struct node *t = by_id(w, o->node_id);
	const struct ring *r = n->known.ring >= 0 ? &w->ring[n->known.ring] : NULL;

	if (w->spoiled)
		return;
	check_target(w, n, t, o->incarnation);
	if (w->failed)
		return;
	if (!n->has_landed || !has_poison(&n->landed->slot, o->node_id, o->incarnation))
		fail(w, "V: node %u evicts node %u before its poison is on the disk", n->id, t->id);
	if (o->why != EVICT_DEAD)
		return;
	if (w->now < t->fence.landed_at + (uint64_t)w->policy.evict_after_ms * 990) {
		/* The read that shows the order's own poison may be the first that shows this. */
		if (w->now > t->fence.landed_at + (uint64_t)w->interval_ms * 3000 &&
		    t->fence.landed_at < n->shown.before_at)
			fail(w, "V: node %u evicts node %u, which wrote %llu ms ago", n->id, t->id,
			     (unsigned long long)(w->now - t->fence.landed_at) / 1000);
		return;
	}
	if (r != NULL && (r->members & slot_bit(t->index)) == 0 && !lately(w, n, n->vq.ring_at))
		fail(w, "V: node %u evicts node %u, which is not in its ring", n->id, t->id);
}

/* ---- the bridge and its fencer ---- */

static void try_later(struct world *w, const struct node *n, uint32_t place, uint64_t us)
{
	world_push(w, w->now + us, EV_FENCE, n->index, n->proc[PROC_DECIDER].epoch,
		   n->fence.order[place].id << PLACE_BITS | place);
}

void evict_order(struct world *w, struct node *n, const struct action *a)
{
	uint32_t place = a->u.evict.place;
	const struct evict_order *o = &a->u.evict.order;

	if (n->fence.order[place].id != o->id)
		n->fence.order_at[place] = w->now;
	n->fence.order[place] = *o;
	if (o->id == 0)
		return;
	if (o->withdrawn) {
		TRACE(w, "node %u: eviction of node %u withdrawn", n->id, o->node_id);
		w->cover[COVER_EVICT_WITHDRAWN]++;
		return;
	}
	TRACE(w, "node %u: evicts node %u (%s)", n->id, o->node_id, evict_why_text(o->why));
	check_order(w, n, o);
	try_later(w, n, place, rng_range(&w->evict.rng, 5 * MS, 1500 * MS));
}

static void report(struct world *w, struct node *n, const struct evict_order *o,
		   enum evict_progress progress)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_EVICT_REPORT;
	e.u.report.id = o->id;
	e.u.report.node_id = o->node_id;
	e.u.report.incarnation = o->incarnation;
	e.u.report.progress = progress;
	e.u.report.attempts = 1;
	proc_post(w, n, &e, CHANNEL_NEWS);
}

static void power_cycle(struct world *w, struct node *t, uint64_t us)
{
	w->evict.reborn |= w->calm;
	proc_power(w, t, false);
	world_push(w, w->now + us, EV_POWER_ON, t->index, t->boot, 0);
}

static void fence(struct world *w, struct node *n, uint32_t place)
{
	const struct evict_order *o = &n->fence.order[place];
	struct node *t = by_id(w, o->node_id);

	TRACE(w, "node %u: fenced for node %u", t->id, n->id);
	w->cover[COVER_EVICTED]++;
	w->cover[COVER_FENCE_LATE] += w->now > n->fence.order_at[place] + w->x_ms * MS;
	t->fence.incarnation = o->incarnation;
	t->fence.at = w->now;
	t->fence.by = n->index;
	t->fence.count++;
	if (t->power)
		power_cycle(w, t, rng_range(&w->evict.rng, SEC, 4 * SEC));
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].power)
			post_fenced(w, &w->node[i], t);
	report(w, n, o, EVICT_DONE);
}

static void attempt(struct world *w, struct node *n, const struct ev *e)
{
	uint32_t place = e->arg & ((1u << PLACE_BITS) - 1);
	const struct evict_order *o = &n->fence.order[place];
	bool voting = n->page.answer == ANSWER_YES && n->page.until_ms > clock_local_ms(w, n) &&
		      n->known.quorate;

	if (w->calm || !n->power || n->proc[PROC_DECIDER].epoch != e->epoch ||
	    o->id != e->arg >> PLACE_BITS)
		return;
	if (o->withdrawn) {
		report(w, n, o, EVICT_WITHDRAWN);
	} else if (!voting || rng_chance(&w->evict.rng, 2500)) {
		if (voting) {
			w->cover[COVER_FENCE_FAILED]++;
			report(w, n, o, EVICT_FAILED);
		}
		try_later(w, n, place, rng_range(&w->evict.rng, 200 * MS, SEC));
	} else {
		fence(w, n, place);
	}
}

/* ---- poison ---- */

void evict_landed(struct world *w, struct node *n, const struct blob *b)
{
	const struct slot *s = &b->slot;

	if (w->now > n->fence.landed_at + (uint64_t)w->interval_ms * 2000)
		n->fence.steady_at = w->now;
	n->fence.landed_at = w->now;
	if (s->cast != CAST_NONE)
		n->fence.cast_at = w->now;
	if (!s->fit)
		n->fence.fit_at = 0;
	else if (n->fence.fit_at == 0)
		n->fence.fit_at = w->now;
	for (uint32_t i = 0; i < s->poison_count; i++) {
		struct node *t = by_id(w, s->poison[i].node_id);

		if (t != NULL && t->incarnation == s->poison[i].incarnation &&
		    t->fence.poison_at == 0 && t->disk == n->disk)
			t->fence.poison_at = w->now;
	}
	/* By the fastest clock of another node, from the moment when it could see this block; of a
	 * write that lands after a reset, the promise was kept. */
	if (s->watchdog_armed && s->state != SLOT_LEAVING)
		world_push(w, w->now + (uint64_t)s->watchdog_ms * 985, EV_DOG_CHECK, n->index,
			   b->boot, s->sequence);
}

void evict_poll(struct world *w, struct node *n, uint64_t start_us)
{
	uint64_t limit_us = shown_late_ms(w, n) * 1020 + 5 * MS;
	uint64_t at = n->fence.poison_at;

	/* Its hold goes on where its clock stood still. */
	if (at != 0 && n->paused_until > at)
		at = n->paused_until;
	/* The disk may have lost it since. */
	if (at != 0 && n->fence.poison_at > w->spoiled_at && start_us > at + limit_us)
		fail(w, "V: node %u polls yes %llu ms after its poison was written", n->id,
		     (unsigned long long)(start_us - n->fence.poison_at) / 1000);
}

void evict_self(struct world *w, struct node *n, enum self_act act)
{
	TRACE(w, "node %u: %ss itself", n->id, self_act_text(act));
	w->cover[COVER_POISONED]++;
	world_push(w, w->now + rng_range(&w->evict.rng, 20 * MS, act == SELF_STOP ? SEC : 200 * MS),
		   EV_SELF, n->index, n->boot, 0);
}

/* ---- the watchdog ---- */

/* The guardian feeds as late as it may: until the hold of the last beat has passed. */
void evict_alive(struct world *w, struct node *n)
{
	uint64_t until_ms = arb_alive_until_ms(n->arb);

	if (n->fence.evicts != 0 &&
	    (n->page.answer != ANSWER_YES || n->page.until_ms <= clock_local_ms(w, n)))
		fail(w, "V: node %u evicts node %u without the vote", n->id, n->fence.evicts);
	n->fence.evicts = 0;
	if (w->evict.dog_ms == 0 || !proc_runs(n, PROC_GUARDIAN) || w->calm ||
	    clock_local_ms(w, n) >= until_ms)
		return;
	if (!n->fence.dog_held) {
		n->fence.dog_held = true;
		evict_tell_dog(w, n);
	}
	n->fence.dog_armed = true;
	n->fence.dog_at = clock_global_us(n, until_ms) + (uint64_t)w->evict.dog_ms * 1000;
	/* A shorter hold brings it forward. */
	if (n->fence.dog_due > w->now && n->fence.dog_due <= n->fence.dog_at)
		return;
	n->fence.dog_due = n->fence.dog_at;
	world_push(w, n->fence.dog_at, EV_DOG, n->index, n->boot, 0);
}

static void dog(struct world *w, struct node *n)
{
	n->fence.dog_due = 0;
	if (!n->fence.dog_armed || w->calm)
		return;
	if (n->fence.dog_at > w->now) {
		n->fence.dog_due = n->fence.dog_at;
		world_push(w, n->fence.dog_at, EV_DOG, n->index, n->boot, 0);
		return;
	}
	TRACE(w, "node %u: reset by its watchdog", n->id);
	w->cover[COVER_WATCHDOG]++;
	power_cycle(w, n, rng_range(&w->evict.rng, SEC, 3 * SEC));
}

void evict_daemon_gone(struct node *n, bool clean)
{
	n->fence.dog_held = false;
	if (clean)
		n->fence.dog_armed = false;
}

void evict_event(struct world *w, const struct ev *e)
{
	struct node *n = &w->node[e->node];

	if (e->kind == EV_FENCE) {
		attempt(w, n, e);
		return;
	}
	if (n->boot != e->epoch)
		return;
	if (e->kind == EV_POWER_ON) {
		proc_power(w, n, true);
	} else if (e->kind == EV_SELF) {
		if (n->power)
			power_cycle(w, n, rng_range(&w->evict.rng, SEC / 2, SEC));
	} else if (e->kind == EV_DOG) {
		if (n->power)
			dog(w, n);
	} else if (e->kind == EV_DOG_CHECK) {
		/* The block that says so may be the one that was lost.  Whose clock stood still is
		 * fed for what was left of its hold. */
		if (n->power && !w->calm && !n->lied_to && n->landed->slot.sequence == e->arg &&
		    n->paused_until < n->fence.landed_at)
			fail(w, "V: node %u lives, its armed watchdog should have reset it", n->id);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: votequorum's counting in the rings that totem forms, as corosync 3.1 does it.
 *
 * Every member counts for itself: the nodes whose nodeinfo it has in this ring, one vote each, and
 * the device's votes while its own last accepted poll said yes and the device's timer runs.  A new
 * ring keeps the yes, re-arms the timer with sync_timeout and makes sync wait for any valid poll.
 * A changed flag is counted when the message about it comes back from the ring.
 */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

/* ---- counting ---- */

static bool enough(struct world *w, struct node *n, uint32_t total)
{
	struct vq *v = &n->vq;
	bool quorate = total >= config_quorum(w, n);

	if (!w->wait_for_all)
		return quorate;
	if (v->waits_for_all && total != n->conf.expected) {
		w->cover[COVER_WAITED_FOR_ALL] += quorate;
		return false;
	}
	/* Whoever is not quorate waits for all again. */
	v->waits_for_all = !quorate;
	return quorate;
}

static void recalculate(struct world *w, struct node *n)
{
	struct vq *v = &n->vq;
	uint32_t total = v->cast ? n->conf.device_votes : 0;
	bool quorate, changed;

	for (uint64_t m = v->counted; m != 0; m &= m - 1)
		total += w->node[__builtin_ctzll(m)].votes;
	quorate = enough(w, n, total);
	changed = quorate != v->quorate;
	v->quorate = quorate;
	if (changed) {
		TRACE(w, "node %u: quorate %d (%u votes)%s", n->id, quorate, total,
		      v->sync ? " in sync" : "");
		check_quorate(w, n);
	}
	if (changed && !v->sync) {
		v->told = quorate;
		proc_notify_voter(w, n);
	}
}

static void send_nodeinfo(struct world *w, struct node *n)
{
	if (n->vq.ring >= 0)
		world_push(w, w->now + totem_rotation_us(w), EV_NODEINFO, n->index, n->vq.epoch,
			   (uint64_t)n->vq.ring);
}

static void arm_us(struct world *w, struct node *n, uint64_t us)
{
	n->vq.timer_at = w->now + us;
	n->vq.timer_due = false;
	if (n->vq.timer_event != 0 && n->vq.timer_event <= n->vq.timer_at)
		return;
	n->vq.timer_event = n->vq.timer_at;
	world_push(w, n->vq.timer_at, EV_QDEVICE_TIMER, n->index, n->vq.epoch, n->vq.timer_at);
}

static void arm(struct world *w, struct node *n, uint32_t ms)
{
	n->vq.armed_d_ms = n->conf.timeout_ms + n->conf.sync_timeout_ms;
	arm_us(w, n, clock_span_us(n, ms));
}

/* Has everybody finished waiting: sync's barrier. */
static void try_activate(struct world *w, int ring)
{
	struct ring *r = &w->ring[ring];

	if (!r->informed || r->activating)
		return;
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((r->members & slot_bit(i)) != 0 && w->node[i].vq.wait &&
		    w->node[i].vq.registered)
			return;
	r->activating = true;
	world_push(w, w->now + totem_rotation_us(w), EV_RING_ACTIVATE, 0, 0, (uint64_t)ring);
}

static void cast_ended(struct node *n)
{
	n->vq.cast = false;
	n->vq.yes_ring = -1;
	n->vq.late = n->vq.overdue = false;
}

bool vq_poll(struct world *w, struct node *n, const struct ring_id *ring, bool yes)
{
	struct vq *v = &n->vq;
	bool cast = v->cast, alive = v->alive;

	if (!v->up || !v->registered || v->ring < 0)
		return false;
	if (!ring_same(&w->ring[v->ring].id, ring)) {
		w->cover[COVER_STALE_RING_POLL]++;
		return false;
	}
	v->alive = true;
	v->cast = yes;
	v->poll_at = w->now;
	v->d_until = check_d_until(n);
	v->rings_since_poll = 0;
	if (!excuse_blind(w, n))
		v->stood_us = 0;
	if (yes != cast || !alive) {
		TRACE(w, "node %u: votequorum counts %s in %s", n->id, yes ? "yes" : "no",
		      totem_ring_text(w, v->ring));
		send_nodeinfo(w, n);
	}
	arm(w, n, n->conf.timeout_ms);
	if (!yes)
		cast_ended(n);
	if (v->wait) {
		v->wait = false;
		try_activate(w, v->ring);
	}
	return true;
}

static void timer_expired(struct world *w, struct node *n)
{
	struct vq *v = &n->vq;

	v->timer_at = 0;
	if (!v->alive)
		return;
	TRACE(w, "node %u: votequorum lost the device%s", n->id, v->cast ? " that said yes" : "");
	v->alive = false;
	cast_ended(n);
	send_nodeinfo(w, n);
	if (v->wait) {
		v->wait = false;
		if (v->ring >= 0)
			try_activate(w, v->ring);
	}
	check_counts(w);
}

static void install(struct world *w, struct node *n, int ring)
{
	struct vq *v = &n->vq;
	struct ring *r = &w->ring[ring];

	v->ring = ring;
	v->ring_at = w->now;
	if (r->id.seq > v->seq)
		v->seq = r->id.seq;
	r->installed |= slot_bit(n->index);
	v->sync = true;
	v->wait = false;
	v->counted &= r->members;
	v->rings_since_poll++;
	if (!v->paused)
		v->thawed_until = 0;
	TRACE(w, "node %u: ring %s%s", n->id, totem_ring_text(w, ring),
	      v->registered && v->alive ? ", sync waits" : "");
	if (v->registered && v->alive) {
		if (v->cast && v->rings_since_poll >= 2)
			w->cover[COVER_SYNC_REARMED]++;
		arm(w, n, n->conf.sync_timeout_ms);
		v->wait = true;
	}
	check_counts(w);
	proc_notify_voter(w, n);
	if (r->members != totem_component(w, n) || r->missed)
		totem_topology(w);
	if (r->installed == r->members && !r->info_sent) {
		r->info_sent = true;
		world_push(w, w->now + totem_rotation_us(w), EV_RING_INFO, 0, 0, (uint64_t)ring);
	}
}

static void ring_install(struct world *w, const struct ev *e)
{
	struct node *n = &w->node[e->node];
	struct ring *r = &w->ring[e->arg];

	/* A newer ring, or a cut meanwhile: this one never comes to be here. */
	if (!totem_reachable(w, n->index) || n->vq.epoch != e->epoch || n->vq.seq > r->id.seq)
		return;
	if ((r->members & ~totem_component(w, n)) != 0) {
		/* When the cut is over and others have it, totem begins anew. */
		r->missed = true;
		if (r->installed != 0)
			totem_topology(w);
		return;
	}
	install(w, n, (int)e->arg);
}

/* A short cut that totem does not notice only delays messages: is it worth to try again? */
static bool retry(struct world *w, enum ev_kind kind, uint32_t node, uint32_t epoch, int ring)
{
	bool current = false;

	if (totem_ring_intact(w, ring))
		return false;
	for (uint32_t i = 0; i < w->nodes; i++)
		current |= w->node[i].vq.up && w->node[i].vq.ring == ring;
	if (current)
		world_push(w, w->now + 5 * MS, kind, node, epoch, (uint64_t)ring);
	return true;
}

static void ring_info(struct world *w, int ring)
{
	struct ring *r = &w->ring[ring];
	uint64_t registered = 0;

	if (retry(w, EV_RING_INFO, 0, 0, ring))
		return;
	r->informed = true;
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((r->members & slot_bit(i)) != 0 && w->node[i].vq.registered)
			registered |= slot_bit(i);
	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((r->members & slot_bit(i)) == 0)
			continue;
		w->node[i].vq.counted = r->members;
		w->node[i].vq.peers_registered = registered;
		recalculate(w, &w->node[i]);
		proc_notify_voter(w, &w->node[i]);
	}
	try_activate(w, ring);
}

static void ring_activate(struct world *w, int ring)
{
	struct ring *r = &w->ring[ring];

	if (retry(w, EV_RING_ACTIVATE, 0, 0, ring))
		return;
	r->active = true;
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		if ((r->members & slot_bit(i)) == 0)
			continue;
		recalculate(w, n);
		if (n->vq.told != n->vq.quorate)
			TRACE(w, "node %u: told quorate %d", n->id, n->vq.quorate);
		n->vq.told = n->vq.quorate;
		n->vq.sync = false;
		check_quorate(w, n);
		proc_notify_voter(w, n);
	}
}

static void nodeinfo(struct world *w, struct node *sender, int ring)
{
	if (sender->vq.ring != ring || retry(w, EV_NODEINFO, sender->index, sender->vq.epoch, ring))
		return; /* the next ring's sync carries it */
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];
		uint64_t bit = slot_bit(sender->index);

		if ((w->ring[ring].members & slot_bit(i)) == 0)
			continue;
		n->vq.counted |= bit;
		if (((n->vq.peers_registered & bit) != 0) != sender->vq.registered) {
			n->vq.peers_registered ^= bit;
			proc_notify_voter(w, n);
		}
		recalculate(w, n);
	}
}

void vq_register(struct world *w, struct node *n)
{
	if (n->unregistered)
		return;
	world_push(w, w->now + totem_rotation_us(w), EV_REGISTERED, n->index, n->vq.epoch,
		   n->vq.ring >= 0 ? (uint64_t)n->vq.ring : RINGS);
}

void vq_unregister(struct world *w, struct node *n)
{
	struct vq *v = &n->vq;

	if (!v->up || !v->registered)
		return;
	v->registered = v->alive = false;
	cast_ended(n);
	v->timer_at = 0;
	v->peers_registered &= ~slot_bit(n->index);
	send_nodeinfo(w, n);
	if (v->wait) {
		v->wait = false;
		if (v->ring >= 0)
			try_activate(w, v->ring);
	}
	check_counts(w);
}

void vq_take_away(struct world *w, struct node *n, uint32_t ms)
{
	if (!n->vq.up || n->vq.frozen || !n->vq.registered)
		return;
	TRACE(w, "node %u: no quorum.device for %u ms", n->id, ms);
	w->cover[COVER_AWAY]++;
	n->away_until = w->now + ms * MS;
	n->away_ring = n->vq.ring;
	vq_unregister(w, n);
	proc_notify_voter(w, n);
	vq_register(w, n);
}

/* The voter asks again and again while there is no device; one that connects asks by itself. */
static bool away(struct world *w, struct node *n)
{
	if (n->away_until == 0 || (w->now >= n->away_until && proc_runs(n, PROC_VOTER)))
		return false;
	if (n->proc[PROC_VOTER].alive)
		world_push(w, w->now + 200 * MS, EV_REGISTERED, n->index, n->vq.epoch,
			   n->vq.ring >= 0 ? (uint64_t)n->vq.ring : RINGS);
	return true;
}

static void registered(struct world *w, struct node *n, const struct ev *e)
{
	if (n->vq.epoch != e->epoch || !n->vq.up || n->vq.registered || away(w, n))
		return;
	if (e->arg == RINGS || n->vq.ring != (int)e->arg || !totem_ring_intact(w, (int)e->arg)) {
		world_push(w, w->now + 200 * MS, EV_REGISTERED, n->index, n->vq.epoch,
			   n->vq.ring >= 0 ? (uint64_t)n->vq.ring : RINGS);
		return;
	}
	if (n->away_until != 0) {
		TRACE(w, "node %u: registers its device again", n->id);
		w->cover[COVER_AWAY_RING] += n->away_ring != n->vq.ring;
	}
	n->away_until = 0;
	n->vq.registered = true;
	n->vq.peers_registered |= slot_bit(n->index);
	send_nodeinfo(w, n);
	proc_notify_voter(w, n);
}

/* One event stands for the timer, however often it is armed again. */
static void timer(struct world *w, struct node *n)
{
	struct vq *v = &n->vq;

	v->timer_event = 0;
	if (v->timer_at == 0)
		return;
	if (v->timer_at > w->now) {
		v->timer_event = v->timer_at;
		world_push(w, v->timer_at, EV_QDEVICE_TIMER, n->index, v->epoch, v->timer_at);
	} else if (v->frozen) {
		v->timer_due = true;
	} else {
		timer_expired(w, n);
	}
}

/* ---- corosync itself ---- */

void vq_start(struct world *w, struct node *n)
{
	uint64_t seq = n->vq.seq;
	uint32_t epoch = n->vq.epoch;

	memset(&n->vq, 0, sizeof(n->vq));
	n->vq.up = true;
	n->vq.waits_for_all = w->wait_for_all;
	n->vq.epoch = epoch + 1;
	n->vq.seq = seq;
	n->vq.ring = n->vq.yes_ring = -1;
	n->vq.life = rng_next(&w->rng) | 1;
	n->vq.life_at = w->now;
	TRACE(w, "node %u: corosync starts", n->id);
	totem_topology(w);
}

void vq_stop(struct world *w, struct node *n, bool announced)
{
	uint32_t epoch = n->vq.epoch;
	uint64_t seq;

	if (!n->vq.up)
		return;
	seq = ringid_kept(w, n);
	memset(&n->vq, 0, sizeof(n->vq));
	n->vq.epoch = epoch + 1;
	n->vq.seq = seq;
	n->vq.ring = n->vq.yes_ring = -1;
	w->quick_loss = announced;
	totem_topology(w);
	check_counts(w);
}

void vq_freeze(struct world *w, struct node *n, bool frozen)
{
	if (!n->vq.up || n->vq.frozen == frozen)
		return;
	n->vq.frozen = frozen;
	if (frozen && n->still != STILL_FROZEN && n->vq.timer_at > w->now) {
		n->vq.timer_left = n->vq.timer_at - w->now;
		n->vq.timer_at = 0;
	}
	if (!frozen) {
		if (n->vq.timer_left != 0)
			arm_us(w, n, n->vq.timer_left);
		n->vq.timer_left = 0;
		if (n->vq.d_until > n->still_at)
			n->vq.d_until += clock_stood_us(w, n);
		excuse_thawed(w, n);
		if (n->vq.timer_due) {
			n->vq.timer_due = false;
			timer_expired(w, n);
		}
	}
	totem_topology(w);
}

void vq_event(struct world *w, const struct ev *e)
{
	struct node *n = &w->node[e->node];

	switch ((enum ev_kind)e->kind) {
	case EV_RING_FORM:
		totem_form(w, e);
		break;
	case EV_RING_INSTALL:
		ring_install(w, e);
		break;
	case EV_RING_INFO:
		ring_info(w, (int)e->arg);
		break;
	case EV_RING_ACTIVATE:
		ring_activate(w, (int)e->arg);
		break;
	case EV_NODEINFO:
		if (n->vq.epoch == e->epoch)
			nodeinfo(w, n, (int)e->arg);
		break;
	case EV_QDEVICE_TIMER:
		if (n->vq.epoch == e->epoch && n->vq.timer_event == e->arg)
			timer(w, n);
		break;
	case EV_REGISTERED:
		registered(w, n, e);
		break;
	default:
		CHECK(false);
	}
}

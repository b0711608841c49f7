/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the voter around the production judgement: what it learns, polls and reports. */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

enum { CHANNEL_NEWS = 2, CHANNEL_POLL = 3 };

static void poll_send(struct world *w, struct node *n)
{
	uint64_t at = w->now + latency_ipc(w);

	n->poll.handling = true;
	if (n->ipc_hang_until > at)
		at = n->ipc_hang_until + rng_below(&w->rng, 200);
	world_push(w, at, EV_POLL_HANDLE, n->index, n->vq.epoch, n->vq.life);
}

static void poll_begin(struct world *w, struct node *n, enum answer answer, bool forced)
{
	struct poll *p = &n->poll;
	uint64_t pause = w->story ? 10 : rng_below(&w->rng, 30);

	/* The process can be held up between its check and the call. */
	if (!w->calm && w->jitter_class > 0 && rng_below(&w->rng, 4000) < w->jitter_class)
		pause = rng_below(&w->rng, (uint64_t)w->policy.poll_ms * 1500);
	p->active = true;
	p->send_due = p->return_due = p->handling = p->handle_due = false;
	p->ring = n->vs.ring;
	p->answer = answer;
	p->forced = forced;
	p->ok = false;
	p->generation = n->page.generation;
	p->until_ms = n->page.until_ms;
	p->start_us = w->now;
	p->start_ms = clock_local_ms(w, n);
	n->poll_marked = true;
	n->poll_mark_us = w->now;
	if (pause < 30)
		poll_send(w, n);
	else
		world_push(w, w->now + pause, EV_POLL_SEND, n->index, n->proc[PROC_VOTER].epoch, 0);
}

void voter_poll_handled(struct world *w, struct node *n, const struct ev *e)
{
	struct poll *p = &n->poll;

	if (!p->active || !p->handling)
		return;
	if (n->vq.epoch == e->epoch && n->vq.frozen) {
		p->handle_due = true;
		return;
	}
	p->handling = false;
	if (n->vq.epoch == e->epoch) {
		p->ok = vq_poll(w, n, &p->ring, p->answer == ANSWER_YES);
		if (p->ok)
			check_poll(w, n, p->answer == ANSWER_YES, p->start_us);
		check_counts(w);
	}
	world_push(w, w->now + latency_ipc(w), EV_POLL_RETURN, n->index, n->proc[PROC_VOTER].epoch,
		   0);
}

static void poll_report(struct world *w, struct node *n, bool ok)
{
	struct event e = { .type = EVENT_POLL_DONE };

	e.u.poll.generation = n->poll.generation;
	e.u.poll.ring = n->poll.ring;
	e.u.poll.answer = n->poll.answer;
	e.u.poll.ok = ok;
	e.u.poll.start_ms = n->poll.start_ms;
	e.u.poll.end_ms = clock_local_ms(w, n);
	proc_post(w, n, &e, CHANNEL_POLL);
}

void voter_poll_over(struct world *w, struct node *n)
{
	n->poll.active = false;
	n->poll_marked = false;
	disk_release_held(w, n);
}

static void voter_exit(struct world *w, struct node *n)
{
	n->proc[PROC_VOTER].alive = false;
	n->proc[PROC_VOTER].epoch++;
	n->orphan = false;
	if (n->left && n->vs.host_life != 0 && n->vq.up && n->vq.life == n->vs.host_life)
		vq_unregister(w, n);
	n->left = false;
}

static void voter_news(struct world *w, struct node *n);

static void poll_return(struct world *w, struct node *n)
{
	struct poll *p = &n->poll;
	bool yes = p->answer == ANSWER_YES && p->ok;
	uint64_t end_ms = clock_local_ms(w, n);

	if (!p->active)
		return;
	if (w->now > p->start_us + (uint64_t)w->policy.poll_ms * 1010)
		n->hung_until = n->vq.timer_at;
	n->vs.polled = p->ok;
	n->vs.polled_generation = p->generation;
	n->vs.polled_answer = p->answer;
	n->vs.polled_ms = p->start_ms;
	n->vs.forced_no = p->forced;
	poll_report(w, n, p->ok);
	voter_poll_over(w, n);
	if (n->orphan) {
		if (p->forced && p->answer == ANSWER_NO)
			voter_exit(w, n);
		else
			voter_wake(w, n);
		return;
	}
	if (yes && vote_overran(&n->page, p->start_ms, end_ms)) {
		if (end_ms - p->start_ms > n->page.poll_ms)
			w->cover[COVER_POLL_OVERRAN]++;
		poll_begin(w, n, ANSWER_NO, true);
		return;
	}
	if (!p->ok) {
		n->wake_at = w->now + 20 * MS;
		world_push(w, n->wake_at, EV_VOTER_WAKE, n->index, n->proc[PROC_VOTER].epoch, 1);
	}
	if (n->notify_due) {
		n->notify_due = false;
		voter_news(w, n);
	} else if (p->ok) {
		voter_wake(w, n);
	}
}

void voter_wake(struct world *w, struct node *n)
{
	struct voter_order o;
	uint64_t at;

	if (!proc_runs(n, PROC_VOTER) || n->poll.active)
		return;
	if (n->orphan) {
		if (n->vs.host_life != 0 && n->vs.registered && !ring_none(&n->vs.ring))
			poll_begin(w, n, ANSWER_NO, true);
		else
			voter_exit(w, n);
		return;
	}
	o = vote_judge(&n->page, &n->vs, clock_local_ms(w, n));
	if (o.answer != ANSWER_SILENT) {
		poll_begin(w, n, o.answer, o.forced_no);
		return;
	}
	at = clock_global_us(n, o.again_ms);
	if (at < w->now + 500)
		at = w->now + 500;
	if (n->wake_at > w->now && n->wake_at <= at)
		return;
	n->wake_at = at;
	world_push(w, at + latency_ipc(w) - 20, EV_VOTER_WAKE, n->index, n->proc[PROC_VOTER].epoch,
		   1);
}

/* Something at votequorum changed: the voter will see it. */
void proc_notify_voter(struct world *w, struct node *n)
{
	if (!n->proc[PROC_VOTER].alive || n->notify_sent)
		return;
	n->notify_sent = true;
	world_push(w, w->now + latency_ipc(w), EV_VOTER_NOTIFY, n->index, n->proc[PROC_VOTER].epoch,
		   0);
}

/* The corosync that said so is gone. */
static void forget(const struct world *w, struct node *n)
{
	if (n->known.quorate)
		n->fence.quorate_at = w->now;
	memset(&n->known, 0, sizeof(n->known));
	n->known.ring = -1;
}

static void voter_lost_corosync(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_COROSYNC };

	memset(&n->vs, 0, sizeof(n->vs));
	forget(w, n);
	proc_post(w, n, &e, CHANNEL_NEWS);
	world_push(w, w->now + 20 * MS, EV_VOTER_CONNECT, n->index, n->proc[PROC_VOTER].epoch, 0);
}

static void voter_news_ring(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_VIEW };

	n->known.ring = n->vq.ring;
	e.u.view.ring = w->ring[n->vq.ring].id;
	e.u.view.members = totem_members(w, w->ring[n->vq.ring].members);
	proc_post(w, n, &e, CHANNEL_NEWS);
	evict_ring(w, n, w->ring[n->vq.ring].members);
}

static void voter_news(struct world *w, struct node *n)
{
	struct vq *v = &n->vq;

	if (n->vs.host_life == 0 || v->frozen)
		return;
	if (!v->up || v->life != n->vs.host_life) {
		voter_lost_corosync(w, n);
		return;
	}
	if (v->ring >= 0 && !ring_same(&n->vs.ring, &w->ring[v->ring].id)) {
		n->vs.ring = w->ring[v->ring].id;
		n->vs.polled = false;
	}
	if (v->ring >= 0 && n->known.ring != v->ring)
		voter_news_ring(w, n);
	n->vs.registered = v->registered;
	if (n->known.registered != v->registered) {
		struct event e = { .type = EVENT_DEVICE };

		n->known.registered = v->registered;
		e.u.device.node_id = n->id;
		e.u.device.registered = v->registered;
		proc_post(w, n, &e, CHANNEL_NEWS);
	}
	if (n->known.peers_registered != v->peers_registered) {
		uint64_t changed = n->known.peers_registered ^ v->peers_registered;

		n->fence.peers_at = w->now;
		n->known.peers_registered = v->peers_registered;
		decider_tell_peers(w, n, changed, false);
	}
	decider_flush_hello(w, n);
	if (n->known.quorate != v->told) {
		struct event e = { .type = EVENT_QUORATE };

		n->fence.quorate_at = w->now;
		n->known.quorate = v->told;
		e.u.quorate = v->told;
		proc_post(w, n, &e, CHANNEL_NEWS);
	}
	voter_wake(w, n);
}

static void voter_connect(struct world *w, struct node *n)
{
	if (n->vs.host_life != 0)
		return;
	if (!n->vq.up || n->vq.frozen || n->ipc_hang_until > w->now ||
	    (n->poll.active && n->poll.handling)) {
		if (!n->vq.up && n->known.life != 0)
			voter_lost_corosync(w, n);
		else
			world_push(w,
				   w->now + (w->story ? 100 * MS
						      : rng_range(&w->rng, 20 * MS, 200 * MS)),
				   EV_VOTER_CONNECT, n->index, n->proc[PROC_VOTER].epoch, 0);
		if (!n->vq.up && n->poll.active)
			voter_poll_over(w, n);
		return;
	}
	/* A predecessor was killed while its poll was under way: a yes counts as polled, a no
	 * proves nothing. */
	if (n->poll.active) {
		if (n->poll_marked)
			poll_report(w, n, n->poll.answer == ANSWER_YES);
		voter_poll_over(w, n);
	}
	memset(&n->vs, 0, sizeof(n->vs));
	n->vs.host_life = n->vq.life;
	if (n->voter_at < n->ipc_hang_until)
		n->voter_on_at = w->now;
	if (n->known.life != n->vq.life) {
		struct event e = { .type = EVENT_COROSYNC };

		forget(w, n);
		n->known.life = n->vq.life;
		e.u.host_life = n->vq.life;
		proc_post(w, n, &e, CHANNEL_NEWS);
	}
	if (!n->vq.registered)
		vq_register(w, n);
	voter_news(w, n);
}

void voter_start(struct world *w, struct node *n)
{
	if (n->proc[PROC_VOTER].alive || !proc_runs(n, PROC_GUARDIAN))
		return;
	n->proc[PROC_VOTER].alive = true;
	n->proc[PROC_VOTER].stopped = false;
	n->proc[PROC_VOTER].epoch++;
	n->voter_at = w->now;
	n->orphan = n->left = n->notify_sent = n->notify_due = n->connect_due = false;
	n->poll.send_due = n->poll.return_due = false;
	n->wake_at = 0;
	memset(&n->vs, 0, sizeof(n->vs));
	world_push(w, w->now + (w->story ? MS : rng_range(&w->rng, 500, 4 * MS)), EV_VOTER_CONNECT,
		   n->index, n->proc[PROC_VOTER].epoch, 0);
}

void voter_continue(struct world *w, struct node *n)
{
	uint32_t epoch = n->proc[PROC_VOTER].epoch;

	n->voter_on_at = w->now;
	if (n->poll.send_due) {
		n->poll.send_due = false;
		poll_send(w, n);
	}
	if (n->connect_due) {
		n->connect_due = false;
		voter_connect(w, n);
	}
	if (n->poll.return_due) {
		n->poll.return_due = false;
		poll_return(w, n);
	}
	if (n->proc[PROC_VOTER].epoch == epoch && n->notify_due && !n->poll.active) {
		n->notify_due = false;
		voter_news(w, n);
	}
	voter_wake(w, n);
}

void voter_event(struct world *w, struct node *n, const struct ev *e)
{
	bool stopped = n->proc[PROC_VOTER].stopped;

	if (n->proc[PROC_VOTER].epoch != e->epoch || !n->proc[PROC_VOTER].alive)
		return;
	switch ((enum ev_kind)e->kind) {
	case EV_VOTER_CONNECT:
		n->connect_due = stopped;
		if (!stopped)
			voter_connect(w, n);
		break;
	case EV_VOTER_NOTIFY:
		n->notify_sent = false;
		/* One thread: what comes while a poll is under way is seen when it returned. */
		n->notify_due = stopped || n->poll.active;
		if (!n->notify_due)
			voter_news(w, n);
		break;
	case EV_VOTER_WAKE:
		if (e->arg == 1)
			n->wake_at = 0;
		voter_wake(w, n);
		break;
	case EV_POLL_SEND:
		n->poll.send_due = stopped;
		if (!stopped)
			poll_send(w, n);
		break;
	case EV_POLL_RETURN:
		n->poll.return_due = stopped;
		if (!stopped)
			poll_return(w, n);
		break;
	default:
		CHECK(false);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the daemon's processes on one node: their loops, deaths, stops and starts. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

const char *const proc_name[PROC_COUNT] = { "decider", "voter", "worker", "service", "guardian" };

enum { CHANNEL_WRITE, CHANNEL_READ, CHANNEL_NEWS, CHANNEL_POLL };

static bool runs(const struct node *n, enum proc_id p)
{
	return n->proc[p].alive && !n->proc[p].stopped;
}

/* ---- decider ---- */

static void decider_arm(struct world *w, struct node *n)
{
	uint64_t at = clock_global_us(n, arb_deadline_ms(n->arb));

	if (at == NEVER)
		return;
	if (at < w->now + 100)
		at = w->now + 100;
	if (n->timer_at > w->now && n->timer_at <= at)
		return;
	n->timer_at = at;
	world_push(w, at + latency_ipc(w) - 20, EV_DECIDER_TIMER, n->index,
		   n->proc[PROC_DECIDER].epoch, at);
}

static void publish(struct world *w, struct node *n, const struct publication *p)
{
	static const char *const answer[] = { "silent", "no", "yes" };
	bool news = p->generation != n->page.generation;

	if (p->answer != n->page.answer || !ring_same(&p->ring, &n->page.ring))
		TRACE(w, "node %u: publishes %s for ring %u.%llu", n->id, answer[p->answer],
		      p->ring.node_id, (unsigned long long)p->ring.seq);
	n->page = *p;
	/* The voter's own timer notices a later end. */
	if (news || w->story || rng_below(&w->rng, 8) == 0)
		world_push(w, w->now + latency_ipc(w), EV_VOTER_WAKE, n->index,
			   n->proc[PROC_VOTER].epoch, 0);
}

static uint32_t post_take(struct world *w)
{
	if (w->post_free_count == 0) {
		uint32_t old = w->post_room;

		w->post_room = old != 0 ? 2 * old : 64;
		w->post = realloc(w->post, w->post_room * sizeof(*w->post));
		w->post_free = realloc(w->post_free, w->post_room * sizeof(*w->post_free));
		CHECK(w->post != NULL && w->post_free != NULL);
		for (uint32_t i = old; i < w->post_room; i++)
			w->post_free[w->post_free_count++] = i;
	}
	return w->post_free[--w->post_free_count];
}

static void post_give(struct world *w, uint32_t i)
{
	w->post_free[w->post_free_count++] = i;
}

static void hello(struct world *w, struct node *n, const struct action *a)
{
	const struct ring *r = n->vq.ring >= 0 ? &w->ring[n->vq.ring] : NULL;

	/* What the service has not taken stays in its queue: the newest is what counts. */
	n->hello = *a;
	n->hello_due = !runs(n, PROC_SERVICE) || r == NULL || !vq_ring_intact(w, n->vq.ring);
	if (n->hello_due || w->now < n->hello_lost_until)
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		uint32_t k;

		if (i == n->index || (r->members & slot_bit(i)) == 0)
			continue;
		k = post_take(w);
		memset(&w->post[k], 0, sizeof(w->post[k]));
		w->post[k].type = EVENT_HELLO;
		w->post[k].arbiter_index = a->arbiter_index;
		w->post[k].u.hello.node_id = a->u.hello.node_id;
		memcpy(w->post[k].u.hello.uuid, a->u.hello.uuid, UUID_SIZE);
		w->post[k].u.hello.incarnation = a->u.hello.incarnation;
		w->post[k].u.hello.sequence = a->u.hello.sequence;
		world_push(w, w->now + 1000 + 2 * latency_ipc(w), EV_HELLO, i, 0, k);
	}
}

static void hello_flush(struct world *w, struct node *n)
{
	struct action a = n->hello;

	if (n->hello_due)
		hello(w, n, &a);
}

static void note(struct world *w, const struct node *n, const struct note *x)
{
	static const char *const name[NOTE_COUNT] = {
		"vote_yes", "vote_no", "vote_silent", "leading", "leader", "deposed", "revoked",
		"granted", "waiting", "peer_up", "peer_dead", "peer_left", "disk_opened",
		"disk_closed", "disk_ready", "disk_lost", "disk_back", "write_unknown",
		"write_failed", "read_failed", "slot_unreadable", "slot_foreign", "slot_lost",
		"no_slot", "disk_rolled_back", "own_not_read_back", "not_shared", "shared_again",
		"poll_late", "corosync_up", "corosync_gone", "config_differs", "hold_carried",
		"left",
	};

	if (w->verbose)
		TRACE(w, "node %u:   %s a=%llu b=%llu c=%llu d=%llu", n->id,
		      name[x->id] != NULL ? name[x->id] : "?", (unsigned long long)x->a,
		      (unsigned long long)x->b, (unsigned long long)x->c, (unsigned long long)x->d);
}

static void leave_done(struct world *w, struct node *n);

static void apply(struct world *w, struct node *n, const struct action *a,
		  const struct actions *out)
{
	switch (a->type) {
	case ACTION_WRITE_SLOT:
		disk_submit_write(w, n, a, &out->block[a->arbiter_index]);
		break;
	case ACTION_READ:
		disk_submit_read(w, n, a);
		break;
	case ACTION_PUBLISH:
		publish(w, n, &a->u.publication);
		break;
	case ACTION_HELLO:
		hello(w, n, a);
		break;
	case ACTION_NOTE:
		note(w, n, &a->u.note);
		break;
	case ACTION_LEFT:
		TRACE(w, "node %u: left", n->id);
		leave_done(w, n);
		break;
	case ACTION_EVICT:
	case ACTION_TYPE_COUNT:
		break;
	}
}

static void decider_step(struct world *w, struct node *n, struct event *e)
{
	static struct actions out;
	uint32_t order[ACTIONS_MAX];
	uint32_t epoch = n->proc[PROC_DECIDER].epoch;

	e->now_ms = clock_local_ms(w, n);
	e->entropy = rng_next(&w->rng);
	out.count = 0;
	out.notes_dropped = 0;
	arb_step(n->arb, e, &out);
	for (uint32_t i = 0; i < out.count; i++)
		order[i] = i;
	for (uint32_t i = out.count; i > 1 && !w->story; i--) {
		uint32_t j = (uint32_t)rng_below(&w->rng, i), t = order[j];

		order[j] = order[i - 1];
		order[i - 1] = t;
	}
	for (uint32_t i = 0; i < out.count; i++)
		apply(w, n, &out.action[order[i]], &out);
	if (n->proc[PROC_DECIDER].alive && n->proc[PROC_DECIDER].epoch == epoch)
		decider_arm(w, n);
}

static void decider_tick(struct world *w, struct node *n)
{
	static struct event e;

	memset(&e, 0, offsetof(struct event, u));
	e.type = EVENT_TICK;
	decider_step(w, n, &e);
}

void proc_post(struct world *w, struct node *n, struct event *e, uint32_t channel)
{
	uint32_t k;
	uint64_t at = w->now + latency_ipc(w);

	if (!n->proc[PROC_DECIDER].alive)
		return;
	if (at <= n->channel_at[channel])
		at = n->channel_at[channel] + 1;
	n->channel_at[channel] = at;
	k = post_take(w);
	w->post[k] = *e;
	world_push(w, at, EV_DECIDER_EVENT, n->index, n->proc[PROC_DECIDER].epoch, k);
}

static void decider_event(struct world *w, struct node *n, const struct ev *e)
{
	uint32_t k = (uint32_t)e->arg;
	static struct event copy;

	if (n->proc[PROC_DECIDER].epoch != e->epoch || !n->proc[PROC_DECIDER].alive) {
		post_give(w, k);
		return;
	}
	if (n->proc[PROC_DECIDER].stopped) {
		if (n->inbox_count == n->inbox_room) {
			n->inbox_room = n->inbox_room != 0 ? 2 * n->inbox_room : 64;
			n->inbox = realloc(n->inbox, n->inbox_room * sizeof(*n->inbox));
			CHECK(n->inbox != NULL);
		}
		n->inbox[n->inbox_count++] = k;
		return;
	}
	copy = w->post[k];
	post_give(w, k);
	decider_step(w, n, &copy);
}

static void decider_continue(struct world *w, struct node *n)
{
	static struct event copy;

	/* Timer first or mail first: both happen. */
	if (!w->story && rng_chance(&w->rng, 5000))
		decider_tick(w, n);
	/* A step can end the process, which drops the rest. */
	while (n->inbox_count > 0) {
		uint32_t k = n->inbox[0];

		n->inbox_count--;
		memmove(n->inbox, n->inbox + 1, n->inbox_count * sizeof(*n->inbox));
		copy = w->post[k];
		post_give(w, k);
		decider_step(w, n, &copy);
	}
	if (n->proc[PROC_DECIDER].alive)
		decider_tick(w, n);
}

static void decider_tell(struct world *w, struct node *n, enum event_type type)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.type = type;
	switch (type) {
	case EVENT_CONFIG:
		e.u.policy = w->policy;
		break;
	case EVENT_NODELIST:
		e.u.nodelist = w->nodelist;
		break;
	case EVENT_COROSYNC:
		e.u.host_life = n->known.life;
		break;
	case EVENT_VIEW:
		e.u.view.ring = w->ring[n->known.ring].id;
		e.u.view.members = vq_members(w, w->ring[n->known.ring].members);
		break;
	case EVENT_DEVICE:
		e.u.device.node_id = n->id;
		e.u.device.registered = n->known.registered;
		break;
	case EVENT_QUORATE:
		e.u.quorate = n->known.quorate;
		break;
	case EVENT_PUBLICATION:
		e.u.publication = n->page;
		break;
	default:
		CHECK(false);
	}
	decider_step(w, n, &e);
}

static void tell_peers(struct world *w, struct node *n, uint64_t changed, bool now)
{
	static struct event e;

	for (uint32_t i = 0; i < w->nodes; i++) {
		if (i == n->index || (changed & slot_bit(i)) == 0)
			continue;
		memset(&e, 0, sizeof(e));
		e.type = EVENT_PEER_DEVICE;
		e.u.device.node_id = w->node[i].id;
		e.u.device.registered = (n->known.peers_registered & slot_bit(i)) != 0;
		if (now)
			decider_step(w, n, &e);
		else
			proc_post(w, n, &e, CHANNEL_NEWS);
	}
}

static void decider_start(struct world *w, struct node *n)
{
	struct identity me;

	if (n->proc[PROC_DECIDER].alive || !runs(n, PROC_GUARDIAN))
		return;
	n->proc[PROC_DECIDER].alive = true;
	n->proc[PROC_DECIDER].stopped = false;
	n->proc[PROC_DECIDER].epoch++;
	n->timer_at = 0;
	n->opened = n->leaving = false;
	memset(n->channel_at, 0, sizeof(n->channel_at));
	n->incarnation = rng_next(&w->rng) | 1;
	check_restart(w, n);
	TRACE(w, "node %u: decider starts", n->id);
	memset(&me, 0, sizeof(me));
	me.node_id = n->id;
	me.incarnation = n->incarnation;
	me.now_ms = clock_local_ms(w, n);
	arb_init(n->arb, &me);
	decider_tell(w, n, EVENT_CONFIG);
	decider_tell(w, n, EVENT_NODELIST);
	if (n->known.life != 0) {
		decider_tell(w, n, EVENT_COROSYNC);
		if (n->known.ring >= 0)
			decider_tell(w, n, EVENT_VIEW);
		decider_tell(w, n, EVENT_DEVICE);
		tell_peers(w, n, n->known.peers_registered, true);
		decider_tell(w, n, EVENT_QUORATE);
	}
	decider_tell(w, n, EVENT_PUBLICATION);
	n->open_due = true;
	proc_try_open(w, n);
}

/* The disk is opened for a new decider when nothing of its predecessor can land any more. */
void proc_try_open(struct world *w, struct node *n)
{
	if (!n->open_due || !n->proc[PROC_DECIDER].alive || !runs(n, PROC_WORKER) ||
	    n->worker_dying || n->path != PATH_OK || !disk_quiet(w, n))
		return;
	n->open_due = false;
	world_push(w, w->now + 500 + latency_ipc(w), EV_DISK_OPEN, n->index,
		   n->proc[PROC_DECIDER].epoch, 0);
}

static void disk_open(struct world *w, struct node *n, uint32_t epoch)
{
	static struct event e;

	if (n->proc[PROC_DECIDER].epoch != epoch || !n->proc[PROC_DECIDER].alive)
		return;
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	memcpy(e.u.facts.uuid, w->store[n->disk].uuid, UUID_SIZE);
	e.u.facts.slot_count = w->nodes;
	e.u.facts.timings = timing_of(&w->policy);
	e.u.facts.map = w->map;
	n->opened = true;
	proc_post(w, n, &e, CHANNEL_WRITE);
}

/* ---- voter ---- */

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
	p->start_us = w->now;
	p->start_ms = clock_local_ms(w, n);
	n->poll_marked = true;
	n->poll_mark_us = w->now;
	if (pause < 30)
		poll_send(w, n);
	else
		world_push(w, w->now + pause, EV_POLL_SEND, n->index, n->proc[PROC_VOTER].epoch, 0);
}

static void poll_handle(struct world *w, struct node *n, const struct ev *e)
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

static void poll_over(struct world *w, struct node *n)
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

static void voter_wake(struct world *w, struct node *n);

static void poll_return(struct world *w, struct node *n)
{
	struct poll *p = &n->poll;
	bool yes = p->answer == ANSWER_YES && p->ok;
	uint64_t end_ms = clock_local_ms(w, n);

	if (!p->active)
		return;
	n->vs.polled = p->ok;
	n->vs.polled_generation = p->generation;
	n->vs.polled_answer = p->answer;
	n->vs.polled_ms = p->start_ms;
	n->vs.forced_no = p->forced;
	poll_report(w, n, p->ok);
	poll_over(w, n);
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
		return;
	}
	voter_wake(w, n);
}

static void voter_wake(struct world *w, struct node *n)
{
	struct voter_order o;
	uint64_t at;

	if (!runs(n, PROC_VOTER) || n->poll.active)
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
	world_push(w, w->now + latency_ipc(w), EV_VOTER_NOTIFY, n->index,
		   n->proc[PROC_VOTER].epoch, 0);
}

static void voter_lost_corosync(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_COROSYNC };

	memset(&n->vs, 0, sizeof(n->vs));
	memset(&n->known, 0, sizeof(n->known));
	n->known.ring = -1;
	proc_post(w, n, &e, CHANNEL_NEWS);
	world_push(w, w->now + 20 * MS, EV_VOTER_CONNECT, n->index, n->proc[PROC_VOTER].epoch, 0);
}

static void voter_news_ring(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_VIEW };

	n->known.ring = n->vq.ring;
	e.u.view.ring = w->ring[n->vq.ring].id;
	e.u.view.members = vq_members(w, w->ring[n->vq.ring].members);
	proc_post(w, n, &e, CHANNEL_NEWS);
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

		n->known.peers_registered = v->peers_registered;
		tell_peers(w, n, changed, false);
	}
	hello_flush(w, n);
	if (n->known.quorate != v->told) {
		struct event e = { .type = EVENT_QUORATE };

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
				   w->now + (w->story ? 100 * MS :
							rng_range(&w->rng, 20 * MS, 200 * MS)),
				   EV_VOTER_CONNECT, n->index, n->proc[PROC_VOTER].epoch, 0);
		if (!n->vq.up && n->poll.active)
			poll_over(w, n);
		return;
	}
	/* A predecessor was killed while its poll was under way: a yes counts as polled, a no
	 * proves nothing. */
	if (n->poll.active) {
		if (n->poll_marked)
			poll_report(w, n, n->poll.answer == ANSWER_YES);
		poll_over(w, n);
	}
	memset(&n->vs, 0, sizeof(n->vs));
	n->vs.host_life = n->vq.life;
	if (n->known.life != n->vq.life) {
		struct event e = { .type = EVENT_COROSYNC };

		memset(&n->known, 0, sizeof(n->known));
		n->known.ring = -1;
		n->known.life = n->vq.life;
		e.u.host_life = n->vq.life;
		proc_post(w, n, &e, CHANNEL_NEWS);
	}
	if (!n->vq.registered)
		vq_register(w, n);
	voter_news(w, n);
}

static void voter_start(struct world *w, struct node *n)
{
	if (n->proc[PROC_VOTER].alive || !runs(n, PROC_GUARDIAN))
		return;
	n->proc[PROC_VOTER].alive = true;
	n->proc[PROC_VOTER].stopped = false;
	n->proc[PROC_VOTER].epoch++;
	n->orphan = n->left = n->notify_sent = n->notify_due = n->connect_due = false;
	n->poll.send_due = n->poll.return_due = false;
	n->wake_at = 0;
	memset(&n->vs, 0, sizeof(n->vs));
	world_push(w, w->now + (w->story ? MS : rng_range(&w->rng, 500, 4 * MS)), EV_VOTER_CONNECT, n->index,
		   n->proc[PROC_VOTER].epoch, 0);
}

static void voter_continue(struct world *w, struct node *n)
{
	uint32_t epoch = n->proc[PROC_VOTER].epoch;

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
	if (n->proc[PROC_VOTER].epoch == epoch && n->notify_due) {
		n->notify_due = false;
		voter_news(w, n);
	}
	voter_wake(w, n);
}

/* ---- starts and ends ---- */

static uint64_t restart_delay(struct world *w)
{
	return w->story ? 10 * MS : rng_range(&w->rng, 2 * MS, 30 * MS);
}

static void guardian_look(struct world *w, struct node *n)
{
	static const enum ev_kind start[] = { EV_DECIDER_START, EV_VOTER_START, EV_WORKER_START,
					      EV_SERVICE_START };

	if (!runs(n, PROC_GUARDIAN))
		return;
	for (uint32_t p = PROC_DECIDER; p <= PROC_SERVICE; p++)
		if (!n->proc[p].alive)
			world_push(w, w->now + restart_delay(w), start[p], n->index,
				   n->proc[PROC_GUARDIAN].epoch, 0);
}

void proc_worker_died(struct world *w, struct node *n)
{
	guardian_look(w, n);
}

static void drop_inbox(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < n->inbox_count; i++)
		post_give(w, n->inbox[i]);
	n->inbox_count = 0;
}

static void end_process(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->proc[p].alive)
		return;
	if (p == PROC_WORKER) {
		n->proc[p].stopped = false;
		n->worker_fresh = true;
		disk_worker_kill(w, n);
		return;
	}
	n->proc[p].alive = n->proc[p].stopped = false;
	n->proc[p].epoch++;
	if (p == PROC_DECIDER) {
		drop_inbox(w, n);
		disk_decider_gone(w, n);
		n->open_due = false;
	}
	if (p == PROC_VOTER) {
		/* What was not yet sent never will be; what was sent may still be taken. */
		n->orphan = n->left = false;
		if (n->poll.active && !n->poll.handling && !n->poll.return_due)
			n->poll.send_due = n->poll.return_due = false;
	}
}

void proc_kill(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->power || !n->proc[p].alive)
		return;
	TRACE(w, "node %u: %s killed", n->id, proc_name[p]);
	end_process(w, n, p);
	if (p == PROC_GUARDIAN)
		world_push(w, w->now + latency_ipc(w), EV_VOTER_ORPHAN, n->index, 0, 0);
	else
		guardian_look(w, n);
}

void proc_kill_all(struct world *w, struct node *n)
{
	TRACE(w, "node %u: all processes killed", n->id);
	end_process(w, n, PROC_GUARDIAN);
	for (uint32_t p = 0; p < PROC_GUARDIAN; p++)
		end_process(w, n, (enum proc_id)p);
}

/* The guardian is gone: who runs notices and ends; the voter says no first. */
static void orphaned(struct world *w, struct node *n)
{
	if (n->proc[PROC_GUARDIAN].alive)
		return;
	if (runs(n, PROC_DECIDER))
		end_process(w, n, PROC_DECIDER);
	if (runs(n, PROC_WORKER))
		end_process(w, n, PROC_WORKER);
	if (runs(n, PROC_SERVICE))
		end_process(w, n, PROC_SERVICE);
	if (n->proc[PROC_VOTER].alive)
		n->orphan = true;
	voter_wake(w, n);
}

static void leave_done(struct world *w, struct node *n)
{
	end_process(w, n, PROC_GUARDIAN);
	n->left = true;
	orphaned(w, n);
	if (w->calm)
		world_push(w, w->now + SEC / 2, EV_DAEMON_START, n->index, n->boot, 0);
}

static void worker_start(struct world *w, struct node *n)
{
	if (n->proc[PROC_WORKER].alive || !runs(n, PROC_GUARDIAN))
		return;
	n->proc[PROC_WORKER].alive = true;
	n->proc[PROC_WORKER].stopped = false;
	n->proc[PROC_WORKER].epoch++;
	disk_worker_run(w, n);
	proc_try_open(w, n);
}

void proc_start_daemon(struct world *w, struct node *n)
{
	if (!n->power || n->proc[PROC_GUARDIAN].alive)
		return;
	/* The service manager ends what is left of the old one first. */
	for (uint32_t p = 0; p < PROC_GUARDIAN; p++)
		end_process(w, n, (enum proc_id)p);
	if (n->proc[PROC_WORKER].alive) {
		world_push(w, w->now + 100 * MS, EV_DAEMON_START, n->index, n->boot, 0);
		return;
	}
	TRACE(w, "node %u: daemon starts", n->id);
	/* New shared memory: nothing is published, nothing is known. */
	memset(&n->page, 0, sizeof(n->page));
	memset(&n->known, 0, sizeof(n->known));
	n->known.ring = -1;
	if (n->poll.active && !n->poll.handling)
		poll_over(w, n);
	n->poll_marked = n->hello_due = false;
	n->worker_fresh = true;
	n->proc[PROC_GUARDIAN].alive = true;
	n->proc[PROC_GUARDIAN].stopped = false;
	n->proc[PROC_GUARDIAN].epoch++;
	guardian_look(w, n);
}

void proc_leave(struct world *w, struct node *n)
{
	static struct event e;

	if (!runs(n, PROC_DECIDER) || n->leaving)
		return;
	TRACE(w, "node %u: asked to leave", n->id);
	n->leaving = true;
	memset(&e, 0, offsetof(struct event, u));
	e.type = EVENT_LEAVE;
	decider_step(w, n, &e);
}

void proc_stop(struct world *w, struct node *n, enum proc_id p, uint64_t for_us)
{
	if (!n->proc[p].alive || n->proc[p].stopped)
		return;
	TRACE(w, "node %u: %s stopped for %llu ms", n->id, proc_name[p],
	      (unsigned long long)(for_us / 1000));
	n->proc[p].stopped = true;
	if (for_us != NEVER)
		world_push(w, w->now + for_us, EV_CONT, n->index, n->proc[p].epoch, p);
}

void proc_stop_all(struct world *w, struct node *n, uint64_t for_us)
{
	for (uint32_t p = 0; p < PROC_COUNT; p++)
		proc_stop(w, n, (enum proc_id)p, for_us);
}

void proc_cont(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->proc[p].alive || !n->proc[p].stopped || n->vq.frozen)
		return;
	TRACE(w, "node %u: %s continues", n->id, proc_name[p]);
	n->proc[p].stopped = false;
	if (!n->proc[PROC_GUARDIAN].alive) {
		world_push(w, w->now + latency_ipc(w), EV_VOTER_ORPHAN, n->index, 0, 0);
	} else if (p == PROC_GUARDIAN) {
		guardian_look(w, n);
	}
	if (p == PROC_DECIDER)
		decider_continue(w, n);
	else if (p == PROC_VOTER)
		voter_continue(w, n);
	else if (p == PROC_WORKER)
		disk_worker_run(w, n);
	else if (p == PROC_SERVICE)
		hello_flush(w, n);
	proc_try_open(w, n);
}

enum { CONT_NODE = 100 };

void proc_freeze(struct world *w, struct node *n, uint64_t for_us)
{
	if (!n->power || n->vq.frozen || !n->vq.up)
		return;
	TRACE(w, "node %u: frozen for %llu ms", n->id, (unsigned long long)(for_us / 1000));
	for (uint32_t p = 0; p < PROC_COUNT; p++)
		proc_stop(w, n, (enum proc_id)p, NEVER);
	vq_freeze(w, n, true);
	if (for_us != NEVER)
		world_push(w, w->now + for_us, EV_CONT, n->index, n->boot, CONT_NODE);
}

static void thaw(struct world *w, struct node *n)
{
	if (!n->power || !n->vq.frozen)
		return;
	TRACE(w, "node %u: thawed", n->id);
	vq_freeze(w, n, false);
	if (n->poll.active && n->poll.handle_due) {
		n->poll.handle_due = false;
		world_push(w, w->now + latency_ipc(w), EV_POLL_HANDLE, n->index, n->vq.epoch, 0);
	}
	for (uint32_t p = PROC_COUNT; p > 0; p--)
		proc_cont(w, n, (enum proc_id)(p - 1));
	proc_notify_voter(w, n);
}

void proc_power(struct world *w, struct node *n, bool on)
{
	if (n->power == on)
		return;
	TRACE(w, "node %u: power %s", n->id, on ? "on" : "lost");
	n->boot++;
	n->power = on;
	if (on) {
		n->path = PATH_OK;
		uint64_t cs = w->story ? SEC : rng_range(&w->rng, 200 * MS, 1500 * MS);
		uint64_t daemon = w->story ? 2 * SEC : rng_range(&w->rng, 200 * MS, 2500 * MS);

		world_push(w, w->now + cs, EV_CS_START, n->index, n->boot, 0);
		world_push(w, w->now + daemon, EV_DAEMON_START, n->index, n->boot, 0);
		return;
	}
	disk_power_lost(w, n);
	for (uint32_t p = 0; p < PROC_COUNT; p++) {
		n->proc[p].alive = n->proc[p].stopped = false;
		n->proc[p].epoch++;
	}
	n->worker_dying = false;
	drop_inbox(w, n);
	n->open_due = false;
	memset(&n->page, 0, sizeof(n->page));
	memset(&n->known, 0, sizeof(n->known));
	memset(&n->poll, 0, sizeof(n->poll));
	n->known.ring = -1;
	n->poll_marked = n->orphan = n->left = n->hello_due = false;
	n->ipc_hang_until = n->hello_lost_until = n->stall_until = 0;
	n->next_write = WF_NONE;
	vq_stop(w, n, false);
}

void proc_corosync_restart(struct world *w, struct node *n, uint64_t after_us)
{
	if (!n->power || !n->vq.up)
		return;
	TRACE(w, "node %u: corosync killed", n->id);
	vq_stop(w, n, w->leave_announced || (!w->story && rng_chance(&w->rng, 3000)));
	w->leave_announced = false;
	proc_notify_voter(w, n);
	world_push(w, w->now + after_us, EV_CS_START, n->index, n->boot, 0);
}

static void got_hello(struct world *w, struct node *n, uint32_t k)
{
	static struct event copy;

	copy = w->post[k];
	post_give(w, k);
	if (!runs(n, PROC_SERVICE) || !runs(n, PROC_DECIDER) || w->now < n->hello_lost_until)
		return;
	if (w->verbose)
		TRACE(w, "node %u:   hello of node %u, sequence %llu", n->id, copy.u.hello.node_id,
		      (unsigned long long)copy.u.hello.sequence);
	decider_step(w, n, &copy);
}

static void voter_event(struct world *w, struct node *n, const struct ev *e)
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
		n->notify_due = stopped;
		if (!stopped)
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

void proc_event(struct world *w, const struct ev *e)
{
	struct node *n = &w->node[e->node];
	bool guarded = n->power && e->epoch == n->proc[PROC_GUARDIAN].epoch;

	switch ((enum ev_kind)e->kind) {
	case EV_DECIDER_TIMER:
		/* One that was set for later than another is void, or an early tick. */
		if (n->proc[PROC_DECIDER].epoch != e->epoch || !runs(n, PROC_DECIDER) ||
		    (n->timer_at != e->arg && e->order % 16 != 0))
			break;
		if (n->timer_at == e->arg)
			n->timer_at = 0;
		decider_tick(w, n);
		break;
	case EV_DECIDER_EVENT:
		decider_event(w, n, e);
		break;
	case EV_DECIDER_START:
		if (guarded)
			decider_start(w, n);
		break;
	case EV_VOTER_START:
		if (guarded)
			voter_start(w, n);
		break;
	case EV_WORKER_START:
		if (guarded)
			worker_start(w, n);
		break;
	case EV_SERVICE_START:
		if (guarded && runs(n, PROC_GUARDIAN) && !n->proc[PROC_SERVICE].alive) {
			n->proc[PROC_SERVICE].alive = true;
			hello_flush(w, n);
		}
		break;
	case EV_DISK_OPEN:
		disk_open(w, n, e->epoch);
		break;
	case EV_POLL_HANDLE:
		poll_handle(w, n, e);
		break;
	case EV_VOTER_ORPHAN:
		orphaned(w, n);
		break;
	case EV_DAEMON_START:
		if (n->boot == e->epoch)
			proc_start_daemon(w, n);
		break;
	case EV_CS_START:
		if (n->boot == e->epoch && n->power && !n->vq.up) {
			vq_start(w, n);
			if (n->proc[PROC_VOTER].alive)
				proc_notify_voter(w, n);
		}
		break;
	case EV_HELLO:
		got_hello(w, n, (uint32_t)e->arg);
		break;
	case EV_CONT:
		if (e->arg == CONT_NODE) {
			if (n->boot == e->epoch)
				thaw(w, n);
		} else if (n->proc[e->arg].epoch == e->epoch) {
			proc_cont(w, n, (enum proc_id)e->arg);
		}
		break;
	case EV_PATH_OK:
		if (n->boot == e->epoch && n->path != PATH_OK) {
			TRACE(w, "node %u: path to the disk is back", n->id);
			n->path = PATH_OK;
			disk_path_ok(w, n);
		}
		break;
	default:
		voter_event(w, n, e);
	}
}

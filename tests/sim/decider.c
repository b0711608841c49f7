/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the deciding process around the production core: its mail, timer, actions and starts. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

enum { CHANNEL_WRITE = 0, CHANNEL_NEWS = 2 };

static void decider_arm(struct world *w, struct node *n)
{
	uint64_t deadline_ms = arb_deadline_ms(n->arb);
	uint64_t at;

	if (deadline_ms != n->deadline_ms || deadline_ms == 0) {
		n->deadline_ms = deadline_ms;
		n->deadline_at = clock_global_us(n, deadline_ms);
	}
	at = n->deadline_at;
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
	shown_publish(w, n, p);
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
	n->hello_due = !proc_runs(n, PROC_SERVICE) || r == NULL ||
		       !totem_ring_intact(w, n->vq.ring);
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

void decider_flush_hello(struct world *w, struct node *n)
{
	struct action a = n->hello;

	if (n->hello_due)
		hello(w, n, &a);
}

static void note(struct world *w, const struct node *n, const struct note *x)
{
	static const char *const name[NOTE_COUNT] = {
		"vote_yes",	    "vote_no",
		"vote_silent",	    "leading",
		"leader",	    "deposed",
		"revoked",	    "granted",
		"waiting",	    "peer_up",
		"peer_dead",	    "peer_left",
		"disk_opened",	    "disk_closed",
		"disk_ready",	    "disk_lost",
		"disk_back",	    "write_unknown",
		"write_failed",	    "read_failed",
		"slot_unreadable",  "slot_foreign",
		"slot_lost",	    "no_slot",
		"disk_rolled_back", "own_not_read_back",
		"not_shared",	    "shared_again",
		"poll_late",	    "corosync_up",
		"corosync_gone",    "config_differs",
		"hold_carried",	    "left",
	};

	if (w->verbose)
		TRACE(w, "node %u:   %s a=%llu b=%llu c=%llu d=%llu", n->id,
		      name[x->id] != NULL ? name[x->id] : "?", (unsigned long long)x->a,
		      (unsigned long long)x->b, (unsigned long long)x->c, (unsigned long long)x->d);
}

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
		proc_left(w, n);
		break;
	case ACTION_EVICT:
		evict_order(w, n, a);
		break;
	case ACTION_SELF:
		evict_self(w, n, a->u.self);
		break;
	case ACTION_VERDICT:
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
	if (e->type == EVENT_READ_DONE)
		shown_read(w, n, &e->u.io);
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
	if (n->proc[PROC_DECIDER].alive && n->proc[PROC_DECIDER].epoch == epoch) {
		evict_alive(w, n);
		decider_arm(w, n);
	}
}

void decider_tick(struct world *w, struct node *n)
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

void decider_event(struct world *w, struct node *n, const struct ev *e)
{
	uint32_t k = (uint32_t)e->arg;

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
	/* The step has read it before its actions can make new ones. */
	post_give(w, k);
	decider_step(w, n, &w->post[k]);
}

void decider_continue(struct world *w, struct node *n)
{
	n->decider_on_at = w->now;
	/* Timer first or mail first: both happen. */
	if (!w->story && rng_chance(&w->rng, 5000))
		decider_tick(w, n);
	/* A step can end the process, which drops the rest. */
	while (n->inbox_count > 0) {
		uint32_t k = n->inbox[0];

		n->inbox_count--;
		memmove(n->inbox, n->inbox + 1, n->inbox_count * sizeof(*n->inbox));
		post_give(w, k);
		decider_step(w, n, &w->post[k]);
	}
	if (n->proc[PROC_DECIDER].alive)
		decider_tick(w, n);
}

void decider_tell_config(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_CONFIG };

	e.u.policy = config_policy(w, n);
	proc_post(w, n, &e, CHANNEL_NEWS);
}

static void fitness(const struct node *n, struct event *e)
{
	e->u.fitness.score_max = 1;
	e->u.fitness.score = n->unfit ? 0 : 1;
	e->u.fitness.fit = !n->unfit;
}

void decider_tell_fit(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_FITNESS };

	fitness(n, &e);
	proc_post(w, n, &e, CHANNEL_NEWS);
}

static void decider_tell(struct world *w, struct node *n, enum event_type type)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.type = type;
	switch (type) {
	case EVENT_CONFIG:
		e.u.policy = config_policy(w, n);
		break;
	case EVENT_NODELIST:
		e.u.nodelist = config_nodelist(w, n);
		break;
	case EVENT_WEIGHT:
		e.u.weight = n->weight;
		break;
	case EVENT_FITNESS:
		fitness(n, &e);
		break;
	case EVENT_COROSYNC:
		e.u.host_life = n->known.life;
		break;
	case EVENT_VIEW:
		e.u.view.ring = w->ring[n->known.ring].id;
		e.u.view.members = totem_members(w, w->ring[n->known.ring].members);
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

void decider_tell_peers(struct world *w, struct node *n, uint64_t changed, bool now)
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

/* The workload of this node changed. */
void decider_tell_weight(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_WEIGHT };

	e.u.weight = n->weight;
	proc_post(w, n, &e, CHANNEL_NEWS);
}

void decider_start(struct world *w, struct node *n)
{
	struct identity me;

	if (n->proc[PROC_DECIDER].alive || !proc_runs(n, PROC_GUARDIAN))
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
	if (n->weight != 0)
		decider_tell(w, n, EVENT_WEIGHT);
	if (n->unfit)
		decider_tell(w, n, EVENT_FITNESS);
	if (n->known.life != 0) {
		decider_tell(w, n, EVENT_COROSYNC);
		if (n->known.ring >= 0)
			decider_tell(w, n, EVENT_VIEW);
		decider_tell(w, n, EVENT_DEVICE);
		decider_tell_peers(w, n, n->known.peers_registered, true);
		decider_tell(w, n, EVENT_QUORATE);
	}
	decider_tell(w, n, EVENT_PUBLICATION);
	evict_start(w, n);
	n->open_due = true;
	proc_try_open(w, n);
}

/* The disk is opened for a new decider when nothing of its predecessor can land any more. */
void proc_try_open(struct world *w, struct node *n)
{
	if (!n->open_due || !n->proc[PROC_DECIDER].alive || !proc_runs(n, PROC_WORKER) ||
	    n->worker_dying || n->path != PATH_OK || !disk_quiet(w, n))
		return;
	n->open_due = false;
	world_push(w, w->now + 500 + latency_ipc(w), EV_DISK_OPEN, n->index,
		   n->proc[PROC_DECIDER].epoch, 0);
}

void decider_open_disk(struct world *w, struct node *n, uint32_t epoch)
{
	static struct event e;

	if (n->proc[PROC_DECIDER].epoch != epoch || !n->proc[PROC_DECIDER].alive)
		return;
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	memcpy(e.u.facts.uuid, w->store[n->disk].uuid, UUID_SIZE);
	e.u.facts.slot_count = w->slots;
	e.u.facts.timings = timing_of(&w->policy);
	e.u.facts.map = w->header;
	n->opened = true;
	proc_post(w, n, &e, CHANNEL_WRITE);
}

void decider_take_hello(struct world *w, struct node *n, uint32_t k)
{
	static struct event copy;

	copy = w->post[k];
	post_give(w, k);
	if (!proc_runs(n, PROC_SERVICE) || !proc_runs(n, PROC_DECIDER) ||
	    w->now < n->hello_lost_until)
		return;
	if (w->verbose)
		TRACE(w, "node %u:   hello of node %u, sequence %llu", n->id, copy.u.hello.node_id,
		      (unsigned long long)copy.u.hello.sequence);
	decider_step(w, n, &copy);
}

void decider_drop_inbox(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < n->inbox_count; i++)
		post_give(w, n->inbox[i]);
	n->inbox_count = 0;
}

void decider_leave(struct world *w, struct node *n)
{
	static struct event e;

	memset(&e, 0, offsetof(struct event, u));
	e.type = EVENT_LEAVE;
	decider_step(w, n, &e);
}

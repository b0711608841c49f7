/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/arb.h"
#include "model/timing.h"
#include "tool/explain.h"

enum {
	START_MS = 1000,
	FIRST_RING = 4, /* its sequence */
};

/* One node: its decider, its way to the disk and its voter. */
struct node {
	struct arb arb;
	struct actions out;
	bool up;
	bool write_due, read_due;
	uint64_t token, submit_ms;
	struct slot block;
	uint8_t copy, slot_index;
	uint64_t mask;
	struct publication pub;
	struct voter_state voter;
	uint64_t yes_ms; /* since when the last answer is yes; 0: it is not */
};

struct world {
	uint64_t now_ms;
	uint32_t count;
	struct slot disk[NODES_MAX];
	uint8_t newest[NODES_MAX];
	struct node node[];
};

struct explain {
	const struct config *c;
	struct policy policy;
	struct slot_read read[NODES_MAX];
	size_t size;
	struct world *whole; /* the ring of all */
	struct world *now;
};

static void step(struct explain *x, struct node *n, struct event *e)
{
	e->now_ms = x->now->now_ms;
	/* Any number will do, but candidates should not all draw the same. */
	e->entropy = x->now->now_ms * 2654435761u + (uint64_t)(n - x->now->node) * 40503u;
	n->out.count = 0;
	arb_step(&n->arb, e, &n->out);
	for (uint32_t i = 0; i < n->out.count; i++) {
		const struct action *a = &n->out.action[i];

		if (a->type == ACTION_WRITE_SLOT) {
			n->write_due = true;
			n->token = a->token;
			n->block = n->out.block[0];
			n->copy = a->u.write.copy;
			n->slot_index = a->u.write.slot_index;
			n->submit_ms = x->now->now_ms;
		} else if (a->type == ACTION_READ) {
			n->read_due = true;
			n->token = a->token;
			n->mask = a->u.mask;
			n->submit_ms = x->now->now_ms;
		} else if (a->type == ACTION_PUBLISH) {
			n->pub = a->u.publication;
		}
	}
}

/* Every write and every read takes a millisecond. */
static void finish_io(struct explain *x, struct node *n)
{
	struct world *w = x->now;
	struct event e;

	if ((!n->write_due && !n->read_due) || n->submit_ms == w->now_ms)
		return;
	memset(&e, 0, sizeof(e));
	e.u.io.token = n->token;
	e.u.io.start_ms = n->submit_ms;
	e.u.io.end_ms = w->now_ms;
	if (n->write_due) {
		n->write_due = false;
		w->disk[n->slot_index] = n->block;
		w->newest[n->slot_index] = n->copy;
		e.type = EVENT_WRITE_DONE;
	} else {
		n->read_due = false;
		for (uint64_t rest = n->mask; rest != 0; rest &= rest - 1) {
			uint32_t k = (uint32_t)__builtin_ctzll(rest);

			x->read[k].rc = RC_OK;
			x->read[k].copy = w->newest[k];
			x->read[k].slot = w->disk[k];
		}
		e.type = EVENT_READ_DONE;
		e.u.io.mask = n->mask;
		e.u.io.slots = x->read;
	}
	step(x, n, &e);
}

static void poll_vote(struct explain *x, struct node *n)
{
	uint64_t now_ms = x->now->now_ms;
	struct voter_order o = vote_judge(&n->pub, &n->voter, now_ms);
	struct event e;

	if (o.answer == ANSWER_SILENT)
		return;
	n->voter.polled = true;
	n->voter.polled_generation = n->pub.generation;
	n->voter.polled_answer = o.answer;
	n->voter.forced_no = o.forced_no;
	n->voter.polled_ms = now_ms;
	if (o.answer != ANSWER_YES)
		n->yes_ms = 0;
	else if (n->yes_ms == 0)
		n->yes_ms = now_ms;
	memset(&e, 0, sizeof(e));
	e.type = EVENT_POLL_DONE;
	e.u.poll.generation = n->pub.generation;
	e.u.poll.ring = n->voter.ring;
	e.u.poll.answer = o.answer;
	e.u.poll.ok = true;
	e.u.poll.start_ms = e.u.poll.end_ms = now_ms;
	step(x, n, &e);
}

static void run_ms(struct explain *x)
{
	struct world *w = x->now;

	for (uint32_t i = 0; i < w->count; i++) {
		struct node *n = &w->node[i];
		struct event tick;

		if (!n->up)
			continue;
		finish_io(x, n);
		if (w->now_ms >= arb_deadline_ms(&n->arb)) {
			memset(&tick, 0, sizeof(tick));
			step(x, n, &tick);
		}
		poll_vote(x, n);
	}
	w->now_ms++;
}

static void give_view(struct explain *x, struct node *n, uint64_t seq, const struct members *m)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_VIEW;
	e.u.view.ring.seq = seq;
	e.u.view.ring.node_id = m->node_id[0];
	e.u.view.members = *m;
	n->voter.ring = e.u.view.ring;
	n->voter.polled = false;
	/* The wait of the new ring begins: what was polled before does not count as its answer. */
	n->yes_ms = 0;
	step(x, n, &e);
}

static void start_node(struct explain *x, uint32_t i, uint32_t weight)
{
	const struct nodelist *list = &x->c->nodes;
	struct node *n = &x->now->node[i];
	struct identity me = { list->node_id[i], 7000 + i, x->now->now_ms };
	struct event e;

	arb_init(&n->arb, &me);
	n->up = true;
	memset(&e, 0, sizeof(e));
	e.type = EVENT_CONFIG;
	e.u.policy = x->policy;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_NODELIST;
	e.u.nodelist = *list;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_COROSYNC;
	e.u.host_life = 100 + i;
	n->voter.host_life = e.u.host_life;
	n->voter.registered = true;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DEVICE;
	e.u.device.registered = true;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_WEIGHT;
	e.u.weight = weight;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_PUBLICATION;
	step(x, n, &e);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	e.u.facts.slot_count = NODES_MAX;
	e.u.facts.timings = timing_of(&x->policy);
	e.u.facts.map.count = list->count;
	memcpy(e.u.facts.map.node_id, list->node_id, sizeof(e.u.facts.map.node_id));
	step(x, n, &e);
}

static bool casts(const struct node *n)
{
	return n->up && n->yes_ms != 0 && n->voter.polled &&
	       ring_same(&n->pub.ring, &n->voter.ring);
}

/* Nothing is decided later: X for the dead, then the time that any ring is given. */
static uint64_t patience_ms(const struct policy *p)
{
	struct timings t = timing_of(p);

	return 2 * timing_x_ms(&t) + 2 * (uint64_t)p->sync_timeout_ms +
	       20 * (uint64_t)p->interval_ms;
}

static bool begin(struct explain *x, const uint32_t *weight)
{
	struct world *w = x->now;
	struct members all;
	uint64_t end_ms;
	uint32_t yes = 0;

	memset(&all, 0, sizeof(all));
	w->now_ms = START_MS;
	w->count = x->c->nodes.count;
	for (uint32_t i = 0; i < w->count; i++) {
		w->disk[i].node_id = x->c->nodes.node_id[i];
		w->disk[i].cast = CAST_UNKNOWN;
		(void)members_add(&all, x->c->nodes.node_id[i]);
	}
	for (uint32_t i = 0; i < w->count; i++)
		start_node(x, i, weight[i]);
	for (uint32_t i = 0; i < w->count; i++)
		give_view(x, &w->node[i], FIRST_RING, &all);
	end_ms = w->now_ms + patience_ms(&x->policy);
	while (w->now_ms < end_ms && yes < w->count) {
		run_ms(x);
		yes = 0;
		for (uint32_t i = 0; i < w->count; i++)
			yes += casts(&w->node[i]) ? 1 : 0;
	}
	/* Let everybody see that everybody casts. */
	end_ms = w->now_ms + 10 * (uint64_t)x->policy.interval_ms;
	while (w->now_ms < end_ms)
		run_ms(x);
	return yes == w->count;
}

struct explain *explain_new(const struct config *c, const uint32_t weight[NODES_MAX])
{
	struct explain *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->c = c;
	x->policy = c->policy;
	/* Faultless arbiters all decide the same: one is enough. */
	x->policy.arbiter_count = 1;
	x->policy.arbiter_type[0] = ARBITER_DISK;
	x->size = sizeof(struct world) + c->nodes.count * sizeof(struct node);
	x->whole = calloc(1, x->size);
	x->now = calloc(1, x->size);
	if (x->whole != NULL && x->now != NULL && begin(x, weight)) {
		memcpy(x->whole, x->now, x->size);
		return x;
	}
	explain_free(x);
	return NULL;
}

void explain_free(struct explain *x)
{
	if (x == NULL)
		return;
	free(x->whole);
	free(x->now);
	free(x);
}

/* returns: the index of the part that this node is in, s->count if it is in none. */
static uint32_t part_of(const struct explain_split *s, uint32_t node_id)
{
	for (uint32_t k = 0; k < s->count; k++)
		if (members_contain(&s->part[k], node_id))
			return k;
	return s->count;
}

/* Which parts cast now.  returns: whether nothing is left to wait for: one part casts as a whole.
 */
static bool judge(const struct explain *x, const struct explain_split *s, uint64_t split_ms,
		  struct explain_result *r)
{
	uint32_t yes[NODES_MAX] = { 0 };

	r->winner = s->count;
	r->after_ms = 0;
	for (uint32_t i = 0; i < x->now->count; i++) {
		const struct node *n = &x->now->node[i];
		uint32_t k = part_of(s, x->c->nodes.node_id[i]);

		if (k == s->count || !casts(n))
			continue;
		yes[k]++;
		r->doubled = r->doubled || (r->winner != s->count && r->winner != k);
		r->winner = k;
		if (n->yes_ms - split_ms > r->after_ms)
			r->after_ms = n->yes_ms - split_ms;
	}
	r->whole = r->winner != s->count && yes[r->winner] == s->part[r->winner].count;
	return r->whole;
}

/* The leader of the winner knows the step that decided. */
static void find_step(const struct explain *x, const struct explain_split *s, uint64_t split_ms,
		      struct explain_result *r)
{
	static struct arb_status status;

	for (uint32_t i = 0; i < x->now->count; i++) {
		if (!x->now->node[i].up || part_of(s, x->c->nodes.node_id[i]) == s->count)
			continue;
		arb_report(&x->now->node[i].arb, x->now->now_ms, &status);
		if (status.disk[0].decision.own && status.disk[0].decision.at_ms >= split_ms &&
		    status.disk[0].decision.step != RANK_NONE)
			r->step = status.disk[0].decision.step;
	}
}

void explain_run(struct explain *x, const struct explain_split *s, struct explain_result *r)
{
	struct world *w = x->now;
	uint64_t split_ms;
	uint64_t end_ms;

	memset(r, 0, sizeof(*r));
	memcpy(w, x->whole, x->size);
	split_ms = w->now_ms;
	for (uint32_t i = 0; i < w->count; i++) {
		uint32_t k = part_of(s, x->c->nodes.node_id[i]);

		if (k == s->count)
			w->node[i].up = false;
		else
			give_view(x, &w->node[i], FIRST_RING + 1 + k, &s->part[k]);
	}
	end_ms = split_ms + patience_ms(&x->policy);
	while (w->now_ms < end_ms && !judge(x, s, split_ms, r))
		run_ms(x);
	/* What was decided must stand. */
	end_ms = w->now_ms + x->policy.sync_timeout_ms;
	while (r->whole && w->now_ms < end_ms)
		run_ms(x);
	(void)judge(x, s, split_ms, r);
	find_step(x, s, split_ms, r);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what goes wrong and when.  A random schedule starts the nodes, lets faults of some randomly
 * chosen kinds happen, heals everything, demands a decision by a deadline, and often ends with a
 * clean split that the ranking must decide.
 */
#include <string.h>

#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

enum phase { PHASE_BOOT, PHASE_FAULTS, PHASE_HEALED, PHASE_SPLIT, PHASE_END };

/* ---- timings ---- */

void fault_policy(struct world *w)
{
	static const struct {
		uint32_t token, consensus, dead, timeout, sync;
	} set[] = {
		{ 1000, 1200, 900, 450, 900 },
		{ 300, 360, 320, 160, 320 },
		{ 1000, 1200, 600, 300, 700 },
		{ 3000, 3600, 3000, 1500, 3500 },
	};
	struct policy *p = &w->policy;
	uint64_t r = rng_below(&w->frng, 100), x;
	uint32_t k = r < 70 ? 0 : r < 85 ? 1 : r < 98 ? 2 : 3;
	struct timings t;

	if (w->story)
		k = 0;
	p->algorithm = ALGORITHM_LMS;
	p->tie_breaker = (enum tie_breaker)rng_below(&w->frng, 3);
	p->tie_node_id = w->node[rng_below(&w->frng, w->nodes)].id;
	if (w->story)
		p->tie_breaker = TIE_LOWEST;
	p->token_ms = set[k].token;
	p->consensus_ms = set[k].consensus;
	p->dead_ms = set[k].dead;
	p->timeout_ms = set[k].timeout;
	p->sync_timeout_ms = set[k].sync;
	p->late_ms = rng_chance(&w->frng, 3000) ? p->hold_ms : 1500;
	if (p->late_ms < p->dead_ms)
		p->late_ms = p->dead_ms;
	p->workload = true;
	p->arbiter_count = 1;
	p->arbiter_type[0] = ARBITER_DISK;
	p->hash = 1;
	timing_derive(p);
	/* A short settle makes leaders hasty: safety must not rest on it. */
	if (w->class == CLASS_DIRECTED && rng_chance(&w->frng, 5000))
		p->settle_ms = p->interval_ms;
	CHECK(timing_check(p) == TIMING_OK);
	t = timing_of(p);
	x = timing_x_ms(&t);
	w->x_ms = x;
	evict_policy(w);
	w->bound_us = (5 * x / 2 + 2 * timing_detection_ms(p) + 2 * p->sync_timeout_ms +
		       2 * p->settle_ms + p->late_ms + 2 * p->dead_ms + 1000) *
		      1000;
	w->lat_class = (uint32_t)rng_below(&w->frng, k == 1 ? 2 : 3);
	w->jitter_class = (uint32_t)rng_below(&w->frng, 3);
	if (w->class == CLASS_GENTLE || w->story)
		w->lat_class = w->jitter_class = 0;
	w->end_at = (k == 3 ? 240 : 60) * SEC;
}

/* ---- single operations ---- */

static uint64_t component_of(const struct world *w, uint32_t part)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->part[i] == part)
			mask |= slot_bit(i);
	return mask;
}

static void split(struct world *w, uint64_t mask)
{
	bool any = false;

	for (uint32_t i = 0; i < w->nodes; i++) {
		uint32_t part = (mask & slot_bit(i)) != 0;

		any |= w->part[i] != part;
		w->part[i] = part;
	}
	if (!any)
		return;
	TRACE(w, "split %llx | %llx", (unsigned long long)component_of(w, 1),
	      (unsigned long long)component_of(w, 0));
	w->cover[COVER_SPLIT] += component_of(w, 0) != 0 && component_of(w, 1) != 0;
	vq_topology(w);
}

static void path(struct world *w, struct node *n, enum path p, uint32_t ms)
{
	if (!n->power || n->path != PATH_OK)
		return;
	TRACE(w, "node %u: path to the disk %s for %u ms", n->id,
	      p == PATH_ERROR ? "fails" : "hangs", ms);
	n->path = p;
	world_push(w, w->now + ms * MS, EV_PATH_OK, n->index, n->boot, 0);
}

static uint64_t until(const struct world *w, uint32_t ms)
{
	return w->now + ms * MS;
}

static void do_disk(struct world *w, enum op op, struct node *n, uint32_t param)
{
	switch (op) {
	case OP_STALL_NODE:
		TRACE(w, "node %u: disk stalls for %u ms", n->id, param);
		n->stall_until = until(w, param);
		break;
	case OP_STALL_ALL:
		TRACE(w, "disk stalls for %u ms", param);
		w->stall_until = until(w, param);
		break;
	case OP_PATH_ERROR:
		path(w, n, PATH_ERROR, param);
		break;
	case OP_PATH_HANG:
		path(w, n, PATH_HANG, param);
		break;
	case OP_WRITE_FAULT:
		TRACE(w, "node %u: next write: fault %u", n->id, param);
		n->next_write = (enum write_fault)param;
		break;
	default:
		CHECK(false);
	}
}

void fault_do(struct world *w, enum op op, struct node *n, uint32_t param)
{
	switch (op) {
	case OP_SPLIT:
		split(w, param);
		break;
	case OP_MERGE:
		TRACE(w, "merge");
		memset(w->part, 0, sizeof(w->part));
		vq_topology(w);
		break;
	case OP_POWER_OFF:
		proc_power(w, n, false);
		break;
	case OP_POWER_ON:
		proc_power(w, n, true);
		break;
	case OP_KILL:
		proc_kill(w, n, (enum proc_id)param);
		break;
	case OP_KILL_ALL:
		if (n->power)
			proc_kill_all(w, n);
		break;
	case OP_START:
		proc_start_daemon(w, n);
		break;
	case OP_STOP:
		proc_stop(w, n, (enum proc_id)(param % 8), param / 8 * MS);
		break;
	case OP_STOP_ALL:
		proc_stop_all(w, n, param * MS);
		break;
	case OP_FREEZE:
		proc_freeze(w, n, param * MS);
		break;
	case OP_CS_RESTART:
		proc_corosync_restart(w, n, param * MS);
		break;
	case OP_CS_LEAVE:
		split(w, slot_bit(w->late.v));
		w->leave_announced = true;
		proc_corosync_restart(w, n, param * MS);
		break;
	case OP_HANG_IPC:
		TRACE(w, "node %u: corosync answers nobody for %u ms", n->id, param);
		n->ipc_hang_until = until(w, param);
		break;
	case OP_LEAVE:
		proc_leave(w, n);
		break;
	case OP_HELLO_LOST:
		n->hello_lost_until = until(w, param);
		break;
	case OP_DELAY_INSTALL:
		w->install_delay_node = n->index + 1;
		break;
	case OP_STALL_NODE:
	case OP_STALL_ALL:
	case OP_PATH_ERROR:
	case OP_PATH_HANG:
	case OP_WRITE_FAULT:
		do_disk(w, op, n, param);
		break;
	case OP_RANDOM:
	case OP_PATTERN:
	case OP_HOOK:
	case OP_COUNT:
		CHECK(false);
	}
}

static void later(struct world *w, uint64_t at, enum op op, uint32_t node, uint32_t param)
{
	world_push(w, at, EV_FAULT, node, param, op);
}

static void hook(struct world *w, uint32_t watched, enum op op, uint32_t target, uint32_t param,
		 int64_t before_us, uint64_t after_us)
{
	for (uint32_t i = 0; i < sizeof(w->hook) / sizeof(w->hook[0]); i++) {
		if (w->hook[i].node != 0)
			continue;
		w->hook[i].node = watched + 1;
		w->hook[i].op = op;
		w->hook[i].target = target;
		w->hook[i].param = param;
		w->hook[i].before_us = before_us;
		w->hook[i].after_us = after_us;
		return;
	}
}

void fault_ring(struct world *w, uint64_t members, uint64_t at)
{
	for (uint32_t i = 0; i < sizeof(w->hook) / sizeof(w->hook[0]); i++) {
		uint64_t from;

		if (w->hook[i].node == 0 || (members & slot_bit(w->hook[i].node - 1)) == 0)
			continue;
		from = (uint64_t)((int64_t)at - w->hook[i].before_us);
		later(w, from + rng_below(&w->frng, at + w->hook[i].after_us - from + 1),
		      w->hook[i].op, w->hook[i].target, w->hook[i].param);
		w->hook[i].node = 0;
	}
}

/* ---- random faults ---- */

static uint32_t duration(struct world *w)
{
	uint32_t x = (uint32_t)w->x_ms;

	switch (rng_below(&w->frng, 4)) {
	case 0:
		return (uint32_t)rng_range(&w->frng, 5, w->policy.interval_ms);
	case 1:
		return (uint32_t)rng_range(&w->frng, w->policy.interval_ms, w->policy.hold_ms);
	case 2:
		return (uint32_t)rng_range(&w->frng, w->policy.hold_ms, x);
	default:
		return (uint32_t)rng_range(&w->frng, x, 3 * x);
	}
}

static uint64_t random_side(struct world *w)
{
	uint64_t all = w->nodes >= 64 ? UINT64_MAX : slot_bit(w->nodes) - 1;
	uint64_t mask = rng_next(&w->frng) & all;

	return mask == 0 || mask == all ? 1 : mask;
}

static void random_op(struct world *w, enum op op)
{
	struct node *n = &w->node[rng_below(&w->frng, w->nodes)];
	uint32_t ms = duration(w), param = ms;

	switch (op) {
	case OP_SPLIT:
		param = (uint32_t)random_side(w);
		if (rng_chance(&w->frng, 5000))
			later(w, until(w, (uint32_t)(duration(w) * 2)), OP_MERGE, 0, 0);
		break;
	case OP_POWER_OFF:
		later(w, until(w, 500 + 2 * ms), OP_POWER_ON, n->index, 0);
		break;
	case OP_KILL:
		param = (uint32_t)rng_below(&w->frng, PROC_COUNT);
		if (param == PROC_GUARDIAN)
			later(w, until(w, 100 + ms), OP_START, n->index, 0);
		break;
	case OP_KILL_ALL:
	case OP_LEAVE:
		later(w, until(w, 100 + ms), OP_START, n->index, 0);
		break;
	case OP_STOP:
		param = (uint32_t)rng_below(&w->frng, PROC_COUNT) + 8 * ms;
		break;
	case OP_WRITE_FAULT:
		param = (uint32_t)rng_range(&w->frng, WF_FAIL, WF_UNKNOWN_FAILS);
		break;
	case OP_CS_RESTART:
		param = rng_chance(&w->frng, 5000) ? 20 + ms / 8 : ms;
		break;
	default:
		break;
	}
	fault_do(w, op, n, param);
}

static void random_fault(struct world *w)
{
	for (uint32_t tries = 0; tries < 64; tries++) {
		enum op op = (enum op)rng_range(&w->frng, OP_SPLIT, OP_DELAY_INSTALL);

		if ((w->swarm & (1u << op)) == 0)
			continue;
		random_op(w, op);
		return;
	}
}

/* One fault after which nothing may be lost: the death of a node, its return, a restart. */
static void gentle_fault(struct world *w)
{
	struct node *n = &w->node[rng_below(&w->frng, w->nodes)];
	uint64_t gap = w->bound_us;

	switch (rng_below(&w->frng, 4)) {
	case 0:
		if (disk_writing(w, n)) {
			world_push(w, w->now + 300, EV_FAULT, 0, 0, OP_RANDOM);
			return;
		}
		fault_do(w, OP_KILL, n,
			 rng_chance(&w->frng, 6000)   ? PROC_DECIDER
			 : rng_chance(&w->frng, 5000) ? PROC_VOTER
						      : PROC_SERVICE);
		break;
	case 1:
		n->excused_until = NEVER;
		fault_do(w, OP_LEAVE, n, 0);
		later(w, w->now + gap / 3, OP_START, n->index, 0);
		break;
	default:
		n->excused_until = NEVER;
		fault_do(w, OP_POWER_OFF, n, 0);
		later(w, w->now + gap / 3, OP_POWER_ON, n->index, 0);
		break;
	}
	if (w->now + 2 * gap < w->heal_at)
		world_push(w, w->now + gap + rng_below(&w->frng, gap / 4), EV_FAULT, 0, 0,
			   OP_RANDOM);
}

/* ---- patterns: faults that rules are made against, placed close together ---- */

static void pattern_three(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t sync = (uint64_t)w->policy.sync_timeout_ms * 1000;
	uint64_t back = w->bound_us / 2;
	uint64_t at;

	if (rng_chance(&w->frng, 5000)) {
		/* Ring changes follow each other while v cannot write and awaits a decision. */
		later(w, w->now, OP_KILL_ALL, u, 0);
		later(w, w->now + 1, OP_SPLIT, 0, (uint32_t)slot_bit(x));
		hook(w, v, OP_PATH_HANG, v, 2 * (uint32_t)w->x_ms + 1000, (int64_t)hold / 2, 0);
		for (uint32_t i = 1; i <= 3; i++)
			hook(w, v, OP_CS_RESTART, u, (uint32_t)rng_range(&w->frng, 50, sync / 2000),
			     0, i * sync);
	} else {
		/* v and u wait for x to stop; u's corosync ends and v is cut off from what follows,
		 * its old yes still counted. */
		later(w, w->now, OP_SPLIT, 0, (uint32_t)slot_bit(x));
		w->late.v = v;
		hook(w, v, OP_STALL_NODE, x,
		     (uint32_t)rng_range(&w->frng, hold / 2000, sync / 1000), (int64_t)hold / 4, 0);
		hook(w, v, OP_CS_LEAVE, u, (uint32_t)rng_range(&w->frng, 20, 100), 0, sync * 2 / 3);
		hook(w, v, rng_chance(&w->frng, 7000) ? OP_KILL_ALL : OP_PATH_HANG, v,
		     2 * (uint32_t)w->x_ms, 0, sync * 2 / 3);
	}
	at = w->now + back;
	later(w, at, OP_START, u, 0);
	later(w, at, OP_START, v, 0);
	later(w, at, OP_START, x, 0);
	later(w, at + rng_below(&w->frng, SEC), OP_MERGE, 0, 0);
}

/* v alone holds the vote and sees a merge late, while u leads, and u's ring changes again at once.
 */
static void pattern_late_member(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint64_t back = w->bound_us / 2;
	uint64_t merge_at = w->now + back + w->bound_us / 4;

	later(w, w->now, OP_KILL_ALL, x, 0);
	later(w, w->now, OP_SPLIT, 0, (uint32_t)slot_bit(v));
	later(w, merge_at, OP_DELAY_INSTALL, v, 0);
	later(w, merge_at, OP_HOOK, 0, 0);
	w->late.v = v;
	w->late.u = u;
	w->late.x = x;
	later(w, merge_at + 1, OP_MERGE, 0, 0);
	later(w, merge_at + back, OP_START, v, 0);
	later(w, merge_at + back, OP_START, x, 0);
}

static void pattern_late_hooks(struct world *w)
{
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t settle = (uint64_t)w->policy.settle_ms * 1000;
	uint32_t v = w->late.v, u = w->late.u, x = w->late.x;

	TRACE(w, "pattern: node %u will see the merge late", w->node[v].id);
	hook(w, u, OP_STOP, v, PROC_DECIDER + 8 * (uint32_t)w->x_ms, 0, settle);
	hook(w, u, OP_KILL_ALL, v, 0, 0, settle + hold / 2);
	/* fault_ring() takes any moment from before to after: this one comes after settle. */
	hook(w, u, OP_CS_LEAVE, x, (uint32_t)w->x_ms, -(int64_t)settle, settle + hold);
}

static void pattern(struct world *w)
{
	uint32_t v = (uint32_t)rng_below(&w->frng, w->nodes);
	uint32_t u = (v + 1 + (uint32_t)rng_below(&w->frng, w->nodes - 1)) % w->nodes;
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t timeout = (uint64_t)w->policy.timeout_ms * 1000;
	uint64_t sync = (uint64_t)w->policy.sync_timeout_ms * 1000;
	uint64_t back = w->bound_us / 2;
	uint32_t side = (uint32_t)slot_bit(rng_chance(&w->frng, 5000) ? v : u);

	switch (rng_below(&w->frng, w->nodes > 2 ? 9 : 5)) {
	case 0: /* the whole daemon dies just before its ring changes */
		later(w, w->now, OP_SPLIT, 0, side);
		hook(w, v, OP_KILL_ALL, v, 0, (int64_t)timeout, 0);
		later(w, w->now + back, OP_START, v, 0);
		break;
	case 1: /* the decider restarts around the ring change, its disk slow or gone */
		later(w, w->now, OP_SPLIT, 0, side);
		hook(w, v, OP_KILL, v, PROC_DECIDER, (int64_t)hold, sync);
		if (rng_chance(&w->frng, 5000))
			hook(w, v, OP_STALL_NODE, v, duration(w), (int64_t)hold, sync);
		break;
	case 2: /* a merge that one node sees late or never */
		later(w, w->now, OP_SPLIT, 0, side);
		later(w, w->now + back - 1, OP_DELAY_INSTALL, v, 0);
		later(w, w->now + back, OP_MERGE, 0, 0);
		if (rng_chance(&w->frng, 6000))
			later(w, w->now + back - 200 + rng_below(&w->frng, hold), OP_STALL_NODE, v,
			      duration(w));
		later(w, w->now + back + rng_below(&w->frng, 3 * hold), OP_SPLIT, 0, side);
		back *= 2;
		break;
	case 3: /* the path hangs, then a cut */
		later(w, w->now + rng_below(&w->frng, 2 * SEC), OP_PATH_HANG, v,
		      duration(w) + (uint32_t)w->x_ms);
		later(w, w->now, OP_SPLIT, 0, side);
		break;
	case 4: /* processes stop around the ring change */
		later(w, w->now, OP_SPLIT, 0, side);
		hook(w, v, OP_STOP, v, (uint32_t)rng_below(&w->frng, 3) + 8 * duration(w),
		     (int64_t)timeout, sync);
		hook(w, u, OP_KILL, u, PROC_DECIDER, (int64_t)hold, sync);
		break;
	case 5:
	case 6:
		pattern_three(w, v, u,
			      (uint32_t)((v + 1) % w->nodes == u ? (u + 1) % w->nodes
								 : (v + 1) % w->nodes));
		break;
	default:
		pattern_late_member(
			w, v, u, (v + 1) % w->nodes == u ? (u + 1) % w->nodes : (v + 1) % w->nodes);
		back *= 2;
		break;
	}
	later(w, w->now + back + rng_below(&w->frng, SEC), OP_MERGE, 0, 0);
	if (w->now + 3 * back < w->heal_at)
		world_push(w, w->now + 2 * back + rng_below(&w->frng, back), EV_FAULT, 0, 0,
			   OP_PATTERN);
}

/* ---- phases ---- */

void fault_heal(struct world *w)
{
	TRACE(w, "healed");
	w->calm = true;
	w->stall_until = w->now;
	memset(w->part, 0, sizeof(w->part));
	memset(w->hook, 0, sizeof(w->hook));
	w->install_delay_node = 0;
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		n->stall_until = n->ipc_hang_until = n->hello_lost_until = w->now;
		n->next_write = WF_NONE;
		if (!n->power) {
			proc_power(w, n, true);
			continue;
		}
		world_push(w, w->now, EV_PATH_OK, i, n->boot, 0);
		if (n->vq.frozen)
			world_push(w, w->now, EV_CONT, i, n->boot, 100);
		else
			for (uint32_t p = 0; p < PROC_COUNT; p++)
				proc_cont(w, n, (enum proc_id)p);
		if (!n->vq.up)
			world_push(w, w->now + 100 * MS, EV_CS_START, i, n->boot, 0);
		/* One that is leaving still may: ask again until it is there. */
		for (uint32_t k = 0; k < 4; k++)
			world_push(w, w->now + (200 + 700 * k) * MS, EV_DAEMON_START, i, n->boot,
				   0);
	}
	vq_topology(w);
}

/* Which side of the split must win, everybody having been granted before it. */
static uint64_t ranked(const struct world *w)
{
	uint64_t all = w->nodes >= 64 ? UINT64_MAX : slot_bit(w->nodes) - 1;
	uint64_t a = w->split_left, b = all & ~a;
	int ca = __builtin_popcountll(a), cb = __builtin_popcountll(b);
	uint32_t i = 0;

	if (ca != cb)
		return ca > cb ? a : b;
	if (w->policy.tie_breaker == TIE_HIGHEST)
		i = w->nodes - 1;
	else if (w->policy.tie_breaker == TIE_NODE)
		while (w->node[i].id != w->policy.tie_node_id)
			i++;
	return (a & slot_bit(i)) != 0 ? a : b;
}

static void phase(struct world *w)
{
	uint64_t all = w->nodes >= 64 ? UINT64_MAX : slot_bit(w->nodes) - 1, winner;

	w->phase++;
	switch ((enum phase)w->phase) {
	case PHASE_FAULTS:
		if (w->class == CLASS_GENTLE)
			check_decided(w, all, "after the start");
		world_push(w, w->now, EV_FAULT, 0, 0,
			   w->class == CLASS_DIRECTED ? OP_PATTERN : OP_RANDOM);
		world_push(w, w->heal_at, EV_PHASE, 0, 0, 0);
		break;
	case PHASE_HEALED:
		fault_heal(w);
		world_push(w, w->now + w->bound_us, EV_PHASE, 0, 0, 0);
		break;
	case PHASE_SPLIT:
		if (w->class == CLASS_PRIVATE) {
			check_nobody(w, "with private copies");
			break;
		}
		check_decided(w, all, "after everything was healed");
		if (!w->final_split)
			break;
		w->split_left = random_side(w);
		w->split_at = w->now;
		for (uint32_t i = 0; i < w->nodes; i++) {
			w->node[i].was_quorate = true;
			w->node[i].lost_at = 0;
			w->node[i].excused_until = NEVER;
		}
		split(w, w->split_left);
		world_push(w, w->now + w->bound_us, EV_PHASE, 0, 0, 0);
		break;
	case PHASE_END:
		winner = ranked(w);
		check_decided(w, winner, "after the split");
		for (uint32_t i = 0; i < w->nodes; i++)
			if ((winner & slot_bit(i)) != 0 && w->node[i].lost_at >= w->split_at)
				fail(w, "L2: node %u won the split and lost its quorum meanwhile",
				     w->node[i].id);
		break;
	case PHASE_BOOT:
		break;
	}
}

void fault_event(struct world *w, const struct ev *e)
{
	enum op op = (enum op)e->arg;

	if (e->kind == EV_PHASE) {
		phase(w);
		return;
	}
	if (w->calm || w->phase != PHASE_FAULTS)
		return;
	if (op == OP_PATTERN) {
		pattern(w);
	} else if (op == OP_HOOK) {
		pattern_late_hooks(w);
	} else if (op != OP_RANDOM) {
		struct node *n = &w->node[e->node];

		fault_do(w, op, n, e->epoch);
		if (w->class == CLASS_GENTLE)
			n->excused_until = w->now + w->bound_us / 2;
	} else if (w->class == CLASS_GENTLE) {
		gentle_fault(w);
	} else {
		random_fault(w);
		world_push(w, w->now + rng_below(&w->frng, 2 * w->gap_us), EV_FAULT, 0, 0,
			   OP_RANDOM);
	}
}

void fault_plan(struct world *w)
{
	uint64_t scale = timing_detection_ms(&w->policy);

	w->swarm = (uint32_t)rng_next(&w->frng) | 1u << OP_SPLIT | 1u << OP_MERGE;
	if (w->class != CLASS_FREEZE)
		w->swarm &= ~(1u << OP_FREEZE);
	else
		w->swarm |= 1u << OP_FREEZE;
	/* A restarted decider whose peer says nothing cannot know that the disk is not shared. */
	if (w->class == CLASS_PRIVATE)
		w->swarm = 1u << OP_STALL_NODE | 1u << OP_STALL_ALL | 1u << OP_WRITE_FAULT;
	w->cover[COVER_PRIVATE] += w->class == CLASS_PRIVATE;
	w->gap_us = scale * rng_range(&w->frng, 100, 1500);
	/* A settle time shorter than the spread of detection lets the faster side win. */
	w->final_split = w->class != CLASS_PRIVATE && rng_chance(&w->frng, 4000) &&
			 w->policy.settle_ms > w->policy.interval_ms;
	w->heal_at = w->end_at - w->bound_us - SEC;
	if (w->final_split)
		w->heal_at -= w->bound_us;
	for (uint32_t i = 0; i < w->nodes; i++) {
		w->node[i].power = true;
		world_push(w, rng_below(&w->frng, SEC / 5), EV_CS_START, i, 0, 0);
		world_push(w, rng_below(&w->frng, SEC / 2), EV_DAEMON_START, i, 0, 0);
	}
	world_push(w, w->class == CLASS_GENTLE ? w->bound_us : w->x_ms * 1000 + 2 * SEC, EV_PHASE,
		   0, 0, 0);
}

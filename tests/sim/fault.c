/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: what can go wrong, one by one; and the end of it. */
#include <string.h>

#include "base/check.h"
#include "tests/sim/tape.h"

/* ---- single operations ---- */

static uint64_t part_of(const struct world *w, uint32_t part)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->part[i] == part)
			mask |= slot_bit(i);
	return mask;
}

/* The parts, those of higher number first. */
static void tell_split(struct world *w)
{
	char text[NODES_MAX * 20] = "";
	size_t used = 0;
	uint32_t parts = 0;

	for (uint32_t p = NODES_MAX; p-- > 0;) {
		uint64_t mask = part_of(w, p);

		if (mask == 0)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llx",
					 parts > 0 ? " | " : "", (unsigned long long)mask);
		parts++;
	}
	TRACE(w, "split %s", text);
	w->cover[COVER_SPLIT] += parts > 1;
	w->cover[COVER_SPLIT_MANY] += parts > 2;
}

void fault_split(struct world *w, const uint32_t *part)
{
	if (memcmp(w->part, part, w->nodes * sizeof(*part)) == 0)
		return;
	memcpy(w->part, part, w->nodes * sizeof(*part));
	tell_split(w);
	totem_topology(w);
}

static void isolate(struct world *w, const struct node *n)
{
	uint32_t part[PEERS] = { 0 };

	part[n->index] = 1;
	fault_split(w, part);
}

/* A partition of the network that follows from the seed: mostly two parts, all nodes in them. */
static void split_seed(struct world *w, uint32_t seed)
{
	struct rng r = { seed };
	uint32_t part[PEERS] = { 0 };
	uint64_t k = rng_below(&r, 100);
	uint32_t ways = k < 65 ? 2 : k < 85 ? 3 : w->nodes;
	bool any = false;

	for (uint32_t i = 0; i < w->nodes; i++) {
		part[i] = ways == w->nodes && ways > 3 ? i : (uint32_t)rng_below(&r, ways);
		any |= part[i] != part[0];
	}
	if (!any)
		part[rng_below(&r, w->nodes)] = part[0] == 0;
	fault_split(w, part);
}

/* Two nodes do not hear each other, the others hear both: totem, which wants everybody to hear
 * everybody, puts them with the one and with the other in turn.  (A link that is down one way is
 * down for knet.) */
static void apart(struct world *w, uint32_t param)
{
	struct rng r = { param >> 16 };
	uint32_t a = param % 256, b = param / 256 % 256;
	uint32_t part[PEERS];
	uint64_t how = rng_below(&r, 3);

	for (uint32_t i = 0; i < w->nodes; i++)
		part[i] = how < 2 ? (uint32_t)how : (uint32_t)rng_below(&r, 2);
	part[a] = 0;
	part[b] = 1;
	w->cover[COVER_APART]++;
	fault_split(w, part);
}

void fault_impair(struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].impaired)
			fault_do(w, OP_PATH_LOST, &w->node[i], i % 2);
}

static void path(struct world *w, struct node *n, enum path p, uint32_t ms)
{
	if (!n->power || n->path != PATH_OK)
		return;
	TRACE(w, "node %u: path to the disk %s for %u ms", n->id,
	      p == PATH_ERROR ? "fails" : "hangs", ms);
	w->cover[p == PATH_ERROR ? COVER_PATH_ERROR : COVER_PATH_HANG]++;
	n->path = p;
	world_push(w, w->now + ms * MS, EV_PATH_OK, n->index, n->boot, 0);
}

static void path_lost(struct world *w, struct node *n, bool hang)
{
	if (n->lost)
		return;
	TRACE(w, "node %u: path to the disk %s for good", n->id, hang ? "hangs" : "fails");
	n->lost = true;
	if (n->path == PATH_OK)
		n->path = hang ? PATH_HANG : PATH_ERROR;
}

static uint64_t until(const struct world *w, uint32_t ms)
{
	return w->now + ms * MS;
}

static void do_disk(struct world *w, enum op op, struct node *n, uint32_t param)
{
	w->cover[COVER_STALL] += op == OP_STALL_NODE || op == OP_STALL_ALL;
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

static void do_list(struct world *w, enum op op, struct node *n)
{
	if (op == OP_LIST)
		config_list(w, n);
	else if (op == OP_ENLIST)
		config_enlist(w, n);
	else if (op == OP_ENTER)
		config_enter(w, n);
	else if (op == OP_RETIRE)
		config_retire(w, n);
	else
		config_delist(w, n);
}

static void unfit(struct world *w, struct node *n, uint32_t ms)
{
	if (n->unfit == (ms != 0))
		return;
	TRACE(w, "node %u: its heuristics %s", n->id, ms != 0 ? "fail" : "are well");
	n->unfit = ms != 0;
	decider_tell_fit(w, n);
	if (ms != 0)
		fault_later(w, until(w, ms), OP_UNFIT, n->index, 0);
}

/* Nothing happens in a node that stands still. */
static bool still(const struct node *n, enum op op)
{
	return n->vq.frozen && (op == OP_KILL || op == OP_KILL_ALL);
}

void fault_do(struct world *w, enum op op, struct node *n, uint32_t param)
{
	if (still(n, op))
		return;
	switch (op) {
	case OP_SPLIT:
		split_seed(w, param);
		break;
	case OP_RESPLIT:
		w->cover[COVER_RESPLIT]++;
		split_seed(w, param);
		break;
	case OP_ISOLATE:
		isolate(w, n);
		break;
	case OP_APART_NOW:
		apart(w, param);
		break;
	case OP_MERGE:
		TRACE(w, "merge");
		memset(w->part, 0, sizeof(w->part));
		totem_topology(w);
		break;
	case OP_WEIGHT:
		TRACE(w, "node %u: workload %u", n->id, param);
		n->weight = param;
		decider_tell_weight(w, n);
		break;
	case OP_PATH_LOST:
		path_lost(w, n, param != 0);
		break;
	case OP_UNFIT:
		unfit(w, n, param);
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
		proc_freeze(w, n, clock_still(w), param * MS);
		break;
	case OP_FORGET:
		n->forgets = true;
		break;
	case OP_SUSPEND:
		proc_freeze(w, n, STILL_SUSPENDED, param * MS);
		break;
	case OP_PAUSE:
		proc_freeze(w, n, STILL_PAUSED, param * MS);
		break;
	case OP_CS_RESTART:
		proc_corosync_restart(w, n, param * MS);
		break;
	case OP_CS_LEAVE:
		isolate(w, &w->node[w->late.v]);
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
	case OP_RELOAD:
		config_reload(w, n, param);
		break;
	case OP_LIST:
	case OP_ENLIST:
	case OP_ENTER:
	case OP_RETIRE:
	case OP_DELIST:
		do_list(w, op, n);
		break;
	case OP_DEVICE:
		vq_take_away(w, n, param);
		break;
	case OP_STAND:
		goal_stand(w);
		break;
	case OP_DISK_SAVE:
	case OP_DISK_BACK:
	case OP_SLOT_BACK:
	case OP_ROT:
		spoil_do(w, op, n, param);
		break;
	case OP_INSTALL:
	case OP_SLOW:
	case OP_READ_ONLY:
	case OP_MAINTENANCE:
	case OP_FENCING:
		scene_do(w, op, n, param);
		break;
	case OP_RANDOM:
	case OP_PATTERN:
	case OP_FLAP:
	case OP_APART:
	case OP_HOOK:
	case OP_ROUGH:
	case OP_BACK:
	case OP_TAPE:
	case OP_COUNT:
		CHECK(false);
	}
}

/* Must this node, once it is back, keep its quorum? */
static bool watched(const struct world *w, const struct node *n)
{
	return !n->absent && !n->unregistered && !n->impaired &&
	       (!w->standing || (w->standing_set & slot_bit(n->index)) != 0);
}

void fault_cause(struct world *w, enum how how, enum op op, struct node *n, uint32_t param)
{
	bool gentle = w->class == CLASS_GENTLE;

	if (w->tape != NULL && !tape_fault(w, how, op, n, param))
		return;
	if (gentle && how == HOW_CHOSEN && op != OP_KILL)
		n->excused_until = NEVER;
	fault_do(w, op, n, param);
	if (gentle && how == HOW_PLANNED && op != OP_STAND && watched(w, n))
		n->excused_until = w->now + w->bound_us / 2;
	if (w->tape != NULL)
		tape_done(w);
}

void fault_later(struct world *w, uint64_t at, enum op op, uint32_t node, uint32_t param)
{
	world_push(w, at, EV_FAULT, node, param, op);
}

void fault_hook(struct world *w, uint32_t watched, enum op op, uint32_t target, uint32_t param,
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
		fault_later(w, from + rng_below(&w->frng, at + w->hook[i].after_us - from + 1),
			    w->hook[i].op, w->hook[i].target, w->hook[i].param);
		w->hook[i].node = 0;
	}
}

/* ---- ends and beginnings ---- */

void fault_heal(struct world *w)
{
	TRACE(w, "healed");
	w->calm = true;
	w->stall_until = w->now;
	memset(w->part, 0, sizeof(w->part));
	memset(w->hook, 0, sizeof(w->hook));
	fault_impair(w);
	w->install_delay_node = 0;
	config_heal(w);
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		n->stall_until = n->ipc_hang_until = n->hello_lost_until = w->now;
		n->next_write = WF_NONE;
		n->away_until = n->away_until > w->now ? w->now : n->away_until;
		unfit(w, n, 0);
		/* A disk that lost a write stays out of use until its daemon is restarted. */
		if (n->lied_to || w->spoiled)
			proc_kill(w, n, PROC_DECIDER);
		n->lied_to = false;
		if (w->slower)
			config_reload(w, n, 0);
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
	totem_topology(w);
}

void fault_event(struct world *w, const struct ev *e)
{
	enum op op = (enum op)e->arg;

	if (e->kind == EV_PHASE) {
		goal_phase(w, e->arg == 1);
		return;
	}
	if (w->calm || w->phase != PHASE_FAULTS)
		return;
	if (op == OP_PATTERN) {
		pattern(w);
	} else if (op == OP_HOOK) {
		pattern_late_hooks(w);
	} else if (op == OP_ROUGH) {
		rough_day(w);
	} else if (op == OP_BACK) {
		rough_back(w);
	} else if (op == OP_TAPE) {
		tape_alarm(w);
	} else if (op != OP_RANDOM) {
		fault_cause(w, HOW_PLANNED, op, &w->node[e->node], e->epoch);
	} else if (w->class == CLASS_GENTLE) {
		chance_gentle(w);
	} else {
		chance_fault(w);
		world_push(w, w->now + rng_below(&w->frng, 2 * w->gap_us), EV_FAULT, 0, 0,
			   OP_RANDOM);
	}
}

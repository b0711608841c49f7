/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: patterns: faults that rules are made against, placed close together. */
#include "base/check.h"
#include "tests/sim/sim.h"

static void pattern_three(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t sync = (uint64_t)w->policy.sync_timeout_ms * 1000;
	uint64_t back = w->bound_us / 2;
	uint64_t at;

	if (rng_chance(&w->frng, 5000)) {
		/* Ring changes follow each other while v cannot write and awaits a decision. */
		fault_later(w, w->now, OP_KILL_ALL, u, 0);
		fault_later(w, w->now + 1, OP_ISOLATE, x, 0);
		fault_hook(w, v, OP_PATH_HANG, v, 2 * (uint32_t)w->x_ms + 1000, (int64_t)hold / 2,
			   0);
		for (uint32_t i = 1; i <= 3; i++)
			fault_hook(w, v, OP_CS_RESTART, u,
				   (uint32_t)rng_range(&w->frng, 50, sync / 2000), 0, i * sync);
	} else {
		/* v and u wait for x to stop; u's corosync ends and v is cut off from what follows,
		 * its old yes still counted. */
		fault_later(w, w->now, OP_ISOLATE, x, 0);
		w->late.v = v;
		fault_hook(w, v, OP_STALL_NODE, x,
			   (uint32_t)rng_range(&w->frng, hold / 2000, sync / 1000),
			   (int64_t)hold / 4, 0);
		fault_hook(w, v, OP_CS_LEAVE, u, (uint32_t)rng_range(&w->frng, 20, 100), 0,
			   sync * 2 / 3);
		fault_hook(w, v, rng_chance(&w->frng, 7000) ? OP_KILL_ALL : OP_PATH_HANG, v,
			   2 * (uint32_t)w->x_ms, 0, sync * 2 / 3);
	}
	at = w->now + back;
	fault_later(w, at, OP_START, u, 0);
	fault_later(w, at, OP_START, v, 0);
	fault_later(w, at, OP_START, x, 0);
	fault_later(w, at + rng_below(&w->frng, SEC), OP_MERGE, 0, 0);
}

/* v alone holds the vote and sees a merge late, while u leads, and u's ring changes again at once.
 */
static void pattern_late_member(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint64_t back = w->bound_us / 2;
	uint64_t merge_at = w->now + back + w->bound_us / 4;

	fault_later(w, w->now, OP_KILL_ALL, x, 0);
	fault_later(w, w->now, OP_ISOLATE, v, 0);
	fault_later(w, merge_at, OP_DELAY_INSTALL, v, 0);
	fault_later(w, merge_at, OP_HOOK, 0, 0);
	w->late.v = v;
	w->late.u = u;
	w->late.x = x;
	fault_later(w, merge_at + 1, OP_MERGE, 0, 0);
	fault_later(w, merge_at + back, OP_START, v, 0);
	fault_later(w, merge_at + back, OP_START, x, 0);
}

void pattern_late_hooks(struct world *w)
{
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t settle = (uint64_t)w->policy.settle_ms * 1000;
	uint32_t v = w->late.v, u = w->late.u, x = w->late.x;

	TRACE(w, "pattern: node %u will see the merge late", w->node[v].id);
	fault_hook(w, u, OP_STOP, v, PROC_DECIDER + 8 * (uint32_t)w->x_ms, 0, settle);
	fault_hook(w, u, OP_KILL_ALL, v, 0, 0, settle + hold / 2);
	/* fault_ring() takes any moment from before to after: this one comes after settle. */
	fault_hook(w, u, OP_CS_LEAVE, x, (uint32_t)w->x_ms, -(int64_t)settle, settle + hold);
}

/* u has restarted since v wrote last, and v's old hello reaches it: it has not seen v run. */
static void evict_unseen(struct world *w, uint32_t v, uint32_t u, uint32_t silent_ms)
{
	uint64_t at = w->now + 2 * SEC;
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;

	fault_later(w, w->now, OP_STOP, v, PROC_SERVICE + 8 * (5000 + w->policy.hold_ms));
	fault_later(w, at, OP_PATH_HANG, v, silent_ms + 5000);
	fault_later(w, at + hold + rng_below(&w->frng, SEC), OP_KILL, u, PROC_DECIDER);
}

/* v is unfit, and a beat of u is slow when that has lasted long enough. */
static void evict_by_late_beat(struct world *w, uint32_t v, uint32_t u, uint32_t silent_ms)
{
	uint64_t due = w->now + (uint64_t)w->policy.evict_after_ms * MS;
	uint64_t slow = rng_range(&w->frng, 2 * w->policy.interval_ms, w->policy.hold_ms) * MS;

	fault_later(w, w->now, OP_UNFIT, v, silent_ms);
	fault_later(w, due - rng_below(&w->frng, slow), OP_STALL_NODE, u, (uint32_t)(slow / MS));
}

/* u holds the vote and has no quorum, because not everybody was there since its corosync began. */
static void evict_inquorate(struct world *w, uint32_t v, uint32_t u, uint32_t x, uint32_t silent_ms)
{
	uint64_t at = w->now + w->bound_us / 4;

	fault_later(w, w->now, OP_POWER_OFF, x, 0);
	fault_later(w, at, OP_CS_RESTART, v, 100);
	fault_later(w, at, OP_CS_RESTART, u, 100);
	at += w->bound_us / 2;
	fault_later(w, at, OP_PATH_HANG, v, silent_ms);
	fault_later(w, at + silent_ms * MS, OP_POWER_ON, x, 0);
}

/* v is due for eviction, and u may not evict it. */
static void pattern_evict(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint32_t silent_ms = w->policy.evict_after_ms + 2 * (uint32_t)w->x_ms + 2000;

	if (w->wait_for_all && x != v && rng_chance(&w->frng, 6000))
		evict_inquorate(w, v, u, x, silent_ms);
	else if (w->policy.evict_on_score && rng_chance(&w->frng, 5000))
		evict_by_late_beat(w, v, u, silent_ms);
	else
		evict_unseen(w, v, u, silent_ms);
}

/* A clean stop of a restarted daemon that does not reach its slot, which tells of a watchdog. */
static void pattern_disarm(struct world *w, uint32_t v)
{
	uint64_t at = w->now + w->policy.hold_ms * MS;

	fault_later(w, w->now, OP_PATH_HANG, v, w->evict.dog_ms + 3 * (uint32_t)w->x_ms);
	fault_later(w, w->now + rng_below(&w->frng, at - w->now), OP_KILL, v, PROC_DECIDER);
	fault_later(w, at, OP_LEAVE, v, 0);
	fault_later(w, at + w->bound_us, OP_START, v, 0);
}

/* What evictions and watchdogs rest on.  returns: whether this schedule has any. */
static bool pattern_of_eviction(struct world *w, uint32_t v, uint32_t u)
{
	uint32_t x = v;

	if (!w->policy.evict || !rng_chance(&w->frng, 3000))
		return false;
	while (w->nodes > 2 && (x == v || x == u))
		x = (x + 1) % w->nodes;
	if (w->evict.dog_ms != 0 && rng_chance(&w->frng, 4000))
		pattern_disarm(w, v);
	else
		pattern_evict(w, v, u, x);
	return true;
}

/* A beat of v that began before its times became longer is complete after that. */
static bool pattern_reload(struct world *w, uint32_t v)
{
	uint32_t beat_ms = w->policy.interval_ms;
	uint32_t stall_ms = (uint32_t)rng_range(&w->frng, 2 * beat_ms, w->policy.hold_ms);
	uint64_t at = w->now + rng_range(&w->frng, beat_ms, stall_ms) * MS;

	if (!w->slower || !rng_chance(&w->frng, 3000))
		return false;
	fault_later(w, w->now, OP_STALL_NODE, v, stall_ms);
	fault_later(w, at, OP_RELOAD, v, 1 + (uint32_t)rng_below(&w->frng, 3));
	fault_later(w, at + rng_below(&w->frng, 2 * w->x_ms) * MS, OP_RELOAD, v, 0);
	return true;
}

void pattern(struct world *w)
{
	uint32_t v = (uint32_t)rng_below(&w->frng, w->nodes);
	uint32_t u = (v + 1 + (uint32_t)rng_below(&w->frng, w->nodes - 1)) % w->nodes;
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t timeout = (uint64_t)w->policy.timeout_ms * 1000;
	uint64_t sync = (uint64_t)w->policy.sync_timeout_ms * 1000;
	uint64_t back = w->bound_us / 2;
	uint32_t side = rng_chance(&w->frng, 5000) ? v : u;
	uint32_t seed = (uint32_t)rng_next(&w->frng);
	enum op cut = w->nodes > 2 && rng_chance(&w->frng, 3000) ? OP_SPLIT : OP_ISOLATE;

	uint64_t next = 2 * back;
	uint32_t ms, which;

	if (pattern_reload(w, v) || pattern_of_eviction(w, v, u)) {
		next += (uint64_t)w->policy.evict_after_ms * MS + 2 * w->x_ms * MS;
		if (w->now + next + back < w->heal_at)
			world_push(w, w->now + next, EV_FAULT, 0, 0, OP_PATTERN);
		return;
	}
	switch (rng_below(&w->frng, w->nodes > 2 ? 9 : 5)) {
	case 0: /* the whole daemon dies just before its ring changes */
		fault_later(w, w->now, cut, side, seed);
		fault_hook(w, v, OP_KILL_ALL, v, 0, (int64_t)timeout, 0);
		fault_later(w, w->now + back, OP_START, v, 0);
		break;
	case 1: /* the decider restarts around the ring change, its disk slow or gone */
		fault_later(w, w->now, cut, side, seed);
		fault_hook(w, v, OP_KILL, v, PROC_DECIDER, (int64_t)hold, sync);
		if (rng_chance(&w->frng, 5000))
			fault_hook(w, v, OP_STALL_NODE, v, chance_duration(w), (int64_t)hold, sync);
		break;
	case 2: /* a merge that one node sees late or never */
		fault_later(w, w->now, cut, side, seed);
		fault_later(w, w->now + back - 1, OP_DELAY_INSTALL, v, 0);
		fault_later(w, w->now + back, OP_MERGE, 0, 0);
		if (rng_chance(&w->frng, 6000)) {
			ms = chance_duration(w);
			fault_later(w, w->now + back - 200 + rng_below(&w->frng, hold),
				    OP_STALL_NODE, v, ms);
		}
		fault_later(w, w->now + back + rng_below(&w->frng, 3 * hold), cut, side, seed);
		back *= 2;
		break;
	case 3: /* the path hangs, then a cut */
		ms = chance_duration(w) + (uint32_t)w->x_ms;
		fault_later(w, w->now + rng_below(&w->frng, 2 * SEC), OP_PATH_HANG, v, ms);
		fault_later(w, w->now, cut, side, seed);
		break;
	case 4: /* processes stop around the ring change */
		fault_later(w, w->now, cut, side, seed);
		which = (uint32_t)rng_below(&w->frng, 3);
		fault_hook(w, v, OP_STOP, v, which + 8 * chance_duration(w), (int64_t)timeout,
			   sync);
		fault_hook(w, u, OP_KILL, u, PROC_DECIDER, (int64_t)hold, sync);
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
	fault_later(w, w->now + back + rng_below(&w->frng, SEC), OP_MERGE, 0, 0);
	if (w->now + 3 * back < w->heal_at)
		world_push(w, w->now + 2 * back + rng_below(&w->frng, back), EV_FAULT, 0, 0,
			   OP_PATTERN);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: bad days that take several things at once: a daemon that dies while its voter stands still
 * and rings are formed, a device that is taken away and given back, daemons that start again and
 * again, a node that boots alone while another one dies.  Of their own randomness: a schedule
 * without them is the same as ever.
 */
#include "base/check.h"
#include "tests/sim/sim.h"

enum { ROUGH_WILD = 1600, ROUGH_GENTLE = 1200 }; /* schedules of 10,000 that have such days */

static uint32_t some_ms(struct world *w, uint64_t lo, uint64_t hi)
{
	return (uint32_t)rng_range(&w->rough, lo, hi);
}

/* Short of an interval to beyond X. */
static uint32_t duration(struct world *w)
{
	static const uint32_t most[] = { 1, 2, 6, 12 };
	uint32_t k = most[rng_below(&w->rough, 4)];

	return some_ms(w, 5, k * w->x_ms / 4);
}

/* v's voter stands still while u's corosync restarts: each ring arms votequorum's timer again.
 * Meanwhile v's decider or its whole daemon is killed, often when D has passed. */
static void deaf_voter(struct world *w, uint32_t v, uint32_t u)
{
	uint32_t sync_ms = w->node[v].conf.sync_timeout_ms,
		 d_ms = sync_ms + w->node[v].conf.timeout_ms;
	uint32_t ring_ms = some_ms(w, 1, sync_ms / 4), stop_ms, kill_ms;
	bool whole = rng_chance(&w->rough, 5000);

	for (uint64_t i = rng_range(&w->rough, 1, 4); i > 0; i--) {
		fault_later(w, w->now + ring_ms * MS, OP_CS_RESTART, u, some_ms(w, 20, 60));
		ring_ms += some_ms(w, sync_ms / 2, sync_ms);
	}
	stop_ms = ring_ms + some_ms(w, 0, d_ms);
	kill_ms = some_ms(w, rng_chance(&w->rough, 7000) && d_ms < stop_ms ? d_ms : 0, stop_ms);
	fault_later(w, w->now, OP_STOP, v, PROC_VOTER + 8 * stop_ms);
	if (rng_chance(&w->rough, 5000)) {
		uint32_t stall_ms = duration(w);

		fault_later(w, w->now + some_ms(w, kill_ms, stop_ms) * MS, OP_STALL_NODE, v,
			    stall_ms);
	}
	if (!whole) {
		fault_later(w, w->now + kill_ms * MS, OP_KILL, v, PROC_DECIDER);
		return;
	}
	fault_later(w, w->now + kill_ms * MS, OP_KILL_ALL, v, 0);
	kill_ms += rng_chance(&w->rough, 5000) ? some_ms(w, 5, 300) : duration(w);
	fault_later(w, w->now + kill_ms * MS, OP_START, v, 0);
}

/* quorum.device is not in v's configuration for a while, or its daemon ends in order and starts
 * again, around a change of ring. */
static void device_away(struct world *w, uint32_t v, uint32_t u)
{
	uint64_t hold = (uint64_t)w->policy.hold_ms * 1000;
	uint64_t sync = (uint64_t)w->policy.sync_timeout_ms * 1000;
	uint32_t ms = duration(w);

	switch (rng_below(&w->rough, 4)) {
	case 0: /* the ring changes meanwhile */
		fault_later(w, w->now, OP_DEVICE, v, ms);
		fault_later(w, w->now + some_ms(w, 0, ms) * MS, OP_CS_RESTART, u, 20);
		break;
	case 1: /* just before or after */
		fault_hook(w, v, OP_DEVICE, v, ms, (int64_t)hold, sync);
		fault_later(w, w->now, OP_ISOLATE, rng_chance(&w->rough, 5000) ? v : u, 0);
		break;
	case 2:
		fault_hook(w, v, OP_DEVICE, v, ms, (int64_t)hold, sync);
		fault_hook(w, u, OP_DEVICE, u, duration(w), (int64_t)hold, sync);
		fault_later(w, w->now, OP_CS_RESTART, u, duration(w));
		break;
	default:
		fault_hook(w, v, OP_LEAVE, v, 0, (int64_t)hold, sync);
		fault_later(w, w->now, OP_ISOLATE, rng_chance(&w->rough, 5000) ? v : u, 0);
		fault_later(w, w->now + 3 * sync + ms * MS, OP_START, v, 0);
		break;
	}
}

/* v's decider or its whole daemon starts again and again.  returns: for how long, ms. */
static uint32_t crash_loop(struct world *w, uint32_t v)
{
	uint32_t t = w->policy.dead_ms, ms = 0;
	bool often = rng_chance(&w->rough, 5000), whole = rng_chance(&w->rough, 4000);

	for (uint64_t i = rng_range(&w->rough, 4, often ? 16 : 8); i > 0; i--) {
		fault_later(w, w->now + ms * MS, whole ? OP_KILL_ALL : OP_KILL, v, PROC_DECIDER);
		if (whole)
			fault_later(w, w->now + (ms + some_ms(w, 5, t / 8)) * MS, OP_START, v, 0);
		ms += often ? some_ms(w, t / 6, t) : some_ms(w, t + t / 8, 3 * t);
	}
	return ms;
}

/* Meanwhile the network is split, or the ring of the others is broken by a death. */
static void crash_loops(struct world *w, uint32_t v, uint32_t u, uint32_t x)
{
	uint32_t ms = crash_loop(w, v), at;

	if (w->nodes > 2 && rng_chance(&w->rough, 2500))
		(void)crash_loop(w, u);
	for (uint64_t i = rng_range(&w->rough, 1, 3); i > 0; i--) {
		uint32_t one = rng_chance(&w->rough, 5000) ? u : x;

		at = some_ms(w, 0, ms * 2 / 3);
		switch (rng_below(&w->rough, 4)) {
		case 0:
			fault_later(w, w->now + at * MS, OP_SPLIT, 0,
				    (uint32_t)rng_next(&w->rough));
			break;
		case 1:
			fault_later(w, w->now + at * MS, OP_ISOLATE, one, 0);
			break;
		default:
			fault_later(w, w->now + at * MS, OP_POWER_OFF, one, 0);
			fault_later(w, w->now + (at + duration(w)) * MS, OP_POWER_ON, one, 0);
			break;
		}
	}
}

/* v is fenced and boots in a ring of its own, and before the others have theirs u dies. */
static void boot_alone(struct world *w, uint32_t v, uint32_t u)
{
	uint32_t token_ms = w->policy.token_ms;
	uint32_t detect_ms = token_ms + w->policy.consensus_ms;
	uint32_t on_ms = some_ms(w, 10, token_ms / 2);
	uint64_t dies = w->now + (on_ms + some_ms(w, 200, detect_ms)) * MS;
	uint32_t ms = duration(w);

	fault_later(w, w->now, OP_POWER_OFF, v, 0);
	fault_later(w, w->now + 1, OP_ISOLATE, v, 0);
	fault_later(w, w->now + on_ms * MS, OP_POWER_ON, v, 0);
	if (w->class == CLASS_GENTLE) {
		fault_later(w, dies, OP_POWER_OFF, u, 0);
		fault_later(w, w->now + w->bound_us, OP_MERGE, v, 0);
		fault_later(w, w->now + w->bound_us * 3 / 2, OP_POWER_ON, u, 0);
		return;
	}
	if (w->class == CLASS_FREEZE && rng_chance(&w->rough, 7000)) {
		fault_later(w, dies, OP_FREEZE, u, detect_ms + ms);
	} else if (rng_chance(&w->rough, 2500)) {
		fault_later(w, dies, OP_CS_RESTART, u, ms);
	} else {
		fault_later(w, dies, OP_POWER_OFF, u, 0);
		fault_later(w, dies + (500 + 2 * ms) * MS, OP_POWER_ON, u, 0);
	}
	fault_later(w, dies + (detect_ms + duration(w)) * MS, OP_MERGE, 0, 0);
}

static void pick(struct world *w, uint32_t *v, uint32_t *u, uint32_t *x)
{
	*v = (uint32_t)rng_below(&w->rough, w->nodes);
	*u = (*v + 1 + (uint32_t)rng_below(&w->rough, w->nodes - 1)) % w->nodes;
	*x = *u;
	while (w->nodes > 2 && (*x == *v || *x == *u))
		*x = (uint32_t)rng_below(&w->rough, w->nodes);
}

void rough_day(struct world *w)
{
	uint64_t next = w->bound_us / 2 + rng_below(&w->rough, w->bound_us / 2);
	uint32_t v, u, x;

	pick(w, &v, &u, &x);
	switch (rng_below(&w->rough, 4)) {
	case 0:
		deaf_voter(w, v, u);
		break;
	case 1:
		device_away(w, v, u);
		break;
	case 2:
		crash_loops(w, v, u, x);
		break;
	default:
		boot_alone(w, v, u);
		break;
	}
	fault_later(w, w->now + next, OP_MERGE, 0, 0);
	if (w->now + 2 * next < w->heal_at)
		fault_later(w, w->now + next + some_ms(w, 1, 1000) * MS, OP_ROUGH, 0, 0);
}

/* Must those who are left without v and u go on serving?  They outweigh v, which has booted; and
 * who has not is the more active. */
static bool outweigh(const struct world *w, uint32_t v, uint32_t u)
{
	uint64_t votes = 0, weight = 0;

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		/* One loses its disk just now: not all at once. */
		if (n->impaired)
			return false;
		if (i == v || i == u || n->absent || n->unregistered)
			continue;
		votes += n->votes;
		weight += n->weight;
	}
	return votes > w->node[v].votes ||
	       (votes == w->node[v].votes && weight >= w->node[v].weight);
}

uint64_t rough_open(struct world *w)
{
	uint32_t v, u, x;

	w->rough.state = w->seed ^ 0xbadda7u;
	if (w->nodes < 2 || w->class == CLASS_PRIVATE ||
	    !rng_chance(&w->rough, w->class == CLASS_GENTLE ? ROUGH_GENTLE : ROUGH_WILD))
		return 0;
	if (w->class != CLASS_GENTLE) {
		fault_later(w, w->now + rng_below(&w->rough, w->bound_us / 4), OP_ROUGH, 0, 0);
		return 0;
	}
	pick(w, &v, &u, &x);
	if (w->nodes == 2 || w->standing || w->policy.algorithm != ALGORITHM_LMS ||
	    !outweigh(w, v, u))
		return 0;
	boot_alone(w, v, u);
	return 2 * w->bound_us;
}

/* ---- did it happen? ---- */

/* Is anybody cut off, or is a ring that is shown broken? */
static bool broken(const struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		if (totem_reachable(w, i) && w->node[i].vq.ring >= 0 &&
		    (w->part[i] != w->part[0] || !totem_ring_intact(w, w->node[i].vq.ring)))
			return true;
	return false;
}

void rough_killed(struct world *w, struct node *n, bool whole)
{
	uint64_t life = w->now - n->fence.started_at, t = (uint64_t)w->policy.dead_ms * MS;

	if (!n->power || !n->proc[PROC_DECIDER].alive)
		return;
	if (n->proc[PROC_VOTER].alive && n->proc[PROC_VOTER].stopped && n->vq.up && !n->vq.frozen &&
	    n->vq.ring >= 0 && n->known.ring >= 0 && n->known.ring != n->vq.ring)
		w->cover[whole ? COVER_DEAF_ALL : COVER_DEAF]++;
	if (life >= 3 * t)
		n->short_lives = n->long_lives = 0;
	else if (life < t)
		n->short_lives++;
	else
		n->long_lives++;
	if (!broken(w))
		return;
	w->cover[COVER_LOOP_SHORT] += life < t && n->short_lives >= 3;
	w->cover[COVER_LOOP_LONG] += life >= t && n->long_lives >= 3;
}

/* Has i the ring, and k, which is to have it too, an older one yet? */
static bool spread_to(const struct world *w, uint32_t i, uint32_t k)
{
	int ring = w->node[i].vq.ring, old = w->node[k].vq.ring;

	return totem_reachable(w, i) && totem_reachable(w, k) && w->part[i] == w->part[k] &&
	       old >= 0 && old < ring && (w->ring[ring].members & slot_bit(k)) != 0;
}

/* Has the ring which i has not come to all who are to have it? */
static bool spreads(const struct world *w, uint32_t i)
{
	for (uint32_t k = 0; k < w->nodes; k++)
		if (spread_to(w, i, k))
			return true;
	return false;
}

static bool decided(const struct world *w, const struct ring *r)
{
	for (uint32_t i = 0; i < w->granted_count; i++)
		if (w->granted[i].grant.set != 0 && ring_same(&w->granted[i].grant.ring, &r->id))
			return true;
	return false;
}

/* u dies while a ring with it is spread or not yet decided.  Who has not installed it never will;
 * after settle the vote is promised to those who have, and the others say no, or these do when X of
 * u outlasts their sync.  So they all lose their quorum for a moment when the next ring takes the
 * old one's votes. */
static uint64_t forming(const struct world *w, uint32_t u)
{
	uint64_t in = 0;

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct ring *r = w->node[i].vq.ring >= 0 ? &w->ring[w->node[i].vq.ring]
							       : NULL;

		if (r != NULL && (r->members & slot_bit(u)) != 0 && totem_reachable(w, i) &&
		    (spreads(w, i) || !decided(w, r)))
			in |= r->members;
	}
	return in & ~slot_bit(u);
}

/* u dies, the only one that casts in its ring.  Whose daemon started a moment ago waits for its
 * predecessor's late writes, or for a grant: nothing of it counts when totem takes the next ring's
 * votes.  (A node boots in up to 2.5 s, and the next fault is due half a bound after its power.) */
static uint64_t returning(const struct world *w, const struct node *u)
{
	uint64_t in = 0;

	if (!u->power || u->vq.frozen || !u->vq.cast)
		return 0;
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if (n == u || n->vq.ring != u->vq.ring || !totem_reachable(w, i))
			continue;
		if (n->vq.cast)
			return 0;
		if (!proc_runs(n, PROC_DECIDER) || w->now < n->fence.started_at + w->bound_us / 2)
			in |= slot_bit(i);
	}
	return in;
}

/* Who may lose its quorum once when u dies, and has it again half a bound later. */
static void excuse_death(struct world *w, const struct node *u)
{
	uint64_t by = w->now + w->bound_us / 2, in = forming(w, u->index) | returning(w, u);

	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		if ((in & slot_bit(i)) != 0 && n->was_quorate && n->excused_until < by)
			n->excused_until = n->back_by = by;
	}
	if (in != 0)
		fault_later(w, by, OP_BACK, u->index, 0);
}

/* The moment is over. */
void rough_back(struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if (n->back_by == w->now && n->excused_until <= w->now && n->power && n->vq.up &&
		    !n->vq.quorate)
			fail(w, "L2: node %u did not get its quorum back", n->id);
	}
}

/* u dies or stands still from now on: is somebody in a ring of its own who has booted since the
 * others got theirs, of which it was a member? */
void rough_death(struct world *w, const struct node *u)
{
	const struct ring *r = u->vq.ring >= 0 ? &w->ring[u->vq.ring] : NULL;

	if (w->class == CLASS_GENTLE)
		excuse_death(w, u);
	for (uint32_t i = 0; i < w->nodes && r != NULL && u->power && !u->vq.frozen; i++) {
		const struct node *v = &w->node[i];

		if (v != u && v->vq.up && v->vq.ring >= 0 && v->vq.life_at > u->vq.ring_at &&
		    (r->members & slot_bit(i)) != 0 && w->ring[v->vq.ring].members == slot_bit(i))
			w->cover[w->class == CLASS_GENTLE ? COVER_BOOTED_GENTLE : COVER_BOOTED]++;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what each node's corosync.conf says, and how that changes in mid-run: times that are longer
 * than those of the others for a while, nodes that come to the node list and nodes that go.  The
 * file is copied and reloaded node by node.  Of its own randomness: a schedule without such changes
 * is the same as ever.
 */
#include "base/check.h"
#include "model/timing.h"
#include "tests/sim/sim.h"

/* Schedules of 10,000, wild and directed: with longer H and P, or D; with a longer interval as
 * well; with a node list that changes. */
enum { SLOWER = 1500, SLOWER_BEATS = 700, LISTS = 800 };

/* ---- times ---- */

/* A longer T with all that follows from it and leaves the rest valid: the interval is a third of H,
 * and settle leaves the decision its time. */
static void take_t(const struct policy *p, struct conf *c, bool longer)
{
	uint32_t most_ms;

	c->interval_ms = p->interval_ms;
	c->dead_ms = p->dead_ms;
	c->settle_ms = p->settle_ms;
	if (!longer)
		return;
	c->interval_ms = p->hold_ms / 3;
	c->dead_ms = 2 * p->dead_ms;
	most_ms = p->sync_timeout_ms - p->margin_ms - c->interval_ms;
	if (p->settle_ms <= p->interval_ms)
		c->settle_ms = c->interval_ms;
	else
		c->settle_ms = 2 * p->settle_ms < most_ms ? 2 * p->settle_ms : most_ms;
}

static struct conf times_of(const struct world *w, const struct node *n, uint32_t longer)
{
	const struct policy *p = &w->policy;
	struct conf c = n->conf;
	uint32_t d = (longer & LONGER_D) != 0 ? 2 : 1, h = (longer & LONGER_H) != 0 ? 2 : 1;

	c.timeout_ms = p->timeout_ms * d;
	c.sync_timeout_ms = p->sync_timeout_ms * d;
	c.hold_ms = p->hold_ms * h;
	c.poll_ms = p->poll_ms * h;
	take_t(p, &c, (longer & LONGER_T) != 0);
	return c;
}

static void tell_reload(struct world *w, const struct node *n, const struct conf *c)
{
	char text[80] = "";
	size_t used = 0;

	if (c->hold_ms != n->conf.hold_ms)
		used = (size_t)snprintf(text, sizeof(text), ", hold %u", c->hold_ms);
	if (c->interval_ms != n->conf.interval_ms)
		snprintf(text + used, sizeof(text) - used, ", interval %u, T %u, settle %u",
			 c->interval_ms, c->dead_ms, c->settle_ms);
	TRACE(w, "node %u: reloads, timeout %u%s", n->id, c->timeout_ms, text);
}

/* corosync goes over to new times when it reloads; the daemon hears of it. */
void config_reload(struct world *w, struct node *n, uint32_t longer)
{
	struct conf c = times_of(w, n, longer), *now = &n->conf;
	bool watched = n->fence.dog_held;
	bool first = c.hold_ms >= now->hold_ms && c.interval_ms >= now->interval_ms;

	if (now->timeout_ms == c.timeout_ms && now->hold_ms == c.hold_ms &&
	    now->interval_ms == c.interval_ms)
		return;
	tell_reload(w, n, &c);
	if (c.timeout_ms < now->timeout_ms)
		shown_shorter(w, n, SHORTER_D);
	if (c.hold_ms < now->hold_ms)
		shown_shorter(w, n, SHORTER_HOLD);
	if (c.interval_ms < now->interval_ms)
		shown_shorter(w, n, SHORTER_INTERVAL);
	w->cover[COVER_SLOWER_BEATS] += c.interval_ms > now->interval_ms;
	*now = c;
	if (w->now <= n->vq.d_until)
		n->vq.d_until = check_d_until(n);
	/* Before the longer times that it is fed by, after shorter ones. */
	if (watched && first)
		evict_tell_dog(w, n);
	decider_tell_config(w, n);
	if (watched && !first)
		evict_tell_dog(w, n);
}

/* in: always, of enum longer, and one of `choice` numbers added to it. */
static void reloads(struct world *w, struct rng *r, uint32_t always, uint32_t choice)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		uint64_t at = rng_below(r, 10 * SEC);

		for (uint32_t k = 0; k < 6 && rng_chance(r, 6000); k++) {
			w->cover[COVER_SLOWER] += k % 2 == 0;
			fault_later(w, at, OP_RELOAD, i,
				    k % 2 == 0 ? always + (uint32_t)rng_below(r, choice) : 0);
			at += rng_below(r, 20 * SEC);
		}
	}
}

/* Now and then nodes whose corosync.conf has longer times for a while: X is a matter of the values
 * in a node's own slot, and of what its votequorum may have been armed with. */
void config_slower(struct world *w, struct timings *t)
{
	struct rng r = { w->seed ^ 0x510e4u }, beats = { w->seed ^ 0xbea75u };
	bool may = class_any_day(w);

	for (uint32_t i = 0; i < w->nodes; i++)
		w->node[i].conf = times_of(w, &w->node[i], 0);
	w->interval_ms = w->policy.interval_ms;
	w->slower = may && rng_chance(&r, SLOWER);
	if (w->slower)
		reloads(w, &r, 1, 3);
	if (may && rng_chance(&beats, SLOWER_BEATS)) {
		w->slower = true;
		w->interval_ms = t->interval_ms = w->policy.hold_ms / 3;
		reloads(w, &beats, LONGER_T, 4);
	}
	if (!w->slower)
		return;
	t->d_ms *= 2;
	t->hold_ms *= 2;
	t->poll_ms *= 2;
}

struct policy config_policy(const struct world *w, const struct node *n)
{
	const struct conf *c = &n->conf;
	struct policy p = w->policy;

	p.timeout_ms = c->timeout_ms;
	p.sync_timeout_ms = c->sync_timeout_ms;
	p.hold_ms = c->hold_ms;
	p.poll_ms = c->poll_ms;
	p.interval_ms = c->interval_ms;
	p.dead_ms = c->dead_ms;
	p.settle_ms = c->settle_ms;
	p.hash = 1u + (c->timeout_ms != w->policy.timeout_ms ? 1 : 0) +
		 (c->hold_ms != w->policy.hold_ms ? 2 : 0) +
		 (c->interval_ms != w->policy.interval_ms ? 4 : 0);
	/* Safety must rest neither on settle nor on the wait for survivors. */
	if (p.settle_ms <= p.interval_ms)
		p.token_ms = p.consensus_ms = 0;
	/* The last poll of an undecided ring needs P. */
	if (p.poll_ms != w->policy.poll_ms) {
		p.margin_ms = 0;
		timing_derive(&p);
	}
	return p;
}

/* ---- the node list ---- */

/* votequorum: the device's votes, and how many there are of all. */
static void take_list(const struct world *w, struct node *n)
{
	uint32_t total = 0;

	n->conf.listed = all_nodes(w) & ~w->unlisted;
	for (uint32_t i = 0; i < w->nodes; i++)
		total += (n->conf.listed & slot_bit(i)) != 0 ? w->node[i].votes : 0;
	n->conf.device_votes = w->policy.algorithm == ALGORITHM_FFSPLIT ? 1 : total - 1;
	n->conf.expected = total + n->conf.device_votes;
}

void config_votes(struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		take_list(w, &w->node[i]);
}

struct nodelist config_nodelist(const struct world *w, const struct node *n)
{
	struct nodelist l = { 0 };

	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((n->conf.listed & slot_bit(i)) == 0)
			continue;
		l.node_id[l.count] = w->node[i].id;
		l.votes[l.count++] = w->node[i].votes;
	}
	return l;
}

/* Of what the nodes that it counts expect it takes the most. */
uint32_t config_quorum(const struct world *w, const struct node *n)
{
	uint32_t expected = n->conf.expected;

	for (uint64_t m = w->change.any ? n->vq.counted : 0; m != 0; m &= m - 1) {
		uint32_t other = w->node[__builtin_ctzll(m)].conf.expected;

		expected = other > expected ? other : expected;
	}
	return expected / 2 + 1;
}

/* Its message makes the others count anew. */
void config_list(struct world *w, struct node *n)
{
	struct event e = { .type = EVENT_NODELIST };

	if (w->change.any && n->conf.listed == (all_nodes(w) & ~w->unlisted))
		return;
	take_list(w, n);
	if (!w->story)
		TRACE(w, "node %u: nodelist %llx", n->id, (unsigned long long)n->conf.listed);
	if (n->vq.up && n->vq.ring >= 0)
		world_push(w, w->now + totem_rotation_us(w), EV_NODEINFO, n->index, n->vq.epoch,
			   (uint64_t)n->vq.ring);
	e.u.nodelist = config_nodelist(w, n);
	proc_post(w, n, &e, 2);
}

/* ---- how it changes in random schedules ---- */

static bool sound(const struct node *n)
{
	return !n->absent && !n->unregistered && !n->impaired;
}

/* A node that is in no mask, by chance; w->nodes: there is none. */
static uint32_t pick(const struct world *w, struct rng *r, uint64_t except)
{
	uint32_t from = (uint32_t)rng_below(r, w->nodes);

	for (uint32_t k = 0; k < w->nodes; k++) {
		uint32_t i = (from + k) % w->nodes;

		if ((except & slot_bit(i)) == 0)
			return i;
	}
	return w->nodes;
}

/* Who comes has no slot; where the disk has one slot less than there are nodes, it is the last
 * slot that is not there. */
static void take_slots(struct world *w)
{
	struct change *c = &w->change;

	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		if ((c->coming & slot_bit(i)) == 0)
			continue;
		w->map.node_id[n->slot_index] = 0;
		if (c->replace && n->slot_index != w->nodes - 1) {
			w->map.node_id[n->slot_index] = w->map.node_id[w->nodes - 1];
			w->map.node_id[w->nodes - 1] = 0;
		}
	}
	if (c->replace)
		w->slots = w->map.count = w->nodes - 1;
	for (uint32_t i = 0; i < w->nodes; i++)
		w->node[i].slot_index = slot_map_find(&w->map, w->node[i].id);
	w->header = w->map;
}

/* One node at least can lead, is always listed and has a slot. */
void config_open(struct world *w)
{
	struct change *c = &w->change;
	uint64_t not_sound = 0, taken, extra_us;
	uint32_t anchor;

	c->rng.state = w->seed ^ 0x1157edu;
	if (!class_any_day(w) || w->nodes < 2 || !rng_chance(&c->rng, LISTS))
		return;
	for (uint32_t i = 0; i < w->nodes; i++)
		not_sound |= sound(&w->node[i]) ? 0 : slot_bit(i);
	anchor = pick(w, &c->rng, not_sound);
	if (anchor == w->nodes)
		return;
	taken = slot_bit(anchor);
	c->any = true;
	if (w->nodes == 2 ? rng_chance(&c->rng, 6000) : rng_chance(&c->rng, 7500))
		c->coming = slot_bit(pick(w, &c->rng, taken));
	if (c->coming != 0 && w->nodes > 3 && rng_chance(&c->rng, 3000))
		c->coming |= slot_bit(pick(w, &c->rng, taken | c->coming));
	taken |= c->coming;
	if (c->coming == 0 || (taken != all_nodes(w) && rng_chance(&c->rng, 7000)))
		c->leaving = slot_bit(pick(w, &c->rng, taken));
	c->replace = __builtin_popcountll(c->coming) == 1 && c->leaving != 0 &&
		     rng_chance(&c->rng, 6000);
	w->unlisted = c->coming;
	take_slots(w);
	config_votes(w);
	/* Whose slot is given away must have been silent, and who gets it watches it. */
	extra_us = (2 * w->x_ms + w->policy.late_ms) * MS;
	w->bound_us += extra_us;
	w->end_at += 2 * extra_us;
}

static uint32_t first_of(uint64_t mask)
{
	return (uint32_t)__builtin_ctzll(mask);
}

/* One takes the place of the other, and now and then they change again. */
static void plan_replace(struct world *w, uint64_t from, uint64_t span)
{
	struct change *c = &w->change;
	uint32_t in = first_of(c->coming), out = first_of(c->leaving);
	uint64_t at = from + rng_below(&c->rng, span / 2);

	fault_later(w, at, OP_RETIRE, out, 0);
	fault_later(w, at + rng_below(&c->rng, 5 * SEC), OP_ENLIST, in, 0);
	if (!rng_chance(&c->rng, 4000))
		return;
	at += 5 * SEC + rng_below(&c->rng, span / 2);
	fault_later(w, at, OP_RETIRE, in, 0);
	fault_later(w, at + rng_below(&c->rng, 5 * SEC), OP_ENLIST, out, 0);
}

void config_plan(struct world *w)
{
	struct change *c = &w->change;
	uint64_t from = w->x_ms * MS + 2 * SEC, span, at;

	if (!c->any || w->heal_at <= from + 5 * SEC)
		return;
	span = w->heal_at - from;
	if (c->replace) {
		plan_replace(w, from, span);
		return;
	}
	for (uint64_t m = c->coming; m != 0; m &= m - 1)
		fault_later(w, from + rng_below(&c->rng, span * 3 / 4), OP_ENLIST, first_of(m), 0);
	if (c->leaving == 0)
		return;
	at = from + rng_below(&c->rng, span / 2);
	fault_later(w, at, OP_RETIRE, first_of(c->leaving), 0);
	if (rng_chance(&c->rng, 6000))
		fault_later(w, at + SEC + rng_below(&c->rng, span / 2), OP_ENLIST,
			    first_of(c->leaving), 0);
}

/* The file is copied and reloaded node by node: by a script, or by hand. */
static void spread(struct world *w)
{
	struct change *c = &w->change;
	uint64_t most = rng_chance(&c->rng, 5000) ? 20 * MS : 5 * SEC;

	for (uint32_t i = 0; i < w->nodes; i++)
		fault_later(w, w->now + rng_below(&c->rng, most), OP_LIST, i, 0);
}

void config_enlist(struct world *w, struct node *n)
{
	struct change *c = &w->change;
	uint64_t bit = slot_bit(n->index);

	if ((w->unlisted & bit) == 0)
		return;
	TRACE(w, "node %u: is added to the node list", n->id);
	w->cover[COVER_LISTED]++;
	w->cover[COVER_LISTED_AGAIN] += (c->removed & bit) != 0;
	/* It was not shut down yet. */
	proc_power(w, n, false);
	w->unlisted &= ~bit;
	c->retiring &= ~bit;
	config_list(w, n);
	spread(w);
	fault_later(w, w->now + rng_below(&c->rng, 3 * SEC), OP_ENTER, n->index, 0);
}

void config_enter(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < w->nodes && !n->power && !config_off(w, n); i++)
		if (w->node[i].power && (w->node[i].conf.listed & slot_bit(n->index)) == 0) {
			w->cover[COVER_ENTERED_EARLY]++;
			break;
		}
	proc_power(w, n, true);
}

/* Shut down in order, or not, and taken out of the list after that; or while it still runs. */
void config_retire(struct world *w, struct node *n)
{
	struct change *c = &w->change;
	uint64_t at = w->now + rng_range(&c->rng, SEC / 5, 3 * SEC);

	if ((w->unlisted & slot_bit(n->index)) != 0)
		return;
	TRACE(w, "node %u: retires", n->id);
	c->retiring |= slot_bit(n->index);
	if (rng_chance(&c->rng, 7500))
		proc_leave(w, n);
	if (rng_chance(&c->rng, 2500)) {
		fault_later(w, at + rng_below(&c->rng, (uint64_t)w->policy.late_ms * MS),
			    OP_POWER_OFF, n->index, 0);
	} else {
		fault_later(w, at, OP_POWER_OFF, n->index, 0);
		at += SEC / 10 + rng_below(&c->rng, 3 * SEC);
	}
	fault_later(w, at, OP_DELIST, n->index, 0);
}

void config_delist(struct world *w, struct node *n)
{
	struct change *c = &w->change;
	uint64_t bit = slot_bit(n->index);

	if ((c->retiring & bit) == 0 || (w->unlisted & bit) != 0)
		return;
	/* A write that hangs in its kernel might land when the slot is another node's: such a node
	 * is switched off first. */
	if (n->power && disk_writing(w, n)) {
		proc_power(w, n, false);
		fault_later(w, w->now + SEC / 10, OP_DELIST, n->index, 0);
		if (!w->calm)
			return;
	}
	TRACE(w, "node %u: is taken out of the node list", n->id);
	w->cover[COVER_UNLISTED]++;
	w->cover[COVER_UNLISTED_RUNNING] += n->power;
	w->unlisted |= bit;
	c->removed |= bit;
	spread(w);
}

bool config_off(const struct world *w, const struct node *n)
{
	return !w->story && ((w->unlisted | w->change.retiring) & slot_bit(n->index)) != 0;
}

void config_heal(struct world *w)
{
	if (!w->change.any)
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		config_delist(w, &w->node[i]);
		if (config_off(w, &w->node[i]))
			proc_power(w, &w->node[i], false);
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		config_list(w, &w->node[i]);
}

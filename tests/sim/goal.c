/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: who must win (L1), said anew from doc/protocol.md section 5 and from what the world knows,
 * not from what the core thinks; and the phases of a random schedule, which demand it.
 */
#include "base/check.h"
#include "tests/sim/tape.h"

struct party {
	uint64_t set; /* by node index: those that can cast */
	uint64_t votes, weight;
	uint32_t active, low, high;
};

/* With ffsplit and no slot left, those who have one may be too few to be granted, and the slot of a
 * removed node is not free before they are. */
static bool can_cast(const struct world *w, const struct node *n)
{
	if (w->change.replace && w->policy.algorithm == ALGORITHM_FFSPLIT && slots_bit(n) == 0)
		return false;
	return n->power && !n->absent && !n->unregistered && !n->lost;
}

/* Everybody who can cast was granted before, so that this is how many of them there are. */
static struct party party_of(const struct world *w, uint32_t part)
{
	struct party p = { 0 };

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if (w->part[i] != part || !can_cast(w, n))
			continue;
		p.low = p.set == 0 ? i : p.low;
		p.high = i;
		p.set |= slot_bit(i);
		p.votes += n->votes;
		p.weight += n->weight;
		p.active++;
	}
	return p;
}

static bool tie(const struct world *w, const struct party *a, const struct party *b,
		enum cover *why)
{
	const struct policy *p = &w->policy;

	if (p->tie_breaker == TIE_HIGHEST) {
		*why = COVER_BY_HIGHEST;
		return a->high > b->high;
	}
	for (uint32_t i = 0; i < w->nodes && p->tie_breaker == TIE_NODE; i++) {
		if (w->node[i].id != p->tie_node_id || ((a->set | b->set) & slot_bit(i)) == 0)
			continue;
		*why = COVER_BY_NODE;
		return (a->set & slot_bit(i)) != 0;
	}
	*why = COVER_BY_LOWEST;
	return a->low < b->low;
}

static bool better(const struct world *w, const struct party *a, const struct party *b,
		   enum cover *why)
{
	*why = COVER_COUNT;
	if (a->votes != b->votes) {
		if ((a->votes > b->votes) != (a->active > b->active))
			*why = COVER_BY_VOTES;
		return a->votes > b->votes;
	}
	*why = COVER_BY_WEIGHT;
	if (a->weight != b->weight)
		return a->weight > b->weight;
	*why = COVER_BY_ACTIVE;
	if (a->active != b->active)
		return a->active > b->active;
	return tie(w, a, b, why);
}

uint64_t goal_winner(struct world *w)
{
	struct party best = { 0 };
	enum cover last = COVER_COUNT;
	uint64_t all = 0;
	uint64_t seen = 0;

	for (uint32_t i = 0; i < w->nodes; i++)
		all += (w->unlisted & slot_bit(i)) == 0 ? w->node[i].votes : 0;
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct party p = party_of(w, w->part[i]);
		enum cover why = COVER_COUNT;

		if (p.set == 0 || (seen & p.set) != 0)
			continue;
		seen |= p.set;
		if (w->policy.algorithm == ALGORITHM_FFSPLIT && 2 * p.votes < all)
			continue;
		if (best.set == 0 || better(w, &p, &best, &why))
			best = p;
		last = why != COVER_COUNT ? why : last;
	}
	if (last != COVER_COUNT)
		w->cover[last]++;
	w->cover[COVER_BELOW_HALF] += best.set == 0;
	return best.set;
}

/* ---- the end of a schedule ---- */

static void split(struct world *w)
{
	TRACE(w, "the last split");
	fault_cause(w, HOW_LAST, OP_SPLIT, &w->node[0], (uint32_t)rng_next(&w->frng));
}

/* All but a few lose power in the same instant; often all but one. */
static void power_loss(struct world *w)
{
	uint64_t keep = slot_bit((uint32_t)rng_below(&w->frng, w->nodes));

	while ((keep & ~w->unlisted) == 0)
		keep = keep >> (w->nodes - 1) | (keep << 1 & all_nodes(w));
	if (rng_chance(&w->frng, 4000))
		keep |= rng_next(&w->frng) & all_nodes(w);
	if (__builtin_popcountll(keep) == 1 && w->nodes > 2)
		w->cover[COVER_LAST_MAN]++;
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if ((keep & slot_bit(i)) != 0)
			continue;
		if (n->has_landed && !ballot_none(&n->landed->slot.leading))
			w->cover[COVER_LEADER_LOST]++;
		fault_cause(w, HOW_LAST, OP_POWER_OFF, &w->node[i], 0);
	}
}

/* The first deadline (section 6): the slowest detection, or X of those who died, and the round
 * trips; and settle where a member's hello is awaited in vain. */
static void soon(struct world *w, uint64_t x_ms)
{
	const struct policy *p = &w->policy;
	uint64_t ms = p->token_ms + p->consensus_ms + p->consensus_ms / 50;

	ms = (ms > x_ms ? ms : x_ms) + 300;
	for (uint32_t i = 0; i < w->nodes; i++) {
		if (w->node[i].lost) {
			ms += p->settle_ms;
			break;
		}
	}
	world_push(w, w->now + ms * 1000, EV_PHASE, 0, 0, 1);
}

static void final(struct world *w)
{
	w->final_at = w->now;
	for (uint32_t i = 0; i < w->nodes; i++) {
		w->node[i].was_quorate = w->node[i].vq.quorate;
		w->node[i].lost_at = 0;
		w->node[i].excused_until = NEVER;
	}
	if (rng_chance(&w->frng, 6500)) {
		split(w);
		soon(w, 0);
	} else {
		power_loss(w);
		/* Seen last by a read an interval later, on clocks that differ. */
		soon(w, w->x_ms + w->x_ms / 50 + 2 * w->policy.interval_ms);
	}
	world_push(w, w->now + w->bound_us, EV_PHASE, 0, 0, 0);
}

static void end(struct world *w)
{
	uint64_t winner = goal_winner(w);

	check_decided(w, winner, "at the end");
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((winner & slot_bit(i)) != 0 && w->node[i].lost_at >= w->final_at)
			fail(w, "L2: node %u won at the end and lost its quorum meanwhile",
			     w->node[i].id);
}

/* The split that stands while others die: only who wins it keeps its quorum. */
void goal_stand(struct world *w)
{
	fault_do(w, OP_SPLIT, &w->node[0], (uint32_t)rng_next(&w->frng));
	w->standing_set = goal_winner(w);
	w->cover[COVER_STANDING]++;
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((w->standing_set & slot_bit(i)) == 0)
			w->node[i].excused_until = NEVER;
}

static void faults(struct world *w)
{
	uint64_t at = w->now;
	bool impaired = false;

	if (w->class == CLASS_GENTLE) {
		check_decided(w, goal_winner(w), "after the start");
		for (uint32_t i = 0; i < w->nodes; i++) {
			impaired |= w->node[i].impaired;
			if (!can_cast(w, &w->node[i]) || w->node[i].impaired)
				w->node[i].excused_until = NEVER;
		}
		fault_impair(w);
	}
	at += rough_open(w);
	spoil_plan(w);
	ringid_days(w);
	/* Not two at once: a write that lands late renews X. */
	if (impaired)
		at += w->bound_us / 2;
	if (w->standing) {
		fault_later(w, at, OP_STAND, 0, 0);
		at += w->bound_us / 2;
	}
	world_push(w, at, EV_FAULT, 0, 0, w->class == CLASS_DIRECTED ? OP_PATTERN : OP_RANDOM);
	world_push(w, w->heal_at, EV_PHASE, 0, 0, 0);
}

/* With ffsplit, and half of the votes without a path to the disk, the last grant decides: a granted
 * ring is kept. */
static void healed(struct world *w)
{
	uint64_t winner = goal_winner(w);

	/* Who read its poison then was not healed, and is not back yet. */
	if (winner == 0 || w->evict.reborn || spoil_lost(w))
		return;
	check_decided(w, winner, "after everything was healed");
	if (w->final)
		final(w);
}

static void check_soon(struct world *w)
{
	uint64_t winner = goal_winner(w);

	/* Where nobody can win, nobody is told to stop before corosync's sync is over. */
	if (winner == 0)
		return;
	check_votes(w, winner, "by the first deadline");
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((winner & slot_bit(i)) != 0 && w->node[i].vq.sync)
			fail(w, "L1: node %u won, and corosync still waits at the first deadline",
			     w->node[i].id);
}

void goal_phase(struct world *w, bool first_deadline)
{
	if (first_deadline) {
		check_soon(w);
		return;
	}
	w->phase++;
	if (w->tape != NULL)
		tape_phase(w);
	switch ((enum phase)w->phase) {
	case PHASE_FAULTS:
		faults(w);
		break;
	case PHASE_HEALED:
		fault_heal(w);
		world_push(w, w->now + w->bound_us, EV_PHASE, 0, 0, 0);
		break;
	case PHASE_FINAL:
		if (w->class == CLASS_PRIVATE) {
			check_nobody(w, "with private copies");
			break;
		}
		healed(w);
		break;
	case PHASE_END:
		end(w);
		break;
	case PHASE_BOOT:
		break;
	}
}

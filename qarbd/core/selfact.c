/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the node that loses (doc/protocol.md section 9): its own poison, the loss of the vote, and
 * what keeps its watchdog quiet.
 */
#include <string.h>

#include "core/core.h"

static void act(struct step *st, enum self_act what)
{
	if (what != SELF_NOTHING)
		step_action(st, ACTION_SELF)->u.self = what;
}

void selfact_read(struct step *st, struct disk *d)
{
	struct arb *a = st->a;
	uint64_t used = slot_map_used(&d->map);

	if (MUTANT(disobedient))
		return;
	for (uint8_t i = slot_first(used); i < NODES_MAX && !a->evictor.poisoned;
	     i = slot_next(used, i)) {
		const struct slot *s = &d->peer[i].slot;

		if (i == d->own_slot || !d->peer[i].read)
			continue;
		for (uint32_t k = 0; k < s->poison_count; k++) {
			if (s->poison[k].node_id != a->node_id ||
			    s->poison[k].incarnation != a->incarnation)
				continue;
			a->evictor.poisoned = true;
			step_note(st, NOTE_POISONED, s->node_id, (uint64_t)a->policy.on_poison);
			act(st, MUTANT(poison_survived) ? SELF_NOTHING : a->policy.on_poison);
			break;
		}
	}
}

/* The reasons of a "no" that on_loss is for: lost arbiters, lost heuristics, out-voted. */
static bool is_loss(enum vote_reason reason)
{
	switch (reason) {
	case REASON_NOT_GRANTED:
	case REASON_REVOKED:
	case REASON_HOLD_PASSED:
	case REASON_SYNC_TIMEOUT:
	case REASON_NO_ARBITER:
	case REASON_UNFIT:
	case REASON_NOT_SHARED:
	case REASON_ARBITERS_DIFFER:
		return true;
	case REASON_NONE:
	case REASON_STARTING:
	case REASON_LEAVING:
	case REASON_POISONED:
	case REASON_UNDECIDED:
	case REASON_GRANTED:
	case REASON_COUNT:
		break;
	}
	return false;
}

void selfact_run(struct step *st)
{
	struct arb *a = st->a;
	struct evictor *v = &a->evictor;

	/* A corosync that ended took its partition with it: there is nothing left to give up. */
	if (a->host_life == 0 || a->leaving) {
		v->held_vote = false;
		v->lost_ms = 0;
		return;
	}
	if (a->publication.answer == ANSWER_YES) {
		v->held_vote = v->held_vote || a->reason == REASON_GRANTED;
		v->lost_ms = 0;
		v->acted = false;
		return;
	}
	if (a->publication.answer != ANSWER_NO || !v->held_vote || !is_loss(a->reason))
		return;
	if (v->lost_ms == 0)
		v->lost_ms = later(st->now_ms, 1);
	/* T is the time that the others need to call it dead. */
	if (v->acted || st->now_ms < v->lost_ms + a->policy.dead_ms || MUTANT(loss_ignored))
		return;
	v->acted = true;
	step_note(st, NOTE_VOTE_LOST, st->now_ms - v->lost_ms, (uint64_t)a->policy.on_loss);
	act(st, a->policy.on_loss);
}

uint64_t arb_alive_until_ms(const struct arb *a)
{
	uint32_t majority = gate_majority(a);
	uint64_t best_ms = 0;

	if (MUTANT(watchdog_always))
		return a->last_ms + a->policy.hold_ms;
	/* Who must reboot because of its poison must not be kept alive should that fail. */
	if (majority == 0 || (a->evictor.poisoned && a->policy.on_poison == SELF_REBOOT))
		return 0;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		uint64_t ms = a->disk[i].complete_ms;
		uint32_t as_late = 0;

		for (uint32_t k = 0; k < a->policy.arbiter_count; k++) {
			if (a->policy.arbiter_type[k] == ARBITER_DISK && beat_usable(&a->disk[k]) &&
			    a->disk[k].complete_ms >= ms)
				as_late++;
		}
		if (a->policy.arbiter_type[i] == ARBITER_DISK && as_late >= majority)
			best_ms = later(best_ms, ms);
	}
	return best_ms != 0 ? best_ms + a->policy.hold_ms : 0;
}

/* What a predecessor's slot says is not known before the own first beat, nor what the own one says
 * after a write that failed before it was looked at. */
static bool unwatched_on(const struct disk *d)
{
	return d->own.beats != 0 && d->own.watchdog_ms == 0 && d->written.watchdog_ms == 0 &&
	       d->beat != BEAT_WRITING && d->beat != BEAT_LATE && !d->verify && !d->look;
}

bool arb_unwatched(const struct arb *a)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++)
		count += a->policy.arbiter_type[i] == ARBITER_DISK && unwatched_on(&a->disk[i]);
	return count >= gate_majority(a) || MUTANT(disarm_always);
}

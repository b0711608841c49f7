/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the agreed value of one disk, kept in the manner of Disk Paxos (Gafni, Lamport 2003) with
 * one disk and one block a node (doc/protocol.md section 4).
 */
#include <string.h>

#include "core/core.h"

void register_scan(const struct event_io *io, uint64_t mask, struct scan *scan)
{
	memset(scan, 0, sizeof(*scan));
	scan->mbal_slot = SLOT_NONE;
	scan->bal_slot = SLOT_NONE;
	scan->start_ms = io->start_ms;
	scan->end_ms = io->end_ms;
	for (uint8_t i = slot_first(mask); i < NODES_MAX; i = slot_next(mask, i)) {
		const struct slot *s = &io->slots[i].slot;

		if (io->slots[i].rc != RC_OK)
			continue;
		if (ballot_compare(&s->mbal, &scan->mbal) > 0) {
			scan->mbal = s->mbal;
			scan->mbal_slot = i;
		}
		if (number_compare(&s->bal, &scan->bal) > 0) {
			scan->bal = s->bal;
			scan->bal_slot = i;
		}
		if (number_compare(&s->seen, &scan->seen) > 0)
			scan->seen = s->seen;
	}
}

const struct value *register_best(const struct disk *d)
{
	return d->scan.bal_slot == SLOT_NONE ? NULL : &d->peer[d->scan.bal_slot].slot.value;
}

static void note_value(struct step *st, const struct value *v)
{
	const uint64_t facts[4] = { v->grant.number.ballot.counter, v->grant.number.k,
				    v->grant.set != 0 ? v->grant.set : v->pending,
				    v->grant.ring.seq };

	step_note4(st, v->grant.set != 0 ? NOTE_GRANTED : NOTE_REVOKED, facts);
}

/* A grant that grows is no other one. */
static void remember_grant(struct disk *d, const struct grant *g)
{
	if (!ring_same(&g->ring, &d->newest.ring) || !members_same(&g->members, &d->newest.members))
		d->older = d->newest;
	d->newest = *g;
}

static void accept(struct step *st, struct disk *d, const struct number *bal, const struct value *v)
{
	if (d->accepted_valid && number_compare(bal, &d->accepted_bal) <= 0)
		return;
	if (d->accepted_valid)
		slots_note(st, &d->accepted.map, &v->map);
	d->accepted_valid = true;
	d->accepted_bal = *bal;
	if (number_compare(&v->grant.number, &d->accepted.grant.number) != 0) {
		note_value(st, v);
		d->accept_ms = st->now_ms;
		if (v->grant.set != 0) {
			remember_grant(d, &v->grant);
			decision_accept(st, d, v);
		}
	}
	d->accepted = *v;
	if (number_compare(bal, &d->own.seen) > 0)
		d->own.seen = *bal;
}

/* Accept: a value with the highest bal in one read is committed when a second read, which began
 * after the first ended, shows no mbal greater than its ballot. */
static void accept_second(struct step *st, struct disk *d)
{
	if (d->candidate_valid && ballot_compare(&d->scan.mbal, &d->candidate_bal.ballot) <= 0)
		accept(st, d, &d->candidate_bal, &d->candidate);
	if (d->scan.bal_slot == SLOT_NONE)
		return;
	if (d->candidate_valid && number_compare(&d->scan.bal, &d->candidate_bal) == 0)
		return;
	d->candidate_valid = true;
	d->candidate_bal = d->scan.bal;
	d->candidate = d->peer[d->scan.bal_slot].slot.value;
	if (MUTANT(no_second_read))
		accept(st, d, &d->candidate_bal, &d->candidate);
	/* The second read of a new value shall not wait for the next interval. */
	beat_hurry(d, st->now_ms + timing_hurry_ms(&st->a->policy) + 1);
}

bool register_agreed(struct disk *d, const struct event_io *io, struct value *value)
{
	if (d->scan.bal_slot == SLOT_NONE)
		return false;
	if (d->candidate_valid && number_compare(&d->scan.bal, &d->candidate_bal) == 0 &&
	    ballot_compare(&d->scan.mbal, &d->candidate_bal.ballot) <= 0) {
		*value = d->candidate;
		return true;
	}
	d->candidate_valid = true;
	d->candidate_bal = d->scan.bal;
	d->candidate = io->slots[d->scan.bal_slot].slot.value;
	return false;
}

void register_resign(struct step *st, struct disk *d)
{
	if (d->lead == LEAD_NONE && ballot_none(&d->own.leading))
		return;
	d->lead = LEAD_NONE;
	memset(&d->own.leading, 0, sizeof(d->own.leading));
	d->elect_at_ms = 0;
	beat_urgent(st, d);
}

void register_lead(struct step *st, struct disk *d)
{
	struct ballot b = { 0 };

	b.counter = later(later(d->scan.mbal.counter, d->scan.bal.ballot.counter),
			  later(d->own.mbal.counter, d->scan.seen.ballot.counter)) +
		    1;
	b.node_id = st->a->node_id;
	d->own.mbal = b;
	d->own.leading = b;
	d->lead = LEAD_PREPARE;
	d->stuck_since_ms = 0;
	d->unsettled_ms = 0;
	d->rival_since_ms = 0;
	beat_urgent(st, d);
}

void register_propose(struct step *st, struct disk *d, const struct value *v)
{
	d->own.value = *v;
	d->own.bal.k++;
	d->lead = LEAD_COMMIT;
	beat_urgent(st, d);
}

/* The current value becomes this leader's first proposal under its ballot. */
static void commit_current(struct step *st, struct disk *d)
{
	const struct value *best = register_best(d);
	struct number bal = { d->own.leading, 1 };

	if (best != NULL) {
		d->own.value = *best;
	} else {
		/* The initial value: the empty grant with all nodes pending. */
		memset(&d->own.value, 0, sizeof(d->own.value));
		d->own.value.map = d->facts.map;
		d->own.value.pending = slot_map_used(&d->facts.map);
		d->own.value.grant.number = bal;
	}
	d->own.bal = bal;
	d->lead = LEAD_COMMIT;
	beat_urgent(st, d);
}

static void lead_read(struct step *st, struct disk *d)
{
	if (ballot_compare(&d->scan.mbal, &d->own.leading) > 0) {
		step_note(st, NOTE_DEPOSED, d->scan.mbal.node_id, d->scan.mbal.counter);
		register_resign(st, d);
		return;
	}
	/* Only a read of the beat that wrote the ballot or the proposal counts. */
	if (ballot_compare(&d->written.leading, &d->own.leading) != 0)
		return;
	switch (d->lead) {
	case LEAD_PREPARE:
		commit_current(st, d);
		break;
	case LEAD_COMMIT:
		if (number_compare(&d->written.bal, &d->own.bal) != 0)
			break;
		if (d->own.bal.k == 1)
			step_note(st, NOTE_LEADING, d->own.leading.counter, 0);
		d->lead = LEAD_STEADY;
		accept(st, d, &d->own.bal, &d->own.value);
		break;
	case LEAD_NONE:
	case LEAD_STEADY:
		break;
	}
}

static void note_leader(struct step *st, struct disk *d)
{
	uint32_t leader = 0;

	if (d->scan.mbal_slot != SLOT_NONE &&
	    ballot_compare(&d->peer[d->scan.mbal_slot].slot.leading, &d->scan.mbal) == 0)
		leader = d->scan.mbal.node_id;
	if (leader == d->noted_leader)
		return;
	d->noted_leader = leader;
	step_note(st, NOTE_LEADER, leader, d->scan.mbal.counter);
}

void register_read(struct step *st, struct disk *d)
{
	if (d->scan.bal_slot != SLOT_NONE && number_compare(&d->scan.bal, &d->map_bal) > 0) {
		d->map_bal = d->scan.bal;
		d->map = d->peer[d->scan.bal_slot].slot.value.map;
	}
	accept_second(st, d);
	if (d->lead != LEAD_NONE)
		lead_read(st, d);
	note_leader(st, d);
}

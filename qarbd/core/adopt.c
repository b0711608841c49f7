/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: a (re)started daemon takes over its own slot (doc/protocol.md section 5, A restarted
 * daemon).  What is on the disk binds: mbal, bal, value, seen and cast are carried over.
 */
#include <string.h>

#include "core/core.h"

/* Blocks of a predecessor may have landed and been torn again by their repetition after an error.
 * Each had a sequence of its own and the next one shall exceed them all, also where several
 * predecessors began from the same block: hence the time, which no sequence outruns. */
enum { SEQUENCE_SKIP = 1 << 20 };

static void adopt_wait(struct step *st, struct disk *d)
{
	d->beat = BEAT_READ_WAIT;
	d->due_ms = st->now_ms + st->a->policy.interval_ms;
}

static void refuse(struct step *st, struct disk *d, enum note_id id, uint64_t a)
{
	step_note(st, id, a, 0);
	beat_out(st, d);
}

/* A predecessor that did not end in order may have taken its yes for ended by time alone: it is not
 * known whether corosync counts it again, so there is no silence beyond a hold either. */
static void carry_lapse(struct step *st, const struct slot *own)
{
	struct arb *a = st->a;

	if (own->host_life == 0 || own->host_life != a->host_life || own->state == SLOT_LEAVING ||
	    !a->counting || majority_granted(st) || MUTANT(lapse_uncarried))
		return;
	a->counting_life = a->host_life;
	a->restart_hold_ms = a->start_ms + a->policy.hold_ms;
}

static void carry_cast(struct step *st, struct disk *d)
{
	struct arb *a = st->a;
	struct slot *own = &d->own;

	if (own->cast != CAST_NONE && own->host_life != 0 && own->host_life != a->host_life) {
		/* The corosync that counted it is gone: one host runs one corosync. */
		own->cast = CAST_NONE;
	}
	if (MUTANT(restart_cast_none)) {
		own->cast = CAST_NONE;
		a->counting = false;
	}
	if (own->cast == CAST_NONE) {
		memset(&own->cast_number, 0, sizeof(own->cast_number));
		carry_lapse(st, own);
		return;
	}
	if (own->host_life == 0)
		return; /* as disk init wrote it: no vote of ours was ever based on this slot */
	if (majority_granted(st))
		return; /* a disk that comes late: the others already carry the vote */
	a->counting = true;
	a->counting_life = a->host_life;
	a->restart_hold_ms = a->start_ms + a->policy.hold_ms;
	step_note(st, NOTE_HOLD_CARRIED,
		  a->restart_hold_ms > st->now_ms ? a->restart_hold_ms - st->now_ms : 0, 0);
}

/* A shorter H, P or D counts only X(old) later: the predecessor's yes may be polled and counted
 * until its own times are over (section 1). */
static struct timings in_force(struct disk *d, const struct timings *old, struct step *st)
{
	struct timings t = timing_of(&st->a->wanted);

	d->timings_due_ms = 0;
	if (d->own.cast == CAST_NONE)
		return t;
	d->timings_due_ms = st->now_ms + timing_x_ms(old);
	times_old_d(st, old->d_ms);
	return times_longest(&t, old);
}

static void adopt(struct step *st, struct disk *d, const struct slot_read *r)
{
	struct arb *a = st->a;
	struct slot *own = &d->own;

	*own = r->slot;
	if (own->node_id != a->node_id) {
		/* A slot given to this node: the block before binds on, its casts are not ours. */
		own->node_id = a->node_id;
		own->host_life = 0;
		own->cast = CAST_NONE;
		own->seen = d->candidate_bal;
	}
	own->incarnation = a->incarnation;
	own->sequence += SEQUENCE_SKIP + st->now_ms;
	own->beats = 0;
	own->beat_ms_max = 0;
	own->state = a->leaving ? SLOT_LEAVING : SLOT_STARTING;
	memset(&own->leading, 0, sizeof(own->leading));
	own->timings = in_force(d, &own->timings, st);
	own->config_hash = a->wanted.hash;
	own->registered = a->registered;
	own->fit = a->fit;
	own->score = a->score;
	own->score_max = a->score_max;
	own->weight = a->weight;
	own->watchdog_ms = times_watchdog_ms(a, own);
	own->watchdog_armed = own->watchdog_ms != 0;
	memset(own->other, 0, sizeof(own->other));
	/* Poison stays until its victim's incarnation changes, over the sender's restarts too. */
	if (MUTANT(poison_forgotten)) {
		own->poison_count = 0;
		memset(own->poison, 0, sizeof(own->poison));
	}
	own->view = a->view;
	carry_cast(st, d);
	own->host_life = a->host_life;
	d->copy_complete = r->copy;
	d->written = *own;
	d->phase = DISK_BEATING;
	d->ready_ms = st->now_ms;
	d->beat = BEAT_IDLE;
	d->due_ms = st->now_ms;
	beat_hurry(d, st->now_ms + a->policy.settle_ms);
	step_note(st, NOTE_DISK_READY, d->own_slot, 0);
}

/* Another daemon under the same node id shows itself by a slot that changes.  returns: whether to
 * go on watching. */
static bool watch(struct step *st, struct disk *d, const struct slot *s)
{
	bool same = s->incarnation == d->adopt_incarnation && s->sequence == d->adopt_sequence;

	if (d->adopt_since_ms == 0) {
		d->adopt_since_ms = later(st->now_ms, 1);
		d->adopt_incarnation = s->incarnation;
		d->adopt_sequence = s->sequence;
		same = true;
	}
	if (!same) {
		refuse(st, d, NOTE_SLOT_FOREIGN, d->own_slot);
		return true;
	}
	if (MUTANT(earlier_life_refused) && s->host_life != 0)
		return s->host_life != st->a->host_life;
	if (s->state == SLOT_NEVER || s->host_life == st->a->host_life ||
	    (s->state == SLOT_LEAVING && s->cast == CAST_NONE))
		return false;
	return st->now_ms < d->adopt_since_ms + timing_x_ms(&s->timings);
}

/* A slot that this node has never written is its own when the map that says so is agreed on.
 * returns: whether to go on reading. */
static bool join_waits(struct step *st, struct disk *d, const struct event_io *io,
		       const struct slot_map *map)
{
	struct value agreed;

	if (!slots_unwritten(d, map, &io->slots[d->own_slot].slot, d->own_slot))
		return false;
	if (beat_unverified(d, io, slot_map_used(map), map) == SLOT_NONE &&
	    register_agreed(d, io, &agreed) &&
	    slot_map_find(&agreed.map, st->a->node_id) == d->own_slot)
		return false;
	adopt_wait(st, d);
	return true;
}

void adopt_read(struct step *st, struct disk *d, const struct event_io *io)
{
	const struct slot_map *map;
	const struct slot_read *r;
	uint64_t used;

	register_scan(io, io->mask, &d->scan);
	map = d->scan.bal_slot == SLOT_NONE ? &d->facts.map
					    : &io->slots[d->scan.bal_slot].slot.value.map;
	used = slot_map_used(map);
	d->map = *map;
	d->own_slot = slot_map_find(map, st->a->node_id);
	if (d->own_slot == SLOT_NONE) {
		if (!d->unreadable_noted)
			step_note(st, NOTE_NO_SLOT, st->a->node_id, 0);
		d->unreadable_noted = true;
		adopt_wait(st, d);
		return;
	}
	r = &io->slots[d->own_slot];
	if ((io->mask & slot_bit(d->own_slot)) == 0 || (used & ~io->mask) != 0) {
		adopt_wait(st, d);
		d->due_ms = st->now_ms;
		return;
	}
	if (r->rc != RC_OK || (r->slot.node_id != st->a->node_id &&
			       !slots_unwritten(d, map, &r->slot, d->own_slot))) {
		refuse(st, d, NOTE_SLOT_LOST, d->own_slot);
		return;
	}
	if (join_waits(st, d, io, map))
		return;
	/* The host life tells whose casts the slot speaks of: without it nothing is written. */
	if (st->a->host_life == 0 || watch(st, d, &r->slot)) {
		if (d->phase == DISK_ADOPTING)
			adopt_wait(st, d);
		return;
	}
	d->unreadable_noted = false;
	adopt(st, d, r);
}

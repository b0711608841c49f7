/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the beat of one disk (doc/protocol.md section 1): write the own slot, wait for its
 * completion, read all slots in use.  The next write begins only when that read is complete.
 */
#include <string.h>

#include "core/core.h"

bool beat_usable(const struct disk *d)
{
	return d->phase == DISK_BEATING;
}

uint64_t beat_last_ms(const struct disk *d)
{
	return d->complete_ms != 0 || MUTANT(never_out_of_touch) ? d->complete_ms : d->ready_ms;
}

static void submit_write(struct step *st, struct disk *d)
{
	struct action *action = step_action(st, ACTION_WRITE_SLOT);
	uint8_t copy = (uint8_t)(1 - d->copy_complete); /* never the newest known-complete one */

	if (MUTANT(single_copy))
		copy = d->copy_complete;
	d->own.sequence++;
	d->written = d->own;
	d->beat = BEAT_WRITING;
	d->again = false;
	d->write_ms = st->now_ms;
	d->token = ++st->a->token_last;
	action->token = d->token;
	action->u.write.copy = copy;
	action->u.write.slot_index = d->own_slot;
	st->out->block[st->arbiter_index] = d->own;
}

static void submit_read(struct step *st, struct disk *d, uint64_t mask)
{
	struct action *action = step_action(st, ACTION_READ);

	d->beat = BEAT_READING;
	d->token = ++st->a->token_last;
	d->mask = mask;
	action->token = d->token;
	action->u.mask = mask;
}

static uint64_t mask_in_use(const struct disk *d)
{
	uint64_t mask = slot_map_used(&d->map);

	if (d->own_slot != SLOT_NONE)
		mask |= slot_bit(d->own_slot);
	return mask;
}

void beat_open(struct step *st, struct disk *d, const struct disk_facts *facts)
{
	/* The same disk again after it was gone: this process still holds its full state. */
	if (d->phase == DISK_OUT)
		return;
	if (d->own_slot != SLOT_NONE && memcmp(facts->uuid, d->facts.uuid, UUID_SIZE) == 0) {
		d->phase = DISK_BEATING;
		d->beat = BEAT_IDLE;
		d->due_ms = later(st->now_ms, d->late_until_ms);
		step_note(st, NOTE_DISK_OPENED, 0, 0);
		return;
	}
	if (d->own_slot != SLOT_NONE) {
		/* Another disk under the same name while votes rest on the old one. */
		beat_out(st, d);
		return;
	}
	d->facts = *facts;
	d->map = facts->map;
	d->phase = DISK_ADOPTING;
	d->beat = BEAT_READ_WAIT;
	d->due_ms = st->now_ms;
	d->adopt_since_ms = 0;
	step_note(st, NOTE_DISK_OPENED, 0, 0);
}

void beat_close(struct step *st, struct disk *d, enum rc rc)
{
	if (d->phase == DISK_CLOSED || d->phase == DISK_OUT)
		return;
	step_note(st, NOTE_DISK_CLOSED, (uint64_t)rc, 0);
	if (d->beat == BEAT_WRITING || d->beat == BEAT_LATE || d->verify)
		d->late_until_ms = st->now_ms + st->a->policy.late_ms;
	/* What was not adopted yet is not ours to write. */
	if (d->phase == DISK_ADOPTING)
		d->own_slot = SLOT_NONE;
	d->phase = DISK_CLOSED;
	d->beat = BEAT_IDLE;
	d->verify = d->look = d->own_older = false;
}

void beat_out(struct step *st, struct disk *d)
{
	(void)st;
	d->phase = DISK_OUT;
	d->beat = BEAT_IDLE;
	d->granted = false;
	d->lead = LEAD_NONE;
}

void beat_urgent(struct step *st, struct disk *d)
{
	if (d->beat == BEAT_IDLE)
		d->due_ms = earlier(d->due_ms, st->now_ms);
	else
		d->again = true;
}

void beat_hurry(struct disk *d, uint64_t until_ms)
{
	d->hurry_until_ms = later(d->hurry_until_ms, until_ms);
}

/* After a silence of X the own slot may have been given to another node: it is looked at before it
 * is written again. */
static bool must_look(const struct step *st, const struct disk *d)
{
	return d->complete_end_ms != 0 && !MUTANT(blind_return) &&
	       st->now_ms - later(d->complete_end_ms, d->looked_ms) > timing_x_ms(&d->own.timings);
}

void beat_run(struct step *st, struct disk *d)
{
	if (d->phase != DISK_ADOPTING && d->phase != DISK_BEATING)
		return;
	if (st->a->left || st->now_ms < d->due_ms)
		return;
	switch (d->beat) {
	case BEAT_IDLE:
		if (must_look(st, d)) {
			d->look = true;
			submit_read(st, d, mask_in_use(d));
		} else {
			submit_write(st, d);
		}
		break;
	case BEAT_LATE:
		/* It cannot land any more: did it?  Repeating what others may have seen already
		 * could tear it. */
		d->verify = true;
		submit_read(st, d, mask_in_use(d));
		break;
	case BEAT_READ_WAIT:
		submit_read(st, d, mask_in_use(d));
		break;
	case BEAT_WRITING:
	case BEAT_READING:
		break;
	}
}

void beat_write_done(struct step *st, struct disk *d, const struct event_io *io)
{
	if (d->beat != BEAT_WRITING || io->token != d->token)
		return;
	switch (io->outcome) {
	case IO_UNKNOWN:
		/* Neither done nor failed: nothing more is written while it is outstanding (S5). */
		step_note(st, NOTE_WRITE_UNKNOWN, st->now_ms - d->write_ms, 0);
		break;
	case IO_FAILED:
		/* It may still land within the transport's bound; then this copy is repeated. */
		step_note(st, NOTE_WRITE_FAILED, 0, 0);
		d->beat = BEAT_LATE;
		d->due_ms = st->now_ms + st->a->policy.late_ms;
		break;
	case IO_DONE:
		d->copy_complete = (uint8_t)(1 - d->copy_complete);
		submit_read(st, d, mask_in_use(d));
		break;
	}
}

/* The first repetition comes at once, as most causes are writes under way. */
static void read_again(struct step *st, struct disk *d, bool first)
{
	d->beat = BEAT_READ_WAIT;
	d->due_ms = st->now_ms +
		    (first ? timing_hurry_ms(&st->a->policy) : st->a->policy.interval_ms);
}

/* S5: a slot that shows less than this reader already saw of it, or a `seen` above the highest bal:
 * the disk was rolled back, or does not do what it is assumed to do. */
static uint8_t rolled_back(const struct disk *d, const struct event_io *io, uint64_t used,
			   const struct scan *scan)
{
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct peer *p = &d->peer[i];

		if (!p->read)
			continue;
		if (io->slots[i].slot.node_id != p->slot.node_id && io->slots[i].slot.node_id != 0)
			continue; /* the slot was given to another node */
		if (io->slots[i].slot.sequence < p->slot.sequence && !MUTANT(rollback_unseen))
			return (uint8_t)i;
	}
	if (number_compare(&scan->seen, &scan->bal) > 0 && !MUTANT(rollback_unseen))
		return d->own_slot;
	return SLOT_NONE;
}

uint8_t beat_unverified(const struct disk *d, const struct event_io *io, uint64_t used,
			const struct slot_map *map)
{
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct slot_read *r = &io->slots[i];

		if (r->rc != RC_OK ||
		    (r->slot.node_id != map->node_id[i] && !slots_unwritten(d, map, &r->slot, i)))
			return i;
	}
	return SLOT_NONE;
}

/* How long this node did not look, and since when what it finds now may have been there: a read
 * that took long showed what was there at some instant between its start and its end. */
static void look_back(const struct step *st, struct disk *d, const struct event_io *io)
{
	uint64_t pause_ms = 2 * (uint64_t)st->a->policy.interval_ms;
	bool first = d->complete_end_ms == 0;
	bool slow = !first && d->complete_end_ms - d->complete_read_ms > pause_ms;

	d->unseen_ms = first ? 0 : st->now_ms - d->complete_end_ms;
	if (d->unseen_ms <= pause_ms)
		d->unseen_ms = 0;
	d->found_ms = slow ? st->now_ms - d->complete_read_ms : d->unseen_ms;
	d->complete_end_ms = st->now_ms;
	d->complete_read_ms = io->start_ms;
}

static void complete(struct step *st, struct disk *d, const struct event_io *io, uint64_t used)
{
	struct arb *a = st->a;
	uint64_t took_ms = st->now_ms - d->write_ms;
	uint32_t gap_ms = a->policy.interval_ms;

	if (d->lost_noted) {
		step_note(st, NOTE_DISK_BACK, st->now_ms - beat_last_ms(d), 0);
		d->lost_noted = false;
	}
	d->beat = BEAT_IDLE;
	look_back(st, d, io);
	d->complete_ms = d->write_ms;
	d->own.beats++;
	/* The slowest recent beat: an old peak fades by an eighth a beat. */
	d->own.beat_ms_max -= d->own.beat_ms_max / 8;
	d->own.beat_ms_max = (uint32_t)later(d->own.beat_ms_max, earlier(took_ms, UINT32_MAX));
	d->due_ms = d->write_ms + gap_ms;
	times_complete(st, d);
	if (d->own.state == SLOT_STARTING && !a->leaving) {
		d->own.state = SLOT_RUNNING;
		d->again = true;
	}
	if (d->scan.bal_slot != SLOT_NONE)
		used |= slot_bit(d->scan.bal_slot);
	liveness_update(st, d, io, used);
	register_read(st, d);
	if (!d->not_shared) {
		grant_run(st, d);
		slots_run(st, d);
	}
	selfact_read(st, d);
	cast_beat(st, d);
	/* Who has just read that the grant is revoked evicts nobody any more. */
	evict_read(st, d);
	election_run(st, d);
	if (st->now_ms < d->hurry_until_ms)
		d->due_ms = earlier(d->due_ms, st->now_ms + timing_hurry_ms(&a->policy));
	if (d->again)
		d->due_ms = st->now_ms;
	d->again = false;
	if (st->now_ms >= d->hello_due_ms) {
		struct action *action = step_action(st, ACTION_HELLO);

		action->u.hello.node_id = a->node_id;
		memcpy(action->u.hello.uuid, d->facts.uuid, UUID_SIZE);
		action->u.hello.incarnation = a->incarnation;
		action->u.hello.sequence = d->written.sequence;
		d->hello_due_ms = st->now_ms + 1000;
	}
}

static bool shows_newest(const struct disk *d, const struct slot *shown)
{
	return shown->sequence == d->written.sequence &&
	       shown->incarnation == d->written.incarnation;
}

/* The first read after a failed write.  If that write landed after all the beat goes on; else it
 * begins again with the copy that failed, when this read has shown that the slot is still the own
 * one: it may have been given away in all that time. */
static void look_for_failed(struct disk *d, const struct slot_read *own)
{
	d->verify = false;
	if (own->rc == RC_OK && shows_newest(d, &own->slot))
		d->copy_complete = own->copy;
	else
		d->look = true;
}

/* Both own copies are rotten: the full state is here in memory, write it again. */
static void heal_own(struct step *st, struct disk *d, enum rc rc)
{
	step_note(st, NOTE_SLOT_UNREADABLE, d->own_slot, rc);
	d->look = false;
	d->looked_ms = st->now_ms;
	d->beat = BEAT_IDLE;
	d->due_ms = st->now_ms + timing_hurry_ms(&st->a->policy);
}

/* S6: does the disk show what this node wrote? */
static bool own_read_back(struct step *st, struct disk *d, const struct slot *shown)
{
	if (d->look || MUTANT(rollback_unseen) || shows_newest(d, shown))
		return true;
	step_note(st, NOTE_OWN_NOT_READ_BACK, d->written.sequence, shown->sequence);
	beat_out(st, d);
	return false;
}

/* returns: whether this read belongs to a beat, and not to a look before one. */
static bool still_ours(struct step *st, struct disk *d, const struct slot_map *map)
{
	bool look = d->look;

	d->look = false;
	if (map->node_id[d->own_slot] != st->a->node_id) {
		/* It was given to another node: not one more block of ours. */
		step_note(st, NOTE_NO_SLOT, st->a->node_id, 0);
		beat_out(st, d);
		return false;
	}
	if (!look)
		return true;
	d->looked_ms = st->now_ms;
	d->beat = BEAT_IDLE;
	d->due_ms = st->now_ms;
	return false;
}

void beat_read_done(struct step *st, struct disk *d, const struct event_io *io)
{
	const struct slot_read *own;
	const struct slot_map *map;
	uint64_t used;
	uint8_t bad;

	if (d->beat != BEAT_READING || io->token != d->token)
		return;
	if (io->outcome == IO_UNKNOWN)
		return; /* a read that takes long blocks nothing but itself */
	if (io->outcome == IO_FAILED) {
		if (!d->unreadable_noted)
			step_note(st, NOTE_READ_FAILED, 0, 0);
		d->unreadable_noted = true;
		d->beat = BEAT_READ_WAIT;
		d->due_ms = st->now_ms + st->a->policy.interval_ms;
		return;
	}
	if (d->phase == DISK_ADOPTING) {
		adopt_read(st, d, io);
		return;
	}
	if (d->verify)
		look_for_failed(d, &io->slots[d->own_slot]);
	register_scan(io, io->mask, &d->scan);
	map = d->scan.bal_slot == SLOT_NONE ? &d->facts.map
					    : &io->slots[d->scan.bal_slot].slot.value.map;
	used = slot_map_used(map);
	if ((used & ~io->mask) != 0) {
		submit_read(st, d, io->mask | used);
		return;
	}
	own = &io->slots[d->own_slot];
	if (own->rc != RC_OK) {
		/* What a disk lost that went back is not made good by one block. */
		if (d->own_older && !MUTANT(rolled_back_healed))
			read_again(st, d, false);
		else
			heal_own(st, d, own->rc);
		return;
	}
	d->own_older = !shows_newest(d, &own->slot);
	bad = beat_unverified(d, io, used, map);
	if (bad != SLOT_NONE) {
		if (!d->unreadable_noted)
			step_note(st, NOTE_SLOT_UNREADABLE, bad, io->slots[bad].rc);
		read_again(st, d, !d->unreadable_noted);
		d->unreadable_noted = true;
		return;
	}
	if (!own_read_back(st, d, &own->slot))
		return;
	bad = rolled_back(d, io, used, &d->scan);
	if (bad != SLOT_NONE) {
		/* A block that landed in spite of its error may be torn by its repetition: the
		 * writer heals that.  A disk that was really rolled back never completes a beat. */
		if (d->rolled_back_reads == 1)
			step_note(st, NOTE_DISK_ROLLED_BACK, bad, 0);
		read_again(st, d, d->rolled_back_reads == 0);
		if (d->rolled_back_reads < 2)
			d->rolled_back_reads++;
		return;
	}
	d->rolled_back_reads = 0;
	d->unreadable_noted = false;
	if (still_ours(st, d, map))
		complete(st, d, io, used);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: this node's own casting because of one disk (doc/protocol.md section 5, Starting to cast,
 * Going on, Stopping, A new ring).
 */
#include <string.h>

#include "base/mutant.h"
#include "core/core.h"

static bool may_hold(const struct step *st, const struct disk *d)
{
	const struct arb *a = st->a;

	return beat_usable(d) && !d->not_shared && a->other_list_node_id == 0 && !a->leaving &&
	       a->fit && a->registered && (!a->evictor.poisoned || MUTANT(ignore_poison)) &&
	       a->host_life != 0 && d->own.state == SLOT_RUNNING;
}

static bool names_me(const struct step *st, const struct disk *d, const struct value *v)
{
	if (MUTANT(grant_of_any_ring))
		return v != NULL && (v->grant.set & slot_bit(d->own_slot)) != 0;
	return v != NULL && grant_names(&v->grant, d->own_slot, &st->a->view, st->a->host_life);
}

void cast_stop(struct step *st, struct disk *d)
{
	if (!d->granted)
		return;
	d->granted = false;
	d->stop_ms = st->now_ms;
}

void cast_view_changed(struct step *st, struct disk *d)
{
	/* The old yes stays counted, and the beats go on extending its hold, until the new ring is
	 * decided: nothing is polled meanwhile. */
	d->granted = false;
	d->stop_ms = st->now_ms;
	d->view_visible = false;
	d->hello_due_ms = 0;
	d->own.view = st->a->view;
	if (!beat_usable(d))
		return;
	beat_hurry(d, st->now_ms + st->a->policy.sync_timeout_ms);
	beat_urgent(st, d);
}

/* Yes is polled until H after the start of the last completed beat's write. */
static uint64_t hold_end_ms(const struct arb *a, const struct disk *d)
{
	return beat_last_ms(d) + (MUTANT(no_hold) ? 3600000 : a->policy.hold_ms);
}

/* Going on: every completed beat whose highest value still names this node, or which belongs to a
 * new ring that is still undecided, extends the hold of what votequorum counts. */
static void extend(struct step *st, struct disk *d)
{
	const struct arb *a = st->a;
	bool fresh = d->complete_ms >= a->gap_ms;

	if (!fresh)
		return;
	if (d->granted) {
		if (names_me(st, d, register_best(d)))
			d->hold_until_ms = hold_end_ms(a, d);
		return;
	}
	if (a->counting && a->restart_hold_ms == 0 && d->own.cast == CAST_GRANT &&
	    a->publication.answer == ANSWER_SILENT && a->policy.hold_ms != 0 &&
	    d->hold_until_ms > st->now_ms)
		d->hold_until_ms = hold_end_ms(a, d);
}

/* Starting: the slot says cast = g; the read of that beat shows no higher mbal and no newer value.
 */
static void start(struct step *st, struct disk *d)
{
	const struct number *number = &d->accepted.grant.number;

	if (d->own.cast != CAST_GRANT || number_compare(&d->own.cast_number, number) != 0) {
		d->own.cast = CAST_GRANT;
		d->own.cast_number = *number;
		beat_urgent(st, d);
		if (MUTANT(vote_before_write)) {
			d->granted = true;
			d->hold_until_ms = hold_end_ms(st->a, d);
		}
		return;
	}
	if (d->granted)
		return;
	if (d->written.cast != CAST_GRANT || number_compare(&d->written.cast_number, number) != 0 ||
	    d->complete_ms < d->stop_ms || d->complete_ms < st->a->gap_ms)
		return;
	if (ballot_compare(&d->scan.mbal, &d->accepted_bal.ballot) > 0 ||
	    number_compare(&d->scan.bal, &d->accepted_bal) > 0)
		return;
	d->granted = true;
	d->hold_until_ms = hold_end_ms(st->a, d);
}

/* Among those whom v grants, or a revocation waits for, this node is missing, though it cast
 * before. */
static bool leaves_out(const struct disk *d, const struct value *v)
{
	uint64_t named = v->grant.set != 0 ? v->grant.set : v->pending;

	return named != 0 && (named & slot_bit(d->own_slot)) == 0 &&
	       number_compare(&v->grant.number, &d->own.cast_number) > 0;
}

/* A grant that leaves out whoever casts is proposed only when that one is known to have stopped,
 * and a revocation after it has only its nodes pending.  So this node was taken for dead while it,
 * and its clock, stood still (section 1): what it counts ends now, in whichever ring, agreed on or
 * not. */
static bool outlived(const struct disk *d)
{
	const struct value *best = register_best(d);

	if (d->own.cast != CAST_GRANT || MUTANT(outlived_silent))
		return false;
	return (d->accepted_valid && leaves_out(d, &d->accepted)) ||
	       (best != NULL && leaves_out(d, best));
}

void cast_beat(struct step *st, struct disk *d)
{
	if (!d->view_visible && d->written.view.incarnation == st->a->incarnation &&
	    ring_same(&d->written.view.ring, &st->a->view.ring)) {
		d->view_visible = true;
		d->view_bal = d->scan.bal;
	}
	extend(st, d);
	if (!may_hold(st, d)) {
		cast_stop(st, d);
		return;
	}
	if (d->accepted_valid && names_me(st, d, &d->accepted) && !outlived(d))
		start(st, d);
	else
		cast_stop(st, d);
}

/* "cast" is cleared only when nothing of ours can be counted any more because of this disk. */
void cast_clear(struct step *st, struct disk *d)
{
	const struct arb *a = st->a;

	if (!beat_usable(d) || d->own.cast == CAST_NONE || d->granted)
		return;
	/* Section 7: what the other disks still carry needs no "no". */
	if ((a->counting && !majority_granted(st)) ||
	    (may_hold(st, d) && d->accepted_valid && names_me(st, d, &d->accepted)))
		return;
	d->own.cast = CAST_NONE;
	memset(&d->own.cast_number, 0, sizeof(d->own.cast_number));
	beat_urgent(st, d);
}

/* No beat was completed for a hold, or none at all since beats began: whatever is decided, this
 * node will not hear of it in time. */
static bool out_of_touch(const struct step *st, const struct disk *d)
{
	return beat_last_ms(d) != 0 && !MUTANT(no_hold_awaiting) &&
	       st->now_ms >= hold_end_ms(st->a, d);
}

/* A grant to an older ring that this node was in was decided before its new view was read, whenever
 * it landed: it says nothing of the new ring. */
static bool superseded(const struct step *st, const struct grant *g)
{
	return g->ring.seq < st->a->view.ring.seq && members_contain(&g->members, st->a->node_id) &&
	       !MUTANT(older_ring_says_no);
}

enum vote_reason cast_verdict(const struct step *st, const struct disk *d)
{
	const struct grant *g = &d->accepted.grant;

	if (d->not_shared)
		return REASON_NOT_SHARED;
	if (!beat_usable(d))
		return REASON_NO_ARBITER;
	if (d->granted)
		return REASON_GRANTED;
	if (out_of_touch(st, d))
		return REASON_NO_ARBITER;
	if (outlived(d))
		return REASON_NOT_GRANTED;
	if (!d->accepted_valid || !d->view_visible || names_me(st, d, &d->accepted))
		return REASON_UNDECIDED;
	if (g->set == 0) {
		/* A revocation in favour of a ring without this node asks it to stop. */
		if (!ring_none(&g->ring) && !members_contain(&g->members, st->a->node_id))
			return REASON_REVOKED;
		return REASON_UNDECIDED;
	}
	/* "no" only by a grant that was first proposed after the own view was visible: an older one
	 * says nothing of the new ring. */
	if (number_compare(&g->number, &d->view_bal) > 0 && !superseded(st, g))
		return REASON_NOT_GRANTED;
	return REASON_UNDECIDED;
}

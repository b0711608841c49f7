/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the own vote.  A node casts while more than half of the configured arbiters grant it for
 * its present ring (doc/protocol.md sections 5 and 7); what the voter may poll is published here.
 */
#include <string.h>

#include "base/mutant.h"
#include "core/core.h"

static uint32_t needed(const struct arb *a)
{
	return a->policy.arbiter_count / 2 + 1;
}

/* The time until which at least `count` of the given times hold; 0 if there are fewer. */
static uint64_t nth_latest(const uint64_t *until_ms, uint32_t n, uint32_t count)
{
	uint64_t best = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t as_late = 0;

		for (uint32_t k = 0; k < n; k++)
			as_late += until_ms[k] >= until_ms[i] ? 1 : 0;
		if (as_late >= count)
			best = later(best, until_ms[i]);
	}
	return best;
}

/* Until when do enough disks grant the present ring? 0: they do not. */
static uint64_t granted_until_ms(const struct arb *a)
{
	uint64_t until_ms[ARBITERS_MAX] = { 0 };

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		if (a->disk[i].granted)
			until_ms[i] = a->disk[i].hold_until_ms;
	}
	return nth_latest(until_ms, a->policy.arbiter_count, needed(a));
}

/* Until when may votequorum go on counting what it counts, without a new yes? */
static uint64_t held_until_ms(const struct arb *a)
{
	uint64_t until_ms[ARBITERS_MAX] = { 0 };

	if (a->restart_hold_ms != 0)
		return a->restart_hold_ms;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		if (a->disk[i].own.cast == CAST_GRANT)
			until_ms[i] = a->disk[i].hold_until_ms;
	}
	return nth_latest(until_ms, a->policy.arbiter_count, needed(a));
}

bool majority_granted(const struct step *st)
{
	return granted_until_ms(st->a) > st->now_ms;
}

/* T2: D after the last poll's return, the last ring change and the own start nothing is counted.  A
 * yes may be polled until it is withdrawn; P later its return is known, or writes are held up. */
static uint64_t counted_until_ms(const struct arb *a)
{
	uint64_t d_ms = times_d_ms(a);
	uint64_t since_ms = later(later(a->poll_end_ms, a->view_ms), a->start_ms);

	return later(since_ms + d_ms + d_ms / 50 + 1,
		     MUTANT(poll_under_way_forgotten) ? 0 : a->yes_ended_ms);
}

static void counting_ends(struct arb *a)
{
	a->counting = false;
	a->restart_hold_ms = 0;
	a->lapsed_life = 0;
}

/* By time alone, without a "no": if the voter stood still, corosync may have formed rings that
 * nobody heard of, and each arms votequorum's timer again. */
static void counting_lapses(struct arb *a)
{
	counting_ends(a);
	a->lapsed_life = MUTANT(lapse_trusted) ? 0 : a->counting_life;
}

static bool lapsed(const struct arb *a)
{
	return a->lapsed_life != 0 && a->lapsed_life == a->host_life;
}

/* What is not known to have ended may be counted: the slots must not claim otherwise. */
static void counting_begins(struct arb *a)
{
	a->counting = true;
	a->counting_life = a->host_life;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		if (a->disk[i].own.cast == CAST_NONE)
			a->disk[i].own.cast = CAST_UNKNOWN;
	}
}

/* A ring was formed after the end by time: what this node takes for ended may be counted there.  Of
 * a device that is not registered nothing is counted, and no "no" could tell so to who waits. */
void majority_view_changed(struct arb *a)
{
	if (lapsed(a) && a->registered)
		counting_begins(a);
}

static uint64_t silence_until_ms(const struct arb *a)
{
	uint64_t until_ms = a->view_ms + a->policy.sync_timeout_ms - a->policy.margin_ms;

	if (a->counting && held_until_ms(a) != 0 && !MUTANT(no_hold_awaiting))
		until_ms = earlier(until_ms, held_until_ms(a));
	return until_ms;
}

/* The reason why this ring is decided against this node, REASON_UNDECIDED while it is not. */
static enum vote_reason verdict(const struct step *st)
{
	const struct arb *a = st->a;
	enum vote_reason last = REASON_NO_ARBITER;
	uint32_t open = 0;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		enum vote_reason r = cast_verdict(st, &a->disk[i]);

		/* A daemon that has just started gives its disks the time of a hold to open. */
		if (r == REASON_NO_ARBITER && a->disk[i].phase != DISK_OUT &&
		    st->now_ms < a->start_ms + a->policy.hold_ms)
			r = REASON_UNDECIDED;
		if (r == REASON_UNDECIDED || r == REASON_GRANTED)
			open++;
		else
			last = r;
	}
	return open >= needed(a) ? REASON_UNDECIDED : last;
}

struct decision {
	enum answer answer;
	enum vote_reason reason;
	uint64_t until_ms;
};

/* The answer of a ring that no majority grants now. */
static struct decision without_grant(const struct step *st)
{
	const struct arb *a = st->a;
	const struct publication *p = &a->publication;
	struct decision no = { ANSWER_NO, verdict(st), 0 };
	struct decision silent = { ANSWER_SILENT, REASON_UNDECIDED, silence_until_ms(a) };
	bool same_ring = p->host_life == a->host_life && ring_same(&p->ring, &a->view.ring);

	if (same_ring && p->answer == ANSWER_YES) {
		/* A predecessor's yes is taken over unchanged until its own end. */
		if (a->restart_hold_ms != 0 && st->now_ms < p->until_ms &&
		    st->now_ms < a->restart_hold_ms &&
		    (no.reason == REASON_UNDECIDED || no.reason == REASON_NO_ARBITER)) {
			silent.answer = ANSWER_YES;
			silent.until_ms = p->until_ms;
			return silent;
		}
		if (no.reason == REASON_UNDECIDED)
			no.reason = held_until_ms(a) > st->now_ms ? REASON_NOT_GRANTED
								  : REASON_HOLD_PASSED;
		return no;
	}
	if (same_ring && p->answer == ANSWER_NO) {
		if (no.reason == REASON_UNDECIDED)
			no.reason = a->reason;
		return no;
	}
	if (no.reason != REASON_UNDECIDED)
		return no;
	/* Silence would leave the old yes where it is. */
	if (lapsed(a)) {
		no.reason = REASON_HOLD_PASSED;
		return no;
	}
	if (st->now_ms < silent.until_ms && !MUTANT(no_while_undecided))
		return silent;
	no.reason = a->counting && held_until_ms(a) != 0 && st->now_ms >= held_until_ms(a)
			    ? REASON_HOLD_PASSED
			    : REASON_SYNC_TIMEOUT;
	return no;
}

static struct decision decide(const struct step *st)
{
	const struct arb *a = st->a;
	struct decision d = { ANSWER_NO, REASON_NONE, 0 };
	uint64_t until_ms = granted_until_ms(a);

	if (a->leaving) {
		d.reason = REASON_LEAVING;
	} else if (a->evictor.poisoned && !MUTANT(ignore_poison)) {
		d.reason = REASON_POISONED;
	} else if (!a->fit) {
		d.reason = REASON_UNFIT;
	} else if (a->other_list_node_id != 0) {
		d.reason = REASON_ARBITERS_DIFFER;
	} else if (until_ms > st->now_ms) {
		d.answer = ANSWER_YES;
		d.reason = REASON_GRANTED;
		d.until_ms = until_ms;
	} else {
		d = without_grant(st);
	}
	return d;
}

static void note_vote(struct step *st, const struct decision *d)
{
	switch (d->answer) {
	case ANSWER_YES:
		step_note(st, NOTE_VOTE_YES, st->a->view.ring.seq, 0);
		break;
	case ANSWER_NO:
		step_note(st, NOTE_VOTE_NO, st->a->view.ring.seq, (uint64_t)d->reason);
		break;
	case ANSWER_SILENT:
		step_note(st, NOTE_VOTE_SILENT, st->a->view.ring.seq, 0);
		break;
	}
}

/* P.  A predecessor's yes that is taken over keeps its own where that is shorter: the slot may not
 * tell of the longer one yet. */
static uint32_t poll_in_use_ms(const struct arb *a)
{
	if (a->restart_hold_ms != 0 && a->publication.poll_ms != 0)
		return (uint32_t)earlier(a->publication.poll_ms, a->policy.poll_ms);
	return a->policy.poll_ms;
}

static void publish(struct step *st, const struct decision *d)
{
	struct arb *a = st->a;
	struct publication *p = &a->publication;
	uint32_t repeat_ms = a->policy.timeout_ms / 3;
	uint32_t poll_ms = poll_in_use_ms(a);
	bool news = p->answer != d->answer || p->host_life != a->host_life ||
		    !ring_same(&p->ring, &a->view.ring) || p->generation == 0;

	a->reason = d->reason;
	if (!news && p->until_ms == d->until_ms && p->poll_ms == poll_ms &&
	    p->repeat_ms == repeat_ms)
		return;
	if (news) {
		p->generation++;
		note_vote(st, d);
	}
	if (p->answer == ANSWER_YES && d->answer != ANSWER_YES)
		a->yes_ended_ms = earlier(st->now_ms, p->until_ms) + p->poll_ms;
	p->answer = d->answer;
	p->ring = a->view.ring;
	p->host_life = a->host_life;
	p->until_ms = d->until_ms;
	p->poll_ms = poll_ms;
	p->repeat_ms = repeat_ms;
	if (d->answer == ANSWER_YES) {
		a->counting = true;
		a->counting_life = a->host_life;
		a->lapsed_life = 0;
		if (d->reason == REASON_GRANTED)
			a->restart_hold_ms = 0;
	} else if (news && d->answer == ANSWER_NO) {
		a->no_generation = p->generation;
	}
	step_action(st, ACTION_PUBLISH)->u.publication = *p;
}

/* A disk whose hold passed has stopped for good: casting begins anew with the full sequence. */
static void end_holds(struct step *st)
{
	struct arb *a = st->a;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		struct disk *d = &a->disk[i];

		st->arbiter_index = i;
		if (d->granted && st->now_ms >= d->hold_until_ms)
			cast_stop(st, d);
		if (beat_usable(d) && !d->lost_noted && beat_last_ms(d) != 0 &&
		    st->now_ms >= beat_last_ms(d) + a->policy.hold_ms) {
			d->lost_noted = true;
			step_note(st, NOTE_DISK_LOST, st->now_ms - beat_last_ms(d), 0);
		}
	}
	st->arbiter_index = 0;
}

void majority_run(struct step *st)
{
	struct arb *a = st->a;
	struct decision d;

	end_holds(st);
	if (a->counting && a->publication.answer != ANSWER_YES && st->now_ms >= counted_until_ms(a))
		counting_lapses(a);
	if (!a->told)
		return;
	if (a->host_life == 0 || ring_none(&a->view.ring)) {
		/* Nobody to poll, or no ring to poll for: withdraw what was published. */
		d.answer = ANSWER_NO;
		d.reason = a->leaving ? REASON_LEAVING : REASON_STARTING;
		d.until_ms = 0;
	} else {
		d = decide(st);
	}
	publish(st, &d);
}

void majority_poll_done(struct step *st, const struct event_poll *p)
{
	struct arb *a = st->a;

	a->poll_end_ms = later(a->poll_end_ms, p->end_ms);
	if (p->end_ms - p->start_ms > a->policy.poll_ms)
		step_note(st, NOTE_POLL_LATE, p->end_ms - p->start_ms, 0);
	/* A yes that returned late, after D had ended what was counted before: it counts again, and
	 * what the slots say must not claim otherwise. */
	if (p->answer == ANSWER_YES && p->ok && !a->counting && a->host_life != 0 &&
	    p->generation >= a->life_generation) {
		counting_begins(a);
		a->no_generation = later(a->no_generation, p->generation);
	}
	/* A "no" with a stale ring id is ignored by corosync and proves nothing, and one that was
	 * polled before the older publication was withdrawn may be followed by its yes. */
	if (p->answer == ANSWER_NO && p->ok && a->publication.answer == ANSWER_NO &&
	    p->generation >= a->no_generation && ring_same(&p->ring, &a->view.ring))
		counting_ends(a);
}

/* More than half of one list and more than half of a longer one need have no arbiter in common: who
 * has the shorter list stops until that node was started anew, also when they are parted. */
void majority_hello(struct step *st, uint32_t arbiter_index, const struct event_hello *h)
{
	struct arb *a = st->a;

	if (h->node_id == a->other_list_node_id && h->incarnation != a->other_list_incarnation)
		a->other_list_node_id = 0;
	if (arbiter_index < a->policy.arbiter_count || a->other_list_node_id != 0 ||
	    h->node_id == a->node_id || !members_contain(&a->view.members, h->node_id))
		return;
	a->other_list_node_id = h->node_id;
	a->other_list_incarnation = h->incarnation;
	step_note(st, NOTE_ARBITERS_DIFFER, h->node_id, arbiter_index + 1);
}

void majority_corosync(struct step *st, uint64_t host_life)
{
	struct arb *a = st->a;

	if (host_life == 0) {
		if (a->host_life != 0)
			step_note(st, NOTE_COROSYNC_GONE, 0, 0);
	} else if (host_life != a->host_life) {
		step_note(st, NOTE_COROSYNC_UP, host_life, 0);
	}
	/* Another life, and the news that there is none, prove that the corosync which counted is
	 * gone. */
	if (a->counting && a->counting_life != 0 && a->counting_life != host_life)
		counting_ends(a);
	if (host_life == a->host_life)
		return;
	a->life_generation = a->publication.generation + 1;
	a->host_life = host_life;
	a->registered = a->quorate = false;
	memset(&a->view, 0, sizeof(a->view));
	memset(&a->registered_peers, 0, sizeof(a->registered_peers));
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		struct disk *d = &a->disk[i];

		st->arbiter_index = i;
		cast_view_changed(st, d);
		if (host_life != 0)
			d->own.host_life = host_life;
	}
	st->arbiter_index = 0;
}

/* in: what is published at this start; all zero on the first.  Nothing is published before. */
void majority_publication(struct step *st, const struct publication *p)
{
	struct arb *a = st->a;

	a->told = true;
	a->publication = *p;
	/* The yes before it may have ended by time: nobody knows whether this "no" was polled. */
	if (p->answer == ANSWER_NO && !ring_none(&p->ring) && !MUTANT(lapse_forgotten))
		a->counting_life = a->lapsed_life = p->host_life;
	if (p->answer != ANSWER_YES)
		return;
	a->counting = true;
	a->counting_life = p->host_life;
	if (a->restart_hold_ms == 0)
		a->restart_hold_ms = a->start_ms + a->policy.hold_ms;
}

uint64_t majority_deadline(const struct arb *a)
{
	uint64_t deadline_ms = UINT64_MAX;
	const struct publication *p = &a->publication;

	if (a->host_life != 0 && p->answer != ANSWER_NO)
		deadline_ms = earlier(deadline_ms, p->until_ms);
	if (a->counting && p->answer != ANSWER_YES)
		deadline_ms = earlier(deadline_ms, counted_until_ms(a));
	return deadline_ms;
}

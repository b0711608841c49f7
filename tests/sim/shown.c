/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what a node shows of itself, and what it makes of what it is shown: the times in its slot
 * are those it keeps to (T1), a slot is looked at before it is written after a silence (S4), and
 * what was written is read back (S6).
 */
#include "model/timing.h"
#include "tests/sim/sim.h"

uint64_t shown_late_ms(const struct world *w, const struct node *n)
{
	const struct timings *t = n->has_landed ? &n->landed->slot.timings : NULL;

	return t != NULL && t->hold_ms != 0 ? (uint64_t)t->hold_ms + t->poll_ms
					    : (uint64_t)w->policy.hold_ms + w->policy.poll_ms;
}

static const struct blob *newest(const struct node *n)
{
	return n->has_submitted ? n->submitted : n->has_landed ? n->landed : NULL;
}

static void check_shorter(struct world *w, const struct node *n, const struct blob *b,
			  enum shorter_kind kind)
{
	static const char *const name[SHORTER_COUNT] = { "H or P", "D", "interval" };
	const struct shorter *since = &n->shown.shorter[kind];

	w->cover[COVER_SHORTER_TOLD]++;
	if (b->submit_ms < since->at_ms + since->x_ms)
		fail(w, "T1: node %u tells of a shorter %s %llu ms after it changed, X is %llu",
		     n->id, name[kind], (unsigned long long)(b->submit_ms - since->at_ms),
		     (unsigned long long)since->x_ms);
}

/* A shorter time is told when X of the longer one is over; a slot that casts nothing may go over to
 * it at a restart. */
static void check_times(struct world *w, struct node *n, const struct blob *b)
{
	const struct blob *last = newest(n);
	const struct timings *t = &b->slot.timings;

	if (last == NULL || (!n->has_submitted && (last->slot.cast == CAST_NONE || w->spoiled)))
		return;
	if (t->d_ms < last->slot.timings.d_ms)
		check_shorter(w, n, b, SHORTER_D);
	if (t->hold_ms < last->slot.timings.hold_ms || t->poll_ms < last->slot.timings.poll_ms)
		check_shorter(w, n, b, SHORTER_HOLD);
	if (t->interval_ms < last->slot.timings.interval_ms)
		check_shorter(w, n, b, SHORTER_INTERVAL);
	/* What is shorter already is no part of the X of what changed since. */
	for (uint32_t i = 0; i < SHORTER_COUNT; i++)
		if (n->shown.shorter[i].x_ms > timing_x_ms(t))
			n->shown.shorter[i].x_ms = timing_x_ms(t);
}

void shown_shorter(const struct world *w, struct node *n, enum shorter_kind kind)
{
	const struct blob *last = newest(n);

	n->shown.shorter[kind].at_ms = clock_local_ms(w, n);
	n->shown.shorter[kind].x_ms = last != NULL ? timing_x_ms(&last->slot.timings) : 0;
}

void shown_submit(struct world *w, struct node *n, struct blob *b)
{
	uint64_t x_ms = timing_x_ms(&b->slot.timings);

	b->submit_ms = clock_local_ms(w, n);
	if (n->vq.blind == BLIND)
		n->vq.blind = BLIND_WROTE;
	check_times(w, n, b);
	if (n->shown.denied)
		fail(w, "S6: node %u writes on, and the disk did not show its last block", n->id);
	if (n->shown.read_ms != 0 && b->submit_ms > n->shown.read_ms + x_ms)
		fail(w, "S4: node %u writes after %llu ms of silence without a look at its slot",
		     n->id, (unsigned long long)(b->submit_ms - n->shown.read_ms));
	n->shown.wrote = true;
}

/* Who is due for eviction, and must not be evicted by this read. */
static void count_due(struct world *w, const struct node *n, bool late)
{
	uint64_t after_us = (uint64_t)w->policy.evict_after_ms * 1000;

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *t = &w->node[i];
		bool dead = t->has_landed && w->now > t->fence.landed_at + after_us;
		bool unfit = w->policy.evict_on_score && t->unfit && t->fence.fit_at == 0;

		if (t == n || t->vq.ring != n->vq.ring || (!dead && !unfit))
			continue;
		w->cover[COVER_EVICT_LATE] += late;
		w->cover[COVER_UNSEEN] += dead && t->fence.landed_at < n->fence.started_at;
		w->cover[COVER_INQUORATE] += !n->known.quorate;
	}
}

void shown_read(struct world *w, struct node *n, const struct event_io *io)
{
	uint64_t now_ms = clock_local_ms(w, n);

	if (io->outcome != IO_DONE)
		return;
	if (n->vq.blind >= BLIND_WROTE && io->start_ms >= n->shown.submit_ms)
		excuse_sighted(w, n);
	if (n->has_submitted && n->slot_index != SLOT_NONE) {
		const struct slot_read *own = &io->slots[n->slot_index];
		const struct slot *last = &n->submitted->slot;

		if (n->shown.read_ms != 0 && !n->shown.wrote &&
		    io->start_ms > n->shown.read_ms + timing_x_ms(&last->timings))
			w->cover[COVER_LOOKED]++;
		if (w->policy.evict && n->shown.wrote && n->page.answer == ANSWER_YES)
			count_due(w, n, now_ms > n->shown.submit_ms + 2 * (uint64_t)w->interval_ms);
		if (n->done.any && n->done.sequence == last->sequence && own->rc == RC_OK &&
		    (own->slot.sequence != last->sequence ||
		     own->slot.incarnation != last->incarnation)) {
			w->cover[COVER_WRITE_LOST] += !n->shown.denied;
			n->shown.denied = true;
		} else if (w->spoiled && own->rc == RC_OK) {
			n->shown.denied = false; /* it is there again */
		}
	}
	n->shown.read_ms = now_ms;
	n->shown.before_at = n->shown.read_at;
	n->shown.read_at = clock_global_us(n, io->start_ms);
	n->shown.look_ms = io->start_ms;
	n->shown.wrote = false;
}

void shown_publish(struct world *w, struct node *n, const struct publication *p)
{
	const struct timings *t;

	n->shown.published_by = n->incarnation;
	if (p->answer != ANSWER_YES)
		return;
	if (!n->has_landed) {
		fail(w, "T1: node %u publishes yes and never wrote", n->id);
		return;
	}
	t = &n->landed->slot.timings;
	w->cover[COVER_LONGER_UNTOLD] += t->hold_ms < n->conf.hold_ms;
	if (n->shown.denied)
		fail(w, "S6: node %u publishes yes, and the disk did not show its last block",
		     n->id);
	/* Its last completed beat wrote the newest block that landed, or an older one. */
	if (p->until_ms > n->landed->submit_ms + t->hold_ms || p->poll_ms > t->poll_ms)
		fail(w,
		     "T1: node %u publishes yes for %llu ms after its newest block, P %u, which "
		     "tells of H %u, P %u",
		     n->id, (unsigned long long)(p->until_ms - n->landed->submit_ms), p->poll_ms,
		     t->hold_ms, t->poll_ms);
}

void shown_lost(struct world *w, struct node *n)
{
	TRACE(w, "node %u: the disk loses a write", n->id);
	n->lied_to = true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the paths to the shared disk, and each node's disk worker. */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

/* ---- latencies ---- */

/* T6 promises that a decision is in time where what follows it takes an interval at most: a gentle
 * disk has one peak in that time, and of half of it. */
static uint64_t peak(struct world *w, uint64_t us)
{
	if (w->class != CLASS_GENTLE)
		return us;
	if (w->now < w->peak_until)
		return 0;
	w->peak_until = w->now + (uint64_t)w->policy.interval_ms * 2000;
	return us / 2;
}

uint64_t latency_io(struct world *w, const struct node *n)
{
	static const uint32_t typical[] = { 150, 800, 4000 };
	uint64_t base = typical[w->lat_class];
	uint64_t us = w->story ? base : base / 2 + rng_below(&w->rng, base);
	uint64_t r = rng_below(&w->rng, 1000);
	uint64_t until = w->stall_until > n->stall_until ? w->stall_until : n->stall_until;

	us += n->slow_us;
	if (w->story)
		r = 1000;
	if (!w->calm && r < 8)
		us += peak(w, rng_below(&w->rng, (uint64_t)w->policy.interval_ms * 1000));
	else if (!w->calm && r < 10 && w->class != CLASS_GENTLE)
		us += rng_below(&w->rng, (uint64_t)w->policy.hold_ms * 1200);
	if (until > w->now)
		us += until - w->now;
	return us;
}

/* ---- writes ---- */

static struct wr *wr_node(struct world *w, const struct node *n)
{
	return &w->wr[n->index * WRITES_EACH];
}

static void wr_free(struct world *w, struct wr *wr)
{
	blob_put(w, wr->blob);
	wr->blob = NULL;
	wr->state = WR_FREE;
	wr->serial = 0;
	w->node[wr->node].writes_open--;
}

/* What has landed or will not, and was reported or has nobody to be reported to, is over. */
static void wr_done(struct world *w, struct wr *wr)
{
	struct node *n = &w->node[wr->node];

	if (wr->settled && wr->state == WR_GHOST) {
		wr_free(w, wr);
		proc_try_open(w, n);
	}
}

static uint64_t wr_arg(const struct world *w, const struct wr *wr)
{
	return (uint64_t)wr->serial << 32 | (uint64_t)(wr - w->wr);
}

static struct wr *wr_of(struct world *w, const struct ev *e)
{
	struct wr *wr = &w->wr[(uint32_t)e->arg];

	return wr->state != WR_FREE && wr->serial == (uint32_t)(e->arg >> 32) ? wr : NULL;
}

static void land_never(struct wr *wr)
{
	wr->land_at = NEVER;
	wr->settled = true;
}

static void land_at(struct world *w, struct wr *wr, uint64_t at)
{
	wr->land_at = at;
	/* Now and then a reader can catch the copy half written. */
	if (rng_below(&w->rng, 64) == 0 && !wr->torn && !w->story)
		world_push(w, at - (at > w->now ? rng_below(&w->rng, at - w->now) / 2 : 0),
			   EV_WRITE_HALF, wr->node, 0, wr_arg(w, wr));
	world_push(w, at, EV_WRITE_LAND, wr->node, 0, wr_arg(w, wr));
}

static uint64_t late_at(struct world *w, const struct node *n)
{
	/* The submitter's clock may run fast: its late_ms must cover. */
	uint64_t bound = (uint64_t)w->policy.late_ms * 980;

	(void)n;
	if (w->story)
		return w->now + bound / 2;
	return w->now + (rng_chance(&w->rng, 5000) ? rng_below(&w->rng, bound)
						   : rng_below(&w->rng, bound / 8 + 1));
}

static void wr_fail(struct world *w, struct wr *wr, uint64_t report_at, bool may_land, bool torn)
{
	struct node *n = &w->node[wr->node];
	uint64_t saved = w->now;

	wr->outcome = IO_FAILED;
	wr->torn = torn;
	if (torn) {
		land_at(w, wr, report_at);
	} else if (may_land) {
		w->now = report_at;
		report_at = late_at(w, n);
		w->now = saved;
		land_at(w, wr, report_at);
		return;
	} else {
		land_never(wr);
	}
}

static void wr_fate(struct world *w, struct wr *wr)
{
	struct node *n = &w->node[wr->node];
	uint64_t lat = latency_io(w, n);
	uint64_t half_hold = (uint64_t)w->policy.hold_ms * 500;
	enum write_fault f = n->next_write;
	uint64_t end = w->now + lat;

	n->next_write = WF_NONE;
	wr->outcome = IO_DONE;
	if (f == WF_NONE && n->path == PATH_ERROR)
		f = rng_chance(&w->rng, 3000)	? WF_FAIL_LATE
		    : rng_chance(&w->rng, 1500) ? WF_TORN
						: WF_FAIL;
	if (f == WF_NONE && w->now < n->read_only_until)
		f = WF_FAIL;
	switch (f) {
	case WF_NONE:
		land_at(w, wr, w->now + lat - (w->story ? 1 : rng_below(&w->rng, lat / 2 + 1)));
		break;
	case WF_FAIL:
		wr_fail(w, wr, end, false, false);
		break;
	case WF_FAIL_LATE:
		wr_fail(w, wr, end, true, false);
		break;
	case WF_TORN:
		wr_fail(w, wr, end, true, true);
		break;
	case WF_UNKNOWN_LANDS:
		end += half_hold + rng_below(&w->rng, 4 * half_hold);
		land_at(w, wr, w->now + rng_below(&w->rng, end - w->now));
		break;
	case WF_LOST:
		land_never(wr);
		shown_lost(w, n);
		break;
	case WF_STRAY:
		wr->stray = true;
		world_push(w, w->now + lat / 2, EV_WRITE_LAND, wr->node, 0, wr_arg(w, wr));
		shown_lost(w, n);
		break;
	case WF_UNKNOWN_FAILS:
		end += half_hold + rng_below(&w->rng, 4 * half_hold);
		wr_fail(w, wr, end, rng_chance(&w->rng, 5000), false);
		break;
	}
	if (end >= wr->unknown_at)
		world_push(w, wr->unknown_at, EV_WRITE_UNKNOWN, n->index, 0, wr_arg(w, wr));
	world_push(w, end, EV_WRITE_END, wr->node, 0, wr_arg(w, wr));
}

static void wr_start(struct world *w, struct wr *wr)
{
	struct node *n = &w->node[wr->node];

	wr->state = WR_ACTIVE;
	wr->start_us = w->now;
	wr->start_ms = clock_local_ms(w, n);
	/* The shell calls a write unknown when it is outstanding for H/2. */
	wr->unknown_at = clock_global_us(n, wr->start_ms + w->policy.hold_ms / 2);
	if (n->path == PATH_HANG) {
		world_push(w, wr->unknown_at, EV_WRITE_UNKNOWN, n->index, 0, wr_arg(w, wr));
		wr->parked = true;
		wr->land_at = NEVER;
		return;
	}
	wr_fate(w, wr);
}

static bool poll_blocks(const struct world *w, const struct node *n)
{
	return n->poll_marked && clock_local_us(n, w->now) - clock_local_us(n, n->poll_mark_us) >
					 (uint64_t)w->policy.poll_ms * 1000;
}

bool disk_worker_runs(const struct node *n)
{
	return n->proc[PROC_WORKER].alive && !n->proc[PROC_WORKER].stopped && !n->worker_dying;
}

void disk_submit_write(struct world *w, struct node *n, const struct action *a,
		       const struct slot *s)
{
	struct blob *b = blob_new(w);
	struct wr *wr = NULL;

	b->slot = *s;
	b->node = n->index;
	b->boot = n->boot;
	b->slot_index = a->u.write.slot_index;
	b->copy = a->u.write.copy;
	check_submit(w, n, a, b);
	for (uint32_t i = 0; i < WRITES_EACH && wr == NULL; i++)
		if (wr_node(w, n)[i].state == WR_FREE)
			wr = &wr_node(w, n)[i];
	CHECK(wr != NULL);
	memset(wr, 0, sizeof(*wr));
	wr->serial = ++w->serial;
	wr->node = n->index;
	wr->depoch = n->proc[PROC_DECIDER].epoch;
	wr->token = a->token;
	wr->land_at = NEVER;
	wr->blob = b;
	wr->state = WR_QUEUED;
	n->writes_open++;
	if (poll_blocks(w, n)) {
		w->cover[COVER_WRITE_HELD]++;
		wr->state = WR_POLL_HELD;
	} else if (disk_worker_runs(n)) {
		wr_start(w, wr);
	}
}

static void wr_report(struct world *w, struct wr *wr, enum io_outcome outcome)
{
	struct node *n = &w->node[wr->node];
	struct event e = { .type = EVENT_WRITE_DONE };

	if (wr->depoch != n->proc[PROC_DECIDER].epoch)
		return;
	e.u.io.token = wr->token;
	e.u.io.outcome = outcome;
	e.u.io.start_ms = wr->start_ms;
	e.u.io.end_ms = clock_local_ms(w, n);
	if (outcome != IO_UNKNOWN)
		check_write_end(w, n, wr);
	proc_post(w, n, &e, 0);
}

static void wr_end(struct world *w, struct wr *wr)
{
	struct node *n = &w->node[wr->node];

	if (!disk_worker_runs(n)) {
		if (w->now < wr->unknown_at)
			world_push(w, wr->unknown_at, EV_WRITE_UNKNOWN, n->index, 0, wr_arg(w, wr));
		wr->end_due = true;
		if (n->worker_dying)
			disk_worker_kill(w, n);
		return;
	}
	wr_report(w, wr, wr->outcome);
	wr->state = WR_GHOST;
	wr_done(w, wr);
}

static void put_copy(struct world *w, const struct wr *wr, struct blob *b)
{
	struct store *s = &w->store[w->node[wr->node].disk];
	struct blob **place = &s->copy[wr->blob->slot_index][wr->blob->copy];

	blob_put(w, *place);
	*place = b;
}

/* A prefix of the new bytes, the rest as it was. */
static struct blob *torn_blob(struct world *w, const struct wr *wr)
{
	struct store *s = &w->store[w->node[wr->node].disk];
	struct blob *old = s->copy[wr->blob->slot_index][wr->blob->copy];
	struct blob *b = blob_damaged(w, wr->node, wr->blob->slot_index, wr->blob->copy);
	size_t cut = 64 * (1 + rng_below(&w->rng, SLOTWIRE_SIZE / 64 - 1));

	memcpy(b->bytes, blob_bytes(s, old), SLOTWIRE_SIZE);
	memcpy(b->bytes, blob_bytes(s, wr->blob), cut);
	return b;
}

static void wr_land(struct world *w, struct wr *wr)
{
	struct node *n = &w->node[wr->node];

	if (w->verbose && (wr->torn || wr->outcome != IO_DONE || wr->unknown))
		TRACE(w, "node %u:   write %llu of copy %u %s", n->id,
		      (unsigned long long)wr->blob->slot.sequence, wr->blob->copy,
		      wr->torn ? "tears" : "lands in spite of its outcome");
	if (wr->stray) {
		spoil_stray(w, wr->blob);
	} else if (wr->torn) {
		put_copy(w, wr, torn_blob(w, wr));
	} else {
		put_copy(w, wr, blob_get(wr->blob));
		if (wr->unknown)
			w->cover[COVER_UNKNOWN_LANDED]++;
		if (wr->state == WR_GHOST)
			w->cover[COVER_LATE_LANDED]++;
		check_landed(w, n, wr->blob);
	}
	wr->settled = true;
	wr_done(w, wr);
}

/* ---- what happens to processes and paths ---- */

bool disk_quiet(const struct world *w, const struct node *n)
{
	(void)w;
	return n->writes_open == 0;
}

bool disk_writing(const struct world *w, const struct node *n)
{
	return !disk_quiet(w, n);
}

/* The poll returned, or the worker runs again: start what waited. */
void disk_release_held(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < WRITES_EACH && n->writes_open > 0; i++) {
		struct wr *wr = &wr_node(w, n)[i];

		if (wr->state == WR_FREE || wr->node != n->index)
			continue;
		if (wr->state == WR_POLL_HELD && !poll_blocks(w, n))
			wr->state = WR_QUEUED;
		if (wr->state == WR_QUEUED && disk_worker_runs(n))
			wr_start(w, wr);
	}
}

/* What was still with the decider dies with it; what the worker has goes on. */
void disk_decider_gone(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < WRITES_EACH; i++) {
		struct wr *wr = &wr_node(w, n)[i];

		if (wr->node == n->index && wr->state == WR_POLL_HELD) {
			wr->settled = true;
			wr->state = WR_GHOST;
			wr_done(w, wr);
		}
	}
	for (uint32_t i = 0; i < READS_EACH; i++)
		if (read_of_node(w, n)[i].used && read_of_node(w, n)[i].queued)
			read_free(w, &read_of_node(w, n)[i]);
}

/* A killed worker is gone when its I/O has ended. */
void disk_worker_kill(struct world *w, struct node *n)
{
	bool busy = false;

	if (!n->proc[PROC_WORKER].alive)
		return;
	for (uint32_t i = 0; i < WRITES_EACH; i++)
		busy |= wr_node(w, n)[i].state == WR_ACTIVE && !wr_node(w, n)[i].end_due;
	for (uint32_t i = 0; i < READS_EACH; i++)
		busy |= read_of_node(w, n)[i].used && !read_of_node(w, n)[i].queued &&
			!read_of_node(w, n)[i].end_due;
	n->worker_dying = busy;
	if (busy)
		return;
	n->proc[PROC_WORKER].alive = false;
	n->proc[PROC_WORKER].epoch++;
	proc_worker_died(w, n);
}

/* Started: what the dead one had in flight is reported failed.  Continued: as it ended. */
void disk_worker_run(struct world *w, struct node *n)
{
	bool fresh = n->worker_fresh;

	n->worker_fresh = false;
	for (uint32_t i = 0; i < WRITES_EACH; i++) {
		struct wr *wr = &wr_node(w, n)[i];

		if (wr->node != n->index || wr->state != WR_ACTIVE || !wr->end_due)
			continue;
		wr->end_due = false;
		if (fresh)
			wr->outcome = IO_FAILED;
		wr_end(w, wr);
	}
	for (uint32_t i = 0; i < READS_EACH; i++) {
		struct rd *rd = &read_of_node(w, n)[i];

		if (!rd->used || rd->node != n->index)
			continue;
		if (rd->queued) {
			rd->queued = false;
			rd->start_ms = clock_local_ms(w, n);
			read_pass(w, rd);
		} else if (rd->end_due) {
			rd->end_due = false;
			rd->failing |= fresh;
			read_end(w, rd);
		}
	}
	disk_release_held(w, n);
}

/* In flight at the loss of power: landed, not landed, or torn, soon. */
void disk_power_lost(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < WRITES_EACH; i++) {
		struct wr *wr = &wr_node(w, n)[i];
		uint64_t fate = rng_below(&w->rng, 3);

		if (wr->node != n->index || wr->state == WR_FREE)
			continue;
		wr->serial = ++w->serial; /* its pending events are void */
		/* At the end nothing lands that hung for long: it would renew X. */
		if (wr->state == WR_POLL_HELD || wr->state == WR_QUEUED || wr->settled ||
		    fate == 0 || (w->calm && n->lost)) {
			wr->settled = true;
			wr_free(w, wr);
			continue;
		}
		wr->state = WR_GHOST;
		wr->parked = false;
		wr->torn |= fate == 1;
		wr->land_at = w->now + rng_below(&w->rng, 50 * MS);
		world_push(w, wr->land_at, EV_WRITE_LAND, wr->node, 0, wr_arg(w, wr));
	}
	for (uint32_t i = 0; i < READS_EACH; i++)
		if (read_of_node(w, n)[i].used)
			read_free(w, &read_of_node(w, n)[i]);
}

/* When a write is called unknown is a matter of its node's clock. */
void disk_paused(struct world *w, struct node *n, uint64_t us)
{
	for (uint32_t i = 0; i < WRITES_EACH; i++) {
		struct wr *wr = &wr_node(w, n)[i];

		if (wr->node != n->index || wr->state != WR_ACTIVE || wr->unknown)
			continue;
		wr->unknown_at += us;
		world_push(w, wr->unknown_at, EV_WRITE_UNKNOWN, n->index, 0, wr_arg(w, wr));
	}
}

void disk_path_ok(struct world *w, struct node *n)
{
	for (uint32_t i = 0; i < WRITES_EACH; i++) {
		struct wr *wr = &wr_node(w, n)[i];
		uint64_t end = w->now + latency_io(w, n);

		if (wr->node != n->index || wr->state != WR_ACTIVE || !wr->parked)
			continue;
		wr->parked = false;
		wr->outcome = IO_DONE;
		if (rng_chance(&w->rng, 6000)) {
			land_at(w, wr, w->now + rng_below(&w->rng, end - w->now));
		} else {
			bool torn = rng_chance(&w->rng, 2000);

			wr_fail(w, wr, end, rng_chance(&w->rng, 5000), torn);
		}
		world_push(w, end, EV_WRITE_END, wr->node, 0, wr_arg(w, wr));
	}
	for (uint32_t i = 0; i < READS_EACH; i++) {
		struct rd *rd = &read_of_node(w, n)[i];

		if (rd->used && rd->node == n->index && rd->parked) {
			rd->parked = false;
			read_pass(w, rd);
		}
	}
	proc_try_open(w, n);
}

void disk_event(struct world *w, const struct ev *e)
{
	struct wr *wr;

	if (e->kind == EV_READ_SAMPLE || e->kind == EV_READ_END) {
		read_event(w, e);
		return;
	}
	wr = wr_of(w, e);
	if (wr == NULL)
		return;
	if (e->kind == EV_WRITE_LAND) {
		wr_land(w, wr);
	} else if (e->kind == EV_WRITE_HALF) {
		put_copy(w, wr, torn_blob(w, wr));
	} else if (e->kind == EV_WRITE_END && wr->state == WR_ACTIVE) {
		wr_end(w, wr);
	} else if (e->kind == EV_WRITE_UNKNOWN && wr->state == WR_ACTIVE &&
		   w->now >= wr->unknown_at && !clock_paused(&w->node[wr->node])) {
		wr->unknown = true;
		wr_report(w, wr, IO_UNKNOWN);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: times that change while votes rest on them (doc/protocol.md section 1).  The others reckon
 * X from what the own slot says.  So the slot always says the longer of what is in use and what was
 * or will be in use: a longer time is used when every disk that a vote may rest on has completed a
 * beat that told of it, a shorter one is used at once and told when X of the longer is over.
 * corosync changes its part, D, by itself and at once.
 */
#include <string.h>

#include "core/core.h"

static uint32_t longer(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t shorter(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Is everything of b covered by what a says? */
static bool covers(const struct timings *a, const struct timings *b)
{
	return a->hold_ms >= b->hold_ms && a->poll_ms >= b->poll_ms && a->d_ms >= b->d_ms &&
	       a->interval_ms >= b->interval_ms;
}

struct timings times_longest(const struct timings *a, const struct timings *b)
{
	struct timings t = { longer(a->hold_ms, b->hold_ms), longer(a->poll_ms, b->poll_ms),
			     longer(a->d_ms, b->d_ms), longer(a->interval_ms, b->interval_ms) };

	return t;
}

/* Until the longer times may be used: of each the shorter one. */
static void use_shorter(struct policy *now, const struct policy *before)
{
	now->hold_ms = shorter(now->hold_ms, before->hold_ms);
	now->poll_ms = shorter(now->poll_ms, before->poll_ms);
	now->interval_ms = shorter(now->interval_ms, before->interval_ms);
	now->timeout_ms = shorter(now->timeout_ms, before->timeout_ms);
	now->sync_timeout_ms = shorter(now->sync_timeout_ms, before->sync_timeout_ms);
	/* These were made for their own sync_timeout. */
	now->margin_ms = shorter(now->margin_ms, before->margin_ms);
	now->settle_ms = shorter(now->settle_ms, before->settle_ms);
}

/* A vote may rest on this disk, now or after its next beat. */
static bool carries(const struct step *st, const struct disk *d)
{
	return beat_usable(d) || d->granted || st->now_ms < d->hold_until_ms;
}

static void tell(struct step *st, struct disk *d)
{
	struct timings wanted = timing_of(&st->a->wanted);
	struct timings before = d->own.timings;

	/* What was polled by the shorter one's predecessor may be counted for the longer D. */
	d->own.timings = times_longest(&before, &wanted);
	if (!covers(&wanted, &before))
		d->timings_due_ms = later(d->timings_due_ms,
					  st->now_ms + timing_x_ms(&d->own.timings));
	if (MUTANT(shorter_told_at_once))
		d->own.timings = wanted;
	d->own.config_hash = st->a->wanted.hash;
	if (beat_usable(d))
		beat_urgent(st, d);
}

static void take_first(struct arb *a, const struct policy *p)
{
	a->policy = a->wanted = *p;
	a->configured = true;
	for (uint32_t i = 0; i < p->arbiter_count; i++) {
		a->disk[i].own.timings = timing_of(p);
		a->disk[i].own.config_hash = p->hash;
	}
}

void times_config(struct step *st, const struct policy *p)
{
	struct arb *a = st->a;
	struct policy before = a->policy;
	uint64_t before_d_ms = times_d_ms(a);

	if (!a->configured) {
		take_first(a, p);
		return;
	}
	a->policy = a->wanted = *p;
	if (!MUTANT(longer_used_at_once))
		use_shorter(&a->policy, &before);
	times_old_d(st, before_d_ms);
	for (uint32_t i = 0; i < p->arbiter_count; i++) {
		st->arbiter_index = i;
		tell(st, &a->disk[i]);
	}
	st->arbiter_index = 0;
	a->times_wait = true;
}

void times_complete(struct step *st, struct disk *d)
{
	d->told = d->written.timings;
	if (d->timings_due_ms != 0 && st->now_ms >= d->timings_due_ms) {
		d->own.timings = timing_of(&st->a->wanted);
		d->timings_due_ms = 0;
	}
}

/* Both what the last completed beat said and what may still land say it. */
static bool told(const struct disk *d, const struct timings *t)
{
	return covers(&d->told, t) && covers(&d->written.timings, t);
}

void times_run(struct step *st)
{
	struct arb *a = st->a;
	struct timings wanted = timing_of(&a->wanted);

	if (!a->times_wait)
		return;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		if (carries(st, &a->disk[i]) && !told(&a->disk[i], &wanted))
			return;
	}
	a->times_wait = false;
	a->policy = a->wanted;
}

/* Its timer runs to its end as it was armed. */
void times_old_d(struct step *st, uint64_t old_d_ms)
{
	struct arb *a = st->a;

	if (old_d_ms <= times_d_ms(a))
		return;
	a->old_d_ms = old_d_ms;
	a->old_d_until_ms = st->now_ms + old_d_ms + old_d_ms / 50 + 1;
}

uint64_t times_d_ms(const struct arb *a)
{
	uint64_t d_ms = (uint64_t)a->wanted.timeout_ms + a->wanted.sync_timeout_ms;

	return a->last_ms < a->old_d_until_ms ? later(d_ms, a->old_d_ms) : d_ms;
}

static uint32_t beyond(uint32_t told, uint32_t wanted)
{
	return told > wanted ? told - wanted : 0;
}

/* What the slot still says of a longer hold may be used again without another beat: the watchdog is
 * fed for it. */
uint32_t times_watchdog_ms(const struct arb *a, const struct slot *own)
{
	struct timings wanted = timing_of(&a->wanted);
	uint64_t hold_ms = beyond(own->timings.hold_ms, wanted.hold_ms);

	/* A node that leaves disarms its watchdog once its slot has said so. */
	if (a->leaving || a->evictor.watchdog_ms == 0)
		return 0;
	if (MUTANT(watchdog_by_wanted))
		return a->evictor.watchdog_ms;
	return a->evictor.watchdog_ms + (uint32_t)timing_clocks_ms(hold_ms) +
	       beyond(own->timings.interval_ms, wanted.interval_ms);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/timing.h"

static uint32_t lesser(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t greater(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

void timing_derive(struct policy *p)
{
	if (p->interval_ms == 0)
		p->interval_ms = (p->dead_ms + 7) / 8;
	if (p->hold_ms == 0)
		p->hold_ms = p->dead_ms / 2;
	if (p->poll_ms == 0)
		p->poll_ms = p->dead_ms / 10;
	/* T5: the last word on an undecided ring needs a poll (P) and must not race votequorum's
	 * own timer; a tenth of the wait covers a late wake-up. */
	if (p->margin_ms == 0)
		p->margin_ms = lesser(p->poll_ms + p->sync_timeout_ms / 10, p->sync_timeout_ms / 2);
	/* settle covers the spread of totem's detection between nodes (section 5); T6. */
	if (p->settle_ms == 0) {
		uint32_t spread = p->token_ms + p->consensus_ms;

		p->settle_ms = p->sync_timeout_ms / 2;
		if (spread != 0)
			p->settle_ms = lesser(p->settle_ms, spread);
	}
	/* T8: the transport's bound is told by the same knob as everything else about this storage:
	 * an operator who gives dead_ms for a multipath SAN gives it above the path failover. */
	if (p->late_ms == 0)
		p->late_ms = 2 * p->dead_ms;
	if (p->up_beats == 0)
		p->up_beats = UP_BEATS_DEFAULT;
	/* T9, and far beyond what a multipath failover or the upgrade of a package takes. */
	if (p->evict_after_ms == 0) {
		struct timings t = timing_of(p);
		uint64_t x_ms = timing_x_ms(&t);

		p->evict_after_ms = 10 * p->dead_ms;
		if (x_ms > p->evict_after_ms)
			p->evict_after_ms = (uint32_t)x_ms;
	}
}

struct timings timing_of(const struct policy *p)
{
	struct timings t = { 0 };

	t.hold_ms = p->hold_ms;
	t.poll_ms = p->poll_ms;
	t.d_ms = p->timeout_ms + p->sync_timeout_ms;
	t.interval_ms = p->interval_ms;
	return t;
}

uint64_t timing_clocks_ms(uint64_t ms)
{
	return (ms * 1021 + 999) / 1000;
}

uint64_t timing_x_ms(const struct timings *t)
{
	uint64_t sum = (uint64_t)t->hold_ms + t->poll_ms + t->d_ms;

	/* T1.  The interval stands for the granularity of beats and timers on both sides. */
	return timing_clocks_ms(sum) + t->interval_ms;
}

uint32_t timing_watchdog_ms(const struct policy *p, uint32_t timeout_ms)
{
	uint64_t sum = (uint64_t)timeout_ms + p->hold_ms; /* T7 */

	return (uint32_t)(timing_clocks_ms(sum) + p->interval_ms);
}

uint64_t timing_detection_ms(const struct policy *p)
{
	return (uint64_t)p->token_ms + p->consensus_ms;
}

uint32_t timing_hurry_ms(const struct policy *p)
{
	return greater(2, p->interval_ms / 16);
}

enum timing_problem timing_check(const struct policy *p)
{
	struct timings t;

	if (p->dead_ms < DEAD_MS_MIN || p->dead_ms > DEAD_MS_MAX)
		return TIMING_DEAD_RANGE;
	/* T3, T4, T6, T8 and T9 of doc/protocol.md section 13. */
	if (p->interval_ms < 10 || p->interval_ms > p->dead_ms / 3)
		return TIMING_INTERVAL_RANGE;
	if (p->hold_ms < 3 * p->interval_ms || p->hold_ms > p->dead_ms ||
	    p->hold_ms > p->sync_timeout_ms)
		return TIMING_HOLD_RANGE;
	if (p->poll_ms < 10 || p->poll_ms > p->hold_ms / 2)
		return TIMING_POLL_RANGE;
	if (p->timeout_ms < p->hold_ms / 2 || p->timeout_ms < 3 * p->poll_ms / 2)
		return TIMING_TIMEOUT_RANGE;
	/* A leader that settles until corosync's wait is over decides too late for every ring. */
	if ((uint64_t)p->settle_ms + p->margin_ms >= p->sync_timeout_ms)
		return TIMING_SETTLE_RANGE;
	/* Worst case with nothing dead: settle, then three round trips of the leader and a beat
	 * and a poll of the others (section 6), each at most an interval when all is well. */
	if (p->sync_timeout_ms < (uint64_t)p->settle_ms + p->margin_ms + p->interval_ms)
		return TIMING_SYNC_RANGE;
	if (p->up_beats < 1 || p->up_beats > 20)
		return TIMING_UP_BEATS_RANGE;
	if (p->late_ms < p->hold_ms)
		return TIMING_LATE_RANGE;
	t = timing_of(p);
	if (p->evict_after_ms < timing_x_ms(&t))
		return TIMING_EVICT_RANGE;
	return TIMING_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: the clocks of the nodes.  Each has a rate and a beginning of its own; of some nodes that
 * stand still the clocks do so too.
 */
#include "tests/sim/sim.h"

enum { RATE_MOST = 10000 }; /* of 1,000,000: 1 % */

bool clock_paused(const struct node *n)
{
	return n->vq.frozen && n->still == STILL_PAUSED;
}

static int64_t runs_us(const struct node *n, uint64_t at)
{
	return (int64_t)at + (int64_t)at * n->ppm / 1000000 + n->offset_us;
}

uint64_t clock_local_us(const struct node *n, uint64_t at)
{
	if (clock_paused(n) && at > n->still_at)
		at = n->still_at;
	return (uint64_t)runs_us(n, at);
}

uint64_t clock_local_ms(const struct world *w, const struct node *n)
{
	return clock_local_us(n, w->now) / 1000;
}

uint64_t clock_span_us(const struct node *n, uint64_t ms)
{
	return ms * 1000 * 1000000 / (uint64_t)(1000000 + n->ppm);
}

/* The first instant at which the node's clock shows local_ms. */
uint64_t clock_global_us(const struct node *n, uint64_t local_ms)
{
	int64_t us;

	if (local_ms > (uint64_t)1 << 50)
		return NEVER;
	us = (int64_t)(local_ms * 1000) - n->offset_us;
	if (us <= 0)
		return 0;
	us = us * 1000000 / (1000000 + n->ppm) - 2;
	while (us < 0 || (uint64_t)runs_us(n, (uint64_t)us) < local_ms * 1000)
		us++;
	return (uint64_t)us;
}

/* Of its own randomness.  Now and then some clocks are as fast and some as slow as may be: what X
 * is multiplied with is for them. */
void clock_open(struct world *w)
{
	bool fast = false, slow = false;

	w->clock.state = w->seed ^ 0xc10c5u;
	w->still = w->class == CLASS_FREEZE && rng_chance(&w->clock, 6000);
	if (w->story || !rng_chance(&w->clock, 1500))
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		bool is_fast = rng_chance(&w->clock, 5000);

		w->node[i].ppm = is_fast ? RATE_MOST : -RATE_MOST;
		fast |= is_fast;
		slow |= !is_fast;
	}
	w->cover[COVER_CLOCKS_APART] += fast && slow;
}

enum still clock_still(struct world *w)
{
	static const enum still of[] = { STILL_FROZEN, STILL_SUSPENDED, STILL_PAUSED,
					 STILL_PAUSED };

	return w->still ? of[rng_below(&w->clock, 4)] : STILL_FROZEN;
}

void clock_stop(struct world *w, struct node *n, enum still still)
{
	static const enum cover met[] = { COVER_FROZEN, COVER_SUSPENDED, COVER_PAUSED };

	w->cover[met[still]]++;
	n->still = still;
	n->still_at = w->now;
}

uint64_t clock_stood_us(const struct world *w, const struct node *n)
{
	return n->still == STILL_FROZEN ? 0 : w->now - n->still_at;
}

/* What is measured by this clock and kept in the world's time goes on from where it was. */
void clock_go(struct world *w, struct node *n)
{
	uint64_t us = w->now - n->still_at;

	if (n->still != STILL_PAUSED)
		return;
	n->paused_until = w->now;
	n->offset_us -= runs_us(n, w->now) - runs_us(n, n->still_at);
	n->deadline_ms = 0;
	if (n->poll_marked)
		n->poll_mark_us += us;
	disk_paused(w, n, us);
}

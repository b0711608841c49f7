/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the clocks of the nodes: each has a rate and a beginning of its own. */
#include "tests/sim/sim.h"

uint64_t clock_local_us(const struct node *n, uint64_t at)
{
	return (uint64_t)((int64_t)at + (int64_t)at * n->ppm / 1000000 + n->offset_us);
}

uint64_t clock_local_ms(const struct world *w, const struct node *n)
{
	return clock_local_us(n, w->now) / 1000;
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
	while (us < 0 || clock_local_us(n, (uint64_t)us) < local_ms * 1000)
		us++;
	return (uint64_t)us;
}

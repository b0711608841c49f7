/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/latency.h"

#include <stddef.h>

/* Values below 4 have a bucket each; above, the two bits behind the highest choose the step. */
static size_t latency_bucket(uint64_t us)
{
	unsigned int high;
	size_t index;

	if (us < 4)
		return (size_t)us;
	high = 63U - (unsigned int)__builtin_clzll(us);
	index = 4 * (size_t)(high - 1) + (size_t)((us >> (high - 2)) & 3);
	return index < LATENCY_BUCKETS ? index : LATENCY_BUCKETS - 1;
}

/* The highest value of a bucket. */
static uint64_t latency_top(size_t index)
{
	unsigned int high;

	if (index < 4)
		return index;
	high = (unsigned int)(index / 4) + 1;
	return ((4 + index % 4 + 1) << (high - 2)) - 1;
}

void latency_add(struct latency *l, uint64_t us)
{
	atomic_fetch_add_explicit(&l->bucket[latency_bucket(us)], 1, memory_order_relaxed);
	atomic_store_explicit(&l->last_us, us, memory_order_relaxed);
	if (us > atomic_load_explicit(&l->max_us, memory_order_relaxed))
		atomic_store_explicit(&l->max_us, us, memory_order_relaxed);
	atomic_fetch_add_explicit(&l->count, 1, memory_order_release);
}

struct latency_summary latency_summarize(const struct latency *l)
{
	struct latency_summary s = { 0 };
	uint64_t total = 0;
	uint64_t below = 0;

	s.count = atomic_load_explicit(&l->count, memory_order_acquire);
	s.last_us = atomic_load_explicit(&l->last_us, memory_order_relaxed);
	s.max_us = atomic_load_explicit(&l->max_us, memory_order_relaxed);
	for (size_t i = 0; i < LATENCY_BUCKETS; i++)
		total += atomic_load_explicit(&l->bucket[i], memory_order_relaxed);
	for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
		uint64_t here = atomic_load_explicit(&l->bucket[i], memory_order_relaxed);
		uint64_t top = latency_top(i) < s.max_us ? latency_top(i) : s.max_us;

		if (below * 2 < total && (below + here) * 2 >= total)
			s.p50_us = top;
		if (below * 100 < total * 99 && (below + here) * 100 >= total * 99)
			s.p99_us = top;
		below += here;
	}
	return s;
}

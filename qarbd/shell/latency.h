/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: how long I/O takes, in a histogram of fixed size with four steps to each doubling, so
 * that a percentile is at most a quarter too high.  One process adds, others read: the counters are
 * independent, a reader may see one sample half entered.
 */
#ifndef QARB_SHELL_LATENCY_H
#define QARB_SHELL_LATENCY_H

#include <stdatomic.h>
#include <stdint.h>

enum { LATENCY_BUCKETS = 128 };

struct latency {
	_Atomic uint64_t count;
	_Atomic uint64_t last_us;
	_Atomic uint64_t max_us;
	_Atomic uint32_t bucket[LATENCY_BUCKETS];
};

struct latency_summary {
	uint64_t count;
	uint64_t last_us;
	uint64_t p50_us;
	uint64_t p99_us;
	uint64_t max_us;
};

void latency_add(struct latency *l, uint64_t us);
struct latency_summary latency_summarize(const struct latency *l);

#endif

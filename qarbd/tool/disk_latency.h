/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: latencies of `qarbctl disk probe`, and what they mean for dead_ms.  Pure. */
#ifndef QARB_TOOL_DISK_LATENCY_H
#define QARB_TOOL_DISK_LATENCY_H

#include <stddef.h>
#include <stdint.h>

#include "model/timing.h"

enum {
	DISK_LATENCY_FIRST_US = 125,
	DISK_LATENCY_BUCKETS = 20, /* the last one has no upper bound */
};

struct disk_latency {
	uint64_t count;
	uint64_t sum_us;
	uint64_t worst_us;
	uint64_t bucket[DISK_LATENCY_BUCKETS];
};

void disk_latency_add(struct disk_latency *s, uint64_t us);
/* returns: the upper bound of the bucket, exclusive. */
uint64_t disk_latency_bucket_us(uint32_t bucket);
/* returns: a bound that this share of the values is within, never above the worst one. */
uint64_t disk_latency_within_us(const struct disk_latency *s, uint32_t per_mille);

/* in: beat_us, the longest write and read of all slots.
 * returns: the smallest dead_ms that a beat so long does not cost the vote; that with room.  Both
 * may be above DEAD_MS_MAX. */
uint64_t disk_latency_least_dead_ms(uint64_t beat_us);
uint64_t disk_latency_advised_dead_ms(uint64_t beat_us);
/* out: text, one line of what these two say, none that a configuration may not have. */
void disk_latency_tell(uint64_t beat_us, char *text, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/times.h"

#include <string.h>

#include "tool/disk_latency.h"

static void complete(uint32_t token_ms, uint32_t consensus_ms, uint32_t dead_ms, struct policy *p)
{
	memset(p, 0, sizeof(*p));
	p->token_ms = token_ms;
	p->consensus_ms = consensus_ms;
	p->dead_ms = dead_ms;
	p->timeout_ms = dead_ms / 2;
	p->sync_timeout_ms = dead_ms;
	timing_derive(p);
}

static bool hidden(const struct policy *p)
{
	struct timings t = timing_of(p);

	return timing_x_ms(&t) <= timing_detection_ms(p);
}

void times_suggest(uint32_t token_ms, uint32_t consensus_ms, uint32_t slowest_beat_ms,
		   struct times_suggestion *s)
{
	uint64_t storage_ms = disk_latency_advised_dead_ms((uint64_t)slowest_beat_ms * 1000);
	uint64_t dead_ms = (uint64_t)token_ms * 9 / 10 / 10 * 10;

	s->bound = TIMES_BY_TOKEN;
	if (dead_ms > DEAD_MS_MAX) {
		dead_ms = DEAD_MS_MAX;
		s->bound = TIMES_BY_MOST;
	}
	complete(token_ms, consensus_ms, (uint32_t)dead_ms, &s->policy);
	while (dead_ms > TIMES_DEAD_MS_LEAST && !hidden(&s->policy)) {
		dead_ms -= 10;
		s->bound = TIMES_BY_DETECTION;
		complete(token_ms, consensus_ms, (uint32_t)dead_ms, &s->policy);
	}
	if (dead_ms < TIMES_DEAD_MS_LEAST) {
		dead_ms = TIMES_DEAD_MS_LEAST;
		s->bound = TIMES_BY_LEAST;
	}
	if (slowest_beat_ms != 0 && storage_ms > dead_ms) {
		dead_ms = storage_ms < DEAD_MS_MAX ? storage_ms : DEAD_MS_MAX;
		s->bound = TIMES_BY_STORAGE;
	}
	complete(token_ms, consensus_ms, (uint32_t)dead_ms, &s->policy);
}

uint64_t times_worst_decision_ms(const struct policy *p)
{
	return (uint64_t)p->settle_ms + p->interval_ms;
}

uint64_t times_decision_limit_ms(const struct policy *p)
{
	return p->sync_timeout_ms - p->margin_ms;
}

uint64_t times_wait_ms(const struct policy *p, uint64_t x_ms)
{
	uint64_t detection_ms = timing_detection_ms(p);

	return x_ms > detection_ms ? x_ms : detection_ms;
}

uint64_t times_round_trips_ms(const struct policy *p, uint32_t beat_ms)
{
	return beat_ms != 0 ? 4 * (uint64_t)beat_ms : p->interval_ms;
}

uint64_t times_stale_ms(const struct policy *p)
{
	return timing_detection_ms(p);
}

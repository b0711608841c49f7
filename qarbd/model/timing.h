/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the derived times and their reasons (doc/protocol.md sections 1 and 6).  All milliseconds.
 */
#ifndef QARB_MODEL_TIMING_H
#define QARB_MODEL_TIMING_H

#include "model/config.h"

enum {
	DEAD_MS_MIN = 250,
	DEAD_MS_MAX = 120000,
	UP_BEATS_DEFAULT = 3,
};

/* Fill every field of p that is 0 and can be derived.  Does not judge. */
void timing_derive(struct policy *p);

/* H, P, D, interval of p. */
struct timings timing_of(const struct policy *p);

/* What lasts ms by one node's clock is over by another's then: each is within 1 % of the truth, and
 * 1.01 / 0.99 < 1.021 (T1).  Rounded up. */
uint64_t timing_clocks_ms(uint64_t ms);

/* X = 1.021 (H + P + D) + interval, rounded up: a slot that shows the same (incarnation, sequence)
 * as a read that ended at least X ago belongs to a node that is certainly not casting. */
uint64_t timing_x_ms(const struct timings *t);

/* A node whose watchdog has this timeout, and is fed while its last beat is younger than H, is dead
 * when its slot was silent for so long: 1.021 (timeout + H) + interval, as X. */
uint32_t timing_watchdog_ms(const struct policy *p, uint32_t timeout_ms);

/* Totem's own detection of a dead node: token + consensus.  The totem values of p must be known. */
uint64_t timing_detection_ms(const struct policy *p);

/* The pace of beats while a decision is awaited: the gap between the end of one and the next. */
uint32_t timing_hurry_ms(const struct policy *p);

enum timing_problem {
	TIMING_OK = 0,
	TIMING_DEAD_RANGE,     /* dead_ms outside DEAD_MS_MIN..DEAD_MS_MAX */
	TIMING_INTERVAL_RANGE, /* interval_ms not in 10..dead/3 */
	TIMING_HOLD_RANGE,     /* hold_ms < 3 intervals, > dead or > sync_timeout */
	TIMING_POLL_RANGE,     /* poll_ms not in 10..hold/2 */
	TIMING_TIMEOUT_RANGE,  /* timeout < hold/2: votequorum forgets the vote between two polls */
	TIMING_SYNC_RANGE,     /* sync_timeout below the worst-case decision */
	TIMING_SETTLE_RANGE,   /* settle_ms >= sync_timeout - margin */
	TIMING_UP_BEATS_RANGE, /* up_beats not in 1..20 */
	TIMING_LATE_RANGE,     /* late_ms < hold */
	TIMING_EVICT_RANGE,    /* evict_after_ms < X: the node may still cast */
	TIMING_PROBLEM_COUNT
};

/* The first unsafe or impossible value of a completed policy, TIMING_OK if none. */
enum timing_problem timing_check(const struct policy *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: what the times of a configuration mean, and which would suit a cluster.  Pure. */
#ifndef QARB_TOOL_TIMES_H
#define QARB_TOOL_TIMES_H

#include "model/timing.h"

enum {
	/* Below it an interval is shorter than 40 ms and a poll may take less than 32 ms: a busy
	 * machine would cost the vote more often than a dead node would. */
	TIMES_DEAD_MS_LEAST = 320,
};

enum times_bound {
	TIMES_BY_TOKEN = 0, /* nine tenths of the token */
	TIMES_BY_DETECTION, /* a larger one would let X outlast totem's detection */
	TIMES_BY_LEAST,	    /* TIMES_DEAD_MS_LEAST */
	TIMES_BY_STORAGE,   /* what the slowest beat needs */
	TIMES_BY_MOST,	    /* DEAD_MS_MAX */
};

struct times_suggestion {
	struct policy policy;	/* dead_ms, timeout, sync_timeout and what follows from them */
	enum times_bound bound; /* what decided */
};

/* in: token_ms, consensus_ms; slowest_beat_ms of the storage, 0: not known.
 * out: s; s->policy passes timing_check(). */
void times_suggest(uint32_t token_ms, uint32_t consensus_ms, uint32_t slowest_beat_ms,
		   struct times_suggestion *s);

/* From the last member's report of a new ring to the decision, at the worst with nothing dead: live
 * nodes contradict each other for settle_ms, and a beat has just been missed. */
uint64_t times_worst_decision_ms(const struct policy *p);
/* What there is before corosync must be given an answer. */
uint64_t times_decision_limit_ms(const struct policy *p);
/* From the silent death of a node until the survivors may have the vote, without the decision. */
uint64_t times_wait_ms(const struct policy *p, uint64_t x_ms);
/* The decision itself: three round trips of the leader and a beat of the others.
 * in: beat_ms, the slowest of one; 0: not known, an interval is taken. */
uint64_t times_round_trips_ms(const struct policy *p, uint32_t beat_ms);
/* How long a node that stood still as a whole and goes on may show its old quorate flag: until
 * corosync has formed its next ring. */
uint64_t times_stale_ms(const struct policy *p);

#endif

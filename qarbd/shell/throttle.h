/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: what an arbiter that keeps failing may write into the log.  The first line of each kind is
 * an edge and is written at once; what comes again within a minute of it is counted, and told in
 * one line a minute.  Pure: the caller has the clock.
 */
#ifndef QARB_SHELL_THROTTLE_H
#define QARB_SHELL_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/limits.h"

enum {
	THROTTLE_MS = 60000,
	THROTTLE_KINDS_MAX = 16, /* told apart of one arbiter; more are counted as the last */
	THROTTLE_NAME_SIZE = 32,
	THROTTLE_OF_NONE = ARBITERS_MAX, /* an index for what belongs to no arbiter */
};

struct throttle_kind {
	uint32_t key; /* 0: free */
	uint32_t held;
	uint64_t shown_ms;
	char name[THROTTLE_NAME_SIZE];
};

/* All zero: nothing was written yet. */
struct throttle {
	struct {
		uint64_t due_ms; /* of the next line of counts; 0: nothing is held */
		struct throttle_kind kind[THROTTLE_KINDS_MAX];
	} arbiter[THROTTLE_OF_NONE + 1];
};

/* A line of this kind wants to be written.  in: key, not 0; name, for the line of counts.
 * returns: whether to write it; else it is counted. */
bool throttle_take(struct throttle *t, uint32_t arbiter_index, uint32_t key, const char *name,
		   uint64_t now_ms);
/* The counts of one arbiter whose minute is over, taken out of t.  in: all, also where it is not.
 * out: arbiter_index; text, "read-failed=59 ...".  returns: false when there is none (more). */
bool throttle_counts(struct throttle *t, uint64_t now_ms, bool all, uint32_t *arbiter_index,
		     char *text, size_t size);
/* returns: when throttle_counts() has something, UINT64_MAX: nothing is held. */
uint64_t throttle_due_ms(const struct throttle *t);
/* returns: a key of a line of text; numbers in it make no difference. */
uint32_t throttle_key(const char *text);

#endif

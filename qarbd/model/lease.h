/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: weights of what runs on this node, each told by its own agent and gone by itself when it
 * is not told again.  A plain copy, no pointers; whoever holds one says what time it is.
 */
#ifndef QARB_MODEL_LEASE_H
#define QARB_MODEL_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "model/limits.h"

enum {
	LEASES_MAX = 64,
	LEASE_MS_MIN = 100,
	LEASE_MS_MAX = 86400000, /* a day */
};

struct lease {
	char name[NAME_SIZE]; /* of the agent's instance */
	uint32_t weight;
	uint64_t until_ms; /* UINT64_MAX: until it is cleared */
};

struct leases {
	uint32_t count;
	struct lease lease[LEASES_MAX];
};

/* May an instance be called so?  1 to NAME_SIZE - 1 bytes, no blanks or control characters. */
bool lease_name_valid(const char *name);
/* Tell or renew one; the last word counts, also where the new lease ends earlier.
 * in: lease_ms, 0: without end.
 * returns: RC_OK | RC_BADVALUE: name or lease_ms | RC_TOOSMALL: LEASES_MAX instances are held. */
RC_MUST_CHECK enum rc lease_set(struct leases *t, const char *name, uint32_t weight,
				uint32_t lease_ms, uint64_t now_ms);
/* returns: whether it was there. */
bool lease_clear(struct leases *t, const char *name);
/* Take out one that has lapsed.  out: gone, its last words.  returns: false when there is none. */
bool lease_lapse(struct leases *t, uint64_t now_ms, struct lease *gone);
/* The sum of those that hold; UINT32_MAX if it were more. */
uint32_t lease_sum(const struct leases *t, uint64_t now_ms);
/* When the next one lapses; UINT64_MAX: none will. */
uint64_t lease_deadline_ms(const struct leases *t);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the door.  `struct arb` decides who gets the device's vote; nothing else does.
 *
 * Rules of the door (doc/protocol.md, doc/architecture.md):
 * 1. Time and randomness enter only as event fields.
 * 2. struct arb holds no pointers: a snapshot is memcpy, replay is feeding the trace again.
 * 3. Actions of one batch are unordered.
 * 4. At most one write per disk is outstanding.
 * 5. Timers are hints: early, late and duplicate ticks are harmless.
 */
#ifndef QARB_CORE_ARB_H
#define QARB_CORE_ARB_H

#include "core/arb_state.h"
#include "model/event.h"
#include "model/status.h"

struct identity {
	uint32_t node_id;
	uint64_t incarnation; /* random, new at each start of the deciding process, not 0 */
	uint64_t now_ms;      /* start of the process */
};

/* Make a fresh arbiter that knows nothing.  Configuration, node list, corosync, disks and views
 * arrive as events. */
void arb_init(struct arb *a, const struct identity *me);

/* Take one event, append what is to be done to out (which the caller emptied: count 0).
 * Cannot fail; bounded work. */
void arb_step(struct arb *a, const struct event *e, struct actions *out);

/* Step a TICK no later than this (UINT64_MAX: nothing is due). */
uint64_t arb_deadline_ms(const struct arb *a);

/* Until when the watchdog may be fed: for H after the begin of the newest write of which beats on
 * most disks are complete, and for a longer H only once the slots tell of it (doc/protocol.md, T7).
 * returns: 0 when there is none, or when this node must not be kept alive. */
uint64_t arb_alive_until_ms(const struct arb *a);

/* Do the slots of this node on most disks say that no watchdog is armed?  Only then may it be
 * disarmed: who waits for the watchdog of a silent node, which takes most disks, must not wait for
 * nothing. */
bool arb_unwatched(const struct arb *a);

/* Fill s with the state at now_ms. */
void arb_report(const struct arb *a, uint64_t now_ms, struct arb_status *s);

#endif

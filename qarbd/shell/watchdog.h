/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the hardware watchdog that resets this node when its beats stop.  The guardian holds it,
 * because it must outlive everybody else; it is armed by the first complete beat, fed only while
 * beats complete on most disks, and disarmed by a clean stop alone.
 */
#ifndef QARB_SHELL_WATCHDOG_H
#define QARB_SHELL_WATCHDOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"

struct watchdog {
	int fd; /* -1: not armed */
	uint32_t timeout_ms;
	uint64_t fed_ms;
	bool nowayout; /* the kernel tells that nothing disarms it */
};

/* Arm the device with a timeout of at least `wanted_ms`.  out: w; why, the reason of a refusal.
 * returns: RC_OK | RC_BUSY, somebody else has it (why names the process) | RC_REFUSED, sbd feeds
 * the watchdog of this node | RC_NOTFOUND | RC_BADVALUE, not a watchdog. */
RC_MUST_CHECK enum rc watchdog_arm(struct watchdog *w, const char *device, uint32_t wanted_ms,
				   char *why, size_t size);
void watchdog_feed(struct watchdog *w, uint64_t now_ms);
/* Hand it back disarmed.  What ends without this lets it fire.  returns: RC_OK | RC_REFUSED, the
 * driver does not let it be disarmed: it fires unless somebody arms it again in time. */
RC_MUST_CHECK enum rc watchdog_disarm(struct watchdog *w);

/* The process that holds the device open.  out: name, empty when it cannot be found.
 * returns: its pid, 0. */
int watchdog_holder(const char *device, char *name, size_t size);

#endif

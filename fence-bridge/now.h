/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence bridge: the clock that its messages to the daemon use. */
#ifndef QARB_FENCE_BRIDGE_NOW_H
#define QARB_FENCE_BRIDGE_NOW_H

#include <stdint.h>

/* returns: CLOCK_BOOTTIME in whole milliseconds. */
uint64_t now_boottime_ms(void);

#endif

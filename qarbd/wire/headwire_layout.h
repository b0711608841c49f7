/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: where each field of a header's copy lies.  test_headwire compares doc/disk-format.md with
 * this list.  Magic, both versions and the place of the sum never move in later formats.
 */
#ifndef QARB_WIRE_HEADWIRE_LAYOUT_H
#define QARB_WIRE_HEADWIRE_LAYOUT_H

#include "model/limits.h"

enum {
	HEAD_FLAG_LAB = 1,

	HEAD_AT_MAGIC = 0,
	HEAD_AT_VERSION = 8,
	HEAD_AT_OLDEST = 12,
	HEAD_AT_UUID = 16,
	HEAD_AT_COPY = 32,
	HEAD_AT_FLAGS = 36,
	HEAD_AT_CREATED = 40,
	HEAD_AT_SLOT_OFFSET = 48,
	HEAD_AT_BLOCK_SIZE = 56,
	HEAD_AT_SLOT_COUNT = 60,
	HEAD_AT_HOLD = 64,
	HEAD_AT_POLL = 68,
	HEAD_AT_D = 72,
	HEAD_AT_INTERVAL = 76,
	HEAD_AT_LABEL = 80,
	HEAD_AT_CLUSTER = HEAD_AT_LABEL + NAME_SIZE,
	HEAD_AT_MAP = HEAD_AT_CLUSTER + NAME_SIZE,
	HEAD_AT_TAIL = HEAD_AT_MAP + 8 + 4 * NODES_MAX, /* zero up to the sum */
	HEAD_AT_SUM = 4092,
};

_Static_assert(NODES_MAX < 64 || HEAD_AT_TAIL == 472,
	       "the worst case is what doc/disk-format.md says");
_Static_assert(HEAD_AT_TAIL <= HEAD_AT_SUM, "the header does not fit its block");

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: where each field of a slot's copy lies.  test_slotwire compares doc/disk-format.md with
 * this list.  A ballot is counter u64, node_id u32, zero u32; a number is a ballot and k u64; a
 * ring is seq u64, node_id u32, member count u32, members u32 each.
 */
#ifndef QARB_WIRE_SLOTWIRE_LAYOUT_H
#define QARB_WIRE_SLOTWIRE_LAYOUT_H

#include "model/slot.h"

enum {
	BALLOT_SIZE = 16,
	NUMBER_SIZE = BALLOT_SIZE + 8,
	RING_SIZE = 16 + 4 * NODES_MAX,
	POISON_SIZE = 16,
	MAP_SIZE = 8 + 4 * NODES_MAX,

	FLAG_REGISTERED = 1,
	FLAG_FIT = 2,
	FLAG_WATCHDOG = 4,
	FLAGS_ALL = FLAG_REGISTERED | FLAG_FIT | FLAG_WATCHDOG,

	AT_MAGIC = 0,
	AT_VERSION = 8,
	AT_SLOT = 12,
	AT_COPY = 13,
	AT_STATE = 14,
	AT_FLAGS = 15,
	AT_UUID = 16,
	AT_NODE = 32,
	AT_CAST = 36,
	AT_INCARNATION = 40,
	AT_HOST_LIFE = 48,
	AT_SEQUENCE = 56,
	AT_BEATS = 64,
	AT_HOLD = 72,
	AT_POLL = 76,
	AT_D = 80,
	AT_INTERVAL = 84,
	AT_CONFIG_HASH = 88,
	AT_BEAT_MAX = 96,
	AT_SCORE = 100,
	AT_SCORE_MAX = 104,
	AT_WEIGHT = 108,
	AT_WATCHDOG = 112,
	AT_UNUSED_1 = 116,
	AT_MBAL = 120,
	AT_LEADING = AT_MBAL + BALLOT_SIZE,
	AT_BAL = AT_LEADING + BALLOT_SIZE,
	AT_SEEN = AT_BAL + NUMBER_SIZE,
	AT_CAST_NUMBER = AT_SEEN + NUMBER_SIZE,
	AT_OTHER = AT_CAST_NUMBER + NUMBER_SIZE,
	AT_VIEW_INCARNATION = AT_OTHER + NUMBER_SIZE * ARBITERS_MAX,
	AT_VIEW_RING = AT_VIEW_INCARNATION + 8,
	AT_GRANT_NUMBER = AT_VIEW_RING + RING_SIZE,
	AT_GRANT_RING = AT_GRANT_NUMBER + NUMBER_SIZE,
	AT_GRANT_SET = AT_GRANT_RING + RING_SIZE,
	AT_GRANT_LIFE = AT_GRANT_SET + 8,
	AT_PENDING = AT_GRANT_LIFE + 8 * NODES_MAX,
	AT_MAP = AT_PENDING + 8,
	AT_POISON_COUNT = AT_MAP + MAP_SIZE,
	AT_POISON = AT_POISON_COUNT + 8,
	AT_TAIL = AT_POISON + POISON_SIZE * POISON_MAX, /* zero up to the sum */
	AT_SUM = 4092,
};

_Static_assert(NODES_MAX < 64 || AT_TAIL == 2024, "the worst case is what doc/disk-format.md says");
_Static_assert(AT_TAIL <= AT_SUM, "the worst case of a slot does not fit its block");
_Static_assert(UUID_SIZE == AT_NODE - AT_UUID, "the disk's UUID has 16 bytes");
_Static_assert(NODES_MAX <= 64, "a set of slots is a uint64_t");

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: the block that `qarbctl disk repair` puts in the place of a rotten slot.  Pure. */
#ifndef QARB_TOOL_DISK_REPAIR_H
#define QARB_TOOL_DISK_REPAIR_H

#include "wire/headwire.h"
#include "wire/slotwire.h"

/* What the slots that verify say all together. */
struct disk_repair_found {
	struct slot_map map;  /* of the newest value, the header's if there is none */
	uint64_t counter;     /* highest of any ballot */
	uint64_t sequence;    /* highest */
	struct timings times; /* the longest of each kind, the header's included */
};

/* in: disk, HEADWIRE_DISK_SIZE bytes with header h. */
void disk_repair_find(const uint8_t *disk, const struct disk_header *h,
		      struct disk_repair_found *f);

/* in: now_s, seconds since 1970; node_id, which f's map has (asserted).
 * out: s: `cast` unknown, and the empty grant with all nodes pending under a ballot above
 * everything (doc/protocol.md section 4). */
void disk_repair_make(const struct disk_repair_found *f, uint32_t node_id, uint64_t now_s,
		      struct slot *s);

#endif

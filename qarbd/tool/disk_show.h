/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: what `qarbctl disk dump` prints. */
#ifndef QARB_TOOL_DISK_SHOW_H
#define QARB_TOOL_DISK_SHOW_H

#include "wire/headwire.h"

struct disk_slot {
	bool there; /* mapped, or something is written in it */
	enum rc copy_rc[2];
	struct slot_read read;
};

struct disk_slots {
	enum rc header_rc[2];
	struct disk_slot slot[NODES_MAX];
};

void disk_show_text(const struct disk_header *h, const struct disk_slots *slots);
void disk_show_json(const struct disk_header *h, const struct disk_slots *slots);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "tool/disk.h"

bool disk_content_remains(const uint8_t *disk)
{
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		if (memcmp(disk + (size_t)copy * HEADWIRE_SIZE, "QARBHEAD", 8) == 0)
			return true;
	}
	for (size_t at = HEADWIRE_SLOT_OFFSET; at < HEADWIRE_DISK_SIZE; at += HEADWIRE_BLOCK_SIZE) {
		if (memcmp(disk + at, "QARBSLOT", 8) == 0)
			return true;
	}
	return false;
}

bool disk_content_sbd(const uint8_t *disk)
{
	return memcmp(disk, "SBD_SBD_", 8) == 0;
}

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

bool disk_content_two(const uint8_t *disk)
{
	struct disk_header ignored;

	return headwire_choose(disk, &ignored) == RC_BADVALUE &&
	       headwire_decode(disk, 0, &ignored) == RC_OK;
}

const char *disk_content_why(const uint8_t *disk, enum rc rc)
{
	if (disk_content_two(disk))
		return "the two copies of the header are of different disks: nobody can tell which "
		       "is right";
	return rc_text(rc);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the header decoder takes of format 1, the encoder writes again byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "wire/headwire.h"
#include "wire/headwire_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *block)
{
	uint8_t again[HEADWIRE_SIZE];
	uint32_t copy = bytes_load_u32(block + HEAD_AT_COPY);
	struct disk_header h;

	if (copy >= HEADWIRE_COPIES || headwire_decode(block, copy, &h) != RC_OK)
		return;
	if (h.facts.map.count > NODES_MAX || strnlen(h.label, NAME_SIZE) == NAME_SIZE ||
	    strnlen(h.cluster_name, NAME_SIZE) == NAME_SIZE ||
	    headwire_slot_offset(&h, NODES_MAX - 1, 1) + h.block_size != HEADWIRE_DISK_SIZE)
		abort();
	if (h.version != HEADWIRE_VERSION)
		return;
	headwire_encode(&h, copy, again);
	if (memcmp(block, again, sizeof(again)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t copies[2 * HEADWIRE_SIZE] = { 0 };
	struct disk_header h;

	memcpy(copies, data, size < sizeof(copies) ? size : sizeof(copies));
	check(copies);
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		uint8_t *block = copies + (size_t)copy * HEADWIRE_SIZE;

		memcpy(block, "QARBHEAD", 8);
		bytes_store_u32(block + HEAD_AT_SUM, crc32c_sum(block, HEAD_AT_SUM));
		check(block);
	}
	(void)!headwire_choose(copies, &h);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the slot decoder takes, the encoder writes again byte by byte.  The sum is made right, or
 * nothing but it would ever be judged; the place is taken from the block itself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "wire/slotwire.h"
#include "wire/slotwire_layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const uint8_t *block)
{
	uint8_t again[SLOTWIRE_SIZE];
	uint32_t slot_index = block[AT_SLOT];
	uint32_t copy = block[AT_COPY];
	struct slot s;

	if (slotwire_decode(block, block + AT_UUID, slot_index, copy, &s) != RC_OK ||
	    slot_index >= NODES_MAX || copy >= SLOTWIRE_COPIES)
		return;
	slotwire_encode(&s, block + AT_UUID, slot_index, copy, again);
	if (memcmp(block, again, sizeof(again)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t copies[2 * SLOTWIRE_SIZE] = { 0 };
	uint8_t uuid[UUID_SIZE];
	struct slot_read chosen;
	uint64_t fingerprint;
	enum rc rc;

	memcpy(copies, data, size < sizeof(copies) ? size : sizeof(copies));
	check(copies);
	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
		uint8_t *block = copies + (size_t)copy * SLOTWIRE_SIZE;

		memcpy(block, "QARBSLOT", 8);
		bytes_store_u32(block + AT_VERSION, SLOTWIRE_VERSION);
		bytes_store_u32(block + AT_SUM, crc32c_sum(block, AT_SUM));
		check(block);
	}
	memcpy(uuid, copies + AT_UUID, sizeof(uuid));
	rc = slotwire_choose(copies, uuid, copies[AT_SLOT], &chosen, &fingerprint);
	if ((rc == RC_OK || rc == RC_PARTIAL) != (chosen.rc == RC_OK))
		abort();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the decoders of the fence bridge's messages take, the encoders write again byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/evictwire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t message[EVICTWIRE_SIZE];
static uint8_t again[EVICTWIRE_SIZE];
static struct evict_sync synced;
static struct evict_answer answer;

static void check(size_t size)
{
	if (evictwire_decode_sync(message, size, &synced) == RC_OK &&
	    (evictwire_encode_sync(&synced, again, sizeof(again)) != size ||
	     memcmp(message, again, size) != 0))
		abort();
	if (evictwire_decode_answer(message, size, &answer) == RC_OK &&
	    (evictwire_encode_answer(&answer, again, sizeof(again)) != size ||
	     memcmp(message, again, size) != 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > sizeof(message))
		size = sizeof(message);
	memcpy(message, data, size);
	check(size);
	if (size < EVICTWIRE_HEADER_SIZE)
		return 0;
	/* With a right header, so that what is behind it is judged. */
	memcpy(message, "QEVT", 4);
	bytes_store_u32(message + 4, EVICTWIRE_VERSION);
	bytes_store_u32(message + 8, 1 + (uint32_t)(data[8] & 1));
	bytes_store_u32(message + 12, (uint32_t)size);
	check(size);
	return 0;
}

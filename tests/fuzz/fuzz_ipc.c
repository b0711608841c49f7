/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the decoders take, the encoders write again byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/ipcwire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t message[IPCWIRE_RESPONSE_SIZE];
static uint8_t again[IPCWIRE_RESPONSE_SIZE];
static struct ipc_response response;

static void check(size_t size)
{
	struct ipc_request request;

	if (ipcwire_decode_request(message, size, &request) == RC_OK &&
	    (ipcwire_encode_request(&request, again, sizeof(again)) != size ||
	     memcmp(message, again, size) != 0))
		abort();
	if (ipcwire_decode_response(message, size, &response) == RC_OK &&
	    (ipcwire_encode_response(&response, again, sizeof(again)) != size ||
	     memcmp(message, again, size) != 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > sizeof(message))
		size = sizeof(message);
	memcpy(message, data, size);
	check(size);
	if (size < IPCWIRE_HEADER_SIZE)
		return 0;
	/* With a right header, so that what is behind it is judged. */
	memcpy(message, "QIPC", 4);
	bytes_store_u32(message + 4, IPCWIRE_VERSION);
	bytes_store_u32(message + 12, (uint32_t)size);
	check(size);
	return 0;
}

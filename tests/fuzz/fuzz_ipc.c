/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What qarbctl and the daemon say to each other. */
#include "message.h"
#include "wire/ipcwire.h"

_Static_assert(IPCWIRE_RESPONSE_SIZE <= MESSAGE_SIZE_MAX, "message_again holds every message");

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ipc_request request;
static struct ipc_response response;

static void check(const uint8_t *message, size_t size)
{
	MESSAGE_ROUND_TRIP(ipcwire_decode_request, ipcwire_encode_request, &request, message, size);
	MESSAGE_ROUND_TRIP(ipcwire_decode_response, ipcwire_encode_response, &response, message,
			   size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct message_format format = { "QIPC", IPCWIRE_VERSION, 0,
						      IPCWIRE_RESPONSE_SIZE, check };

	message_try(&format, data, size);
	return 0;
}

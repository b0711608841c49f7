/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fence bridge and the daemon say to each other. */
#include "message.h"
#include "wire/evictwire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct evict_sync synced;
static struct evict_answer answer;

static void check(const uint8_t *message, size_t size)
{
	MESSAGE_ROUND_TRIP(evictwire_decode_sync, evictwire_encode_sync, &synced, message, size);
	MESSAGE_ROUND_TRIP(evictwire_decode_answer, evictwire_encode_answer, &answer, message,
			   size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct message_format format = { "QEVT", EVICTWIRE_VERSION, 2, EVICTWIRE_SIZE,
						      check };

	message_try(&format, data, size);
	return 0;
}

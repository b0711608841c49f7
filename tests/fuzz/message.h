/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers of two message formats do alike: both begin with magic, version, type, size. */
#ifndef QARB_FUZZ_MESSAGE_H
#define QARB_FUZZ_MESSAGE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/rc.h"

enum { MESSAGE_SIZE_MAX = 128 * 1024 };

struct message_format {
	const char *magic; /* four letters */
	uint32_t version;
	uint32_t types; /* 1 to so many are put in; 0: the type stays as it is */
	size_t size_max;
	void (*check)(const uint8_t *message, size_t size);
};

/* The input as it is, and once more with a right header, so that what is behind it is judged. */
void message_try(const struct message_format *f, const uint8_t *data, size_t size);

extern uint8_t message_again[MESSAGE_SIZE_MAX];

/* What a decoder takes, its encoder writes again byte by byte. */
#define MESSAGE_ROUND_TRIP(decode, encode, value, message, size)                                   \
	do {                                                                                       \
		if (decode(message, size, value) == RC_OK &&                                       \
		    (encode(value, message_again, sizeof(message_again)) != (size) ||              \
		     memcmp(message, message_again, size) != 0))                                   \
			abort();                                                                   \
	} while (0)

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message.h"

#include "base/bytes.h"

enum { AT_VERSION = 4, AT_TYPE = 8, AT_SIZE = 12, HEADER_SIZE = 16 };

uint8_t message_again[MESSAGE_SIZE_MAX];

void message_try(const struct message_format *f, const uint8_t *data, size_t size)
{
	uint8_t *message;

	if (size > f->size_max)
		size = f->size_max;
	/* Of the very size, so that a read behind its end is noticed. */
	message = malloc(size ? size : 1);
	if (!message)
		return;
	memcpy(message, data, size);
	f->check(message, size);
	if (size >= HEADER_SIZE) {
		memcpy(message, f->magic, AT_VERSION);
		bytes_store_u32(message + AT_VERSION, f->version);
		if (f->types != 0)
			bytes_store_u32(message + AT_TYPE, 1 + data[AT_TYPE] % f->types);
		bytes_store_u32(message + AT_SIZE, (uint32_t)size);
		f->check(message, size);
	}
	free(message);
}

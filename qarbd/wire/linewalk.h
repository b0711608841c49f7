/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: one walk over the fields of a line of text that either writes or reads them, so that the
 * two directions cannot differ.  Numbers have one spelling only (no leading zeros, no signs, lower
 * case), keys one order only: a line that was read is written again as it was.
 */
#ifndef QARB_WIRE_LINEWALK_H
#define QARB_WIRE_LINEWALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct linewalk {
	bool reading;
	bool failed;	/* from here on nothing is written, and everything read is 0 */
	char *out;	/* writing: borrowed */
	const char *in; /* reading: borrowed */
	size_t size;
	size_t at; /* reading and failed: the byte that was not expected */
};

void linewalk_init_write(struct linewalk *l, char *out, size_t size);
void linewalk_init_read(struct linewalk *l, const char *in, size_t size);

/* Exactly this text. */
void linewalk_text(struct linewalk *l, const char *text);
/* Reading: whether the next bytes are this text, which then are passed over.  Writing: writes it
 * if `write` is true.  returns: whether it is there. */
bool linewalk_option(struct linewalk *l, const char *text, bool write);
/* A decimal number up to max, without a key. */
void linewalk_number(struct linewalk *l, uint64_t *v, uint64_t max);
/* A hexadecimal number without a key and without 0x. */
void linewalk_number_hex(struct linewalk *l, uint64_t *v, uint64_t max);
/* `size` bytes as two hexadecimal digits each. */
void linewalk_bytes(struct linewalk *l, uint8_t *v, size_t size);
/* One of count names; entries that are NULL are spelt with their number: "#12". */
void linewalk_name(struct linewalk *l, const char *const *names, uint32_t count, uint32_t *v);

/* The same as " key=value". */
void linewalk_u64(struct linewalk *l, const char *key, uint64_t *v);
void linewalk_hex(struct linewalk *l, const char *key, uint64_t *v);
void linewalk_u32(struct linewalk *l, const char *key, uint32_t *v);
void linewalk_bool(struct linewalk *l, const char *key, bool *v);
void linewalk_key(struct linewalk *l, const char *key);

/* Nothing may follow.  returns: whether all is well. */
bool linewalk_end(struct linewalk *l);

#endif

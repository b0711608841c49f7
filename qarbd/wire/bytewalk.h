/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: one walk over the fields of a binary message that either writes or reads them, so that the
 * two directions cannot differ.  A message begins with a header of BYTEWALK_HEADER_SIZE bytes
 * (magic, version, type, size of the whole message) and has no open end.
 */
#ifndef QARB_WIRE_BYTEWALK_H
#define QARB_WIRE_BYTEWALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/rc.h"

enum { BYTEWALK_HEADER_SIZE = 16 };

struct bytewalk {
	bool reading;
	bool failed; /* a value outside its range */
	struct bytes_reader r;
	struct bytes_writer w;
};

/* in: magic, 4 letters; out, borrowed until bytewalk_end_write(). */
void bytewalk_begin_write(struct bytewalk *l, const char *magic, uint32_t version, uint32_t type,
			  uint8_t *out, size_t size);
/* returns: bytes written; 0: they did not fit or a value is outside its range. */
size_t bytewalk_end_write(const struct bytewalk *l);

/* in: data, borrowed until bytewalk_end_read().  out: type, as found, not judged.
 * returns: RC_OK | RC_BADMAGIC | RC_BADVERSION | RC_BADVALUE. */
RC_MUST_CHECK enum rc bytewalk_begin_read(struct bytewalk *l, const char *magic, uint32_t version,
					  const uint8_t *data, size_t size, uint32_t *type);
/* returns: RC_OK: every byte was read and every value is in its range | RC_BADVALUE. */
RC_MUST_CHECK enum rc bytewalk_end_read(const struct bytewalk *l);

void bytewalk_u32(struct bytewalk *l, uint32_t *v);
void bytewalk_u64(struct bytewalk *l, uint64_t *v);
/* A number up to max, in one byte.  returns: it; 0 after a failure. */
uint32_t bytewalk_small(struct bytewalk *l, uint32_t v, uint32_t max);
void bytewalk_bool(struct bytewalk *l, bool *v);
/* A count up to max.  returns: it; after a failure 0, so that no loop runs over what is not there.
 */
uint32_t bytewalk_count(struct bytewalk *l, uint32_t *v, uint32_t max);
void bytewalk_raw(struct bytewalk *l, void *v, size_t size);
/* Length and letters, without the NUL; `size` bytes in memory, filled with zeros. */
void bytewalk_text(struct bytewalk *l, char *v, size_t size);

/* A value of an enum whose highest is `last`. */
#define BYTEWALK_ENUM(l, type, field, last)                                                        \
	do {                                                                                       \
		uint32_t read_ = bytewalk_small((l), (uint32_t)(field), (uint32_t)(last));         \
                                                                                                   \
		if ((l)->reading)                                                                  \
			(field) = (type)read_;                                                     \
	} while (0)

#endif

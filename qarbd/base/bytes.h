/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base: little-endian integers in bytes.
 *
 * bytes_load_*() and bytes_store_*() are for blocks of fixed offsets whose bounds the compiler has
 * asserted.  Everything of variable length goes through a reader or a writer: both are bounded and
 * remember their first failure, so that a caller checks once at the end.
 */
#ifndef QARB_BASE_BYTES_H
#define QARB_BASE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t bytes_load_u16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return le16toh(v);
}

static inline uint32_t bytes_load_u32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static inline uint64_t bytes_load_u64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

static inline void bytes_store_u16(uint8_t *p, uint16_t v)
{
	v = htole16(v);
	memcpy(p, &v, sizeof(v));
}

static inline void bytes_store_u32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
}

static inline void bytes_store_u64(uint8_t *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
}

/* in: size bytes at p.  returns: whether all are zero. */
bool bytes_all_zero(const uint8_t *p, size_t size);

struct bytes_reader {
	const uint8_t *data; /* borrowed */
	size_t size;
	size_t at;
	bool failed; /* something was asked for beyond the end; every later value is 0 */
};

struct bytes_writer {
	uint8_t *data; /* borrowed */
	size_t size;
	size_t at;
	bool failed; /* something did not fit; nothing is written from then on */
};

void bytes_reader_init(struct bytes_reader *r, const uint8_t *data, size_t size);
uint8_t bytes_get_u8(struct bytes_reader *r);
uint16_t bytes_get_u16(struct bytes_reader *r);
uint32_t bytes_get_u32(struct bytes_reader *r);
uint64_t bytes_get_u64(struct bytes_reader *r);
/* out: size bytes; zeros after a failure. */
void bytes_get_raw(struct bytes_reader *r, void *out, size_t size);
/* out: text of `size` bytes on the wire, NUL-terminated with nothing but zeros behind.  Text that
 * has no NUL, or anything behind it, is a failure. */
void bytes_get_text(struct bytes_reader *r, char *out, size_t size);
/* Everything was there, and nothing is left. */
bool bytes_reader_done(const struct bytes_reader *r);

void bytes_writer_init(struct bytes_writer *w, uint8_t *data, size_t size);
void bytes_put_u8(struct bytes_writer *w, uint8_t v);
void bytes_put_u16(struct bytes_writer *w, uint16_t v);
void bytes_put_u32(struct bytes_writer *w, uint32_t v);
void bytes_put_u64(struct bytes_writer *w, uint64_t v);
void bytes_put_raw(struct bytes_writer *w, const void *data, size_t size);
/* Text with its NUL, filled with zeros to `size` bytes; text that does not fit is a failure. */
void bytes_put_text(struct bytes_writer *w, const char *text, size_t size);

#endif

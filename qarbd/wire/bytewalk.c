/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/bytewalk.h"

#include <string.h>

enum { MAGIC_SIZE = 4 };

void bytewalk_begin_write(struct bytewalk *l, const char *magic, uint32_t version, uint32_t type,
			  uint8_t *out, size_t size)
{
	memset(l, 0, sizeof(*l));
	bytes_writer_init(&l->w, out, size);
	bytes_put_raw(&l->w, magic, MAGIC_SIZE);
	bytes_put_u32(&l->w, version);
	bytes_put_u32(&l->w, type);
	/* The size, still to be filled in. */
	bytes_put_u32(&l->w, 0);
}

size_t bytewalk_end_write(const struct bytewalk *l)
{
	if (l->failed || l->w.failed)
		return 0;
	bytes_store_u32(l->w.data + BYTEWALK_HEADER_SIZE - 4, (uint32_t)l->w.at);
	return l->w.at;
}

enum rc bytewalk_begin_read(struct bytewalk *l, const char *magic, uint32_t version,
			    const uint8_t *data, size_t size, uint32_t *type)
{
	uint8_t found[MAGIC_SIZE];

	memset(l, 0, sizeof(*l));
	l->reading = true;
	bytes_reader_init(&l->r, data, size);
	bytes_get_raw(&l->r, found, sizeof(found));
	if (memcmp(found, magic, sizeof(found)) != 0)
		return RC_BADMAGIC;
	if (bytes_get_u32(&l->r) != version)
		return RC_BADVERSION;
	*type = bytes_get_u32(&l->r);
	return bytes_get_u32(&l->r) == size ? RC_OK : RC_BADVALUE;
}

enum rc bytewalk_end_read(const struct bytewalk *l)
{
	return !l->failed && bytes_reader_done(&l->r) ? RC_OK : RC_BADVALUE;
}

void bytewalk_u32(struct bytewalk *l, uint32_t *v)
{
	if (l->reading)
		*v = bytes_get_u32(&l->r);
	else
		bytes_put_u32(&l->w, *v);
}

void bytewalk_u64(struct bytewalk *l, uint64_t *v)
{
	if (l->reading)
		*v = bytes_get_u64(&l->r);
	else
		bytes_put_u64(&l->w, *v);
}

uint32_t bytewalk_small(struct bytewalk *l, uint32_t v, uint32_t max)
{
	if (l->reading)
		v = bytes_get_u8(&l->r);
	if (v > max) {
		l->failed = true;
		v = 0;
	}
	if (!l->reading)
		bytes_put_u8(&l->w, (uint8_t)v);
	return v;
}

void bytewalk_bool(struct bytewalk *l, bool *v)
{
	uint32_t read = bytewalk_small(l, *v, 1);

	if (l->reading)
		*v = read != 0;
}

uint32_t bytewalk_count(struct bytewalk *l, uint32_t *v, uint32_t max)
{
	uint32_t count = bytewalk_small(l, *v, max);

	if (l->reading)
		*v = count;
	return l->failed ? 0 : count;
}

void bytewalk_raw(struct bytewalk *l, void *v, size_t size)
{
	if (l->reading)
		bytes_get_raw(&l->r, v, size);
	else
		bytes_put_raw(&l->w, v, size);
}

void bytewalk_text(struct bytewalk *l, char *v, size_t size)
{
	uint32_t length = l->reading ? 0 : (uint32_t)strnlen(v, size);

	length = bytewalk_small(l, length, (uint32_t)size - 1);
	if (!l->reading) {
		bytes_put_raw(&l->w, v, length);
		return;
	}
	memset(v, 0, size);
	bytes_get_raw(&l->r, v, length);
	if (memchr(v, 0, length))
		l->failed = true;
}

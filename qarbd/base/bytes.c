/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bytes.h"

/* Sixteen bytes in one register, on whatever processor. */
typedef uint64_t lanes __attribute__((vector_size(16)));

static lanes load_lanes(const uint8_t *p)
{
	lanes v;

	memcpy(&v, p, sizeof(v));
	return v;
}

bool bytes_all_zero(const uint8_t *p, size_t size)
{
	lanes a = { 0, 0 };
	lanes b = { 0, 0 };
	uint8_t rest = 0;

	/* Half of every block is zero and read in each beat: two sums side by side. */
	for (; size >= 64; p += 64, size -= 64) {
		a |= load_lanes(p) | load_lanes(p + 16);
		b |= load_lanes(p + 32) | load_lanes(p + 48);
	}
	for (; size >= 16; p += 16, size -= 16)
		a |= load_lanes(p);
	for (; size != 0; p++, size--)
		rest |= *p;
	a |= b;
	return (a[0] | a[1] | rest) == 0;
}

void bytes_reader_init(struct bytes_reader *r, const uint8_t *data, size_t size)
{
	r->data = data;
	r->size = size;
	r->at = 0;
	r->failed = false;
}

/* returns: where the next `size` bytes are, or NULL from the first failure on. */
static const uint8_t *take(struct bytes_reader *r, size_t size)
{
	const uint8_t *p;

	if (r->failed || size > r->size - r->at) {
		r->failed = true;
		return NULL;
	}
	p = r->data + r->at;
	r->at += size;
	return p;
}

uint8_t bytes_get_u8(struct bytes_reader *r)
{
	const uint8_t *p = take(r, 1);

	return p ? *p : 0;
}

uint16_t bytes_get_u16(struct bytes_reader *r)
{
	const uint8_t *p = take(r, 2);

	return p ? bytes_load_u16(p) : 0;
}

uint32_t bytes_get_u32(struct bytes_reader *r)
{
	const uint8_t *p = take(r, 4);

	return p ? bytes_load_u32(p) : 0;
}

uint64_t bytes_get_u64(struct bytes_reader *r)
{
	const uint8_t *p = take(r, 8);

	return p ? bytes_load_u64(p) : 0;
}

void bytes_get_raw(struct bytes_reader *r, void *out, size_t size)
{
	const uint8_t *p = take(r, size);

	if (size == 0)
		return;
	if (p)
		memcpy(out, p, size);
	else
		memset(out, 0, size);
}

void bytes_get_text(struct bytes_reader *r, char *out, size_t size)
{
	size_t length;

	bytes_get_raw(r, out, size);
	if (r->failed || size == 0)
		return;
	length = strnlen(out, size);
	if (length == size || !bytes_all_zero((const uint8_t *)out + length, size - length)) {
		r->failed = true;
		memset(out, 0, size);
	}
}

bool bytes_reader_done(const struct bytes_reader *r)
{
	return !r->failed && r->at == r->size;
}

void bytes_writer_init(struct bytes_writer *w, uint8_t *data, size_t size)
{
	w->data = data;
	w->size = size;
	w->at = 0;
	w->failed = false;
}

/* returns: room for the next `size` bytes, or NULL from the first failure on. */
static uint8_t *room(struct bytes_writer *w, size_t size)
{
	uint8_t *p;

	if (w->failed || size > w->size - w->at) {
		w->failed = true;
		return NULL;
	}
	p = w->data + w->at;
	w->at += size;
	return p;
}

void bytes_put_u8(struct bytes_writer *w, uint8_t v)
{
	uint8_t *p = room(w, 1);

	if (p)
		*p = v;
}

void bytes_put_u16(struct bytes_writer *w, uint16_t v)
{
	uint8_t *p = room(w, 2);

	if (p)
		bytes_store_u16(p, v);
}

void bytes_put_u32(struct bytes_writer *w, uint32_t v)
{
	uint8_t *p = room(w, 4);

	if (p)
		bytes_store_u32(p, v);
}

void bytes_put_u64(struct bytes_writer *w, uint64_t v)
{
	uint8_t *p = room(w, 8);

	if (p)
		bytes_store_u64(p, v);
}

void bytes_put_raw(struct bytes_writer *w, const void *data, size_t size)
{
	uint8_t *p = room(w, size);

	if (p && size != 0)
		memcpy(p, data, size);
}

void bytes_put_text(struct bytes_writer *w, const char *text, size_t size)
{
	size_t length = strnlen(text, size);
	uint8_t *p;

	if (length == size) {
		w->failed = true;
		return;
	}
	p = room(w, size);
	if (p) {
		memset(p, 0, size);
		memcpy(p, text, length);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/ring.h"

#include <string.h>

#include "base/check.h"

void ring_init(struct ring *r, const unsigned char *data, size_t size)
{
	CHECK(size != 0 && (size & (size - 1)) == 0 && size <= UINT32_MAX);
	memset(r, 0, sizeof(*r));
	r->size = (uint32_t)size;
	r->offset = (uint32_t)(data - (const unsigned char *)r);
}

static void ring_copy_in(struct ring *r, uint64_t at, const void *bytes, uint32_t size)
{
	unsigned char *data = (unsigned char *)r + r->offset;
	uint32_t from = (uint32_t)(at & (r->size - 1));
	uint32_t first = size < r->size - from ? size : r->size - from;

	memcpy(data + from, bytes, first);
	memcpy(data, (const unsigned char *)bytes + first, size - first);
}

static void ring_copy_out(const struct ring *r, uint64_t at, void *bytes, uint32_t size)
{
	const unsigned char *data = (const unsigned char *)r + r->offset;
	uint32_t from = (uint32_t)(at & (r->size - 1));
	uint32_t first = size < r->size - from ? size : r->size - from;

	memcpy(bytes, data + from, first);
	memcpy((unsigned char *)bytes + first, data, size - first);
}

bool ring_put(struct ring *r, const void *record, uint32_t size)
{
	uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	uint64_t tail = atomic_load_explicit(&r->tail, memory_order_acquire);

	if (size == 0 || (uint64_t)size + sizeof(size) > r->size - (head - tail)) {
		atomic_fetch_add_explicit(&r->dropped, 1, memory_order_relaxed);
		return false;
	}
	ring_copy_in(r, head, &size, sizeof(size));
	ring_copy_in(r, head + sizeof(size), record, size);
	atomic_store_explicit(&r->head, head + sizeof(size) + size, memory_order_release);
	return true;
}

uint32_t ring_take(struct ring *r, void *record, uint32_t size)
{
	uint64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	uint64_t head = atomic_load_explicit(&r->head, memory_order_acquire);
	uint32_t stored;

	if (head == tail)
		return 0;
	ring_copy_out(r, tail, &stored, sizeof(stored));
	ring_copy_out(r, tail + sizeof(stored), record, stored < size ? stored : size);
	atomic_store_explicit(&r->tail, tail + sizeof(stored) + stored, memory_order_release);
	return stored < size ? stored : size;
}

uint64_t ring_waiting(const struct ring *r)
{
	return atomic_load_explicit(&r->head, memory_order_acquire) -
	       atomic_load_explicit(&r->tail, memory_order_acquire);
}

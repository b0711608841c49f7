/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/page.h"

#include <string.h>

void page_put(struct page *p, void *copies, const void *value, size_t size)
{
	uint64_t next = atomic_load_explicit(&p->count, memory_order_relaxed) + 1;

	/* The count that made this copy old must be visible before the copy changes. */
	atomic_thread_fence(memory_order_seq_cst);
	memcpy((unsigned char *)copies + (next & 1) * size, value, size);
	atomic_store_explicit(&p->count, next, memory_order_release);
}

uint64_t page_get(const struct page *p, const void *copies, void *value, size_t size)
{
	for (int attempt = 0; attempt < 8; attempt++) {
		uint64_t count = atomic_load_explicit(&p->count, memory_order_acquire);

		if (count == 0)
			return 0;
		memcpy(value, (const unsigned char *)copies + (count & 1) * size, size);
		atomic_thread_fence(memory_order_acquire);
		if (atomic_load_explicit(&p->count, memory_order_relaxed) == count)
			return count;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: a latest-wins value in shared memory, one writing process, any number of readers.
 *
 * Two copies and a count: copy (count & 1) is valid.  A writer that is killed in the middle leaves
 * the copy that readers use untouched, so that its successor and all readers go on; a plain seqlock
 * would leave them waiting.
 */
#ifndef QARB_SHELL_PAGE_H
#define QARB_SHELL_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page {
	_Atomic uint64_t count; /* of values put; 0: none yet */
};

/* Declares the page `name` with its two copies. */
#define PAGE_OF(type, name)                                                                        \
	struct {                                                                                   \
		struct page page;                                                                  \
		type copy[2];                                                                      \
	} name

/* Use with the name of a PAGE_OF and a pointer to its type. */
#define PAGE_PUT(p, value) page_put(&(p)->page, (p)->copy, (value), sizeof((p)->copy[0]))
#define PAGE_GET(p, value) page_get(&(p)->page, (p)->copy, (value), sizeof((p)->copy[0]))
#define PAGE_COUNT(p) atomic_load_explicit(&(p)->page.count, memory_order_acquire)

void page_put(struct page *p, void *copies, const void *value, size_t size);

/* out: value, untouched when nothing was ever put.  returns: the count of the value read; 0 when
 * none was put, or when a writer was faster than eight attempts (never at the rates of this
 * daemon). */
uint64_t page_get(const struct page *p, const void *copies, void *value, size_t size);

#endif

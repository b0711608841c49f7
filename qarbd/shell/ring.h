/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: a queue of byte records in shared memory from one process to one other, without locks.
 * A record is either wholly there or not: head and tail move only after the bytes did, so either
 * side may be killed at any instant and replaced.
 */
#ifndef QARB_SHELL_RING_H
#define QARB_SHELL_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	_Atomic uint64_t head;	  /* bytes ever put */
	_Atomic uint64_t tail;	  /* bytes ever taken */
	_Atomic uint64_t dropped; /* records that did not fit */
	uint32_t size;		  /* of data, a power of two */
	uint32_t offset;	  /* of data from this struct */
};

/* Declares the ring `name` with its data. */
#define RING_OF(bytes, name)                                                                       \
	struct {                                                                                   \
		struct ring ring;                                                                  \
		unsigned char data[bytes];                                                         \
	} name

#define RING_INIT(r) ring_init(&(r)->ring, (r)->data, sizeof((r)->data))

/* in: data, behind r in the same mapping; size, a power of two. */
void ring_init(struct ring *r, const unsigned char *data, size_t size);

/* Producer.  returns: false when it did not fit; it is then counted as dropped. */
bool ring_put(struct ring *r, const void *record, uint32_t size);

/* Consumer.  out: record, at most `size` bytes.  returns: bytes of the record, 0 when empty; a
 * longer record is cut. */
uint32_t ring_take(struct ring *r, void *record, uint32_t size);

/* returns: bytes waiting. */
uint64_t ring_waiting(const struct ring *r);

#endif

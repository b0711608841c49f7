/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fullest slot and the fullest header that format 1 allows, every field another value.  The
 * images in tests/golden/disk are of these; make-images there writes them by itself.
 */
#ifndef QARB_TESTS_FIXTURE_DISK_H
#define QARB_TESTS_FIXTURE_DISK_H

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "wire/headwire.h"
#include "wire/headwire_layout.h"
#include "wire/slotwire.h"

static inline uint64_t fixture_u64(uint32_t n)
{
	return 0xf000000000000000u + n * (uint64_t)0x0001000100010001u;
}

static inline uint32_t fixture_u32(uint32_t n)
{
	return 0xf0000000u + n * 0x00010001u;
}

static inline void fixture_uuid(uint8_t uuid[UUID_SIZE])
{
	for (uint32_t i = 0; i < UUID_SIZE; i++)
		uuid[i] = (uint8_t)(0xa0 + i);
}

static inline void fixture_number(struct number *n, uint32_t base)
{
	n->ballot.counter = fixture_u64(base);
	n->ballot.node_id = fixture_u32(base + 1);
	n->k = fixture_u64(base + 2);
}

static inline void fixture_ring(struct ring_id *r, struct members *m, uint32_t base)
{
	r->seq = fixture_u64(base);
	r->node_id = fixture_u32(base + 1);
	m->count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++)
		m->node_id[i] = fixture_u32(base + 2 + i);
}

static inline void fixture_map(struct slot_map *map, uint32_t base)
{
	map->count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++)
		map->node_id[i] = fixture_u32(base + NODES_MAX - i);
}

static inline void fixture_slot(struct slot *s)
{
	memset(s, 0, sizeof(*s));
	s->node_id = fixture_u32(1);
	s->state = SLOT_LEAVING;
	s->incarnation = fixture_u64(2);
	s->host_life = fixture_u64(3);
	s->sequence = fixture_u64(4);
	s->beats = fixture_u64(5);
	s->timings = (struct timings){ fixture_u32(6), fixture_u32(7), fixture_u32(8),
				       fixture_u32(9) };
	s->beat_ms_max = fixture_u32(10);
	s->config_hash = fixture_u64(11);
	s->view.incarnation = fixture_u64(12);
	fixture_ring(&s->view.ring, &s->view.members, 100);
	s->registered = true;
	s->fit = true;
	s->watchdog_armed = true;
	s->score = fixture_u32(13);
	s->score_max = fixture_u32(14);
	s->weight = fixture_u32(15);
	s->watchdog_ms = fixture_u32(16);
	s->mbal.counter = fixture_u64(17);
	s->mbal.node_id = fixture_u32(18);
	s->leading.counter = fixture_u64(19);
	s->leading.node_id = fixture_u32(20);
	fixture_number(&s->bal, 21);
	fixture_number(&s->seen, 24);
	s->cast = CAST_UNKNOWN;
	fixture_number(&s->cast_number, 27);
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		fixture_number(&s->other[i], 30 + 3 * i);
	fixture_number(&s->value.grant.number, 60);
	fixture_ring(&s->value.grant.ring, &s->value.grant.members, 200);
	s->value.grant.set = ~(uint64_t)0;
	for (uint32_t i = 0; i < NODES_MAX; i++)
		s->value.grant.host_life[i] = fixture_u64(300 + i);
	s->value.pending = fixture_u64(63);
	fixture_map(&s->value.map, 400);
	s->poison_count = POISON_MAX;
	for (uint32_t i = 0; i < POISON_MAX; i++) {
		s->poison[i].incarnation = fixture_u64(500 + 2 * i);
		s->poison[i].node_id = fixture_u32(501 + 2 * i);
	}
}

static inline void fixture_header(struct disk_header *h)
{
	memset(h, 0, sizeof(*h));
	h->version = HEADWIRE_VERSION;
	h->version_oldest = HEADWIRE_VERSION;
	for (uint32_t i = 0; i < NAME_SIZE - 1; i++) {
		h->label[i] = (char)('a' + i % 26);
		h->cluster_name[i] = (char)('A' + i % 26);
	}
	h->block_size = HEADWIRE_BLOCK_SIZE;
	h->slot_offset = HEADWIRE_SLOT_OFFSET;
	h->created_s = fixture_u64(1);
	h->lab = true;
	fixture_uuid(h->facts.uuid);
	h->facts.slot_count = NODES_MAX;
	h->facts.timings = (struct timings){ fixture_u32(2), fixture_u32(3), fixture_u32(4),
					     fixture_u32(5) };
	fixture_map(&h->facts.map, 100);
}

/* Make of a header one of a later format; oldest, the format of the oldest program that reads it.
 */
static inline void fixture_later_header(uint8_t *block, uint32_t version, uint32_t oldest)
{
	bytes_store_u32(block + HEAD_AT_VERSION, version);
	bytes_store_u32(block + HEAD_AT_OLDEST, oldest);
	bytes_store_u32(block + HEAD_AT_SUM, crc32c_sum(block, HEAD_AT_SUM));
}

/* in: name of a file of `size` bytes in tests/golden/disk.  returns: whether it was read whole. */
static inline bool fixture_golden(const char *name, uint8_t *out, size_t size)
{
	char path[256];
	FILE *f;
	bool ok;

	(void)snprintf(path, sizeof(path), "tests/golden/disk/%s", name);
	f = fopen(path, "rb");
	if (!f)
		return false;
	ok = fread(out, 1, size, f) == size && fgetc(f) == EOF;
	(void)fclose(f);
	return ok;
}

#endif

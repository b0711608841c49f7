/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/headwire.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crc32c.h"
#include "wire/headwire_layout.h"

static const uint8_t magic[8] = { 'Q', 'A', 'R', 'B', 'H', 'E', 'A', 'D' };

static bool alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool headwire_label_allowed(const char *label)
{
	size_t length = strnlen(label, NAME_SIZE);

	if (length == 0 || length == NAME_SIZE || !alphanumeric(label[0]))
		return false;
	for (size_t i = 1; i < length; i++) {
		if (!alphanumeric(label[i]) && label[i] != '.' && label[i] != '_' &&
		    label[i] != '-')
			return false;
	}
	return true;
}

/* in: name, size bytes.  returns: whether it ends within them and holds no control character. */
static bool name_allowed(const char *name)
{
	size_t length = strnlen(name, NAME_SIZE);

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c < 0x20 || c == 0x7f)
			return false;
	}
	return length < NAME_SIZE;
}

uint64_t headwire_slot_offset(const struct disk_header *h, uint32_t slot_index, uint32_t copy)
{
	CHECK(slot_index < NODES_MAX && copy < 2);
	return h->slot_offset + (uint64_t)(slot_index * 2 + copy) * h->block_size;
}

static bool map_allowed(const struct slot_map *map)
{
	if (map->count > NODES_MAX)
		return false;
	for (uint32_t i = 0; i < map->count; i++) {
		for (uint32_t j = 0; map->node_id[i] != 0 && j < i; j++) {
			if (map->node_id[j] == map->node_id[i])
				return false;
		}
	}
	return true;
}

/* What format 1 allows.  Later formats that a program of format 1 may read keep all of it. */
static bool header_allowed(const struct disk_header *h)
{
	return headwire_label_allowed(h->label) && name_allowed(h->cluster_name) &&
	       h->block_size == HEADWIRE_BLOCK_SIZE && h->slot_offset == HEADWIRE_SLOT_OFFSET &&
	       h->facts.slot_count == NODES_MAX && map_allowed(&h->facts.map);
}

void headwire_encode(const struct disk_header *h, uint32_t copy, uint8_t *block)
{
	CHECK(copy < HEADWIRE_COPIES && header_allowed(h));
	CHECK(h->version == HEADWIRE_VERSION && h->version_oldest == HEADWIRE_VERSION);

	memset(block, 0, HEADWIRE_SIZE);
	memcpy(block + HEAD_AT_MAGIC, magic, sizeof(magic));
	bytes_store_u32(block + HEAD_AT_VERSION, h->version);
	bytes_store_u32(block + HEAD_AT_OLDEST, h->version_oldest);
	memcpy(block + HEAD_AT_UUID, h->facts.uuid, UUID_SIZE);
	bytes_store_u32(block + HEAD_AT_COPY, copy);
	bytes_store_u32(block + HEAD_AT_FLAGS, h->lab ? HEAD_FLAG_LAB : 0);
	bytes_store_u64(block + HEAD_AT_CREATED, h->created_s);
	bytes_store_u64(block + HEAD_AT_SLOT_OFFSET, h->slot_offset);
	bytes_store_u32(block + HEAD_AT_BLOCK_SIZE, h->block_size);
	bytes_store_u32(block + HEAD_AT_SLOT_COUNT, h->facts.slot_count);
	bytes_store_u32(block + HEAD_AT_HOLD, h->facts.timings.hold_ms);
	bytes_store_u32(block + HEAD_AT_POLL, h->facts.timings.poll_ms);
	bytes_store_u32(block + HEAD_AT_D, h->facts.timings.d_ms);
	bytes_store_u32(block + HEAD_AT_INTERVAL, h->facts.timings.interval_ms);
	memcpy(block + HEAD_AT_LABEL, h->label, strlen(h->label));
	memcpy(block + HEAD_AT_CLUSTER, h->cluster_name, strlen(h->cluster_name));
	bytes_store_u32(block + HEAD_AT_MAP, h->facts.map.count);
	for (uint32_t i = 0; i < h->facts.map.count; i++)
		bytes_store_u32(block + HEAD_AT_MAP + 8 + (size_t)4 * i, h->facts.map.node_id[i]);
	bytes_store_u32(block + HEAD_AT_SUM, crc32c_sum(block, HEAD_AT_SUM));
}

/* in: a block whose sum is right.  out: h; returns: whether its fields are allowed. */
static bool take(const uint8_t *block, struct disk_header *h)
{
	struct bytes_reader r;
	uint32_t map_count = bytes_load_u32(block + HEAD_AT_MAP);
	size_t map_end;

	memset(h, 0, sizeof(*h));
	h->version = bytes_load_u32(block + HEAD_AT_VERSION);
	h->version_oldest = bytes_load_u32(block + HEAD_AT_OLDEST);
	memcpy(h->facts.uuid, block + HEAD_AT_UUID, UUID_SIZE);
	h->lab = (bytes_load_u32(block + HEAD_AT_FLAGS) & HEAD_FLAG_LAB) != 0;
	h->created_s = bytes_load_u64(block + HEAD_AT_CREATED);
	h->slot_offset = bytes_load_u64(block + HEAD_AT_SLOT_OFFSET);
	h->block_size = bytes_load_u32(block + HEAD_AT_BLOCK_SIZE);
	h->facts.slot_count = bytes_load_u32(block + HEAD_AT_SLOT_COUNT);
	h->facts.timings.hold_ms = bytes_load_u32(block + HEAD_AT_HOLD);
	h->facts.timings.poll_ms = bytes_load_u32(block + HEAD_AT_POLL);
	h->facts.timings.d_ms = bytes_load_u32(block + HEAD_AT_D);
	h->facts.timings.interval_ms = bytes_load_u32(block + HEAD_AT_INTERVAL);
	bytes_reader_init(&r, block + HEAD_AT_LABEL, (size_t)2 * NAME_SIZE);
	bytes_get_text(&r, h->label, NAME_SIZE);
	bytes_get_text(&r, h->cluster_name, NAME_SIZE);
	if (!bytes_reader_done(&r) || map_count > NODES_MAX)
		return false;
	h->facts.map.count = map_count;
	for (uint32_t i = 0; i < map_count; i++)
		h->facts.map.node_id[i] = bytes_load_u32(block + HEAD_AT_MAP + 8 + (size_t)4 * i);
	if (!header_allowed(h))
		return false;
	/* A later format may use what format 1 leaves zero. */
	if (h->version != HEADWIRE_VERSION)
		return true;
	map_end = HEAD_AT_MAP + 8 + (size_t)4 * map_count;
	return (bytes_load_u32(block + HEAD_AT_FLAGS) & ~(uint32_t)HEAD_FLAG_LAB) == 0 &&
	       bytes_load_u32(block + HEAD_AT_MAP + 4) == 0 &&
	       bytes_all_zero(block + map_end, HEAD_AT_SUM - map_end);
}

enum rc headwire_decode(const uint8_t *block, uint32_t copy, struct disk_header *h)
{
	struct disk_header taken;
	uint32_t version = bytes_load_u32(block + HEAD_AT_VERSION);
	uint32_t oldest = bytes_load_u32(block + HEAD_AT_OLDEST);

	if (memcmp(block + HEAD_AT_MAGIC, magic, sizeof(magic)) != 0)
		return RC_BADMAGIC;
	/* Format 1 is the first, so it has no older reader to be readable by. */
	if (oldest == 0 || oldest > version || oldest > HEADWIRE_VERSION)
		return RC_BADVERSION;
	if (bytes_load_u32(block + HEAD_AT_SUM) != crc32c_sum(block, HEAD_AT_SUM))
		return RC_BADSUM;
	if (bytes_load_u32(block + HEAD_AT_COPY) != copy)
		return RC_MISDIRECTED;
	if (!take(block, &taken))
		return RC_BADVALUE;
	memcpy(h, &taken, sizeof(*h));
	return RC_OK;
}

enum rc headwire_choose(const uint8_t *copies, struct disk_header *h)
{
	struct disk_header taken[HEADWIRE_COPIES];
	enum rc rc[HEADWIRE_COPIES];

	for (uint32_t i = 0; i < HEADWIRE_COPIES; i++)
		rc[i] = headwire_decode(copies + (size_t)HEADWIRE_SIZE * i, i, &taken[i]);
	if (rc[0] == RC_OK && rc[1] == RC_OK) {
		/* The copies differ in their number and their sum alone. */
		if (memcmp(&taken[0], &taken[1], sizeof(taken[0])) != 0)
			return RC_BADVALUE;
		memcpy(h, &taken[0], sizeof(*h));
		return RC_OK;
	}
	if (rc[0] == RC_OK)
		memcpy(h, &taken[0], sizeof(*h));
	else if (rc[1] == RC_OK)
		memcpy(h, &taken[1], sizeof(*h));
	else
		return rc[0];
	return RC_PARTIAL;
}

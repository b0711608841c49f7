/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/slotwire.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crc32c.h"
#include "wire/slotwire_layout.h"

static const uint8_t magic[8] = { 'Q', 'A', 'R', 'B', 'S', 'L', 'O', 'T' };

/* returns: the sum of all bytes before AT_SUM.  Half of a block is zero, and that half needs no
 * look at each of its bytes' places. */
static uint32_t sum_of(const uint8_t *block)
{
	if (!bytes_all_zero(block + AT_TAIL, AT_SUM - AT_TAIL))
		return crc32c_sum(block, AT_SUM);
	return crc32c_append_zeros(crc32c_sum(block, AT_TAIL), AT_SUM - AT_TAIL);
}

static void put_ballot(uint8_t *p, const struct ballot *b)
{
	bytes_store_u64(p, b->counter);
	bytes_store_u32(p + 8, b->node_id);
}

static void put_number(uint8_t *p, const struct number *n)
{
	put_ballot(p, &n->ballot);
	bytes_store_u64(p + 16, n->k);
}

static void put_ring(uint8_t *p, const struct ring_id *r, const struct members *m)
{
	CHECK(m->count <= NODES_MAX);
	bytes_store_u64(p, r->seq);
	bytes_store_u32(p + 8, r->node_id);
	bytes_store_u32(p + 12, m->count);
	for (uint32_t i = 0; i < m->count; i++)
		bytes_store_u32(p + 16 + (size_t)4 * i, m->node_id[i]);
}

static void put_value(uint8_t *block, const struct value *v)
{
	const struct grant *g = &v->grant;

	put_number(block + AT_GRANT_NUMBER, &g->number);
	put_ring(block + AT_GRANT_RING, &g->ring, &g->members);
	bytes_store_u64(block + AT_GRANT_SET, g->set);
	for (uint64_t rest = value_named(v); rest != 0; rest &= rest - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(rest);

		bytes_store_u64(block + AT_GRANT_LIFE + (size_t)8 * i, g->host_life[i]);
	}
	bytes_store_u64(block + AT_PENDING, v->pending);
	CHECK(v->map.count <= NODES_MAX);
	bytes_store_u32(block + AT_MAP, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++)
		bytes_store_u32(block + AT_MAP + 8 + (size_t)4 * i, v->map.node_id[i]);
}

void slotwire_encode(const struct slot *s, const uint8_t uuid[UUID_SIZE], uint32_t slot_index,
		     uint32_t copy, uint8_t *block)
{
	CHECK(slot_index < NODES_MAX && copy < SLOTWIRE_COPIES);
	CHECK(s->state <= SLOT_LEAVING && s->cast <= CAST_UNKNOWN);
	CHECK(s->poison_count <= POISON_MAX);

	memset(block, 0, SLOTWIRE_SIZE);
	memcpy(block + AT_MAGIC, magic, sizeof(magic));
	bytes_store_u32(block + AT_VERSION, SLOTWIRE_VERSION);
	block[AT_SLOT] = (uint8_t)slot_index;
	block[AT_COPY] = (uint8_t)copy;
	block[AT_STATE] = (uint8_t)s->state;
	block[AT_FLAGS] = (uint8_t)((s->registered ? FLAG_REGISTERED : 0) |
				    (s->fit ? FLAG_FIT : 0) |
				    (s->watchdog_armed ? FLAG_WATCHDOG : 0));
	memcpy(block + AT_UUID, uuid, UUID_SIZE);
	bytes_store_u32(block + AT_NODE, s->node_id);
	bytes_store_u32(block + AT_CAST, s->cast);
	bytes_store_u64(block + AT_INCARNATION, s->incarnation);
	bytes_store_u64(block + AT_HOST_LIFE, s->host_life);
	bytes_store_u64(block + AT_SEQUENCE, s->sequence);
	bytes_store_u64(block + AT_BEATS, s->beats);
	bytes_store_u32(block + AT_HOLD, s->timings.hold_ms);
	bytes_store_u32(block + AT_POLL, s->timings.poll_ms);
	bytes_store_u32(block + AT_D, s->timings.d_ms);
	bytes_store_u32(block + AT_INTERVAL, s->timings.interval_ms);
	bytes_store_u64(block + AT_CONFIG_HASH, s->config_hash);
	bytes_store_u32(block + AT_BEAT_MAX, s->beat_ms_max);
	bytes_store_u32(block + AT_SCORE, s->score);
	bytes_store_u32(block + AT_SCORE_MAX, s->score_max);
	bytes_store_u32(block + AT_WEIGHT, s->weight);
	bytes_store_u32(block + AT_WATCHDOG, s->watchdog_ms);
	put_ballot(block + AT_MBAL, &s->mbal);
	put_ballot(block + AT_LEADING, &s->leading);
	put_number(block + AT_BAL, &s->bal);
	put_number(block + AT_SEEN, &s->seen);
	put_number(block + AT_CAST_NUMBER, &s->cast_number);
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		put_number(block + AT_OTHER + (size_t)NUMBER_SIZE * i, &s->other[i]);
	bytes_store_u64(block + AT_VIEW_INCARNATION, s->view.incarnation);
	put_ring(block + AT_VIEW_RING, &s->view.ring, &s->view.members);
	put_value(block, &s->value);
	bytes_store_u32(block + AT_POISON_COUNT, s->poison_count);
	for (uint32_t i = 0; i < s->poison_count; i++) {
		uint8_t *p = block + AT_POISON + (size_t)POISON_SIZE * i;

		bytes_store_u64(p, s->poison[i].incarnation);
		bytes_store_u32(p + 8, s->poison[i].node_id);
	}
	bytes_store_u32(block + AT_SUM, sum_of(block));
}

/* in: p, a ballot.  returns: whether its unused bytes are zero. */
static bool sound_ballot(const uint8_t *p)
{
	return bytes_load_u32(p + 12) == 0;
}

/* in: p, a ring with its member list.  returns: whether that list is one: bounded, ascending,
 * unique, without node 0, zero behind. */
static bool sound_ring(const uint8_t *p)
{
	uint32_t count = bytes_load_u32(p + 12);
	uint32_t last = 0;

	if (count > NODES_MAX)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t node_id = bytes_load_u32(p + 16 + (size_t)4 * i);

		if (node_id <= last)
			return false;
		last = node_id;
	}
	return bytes_all_zero(p + 16 + (size_t)4 * count, (size_t)4 * (NODES_MAX - count));
}

static bool sound_value(const uint8_t *block)
{
	uint64_t set = bytes_load_u64(block + AT_GRANT_SET) | bytes_load_u64(block + AT_PENDING);
	uint32_t count = bytes_load_u32(block + AT_MAP);
	uint64_t stray = 0;

	if (!sound_ballot(block + AT_GRANT_NUMBER) || !sound_ring(block + AT_GRANT_RING))
		return false;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		uint64_t outside = (set >> i & 1) - 1;

		stray |= bytes_load_u64(block + AT_GRANT_LIFE + (size_t)8 * i) & outside;
	}
	if (stray != 0 || count > NODES_MAX || bytes_load_u32(block + AT_MAP + 4) != 0)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t node_id = bytes_load_u32(block + AT_MAP + 8 + (size_t)4 * i);

		for (uint32_t j = 0; node_id != 0 && j < i; j++) {
			if (bytes_load_u32(block + AT_MAP + 8 + (size_t)4 * j) == node_id)
				return false;
		}
	}
	return bytes_all_zero(block + AT_MAP + 8 + (size_t)4 * count,
			      (size_t)4 * (NODES_MAX - count));
}

/* returns: whether every field is one that the encoder writes. */
static bool sound(const uint8_t *block)
{
	uint32_t poison_count = bytes_load_u32(block + AT_POISON_COUNT);
	uint32_t unused = 0;

	if (block[AT_STATE] > SLOT_LEAVING || (block[AT_FLAGS] & ~FLAGS_ALL) != 0)
		return false;
	if (bytes_load_u32(block + AT_CAST) > CAST_UNKNOWN || poison_count > POISON_MAX)
		return false;
	unused |= bytes_load_u32(block + AT_UNUSED_1);
	unused |= bytes_load_u32(block + AT_POISON_COUNT + 4);
	if (unused != 0 || !sound_ballot(block + AT_MBAL) || !sound_ballot(block + AT_LEADING) ||
	    !sound_ballot(block + AT_BAL) || !sound_ballot(block + AT_SEEN) ||
	    !sound_ballot(block + AT_CAST_NUMBER))
		return false;
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		if (!sound_ballot(block + AT_OTHER + (size_t)NUMBER_SIZE * i))
			return false;
	}
	for (uint32_t i = 0; i < poison_count; i++) {
		if (!sound_ballot(block + AT_POISON + (size_t)POISON_SIZE * i))
			return false;
	}
	return sound_ring(block + AT_VIEW_RING) && sound_value(block) &&
	       bytes_all_zero(block + AT_POISON + (size_t)POISON_SIZE * poison_count,
			      (size_t)POISON_SIZE * (POISON_MAX - poison_count)) &&
	       bytes_all_zero(block + AT_TAIL, AT_SUM - AT_TAIL);
}

/* in: sum, the CRC of the bytes before AT_SUM.  returns: whether the block may be taken. */
static enum rc verify(const uint8_t *block, uint32_t sum, const uint8_t *uuid, uint32_t slot_index,
		      uint32_t copy)
{
	if (memcmp(block + AT_MAGIC, magic, sizeof(magic)) != 0)
		return RC_BADMAGIC;
	if (bytes_load_u32(block + AT_VERSION) != SLOTWIRE_VERSION)
		return RC_BADVERSION;
	if (bytes_load_u32(block + AT_SUM) != sum)
		return RC_BADSUM;
	if (memcmp(block + AT_UUID, uuid, UUID_SIZE) != 0)
		return RC_BADUUID;
	if (block[AT_SLOT] != slot_index || block[AT_COPY] != copy)
		return RC_MISDIRECTED;
	return sound(block) ? RC_OK : RC_BADVALUE;
}

static void get_ballot(const uint8_t *p, struct ballot *b)
{
	b->counter = bytes_load_u64(p);
	b->node_id = bytes_load_u32(p + 8);
}

static void get_number(const uint8_t *p, struct number *n)
{
	get_ballot(p, &n->ballot);
	n->k = bytes_load_u64(p + 16);
}

static void get_ring(const uint8_t *p, struct ring_id *r, struct members *m)
{
	r->seq = bytes_load_u64(p);
	r->node_id = bytes_load_u32(p + 8);
	m->count = bytes_load_u32(p + 12);
	for (uint32_t i = 0; i < m->count; i++)
		m->node_id[i] = bytes_load_u32(p + 16 + (size_t)4 * i);
}

static void get_value(const uint8_t *block, struct value *v)
{
	struct grant *g = &v->grant;

	get_number(block + AT_GRANT_NUMBER, &g->number);
	get_ring(block + AT_GRANT_RING, &g->ring, &g->members);
	g->set = bytes_load_u64(block + AT_GRANT_SET);
	v->pending = bytes_load_u64(block + AT_PENDING);
	for (uint64_t rest = value_named(v); rest != 0; rest &= rest - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(rest);

		g->host_life[i] = bytes_load_u64(block + AT_GRANT_LIFE + (size_t)8 * i);
	}
	v->map.count = bytes_load_u32(block + AT_MAP);
	for (uint32_t i = 0; i < v->map.count; i++)
		v->map.node_id[i] = bytes_load_u32(block + AT_MAP + 8 + (size_t)4 * i);
}

/* in: a verified block. */
static void take(const uint8_t *block, struct slot *s)
{
	memset(s, 0, sizeof(*s));
	s->node_id = bytes_load_u32(block + AT_NODE);
	s->state = (enum slot_state)block[AT_STATE];
	s->registered = (block[AT_FLAGS] & FLAG_REGISTERED) != 0;
	s->fit = (block[AT_FLAGS] & FLAG_FIT) != 0;
	s->watchdog_armed = (block[AT_FLAGS] & FLAG_WATCHDOG) != 0;
	s->cast = (enum cast_kind)bytes_load_u32(block + AT_CAST);
	s->incarnation = bytes_load_u64(block + AT_INCARNATION);
	s->host_life = bytes_load_u64(block + AT_HOST_LIFE);
	s->sequence = bytes_load_u64(block + AT_SEQUENCE);
	s->beats = bytes_load_u64(block + AT_BEATS);
	s->timings.hold_ms = bytes_load_u32(block + AT_HOLD);
	s->timings.poll_ms = bytes_load_u32(block + AT_POLL);
	s->timings.d_ms = bytes_load_u32(block + AT_D);
	s->timings.interval_ms = bytes_load_u32(block + AT_INTERVAL);
	s->config_hash = bytes_load_u64(block + AT_CONFIG_HASH);
	s->beat_ms_max = bytes_load_u32(block + AT_BEAT_MAX);
	s->score = bytes_load_u32(block + AT_SCORE);
	s->score_max = bytes_load_u32(block + AT_SCORE_MAX);
	s->weight = bytes_load_u32(block + AT_WEIGHT);
	s->watchdog_ms = bytes_load_u32(block + AT_WATCHDOG);
	get_ballot(block + AT_MBAL, &s->mbal);
	get_ballot(block + AT_LEADING, &s->leading);
	get_number(block + AT_BAL, &s->bal);
	get_number(block + AT_SEEN, &s->seen);
	get_number(block + AT_CAST_NUMBER, &s->cast_number);
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		get_number(block + AT_OTHER + (size_t)NUMBER_SIZE * i, &s->other[i]);
	s->view.incarnation = bytes_load_u64(block + AT_VIEW_INCARNATION);
	get_ring(block + AT_VIEW_RING, &s->view.ring, &s->view.members);
	get_value(block, &s->value);
	s->poison_count = bytes_load_u32(block + AT_POISON_COUNT);
	for (uint32_t i = 0; i < s->poison_count; i++) {
		const uint8_t *p = block + AT_POISON + (size_t)POISON_SIZE * i;

		s->poison[i].incarnation = bytes_load_u64(p);
		s->poison[i].node_id = bytes_load_u32(p + 8);
	}
}

enum rc slotwire_decode(const uint8_t *block, const uint8_t uuid[UUID_SIZE], uint32_t slot_index,
			uint32_t copy, struct slot *s)
{
	enum rc rc = verify(block, sum_of(block), uuid, slot_index, copy);

	if (rc == RC_OK)
		take(block, s);
	return rc;
}

/* The sum that was computed stands for all bytes but the sum that was stored; a block that verifies
 * has both alike, so they must not cancel out. */
static uint32_t fingerprint_of(uint32_t sum, const uint8_t *block)
{
	return sum + 0x9e3779b1u * bytes_load_u32(block + AT_SUM);
}

enum rc slotwire_choose(const uint8_t *copies, const uint8_t uuid[UUID_SIZE], uint32_t slot_index,
			struct slot_read *out, uint64_t *fingerprint)
{
	const uint8_t *block[SLOTWIRE_COPIES] = { copies, copies + SLOTWIRE_SIZE };
	uint32_t sum[SLOTWIRE_COPIES];
	enum rc rc[SLOTWIRE_COPIES];
	uint8_t newest = 0;

	for (uint32_t i = 0; i < SLOTWIRE_COPIES; i++) {
		sum[i] = sum_of(block[i]);
		rc[i] = verify(block[i], sum[i], uuid, slot_index, i);
	}
	*fingerprint = (uint64_t)fingerprint_of(sum[0], block[0]) << 32 |
		       fingerprint_of(sum[1], block[1]);
	if (rc[0] != RC_OK && rc[1] != RC_OK) {
		memset(out, 0, sizeof(*out));
		out->rc = rc[0];
		return rc[0];
	}
	if (rc[0] != RC_OK || (rc[1] == RC_OK && bytes_load_u64(block[1] + AT_SEQUENCE) >
							 bytes_load_u64(block[0] + AT_SEQUENCE)))
		newest = 1;
	memset(out, 0, offsetof(struct slot_read, slot));
	out->rc = RC_OK;
	out->copy = newest;
	take(block[newest], &out->slot);
	return rc[0] == RC_OK && rc[1] == RC_OK ? RC_OK : RC_PARTIAL;
}

bool slotwire_blank(const uint8_t *copies)
{
	return bytes_all_zero(copies, SLOTWIRE_SIZE);
}

enum rc slotwire_read(const uint8_t *copies, const uint8_t uuid[UUID_SIZE],
		      const struct slot_map *header, uint32_t slot_index, struct slot_read *out,
		      uint64_t *fingerprint)
{
	enum rc rc = slotwire_choose(copies, uuid, slot_index, out, fingerprint);

	if (rc == RC_BADMAGIC && header->node_id[slot_index] == 0 && slotwire_blank(copies))
		rc = out->rc = RC_OK;
	return rc;
}

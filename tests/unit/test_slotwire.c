/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "fixture_disk.h"
#include "wire/slotwire_layout.h"

enum { SLOT = 5 };

static uint8_t uuid[UUID_SIZE];

/* What disk init writes: two nodes, both pending. */
static void initial_slot(struct slot *s)
{
	memset(s, 0, sizeof(*s));
	s->node_id = 2;
	s->cast = CAST_UNKNOWN;
	s->value.pending = 3;
	s->value.map.count = 2;
	s->value.map.node_id[0] = 1;
	s->value.map.node_id[1] = 2;
}

static void worst_block(uint8_t *block)
{
	struct slot s;

	fixture_slot(&s);
	fixture_uuid(uuid);
	slotwire_encode(&s, uuid, SLOT, 0, block);
}

/* The sum made right again, as a faulty or malicious writer would. */
static void seal(uint8_t *block)
{
	bytes_store_u32(block + AT_SUM, crc32c_sum(block, AT_SUM));
}

static enum rc decode(const uint8_t *block, struct slot *s)
{
	return slotwire_decode(block, uuid, SLOT, 0, s);
}

static void rejects_a_block_of_zeros(void **state)
{
	uint8_t block[SLOTWIRE_SIZE] = { 0 };
	struct slot s;

	(void)state;
	assert_int_equal(decode(block, &s), RC_BADMAGIC);
}

/* Copy 1 is written first, copy 0 when that is complete. */
static void a_slot_whose_first_write_tears_is_blank_as_before(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE] = { 0 };
	struct slot_read out;
	uint64_t fingerprint;
	struct slot s;

	(void)state;
	assert_true(slotwire_blank(copies));
	fixture_slot(&s);
	slotwire_encode(&s, uuid, SLOT, 1, copies + SLOTWIRE_SIZE);
	memset(copies + SLOTWIRE_SIZE + 512, 0, SLOTWIRE_SIZE - 512);
	assert_int_equal(slotwire_choose(copies, uuid, SLOT, &out, &fingerprint), RC_BADMAGIC);
	assert_true(slotwire_blank(copies));
	copies[SLOTWIRE_SIZE - 1] = 1;
	assert_false(slotwire_blank(copies));
}

static void rejects_every_single_flipped_bit(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	for (size_t bit = 0; bit < (size_t)8 * SLOTWIRE_SIZE; bit++) {
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(decode(block, &s), RC_OK);
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(decode(block, &s), RC_OK);
}

static void rejects_a_block_torn_at_any_sector(void **state)
{
	uint8_t old[SLOTWIRE_SIZE];
	uint8_t torn[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	fixture_slot(&s);
	fixture_uuid(uuid);
	s.sequence = 1;
	s.poison_count = 3;
	slotwire_encode(&s, uuid, SLOT, 0, old);
	for (size_t at = 512; at < SLOTWIRE_SIZE; at += 512) {
		worst_block(torn);
		memcpy(torn + at, old + at, SLOTWIRE_SIZE - at);
		assert_int_equal(decode(torn, &s), RC_BADSUM);
		worst_block(torn);
		memcpy(torn, old, at);
		assert_int_equal(decode(torn, &s), RC_BADSUM);
	}
}

static void rejects_block_of_another_slot(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	assert_int_equal(slotwire_decode(block, uuid, SLOT + 1, 0, &s), RC_MISDIRECTED);
}

static void rejects_block_of_the_other_copy(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	assert_int_equal(slotwire_decode(block, uuid, SLOT, 1, &s), RC_MISDIRECTED);
}

static void rejects_block_of_another_disk(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	uint8_t other[UUID_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	memcpy(other, uuid, UUID_SIZE);
	other[UUID_SIZE - 1] ^= 1;
	assert_int_equal(slotwire_decode(block, other, SLOT, 0, &s), RC_BADUUID);
}

static void rejects_another_format_version(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	bytes_store_u32(block + AT_VERSION, SLOTWIRE_VERSION + 1);
	seal(block);
	assert_int_equal(decode(block, &s), RC_BADVERSION);
}

static void rejects_values_out_of_range_although_the_sum_is_right(void **state)
{
	static const struct {
		size_t at;
		uint8_t size;
		uint32_t value;
	} wrong[] = {
		{ AT_STATE, 1, SLOT_LEAVING + 1 },
		{ AT_FLAGS, 1, FLAGS_ALL + 1 },
		{ AT_CAST, 4, CAST_UNKNOWN + 1 },
		{ AT_CAST, 4, 0x80000000 },
		{ AT_UNUSED_1, 4, 1 },
		{ AT_MBAL + 12, 4, 1 },
		{ AT_LEADING + 12, 4, 1 },
		{ AT_BAL + 12, 4, 1 },
		{ AT_SEEN + 12, 4, 1 },
		{ AT_CAST_NUMBER + 12, 4, 1 },
		{ AT_OTHER + 6 * NUMBER_SIZE + 12, 4, 1 },
		{ AT_VIEW_RING + 12, 4, NODES_MAX + 1 },
		{ AT_VIEW_RING + 12, 4, NODES_MAX - 1 }, /* a member behind the last */
		{ AT_VIEW_RING + 16, 4, 0 },		 /* node 0 */
		{ AT_VIEW_RING + 16, 4, 0xffffffff },	 /* not ascending */
		{ AT_GRANT_NUMBER + 12, 4, 1 },
		{ AT_GRANT_RING + 12, 4, 0xffffffff },
		{ AT_GRANT_RING + 16 + 4 * 63, 4, 1 },
		{ AT_GRANT_SET, 4, 0xffffffbf }, /* a host life of nobody granted or pending */
		{ AT_MAP, 4, NODES_MAX + 1 },
		{ AT_MAP, 4, NODES_MAX - 1 },
		{ AT_MAP + 4, 4, 1 },
		{ AT_POISON_COUNT, 4, POISON_MAX + 1 },
		{ AT_POISON_COUNT, 4, POISON_MAX - 1 },
		{ AT_POISON_COUNT + 4, 4, 1 },
		{ AT_POISON + 12, 4, 1 },
		{ AT_TAIL, 1, 1 },
		{ AT_SUM - 1, 1, 1 },
	};
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;
	struct slot before;

	(void)state;
	memset(&s, 0x5a, sizeof(s));
	before = s;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		worst_block(block);
		if (wrong[i].size == 1)
			block[wrong[i].at] = (uint8_t)wrong[i].value;
		else
			bytes_store_u32(block + wrong[i].at, wrong[i].value);
		seal(block);
		if (decode(block, &s) != RC_BADVALUE)
			fail_msg("entry %zu (offset %zu) was taken", i, wrong[i].at);
		assert_memory_equal(&s, &before, sizeof(s));
	}
}

static void rejects_a_map_that_names_a_node_twice(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	worst_block(block);
	memcpy(block + AT_MAP + 8, block + AT_MAP + 8 + 4 * 63, 4);
	seal(block);
	assert_int_equal(decode(block, &s), RC_BADVALUE);
}

/* What is written of the slot is read again, to the last byte. */
static void is_read_back(const struct slot *s)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot back;

	fixture_uuid(uuid);
	memset(&back, 0xff, sizeof(back));
	slotwire_encode(s, uuid, SLOT, 0, block);
	assert_int_equal(decode(block, &back), RC_OK);
	assert_memory_equal(s, &back, sizeof(*s));
}

static void a_map_may_have_free_slots_between_used_ones(void **state)
{
	struct slot s;

	(void)state;
	initial_slot(&s);
	s.value.map.count = 4;
	s.value.map.node_id[0] = 0;
	s.value.map.node_id[2] = 0;
	s.value.map.node_id[3] = 9;
	is_read_back(&s);
}

static void a_revocation_keeps_the_host_lives_of_who_is_pending(void **state)
{
	struct slot s;

	(void)state;
	initial_slot(&s);
	s.value.grant.host_life[0] = 8;
	s.value.grant.host_life[1] = 9;
	is_read_back(&s);
}

static void the_fullest_slot_is_read_back_to_the_last_byte(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct slot s;
	struct slot back;

	(void)state;
	fixture_slot(&s);
	worst_block(block);
	memset(&back, 0xff, sizeof(back));
	assert_int_equal(decode(block, &back), RC_OK);
	assert_memory_equal(&s, &back, sizeof(s));
	assert_true(back.value.map.node_id[63] == fixture_u32(401));
	assert_true(back.poison[15].node_id == fixture_u32(531));
}

static void the_encoder_writes_every_byte(void **state)
{
	uint8_t a[SLOTWIRE_SIZE];
	uint8_t b[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	fixture_uuid(uuid);
	initial_slot(&s);
	memset(a, 0, sizeof(a));
	memset(b, 0xff, sizeof(b));
	slotwire_encode(&s, uuid, SLOT, 1, a);
	slotwire_encode(&s, uuid, SLOT, 1, b);
	assert_memory_equal(a, b, sizeof(a));
}

static void the_encoder_drops_what_lies_behind_a_count_or_outside_a_set(void **state)
{
	uint8_t clean[SLOTWIRE_SIZE];
	uint8_t dirty[SLOTWIRE_SIZE];
	struct slot s;

	(void)state;
	fixture_uuid(uuid);
	initial_slot(&s);
	slotwire_encode(&s, uuid, SLOT, 0, clean);
	s.view.members.node_id[0] = 7;
	s.value.grant.host_life[3] = 7;
	s.value.map.node_id[2] = 7;
	s.poison[0].node_id = 7;
	s.mbal.unused = 7;
	slotwire_encode(&s, uuid, SLOT, 0, dirty);
	assert_memory_equal(clean, dirty, sizeof(clean));
}

static void golden_images_are_what_is_written_and_read(void **state)
{
	uint8_t golden[2 * SLOTWIRE_SIZE];
	uint8_t made[2 * SLOTWIRE_SIZE];
	struct slot s;
	struct slot back;

	(void)state;
	fixture_uuid(uuid);
	assert_true(fixture_golden("slot-worst.img", golden, sizeof(golden)));
	fixture_slot(&s);
	slotwire_encode(&s, uuid, 63, 0, made);
	slotwire_encode(&s, uuid, 63, 1, made + SLOTWIRE_SIZE);
	assert_memory_equal(made, golden, sizeof(made));
	assert_int_equal(slotwire_decode(golden, uuid, 63, 0, &back), RC_OK);
	assert_memory_equal(&s, &back, sizeof(s));

	assert_true(fixture_golden("slot-init.img", golden, sizeof(golden)));
	initial_slot(&s);
	slotwire_encode(&s, uuid, 1, 0, made);
	slotwire_encode(&s, uuid, 1, 1, made + SLOTWIRE_SIZE);
	assert_memory_equal(made, golden, sizeof(made));
	assert_int_equal(slotwire_decode(golden + SLOTWIRE_SIZE, uuid, 1, 1, &back), RC_OK);
	assert_memory_equal(&s, &back, sizeof(s));
}

/* Two copies of SLOT with these sequences. */
static void pair(uint8_t *copies, uint64_t sequence_0, uint64_t sequence_1)
{
	struct slot s;

	fixture_uuid(uuid);
	initial_slot(&s);
	s.sequence = sequence_0;
	slotwire_encode(&s, uuid, SLOT, 0, copies);
	s.sequence = sequence_1;
	slotwire_encode(&s, uuid, SLOT, 1, copies + SLOTWIRE_SIZE);
}

static void nothing_is_chosen_when_no_copy_verifies(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE];
	uint8_t zero[sizeof(struct slot)] = { 0 };
	struct slot_read out;
	uint64_t fingerprint;

	(void)state;
	pair(copies, 7, 8);
	copies[1000] ^= 1;
	copies[SLOTWIRE_SIZE] ^= 1;
	memset(&out, 0xff, sizeof(out));
	assert_int_equal(slotwire_choose(copies, uuid, SLOT, &out, &fingerprint), RC_BADSUM);
	assert_int_equal(out.rc, RC_BADSUM);
	assert_memory_equal(&out.slot, zero, sizeof(zero));
}

static void the_older_copy_is_chosen_when_the_newer_is_torn(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE];
	struct slot_read out;
	uint64_t fingerprint;

	(void)state;
	pair(copies, 7, 8);
	copies[SLOTWIRE_SIZE + 4000] ^= 0x80;
	assert_int_equal(slotwire_choose(copies, uuid, SLOT, &out, &fingerprint), RC_PARTIAL);
	assert_int_equal(out.rc, RC_OK);
	assert_int_equal(out.copy, 0);
	assert_int_equal(out.slot.sequence, 7);
}

static void a_copy_with_a_right_sum_and_a_wrong_value_is_not_chosen(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE];
	struct slot_read out;
	uint64_t fingerprint;

	(void)state;
	pair(copies, 9, 8);
	copies[AT_STATE] = 200;
	seal(copies);
	assert_int_equal(slotwire_choose(copies, uuid, SLOT, &out, &fingerprint), RC_PARTIAL);
	assert_int_equal(out.copy, 1);
	assert_int_equal(out.slot.sequence, 8);
}

static void copies_in_each_others_place_are_not_chosen(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE];
	uint8_t swapped[2 * SLOTWIRE_SIZE];
	struct slot_read out;
	uint64_t fingerprint;

	(void)state;
	pair(copies, 7, 8);
	memcpy(swapped, copies + SLOTWIRE_SIZE, SLOTWIRE_SIZE);
	memcpy(swapped + SLOTWIRE_SIZE, copies, SLOTWIRE_SIZE);
	assert_int_equal(slotwire_choose(swapped, uuid, SLOT, &out, &fingerprint), RC_MISDIRECTED);
}

static void the_newest_of_two_good_copies_is_chosen(void **state)
{
	static const struct {
		uint64_t sequence[2];
		uint8_t copy;
	} table[] = {
		{ { 7, 8 }, 1 },
		{ { 8, 7 }, 0 },
		{ { 0, 0 }, 0 },
		{ { 0xffffffffffffffff, 1 }, 0 },
		{ { 0x00000000ffffffff, 0x100000000 }, 1 },
	};
	uint8_t copies[2 * SLOTWIRE_SIZE];
	struct slot_read out;
	uint64_t fingerprint;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		pair(copies, table[i].sequence[0], table[i].sequence[1]);
		assert_int_equal(slotwire_choose(copies, uuid, SLOT, &out, &fingerprint), RC_OK);
		assert_int_equal(out.rc, RC_OK);
		assert_int_equal(out.copy, table[i].copy);
		assert_true(out.slot.sequence == table[i].sequence[table[i].copy]);
	}
}

static void fingerprint_tells_any_change_of_either_copy(void **state)
{
	uint8_t copies[2 * SLOTWIRE_SIZE];
	struct slot_read out;
	uint64_t first;
	uint64_t again;

	(void)state;
	pair(copies, 7, 8);
	(void)!slotwire_choose(copies, uuid, SLOT, &out, &first);
	for (size_t at = 0; at < sizeof(copies); at += 1) {
		copies[at] ^= 0x11;
		(void)!slotwire_choose(copies, uuid, SLOT, &out, &again);
		assert_true(first != again);
		copies[at] ^= 0x11;
	}
	(void)!slotwire_choose(copies, uuid, SLOT, &out, &again);
	assert_true(first == again);
	/* A whole other good block in copy 0, and then in copy 1. */
	pair(copies, 9, 8);
	(void)!slotwire_choose(copies, uuid, SLOT, &out, &again);
	assert_true(first != again);
	pair(copies, 7, 10);
	(void)!slotwire_choose(copies, uuid, SLOT, &out, &again);
	assert_true(first != again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejects_a_block_of_zeros),
		cmocka_unit_test(a_slot_whose_first_write_tears_is_blank_as_before),
		cmocka_unit_test(rejects_every_single_flipped_bit),
		cmocka_unit_test(rejects_a_block_torn_at_any_sector),
		cmocka_unit_test(rejects_block_of_another_slot),
		cmocka_unit_test(rejects_block_of_the_other_copy),
		cmocka_unit_test(rejects_block_of_another_disk),
		cmocka_unit_test(rejects_another_format_version),
		cmocka_unit_test(rejects_values_out_of_range_although_the_sum_is_right),
		cmocka_unit_test(rejects_a_map_that_names_a_node_twice),
		cmocka_unit_test(a_map_may_have_free_slots_between_used_ones),
		cmocka_unit_test(a_revocation_keeps_the_host_lives_of_who_is_pending),
		cmocka_unit_test(the_fullest_slot_is_read_back_to_the_last_byte),
		cmocka_unit_test(the_encoder_writes_every_byte),
		cmocka_unit_test(the_encoder_drops_what_lies_behind_a_count_or_outside_a_set),
		cmocka_unit_test(golden_images_are_what_is_written_and_read),
		cmocka_unit_test(nothing_is_chosen_when_no_copy_verifies),
		cmocka_unit_test(the_older_copy_is_chosen_when_the_newer_is_torn),
		cmocka_unit_test(a_copy_with_a_right_sum_and_a_wrong_value_is_not_chosen),
		cmocka_unit_test(copies_in_each_others_place_are_not_chosen),
		cmocka_unit_test(the_newest_of_two_good_copies_is_chosen),
		cmocka_unit_test(fingerprint_tells_any_change_of_either_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

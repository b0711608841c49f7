/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "fixture_disk.h"
#include "wire/headwire_layout.h"

static void two_nodes(struct disk_header *h)
{
	memset(h, 0, sizeof(*h));
	h->version = HEADWIRE_VERSION;
	h->version_oldest = HEADWIRE_VERSION;
	(void)strcpy(h->label, "san1");
	(void)strcpy(h->cluster_name, "demo");
	h->block_size = HEADWIRE_BLOCK_SIZE;
	h->slot_offset = HEADWIRE_SLOT_OFFSET;
	h->created_s = 1700000000;
	fixture_uuid(h->facts.uuid);
	h->facts.slot_count = NODES_MAX;
	h->facts.timings = (struct timings){ 450, 90, 1350, 113 };
	h->facts.map.count = 2;
	h->facts.map.node_id[0] = 1;
	h->facts.map.node_id[1] = 2;
}

static void seal(uint8_t *block)
{
	bytes_store_u32(block + HEAD_AT_SUM, crc32c_sum(block, HEAD_AT_SUM));
}

static void rejects_blocks_that_are_no_header(void **state)
{
	uint8_t block[HEADWIRE_SIZE] = { 0 };
	struct disk_header h;

	(void)state;
	assert_int_equal(headwire_decode(block, 0, &h), RC_BADMAGIC);
	memcpy(block, "QARBSLOT", 8);
	assert_int_equal(headwire_decode(block, 0, &h), RC_BADMAGIC);
}

static void rejects_every_single_flipped_bit(void **state)
{
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	fixture_header(&h);
	headwire_encode(&h, 0, block);
	for (size_t bit = 0; bit < (size_t)8 * HEADWIRE_SIZE; bit++) {
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(headwire_decode(block, 0, &h), RC_OK);
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(headwire_decode(block, 0, &h), RC_OK);
}

static void rejects_the_other_copy(void **state)
{
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	headwire_encode(&h, 1, block);
	assert_int_equal(headwire_decode(block, 0, &h), RC_MISDIRECTED);
}

static void rejects_values_out_of_range_although_the_sum_is_right(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		enum rc rc;
	} wrong[] = {
		{ HEAD_AT_OLDEST, 2, RC_BADVERSION },
		{ HEAD_AT_OLDEST, 0, RC_BADVERSION },
		{ HEAD_AT_VERSION, 0, RC_BADVERSION },
		{ HEAD_AT_FLAGS, 2, RC_BADVALUE },
		{ HEAD_AT_COPY, 2, RC_MISDIRECTED },
		{ HEAD_AT_SLOT_OFFSET, 4096, RC_BADVALUE },
		{ HEAD_AT_SLOT_OFFSET + 4, 1, RC_BADVALUE },
		{ HEAD_AT_BLOCK_SIZE, 512, RC_BADVALUE },
		{ HEAD_AT_BLOCK_SIZE, 0, RC_BADVALUE },
		{ HEAD_AT_SLOT_COUNT, 65, RC_BADVALUE },
		{ HEAD_AT_SLOT_COUNT, 0, RC_BADVALUE },
		{ HEAD_AT_LABEL, 0, RC_BADVALUE },		 /* text behind the NUL */
		{ HEAD_AT_LABEL, 0x2d2d2d2d, RC_BADVALUE },	 /* begins with a dash */
		{ HEAD_AT_LABEL + 4, 0x41412f41, RC_BADVALUE },	 /* a slash */
		{ HEAD_AT_LABEL + 60, 0x41414141, RC_BADVALUE }, /* no NUL */
		{ HEAD_AT_CLUSTER + 60, 0x41414141, RC_BADVALUE },
		{ HEAD_AT_CLUSTER, 0x4141410a, RC_BADVALUE },
		{ HEAD_AT_MAP, NODES_MAX + 1, RC_BADVALUE },
		{ HEAD_AT_MAP, NODES_MAX - 1, RC_BADVALUE },
		{ HEAD_AT_MAP + 4, 1, RC_BADVALUE },
		{ HEAD_AT_TAIL, 1, RC_BADVALUE },
		{ HEAD_AT_SUM - 4, 0x01000000, RC_BADVALUE },
	};
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		enum rc rc;

		fixture_header(&h);
		headwire_encode(&h, 0, block);
		bytes_store_u32(block + wrong[i].at, wrong[i].value);
		seal(block);
		rc = headwire_decode(block, 0, &h);
		if (rc != wrong[i].rc)
			fail_msg("entry %zu (offset %zu): %s", i, wrong[i].at, rc_text(rc));
	}
}

static void rejects_a_map_that_names_a_node_twice(void **state)
{
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	headwire_encode(&h, 0, block);
	bytes_store_u32(block + HEAD_AT_MAP + 8, 2);
	seal(block);
	assert_int_equal(headwire_decode(block, 0, &h), RC_BADVALUE);
}

static void a_later_format_that_names_this_one_as_readable_is_read(void **state)
{
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	headwire_encode(&h, 0, block);
	bytes_store_u32(block + HEAD_AT_VERSION, 7);
	bytes_store_u32(block + HEAD_AT_FLAGS, 0x80);
	block[HEAD_AT_TAIL + 100] = 1;
	seal(block);
	assert_int_equal(headwire_decode(block, 0, &h), RC_OK);
	assert_int_equal(h.version, 7);
	assert_int_equal(h.version_oldest, 1);
	bytes_store_u32(block + HEAD_AT_OLDEST, 2);
	seal(block);
	assert_int_equal(headwire_decode(block, 0, &h), RC_BADVERSION);
}

static void labels_are_short_words(void **state)
{
	char longest[NAME_SIZE + 1];

	(void)state;
	assert_false(headwire_label_allowed(""));
	assert_false(headwire_label_allowed("-a"));
	assert_false(headwire_label_allowed("a b"));
	assert_false(headwire_label_allowed("a/b"));
	assert_false(headwire_label_allowed("\xc3\xa4"));
	memset(longest, 'a', NAME_SIZE);
	longest[NAME_SIZE] = 0;
	assert_false(headwire_label_allowed(longest));
	longest[NAME_SIZE - 1] = 0;
	assert_true(headwire_label_allowed(longest));
	assert_true(headwire_label_allowed("SAN-1_b.c"));
}

static void the_last_slot_ends_where_the_disk_ends(void **state)
{
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	assert_int_equal(headwire_slot_offset(&h, 0, 0), 8192);
	assert_int_equal(headwire_slot_offset(&h, 0, 1), 12288);
	assert_int_equal(headwire_slot_offset(&h, 1, 0), 16384);
	assert_int_equal(headwire_slot_offset(&h, 63, 1) + 4096, HEADWIRE_DISK_SIZE);
	assert_int_equal(HEADWIRE_DISK_SIZE, 532480);
}

static void golden_images_are_what_is_written_and_read(void **state)
{
	static const char *const name[] = { "header-worst.img", "header-two.img" };
	uint8_t golden[2 * HEADWIRE_SIZE];
	uint8_t made[2 * HEADWIRE_SIZE];
	struct disk_header h;
	struct disk_header back;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(fixture_golden(name[i], golden, sizeof(golden)));
		if (i == 0)
			fixture_header(&h);
		else
			two_nodes(&h);
		headwire_encode(&h, 0, made);
		headwire_encode(&h, 1, made + HEADWIRE_SIZE);
		assert_memory_equal(made, golden, sizeof(made));
		memset(&back, 0xff, sizeof(back));
		assert_int_equal(headwire_choose(golden, &back), RC_OK);
		assert_memory_equal(&h, &back, sizeof(h));
	}
}

static void nothing_is_chosen_when_no_copy_verifies(void **state)
{
	uint8_t copies[2 * HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	headwire_encode(&h, 0, copies);
	headwire_encode(&h, 1, copies + HEADWIRE_SIZE);
	copies[500] ^= 1;
	copies[HEADWIRE_SIZE] ^= 1;
	assert_int_equal(headwire_choose(copies, &h), RC_BADSUM);
}

static void either_copy_alone_is_enough(void **state)
{
	uint8_t copies[2 * HEADWIRE_SIZE];
	struct disk_header h;
	struct disk_header back;

	(void)state;
	two_nodes(&h);
	for (uint32_t lost = 0; lost < 2; lost++) {
		headwire_encode(&h, 0, copies);
		headwire_encode(&h, 1, copies + HEADWIRE_SIZE);
		copies[lost * HEADWIRE_SIZE + 77] ^= 1;
		assert_int_equal(headwire_choose(copies, &back), RC_PARTIAL);
		assert_memory_equal(&h, &back, sizeof(h));
	}
}

static void copies_of_two_disks_are_refused(void **state)
{
	uint8_t copies[2 * HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	two_nodes(&h);
	headwire_encode(&h, 0, copies);
	h.facts.uuid[0] ^= 1;
	headwire_encode(&h, 1, copies + HEADWIRE_SIZE);
	assert_int_equal(headwire_choose(copies, &h), RC_BADVALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejects_blocks_that_are_no_header),
		cmocka_unit_test(rejects_every_single_flipped_bit),
		cmocka_unit_test(rejects_the_other_copy),
		cmocka_unit_test(rejects_values_out_of_range_although_the_sum_is_right),
		cmocka_unit_test(rejects_a_map_that_names_a_node_twice),
		cmocka_unit_test(a_later_format_that_names_this_one_as_readable_is_read),
		cmocka_unit_test(labels_are_short_words),
		cmocka_unit_test(the_last_slot_ends_where_the_disk_ends),
		cmocka_unit_test(golden_images_are_what_is_written_and_read),
		cmocka_unit_test(nothing_is_chosen_when_no_copy_verifies),
		cmocka_unit_test(either_copy_alone_is_enough),
		cmocka_unit_test(copies_of_two_disks_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

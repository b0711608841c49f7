/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32c.h"
#include "base/crc32c_table.h"

/* One bit at a time, straight from the definition. */
static uint32_t sum_slowly(const uint8_t *p, size_t size)
{
	uint32_t crc = 0xffffffff;

	while (size-- != 0) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
	}
	return ~crc;
}

static void fill(uint8_t *p, size_t size, uint32_t seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1664525 + 1013904223;
		p[i] = (uint8_t)(seed >> 24);
	}
}

static void one_changed_bit_anywhere_in_a_block_changes_the_sum(void **state)
{
	uint8_t block[4092];
	uint32_t sum;

	(void)state;
	fill(block, sizeof(block), 7);
	sum = crc32c_sum(block, sizeof(block));
	for (size_t bit = 0; bit < 8 * sizeof(block); bit++) {
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(crc32c_sum(block, sizeof(block)), sum);
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void sums_are_those_of_rfc_3720(void **state)
{
	uint8_t data[32];

	(void)state;
	assert_int_equal(crc32c_sum("123456789", 9), 0xe3069283);
	memset(data, 0, sizeof(data));
	assert_int_equal(crc32c_sum(data, sizeof(data)), 0x8a9136aa);
	memset(data, 0xff, sizeof(data));
	assert_int_equal(crc32c_sum(data, sizeof(data)), 0x62a8ab43);
	for (uint8_t i = 0; i < sizeof(data); i++)
		data[i] = i;
	assert_int_equal(crc32c_sum(data, sizeof(data)), 0x46dd794e);
	assert_int_equal(crc32c_sum(data, 0), 0);
}

static void instruction_tables_and_definition_agree_at_every_size_and_alignment(void **state)
{
	static uint8_t data[16384 + 8];
	static const size_t sizes[] = { 1359, 1360, 1361, 4079, 4080, 4081,  4088, 4092,
					4096, 4100, 8063, 8064, 8065, 12240, 16384 };

	(void)state;
	fill(data, sizeof(data), 1);
	for (size_t shift = 0; shift < 8; shift++) {
		for (size_t size = 0; size < 200; size++) {
			uint32_t sum = sum_slowly(data + shift, size);

			assert_int_equal(crc32c_sum(data + shift, size), sum);
			assert_int_equal(crc32c_sum_portable(data + shift, size), sum);
		}
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			uint32_t sum = sum_slowly(data + shift, sizes[i]);

			assert_int_equal(crc32c_sum(data + shift, sizes[i]), sum);
			assert_int_equal(crc32c_sum_portable(data + shift, sizes[i]), sum);
		}
	}
}

static void zeros_can_be_appended_without_being_there(void **state)
{
	static const uint32_t many[] = { 8190, 8191, 8192, 8193, 16383, 16384, 20000, 65535 };
	static uint8_t data[100 + 65535];
	uint32_t sum;

	(void)state;
	fill(data, 100, 3);
	sum = crc32c_sum(data, 100);
	for (uint32_t count = 0; count < 4200; count++) {
		assert_int_equal(crc32c_append_zeros(sum, count), crc32c_sum(data, 100 + count));
		assert_int_equal(crc32c_append_zeros_portable(sum, count),
				 crc32c_sum(data, 100 + count));
	}
	for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		assert_int_equal(crc32c_append_zeros(sum, many[i]),
				 crc32c_sum(data, 100 + many[i]));
		assert_int_equal(crc32c_append_zeros_portable(sum, many[i]),
				 crc32c_sum(data, 100 + many[i]));
	}
}

static void each_table_entry_follows_from_the_polynomial(void **state)
{
	(void)state;
	for (uint32_t b = 0; b < 256; b++) {
		uint32_t crc = b;

		for (int k = 0; k < 8; k++) {
			for (int bit = 0; bit < 8; bit++)
				crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
			assert_int_equal(crc32c_table[k][b], crc);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_changed_bit_anywhere_in_a_block_changes_the_sum),
		cmocka_unit_test(sums_are_those_of_rfc_3720),
		cmocka_unit_test(
			instruction_tables_and_definition_agree_at_every_size_and_alignment),
		cmocka_unit_test(zeros_can_be_appended_without_being_there),
		cmocka_unit_test(each_table_entry_follows_from_the_polynomial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

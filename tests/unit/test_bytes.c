/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void reader_fails_once_and_stays_failed_at_the_first_byte_beyond_the_end(void **state)
{
	const uint8_t data[5] = { 1, 2, 3, 4, 5 };
	struct bytes_reader r;

	(void)state;
	bytes_reader_init(&r, data, sizeof(data));
	assert_int_equal(bytes_get_u32(&r), 0x04030201);
	assert_int_equal(bytes_get_u16(&r), 0);
	assert_true(r.failed);
	/* One byte is left, but a failed reader gives no more values. */
	assert_int_equal(bytes_get_u8(&r), 0);
	assert_false(bytes_reader_done(&r));
}

static void reader_with_bytes_left_is_not_done(void **state)
{
	const uint8_t data[3] = { 1, 2, 3 };
	struct bytes_reader r;

	(void)state;
	bytes_reader_init(&r, data, sizeof(data));
	(void)bytes_get_u16(&r);
	assert_false(bytes_reader_done(&r));
	assert_int_equal(bytes_get_u8(&r), 3);
	assert_true(bytes_reader_done(&r));
}

static void reader_survives_a_size_that_would_wrap_around(void **state)
{
	const uint8_t data[4] = { 1, 2, 3, 4 };
	uint8_t out[4] = { 9, 9, 9, 9 };
	struct bytes_reader r;

	(void)state;
	bytes_reader_init(&r, data, sizeof(data));
	(void)bytes_get_u8(&r);
	bytes_get_raw(&r, out, sizeof(out));
	assert_true(r.failed);
	assert_true(bytes_all_zero(out, sizeof(out)));
	assert_int_equal(r.at, 1);
}

static void text_without_nul_is_refused(void **state)
{
	const uint8_t data[4] = { 'a', 'b', 'c', 'd' };
	char out[4];
	struct bytes_reader r;

	(void)state;
	bytes_reader_init(&r, data, sizeof(data));
	bytes_get_text(&r, out, sizeof(out));
	assert_true(r.failed);
	assert_int_equal(out[0], 0);
}

static void text_with_anything_behind_its_nul_is_refused(void **state)
{
	const uint8_t data[4] = { 'a', 0, 0, 'd' };
	char out[4];
	struct bytes_reader r;

	(void)state;
	bytes_reader_init(&r, data, sizeof(data));
	bytes_get_text(&r, out, sizeof(out));
	assert_true(r.failed);
}

static void writer_writes_nothing_beyond_its_buffer(void **state)
{
	uint8_t data[8];
	struct bytes_writer w;

	(void)state;
	memset(data, 0xee, sizeof(data));
	bytes_writer_init(&w, data, 5);
	bytes_put_u32(&w, 0x04030201);
	bytes_put_u16(&w, 0x0605);
	assert_true(w.failed);
	bytes_put_u8(&w, 7);
	assert_int_equal(w.at, 4);
	for (size_t i = 4; i < sizeof(data); i++)
		assert_int_equal(data[i], 0xee);
}

static void text_that_does_not_fit_with_its_nul_is_refused(void **state)
{
	uint8_t data[8];
	struct bytes_writer w;

	(void)state;
	bytes_writer_init(&w, data, sizeof(data));
	bytes_put_text(&w, "abcd", 4);
	assert_true(w.failed);
}

static void all_zero_notices_one_byte_at_any_place(void **state)
{
	uint8_t data[100] = { 0 };

	(void)state;
	for (size_t size = 0; size <= sizeof(data); size++) {
		assert_true(bytes_all_zero(data, size));
		for (size_t at = 0; at < size; at++) {
			data[at] = 0x10;
			assert_false(bytes_all_zero(data, size));
			data[at] = 0;
		}
		if (size < sizeof(data)) {
			data[size] = 1;
			assert_true(bytes_all_zero(data, size));
			data[size] = 0;
		}
	}
}

static void everything_written_is_read_back_and_little_endian(void **state)
{
	const uint8_t expected[] = { 0x12, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12, 8, 7,   6,  5,
				     4,	   3,	 2,    1,    'r',  'q',	 0,    0, 'x', 'y' };
	uint8_t data[sizeof(expected)];
	char text[4];
	char raw[2];
	struct bytes_writer w;
	struct bytes_reader r;

	(void)state;
	bytes_writer_init(&w, data, sizeof(data));
	bytes_put_u8(&w, 0x12);
	bytes_put_u16(&w, 0x1234);
	bytes_put_u32(&w, 0x12345678);
	bytes_put_u64(&w, 0x0102030405060708);
	bytes_put_text(&w, "rq", 4);
	bytes_put_raw(&w, "xy", 2);
	assert_false(w.failed);
	assert_int_equal(w.at, sizeof(data));
	assert_memory_equal(data, expected, sizeof(data));

	bytes_reader_init(&r, data, sizeof(data));
	assert_int_equal(bytes_get_u8(&r), 0x12);
	assert_int_equal(bytes_get_u16(&r), 0x1234);
	assert_int_equal(bytes_get_u32(&r), 0x12345678);
	assert_true(bytes_get_u64(&r) == 0x0102030405060708);
	bytes_get_text(&r, text, sizeof(text));
	assert_string_equal(text, "rq");
	bytes_get_raw(&r, raw, sizeof(raw));
	assert_memory_equal(raw, "xy", 2);
	assert_true(bytes_reader_done(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			reader_fails_once_and_stays_failed_at_the_first_byte_beyond_the_end),
		cmocka_unit_test(reader_with_bytes_left_is_not_done),
		cmocka_unit_test(reader_survives_a_size_that_would_wrap_around),
		cmocka_unit_test(text_without_nul_is_refused),
		cmocka_unit_test(text_with_anything_behind_its_nul_is_refused),
		cmocka_unit_test(writer_writes_nothing_beyond_its_buffer),
		cmocka_unit_test(text_that_does_not_fit_with_its_nul_is_refused),
		cmocka_unit_test(all_zero_notices_one_byte_at_any_place),
		cmocka_unit_test(everything_written_is_read_back_and_little_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

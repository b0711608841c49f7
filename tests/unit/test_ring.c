/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include "shell/page.h"
#include "shell/ring.h"

enum { ROUNDS = 200000 };

static RING_OF(256, small);
static RING_OF(1 << 12, shared);

static void refuses_and_counts_what_does_not_fit(void **state)
{
	char record[253] = "x";

	(void)state;
	RING_INIT(&small);
	assert_false(ring_put(&small.ring, record, 253));
	assert_true(ring_put(&small.ring, record, 252));
	assert_false(ring_put(&small.ring, record, 1));
	assert_false(ring_put(&small.ring, record, 0));
	assert_int_equal(small.ring.dropped, 3);
	assert_int_equal(ring_take(&small.ring, record, sizeof(record)), 252);
	assert_int_equal(ring_take(&small.ring, record, sizeof(record)), 0);
	assert_int_equal(ring_waiting(&small.ring), 0);
}

static void cuts_a_record_that_is_longer_than_the_room(void **state)
{
	char out[4];

	(void)state;
	RING_INIT(&small);
	assert_true(ring_put(&small.ring, "abcdefg", 7));
	assert_true(ring_put(&small.ring, "hi", 2));
	assert_int_equal(ring_take(&small.ring, out, sizeof(out)), 4);
	assert_memory_equal(out, "abcd", 4);
	assert_int_equal(ring_take(&small.ring, out, sizeof(out)), 2);
	assert_memory_equal(out, "hi", 2);
}

static void a_record_is_whole_across_the_end_of_the_data(void **state)
{
	char in[101];
	char out[101];

	(void)state;
	RING_INIT(&small);
	for (int i = 0; i < 1000; i++) {
		uint32_t size = (uint32_t)(1 + i % 101);

		memset(in, 'a' + i % 26, sizeof(in));
		assert_true(ring_put(&small.ring, in, size));
		memset(out, 0, sizeof(out));
		assert_int_equal(ring_take(&small.ring, out, sizeof(out)), size);
		assert_memory_equal(in, out, size);
	}
	assert_int_equal(small.ring.dropped, 0);
}

static void *produce(void *user)
{
	uint64_t record[8];

	(void)user;
	for (uint64_t n = 1; n <= ROUNDS; n++) {
		uint32_t words = (uint32_t)(1 + n % 8);

		for (uint32_t i = 0; i < words; i++)
			record[i] = n * (i + 1);
		while (!ring_put(&shared.ring, record, words * (uint32_t)sizeof(record[0])))
			sched_yield();
	}
	return NULL;
}

static void two_sides_at_once_lose_and_tear_nothing(void **state)
{
	uint64_t record[8];
	pthread_t thread;

	(void)state;
	RING_INIT(&shared);
	assert_int_equal(pthread_create(&thread, NULL, produce, NULL), 0);
	for (uint64_t n = 1; n <= ROUNDS; n++) {
		uint32_t size;

		while ((size = ring_take(&shared.ring, record, sizeof(record))) == 0)
			sched_yield();
		assert_int_equal(size, (1 + n % 8) * sizeof(record[0]));
		for (uint32_t i = 0; i < size / sizeof(record[0]); i++)
			assert_int_equal(record[i], n * (i + 1));
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(ring_take(&shared.ring, record, sizeof(record)), 0);
}

struct big {
	uint64_t word[100];
};

static PAGE_OF(struct big, page);
static _Atomic int page_stop;

static void an_empty_page_leaves_the_value_alone(void **state)
{
	struct big b = { .word = { 7 } };

	(void)state;
	memset(&page, 0, sizeof(page));
	assert_int_equal(PAGE_GET(&page, &b), 0);
	assert_int_equal(b.word[0], 7);
	b.word[0] = 8;
	PAGE_PUT(&page, &b);
	b.word[0] = 0;
	assert_int_equal(PAGE_GET(&page, &b), 1);
	assert_int_equal(b.word[0], 8);
}

static void a_writer_killed_in_the_middle_leaves_the_last_value(void **state)
{
	struct big b;

	(void)state;
	memset(&page, 0, sizeof(page));
	memset(&b, 1, sizeof(b));
	PAGE_PUT(&page, &b);
	memset(&b, 2, sizeof(b));
	PAGE_PUT(&page, &b);
	/* What a third put would have written first. */
	memset(&page.copy[1], 3, sizeof(b) / 2);
	assert_int_equal(PAGE_GET(&page, &b), 2);
	assert_int_equal(b.word[0] & 255, 2);
	/* And its successor goes on from there. */
	memset(&b, 4, sizeof(b));
	PAGE_PUT(&page, &b);
	memset(&b, 0, sizeof(b));
	assert_int_equal(PAGE_GET(&page, &b), 3);
	assert_int_equal(b.word[99] & 255, 4);
}

static void *write_pages(void *user)
{
	struct big b;

	(void)user;
	for (uint64_t n = 1; atomic_load(&page_stop) == 0; n++) {
		for (int i = 0; i < 100; i++)
			b.word[i] = n;
		PAGE_PUT(&page, &b);
	}
	return NULL;
}

static void a_reader_never_sees_a_mixture(void **state)
{
	pthread_t thread;
	uint64_t last = 0;
	uint32_t seen = 0;
	time_t end = time(NULL) + 60;

	(void)state;
	memset(&page, 0, sizeof(page));
	atomic_store(&page_stop, 0);
	assert_int_equal(pthread_create(&thread, NULL, write_pages, NULL), 0);
	while (seen < ROUNDS && time(NULL) < end) {
		struct big b;
		uint64_t count = PAGE_GET(&page, &b);

		if (count == 0) {
			/* The writer was faster eight times, or has not begun. */
			(void)sched_yield();
			continue;
		}
		seen++;
		assert_true(count >= last);
		last = count;
		for (int i = 0; i < 100; i++)
			assert_int_equal(b.word[i], count);
	}
	atomic_store(&page_stop, 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(seen > ROUNDS / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_and_counts_what_does_not_fit),
		cmocka_unit_test(cuts_a_record_that_is_longer_than_the_room),
		cmocka_unit_test(a_record_is_whole_across_the_end_of_the_data),
		cmocka_unit_test(two_sides_at_once_lose_and_tear_nothing),
		cmocka_unit_test(an_empty_page_leaves_the_value_alone),
		cmocka_unit_test(a_writer_killed_in_the_middle_leaves_the_last_value),
		cmocka_unit_test(a_reader_never_sees_a_mixture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

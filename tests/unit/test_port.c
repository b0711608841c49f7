/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/port.h"

enum { T0 = 100000, HOLD = 450, POLL = 90, LATE = 60000, OFFSET = 8192 };

static struct shm *shm;
static struct port port;
static struct event event;
static struct slot slot;
static const uint8_t uuid[UUID_SIZE] = { 1, 2, 3 };

static void worker_opens(void)
{
	struct shm_disk disk;

	memset(&disk, 0, sizeof(disk));
	disk.open = true;
	disk.slots_offset = OFFSET;
	disk.facts.slot_count = NODES_MAX;
	disk.facts.map.count = 10;
	disk.facts.map.node_id[9] = 5;
	memcpy(disk.facts.uuid, uuid, sizeof(uuid));
	PAGE_PUT(&shm->port[0].disk, &disk);
}

static void worker_ends(struct shm_io *io, enum rc rc, uint64_t start_ms, uint64_t end_ms)
{
	io->rc = rc;
	io->start_ms = start_ms;
	io->end_ms = end_ms;
	atomic_store(&io->ended, atomic_load(&io->submitted));
}

static bool outstanding(struct shm_io *io)
{
	return atomic_load(&io->submitted) != atomic_load(&io->ended);
}

static bool next(uint64_t now_ms)
{
	memset(&event, 0, sizeof(event));
	return port_next(&port, now_ms, &event);
}

/* A fresh decider beside a worker that has been there for a while. */
static int start(void **state)
{
	struct policy policy = { .hold_ms = HOLD, .poll_ms = POLL, .late_ms = LATE };

	(void)state;
	if (shm == NULL)
		shm = shm_create();
	assert_non_null(shm);
	memset(&shm->port[0], 0, sizeof(shm->port[0]));
	atomic_store(&shm->poll_started_ms, 0);
	port_init(&port, shm, 0, &policy);
	memset(&slot, 0, sizeof(slot));
	slot.node_id = 5;
	slot.sequence = 77;
	return 0;
}

static void open_disk(void)
{
	worker_opens();
	assert_true(next(T0));
	assert_int_equal(event.type, EVENT_DISK_OPENED);
	assert_false(next(T0));
}

static void a_disk_is_used_only_when_nothing_of_a_predecessor_is_outstanding(void **state)
{
	(void)state;
	worker_opens();
	atomic_store(&shm->port[0].write.submitted, 9);
	assert_false(next(T0));
	worker_ends(&shm->port[0].write, RC_OK, T0, T0);
	atomic_store(&shm->port[0].read.submitted, 3);
	assert_false(next(T0));
	worker_ends(&shm->port[0].read, RC_OK, T0, T0);
	assert_true(next(T0));
	assert_int_equal(event.type, EVENT_DISK_OPENED);
	assert_memory_equal(event.u.facts.uuid, uuid, UUID_SIZE);
}

/* It may have been killed between the request and the wake-up: the worker sleeps, and what is
 * outstanding would stay so until it looks by itself, in a minute. */
static void a_predecessor_s_request_is_woken_for(void **state)
{
	const struct policy policy = { .hold_ms = HOLD, .poll_ms = POLL, .late_ms = LATE };
	uint64_t woken = 0;
	ssize_t n;

	(void)state;
	shm_drain(shm->wake_fd[PROC_DISK0]);
	atomic_store(&shm->port[0].write.submitted, 9);
	port_init(&port, shm, 0, &policy);
	n = read(shm->wake_fd[PROC_DISK0], &woken, sizeof(woken));
	assert_int_equal(n, sizeof(woken));
}

static void a_disk_is_used_only_when_a_failed_write_cannot_land_any_more(void **state)
{
	(void)state;
	worker_opens();
	atomic_store(&shm->port[0].write_failed_ms, T0);
	assert_false(next(T0 + LATE - 1));
	assert_int_equal(port_deadline_ms(&port), T0 + LATE);
	assert_true(next(T0 + LATE));
	assert_int_equal(event.type, EVENT_DISK_OPENED);
}

/* A fresh decider, an old error and a disk that is gone: it would spin, at real-time priority. */
static void nothing_is_due_of_a_disk_that_is_not_there(void **state)
{
	struct shm_disk disk;

	(void)state;
	atomic_store(&shm->port[0].write_failed_ms, 1);
	assert_false(next(T0));
	assert_true(port_deadline_ms(&port) == UINT64_MAX);
	memset(&disk, 0, sizeof(disk));
	disk.rc = RC_NOTFOUND;
	PAGE_PUT(&shm->port[0].disk, &disk);
	assert_true(next(T0));
	assert_false(next(T0));
	assert_true(port_deadline_ms(&port) == UINT64_MAX);
}

static void an_absent_device_is_told_once_for_each_reason(void **state)
{
	struct shm_disk disk;

	(void)state;
	memset(&disk, 0, sizeof(disk));
	disk.rc = RC_NOTFOUND;
	PAGE_PUT(&shm->port[0].disk, &disk);
	assert_true(next(T0));
	assert_int_equal(event.type, EVENT_DISK_CLOSED);
	assert_int_equal(event.u.rc, RC_NOTFOUND);
	assert_false(next(T0));
	disk.rc = RC_REFUSED;
	PAGE_PUT(&shm->port[0].disk, &disk);
	assert_true(next(T0));
	assert_int_equal(event.u.rc, RC_REFUSED);
	assert_false(next(T0));
}

static void a_write_goes_to_its_copy_and_is_told_when_it_is_done(void **state)
{
	struct slot back;

	(void)state;
	open_disk();
	port_write(&port, 11, 3, 1, &slot, T0);
	assert_true(outstanding(&shm->port[0].write));
	assert_int_equal(shm->port[0].write.offset, OFFSET + 3 * 8192 + 4096);
	assert_int_equal(shm->port[0].write.size, 4096);
	assert_int_equal(slotwire_decode(shm->buffer[0], uuid, 3, 1, &back), RC_OK);
	assert_int_equal(back.sequence, 77);
	assert_false(next(T0 + 1));
	worker_ends(&shm->port[0].write, RC_OK, T0 + 1, T0 + 2);
	assert_true(next(T0 + 2));
	assert_int_equal(event.type, EVENT_WRITE_DONE);
	assert_int_equal(event.u.io.token, 11);
	assert_int_equal(event.u.io.outcome, IO_DONE);
	assert_int_equal(event.u.io.start_ms, T0 + 1);
	assert_int_equal(event.u.io.end_ms, T0 + 2);
	assert_false(next(T0 + 2));
}

static void an_unanswered_write_is_unknown_once_and_its_outcome_comes_later(void **state)
{
	(void)state;
	open_disk();
	port_write(&port, 12, 0, 0, &slot, T0);
	assert_int_equal(port_deadline_ms(&port), T0 + HOLD / 2);
	assert_false(next(T0 + HOLD / 2 - 1));
	assert_true(next(T0 + HOLD / 2));
	assert_int_equal(event.type, EVENT_WRITE_DONE);
	assert_int_equal(event.u.io.outcome, IO_UNKNOWN);
	assert_int_equal(event.u.io.token, 12);
	assert_false(next(T0 + 10 * HOLD));
	worker_ends(&shm->port[0].write, RC_IO, T0, T0 + 20 * HOLD);
	assert_true(next(T0 + 20 * HOLD));
	assert_int_equal(event.u.io.outcome, IO_FAILED);
	assert_int_equal(event.u.io.token, 12);
}

static void no_block_is_written_while_a_poll_hangs(void **state)
{
	(void)state;
	open_disk();
	atomic_store(&shm->poll_started_ms, T0 - POLL - 1);
	port_write(&port, 13, 0, 0, &slot, T0);
	assert_false(outstanding(&shm->port[0].write));
	assert_false(next(T0 + 50));
	assert_false(outstanding(&shm->port[0].write));
	/* It is told as unknown meanwhile, and submitted when the poll has returned. */
	assert_true(next(T0 + HOLD));
	assert_int_equal(event.u.io.outcome, IO_UNKNOWN);
	atomic_store(&shm->poll_started_ms, 0);
	assert_false(next(T0 + HOLD));
	assert_true(outstanding(&shm->port[0].write));
	worker_ends(&shm->port[0].write, RC_OK, T0 + HOLD, T0 + HOLD + 1);
	assert_true(next(T0 + HOLD + 1));
	assert_int_equal(event.u.io.outcome, IO_DONE);
	assert_int_equal(event.u.io.start_ms, T0 + HOLD);
}

static void a_poll_within_its_time_holds_nothing_up(void **state)
{
	(void)state;
	open_disk();
	atomic_store(&shm->poll_started_ms, T0 - POLL);
	port_write(&port, 14, 0, 0, &slot, T0);
	assert_true(outstanding(&shm->port[0].write));
}

static void the_block_of_a_dead_worker_is_written_again_and_counts_from_the_first(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];

	(void)state;
	open_disk();
	port_write(&port, 15, 2, 1, &slot, T0);
	memcpy(block, shm->buffer[0], sizeof(block));
	memset(shm->buffer[0], 0xee, SLOTWIRE_SIZE);
	worker_ends(&shm->port[0].write, RC_GONE, 0, T0 + 30);
	assert_false(next(T0 + 30));
	assert_true(outstanding(&shm->port[0].write));
	assert_memory_equal(block, shm->buffer[0], sizeof(block));
	worker_ends(&shm->port[0].write, RC_OK, T0 + 40, T0 + 41);
	assert_true(next(T0 + 41));
	assert_int_equal(event.u.io.outcome, IO_DONE);
	assert_int_equal(event.u.io.start_ms, T0);
	assert_int_equal(event.u.io.end_ms, T0 + 41);
}

/* Put a slot into the place where the last read was asked to put it. */
static void fill(uint32_t low, uint32_t index, uint32_t copy, uint64_t sequence)
{
	slot.sequence = sequence;
	slotwire_encode(&slot, uuid, index, copy,
			shm->buffer[0] + SHM_WRITE_SIZE + (size_t)(index - low) * SHM_PAIR_SIZE +
				(size_t)copy * SLOTWIRE_SIZE);
}

static void one_read_spans_the_slots_and_tells_each(void **state)
{
	(void)state;
	open_disk();
	port_read(&port, 16, slot_bit(2) | slot_bit(5), T0);
	assert_int_equal(shm->port[0].read.offset, OFFSET + 2 * 8192);
	assert_int_equal(shm->port[0].read.size, 4 * 8192);
	fill(2, 2, 0, 8);
	fill(2, 2, 1, 9);
	fill(2, 5, 0, 21);
	fill(2, 5, 1, 20);
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 3);
	assert_true(next(T0 + 3));
	assert_int_equal(event.type, EVENT_READ_DONE);
	assert_int_equal(event.u.io.mask, slot_bit(2) | slot_bit(5));
	assert_int_equal(event.u.io.slots[2].rc, RC_OK);
	assert_int_equal(event.u.io.slots[2].slot.sequence, 9);
	assert_int_equal(event.u.io.slots[2].copy, 1);
	assert_int_equal(event.u.io.slots[5].slot.sequence, 21);
	assert_int_equal(event.u.io.slots[5].copy, 0);
}

static void a_torn_copy_is_read_again_until_the_same_pair_is_seen_twice(void **state)
{
	(void)state;
	open_disk();
	port_read(&port, 17, slot_bit(0) | slot_bit(1), T0);
	fill(0, 0, 0, 4);
	fill(0, 0, 1, 5);
	fill(0, 1, 0, 30);
	fill(0, 1, 1, 31);
	shm->buffer[0][SHM_WRITE_SIZE + 8192 + 4096 + 900] ^= 1;
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 2);
	/* Slot 0 is settled: slot 1 alone is read again. */
	assert_false(next(T0 + 2));
	assert_true(outstanding(&shm->port[0].read));
	assert_int_equal(shm->port[0].read.offset, OFFSET + 8192);
	assert_int_equal(shm->port[0].read.size, 8192);
	/* Another pair than before: caught while it is being written. */
	fill(1, 1, 0, 32);
	fill(1, 1, 1, 31);
	shm->buffer[0][SHM_WRITE_SIZE + 4096 + 901] ^= 1;
	worker_ends(&shm->port[0].read, RC_OK, T0 + 3, T0 + 4);
	assert_false(next(T0 + 4));
	/* The very same pair: rotten, the other copy counts. */
	worker_ends(&shm->port[0].read, RC_OK, T0 + 5, T0 + 6);
	assert_true(next(T0 + 6));
	assert_int_equal(event.u.io.outcome, IO_DONE);
	assert_int_equal(event.u.io.slots[1].rc, RC_OK);
	assert_int_equal(event.u.io.slots[1].slot.sequence, 32);
	assert_int_equal(event.u.io.slots[0].slot.sequence, 5);
	/* It began with the first of the reads and ended with the last. */
	assert_int_equal(event.u.io.start_ms, T0 + 1);
	assert_int_equal(event.u.io.end_ms, T0 + 6);
}

static void a_slot_that_never_settles_is_unreadable(void **state)
{
	int rounds = 0;

	(void)state;
	open_disk();
	port_read(&port, 18, slot_bit(0), T0);
	do {
		fill(0, 0, 0, (uint64_t)(100 + rounds));
		fill(0, 0, 1, (uint64_t)(100 + rounds));
		shm->buffer[0][SHM_WRITE_SIZE + 700] ^= 1;
		worker_ends(&shm->port[0].read, RC_OK, T0, T0);
		assert_true(++rounds < 100);
	} while (!next(T0));
	assert_int_not_equal(event.u.io.slots[0].rc, RC_OK);
}

/* disk init leaves a slot without a node all zero, and a torn first write leaves it so; a stray bit
 * in copy 0, which is not the first that is written, makes it an unreadable one. */
static void a_slot_that_was_never_written_is_told_as_such(void **state)
{
	uint8_t *blocks;

	(void)state;
	open_disk();
	blocks = shm->buffer[0] + SHM_WRITE_SIZE;
	memset(blocks, 0, (size_t)2 * SHM_PAIR_SIZE);
	port_read(&port, 15, slot_bit(4), T0);
	worker_ends(&shm->port[0].read, RC_OK, T0, T0 + 1);
	assert_true(next(T0 + 1));
	assert_int_equal(event.u.io.slots[4].rc, RC_OK);
	assert_int_equal(event.u.io.slots[4].slot.node_id, 0);
	assert_int_equal(event.u.io.slots[4].slot.sequence, 0);
	blocks[SHM_PAIR_SIZE - 1] = 1;
	port_read(&port, 16, slot_bit(4), T0 + 1);
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 2);
	assert_true(next(T0 + 2));
	assert_int_equal(event.u.io.slots[4].rc, RC_OK);
	assert_int_equal(event.u.io.slots[4].slot.node_id, 0);
	blocks[SHM_PAIR_SIZE / 2 - 1] = 1;
	port_read(&port, 17, slot_bit(4), T0 + 2);
	for (int i = 0; i < 2; i++) {
		worker_ends(&shm->port[0].read, RC_OK, T0 + 2, T0 + 3);
		assert_int_equal(next(T0 + 3), i == 1);
	}
	assert_int_equal(event.u.io.slots[4].rc, RC_BADMAGIC);
}

/* Its running owner writes it again, as any slot of which no copy verifies. */
static void zeros_where_disk_init_wrote_a_block_do_not_verify(void **state)
{
	(void)state;
	open_disk();
	memset(shm->buffer[0] + SHM_WRITE_SIZE, 0, SHM_PAIR_SIZE);
	port_read(&port, 15, slot_bit(9), T0);
	for (int i = 0; i < 2; i++) {
		worker_ends(&shm->port[0].read, RC_OK, T0, T0 + 1);
		assert_int_equal(next(T0 + 1), i == 1);
	}
	assert_int_equal(event.u.io.slots[9].rc, RC_BADMAGIC);
}

static void a_failed_read_tells_no_slot(void **state)
{
	(void)state;
	open_disk();
	port_read(&port, 19, slot_bit(0), T0);
	worker_ends(&shm->port[0].read, RC_IO, T0, T0 + 1);
	assert_true(next(T0 + 1));
	assert_int_equal(event.u.io.outcome, IO_FAILED);
	assert_null(event.u.io.slots);
	assert_int_equal(event.u.io.token, 19);
}

/* What the beat before read is submitted behind the write. */
static void write_with_read(uint64_t mask, uint64_t now_ms)
{
	open_disk();
	memset(shm->buffer[0], 0, SHM_BUFFER_SIZE); /* slots that were never written */
	port_read(&port, 20, mask, now_ms - 100);
	worker_ends(&shm->port[0].read, RC_OK, now_ms - 99, now_ms - 98);
	assert_true(next(now_ms - 98));
	port_write(&port, 21, 0, 0, &slot, now_ms);
	assert_true(outstanding(&shm->port[0].write));
}

static void the_first_write_reads_nothing_ahead(void **state)
{
	(void)state;
	open_disk();
	port_write(&port, 21, 0, 0, &slot, T0);
	assert_false(outstanding(&shm->port[0].read));
}

static void a_read_that_went_along_answers_the_one_asked_for(void **state)
{
	(void)state;
	write_with_read(slot_bit(2) | slot_bit(5), T0);
	assert_true(outstanding(&shm->port[0].read));
	assert_int_equal(shm->port[0].read.offset, OFFSET + 2 * 8192);
	assert_int_equal(shm->port[0].read.size, 4 * 8192);
	worker_ends(&shm->port[0].write, RC_OK, T0, T0 + 1);
	fill(2, 2, 0, 40);
	fill(2, 2, 1, 41);
	fill(2, 5, 0, 50);
	fill(2, 5, 1, 51);
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 2);
	/* Of the read the core hears only what it asked for, and when. */
	assert_true(next(T0 + 2));
	assert_int_equal(event.type, EVENT_WRITE_DONE);
	assert_false(next(T0 + 2));
	port_read(&port, 22, slot_bit(2) | slot_bit(5), T0 + 2);
	assert_true(next(T0 + 2));
	assert_int_equal(event.type, EVENT_READ_DONE);
	assert_int_equal(event.u.io.token, 22);
	assert_int_equal(event.u.io.start_ms, T0 + 1);
	assert_int_equal(event.u.io.slots[5].slot.sequence, 51);
	assert_false(outstanding(&shm->port[0].read));
}

static void a_read_that_went_along_may_still_be_under_way(void **state)
{
	(void)state;
	write_with_read(slot_bit(0), T0);
	worker_ends(&shm->port[0].write, RC_OK, T0, T0 + 1);
	assert_true(next(T0 + 1));
	port_read(&port, 22, slot_bit(0), T0 + 1);
	assert_false(next(T0 + 1));
	fill(0, 0, 0, 60);
	fill(0, 0, 1, 61);
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 5);
	assert_true(next(T0 + 5));
	assert_int_equal(event.u.io.token, 22);
	assert_int_equal(event.u.io.slots[0].slot.sequence, 61);
}

/* What is under way is waited for, as a worker does one read at a time, and then read anew. */
static void expect_read_anew(uint64_t mask, uint64_t now_ms)
{
	bool stray = outstanding(&shm->port[0].read);

	port_read(&port, 22, mask, now_ms);
	if (stray) {
		worker_ends(&shm->port[0].read, RC_OK, now_ms, now_ms);
		assert_false(next(now_ms));
	}
	assert_true(outstanding(&shm->port[0].read));
	assert_int_equal(shm->port[0].read.offset, OFFSET + (uint64_t)__builtin_ctzll(mask) * 8192);
	fill((uint32_t)__builtin_ctzll(mask), (uint32_t)__builtin_ctzll(mask), 0, 70);
	fill((uint32_t)__builtin_ctzll(mask), (uint32_t)__builtin_ctzll(mask), 1, 71);
	worker_ends(&shm->port[0].read, RC_OK, now_ms + 1, now_ms + 2);
	assert_true(next(now_ms + 2));
	assert_int_equal(event.type, EVENT_READ_DONE);
	assert_int_equal(event.u.io.start_ms, now_ms + 1);
}

static void a_read_of_other_slots_than_went_along_is_a_new_one(void **state)
{
	(void)state;
	write_with_read(slot_bit(0), T0);
	worker_ends(&shm->port[0].write, RC_OK, T0, T0 + 1);
	assert_true(next(T0 + 1));
	expect_read_anew(slot_bit(3), T0 + 1);
}

static void what_went_along_with_a_failed_write_is_not_used(void **state)
{
	(void)state;
	for (int ended = 0; ended < 2; ended++) {
		(void)start(state);
		write_with_read(slot_bit(0), T0);
		worker_ends(&shm->port[0].write, RC_IO, T0, T0 + 1);
		if (ended == 1)
			worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 2);
		assert_true(next(T0 + 2));
		assert_int_equal(event.u.io.outcome, IO_FAILED);
		expect_read_anew(slot_bit(0), T0 + 4);
	}
}

static void what_went_along_with_a_dead_workers_write_is_not_used(void **state)
{
	(void)state;
	write_with_read(slot_bit(0), T0);
	worker_ends(&shm->port[0].write, RC_GONE, 0, T0 + 30);
	worker_ends(&shm->port[0].read, RC_GONE, 0, T0 + 30);
	assert_false(next(T0 + 30));
	assert_true(outstanding(&shm->port[0].write));
	assert_false(outstanding(&shm->port[0].read));
	worker_ends(&shm->port[0].write, RC_OK, T0 + 31, T0 + 32);
	assert_true(next(T0 + 32));
	expect_read_anew(slot_bit(0), T0 + 32);
}

static void what_was_read_long_before_it_was_asked_for_is_not_used(void **state)
{
	(void)state;
	write_with_read(slot_bit(0), T0);
	worker_ends(&shm->port[0].write, RC_OK, T0, T0 + 1);
	worker_ends(&shm->port[0].read, RC_OK, T0 + 1, T0 + 2);
	assert_true(next(T0 + 2 + POLL));
	expect_read_anew(slot_bit(0), T0 + 2 + POLL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			a_disk_is_used_only_when_nothing_of_a_predecessor_is_outstanding, start),
		cmocka_unit_test_setup(a_predecessor_s_request_is_woken_for, start),
		cmocka_unit_test_setup(a_disk_is_used_only_when_a_failed_write_cannot_land_any_more,
				       start),
		cmocka_unit_test_setup(nothing_is_due_of_a_disk_that_is_not_there, start),
		cmocka_unit_test_setup(an_absent_device_is_told_once_for_each_reason, start),
		cmocka_unit_test_setup(a_write_goes_to_its_copy_and_is_told_when_it_is_done, start),
		cmocka_unit_test_setup(
			an_unanswered_write_is_unknown_once_and_its_outcome_comes_later, start),
		cmocka_unit_test_setup(no_block_is_written_while_a_poll_hangs, start),
		cmocka_unit_test_setup(a_poll_within_its_time_holds_nothing_up, start),
		cmocka_unit_test_setup(
			the_block_of_a_dead_worker_is_written_again_and_counts_from_the_first,
			start),
		cmocka_unit_test_setup(one_read_spans_the_slots_and_tells_each, start),
		cmocka_unit_test_setup(a_torn_copy_is_read_again_until_the_same_pair_is_seen_twice,
				       start),
		cmocka_unit_test_setup(a_slot_that_never_settles_is_unreadable, start),
		cmocka_unit_test_setup(a_slot_that_was_never_written_is_told_as_such, start),
		cmocka_unit_test_setup(zeros_where_disk_init_wrote_a_block_do_not_verify, start),
		cmocka_unit_test_setup(a_failed_read_tells_no_slot, start),
		cmocka_unit_test_setup(the_first_write_reads_nothing_ahead, start),
		cmocka_unit_test_setup(a_read_that_went_along_answers_the_one_asked_for, start),
		cmocka_unit_test_setup(a_read_that_went_along_may_still_be_under_way, start),
		cmocka_unit_test_setup(a_read_of_other_slots_than_went_along_is_a_new_one, start),
		cmocka_unit_test_setup(what_went_along_with_a_failed_write_is_not_used, start),
		cmocka_unit_test_setup(what_went_along_with_a_dead_workers_write_is_not_used,
				       start),
		cmocka_unit_test_setup(what_was_read_long_before_it_was_asked_for_is_not_used,
				       start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

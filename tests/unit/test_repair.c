/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl disk repair`: what it refuses, what it writes, and that a cluster goes on from that. */
#include <corosync/cmap.h>

#include "fixture_arb.h"
#include "fixture_disk.h"
#include "fixture_tool.h"
#include "tool/disk.h"
#include "tool/disk_repair.h"

static char path[BLKDEV_PATH_SIZE];

/* A stand-in for corosync's library: what its cmap says of node 2's place in the ring. */
static struct {
	bool runs;
	uint32_t own;	    /* 0: not in a ring yet */
	const char *status; /* NULL: no such key */
	const char *later;  /* after the first question, NULL: the same */
	const char *cluster;
} ring = { .cluster = "demo" };

cs_error_t cmap_initialize(cmap_handle_t *handle)
{
	*handle = 1;
	return ring.runs ? CS_OK : CS_ERR_LIBRARY;
}

cs_error_t cmap_finalize(cmap_handle_t handle)
{
	assert_int_equal(handle, 1);
	return CS_OK;
}

cs_error_t cmap_get_string(cmap_handle_t handle, const char *key_name, char **value)
{
	assert_int_equal(handle, 1);
	if (strcmp(key_name, "totem.cluster_name") == 0) {
		*value = ring.cluster != NULL ? strdup(ring.cluster) : NULL;
		return ring.cluster != NULL ? CS_OK : CS_ERR_NOT_EXIST;
	}
	assert_string_equal(key_name, "runtime.members.2.status");
	if (ring.status == NULL)
		return CS_ERR_NOT_EXIST;
	*value = strdup(ring.status);
	if (ring.later != NULL)
		ring.status = ring.later;
	return CS_OK;
}

cs_error_t cmap_get_uint32(cmap_handle_t handle, const char *key_name, uint32_t *u32)
{
	assert_int_equal(handle, 1);
	assert_string_equal(key_name, "runtime.votequorum.this_node_id");
	*u32 = ring.own;
	return ring.own != 0 ? CS_OK : CS_ERR_NOT_EXIST;
}

static uint8_t image[HEADWIRE_DISK_SIZE];
static uint8_t image_after[HEADWIRE_DISK_SIZE];
static struct disk_header head;

static void read_whole(uint8_t *to)
{
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	assert_int_equal(fread(to, 1, HEADWIRE_DISK_SIZE, f), HEADWIRE_DISK_SIZE);
	(void)fclose(f);
}

static void make_disk(void)
{
	assert_true(fixture_file("disk", 1024 * 1024, path));
	if (call(disk_main, "disk", "init", "--lab", "--label", "unit", "--config", conf, path,
		 NULL) != 0)
		fail_msg("%s", err);
	read_whole(image);
	assert_int_equal(headwire_choose(image, &head), RC_OK);
}

static void rot(uint32_t slot_index, uint32_t copy)
{
	assert_true(
		fixture_put(path, "rot", 3, headwire_slot_offset(&head, slot_index, copy) + 200));
}

static void put_slot(const struct slot *s, uint32_t slot_index)
{
	uint8_t block[SLOTWIRE_SIZE];

	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
		slotwire_encode(s, head.facts.uuid, slot_index, copy, block);
		assert_true(fixture_put(path, block, sizeof(block),
					headwire_slot_offset(&head, slot_index, copy)));
	}
}

static int repair(const char *a, const char *b, const char *c)
{
	return call(disk_main, "disk", "repair", path, "--clear-slot", "2", a, b, c, NULL);
}

/* Refused, though the slot was shown before; and no byte differs from `image`. */
static void shown_and_refused(int got, const char *phrase)
{
	if (got != 4 || !strstr(err, phrase) || !strstr(out, "copy 0 at byte"))
		fail_msg("exit code %d, '%s' expected:\n%s%s", got, phrase, err, out);
	read_whole(image_after);
	assert_memory_equal(image, image_after, sizeof(image));
}

static void a_slot_given_to_a_node_that_has_not_come_needs_nothing(void **state)
{
	uint32_t given;
	struct slot s;

	(void)state;
	make_disk();
	given = head.facts.map.count;
	assert_int_equal(slotwire_decode(image + headwire_slot_offset(&head, 0, 0), head.facts.uuid,
					 0, 0, &s),
			 RC_OK);
	s.bal = (struct number){ { 9, head.facts.map.node_id[0], 0 }, 1 };
	s.value.map.node_id[given] = 77;
	s.value.map.count = given + 1;
	put_slot(&s, 0);
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 0);
	assert_non_null(strstr(out, "nothing to repair"));
	/* Nor does one whose first write tore, which is told. */
	assert_null(strstr(out, "first block"));
	assert_true(fixture_put(path, "torn", 4, headwire_slot_offset(&head, given, 1)));
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 0);
	assert_non_null(strstr(out, "first block does not verify"));
	assert_non_null(strstr(out, "nothing to repair"));
	rot(given, 0);
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 1);
	assert_non_null(strstr(out, "of node 77: no copy verifies"));
}

static void bad_words_are_refused_in_one_line(void **state)
{
	(void)state;
	make_disk();
	refused(call(disk_main, "disk", "repair", NULL), 2, "which DEVICE?");
	refused(call(disk_main, "disk", "repair", "--clear-slot", "x", path, NULL), 2,
		"--clear-slot: a node id");
	refused(call(disk_main, "disk", "repair", "--confirm", path, NULL), 2,
		"are for --clear-slot");
	refused(call(disk_main, "disk", "repair", "--header", "--clear-slot", "2", path, NULL), 2,
		"the header first");
	refused(call(disk_main, "disk", "repair", "--force", path, NULL), 2, "--force");
	refused(call(disk_main, "disk", "repair", "--clear-slot", "9", path, NULL), 1,
		"node 9 has no slot");
	assert_true(fixture_file("disk", 1024 * 1024, path));
	refused(call(disk_main, "disk", "repair", path, NULL), 1, "no copy of a header");
}

static void a_good_disk_needs_nothing(void **state)
{
	(void)state;
	make_disk();
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 0);
	assert_non_null(strstr(out, "nothing to repair"));
	assert_int_equal(call(disk_main, "disk", "repair", "--header", path, NULL), 0);
	refused(repair("--confirm", "--all-nodes-stopped", NULL), 4, "verifies");
	/* One good copy is enough: its owner mends the other. */
	rot(1, 0);
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 0);
	refused(repair("--confirm", "--all-nodes-stopped", NULL), 4, "verifies");
}

static void a_header_comes_back_from_either_copy(void **state)
{
	(void)state;
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		make_disk();
		assert_true(fixture_put(path, "rot", 3, copy * HEADWIRE_SIZE + 90));
		assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 1);
		assert_non_null(strstr(out, "--header writes it anew"));
		assert_int_equal(call(disk_main, "disk", "repair", "--header", path, NULL), 0);
		read_whole(image_after);
		assert_memory_equal(image, image_after, sizeof(image));
	}
}

static void headers_of_two_disks_are_not_chosen_from(void **state)
{
	(void)state;
	make_disk();
	head.facts.uuid[0] ^= 1;
	headwire_encode(&head, 1, image_after);
	assert_true(fixture_put(path, image_after, HEADWIRE_SIZE, HEADWIRE_SIZE));
	refused(call(disk_main, "disk", "repair", "--header", path, NULL), 4, "different disks");
}

/* This program reads it and would write what it does not know away. */
static void a_header_of_a_later_format_is_left_to_a_later_program(void **state)
{
	(void)state;
	make_disk();
	fixture_later_header(image, 2, 1);
	assert_true(fixture_put(path, image, HEADWIRE_SIZE, 0));
	assert_true(fixture_put(path, "rot", 3, HEADWIRE_SIZE + 90));
	read_whole(image);
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 1);
	assert_non_null(strstr(out, "header copy 1: checksum mismatch: a disk of format 2"));
	assert_null(strstr(out, "--header"));
	refused(call(disk_main, "disk", "repair", "--header", path, NULL), 1,
		"a disk of format 2: this program writes format 1");
	read_whole(image_after);
	assert_memory_equal(image, image_after, sizeof(image));
}

static void a_rotten_slot_is_only_shown_without_all_the_words(void **state)
{
	(void)state;
	make_disk();
	rot(1, 0);
	rot(1, 1);
	read_whole(image);
	assert_int_equal(call(disk_main, "disk", "repair", path, NULL), 1);
	assert_non_null(strstr(out, "--clear-slot 2"));
	shown_and_refused(repair(NULL, NULL, NULL), "no corosync here");
	shown_and_refused(repair("--confirm", NULL, NULL), "no corosync here");
	shown_and_refused(repair("--all-nodes-stopped", NULL, NULL), "--confirm clears");
}

static void the_owner_must_be_out_of_the_ring(void **state)
{
	(void)state;
	make_disk();
	rot(1, 0);
	rot(1, 1);
	read_whole(image);
	ring.runs = true;
	/* Not in a ring itself, it knows of nobody; and no flag overrules a ring. */
	shown_and_refused(repair("--confirm", NULL, NULL), "no corosync here");
	ring.own = 2;
	/* Its daemon mends it, or began too late for that: what is then to be done is told. */
	shown_and_refused(
		repair("--confirm", "--all-nodes-stopped", NULL),
		"in corosync's ring: a daemon that ran before mends its slot by itself; where "
		"it says own-slot-unreadable, stop corosync on node 2");
	ring.own = 1;
	ring.status = "joined";
	shown_and_refused(repair("--confirm", "--all-nodes-stopped", NULL), "in corosync's ring");
	ring.status = "left";
	ring.later = "joined";
	shown_and_refused(repair("--confirm", NULL, NULL), "in corosync's ring");
	ring.status = "left";
	ring.later = NULL;
	assert_int_equal(repair("--confirm", NULL, NULL), 0);
	make_disk();
	rot(1, 0);
	rot(1, 1);
	ring.status = NULL;
	assert_int_equal(repair("--confirm", NULL, NULL), 0);
	ring.runs = false;
}

/* In a ring of its own node 2 is long gone, while that of the disk may write any moment. */
static void a_corosync_of_another_cluster_answers_for_nobody(void **state)
{
	static const char *const other[] = { "other", NULL };

	(void)state;
	make_disk();
	rot(1, 0);
	rot(1, 1);
	read_whole(image);
	for (size_t i = 0; i < 2; i++) {
		ring.runs = true;
		ring.own = 1;
		ring.status = "left";
		ring.cluster = other[i];
		shown_and_refused(
			repair("--confirm", NULL, NULL),
			i == 0 ? "this node's corosync is of cluster 'other', the disk "
				 "of 'demo'"
			       : "this node's corosync is of cluster '', the disk of 'demo'");
		shown_and_refused(repair("--confirm", "--all-nodes-stopped", NULL),
				  "this node's corosync is of cluster '");
		/* Also of one that is in no ring yet. */
		ring.status = NULL;
		ring.own = 0;
		shown_and_refused(repair("--confirm", "--all-nodes-stopped", NULL),
				  "this node's corosync is of cluster '");
	}
	ring.runs = false;
	ring.cluster = "demo";
}

static void a_slot_that_changes_is_not_cleared(void **state)
{
	pid_t child;

	(void)state;
	make_disk();
	rot(1, 0);
	rot(1, 1);
	child = fork();
	if (child == 0) {
		(void)usleep(200000);
		_exit(fixture_put(path, "owner", 5, headwire_slot_offset(&head, 1, 0) + 300) ? 0
											     : 1);
	}
	assert_true(child > 0);
	assert_int_equal(repair("--confirm", "--all-nodes-stopped", NULL), 4);
	assert_non_null(strstr(err, "changed: node 2 runs"));
	assert_non_null(strstr(out, "watching it for X = 569 ms"));
}

static void what_is_written_is_above_everything_found(void **state)
{
	struct slot s;
	struct slot r;

	(void)state;
	make_disk();
	assert_int_equal(slotwire_decode(image + headwire_slot_offset(&head, 0, 0), head.facts.uuid,
					 0, 0, &s),
			 RC_OK);
	s.seen.ballot.counter = UINT64_C(1) << 60;
	s.sequence = UINT64_C(1) << 61;
	s.timings.hold_ms = 200;
	put_slot(&s, 0);
	rot(1, 0);
	rot(1, 1);
	assert_int_equal(repair("--confirm", "--all-nodes-stopped", NULL), 0);
	/* X is that of the longest times found, not of the header's alone. */
	assert_non_null(strstr(out, "watching it for X = 645 ms"));
	read_whole(image_after);
	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
		assert_int_equal(slotwire_decode(image_after + headwire_slot_offset(&head, 1, copy),
						 head.facts.uuid, 1, copy, &r),
				 RC_OK);
		assert_int_equal(r.node_id, 2);
		assert_int_equal(r.cast, CAST_UNKNOWN);
		assert_true(r.bal.ballot.counter > s.seen.ballot.counter);
		assert_int_equal(ballot_compare(&r.mbal, &r.bal.ballot), 0);
		assert_true(r.sequence > s.sequence);
		assert_true(r.value.grant.set == 0 && r.value.pending == 3);
		assert_int_equal(r.value.map.count, 2);
		assert_int_equal(r.timings.hold_ms, 200);
	}
}

static const uint32_t both[] = { 1, 2 };
static const uint32_t first[] = { 1 };

/* The disk of l, whose second slot rots, is repaired. */
static void clear_second(struct lab *l)
{
	struct slot_read r;
	uint64_t ignored;

	make_disk();
	for (uint32_t i = 0; i < 2; i++)
		put_slot(&l->disk[i], i);
	rot(1, 0);
	rot(1, 1);
	assert_int_equal(repair("--confirm", "--all-nodes-stopped", NULL), 0);
	read_whole(image_after);
	assert_int_equal(slotwire_choose(image_after + headwire_slot_offset(&head, 1, 0),
					 head.facts.uuid, 1, &r, &ignored),
			 RC_OK);
	l->disk[1] = r.slot;
	l->rotten = 0;
}

/* Node 2 starts after a boot, is in the ring again, and both have the vote. */
static void second_comes_back(struct lab *l)
{
	memset(&l->node[1], 0, sizeof(l->node[1]));
	lab_start(l, 1, 202);
	lab_view(l, 0, 7, both, 2);
	lab_view(l, 1, 7, both, 2);
	lab_run(l, 8000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
}

/* Node 2 dies, its slot rots, it is cleared: node 1, restarted or running on, gets the vote. */
static void a_cluster_goes_on_from_a_cleared_slot(void **state)
{
	(void)state;
	for (int restart = 0; restart < 2; restart++) {
		struct lab *l = lab_ring_of_two();

		l->node[1].up = false;
		lab_run(l, 2200);
		clear_second(l);
		if (restart) {
			memset(&l->node[0], 0, sizeof(l->node[0]));
			lab_start(l, 0, 201);
		}
		lab_view(l, 0, 6, first, 1);
		lab_run(l, 8000);
		assert_int_equal(l->node[0].last_poll, ANSWER_YES);
		assert_false(lab_noted(&l->node[0], NOTE_DISK_ROLLED_BACK));
		/* And the owner comes back to its slot. */
		second_comes_back(l);
		free(l);
	}
}

/* Node 2's slot rots while its daemon is not there to mend it.  The daemon that starts then knows
 * nothing of what it wrote: it writes nothing, and nobody has the vote, until the slot was cleared
 * while node 2 was out of the ring. */
static void a_daemon_that_starts_with_a_rotten_slot_waits_for_repair(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct slot before;

	(void)state;
	/* One that runs mends it. */
	l->rotten = 2;
	lab_run(l, 1000);
	assert_int_equal(l->rotten, 0);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_false(lab_noted(&l->node[1], NOTE_SLOT_LOST));

	l->rotten = 2;
	before = l->disk[1];
	lab_start(l, 1, 102);
	lab_view(l, 1, 5, both, 2);
	lab_run(l, 8000);
	assert_true(lab_noted(&l->node[1], NOTE_SLOT_LOST));
	assert_memory_equal(&before, &l->disk[1], sizeof(before));
	assert_int_equal(l->rotten, 2);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);

	l->node[1].up = false;
	lab_view(l, 0, 6, first, 1);
	lab_run(l, 4000);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	clear_second(l);
	lab_run(l, 8000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	second_comes_back(l);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_words_are_refused_in_one_line),
		cmocka_unit_test(a_good_disk_needs_nothing),
		cmocka_unit_test(a_slot_given_to_a_node_that_has_not_come_needs_nothing),
		cmocka_unit_test(a_header_comes_back_from_either_copy),
		cmocka_unit_test(headers_of_two_disks_are_not_chosen_from),
		cmocka_unit_test(a_header_of_a_later_format_is_left_to_a_later_program),
		cmocka_unit_test(a_rotten_slot_is_only_shown_without_all_the_words),
		cmocka_unit_test(the_owner_must_be_out_of_the_ring),
		cmocka_unit_test(a_corosync_of_another_cluster_answers_for_nobody),
		cmocka_unit_test(a_slot_that_changes_is_not_cleared),
		cmocka_unit_test(what_is_written_is_above_everything_found),
		cmocka_unit_test(a_cluster_goes_on_from_a_cleared_slot),
		cmocka_unit_test(a_daemon_that_starts_with_a_rotten_slot_waits_for_repair),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

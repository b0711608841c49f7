/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl disk probe`: what it writes (nothing, or what was there), what it says, and its sums. */
#include "fixture_disk.h"
#include "fixture_tool.h"
#include "tool/disk.h"
#include "tool/disk_latency.h"

static char path[BLKDEV_PATH_SIZE];
static uint8_t before[1024 * 1024];
static uint8_t after[1024 * 1024];

static void read_whole(uint8_t *to)
{
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	assert_int_equal(fread(to, 1, sizeof(before), f), sizeof(before));
	(void)fclose(f);
}

static void make_disk(void)
{
	assert_true(fixture_file("disk", sizeof(before), path));
	if (call(disk_main, "disk", "init", "--lab", "--label", "unit", "--config", conf, path,
		 NULL) != 0)
		fail_msg("%s", err);
}

static void bad_words_and_areas_are_refused_in_one_line(void **state)
{
	(void)state;
	make_disk();
	refused(call(disk_main, "disk", "probe", NULL), 2, "which DEVICE?");
	refused(call(disk_main, "disk", "probe", path, path, NULL), 2, "one DEVICE only");
	refused(call(disk_main, "disk", "probe", "--seconds", "0", path, NULL), 2, "--seconds");
	refused(call(disk_main, "disk", "probe", "--seconds", "1s", path, NULL), 2, "--seconds");
	refused(call(disk_main, "disk", "probe", "--scratch", "5", path, NULL), 2, "--scratch");
	refused(call(disk_main, "disk", "probe", "--scratch", "4096", path, NULL), 2,
		"--scratch is for --write");
	refused(call(disk_main, "disk", "probe", "--output-as=xml", path, NULL), 2, "--output-as");
	refused(call(disk_main, "disk", "probe", "--frob", path, NULL), 2, "--frob");
	refused(call(disk_main, "disk", "probe", "/dev/nonexistent", NULL), 1, "no such device");
	refused(call(disk_main, "disk", "probe", "--write", "--scratch", "8192", path, NULL), 4,
		"within the quorum disk's header and slots");
	refused(call(disk_main, "disk", "probe", "--write", "--scratch", "528384", path, NULL), 4,
		"within the quorum disk's header and slots");
	refused(call(disk_main, "disk", "probe", "--write", "--scratch", "1048576", path, NULL), 1,
		"the device ends at 1048576");
	assert_true(fixture_file("disk", sizeof(before), path));
	refused(call(disk_main, "disk", "probe", "--write", path, NULL), 4, "no quorum disk");
	assert_true(fixture_file("disk", 100, path));
	refused(call(disk_main, "disk", "probe", path, NULL), 1, "too small");
}

/* A daemon may still use it: a block written back late would be one that was there before. */
static void slots_behind_a_damaged_header_are_no_scratch(void **state)
{
	static const struct {
		const char *bytes;
		uint64_t at[2];
		const char *phrase;
	} table[] = {
		{ "rot", { 90, 4096 + 90 }, "quorum disk with a damaged header" },
		{ "rotten!!", { 0, 4096 }, "quorum disk with a damaged header" },
		{ "SBD_SBD_", { 0, 4096 }, "sbd device" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		make_disk();
		if (strstr(table[i].phrase, "sbd") != NULL)
			assert_true(fixture_file("disk", sizeof(before), path));
		for (size_t k = 0; k < 2; k++)
			assert_true(fixture_put(path, table[i].bytes, strlen(table[i].bytes),
						table[i].at[k]));
		refused(call(disk_main, "disk", "probe", "--write", "--scratch", "8192",
			     "--seconds", "1", path, NULL),
			4, table[i].phrase);
		assert_int_equal(call(disk_main, "disk", "probe", "--write", "--scratch", "528384",
				      "--seconds", "1", path, NULL),
				 4);
		assert_int_equal(call(disk_main, "disk", "probe", "--write", "--scratch", "532480",
				      "--seconds", "1", path, NULL),
				 0);
	}
}

/* Two headers that verify, of two disks; one of a format that is not known. */
static void slots_of_a_disk_that_is_not_understood_are_no_scratch(void **state)
{
	uint8_t block[2 * HEADWIRE_SIZE];
	struct disk_header h;

	(void)state;
	make_disk();
	read_whole(before);
	assert_int_equal(headwire_choose(before, &h), RC_OK);
	h.facts.uuid[0] ^= 1;
	headwire_encode(&h, 1, block);
	assert_true(fixture_file("disk", sizeof(before), path));
	assert_true(fixture_put(path, before, HEADWIRE_SIZE, 0));
	assert_true(fixture_put(path, block, HEADWIRE_SIZE, HEADWIRE_SIZE));
	refused(call(disk_main, "disk", "probe", "--write", "--scratch", "8192", "--seconds", "1",
		     path, NULL),
		4, "--scratch 8192 is within");
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++)
		fixture_later_header(before + (size_t)copy * HEADWIRE_SIZE, 2, 2);
	assert_true(fixture_put(path, before, sizeof(block), 0));
	refused(call(disk_main, "disk", "probe", "--write", "--scratch", "8192", "--seconds", "1",
		     path, NULL),
		4, "--scratch 8192 is within");
}

static void reading_changes_no_byte(void **state)
{
	(void)state;
	make_disk();
	read_whole(before);
	assert_int_equal(call(disk_main, "disk", "probe", "--seconds", "1", path, NULL), 0);
	read_whole(after);
	assert_memory_equal(before, after, sizeof(before));
	assert_non_null(strstr(out, "writing nothing"));
	assert_non_null(strstr(out, "read: "));
	assert_null(strstr(out, "write: "));
	assert_non_null(strstr(out, "worst gap"));
	assert_non_null(strstr(out, "it bears dead_ms: "));
	assert_non_null(strstr(out, "the header's hold of 125 ms leaves a beat 93 ms"));
}

static void writing_keeps_every_byte(void **state)
{
	(void)state;
	make_disk();
	assert_true(fixture_put(path, "spare", 5, HEADWIRE_DISK_SIZE));
	read_whole(before);
	assert_int_equal(call(disk_main, "disk", "probe", "--seconds", "1", "--write",
			      "--output-as=json", path, NULL),
			 0);
	read_whole(after);
	assert_memory_equal(before, after, sizeof(before));
	assert_non_null(strstr(out, "\"written\": true"));
	assert_non_null(strstr(out, "\"advised_dead_ms\": "));
}

static void a_scratch_block_of_any_device_can_be_given(void **state)
{
	(void)state;
	assert_true(fixture_file("disk", sizeof(before), path));
	assert_true(fixture_put(path, "spare", 5, 4096));
	read_whole(before);
	assert_int_equal(call(disk_main, "disk", "probe", "--seconds", "1", "--write", "--scratch",
			      "4096", path, NULL),
			 0);
	read_whole(after);
	assert_memory_equal(before, after, sizeof(before));
	assert_non_null(strstr(out, "no quorum disk"));
	assert_non_null(strstr(out, "write: "));
}

static void sums_are_those_of_the_values(void **state)
{
	struct disk_latency s;

	(void)state;
	memset(&s, 0, sizeof(s));
	for (int i = 0; i < 99; i++)
		disk_latency_add(&s, 124);
	disk_latency_add(&s, 125);
	assert_int_equal(s.bucket[0], 99);
	assert_int_equal(s.bucket[1], 1);
	assert_int_equal(disk_latency_within_us(&s, 990), 125);
	assert_int_equal(disk_latency_within_us(&s, 1000), 125);
	assert_int_equal(s.worst_us, 125);
	disk_latency_add(&s, UINT64_MAX / 2);
	assert_int_equal(s.bucket[DISK_LATENCY_BUCKETS - 1], 1);
	assert_int_equal(disk_latency_within_us(&s, 1000), UINT64_MAX / 2);
}

static void dead_ms_leaves_the_beat_its_room(void **state)
{
	static const uint64_t beat_ms[] = { 1, 50, 93, 94, 100, 300, 1000, 30000 };

	(void)state;
	for (size_t i = 0; i < sizeof(beat_ms) / sizeof(beat_ms[0]); i++) {
		uint64_t least = disk_latency_least_dead_ms(beat_ms[i] * 1000);
		uint64_t advised = disk_latency_advised_dead_ms(beat_ms[i] * 1000);

		assert_true(least >= DEAD_MS_MIN && advised >= least);
		/* T/2 - T/8 >= beat, and no smaller T does. */
		assert_true(3 * least >= 8 * beat_ms[i]);
		assert_true(least == DEAD_MS_MIN || 3 * (least - 1) < 8 * beat_ms[i]);
		assert_true(3 * advised >= 16 * beat_ms[i]);
	}
}

/* A number that is told can be configured. */
static void no_dead_ms_is_told_that_is_refused(void **state)
{
	static const struct {
		uint64_t beat_us;
		const char *line;
	} table[] = {
		{ 1, "it bears dead_ms: 250; advised: 250 or more" },
		{ 300000, "it bears dead_ms: 800; advised: 1600 or more" },
		{ 22500000, "it bears dead_ms: 60000; advised: 120000 or more" },
		{ 22500001, "it bears dead_ms: 60001; advised: none, " },
		{ 45000000, "it bears dead_ms: 120000; advised: none, " },
		{ 45000001, "it bears no dead_ms: the longest that is allowed is 120000" },
		{ UINT64_MAX / 32, "it bears no dead_ms: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char line[200];

		disk_latency_tell(table[i].beat_us, line, sizeof(line));
		if (strncmp(line, table[i].line, strlen(table[i].line)) != 0)
			fail_msg("'%s' is not '%s...'", line, table[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_words_and_areas_are_refused_in_one_line),
		cmocka_unit_test(slots_behind_a_damaged_header_are_no_scratch),
		cmocka_unit_test(slots_of_a_disk_that_is_not_understood_are_no_scratch),
		cmocka_unit_test(reading_changes_no_byte),
		cmocka_unit_test(writing_keeps_every_byte),
		cmocka_unit_test(a_scratch_block_of_any_device_can_be_given),
		cmocka_unit_test(sums_are_those_of_the_values),
		cmocka_unit_test(dead_ms_leaves_the_beat_its_room),
		cmocka_unit_test(no_dead_ms_is_told_that_is_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

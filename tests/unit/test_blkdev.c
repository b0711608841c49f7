/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_disk.h"
#include "fixture_sysfs.h"
#include "shell/blkdev.h"

static char path[BLKDEV_PATH_SIZE];

static void what_is_no_device_is_not_opened(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(blkdev_open("/nonexistent/disk", &fd), RC_NOTFOUND);
	assert_int_equal(blkdev_open("/", &fd), RC_BADVALUE);
	assert_int_equal(blkdev_open("/dev/null", &fd), RC_BADVALUE);
	/* A regular file of a filesystem that takes no direct I/O. */
	assert_int_equal(blkdev_open_reading("/proc/self/status", &fd), RC_BADVALUE);
	assert_int_equal(blkdev_check_unused("/nonexistent/disk"), RC_NOTFOUND);
}

/* statfs(2) names the filesystems: a file is shared on NFS alone, and some have no promise at all.
 */
static void a_file_lies_somewhere(void **state)
{
	(void)state;
	assert_int_equal(blkdev_home_of(0xef53), BLKDEV_HOME_LOCAL); /* ext4 */
	assert_int_equal(blkdev_home_of(0x6969), BLKDEV_HOME_NFS);
	assert_int_equal(blkdev_home_of(0x01161970), BLKDEV_HOME_SHARED); /* gfs2 */
	/* A signed 32 bit f_type comes with its sign. */
	assert_int_equal(blkdev_home_of(0xffffffffff534d42), BLKDEV_HOME_SHARED); /* cifs */
}

static void nothing_is_read_beyond_the_end(void **state)
{
	uint8_t *buffer = blkdev_buffer(8192);
	int fd;

	(void)state;
	assert_non_null(buffer);
	assert_true(fixture_file("disk", 4096, path));
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read(fd, buffer, 8192, 0), RC_TOOSMALL);
	assert_int_equal(blkdev_read(fd, buffer, 4096, 4096), RC_TOOSMALL);
	(void)close(fd);
	free(buffer);
}

static void a_buffer_that_is_not_aligned_is_an_error_and_no_crash(void **state)
{
	uint8_t *buffer = blkdev_buffer(8192);
	int fd;

	(void)state;
	assert_non_null(buffer);
	assert_true(fixture_file("disk", 8192, path));
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_not_equal(blkdev_write(fd, buffer + 1, 4096, 0), RC_OK);
	assert_int_not_equal(blkdev_write(fd, buffer, 100, 0), RC_OK);
	(void)close(fd);
	free(buffer);
}

static void what_was_written_is_read_and_the_rest_is_untouched(void **state)
{
	uint8_t *buffer = blkdev_buffer(3 * 4096);
	int fd;

	(void)state;
	assert_non_null(buffer);
	assert_true(fixture_file("disk", 3 * 4096, path));
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	memset(buffer, 0x5a, 4096);
	assert_int_equal(blkdev_write(fd, buffer, 4096, 4096), RC_OK);
	memset(buffer, 0xff, 3 * 4096);
	assert_int_equal(blkdev_read(fd, buffer, 3 * 4096, 0), RC_OK);
	for (size_t i = 0; i < 3 * 4096; i++)
		assert_int_equal(buffer[i], i / 4096 == 1 ? 0x5a : 0);
	(void)close(fd);
	free(buffer);
}

static void a_file_says_what_it_is(void **state)
{
	struct blkdev_facts facts;
	int fd;

	(void)state;
	assert_true(fixture_file("disk", 12345, path));
	assert_int_equal(blkdev_open_reading(path, &fd), RC_OK);
	assert_int_equal(blkdev_inspect(fd, &facts), RC_OK);
	assert_true(facts.regular);
	assert_false(facts.readonly);
	assert_int_equal(facts.size, 12345);
	(void)close(fd);
	assert_int_equal(blkdev_check_unused(path), RC_OK);
}

static void a_block_device_says_what_it_is(void **state)
{
	struct blkdev_facts facts;
	char file[BLKDEV_PATH_SIZE];
	int loop;
	int fd;

	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, file));
	loop = fixture_loop(file, true, 4096, path);
	if (loop < 0)
		skip();
	assert_int_equal(blkdev_open(path, &fd), RC_REFUSED);
	assert_int_equal(blkdev_open_reading(path, &fd), RC_OK);
	assert_int_equal(blkdev_inspect(fd, &facts), RC_OK);
	assert_false(facts.regular);
	assert_true(facts.readonly);
	assert_int_equal(facts.size, 1024 * 1024);
	assert_int_equal(facts.block_size, 4096);
	(void)close(fd);
	(void)close(loop);
}

static void a_device_that_somebody_holds_is_in_use(void **state)
{
	char file[BLKDEV_PATH_SIZE];
	int loop;
	int holder;

	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, file));
	loop = fixture_loop(file, false, 512, path);
	if (loop < 0)
		skip();
	assert_int_equal(blkdev_check_unused(path), RC_OK);
	holder = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	assert_true(holder >= 0);
	assert_int_equal(blkdev_check_unused(path), RC_BUSY);
	(void)close(holder);
	assert_int_equal(blkdev_check_unused(path), RC_OK);
	(void)close(loop);
}

/* Both copies of a header with this label, on a file of the size of a quorum disk. */
static void write_label(const char *name, const char *label, uint8_t uuid, char *file)
{
	uint8_t copies[2 * HEADWIRE_SIZE];
	struct disk_header h;

	fixture_header(&h);
	memset(h.label, 0, sizeof(h.label));
	(void)snprintf(h.label, sizeof(h.label), "%s", label);
	h.facts.uuid[0] = uuid;
	headwire_encode(&h, 0, copies);
	headwire_encode(&h, 1, copies + HEADWIRE_SIZE);
	assert_true(fixture_file(name, 1024 * 1024, file));
	assert_true(fixture_put(file, copies, sizeof(copies), 0));
}

static void a_header_is_read_from_one_copy_if_need_be(void **state)
{
	struct disk_header h;
	int fd;

	(void)state;
	write_label("disk", "unit", 1, path);
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &h), RC_OK);
	assert_string_equal(h.label, "unit");
	assert_true(fixture_put(path, "x", 1, 100));
	assert_int_equal(blkdev_read_header(fd, &h), RC_PARTIAL);
	assert_true(fixture_put(path, "x", 1, 4196));
	assert_int_equal(blkdev_read_header(fd, &h), RC_BADSUM);
	(void)close(fd);
}

static void a_label_is_found_unless_two_disks_have_it(void **state)
{
	char label[NAME_SIZE];
	char file[BLKDEV_PATH_SIZE];
	char found[BLKDEV_PATH_SIZE];
	char second[BLKDEV_PATH_SIZE] = "";
	char first[BLKDEV_PATH_SIZE];
	int loop;
	int other;

	(void)state;
	(void)snprintf(label, sizeof(label), "unit-%d", (int)getpid());
	assert_int_equal(blkdev_find_label("", label, found, second, sizeof(found)), RC_NOTFOUND);
	write_label("disk", label, 1, file);
	loop = fixture_loop(file, false, 512, path);
	if (loop < 0)
		skip();
	assert_int_equal(blkdev_find_label("", label, found, second, sizeof(found)), RC_OK);
	assert_string_equal(found, path);
	(void)snprintf(first, sizeof(first), "%s", path);
	assert_int_equal(blkdev_find_label("", label, found, second, 4), RC_NOTFOUND);
	/* A copy of the disk: nothing says that it is another path to the same one. */
	write_label("other", label, 1, file);
	other = fixture_loop(file, false, 512, path);
	assert_true(other >= 0);
	assert_int_equal(blkdev_find_label("", label, found, second, sizeof(found)), RC_BUSY);
	(void)close(other);
	write_label("other", label, 2, file);
	other = fixture_loop(file, false, 512, path);
	assert_true(other >= 0);
	assert_int_equal(blkdev_find_label("", label, found, second, sizeof(found)), RC_BUSY);
	/* Both are named, in the order of the walk. */
	assert_true((strcmp(found, first) == 0 && strcmp(second, path) == 0) ||
		    (strcmp(found, path) == 0 && strcmp(second, first) == 0));
	(void)close(other);
	(void)close(loop);
}

/* A disk with this label in a /sys and /dev of our own.
 * in: where, the folder below sys/devices, that of a partition in its disk's; wwid, of its SCSI
 * device, NULL for none; holder, the device that it is a part of, NULL for none. */
static void put_disk(const char *where, const char *label, uint8_t uuid, const char *wwid,
		     const char *holder)
{
	const char *name = strrchr(where, '/') ? strrchr(where, '/') + 1 : where;
	char what[100];
	char link[100];
	char file[BLKDEV_PATH_SIZE];

	folder("dev");
	folder("sys/class/block");
	(void)snprintf(what, sizeof(what), "dev/%s", name);
	write_label(what, label, uuid, file);
	(void)snprintf(what, sizeof(what), "sys/devices/%s/holders%s%s", where, holder ? "/" : "",
		       holder ? holder : "");
	folder(what);
	(void)snprintf(what, sizeof(what), "sys/devices/%s/size", where);
	text(what, "2048\n");
	if (name != where) {
		(void)snprintf(what, sizeof(what), "sys/devices/%s/partition", where);
		text(what, "1\n");
	}
	if (wwid != NULL) {
		(void)snprintf(what, sizeof(what), "sys/devices/%s/device", where);
		folder(what);
		(void)snprintf(what, sizeof(what), "sys/devices/%s/device/wwid", where);
		text(what, wwid);
	}
	(void)snprintf(what, sizeof(what), "sys/devices/%s", where);
	(void)snprintf(link, sizeof(link), "sys/class/block/%s", name);
	link_to(link, what);
}

static void expect_label(const char *label, enum rc rc, const char *first, const char *other)
{
	char found[BLKDEV_PATH_SIZE] = "";
	char second[BLKDEV_PATH_SIZE] = "";
	char want[BLKDEV_PATH_SIZE] = "";

	assert_int_equal(blkdev_find_label(fixture_folder, label, found, second, sizeof(found)),
			 rc);
	if (first[0] != 0)
		in_root(first, want);
	assert_string_equal(found, want);
	if (other != NULL) {
		in_root(other, want);
		assert_string_equal(second, want);
	}
}

/* Before multipath has taken them, the paths of one disk are told by its world wide name. */
static void only_paths_to_one_device_may_have_one_label(void **state)
{
	static const struct {
		const char *label;
		const char *wwid[2];
		uint8_t uuid[2];
		bool one;
	} table[] = {
		{ "legs", { "naa.6001405b\n", "naa.6001405b\n" }, { 1, 1 }, true },
		{ "snapshot", { "naa.6001405b\n", "naa.6001405c\n" }, { 1, 1 }, false },
		{ "nameless", { NULL, NULL }, { 1, 1 }, false },
		{ "empty", { "\n", "\n" }, { 1, 1 }, false },
		{ "half", { "naa.6001405b\n", NULL }, { 1, 1 }, false },
		/* One device cannot have two headers: whoever tells its name tells it wrongly. */
		{ "liar", { "naa.6001405b\n", "naa.6001405b\n" }, { 1, 2 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char name[2][16];
		char dev[2][24];

		for (size_t k = 0; k < 2; k++) {
			(void)snprintf(name[k], sizeof(name[k]), "sd%c%zu", (int)('a' + i), k);
			(void)snprintf(dev[k], sizeof(dev[k]), "dev/%s", name[k]);
			put_disk(name[k], table[i].label, table[i].uuid[k], table[i].wwid[k], NULL);
		}
		expect_label(table[i].label, table[i].one ? RC_OK : RC_BUSY, dev[0],
			     table[i].one ? NULL : dev[1]);
	}
	/* A third one is compared, too. */
	put_disk("sdz", "legs", 1, "naa.6001405d\n", NULL);
	expect_label("legs", RC_BUSY, "dev/sda0", "dev/sdz");
}

/* The same of partitions, which have the name of their disk. */
static void partitions_are_told_by_their_disks(void **state)
{
	(void)state;
	put_disk("pa", "whole", 1, "naa.6001405f\n", NULL);
	put_disk("pb", "whole", 2, "naa.6001405f\n", NULL);
	put_disk("pa/pa1", "part", 3, NULL, NULL);
	put_disk("pb/pb1", "part", 3, NULL, NULL);
	expect_label("part", RC_OK, "dev/pa1", NULL);
	put_disk("pc", "whole", 1, "naa.60014060\n", NULL);
	put_disk("pc/pc1", "part", 3, NULL, NULL);
	expect_label("part", RC_BUSY, "dev/pa1", "dev/pc1");
	/* No more than the partition of one number is the same. */
	put_disk("pa/pa2", "two", 4, NULL, NULL);
	put_disk("pb/pb2", "two", 4, NULL, NULL);
	text("sys/devices/pa/pa2/partition", "2\n");
	expect_label("two", RC_BUSY, "dev/pa2", "dev/pb2");
}

/* Legs of a multipath device, or members of an array, whatever is on them. */
static void what_another_device_holds_is_no_disk_of_its_own(void **state)
{
	(void)state;
	put_disk("sdy0", "held", 1, "naa.6001405e\n", "dm-9");
	put_disk("sdy1", "held", 2, NULL, "dm-9");
	expect_label("held", RC_NOTFOUND, "", NULL);
	put_disk("dm-9", "held", 1, NULL, NULL);
	expect_label("held", RC_OK, "dev/dm-9", NULL);
	/* The partitions of the legs are still there beside those of the whole. */
	put_disk("sdy0/sdy01", "inside", 1, NULL, NULL);
	put_disk("sdy1/sdy11", "inside", 1, NULL, NULL);
	put_disk("dm-10", "inside", 1, NULL, NULL);
	expect_label("inside", RC_OK, "dev/dm-10", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_device_is_not_opened),
		cmocka_unit_test(a_file_lies_somewhere),
		cmocka_unit_test(nothing_is_read_beyond_the_end),
		cmocka_unit_test(a_buffer_that_is_not_aligned_is_an_error_and_no_crash),
		cmocka_unit_test(a_device_that_somebody_holds_is_in_use),
		cmocka_unit_test(what_was_written_is_read_and_the_rest_is_untouched),
		cmocka_unit_test(a_file_says_what_it_is),
		cmocka_unit_test(a_block_device_says_what_it_is),
		cmocka_unit_test(a_header_is_read_from_one_copy_if_need_be),
		cmocka_unit_test(a_label_is_found_unless_two_disks_have_it),
		cmocka_unit_test(only_paths_to_one_device_may_have_one_label),
		cmocka_unit_test(partitions_are_told_by_their_disks),
		cmocka_unit_test(what_another_device_holds_is_no_disk_of_its_own),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_device.h"
#include "fixture_disk.h"
#include "shell/blkdev.h"

static char path[BLKDEV_PATH_SIZE];

static int make_folder(void **state)
{
	(void)state;
	return fixture_folder_make() ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "disk", "other" };

	(void)state;
	fixture_folder_remove(names, 2);
	return 0;
}

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
	assert_int_equal(blkdev_find_label(label, found, second, sizeof(found)), RC_NOTFOUND);
	write_label("disk", label, 1, file);
	loop = fixture_loop(file, false, 512, path);
	if (loop < 0)
		skip();
	assert_int_equal(blkdev_find_label(label, found, second, sizeof(found)), RC_OK);
	assert_string_equal(found, path);
	(void)snprintf(first, sizeof(first), "%s", path);
	assert_int_equal(blkdev_find_label(label, found, second, 4), RC_NOTFOUND);
	/* Another path to the same disk. */
	write_label("other", label, 1, file);
	other = fixture_loop(file, false, 512, path);
	assert_true(other >= 0);
	assert_int_equal(blkdev_find_label(label, found, second, sizeof(found)), RC_OK);
	(void)close(other);
	write_label("other", label, 2, file);
	other = fixture_loop(file, false, 512, path);
	assert_true(other >= 0);
	assert_int_equal(blkdev_find_label(label, found, second, sizeof(found)), RC_BUSY);
	/* Both are named, in the order of the walk. */
	assert_true((strcmp(found, first) == 0 && strcmp(second, path) == 0) ||
		    (strcmp(found, path) == 0 && strcmp(second, first) == 0));
	(void)close(other);
	(void)close(loop);
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
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/ghost.h"

static char folder[] = "/tmp/qarb-ghost.XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/write-failed", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

/* A daemon of its own: nothing but the file goes from one to the next.
 * in: failed_ms, of a write; 0: none fails.  returns: what it begins with. */
static uint64_t daemon_at(uint64_t now_ms, uint64_t failed_ms)
{
	uint64_t since_ms;
	int fd = ghost_open(path, now_ms, &since_ms);

	assert_true(fd >= 0);
	if (failed_ms != 0)
		ghost_note(fd, failed_ms);
	assert_int_equal(close(fd), 0);
	return since_ms;
}

static void the_first_start_of_a_boot_waits_for_what_was_before_it(void **state)
{
	(void)state;
	(void)unlink(path);
	assert_int_equal(daemon_at(5000, 0), 1);
	assert_int_equal(daemon_at(9000, 0), 1);
}

static void a_failed_write_is_known_to_the_next_daemon(void **state)
{
	(void)state;
	(void)daemon_at(10000, 12000);
	assert_int_equal(daemon_at(14000, 0), 12000);
	assert_int_equal(daemon_at(15000, 16000), 12000);
	assert_int_equal(daemon_at(17000, 0), 16000);
}

/* The folder outlived a boot. */
static void a_time_to_come_is_taken_for_now(void **state)
{
	(void)state;
	(void)daemon_at(10000, 12000);
	assert_int_equal(daemon_at(700, 0), 700);
	assert_int_equal(daemon_at(900, 0), 700);
}

static void a_file_of_another_kind_is_taken_for_now(void **state)
{
	FILE *f;

	(void)state;
	(void)unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("abc", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(daemon_at(800, 0), 800);
}

static void without_a_file_nothing_is_known(void **state)
{
	uint64_t since_ms = 0;

	(void)state;
	assert_int_equal(ghost_open("/proc/there-is-no-such-folder/x", 30000, &since_ms), -1);
	assert_int_equal(since_ms, 30000);
	ghost_note(-1, 31000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_start_of_a_boot_waits_for_what_was_before_it),
		cmocka_unit_test(a_failed_write_is_known_to_the_next_daemon),
		cmocka_unit_test(a_time_to_come_is_taken_for_now),
		cmocka_unit_test(a_file_of_another_kind_is_taken_for_now),
		cmocka_unit_test(without_a_file_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

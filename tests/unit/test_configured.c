/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/configured.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/qarb-configured.XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/configured", folder);
	(void)unlink(path);
	return rmdir(folder);
}

static void a_mark_is_for_one_cluster(void **state)
{
	(void)state;
	assert_false(configured_before(folder, "one"));
	assert_int_equal(configured_mark(folder, "one"), RC_OK);
	assert_true(configured_before(folder, "one"));
	assert_false(configured_before(folder, "on"));
	assert_false(configured_before(folder, "one2"));
	assert_false(configured_before(folder, ""));
	assert_int_equal(configured_mark(folder, "two"), RC_OK);
	assert_false(configured_before(folder, "one"));
	assert_true(configured_before(folder, "two"));
}

static void a_cluster_without_a_name_has_its_mark(void **state)
{
	(void)state;
	assert_int_equal(configured_mark(folder, ""), RC_OK);
	assert_true(configured_before(folder, ""));
	assert_false(configured_before(folder, "one"));
}

static void what_cannot_be_written_is_told(void **state)
{
	(void)state;
	assert_int_equal(configured_mark("/nonexistent/folder", "one"), RC_IO);
	assert_false(configured_before("/nonexistent/folder", "one"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_mark_is_for_one_cluster, make_folder,
						remove_folder),
		cmocka_unit_test_setup_teardown(a_cluster_without_a_name_has_its_mark, make_folder,
						remove_folder),
		cmocka_unit_test(what_cannot_be_written_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

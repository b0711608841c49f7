/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sbd's settings, as `qarbctl check` and the daemon read them. */
#include "fixture_tool.h"
#include "shell/sbdfile.h"

static struct config_problems warnings;
static char path[BLKDEV_PATH_SIZE];

static enum rc judge(const char *text, uint32_t sync_timeout_ms)
{
	struct policy y;

	memset(&y, 0, sizeof(y));
	y.sync_timeout_ms = sync_timeout_ms;
	assert_true(fixture_file("disk", 0, path));
	assert_true(fixture_put(path, text, strlen(text), 0));
	return sbdfile_warn(path, &y, &warnings);
}

static void a_watchdog_that_does_not_outlast_a_decision_is_warned_of(void **state)
{
	static const struct {
		const char *text;
		uint32_t sync_timeout_ms;
		uint32_t count;
	} table[] = {
		{ "SBD_WATCHDOG_TIMEOUT=5\n", 4999, 0 },
		{ "SBD_WATCHDOG_TIMEOUT=5\n", 5000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT='5'", 30000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=5\nSBD_WATCHDOG_TIMEOUT=60\n", 30000, 0 },
		{ "# SBD_WATCHDOG_TIMEOUT=6\n", 4000, 0 },
		{ "# SBD_WATCHDOG_TIMEOUT=6\n", 5000, 1 },
		{ "MY_SBD_WATCHDOG_TIMEOUT=6\n", 5000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=\"60\" \n", 30000, 0 },
		/* sbd's own 5 s. */
		{ "SBD_WATCHDOG_TIMEOUT=\n", 30000, 1 },
		{ "SBD_DEVICE=/dev/x\n", 5000, 1 },
		{ "SBD_DEVICE=/dev/x\n", 4999, 0 },
		{ "", 30000, 1 },
		/* Whatever sbd makes of these. */
		{ "SBD_WATCHDOG_TIMEOUT=1m\n", 4000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=\"0.5\"\n", 4000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=${X:-1}\n", 4000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=-5\n", 4000, 1 },
		{ "SBD_WATCHDOG_TIMEOUT=18446744073709551615\n", 30000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		warnings.count = 0;
		assert_int_equal(judge(table[i].text, table[i].sync_timeout_ms), RC_OK);
		if (warnings.count != table[i].count)
			fail_msg("'%s' with %u ms: %u lines", table[i].text,
				 table[i].sync_timeout_ms, warnings.count);
	}
}

static void what_is_no_number_is_shown_as_it_is(void **state)
{
	(void)state;
	warnings.count = 0;
	assert_int_equal(judge("SBD_WATCHDOG_TIMEOUT=\"0.5\"\n", 1000), RC_OK);
	assert_non_null(strstr(warnings.line[0], "SBD_WATCHDOG_TIMEOUT = \"0.5\" ("));
	assert_non_null(strstr(warnings.line[0], "allowed is a whole number of seconds"));
	warnings.count = 0;
	assert_int_equal(judge("", 6000), RC_OK);
	assert_non_null(strstr(warnings.line[0], "SBD_WATCHDOG_TIMEOUT = (not given: 5) ("));
}

static void what_is_no_file_is_told(void **state)
{
	struct policy y;

	(void)state;
	memset(&y, 0, sizeof(y));
	warnings.count = 0;
	assert_int_equal(sbdfile_warn("/", &y, &warnings), RC_IO);
	assert_int_equal(warnings.count, 0);
}

static void the_line_comes_behind_those_that_are_there(void **state)
{
	(void)state;
	warnings.count = 1;
	(void)snprintf(warnings.line[0], CONFIG_LINE_SIZE, "first");
	assert_int_equal(judge("SBD_WATCHDOG_TIMEOUT=5\n", 6000), RC_OK);
	assert_int_equal(warnings.count, 2);
	assert_string_equal(warnings.line[0], "first");
	assert_ptr_equal(strstr(warnings.line[1], "SBD_WATCHDOG_TIMEOUT = 5 ("), warnings.line[1]);
	assert_non_null(strstr(warnings.line[1], path));
	assert_non_null(strstr(warnings.line[1], "above 6000 ms"));
}

static void a_given_file_that_is_not_there_is_told(void **state)
{
	struct policy y;

	(void)state;
	memset(&y, 0, sizeof(y));
	warnings.count = 0;
	assert_int_equal(sbdfile_warn("/nonexistent/sbd", &y, &warnings), RC_NOTFOUND);
	assert_int_equal(warnings.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_watchdog_that_does_not_outlast_a_decision_is_warned_of),
		cmocka_unit_test(what_is_no_number_is_shown_as_it_is),
		cmocka_unit_test(what_is_no_file_is_told),
		cmocka_unit_test(the_line_comes_behind_those_that_are_there),
		cmocka_unit_test(a_given_file_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

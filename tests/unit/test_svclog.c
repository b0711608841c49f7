/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the daemon's log goes beside syslog. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/svclog.h"

static void only_the_file_that_systemd_names_is_its_journal(void **state)
{
	FILE *f = tmpfile();
	struct stat st;
	char stream[80];

	(void)state;
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	(void)snprintf(stream, sizeof(stream), "%" PRIu64 ":%" PRIu64, (uint64_t)st.st_dev,
		       (uint64_t)st.st_ino);
	assert_true(svclog_is_journal(fileno(f), stream));
	/* A session's terminal under a desktop that was started by systemd. */
	assert_false(svclog_is_journal(STDIN_FILENO, stream));
	(void)snprintf(stream, sizeof(stream), "%" PRIu64 ":%" PRIu64, (uint64_t)st.st_dev,
		       (uint64_t)st.st_ino + 1);
	assert_false(svclog_is_journal(fileno(f), stream));
	(void)snprintf(stream, sizeof(stream), "%" PRIu64, (uint64_t)st.st_dev);
	assert_false(svclog_is_journal(fileno(f), stream));
	(void)snprintf(stream, sizeof(stream), "%" PRIu64 ":%" PRIu64 "x", (uint64_t)st.st_dev,
		       (uint64_t)st.st_ino);
	assert_false(svclog_is_journal(fileno(f), stream));
	assert_false(svclog_is_journal(fileno(f), ""));
	assert_false(svclog_is_journal(fileno(f), NULL));
	(void)fclose(f);
	assert_false(svclog_is_journal(-1, "0:0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_file_that_systemd_names_is_its_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

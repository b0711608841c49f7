/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the daemon's log goes beside syslog. */
#include <inttypes.h>
#include <qb/qblog.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

/* What standard error has of a line of ours and of libqb's, on a terminal. */
static void write_both(bool debug, char *text, size_t size)
{
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_non_null(f);
	assert_true(saved >= 0 && dup2(fileno(f), STDERR_FILENO) >= 0);
	svclog_open(true, debug);
	svclog_write(SAY_INFO, "ours");
	qb_log(LOG_DEBUG, "%s", "of libqb");
	svclog_close();
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	n = pread(fileno(f), text, size - 1, 0);
	assert_true(n >= 0);
	text[n] = 0;
	(void)fclose(f);
}

static void debugging_shows_what_libqb_says_too(void **state)
{
	char text[4096];

	(void)state;
	(void)unsetenv("JOURNAL_STREAM");
	write_both(false, text, sizeof(text));
	assert_non_null(strstr(text, "ours"));
	assert_null(strstr(text, "of libqb"));
	write_both(true, text, sizeof(text));
	assert_non_null(strstr(text, "ours"));
	assert_non_null(strstr(text, "of libqb"));
}

/* Who feeds the watchdog says it: a syslog that reads nothing must not hold it up. */
static void a_direct_line_never_waits(void **state)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/qarb-test-XXXXXX";
	char expected[80];
	char text[256];
	ssize_t n;
	int sink = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s/log", folder);
	svclog_direct(a.sun_path, SAY_ERR, "nobody is there");
	assert_int_equal(bind(sink, (struct sockaddr *)&a, sizeof(a)), 0);
	(void)alarm(20);
	for (int i = 0; i < 2000; i++)
		svclog_direct(a.sun_path, SAY_ERR, "cannot start it");
	(void)alarm(0);
	n = recv(sink, text, sizeof(text) - 1, 0);
	assert_true(n > 0);
	text[n] = 0;
	/* daemon.err */
	(void)snprintf(expected, sizeof(expected), "<27>qarbd[%d]: cannot start it", (int)getpid());
	assert_string_equal(text, expected);
	(void)close(sink);
	(void)unlink(a.sun_path);
	(void)rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_direct_line_never_waits),
		cmocka_unit_test(debugging_shows_what_libqb_says_too),
		cmocka_unit_test(only_the_file_that_systemd_names_is_its_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

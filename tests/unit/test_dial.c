/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who answers in the daemon's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <qb/qbipcc.h>

#include <cmocka.h>

#include "client/dial.h"
#include "tests/unit/fixture_stranger.h"

enum { SIZE = 4096, WAIT_MS = 500 };

static enum dial dial_and_leave(int wait_ms)
{
	const uint32_t before = stranger_descriptors();
	struct qb_ipcc_connection *c = NULL;
	enum dial d = dial_open(SIZE, wait_ms, &c);

	assert_int_equal(c != NULL, d == DIAL_DONE);
	if (c != NULL)
		qb_ipcc_disconnect(c);
	assert_int_equal(stranger_descriptors(), before);
	return d;
}

static enum dial dial_beside(void (*other)(void), int wait_ms)
{
	pid_t pid = stranger_start(other);
	enum dial d = dial_and_leave(wait_ms);

	stranger_end(pid);
	return d;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void refuse(void)
{
	stranger_verdict = -EACCES;
	stranger_serve();
}

static void what_another_user_runs_under_the_name_is_not_the_daemon(void **state)
{
	(void)state;
	assert_int_equal(dial_beside(stranger_serve_as_nobody, 10 * WAIT_MS), DIAL_STRANGER);
	assert_int_equal(dial_beside(stranger_serve, 10 * WAIT_MS), DIAL_DONE);
}

static void who_takes_a_connection_and_is_silent_is_waited_for_so_long(void **state)
{
	uint64_t began = now_ms();

	(void)state;
	assert_int_equal(dial_beside(stranger_stand_still, WAIT_MS), DIAL_SILENT);
	assert_true(now_ms() - began >= WAIT_MS);
}

static void a_refusal_is_told_from_an_absence(void **state)
{
	(void)state;
	assert_int_equal(dial_beside(refuse, 10 * WAIT_MS), DIAL_FORBIDDEN);
	assert_int_equal(dial_and_leave(10 * WAIT_MS), DIAL_NOBODY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_user_runs_under_the_name_is_not_the_daemon),
		cmocka_unit_test(who_takes_a_connection_and_is_silent_is_waited_for_so_long),
		cmocka_unit_test(a_refusal_is_told_from_an_absence),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

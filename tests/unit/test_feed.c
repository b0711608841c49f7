/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fence-bridge/feed.h"
#include "tests/unit/fixture_stranger.h"

static enum rc connect_beside(void (*other)(void))
{
	pid_t pid = stranger_start(other);
	enum rc rc = feed_connect();

	feed_disconnect();
	stranger_end(pid);
	return rc;
}

/* Whose answers name nodes to be fenced. */
static void what_another_user_runs_under_the_name_is_not_qarbd(void **state)
{
	(void)state;
	assert_int_equal(connect_beside(stranger_serve_as_nobody), RC_REFUSED);
	assert_int_equal(connect_beside(stranger_serve), RC_OK);
}

static void a_qarbd_that_stands_still_is_not_waited_for(void **state)
{
	(void)state;
	assert_int_equal(connect_beside(stranger_stand_still), RC_AGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_user_runs_under_the_name_is_not_qarbd),
		cmocka_unit_test(a_qarbd_that_stands_still_is_not_waited_for),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

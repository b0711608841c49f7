/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/fixture_stranger.h"
#include "tool/ctl.h"

static struct ipc_response response;

static int ask_beside(void (*other)(void))
{
	const struct ipc_request q = { .type = IPC_STATUS };
	pid_t pid = ipc_spawn(other);
	uint32_t before;
	int code;

	assert_true(stranger_there(pid));
	before = stranger_descriptors();
	code = ctl_ask(&q, &response);
	assert_int_equal(stranger_descriptors(), before);
	stranger_end(pid);
	return code;
}

static void what_another_user_runs_under_the_name_is_asked_nothing(void **state)
{
	time_t before = time(NULL);

	(void)state;
	assert_int_equal(ask_beside(stranger_serve_as_nobody), CTL_FAILED);
	/* An answer would have been awaited for longer. */
	assert_true(time(NULL) - before < 4);
}

static void a_qarbd_that_stands_still_is_not_waited_for(void **state)
{
	(void)state;
	assert_int_equal(ask_beside(stranger_stand_still), CTL_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_user_runs_under_the_name_is_asked_nothing),
		cmocka_unit_test(a_qarbd_that_stands_still_is_not_waited_for),
	};

	if (geteuid() != 0 || !ipc_namespace()) {
		(void)printf("[  SKIPPED ] 2 test(s).\n[  PASSED  ] 0 test(s).\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	pid_t pid = stranger_start(other);
	int code = ctl_ask(&q, &response);

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

/* A cluster whose nodelist gives no names. */
static void serve_nameless(void)
{
	static struct {
		struct qb_ipc_response_header head;
		uint8_t data[IPCWIRE_RESPONSE_SIZE];
	} m;

	memset(&response, 0, sizeof(response));
	response.type = IPC_STATUS;
	response.status.node_count = 1;
	response.status.node[0].node_id = 7;
	m.head.size = (int32_t)(sizeof(m.head) +
				ipcwire_encode_response(&response, m.data, sizeof(m.data)));
	stranger_answer = &m;
	stranger_answer_size = (size_t)m.head.size;
	stranger_serve();
}

/* As a script gives it whose variable is not set. */
static void an_empty_name_is_no_node(void **state)
{
	char empty[] = "", seven[] = "7", word[] = "poison";
	char *by_name[] = { word, empty, NULL };
	char *by_id[] = { word, seven, NULL };
	pid_t pid = stranger_start(serve_nameless);

	(void)state;
	assert_int_equal(poison_main(2, by_name), CTL_USAGE);
	assert_int_equal(poison_main(2, by_id), CTL_DONE);
	stranger_end(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_user_runs_under_the_name_is_asked_nothing),
		cmocka_unit_test(a_qarbd_that_stands_still_is_not_waited_for),
		cmocka_unit_test(an_empty_name_is_no_node),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

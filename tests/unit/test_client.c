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

static void serve_named_as_ids(void)
{
	static struct {
		struct qb_ipc_response_header head;
		uint8_t data[IPCWIRE_RESPONSE_SIZE];
	} m;
	static const struct ipc_node node[] = {
		{ 1, "one" }, { 2, "1" }, { 3, "twin" }, { 4, "twin" }, { 5, "5" }
	};

	memset(&response, 0, sizeof(response));
	response.type = IPC_STATUS;
	response.status.node_count = sizeof(node) / sizeof(node[0]);
	memcpy(response.status.node, node, sizeof(node));
	m.head.size = (int32_t)(sizeof(m.head) +
				ipcwire_encode_response(&response, m.data, sizeof(m.data)));
	stranger_answer = &m;
	stranger_answer_size = (size_t)m.head.size;
	stranger_serve();
}

/* Who is fenced must not depend on which of the two was meant. */
static void a_word_that_means_two_nodes_is_refused(void **state)
{
	char word[] = "poison", id_and_name[] = "1", twice[] = "twin";
	char both[] = "5", by_name[] = "one", by_id[] = "2";
	char *bad[][3] = { { word, id_and_name, NULL }, { word, twice, NULL } };
	char *good[][3] = { { word, both, NULL }, { word, by_name, NULL }, { word, by_id, NULL } };
	pid_t pid = stranger_start(serve_named_as_ids);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(poison_main(2, bad[i]), CTL_USAGE);
		assert_int_equal(evict_main(2, bad[i]), CTL_USAGE);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(poison_main(2, good[i]), CTL_DONE);
	stranger_end(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_user_runs_under_the_name_is_asked_nothing),
		cmocka_unit_test(a_qarbd_that_stands_still_is_not_waited_for),
		cmocka_unit_test(an_empty_name_is_no_node),
		cmocka_unit_test(a_word_that_means_two_nodes_is_refused),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl weight`: what it says of its words, and that a list for programs is one whatever a name
 * holds. */
#include "fixture_tool.h"
#include "tests/unit/fixture_stranger.h"
#include "tool/ctl.h"

static void a_number_below_zero_is_no_option(void **state)
{
	(void)state;
	refused(call(weight_main, "weight", "set", "a", "-1", NULL), 2,
		"weight -1: allowed is 0 to 4294967295");
	refused(call(weight_main, "weight", "set", "a", "1s", NULL), 2,
		"weight 1s: allowed is 0 to 4294967295");
	refused(call(poison_main, "poison", "-1", NULL), 2,
		"-1: a node has a name or an id above 0");
	refused(call(evict_main, "evict", "-12", NULL), 2,
		"-12: a node has a name or an id above 0");
}

static void serve_weights(void)
{
	static struct {
		struct qb_ipc_response_header head;
		uint8_t data[IPCWIRE_RESPONSE_SIZE];
	} m;
	static struct ipc_response r;

	memset(&r, 0, sizeof(r));
	r.type = IPC_WEIGHT_LIST;
	r.weights.sum = 12;
	r.weights.count = 2;
	(void)snprintf(r.weights.weight[0].name, NAME_SIZE, "a\"b\xff");
	r.weights.weight[0].value = 5;
	r.weights.weight[0].left_ms = UINT64_MAX;
	(void)snprintf(r.weights.weight[1].name, NAME_SIZE, "db");
	r.weights.weight[1].value = 7;
	r.weights.weight[1].left_ms = 2000;
	m.head.size = (int32_t)(sizeof(m.head) +
				ipcwire_encode_response(&r, m.data, sizeof(m.data)));
	stranger_answer = &m;
	stranger_answer_size = (size_t)m.head.size;
	stranger_serve();
}

static void a_list_for_programs_is_json_whatever_a_name_holds(void **state)
{
	pid_t pid;

	(void)state;
	pid = stranger_start(serve_weights);
	assert_int_equal(call(weight_main, "weight", "list", "-o", "json", NULL), 0);
	stranger_end(pid);
	assert_string_equal(out, "{\n  \"sum\": 12,\n  \"weights\": [\n    {\n"
				 "      \"instance\": \"a\\\"b\\ufffd\",\n      \"weight\": 5,\n"
				 "      \"left_ms\": null\n    },\n    {\n"
				 "      \"instance\": \"db\",\n      \"weight\": 7,\n"
				 "      \"left_ms\": 2000\n    }\n  ]\n}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_below_zero_is_no_option),
		cmocka_unit_test(a_list_for_programs_is_json_whatever_a_name_holds),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

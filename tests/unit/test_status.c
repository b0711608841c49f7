/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl status`: what it says of real states, and that its forms for programs keep their
 * schemas. */
#include "fixture_status.h"
#include "tool/why.h"

static const uint32_t first[] = { 1 };
static const uint32_t both[] = { 1, 2 };

static void a_schema_refuses_what_it_does_not_know(void **state)
{
	struct lab *l = lab_new(2);
	static const struct {
		const char *form, *name, *other;
	} table[] = {
		{ "xml", " vote=", " vole=" },
		{ "xml", "<members", "<membres" },
		{ "xml", " answer=\"yes\"", " answer=\"yea\"" },
		{ "json", "\"vote\":", "\"vole\":" },
		{ "json", "\"answer\": \"yes\"", "\"answer\": \"yea\"" },
		{ "json", "\"seq\": 5", "\"seq\": -5" },
	};

	(void)state;
	ring_of_all(l, 5);
	ask(l, 0, IPC_STATUS);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char file[BLKDEV_PATH_SIZE];
		char *at;

		is_valid(table[i].form);
		at = strstr(out, table[i].name);
		if (at == NULL)
			fail_msg("no '%s' in:\n%s", table[i].name, out);
		memcpy(at, table[i].other, strlen(table[i].other));
		fixture_path("conf", file);
		assert_true(fixture_put(file, out, strlen(out), 0));
		if (validate(table[i].form, file) == 0)
			fail_msg("'%s' was taken", table[i].other);
	}
	free(l);
}

static void a_daemon_without_corosync_and_arbiters_says_what_it_waits_for(void **state)
{
	(void)state;
	memset(&shown, 0, sizeof(shown));
	shown.type = IPC_STATUS;
	shown.status.arb.node_id = 7;
	show_all_forms();
	says("vote: none, corosync is not running");
	says("error: corosync is not running: waiting for it");
	says("warning: no arbiter is configured");
}

static void another_device_in_the_place_of_ours_is_named(void **state)
{
	(void)state;
	memset(&shown, 0, sizeof(shown));
	shown.type = IPC_STATUS;
	shown.status.arb.host_life = 1;
	show_all_forms();
	says("error: the quorum device is not registered with votequorum (see the log)");
	(void)snprintf(shown.status.other_device, NAME_SIZE, "Qdevice");
	show_all_forms();
	says("error: votequorum has the quorum device 'Qdevice' registered: stop that daemon");
	shown.status.arb.registered = true;
	show_all_forms();
	says_not("Qdevice");
}

static void the_answers_come_in_their_order(void **state)
{
	static const char *const order[] = { "vote: YES", "arbiters: 1 of 1", "grants this node, ",
					     "leader: ",  "nodes on san1:",   "last decision: ",
					     "timings: " };
	struct lab *l = lab_new(2);
	const char *at;

	(void)state;
	ring_of_all(l, 5);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	at = out;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const char *found = strstr(at, order[i]);

		if (found == NULL)
			fail_msg("'%s' is not there, or not in its place:\n%s", order[i], out);
		at = found;
	}
	says_not("error: ");
	says_not("warning: ");
	free(l);
}

static void a_member_that_cannot_cast_is_named_with_its_reason(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	ring_of_all(l, 5);
	l->node[1].path = false;
	lab_run(l, 3000);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says("vote: YES");
	says("error: san1: node 2 (n2) is in the granted ring and cannot cast: its slot is silent");
	ask(l, 1, IPC_STATUS);
	show_all_forms();
	says("vote: NO");
	says("error: san1: the disk has not answered a ");
	l->node[1].path = true;
	lab_run(l, 3000);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says_not("error: ");
	free(l);
}

static void a_member_where_nothing_runs_is_impaired_too(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, both, 2);
	lab_run(l, 6000);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says("node 2 (n2) is in the granted ring and cannot cast: no qarbd ever ran there");
	free(l);
}

static void a_lone_start_says_whom_it_waits_for_and_how_long(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, first, 1);
	lab_run(l, 500);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says("info: san1: waits to know whether these nodes are live: 2 (n2)");
	lab_run(l, 1000);
	ask(l, 0, IPC_STATUS);
	shown.status.wait_for_all = IPC_WFA_WAITING;
	show_all_forms();
	says("warning: san1: waits until these nodes cannot be casting an older grant any more: 2 "
	     "(n2); at most ");
	says("missing: 2 (n2)");
	says("cancel it with 'pcs quorum unblock'");
	says("quorum.cancel_wait_for_all");
	lab_run(l, 3000);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says("vote: YES");
	says_not("waits until");
	free(l);
}

/* Whoever cancels the wait must know that those named are not all. */
static void nodes_that_have_no_room_are_counted(void **state)
{
	unsigned named = 0;
	unsigned more = 0;
	char *at;

	(void)state;
	memset(&shown, 0, sizeof(shown));
	shown.type = IPC_STATUS;
	shown.status.arb.host_life = 1;
	shown.status.arb.registered = true;
	shown.status.wait_for_all = IPC_WFA_WAITING;
	shown.status.node_count = 40;
	for (uint32_t i = 0; i < 40; i++) {
		shown.status.node[i].node_id = 1000000000 + i;
		(void)snprintf(shown.status.node[i].name, NAME_SIZE, "node%02u.of-a-large.cluster",
			       i);
	}
	show_all_forms();
	assert_int_equal(call(show, "show", NULL), 0);
	says("quorum.cancel_wait_for_all u8 1'");
	at = strstr(out, "missing: ");
	assert_non_null(at);
	at[strcspn(at, "\n")] = 0;
	for (const char *p = strchr(at, '('); p != NULL; p = strchr(p + 1, '('))
		named++;
	at = strstr(at, ".cluster) and ");
	assert_non_null(at);
	assert_int_equal(sscanf(at, ".cluster) and %u more; once", &more), 1);
	assert_int_equal(named + more, 40);
}

static void another_configuration_and_a_disk_of_its_own_are_told(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	l->policy.hash = 0x1234;
	lab_start(l, 0, 101);
	l->policy.hash = 0x9999;
	lab_start(l, 1, 102);
	ring_of_all(l, 5);
	ask(l, 0, IPC_STATUS);
	show_all_forms();
	says("warning: san1: node 2 (n2) runs with another configuration");
	shown.status.arb.disk[0].shared = false;
	show_all_forms();
	says("error: san1: the disk is not shared");
	says("NOT SHARED");
	shown.status.arb.disk[0].phase = DISK_OUT;
	show_all_forms();
	says("error: san1: the disk is out of use");
	shown.status.arb.disk[0].phase = DISK_CLOSED;
	shown.status.disk[0].rc = RC_NOTFOUND;
	show_all_forms();
	says("error: san1: the disk is not in use: ");
	free(l);
}

/* name{label="value",...} number: every line, and every name is described once before it is used.
 */
static void a_line_of_prometheus(const char *line, char *last, size_t size)
{
	char name[64] = "";
	int at = 0;
	double value;
	char rest;

	if (strncmp(line, "# HELP ", 7) == 0) {
		assert_int_equal(sscanf(line, "# HELP %63[a-z_] %c", name, &rest), 2);
		(void)snprintf(last, size, "%s", name);
		return;
	}
	if (strncmp(line, "# TYPE ", 7) == 0) {
		assert_int_equal(sscanf(line, "# TYPE %63[a-z_] gaug%c", name, &rest), 2);
		assert_string_equal(name, last);
		return;
	}
	assert_int_equal(sscanf(line, "%63[a-z_]%n", name, &at), 1);
	assert_string_equal(name, last);
	if (line[at] == '{') {
		const char *end = strstr(line + at, "} ");

		assert_non_null(end);
		at = (int)(end - line) + 1;
	}
	if (sscanf(line + at, " %lf%c", &value, &rest) != 1)
		fail_msg("no number: %s", line);
}

static void prometheus_is_told_numbers_with_their_names(void **state)
{
	struct lab *l = lab_new(2);
	char last[64] = "";

	(void)state;
	ring_of_all(l, 5);
	ask(l, 0, IPC_STATUS);
	(void)snprintf(shown.status.disk[0].name, NAME_SIZE, "a\"b\\c");
	assert_int_equal(call(show, "show", "prometheus", NULL), 0);
	says("qarb_vote 1\n");
	says("qarb_arbiter_granting{arbiter=\"a\\\"b\\\\c\"} 1\n");
	says("qarb_node_live{arbiter=\"a\\\"b\\\\c\",node_id=\"2\",node=\"n2\"} 1\n");
	says("qarb_attention{level=\"error\"} 0\n");
	for (char *line = strtok(out, "\n"); line != NULL; line = strtok(NULL, "\n"))
		a_line_of_prometheus(line, last, sizeof(last));
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schema_refuses_what_it_does_not_know),
		cmocka_unit_test(a_daemon_without_corosync_and_arbiters_says_what_it_waits_for),
		cmocka_unit_test(another_device_in_the_place_of_ours_is_named),
		cmocka_unit_test(the_answers_come_in_their_order),
		cmocka_unit_test(a_member_that_cannot_cast_is_named_with_its_reason),
		cmocka_unit_test(a_member_where_nothing_runs_is_impaired_too),
		cmocka_unit_test(a_lone_start_says_whom_it_waits_for_and_how_long),
		cmocka_unit_test(prometheus_is_told_numbers_with_their_names),
		cmocka_unit_test(nodes_that_have_no_room_are_counted),
		cmocka_unit_test(another_configuration_and_a_disk_of_its_own_are_told),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

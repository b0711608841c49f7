/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl check`: configurations with one planted fault each, and the one line that names it. */
#include "fixture_tool.h"
#include "tool/ctl.h"

static char path[BLKDEV_PATH_SIZE];

static const char *const good_nodes =
	" node {\n  nodeid: 1\n  name: a\n }\n node {\n  nodeid: 2\n  name: b\n }\n";

enum place { TOTEM, QUORUM, DEVICE, QARB, SAN1, NODES, PLACES };

/* returns: good, a line `key: value`, or nothing where text has a line of this key; in: here, it is
 * looked for before the first brace alone. */
static const char *unless(const char *text, bool here, const char *good)
{
	size_t length = strcspn(good, ":") + 1;

	while (text[0] != 0) {
		text += strspn(text, " \n");
		if (strncmp(text, good, length) == 0)
			return "";
		if (here && strpbrk(text, "{}\n") != NULL && strpbrk(text, "{}\n")[0] != '\n')
			break;
		text += strcspn(text, "\n");
	}
	return good;
}

/* A key given twice is a fault of its own: a planted line is in the place of the good one. */
static void plant(enum place place, const char *text)
{
	static char whole[8192];
	const char *at[PLACES] = { "", "", "", "", "", "" };
	const char *san1 = place == SAN1 ? text : "";

	at[place] = text;
	(void)snprintf(whole, sizeof(whole),
		       "totem {\n version: 2\n cluster_name: demo\n token: 1000\n %s\n}\n"
		       "quorum {\n provider: corosync_votequorum\n %s\n device {\n  %s\n"
		       "  %s\n  %s\n  %s\n  qarb {\n   %s\n   %s\n"
		       "   arbiter {\n    san1 {\n     %s\n     %s\n     %s\n    }\n   }\n  }\n"
		       " }\n}\nnodelist {\n%s}\n",
		       at[TOTEM], at[QUORUM], unless(text, false, "model: qarb"),
		       unless(text, false, "timeout: 450"),
		       unless(text, false, "sync_timeout: 900"), at[DEVICE],
		       unless(text, false, "dead_ms: 900"), at[QARB],
		       unless(san1, true, "type: disk"),
		       unless(san1, true, "device: /dev/disk/by-id/x"), at[SAN1],
		       place == NODES ? text : good_nodes);
	write_conf(whole);
}

#define NODE(id, more) " node {\n  nodeid: " #id "\n  name: n" #id "\n  " more "\n }\n"
#define LONG "a123456789a123456789a123456789a123456789"
#define NAMED(id, name) " node {\n  nodeid: " #id "\n  " name "\n }\n"

static const struct planted {
	enum place place;
	const char *text;
	int status;
	const char *begin; /* of the line */
	const char *words; /* in it */
} planted[] = {
	/* What forbids a device. */
	{ QUORUM, "two_node: 1", 1, "quorum.two_node = 1: ", "both halves" },
	{ QUORUM, "auto_tie_breaker: 1", 1, "quorum.auto_tie_breaker = 1: ", "allowed is 0" },
	{ QUORUM, "last_man_standing: 1", 1, "quorum.last_man_standing = 1: ", "lms" },
	{ QUORUM, "allow_downscale: 1", 1, "quorum.allow_downscale = 1: ", "allowed is 0" },
	{ QUORUM, "provider: none", 1, "quorum.provider = none: ", "corosync_votequorum" },
	{ DEVICE, "master_wins: 1", 1, "quorum.device.master_wins = 1: ", "quorum by itself" },
	{ DEVICE, "model: net", 1, "quorum.device.model = net: ", "another device" },
	/* Votes and algorithms. */
	{ DEVICE, "votes: 2", 1, "quorum.device.votes = 2: ", "allowed is 1, or leaving it out" },
	{ DEVICE, "votes: many", 1, "quorum.device.votes = many: ", "whole number" },
	{ DEVICE, "votes: 0", 1, "quorum.device.votes = 0: ", "allowed is 1, or leaving it out" },
	{ QARB, "algorithm: ffsplit", 1, "quorum.device.votes = (not given): ", "with ffsplit" },
	{ QARB, "algorithm: 50:50", 1, "quorum.device.qarb.algorithm = 50:50: ", "lms|ffsplit" },
	{ DEVICE,
	  "votes: 1\n  qarb {\n   algorithm: ffsplit\n  }\n }\n}\n"
	  "nodelist {\n" NODE(7, "") "}\nquorum {\n device {",
	  0, "warning: quorum.device.qarb.algorithm = ffsplit: ", "3 votes have no halves" },
	{ QARB, "tie_breaker: 3", 1, "quorum.device.qarb.tie_breaker = 3: ", "node list" },
	{ QARB, "tie_breaker: first", 1, "quorum.device.qarb.tie_breaker = first: ", "lowest" },
	{ QARB, "workload: yes", 1, "quorum.device.qarb.workload = yes: ", "on|off" },
	{ QUORUM, "expected_votes: 3", 1,
	  "quorum.expected_votes = 3: ", "corosync does not start" },
	{ QUORUM, "expected_votes: 2\n device {\n  votes: 1\n }", 1,
	  "quorum.expected_votes = 2: ", "allowed is 3, or leaving it out" },
	{ QUORUM, "expected_votes: 4\n device {\n  votes: 1\n }", 1,
	  "quorum.expected_votes = 4: ", "allowed is 3, or leaving it out" },
	{ QUORUM, "expected_votes: 3\n device {\n  votes: 1\n }", 0,
	  "warning: quorum.expected_votes = 3: ", "leave it out" },
	{ QUORUM, "wait_for_all: 1", 0, "warning: quorum.wait_for_all = 1: ", "lone survivor" },
	{ QUORUM, "wait_for_all: no", 1, "quorum.wait_for_all = no: ", "whole number" },
	{ QUORUM, "two_node: no", 1, "quorum.two_node = no: ", "allowed is 0" },
	/* Times. */
	{ DEVICE, "sync_timeout: 500", 1, "quorum.device.sync_timeout = 500: ", "too late" },
	{ DEVICE, "sync_timeout: 200", 1, "quorum.device.sync_timeout = 200: ", "hold_ms" },
	{ DEVICE, "timeout: 10000", 0, "warning: X = ", "loses quorum meanwhile" },
	{ DEVICE, "sync_timeout: 2000", 0, "warning: X = ", "bounds the failover" },
	{ DEVICE, "timeout: 100", 1, "quorum.device.timeout = 100: ", "forgets the vote" },
	{ DEVICE, "timeout: 1s", 1, "quorum.device.timeout = 1s: ", "without unit" },
	{ QARB, "dead_ms: 249", 1, "quorum.device.qarb.dead_ms = 249: ", "250" },
	{ QARB, "interval_ms: 400", 1, "quorum.device.qarb.interval_ms = 400: ", "miss several" },
	{ QARB, "hold_ms: 901", 1, "", "hold_ms" },
	{ QARB, "poll_ms: 300", 1, "quorum.device.qarb.poll_ms = 300: ", "hold_ms / 2" },
	{ QARB, "settle_ms: 890", 1, "quorum.device.qarb.settle_ms = 890: ", "too late" },
	{ QARB, "late_ms: 20", 1, "quorum.device.qarb.late_ms = 20: ", "hold_ms" },
	{ TOTEM, "token: soon", 1, "totem.token = soon: ", "milliseconds" },
	/* Arbiters. */
	{ SAN1, "type: tape", 1, "quorum.device.qarb.arbiter.san1.type = tape: ", "disk" },
	{ SAN1, "device: sdb", 1, "quorum.device.qarb.arbiter.san1.device = sdb: ", "with /" },
	{ SAN1, "label: x", 1, "quorum.device.qarb.arbiter.san1.device = ", "either" },
	{ SAN1, "device: /dev/sdb", 0,
	  "warning: quorum.device.qarb.arbiter.san1.device = ", "another disk's after a restart" },
	{ SAN1, "}\n san2 {\n  type: disk\n  device: /dev/disk/by-id/x", 1,
	  "quorum.device.qarb.arbiter.san2.device = ", "must not count twice" },
	{ SAN1, "}\n san2 {\n  type: disk\n  label: y", 0,
	  "warning: quorum.device.qarb.arbiter = ", "tolerate no more" },
	{ QARB, "watchdog: /dev/watchdog", 0,
	  "warning: quorum.device.qarb.watchdog = /dev/watchdog: ", "resets every node" },
	{ QARB, "on_loss: reboot", 0,
	  "warning: quorum.device.qarb.on_loss = reboot: ", "on every node at once" },
	{ QARB, "on_loss: stop", 0, "warning: quorum.device.qarb.on_loss = stop: ", "at once" },
	/* What no disk is called. */
	{ SAN1, "}\n san2 {\n  type: disk\n  label: s#n1", 1,
	  "quorum.device.qarb.arbiter.san2.label = s#n1: ", "first of them a letter or digit" },
	{ SAN1, "}\n san2 {\n  type: disk\n  label: -x", 1,
	  "quorum.device.qarb.arbiter.san2.label = -x: ", "first of them a letter or digit" },
	{ QARB, "disk: dev/sdb", 1, "quorum.device.qarb.disk = dev/sdb: ", "begins with /" },
	{ QARB, "disk: ./z", 1, "quorum.device.qarb.disk = ./z: ", "begins with /" },
	{ QARB, "disk: s\xc3\xa4n1", 1, "quorum.device.qarb.disk = s\xc3\xa4n1: ", "a label" },
	/* A block that was copied, and its name forgotten. */
	{ SAN1, "}\n san1 {\n  device: /dev/disk/by-id/y", 0,
	  "warning: quorum.device.qarb.arbiter.san1.device = /dev/disk/by-id/y: ", "given twice" },
	{ DEVICE, "timeout: 450\n  timeout: 460", 0,
	  "warning: quorum.device.timeout = 460: ", "the last one counts" },
	{ QARB, "disk: blue\n  arbiter {\n   disk {\n    type: disk\n    label: red\n   }\n  }", 1,
	  "quorum.device.qarb.arbiter.disk = disk: ", "no other arbiter has" },
	{ SAN1, "}\n site3 {\n  type: qnetd", 1,
	  "quorum.device.qarb.arbiter.site3.type = qnetd: ", "not available" },
	/* Nodes. */
	{ NODES, "", 1, "nodelist.node = (none): ", "needs a node list" },
	{ NODES, NODE(0, "") NODE(2, ""), 1, "nodelist.node.0.nodeid = 0: ", "own id" },
	{ NODES, NODE(2, "") NODE(2, ""), 1, "nodelist.node.1.nodeid = 2: ", "no other node has" },
	{ NODES, NODE(2, "") " node {\n  name: b\n }\n", 1,
	  "nodelist.node.1.nodeid = (not given): ", "own id" },
	{ NODES, NODE(1, "quorum_votes: x") NODE(2, ""), 1,
	  "nodelist.node.0.quorum_votes = x: ", "votes of one node" },
	{ NODES, NODE(1, "quorum_votes: 3") NODE(2, ""), 1,
	  "quorum.device.votes = (not given): ", "allowed is 3: corosync" },
	{ NODES, NODE(1, "quorum_votes: 2") NODE(2, "quorum_votes: 2"), 1,
	  "quorum.device.votes = (not given): ", "allowed is 3: corosync" },
	{ NODES, NODE(1, "quorum_votes: 3") NODE(2, "") "}\nquorum {\n device {\n  votes: 2\n }\n",
	  1, "quorum.device.votes = 2: ", "allowed is 3: with lms" },
	{ NODES, NODE(1, "quorum_votes: 3") NODE(2, "") "}\nquorum {\n device {\n  votes: 3\n }\n",
	  0, "warning: nodelist.node.quorum_votes = (unequal): ", "more votes wins" },
	{ NODES, NODE(1, ""), 0, "warning: nodelist.node = (one): ", "needs no arbiter" },
	/* Names, which Pacemaker must know a node by. */
	{ NODES, NAMED(1, "name: a") NAMED(2, "") NAMED(3, ""), 0,
	  "warning: nodelist.node.name = (not given): nodes 2,3 cannot be evicted", "crm_node -n" },
	{ NODES, NAMED(1, "name: a") NAMED(2, "name: my node"), 0,
	  "warning: nodelist.node.1.name = my node: not used: ", "without blanks" },
	{ NODES, NAMED(1, "name: a") NAMED(2, "name: " LONG LONG), 0,
	  "warning: nodelist.node.1.name = " LONG LONG ": not used: ", "up to 63 characters" },
	{ NODES, NAMED(1, "name: a") NAMED(2, "name: a"), 0,
	  "warning: nodelist.node.name = a: nodes 1 and 2 have it", "orders" },
	{ NODES, NAMED(1, "name: 2") NAMED(2, "name: b"), 0,
	  "warning: nodelist.node.name = 2: node 1 has it, and it is the id of node 2", "orders" },
	/* Keys and the rest. */
	{ QARB, "dead: 900", 1, "quorum.device.qarb.dead = 900: ", "unknown key" },
	{ QARB, "evict_on_score: on", 1,
	  "quorum.device.qarb.evict_on_score = on: ", "not available" },
	{ QARB, "scheduler: idle", 1, "quorum.device.qarb.scheduler = idle: ", "rr|fifo|other" },
	{ QARB, "scheduler: other", 0, "warning: quorum.device.qarb.scheduler = other: ", "late" },
	{ QARB, "priority: 100", 1, "quorum.device.qarb.priority = 100: ", "99" },
	{ TOTEM, "cluster_name:", 0, "warning: totem.cluster_name = (not given): ", "other" },
	{ TOTEM, "cluster_name: my cluster", 1,
	  "totem.cluster_name = my cluster: ", "without blanks" },
	{ TOTEM, "frob", 1, "qarbctl: ", "line" },
};

static uint32_t lines_of(const char *text)
{
	uint32_t n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static void a_good_configuration_gives_no_line_but_that(void **state)
{
	(void)state;
	plant(TOTEM, "");
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_string_equal(out, "configuration good: 2 nodes, 1 arbiters\n");
	assert_string_equal(err, "");
}

static void each_planted_fault_has_its_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		const struct planted *p = &planted[i];
		const char *line = err;
		int status;

		plant(p->place, p->text);
		status = call(check_main, "check", "--config", conf, NULL);
		if (p->status == 0)
			line = strchr(out, '\n') == NULL ? out : strchr(out, '\n') + 1;
		if (status != p->status || lines_of(line) != 1 ||
		    lines_of(out) + lines_of(err) != (p->status == 0 ? 2u : 1u) ||
		    strncmp(line, p->begin, strlen(p->begin)) != 0 || !strstr(line, p->words))
			fail_msg("'%s': status %d, not one line '%s ... %s':\n%s%s", p->text,
				 status, p->begin, p->words, out, err);
	}
	assert_true(sizeof(planted) / sizeof(planted[0]) >= 30);
}

static void without_evictions_names_are_not_missed(void **state)
{
	(void)state;
	plant(NODES, NAMED(1, "") NAMED(2, "") "}\nquorum {\n device {\n  qarb {\n   evict: off\n"
					       "  }\n }\n");
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_int_equal(lines_of(out), 1);
}

static void a_tie_breaker_of_one_node_is_for_two(void **state)
{
	(void)state;
	plant(QARB,
	      "tie_breaker: 2\n  }\n }\n}\nnodelist {\n" NODE(7, "") "}\nquorum {\n device {\n"
								     "  qarb {\n");
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_non_null(strstr(out, "tie_breaker = 2: names one of 3 nodes"));
	assert_int_equal(lines_of(out), 2);
}

static void one_disk_by_two_paths_is_warned_of(void **state)
{
	char text[2 * BLKDEV_PATH_SIZE];
	char folder[BLKDEV_PATH_SIZE];

	(void)state;
	assert_true(fixture_file("disk", 4096, path));
	fixture_path(".", folder);
	(void)snprintf(
		text, sizeof(text),
		"device: %.200s\n    }\n    san2 {\n     type: disk\n     device: %.200s/disk",
		path, folder);
	plant(SAN1, text);
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_non_null(strstr(out, "warning: quorum.device.qarb.arbiter.san2.device = "));
	assert_non_null(strstr(out, "the same disk as that of arbiter san1"));
	/* What is not there is compared by its text alone. */
	(void)unlink(path);
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_null(strstr(out, "the same disk"));
}

static void the_watchdog_of_sbd_outlasts_sync_timeout(void **state)
{
	static const struct {
		const char *text;
		bool warned;
	} table[] = {
		{ "", false },
		{ "#SBD_WATCHDOG_TIMEOUT=1\n", false },
		{ "SBD_WATCHDOG_TIMEOUT=5\n", false },
		{ "SBD_WATCHDOG_TIMEOUT=\"5\"\nSBD_WATCHDOG_TIMEOUT='2'\n", true },
		{ "SBD_DEVICE=/dev/x\n SBD_WATCHDOG_TIMEOUT=4\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_true(fixture_file("disk", 0, path));
		assert_true(fixture_put(path, table[i].text, strlen(table[i].text), 0));
		plant(DEVICE, "sync_timeout: 4000\n  timeout: 450\n }\n}\n"
			      "totem {\n token: 6000\n}\nquorum {\n device {");
		assert_int_equal(call(check_main, "check", "--sbd", path, "--config", conf, NULL),
				 0);
		if ((strstr(out, "SBD_WATCHDOG_TIMEOUT = ") != NULL) != table[i].warned ||
		    lines_of(out) != (table[i].warned ? 2u : 1u))
			fail_msg("'%s':\n%s%s", table[i].text, out, err);
	}
	refused(call(check_main, "check", "--sbd", "/nonexistent", "--config", "/nonexistent",
		     NULL),
		1, "/nonexistent");
	assert_int_equal(call(check_main, "check", "--sbd", "/", "--config", conf, NULL), 1);
	assert_non_null(strstr(err, "/: cannot be read"));
}

/* dead_ms follows the storage: what gives way is totem. */
static void a_failover_of_multipath_takes_a_longer_token(void **state)
{
	static const char multipath[] = "dead_ms: 25000\n  }\n  timeout: 12500\n"
					"  sync_timeout: 25000\n }\n}\ntotem {\n token: %s\n}\n"
					"quorum {\n device {\n  qarb {\n";
	char text[sizeof(multipath) + 8];

	(void)state;
	(void)snprintf(text, sizeof(text), multipath, "1000");
	plant(QARB, text);
	assert_int_equal(call(timing_main, "timing", "--config", conf, NULL), 0);
	assert_non_null(strstr(out, "\nwarning: X is 54528 ms longer than totem's detection"));
	assert_non_null(strstr(out, "raise totem.token until token + consensus is at least X"));
	(void)snprintf(text, sizeof(text), multipath, "26000");
	plant(QARB, text);
	assert_int_equal(call(timing_main, "timing", "--config", conf, NULL), 0);
	assert_null(strstr(out, "warning"));
	assert_int_equal(call(check_main, "check", "--config", conf, NULL), 0);
	assert_null(strstr(out, "warning"));
}

static void wrong_words_are_explained_in_one_line(void **state)
{
	(void)state;
	refused(call(check_main, "check", "--frob", NULL), 2, "'--frob'");
	refused(call(check_main, "check", "file", NULL), 2, "'file'");
	refused(call(check_main, "check", "--config", "/nonexistent", NULL), 1, "/nonexistent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_configuration_gives_no_line_but_that),
		cmocka_unit_test(each_planted_fault_has_its_one_line),
		cmocka_unit_test(without_evictions_names_are_not_missed),
		cmocka_unit_test(a_tie_breaker_of_one_node_is_for_two),
		cmocka_unit_test(one_disk_by_two_paths_is_warned_of),
		cmocka_unit_test(the_watchdog_of_sbd_outlasts_sync_timeout),
		cmocka_unit_test(a_failover_of_multipath_takes_a_longer_token),
		cmocka_unit_test(wrong_words_are_explained_in_one_line),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

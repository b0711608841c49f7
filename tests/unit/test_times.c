/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl timing`: which times it suggests, and what it says of those in force. */
#include "fixture_tool.h"
#include "tool/ctl.h"
#include "tool/times.h"

static void a_token_has_its_times(void **state)
{
	/* doc/protocol.md, section 6, names 1000 and 300; three nodes have 1650 in force. */
	static const struct {
		uint32_t token, consensus, beat;
		uint32_t dead, timeout, sync;
		enum times_bound bound;
	} table[] = {
		{ 1000, 1200, 0, 900, 450, 900, TIMES_BY_TOKEN },
		{ 300, 360, 0, 320, 160, 320, TIMES_BY_LEAST },
		{ 3000, 3600, 0, 2700, 1350, 2700, TIMES_BY_TOKEN },
		{ 1650, 1980, 0, 1480, 740, 1480, TIMES_BY_TOKEN },
		{ 355, 426, 0, 320, 160, 320, TIMES_BY_LEAST },
		{ 360, 432, 0, 320, 160, 320, TIMES_BY_TOKEN },
		{ 100, 120, 0, 320, 160, 320, TIMES_BY_LEAST },
		/* A consensus that an administrator made short. */
		{ 1000, 500, 0, 660, 330, 660, TIMES_BY_DETECTION },
		{ 1000, 1, 0, 440, 220, 440, TIMES_BY_DETECTION },
		/* Storage: 16/3 of the slowest beat, in steps of 50. */
		{ 1000, 1200, 100, 900, 450, 900, TIMES_BY_TOKEN },
		{ 1000, 1200, 180, 1000, 500, 1000, TIMES_BY_STORAGE },
		{ 300, 360, 60, 350, 175, 350, TIMES_BY_STORAGE },
		{ 1000, 1200, 60000, 120000, 60000, 120000, TIMES_BY_STORAGE },
		{ 200000, 240000, 0, 120000, 60000, 120000, TIMES_BY_MOST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct times_suggestion s;

		times_suggest(table[i].token, table[i].consensus, table[i].beat, &s);
		if (s.policy.dead_ms != table[i].dead || s.policy.timeout_ms != table[i].timeout ||
		    s.policy.sync_timeout_ms != table[i].sync || s.bound != table[i].bound)
			fail_msg("entry %zu: %u/%u/%u, bound %d", i, s.policy.dead_ms,
				 s.policy.timeout_ms, s.policy.sync_timeout_ms, (int)s.bound);
	}
}

/* What is suggested is never refused, and hides behind totem's detection where it can. */
static void a_suggestion_is_legal_for_every_token(void **state)
{
	(void)state;
	for (uint32_t token = 50; token < 20000; token += 7) {
		struct times_suggestion s;
		struct timings t;

		times_suggest(token, token * 12 / 10, 0, &s);
		t = timing_of(&s.policy);
		if (timing_check(&s.policy) != TIMING_OK)
			fail_msg("token %u: problem %d", token, (int)timing_check(&s.policy));
		if (s.bound != TIMES_BY_LEAST && timing_x_ms(&t) > timing_detection_ms(&s.policy))
			fail_msg("token %u: X outlasts detection", token);
		assert_true(times_worst_decision_ms(&s.policy) <=
			    times_decision_limit_ms(&s.policy));
	}
}

static const char base[] = "totem {\n cluster_name: demo\n token: %u\n}\nquorum {\n"
			   " provider: corosync_votequorum\n device {\n  model: qarb\n"
			   "  timeout: %u\n  sync_timeout: %u\n  qarb {\n   disk: san1\n"
			   "   dead_ms: %u\n  }\n }\n}\nnodelist {\n node {\n  nodeid: 1\n }\n"
			   " node {\n  nodeid: 2\n }\n}\n";

static void configure(unsigned int token, unsigned int timeout, unsigned int sync,
		      unsigned int dead)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), base, token, timeout, sync, dead);
	write_conf(text);
}

static void says(const char *phrase)
{
	if (strstr(out, phrase) == NULL)
		fail_msg("no '%s' in:\n%s", phrase, out);
}

static void validate(const char *form)
{
	char file[BLKDEV_PATH_SIZE];
	char words[BLKDEV_PATH_SIZE + 64];

	fixture_path("out", file);
	(void)snprintf(words, sizeof(words), "tests/schema-validate %s timing %s", form, file);
	assert_int_equal(system(words), 0);
}

static void a_file_is_judged_where_it_is_named(void **state)
{
	(void)state;
	configure(1000, 450, 900, 900);
	assert_int_equal(call(timing_main, "timing", "-c", conf, NULL), 0);
	says("detection         2200 ms");
	says("X                 2043 ms");
	says("decision           563 ms");
	says("leaves 720 ms");
	says("failover          2313 ms");
	says("stale flag        2200 ms");
	assert_null(strstr(out, "warning"));
	configure(300, 450, 900, 900);
	assert_int_equal(call(timing_main, "timing", "-c", conf, NULL), 0);
	says("X, which outlasts detection");
	says("warning: X is 1383 ms longer");
	refused(call(timing_main, "timing", "-o", "yaml", NULL), 2, "text, xml or json");
	refused(call(timing_main, "timing", "-c", "/nonexistent/x", NULL), 1, "/nonexistent/x");
}

static void a_suggestion_does_not_need_a_legal_configuration(void **state)
{
	(void)state;
	configure(1000, 10, 10, 900);
	assert_int_equal(call(timing_main, "timing", "-c", conf, NULL), 1);
	assert_int_equal(call(timing_main, "timing", "--suggest", "-c", conf, NULL), 0);
	says("dead_ms            900 ms  nine tenths of the token");
	says("timeout            450 ms");
	says("sync_timeout       900 ms");
	configure(300, 10, 10, 900);
	assert_int_equal(call(timing_main, "timing", "--suggest", "-c", conf, NULL), 0);
	says("dead_ms            320 ms  the least");
	says("timeout            160 ms");
	says("sync_timeout       320 ms");
	says("beyond totem's detection");
}

/* Times for another token than the cluster's would be no help. */
static void a_suggestion_needs_a_token_and_nodes_that_are_understood(void **state)
{
	static const char *const token[] = { "abc", "0", "-1", "3600001", "1s" };
	static char text[8192];
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(token) / sizeof(token[0]); i++) {
		char line[64];

		(void)snprintf(text, sizeof(text),
			       "totem {\n token: %s\n}\nnodelist {\n node {\n  nodeid: 1\n }\n}\n",
			       token[i]);
		(void)snprintf(line, sizeof(line), "totem.token = %s: allowed is", token[i]);
		write_conf(text);
		refused(call(timing_main, "timing", "-s", "-c", conf, NULL), 1, line);
	}
	at = (size_t)snprintf(text, sizeof(text), "totem {\n token: 1000\n}\nnodelist {\n");
	for (int i = 1; i <= NODES_MAX + 1; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " node {\n  nodeid: %d\n }\n",
				       i);
	(void)snprintf(text + at, sizeof(text) - at, "}\n");
	write_conf(text);
	refused(call(timing_main, "timing", "-s", "-c", conf, NULL), 1, "allowed are 64 nodes");
}

static void its_forms_for_programs_are_what_the_schemas_say(void **state)
{
	(void)state;
	configure(1000, 450, 900, 900);
	assert_int_equal(call(timing_main, "timing", "-o", "xml", "-c", conf, NULL), 0);
	validate("xml");
	assert_int_equal(call(timing_main, "timing", "-s", "-o", "xml", "-c", conf, NULL), 0);
	says("<suggestion dead_ms=\"900\" timeout_ms=\"450\" sync_timeout_ms=\"900\"");
	validate("xml");
	assert_int_equal(call(timing_main, "timing", "-o", "json", "-c", conf, NULL), 0);
	validate("json");
	assert_int_equal(call(timing_main, "timing", "-s", "-o", "json", "-c", conf, NULL), 0);
	says("\"dead_ms\": 900");
	validate("json");
}

/* Not left out in silence: `timing my.conf` would tell of the running daemon. */
static void a_word_too_many_is_refused_in_one_line(void **state)
{
	(void)state;
	refused(call(timing_main, "timing", "my.conf", NULL), 2, "'my.conf'");
	refused(call(timing_main, "timing", "-c", conf, "my.conf", NULL), 2, "'my.conf'");
	refused(call(status_main, "status", "san1", NULL), 2, "'san1'");
	refused(call(why_main, "why", "-o", "json", "1", NULL), 2, "'1'");
	refused(call(trace_main, "trace", "file", NULL), 2, "'file'");
	refused(call(evict_main, "evict", "a", "b", NULL), 2, "one node");
	refused(call(poison_main, "poison", "a", "b", NULL), 2, "one node");
	refused(call(replay_main, "replay", "a", "b", NULL), 2, "one file");
}

static int (*not_as_root)(int argc, char **argv);

static int as_nobody(int argc, char **argv)
{
	uid_t before = geteuid();
	int exit_code;

	assert_true(before != 0 || seteuid(65534) == 0);
	exit_code = not_as_root(argc, argv);
	assert_true(before != 0 || seteuid(before) == 0);
	return exit_code;
}

static void a_file_that_may_not_be_read_is_told_by_the_exit_code(void **state)
{
	static int (*const commands[])(int argc, char **argv) = { check_main, timing_main,
								  explain_main };

	(void)state;
	configure(1000, 450, 900, 900);
	assert_int_equal(chmod(conf, 0), 0);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		not_as_root = commands[i];
		refused(call(as_nobody, "command", "-c", conf, NULL), 5, "Permission denied");
		refused(call(commands[i], "command", "-c", "/nonexistent", NULL), 1,
			"No such file");
	}
	not_as_root = timing_main;
	refused(call(as_nobody, "timing", "-s", "-c", conf, NULL), 5, "Permission denied");
	assert_int_equal(chmod(conf, 0600), 0);
}

static void a_trace_that_cannot_be_read_to_its_end_is_not_the_same(void **state)
{
	(void)state;
	refused(call(replay_main, "replay", "/", NULL), 1, "/: Is a directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_has_its_times),
		cmocka_unit_test(a_suggestion_is_legal_for_every_token),
		cmocka_unit_test(a_file_is_judged_where_it_is_named),
		cmocka_unit_test(a_suggestion_does_not_need_a_legal_configuration),
		cmocka_unit_test(a_suggestion_needs_a_token_and_nodes_that_are_understood),
		cmocka_unit_test(its_forms_for_programs_are_what_the_schemas_say),
		cmocka_unit_test(a_word_too_many_is_refused_in_one_line),
		cmocka_unit_test(a_file_that_may_not_be_read_is_told_by_the_exit_code),
		cmocka_unit_test(a_trace_that_cannot_be_read_to_its_end_is_not_the_same),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

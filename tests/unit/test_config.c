/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/timing.h"
#include "shell/config.h"

static struct config_items items;
static struct config_problems problems;
static struct config config;

static const char *const good[][2] = {
	{ "totem.cluster_name", "lab" },
	{ "totem.token", "1000" },
	{ "quorum.provider", "corosync_votequorum" },
	{ "quorum.device.model", "qarb" },
	{ "quorum.device.timeout", "450" },
	{ "quorum.device.sync_timeout", "900" },
	{ "quorum.device.qarb.dead_ms", "900" },
	{ "quorum.device.qarb.arbiter.san1.type", "disk" },
	{ "quorum.device.qarb.arbiter.san1.device", "/dev/disk/by-id/x" },
	{ "nodelist.node.0.nodeid", "2" },
	{ "nodelist.node.0.name", "second" },
	{ "nodelist.node.1.nodeid", "1" },
	{ "nodelist.node.1.name", "first" },
	{ "nodelist.local_node_pos", "1" },
};

static int start(void **state)
{
	(void)state;
	memset(&items, 0, sizeof(items));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		config_add(&items, good[i][0], good[i][1]);
	return 0;
}

static void drop(const char *key)
{
	for (uint32_t i = 0; i < items.count; i++) {
		if (strcmp(items.item[i].key, key) == 0) {
			items.item[i] = items.item[--items.count];
			return;
		}
	}
	fail_msg("no key %s", key);
}

/* One problem, whose line begins with `key = value:` and holds the words. */
static void refused(const char *begin, const char *words)
{
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_int_equal(problems.count, 1);
	if (strncmp(problems.line[0], begin, strlen(begin)) != 0 ||
	    strstr(problems.line[0], words) == NULL)
		fail_msg("'%s' is not '%s ... %s'", problems.line[0], begin, words);
	assert_non_null(strstr(problems.line[0], "allowed"));
}

static void refuses_bad_values_by_key_value_allowed_and_why(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		const char *words;
	} t[] = {
		{ "quorum.provider", "none", "votequorum counts" },
		{ "quorum.device.model", "net", "qarb" },
		{ "quorum.device.master_wins", "1", "by itself" },
		{ "quorum.device.votes", "2", "allowed is 1" },
		{ "quorum.device.timeout", "1s", "without unit" },
		{ "quorum.device.timeout", "0", "whole number" },
		{ "quorum.device.timeout", "100", "forgets the vote" },
		{ "quorum.device.sync_timeout", "200", "too late for corosync" },
		{ "quorum.device.sync_timeout", "500", "too late for corosync" },
		{ "quorum.device.qarb.dead_ms", "249", "250" },
		{ "quorum.device.qarb.dead_ms", "-900", "250" },
		{ "quorum.device.qarb.interval_ms", "400", "miss several" },
		{ "quorum.device.qarb.hold_ms", "200", "late beat" },
		{ "quorum.device.qarb.hold_ms", "901", "dead_ms" },
		{ "quorum.device.qarb.poll_ms", "300", "hold_ms / 2" },
		{ "quorum.device.qarb.settle_ms", "890", "too late for corosync" },
		{ "quorum.device.qarb.late_ms", "20", "hold_ms" },
		{ "quorum.device.qarb.algorithm", "50:50", "lms|ffsplit" },
		{ "quorum.device.qarb.algorithm", "ffsplit", "" },
		{ "quorum.device.qarb.tie_breaker", "3", "node" },
		{ "quorum.device.qarb.workload", "yes", "on|off" },
		{ "quorum.device.qarb.scheduler", "idle", "rr|fifo|other" },
		{ "quorum.device.qarb.priority", "100", "99" },
		{ "quorum.device.qarb.arbiter.san1.type", "tape", "disk" },
		{ "quorum.device.qarb.arbiter.san1.device", "sdb", "begins with /" },
		{ "quorum.device.qarb.arbiter.san1.label", "x", "either device or label" },
		{ "nodelist.node.0.nodeid", "0", "1 to 4294967295" },
		{ "nodelist.node.0.nodeid", "1", "no other node" },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		(void)start(state);
		config_add(&items, t[i].key, t[i].value);
		/* The problem of one value may show at another key. */
		assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
		assert_in_range(problems.count, 1, 2);
		if (strstr(problems.line[0], t[i].words) == NULL)
			fail_msg("%s = %s: '%s' lacks '%s'", t[i].key, t[i].value, problems.line[0],
				 t[i].words);
		assert_non_null(strstr(problems.line[0], "allowed"));
		assert_non_null(strstr(problems.line[0], " = "));
	}
}

static void refuses_unknown_keys_and_later_versions(void **state)
{
	(void)state;
	config_add(&items, "quorum.device.qarb.dead", "900");
	refused("quorum.device.qarb.dead = 900:", "unknown key");
	start(NULL);
	config_add(&items, "quorum.device.qarb.arbiter.san1.colour", "red");
	refused("quorum.device.qarb.arbiter.san1.colour = red:", "unknown key");
	start(NULL);
	config_add(&items, "quorum.device.qarb.evict_on_score", "on");
	refused("quorum.device.qarb.evict_on_score = on:", "not available");
	start(NULL);
	config_add(&items, "quorum.device.qarb.heuristics.gw.exec", "/bin/true");
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_non_null(strstr(problems.line[0], "not available"));
}

static void tells_what_is_missing_from_what_is_another(void **state)
{
	(void)state;
	drop("quorum.device.model");
	refused("quorum.device.model = (not given):", "no quorum device is configured");
	start(NULL);
	config_add(&items, "quorum.device.model", "net");
	refused("quorum.device.model = net:", "another device");
	start(NULL);
	config_add(&items, "quorum.device.qarb.arbiter.san one.type", "disk");
	config_add(&items, "quorum.device.qarb.arbiter.san one.device", "/dev/disk/by-id/y");
	refused("quorum.device.qarb.arbiter.san one = san one:", "without blanks");
	start(NULL);
	drop("quorum.device.qarb.arbiter.san1.device");
	config_add(&items, "quorum.device.qarb.arbiter.san1.label", "san 1");
	refused("quorum.device.qarb.arbiter.san1.label = san 1:", "letters, digits");
}

static void refuses_impossible_evictions(void **state)
{
	static const struct {
		const char *key, *value, *why;
	} wrong[] = {
		{ "evict", "yes", "on|off" },
		{ "evict_after_ms", "5", "X" },
		{ "evict_action", "on", "reboot|off" },
		{ "evict_in_maintenance", "1", "on|off" },
		{ "on_loss", "halt", "nothing|stop|reboot" },
		{ "on_poison", "nothing", "stop|reboot" },
		{ "self_fence", "reset", "sysrq and reboot" },
		{ "self_fence", "reboot reboot", "sysrq and reboot" },
		{ "self_fence", " ", "sysrq and reboot" },
		{ "stop_timeout_ms", "60s", "milliseconds" },
		{ "watchdog", "softdog", "begins with /" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char key[64];
		char line[96];

		(void)snprintf(key, sizeof(key), "quorum.device.qarb.%s", wrong[i].key);
		(void)snprintf(line, sizeof(line), "%s = %s:", key, wrong[i].value);
		start(NULL);
		config_add(&items, key, wrong[i].value);
		refused(line, wrong[i].why);
	}
}

static void evictions_have_defaults_and_can_be_set(void **state)
{
	struct timings t;

	(void)state;
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	t = timing_of(&config.policy);
	assert_true(config.policy.evict);
	assert_true(config.policy.evict_after_ms >= 10 * config.policy.dead_ms);
	assert_true(config.policy.evict_after_ms >= timing_x_ms(&t));
	assert_int_equal(config.policy.evict_action, FENCE_REBOOT);
	assert_false(config.policy.evict_in_maintenance);
	assert_int_equal(config.policy.on_loss, SELF_NOTHING);
	assert_int_equal(config.policy.on_poison, SELF_REBOOT);
	assert_int_equal(config.self_fence_count, 2);
	assert_int_equal(config.self_fence[0], SELF_FENCE_SYSRQ);
	assert_int_equal(config.self_fence[1], SELF_FENCE_REBOOT);
	assert_int_equal(config.stop_timeout_ms, 60000);
	assert_string_equal(config.watchdog, "");
	config_add(&items, "quorum.device.qarb.evict", "off");
	config_add(&items, "quorum.device.qarb.evict_after_ms", "45000");
	config_add(&items, "quorum.device.qarb.evict_action", "off");
	config_add(&items, "quorum.device.qarb.evict_in_maintenance", "on");
	config_add(&items, "quorum.device.qarb.on_loss", "reboot");
	config_add(&items, "quorum.device.qarb.on_poison", "stop");
	config_add(&items, "quorum.device.qarb.self_fence", "reboot");
	config_add(&items, "quorum.device.qarb.stop_timeout_ms", "20000");
	config_add(&items, "quorum.device.qarb.watchdog", "/dev/watchdog");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_false(config.policy.evict);
	assert_int_equal(config.policy.evict_after_ms, 45000);
	assert_int_equal(config.policy.evict_action, FENCE_OFF);
	assert_true(config.policy.evict_in_maintenance);
	assert_int_equal(config.policy.on_loss, SELF_REBOOT);
	assert_int_equal(config.policy.on_poison, SELF_STOP);
	assert_int_equal(config.self_fence_count, 1);
	assert_int_equal(config.self_fence[0], SELF_FENCE_REBOOT);
	assert_int_equal(config.stop_timeout_ms, 20000);
	assert_string_equal(config.watchdog, "/dev/watchdog");
}

static void refuses_a_cluster_without_nodes(void **state)
{
	(void)state;
	items.count -= 5;
	refused("nodelist.node = (none):", "node list");
}

/* A cluster that has run goes on with them, if nothing else is wrong. */
static void tells_apart_whether_only_the_votes_are_wrong(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		bool only_votes;
	} t[] = {
		{ "quorum.device.votes", "5", true },
		{ "quorum.device.votes", "0", true },
		{ "quorum.device.votes", "x", false },
		{ "nodelist.node.0.quorum_votes", "4", true },
		{ "quorum.expected_votes", "3", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		start(NULL);
		config_add(&items, t[i].key, t[i].value);
		assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
		assert_int_equal(problems.count, 1);
		assert_int_equal(config_only_votes(&problems), t[i].only_votes);
		assert_int_equal(config.policy.dead_ms, 900);
		config_add(&items, "quorum.device.qarb.dead_ms", "1");
		assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
		assert_false(config_only_votes(&problems));
	}
	/* Expected votes of less than there are: two partitions could be quorate. */
	start(NULL);
	config_add(&items, "quorum.device.votes", "1");
	config_add(&items, "quorum.expected_votes", "2");
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_false(config_only_votes(&problems));
	start(NULL);
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_false(config_only_votes(&problems));
}

static void tells_every_problem(void **state)
{
	(void)state;
	config_add(&items, "quorum.device.qarb.dead", "1");
	config_add(&items, "quorum.device.qarb.priority", "0");
	config_add(&items, "quorum.provider", "x");
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_int_equal(problems.count, 3);
}

static void counts_problems_that_it_cannot_keep(void **state)
{
	char key[64];

	(void)state;
	for (int i = 0; i < CONFIG_PROBLEMS_MAX + 5; i++) {
		(void)snprintf(key, sizeof(key), "quorum.device.qarb.bad%d", i);
		config_add(&items, key, "1");
	}
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_int_equal(problems.count, CONFIG_PROBLEMS_MAX + 5);
}

static void accepts_the_example_and_derives_its_times(void **state)
{
	(void)state;
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_string_equal(config.cluster_name, "lab");
	assert_int_equal(config.own_node_id, 1);
	assert_int_equal(config.nodes.count, 2);
	assert_int_equal(config.nodes.node_id[0], 1);
	assert_string_equal(config.node_name[0], "first");
	assert_int_equal(config.nodes.node_id[1], 2);
	assert_string_equal(config.node_name[1], "second");
	assert_int_equal(config.policy.interval_ms, 113);
	assert_int_equal(config.policy.hold_ms, 450);
	assert_int_equal(config.policy.poll_ms, 90);
	assert_int_equal(config.policy.token_ms, 1000);
	assert_int_equal(config.policy.consensus_ms, 1200);
	assert_int_equal(config.policy.arbiter_count, 1);
	assert_string_equal(config.arbiter[0].name, "san1");
	assert_string_equal(config.arbiter[0].device, "/dev/disk/by-id/x");
	assert_int_equal(config.scheduler, SCHEDULER_RR);
	assert_int_equal(config.priority, 1);
}

static void totem_counts_its_nodes_unless_corosync_says_otherwise(void **state)
{
	(void)state;
	config_add(&items, "nodelist.node.2.nodeid", "3");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_int_equal(config.policy.token_ms, 1650);
	config_add(&items, "runtime.config.totem.token", "700");
	config_add(&items, "runtime.config.totem.consensus", "900");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_int_equal(config.policy.token_ms, 700);
	assert_int_equal(config.policy.consensus_ms, 900);
}

static void no_arbiter_is_a_legal_waiting_state(void **state)
{
	(void)state;
	drop("quorum.device.qarb.arbiter.san1.type");
	drop("quorum.device.qarb.arbiter.san1.device");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_int_equal(config.policy.arbiter_count, 0);
}

static void a_disk_may_be_given_flat_by_path_or_label(void **state)
{
	(void)state;
	drop("quorum.device.qarb.arbiter.san1.type");
	drop("quorum.device.qarb.arbiter.san1.device");
	config_add(&items, "quorum.device.qarb.disk", "/dev/sdz");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_string_equal(config.arbiter[0].device, "/dev/sdz");
	config_add(&items, "quorum.device.qarb.disk", "blue");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_string_equal(config.arbiter[0].device, "");
	assert_string_equal(config.arbiter[0].label, "blue");
}

static void arbiters_are_numbered_by_name_whatever_the_order_of_keys(void **state)
{
	(void)state;
	config_add(&items, "quorum.device.qarb.arbiter.alpha.label", "a");
	config_add(&items, "quorum.device.qarb.arbiter.alpha.type", "disk");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_int_equal(config.policy.arbiter_count, 2);
	assert_string_equal(config.arbiter[0].name, "alpha");
	assert_string_equal(config.arbiter[0].label, "a");
	assert_string_equal(config.arbiter[1].name, "san1");
}

static void the_hash_tells_clusters_of_different_minds_apart(void **state)
{
	uint64_t hash;

	(void)state;
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	hash = config.policy.hash;
	config_add(&items, "quorum.device.qarb.arbiter.san1.device", "/dev/other");
	config_add(&items, "nodelist.local_node_pos", "0");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_true(config.policy.hash == hash);
	config_add(&items, "quorum.device.qarb.tie_breaker", "highest");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_true(config.policy.hash != hash);
	config_add(&items, "quorum.device.qarb.tie_breaker", "lowest");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_true(config.policy.hash == hash);
	/* A cluster that has run goes on with these, which must then be those of all nodes. */
	config_add(&items, "quorum.device.votes", "5");
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_true(config_only_votes(&problems));
	assert_true(config.policy.hash != hash);
}

static void a_reload_changes_choices_times_and_nodes_and_not_the_arbiters(void **state)
{
	static struct config now;

	(void)state;
	assert_int_equal(config_parse(&items, &now, &problems), RC_OK);
	config_add(&items, "quorum.device.qarb.tie_breaker", "highest");
	config_add(&items, "nodelist.node.2.nodeid", "3");
	config_add(&items, "quorum.device.qarb.dead_ms", "1500");
	config_add(&items, "quorum.device.timeout", "750");
	config_add(&items, "quorum.device.sync_timeout", "1500");
	config_add(&items, "quorum.device.qarb.priority", "7");
	config_add(&items, "quorum.device.qarb.scheduler", "fifo");
	config_add(&items, "quorum.device.qarb.workload", "off");
	config_add(&items, "quorum.device.qarb.evict", "off");
	config_add(&items, "quorum.device.qarb.evict_after_ms", "60000");
	config_add(&items, "quorum.device.qarb.evict_action", "off");
	config_add(&items, "quorum.device.qarb.evict_in_maintenance", "on");
	config_add(&items, "quorum.device.qarb.on_loss", "stop");
	config_add(&items, "quorum.device.qarb.on_poison", "stop");
	config_add(&items, "quorum.device.qarb.self_fence", "reboot");
	config_add(&items, "quorum.device.qarb.stop_timeout_ms", "1000");
	assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
	assert_int_equal(config_reload_check(&now, &config, &problems), RC_OK);
	assert_int_equal(problems.count, 0);
}

static void a_reload_refuses_what_needs_a_restart_by_key_and_reason(void **state)
{
	static struct config now;
	static const char *const bad[][3] = {
		{ "quorum.device.qarb.arbiter.san1.device", "/dev/other",
		  "quorum.device.qarb.arbiter = (changed)" },
		{ "quorum.device.qarb.arbiter.san0.type", "disk",
		  "quorum.device.qarb.arbiter = (changed)" },
		{ "totem.cluster_name", "other", "totem.cluster_name = (changed)" },
		{ "nodelist.local_node_pos", "0", "nodelist.node.nodeid = (changed)" },
		{ "quorum.device.qarb.watchdog", "/dev/watchdog",
		  "quorum.device.qarb.watchdog = (changed)" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start(state);
		assert_int_equal(config_parse(&items, &now, &problems), RC_OK);
		config_add(&items, bad[i][0], bad[i][1]);
		if (strstr(bad[i][0], "san0") != NULL)
			config_add(&items, "quorum.device.qarb.arbiter.san0.device", "/dev/b");
		assert_int_equal(config_parse(&items, &config, &problems), RC_OK);
		assert_int_equal(config_reload_check(&now, &config, &problems), RC_REFUSED);
		assert_int_equal(problems.count, 1);
		assert_int_equal(strncmp(problems.line[0], bad[i][2], strlen(bad[i][2])), 0);
	}
}

static void what_corosync_takes_of_a_refused_reload_is_reckoned_with(void **state)
{
	static struct config now;

	(void)state;
	assert_int_equal(config_parse(&items, &now, &problems), RC_OK);
	config_add(&items, "quorum.device.qarb.dead_ms", "1");
	assert_false(config_follow_corosync(&items, &now, &config));
	config_add(&items, "quorum.device.timeout", "60000");
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	assert_true(config_follow_corosync(&items, &now, &config));
	assert_int_equal(config.policy.timeout_ms, 60000);
	assert_int_equal(config.policy.sync_timeout_ms, 900);
	assert_int_equal(config.policy.dead_ms, 900);
	assert_true(config.policy.hash != now.policy.hash);
	/* A key that is gone means votequorum's own default. */
	drop("quorum.device.timeout");
	drop("quorum.device.sync_timeout");
	assert_true(config_follow_corosync(&items, &now, &config));
	assert_int_equal(config.policy.timeout_ms, 10000);
	assert_int_equal(config.policy.sync_timeout_ms, 30000);
	/* Whatever is there, nothing that must fit into sync_timeout outgrows it. */
	config_add(&items, "quorum.device.timeout", "450");
	config_add(&items, "quorum.device.sync_timeout", "20");
	assert_true(config_follow_corosync(&items, &now, &config));
	assert_true(config.policy.margin_ms < config.policy.sync_timeout_ms);
	assert_true(config.policy.settle_ms < config.policy.sync_timeout_ms);
	config_add(&items, "quorum.device.sync_timeout", "4294967295");
	assert_true(config_follow_corosync(&items, &now, &config));
	assert_true(timing_of(&config.policy).d_ms > 1 << 30);
	/* Without a device votequorum goes on with what it has. */
	drop("quorum.device.model");
	assert_false(config_follow_corosync(&items, &now, &config));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(refuses_bad_values_by_key_value_allowed_and_why, start),
		cmocka_unit_test_setup(refuses_unknown_keys_and_later_versions, start),
		cmocka_unit_test_setup(tells_what_is_missing_from_what_is_another, start),
		cmocka_unit_test_setup(refuses_impossible_evictions, start),
		cmocka_unit_test_setup(evictions_have_defaults_and_can_be_set, start),
		cmocka_unit_test_setup(refuses_a_cluster_without_nodes, start),
		cmocka_unit_test_setup(tells_apart_whether_only_the_votes_are_wrong, start),
		cmocka_unit_test_setup(tells_every_problem, start),
		cmocka_unit_test_setup(counts_problems_that_it_cannot_keep, start),
		cmocka_unit_test_setup(accepts_the_example_and_derives_its_times, start),
		cmocka_unit_test_setup(totem_counts_its_nodes_unless_corosync_says_otherwise,
				       start),
		cmocka_unit_test_setup(no_arbiter_is_a_legal_waiting_state, start),
		cmocka_unit_test_setup(a_disk_may_be_given_flat_by_path_or_label, start),
		cmocka_unit_test_setup(arbiters_are_numbered_by_name_whatever_the_order_of_keys,
				       start),
		cmocka_unit_test_setup(the_hash_tells_clusters_of_different_minds_apart, start),
		cmocka_unit_test_setup(
			a_reload_changes_choices_times_and_nodes_and_not_the_arbiters, start),
		cmocka_unit_test_setup(a_reload_refuses_what_needs_a_restart_by_key_and_reason,
				       start),
		cmocka_unit_test_setup(what_corosync_takes_of_a_refused_reload_is_reckoned_with,
				       start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl disk init`: what it takes of a configuration, and how long it watches a disk. */
#include <signal.h>
#include <sys/wait.h>

#include "fixture_disk.h"
#include "fixture_tool.h"
#include "tool/disk.h"

static char path[BLKDEV_PATH_SIZE];

/* Run `qarbctl disk` with these words, ended by NULL. */
#define disk(...) call(disk_main, "disk", __VA_ARGS__)

static int good_conf(void **state)
{
	(void)state;
	write_conf(conf_text);
	return 0;
}

static void make_disk(void)
{
	assert_true(fixture_file("disk", 1024 * 1024, path));
	if (disk("init", "--lab", "--label", "unit", "--config", conf, path, NULL) != 0)
		fail_msg("%s", err);
}

static void faults_of_corosync_conf_are_explained_in_one_line(void **state)
{
	static const struct {
		const char *text;
		const char *phrase;
	} table[] = {
		{ "totem {\n", "line 1" },
		{ "totem {\n}\n", "no nodelist: give --nodes" },
		{ "totem {\n cluster_name: my cluster\n}\n",
		  "totem.cluster_name = my cluster: allowed are up to 63 characters without "
		  "blanks" },
		{ "nodelist {\n node {\n  ring0_addr: x\n }\n}\n", "needs a nodeid" },
		{ "nodelist {\n node {\n  nodeid: x\n }\n}\n", "'x' is no number" },
		{ "nodelist {\n node {\n  nodeid: 1\n }\n node {\n  name: b\n }\n node {\n"
		  "  nodeid: 3\n }\n}\n",
		  "nodelist.node.1.nodeid: node 'b' needs a nodeid above 0" },
		{ "nodelist {\n node {\n  nodeid: 1\n }\n node {\n  nodeid: 1\n }\n}\n",
		  "1 is given twice" },
		{ "quorum {\n device {\n  qarb {\n   dead_ms: 10\n  }\n }\n}\n",
		  "dead_ms = 10: allowed is a whole number from 250 to 120000" },
		{ "quorum {\n device {\n  timeout: -1\n }\n}\n",
		  "timeout = -1: allowed is a whole number from 1 to 3600000" },
		/* Times that check and the daemon refuse. */
		{ "quorum {\n device {\n  timeout: 4294967295\n }\n}\n",
		  "quorum.device.timeout = 4294967295: allowed is a whole number from 1 to "
		  "3600000" },
		{ "quorum {\n device {\n  qarb {\n   interval_ms: 1000000\n  }\n }\n}\n",
		  "quorum.device.qarb.interval_ms = 1000000: allowed is 10 to 300 (dead_ms / 3)" },
		{ "quorum {\n device {\n  qarb {\n   interval_ms: 4294967295\n  }\n }\n}\n",
		  "interval_ms = 4294967295: allowed is a whole number from 1 to 3600000" },
		{ "quorum {\n device {\n  timeout: 100\n  qarb {\n   hold_ms: 0\n  }\n }\n}\n",
		  "hold_ms = 0: allowed is a whole number from 1 to 3600000" },
		{ "quorum {\n device {\n  timeout: 100\n  sync_timeout: 900\n }\n}\n",
		  "quorum.device.timeout = 100: allowed is from 225 on" },
	};

	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, path));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		write_conf(table[i].text);
		refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 1,
			table[i].phrase);
	}
	refused(disk("init", "--label", "x", "--config", "/nonexistent", path, NULL), 1,
		"/nonexistent");
}

static void what_destroys_is_written_out(void **state)
{
	(void)state;
	make_disk();
	refused(disk("init", "--lab", "--label", "x", "--f", "--config", conf, path, NULL), 2,
		"--f: --force must be written out");
	refused(disk("init", "--lab", "--label", "x", "--while", "--config", conf, path, NULL), 2,
		"--while: --while-running must be written out");
	refused(disk("repair", "--clear-slot", "2", "--con", path, NULL), 2,
		"--con: --confirm must be written out");
	refused(disk("repair", "--clear-slot", "2", "--confirm", "--all", path, NULL), 2,
		"--all: --all-nodes-stopped must be written out");
	/* The others may be shortened. */
	assert_int_equal(disk("init", "--lab", "--lab", "--label", "x", "--force", "--conf", conf,
			      path, NULL),
			 0);
}

/* To the daemon a section without keys is none either. */
static void an_empty_section_ends_no_node_list(void **state)
{
	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, path));
	write_conf(
		"nodelist {\n node {\n  nodeid: 1\n }\n node {\n }\n node {\n  nodeid: 3\n }\n}\n");
	assert_int_equal(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 0);
	assert_non_null(strstr(out, ", 2 nodes,"));
}

static void times_that_nobody_gave_are_warned_of(void **state)
{
	(void)state;
	make_disk();
	assert_string_equal(err, "");
	assert_true(fixture_file("disk", 1024 * 1024, path));
	write_conf("nodelist {\n node {\n  nodeid: 1\n }\n node {\n  nodeid: 2\n }\n}\n");
	assert_int_equal(disk("init", "--lab", "--label", "unit", "--config", conf, path, NULL), 0);
	/* 1.021 * (450 + 90 + 40000) + 113 ms */
	assert_non_null(strstr(err, "before the others ever did waits 41.5 s for them"));
}

/* in: interval_ms, of slot 1 on a disk that is made by this. */
static void make_slow_disk(uint32_t interval_ms)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct disk_header h;
	struct slot s;
	int fd;

	make_disk();
	assert_int_equal(blkdev_open_reading(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &h), RC_OK);
	(void)close(fd);
	memset(&s, 0, sizeof(s));
	s.node_id = 2;
	s.timings = (struct timings){ 450, 90, 1350, interval_ms };
	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
		slotwire_encode(&s, h.facts.uuid, 1, copy, block);
		assert_true(
			fixture_put(path, block, sizeof(block), headwire_slot_offset(&h, 1, copy)));
	}
}

static void a_disk_that_is_overwritten_in_any_case_is_not_watched(void **state)
{
	(void)state;
	make_slow_disk(40000);
	(void)alarm(30);
	assert_int_equal(disk("init", "--force", "--while-running", "--lab", "--label", "x",
			      "--config", conf, path, NULL),
			 0);
	(void)alarm(0);
	assert_null(strstr(err, "watching"));
}

/* No daemon beats more slowly: what a slot says is not believed without bounds. */
static void a_disk_is_watched_for_two_minutes_at_the_longest(void **state)
{
	char said[BLKDEV_PATH_SIZE];
	char text[OUTPUT_SIZE] = "";
	pid_t child;

	(void)state;
	make_slow_disk(4294967295);
	assert_true(fixture_file("err", 0, said));
	child = fork();
	if (child == 0) {
		int fd = open(said, O_WRONLY | O_CLOEXEC);
		char *words[] = { strdup("disk"),
				  strdup("init"),
				  strdup("--force"),
				  strdup("--lab"),
				  strdup("--label"),
				  strdup("x"),
				  strdup("--config"),
				  conf,
				  path,
				  NULL };

		(void)dup2(fd, 2);
		_exit(disk_main(9, words));
	}
	assert_true(child > 0);
	for (int i = 0; i < 1000 && strchr(text, '\n') == NULL; i++) {
		FILE *f = fopen(said, "re");

		assert_non_null(f);
		text[fread(text, 1, sizeof(text) - 1, f)] = 0;
		(void)fclose(f);
		(void)usleep(10000);
	}
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	if (strstr(text, "watching its slots for 120150 ms") == NULL)
		fail_msg("%s", text);
}

/* returns: how many of two that begin at once say that they are done; a whole disk is there then.
 */
static int done_of_two(const char *device, bool lab)
{
	static uint8_t image[HEADWIRE_DISK_SIZE];
	struct disk_header h;
	pid_t child[2];
	int done = 0;
	FILE *f;

	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			char *words[] = { strdup("disk"),
					  strdup("init"),
					  strdup("--label"),
					  strdup(i == 0 ? "one" : "two"),
					  strdup("--config"),
					  conf,
					  strdup(device),
					  lab ? strdup("--lab") : NULL,
					  NULL };
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

			(void)dup2(null, 1);
			(void)dup2(null, 2);
			_exit(disk_main(lab ? 8 : 7, words));
		}
	}
	for (int i = 0; i < 2; i++) {
		int status = 0;

		(void)waitpid(child[i], &status, 0);
		assert_true(WIFEXITED(status) &&
			    (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 4));
		done += WEXITSTATUS(status) == 0;
	}
	f = fopen(device, "re");
	assert_non_null(f);
	assert_int_equal(fread(image, 1, sizeof(image), f), sizeof(image));
	(void)fclose(f);
	assert_int_equal(headwire_choose(image, &h), RC_OK);
	return done;
}

static void of_two_at_once_only_one_is_done(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		assert_true(fixture_file("disk", 1024 * 1024, path));
		assert_int_equal(done_of_two(path, true), 1);
	}
}

static void of_two_at_once_only_one_is_done_on_a_block_device(void **state)
{
	char file[BLKDEV_PATH_SIZE];

	(void)state;
	for (int i = 0; i < 5; i++) {
		int loop;

		assert_true(fixture_file("disk", 1024 * 1024, file));
		loop = fixture_loop(file, false, 512, path);
		if (loop < 0)
			skip();
		assert_int_equal(done_of_two(path, false), 1);
		(void)close(loop);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(faults_of_corosync_conf_are_explained_in_one_line,
				       good_conf),
		cmocka_unit_test_setup(an_empty_section_ends_no_node_list, good_conf),
		cmocka_unit_test_setup(what_destroys_is_written_out, good_conf),
		cmocka_unit_test_setup(times_that_nobody_gave_are_warned_of, good_conf),
		cmocka_unit_test_setup(a_disk_that_is_overwritten_in_any_case_is_not_watched,
				       good_conf),
		cmocka_unit_test_setup(a_disk_is_watched_for_two_minutes_at_the_longest, good_conf),
		cmocka_unit_test_setup(of_two_at_once_only_one_is_done, good_conf),
		cmocka_unit_test_setup(of_two_at_once_only_one_is_done_on_a_block_device,
				       good_conf),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

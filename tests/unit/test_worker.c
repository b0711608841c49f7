/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disk workers as the guardian starts them, on files: one disk is never two arbiters. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fixture_tool.h"
#include "shell/say.h"
#include "shell/worker.h"
#include "tool/disk.h"

enum { ROUNDS = 20 };

static struct shm *shm;
static char path[BLKDEV_PATH_SIZE];
static pid_t child[2];

/* Two arbiters whose paths differ in their text alone. */
static int start(void **state)
{
	static struct config config;
	char folder[BLKDEV_PATH_SIZE];

	(void)state;
	write_conf(conf_text);
	assert_true(fixture_file("disk", 1024 * 1024, path));
	assert_int_equal(call(disk_main, "disk", "init", "--lab", "--label", "unit", "--config",
			      conf, path, NULL),
			 0);
	memset(&config, 0, sizeof(config));
	config.policy.arbiter_count = 2;
	config.scheduler = SCHEDULER_OTHER;
	(void)snprintf(config.cluster_name, sizeof(config.cluster_name), "demo");
	fixture_path(".", folder);
	(void)snprintf(config.arbiter[0].name, NAME_SIZE, "a");
	(void)snprintf(config.arbiter[0].device, sizeof(config.arbiter[0].device), "%s", path);
	(void)snprintf(config.arbiter[1].name, NAME_SIZE, "b");
	(void)snprintf(config.arbiter[1].device, sizeof(config.arbiter[1].device), "%.200s/disk",
		       folder);
	shm = shm_create();
	assert_non_null(shm);
	PAGE_PUT(&shm->config, &config);
	return 0;
}

static void worker_start(uint32_t arbiter_index)
{
	child[arbiter_index] = fork();
	assert_true(child[arbiter_index] >= 0);
	if (child[arbiter_index] != 0)
		return;
	say_init(shm, PROC_DISK0 + arbiter_index);
	worker_run(shm, arbiter_index);
	_exit(0);
}

static void worker_end(uint32_t arbiter_index)
{
	(void)kill(child[arbiter_index], SIGKILL);
	(void)waitpid(child[arbiter_index], NULL, 0);
}

/* Wait for what a worker tells at first, for some seconds. */
static void wait_told(uint32_t arbiter_index, struct shm_disk *disk)
{
	for (int i = 0; i < 500 && PAGE_GET(&shm->port[arbiter_index].disk, disk) == 0; i++)
		(void)usleep(10000);
	assert_int_not_equal(PAGE_COUNT(&shm->port[arbiter_index].disk), 0);
}

static void said(uint32_t arbiter_index, const char *phrase)
{
	struct say_record r;

	while (ring_take(&shm->says[PROC_DISK0 + arbiter_index].ring, &r, sizeof(r)) != 0)
		if (strstr(r.text, phrase) != NULL)
			return;
	fail_msg("arbiter %u did not say '%s'", arbiter_index, phrase);
}

static void the_second_arbiter_of_one_disk_does_not_use_it(void **state)
{
	struct shm_disk disk;

	for (uint32_t first = 0; first < 2; first++) {
		(void)start(state);
		worker_start(first);
		wait_told(first, &disk);
		assert_true(disk.open);
		worker_start(1 - first);
		wait_told(1 - first, &disk);
		assert_false(disk.open);
		assert_int_equal(disk.rc, RC_REFUSED);
		said(1 - first, first == 0 ? "the same disk as arbiter a: not used"
					   : "the same disk as arbiter b: not used");
		/* The first one keeps it when its worker dies. */
		worker_end(first);
		worker_start(first);
		(void)usleep(1500000);
		(void)PAGE_GET(&shm->port[1 - first].disk, &disk);
		assert_false(disk.open);
		(void)PAGE_GET(&shm->port[first].disk, &disk);
		assert_true(disk.open);
		worker_end(0);
		worker_end(1);
	}
}

static void two_that_open_it_at_once_do_not_both_use_it_but_one_does(void **state)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct shm_disk a;
		struct shm_disk b;

		(void)start(state);
		worker_start(0);
		worker_start(1);
		wait_told(0, &a);
		wait_told(1, &b);
		/* Both may have given way, and try again each second. */
		for (int k = 0; k < 1000 && !a.open && !b.open; k++) {
			(void)usleep(10000);
			(void)PAGE_GET(&shm->port[0].disk, &a);
			(void)PAGE_GET(&shm->port[1].disk, &b);
		}
		assert_true(a.open != b.open);
		worker_end(0);
		worker_end(1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_arbiter_of_one_disk_does_not_use_it),
		cmocka_unit_test(two_that_open_it_at_once_do_not_both_use_it_but_one_does),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

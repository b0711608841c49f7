/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: qarbd.  Reads the command line, takes the lock of which there is one a node, makes the
 * shared memory and becomes the guardian.  Only main exits.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mutant.h"
#include "shell/clock.h"
#include "shell/config.h"
#include "shell/configured.h"
#include "shell/confile.h"
#include "shell/ghost.h"
#include "shell/guardian.h"
#include "shell/lock.h"
#include "shell/nowayout.h"
#include "shell/proc.h"
#include "shell/samedisk.h"
#include "shell/say.h"
#include "shell/sbdfile.h"
#include "shell/standard.h"

#define RUN_DIR "/run/qarb"

enum { EXIT_USAGE = 2 };

struct options {
	bool foreground;
	bool debug;
	bool test;
	const char *config; /* NULL: not given */
};

static const char main_help[] =
	"Usage: qarbd [OPTION]...\n"
	"Quorum arbiter for corosync: decides through shared disks which partition of the\n"
	"cluster is given the quorum device's vote.\n"
	"\n"
	"  -f, --foreground     stay in the foreground, log to standard error as well\n"
	"  -d, --debug          log every repeated line, and what libqb says\n"
	"  -t, --test           check the configuration, print what is wrong, and exit\n"
	"  -c, --config=FILE    the file that -t checks (default /etc/corosync/corosync.conf)\n"
#ifdef MUTANT_ENABLE
	"      --mutant=NAME    run with a deliberate fault (test builds only)\n"
#endif
	"  -V, --version        print the version and exit\n"
	"  -h, --help           print this and exit\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage.\n";

/* returns: whether to go on; else status is the exit status. */
static bool main_options(int argc, char **argv, struct options *o, int *status)
{
	static const struct option longs[] = {
		{ "foreground", no_argument, NULL, 'f' },
		{ "debug", no_argument, NULL, 'd' },
		{ "test", no_argument, NULL, 't' },
		{ "config", required_argument, NULL, 'c' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
#ifdef MUTANT_ENABLE
		{ "mutant", required_argument, NULL, 'M' },
#endif
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*status = EXIT_USAGE;
	while ((c = getopt_long(argc, argv, "fdtc:Vh", longs, NULL)) != -1) {
		if (c == 'f') {
			o->foreground = true;
		} else if (c == 'd') {
			o->debug = true;
		} else if (c == 't') {
			o->test = true;
		} else if (c == 'c') {
			o->config = optarg;
#ifdef MUTANT_ENABLE
		} else if (c == 'M') {
			if (!mutant_select(strdup(optarg))) {
				(void)fprintf(stderr, "qarbd: no fault '%s' in this build\n",
					      optarg);
				return false;
			}
#endif
		} else if (c == 'V') {
			(void)printf("qarbd %s\n", QARB_VERSION);
			*status = 0;
			return false;
		} else if (c == 'h') {
			(void)fputs(main_help, stdout);
			*status = 0;
			return false;
		} else {
			(void)fputs("Try 'qarbd --help'.\n", stderr);
			return false;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "qarbd: unexpected argument '%s'\n", argv[optind]);
		return false;
	}
	if (o->config != NULL && !o->test) {
		(void)fputs("qarbd: -c is for -t: the daemon asks the running corosync\n", stderr);
		return false;
	}
	return true;
}

static int main_test(const char *path)
{
	struct config_items *items = calloc(1, sizeof(*items));
	struct config_problems problems;
	struct config config;
	char error[CONFIG_LINE_SIZE];

	if (items == NULL)
		return EXIT_FAILURE;
	if (confile_read(path, items, error, sizeof(error)) != RC_OK) {
		(void)fprintf(stderr, "qarbd: %s\n", error);
		return EXIT_FAILURE;
	}
	if (config_parse(items, &config, &problems) == RC_OK) {
		(void)printf("%s: good: %u nodes, %u arbiters, dead_ms %u\n", path,
			     config.nodes.count, config.policy.arbiter_count,
			     config.policy.dead_ms);
		config_warn(items, &config, &problems);
		samedisk_warn(&config, &problems);
		(void)!sbdfile_warn(NULL, &config.policy, &problems);
		nowayout_warn(NULL, &config, &problems);
		confile_show(stdout, "warning: ", &problems);
		return EXIT_SUCCESS;
	}
	confile_show(stderr, "", &problems);
	return EXIT_FAILURE;
}

/* Go to the background.  returns: -1 in the daemon's process with ready_fd to be written to when
 * all is started; else the exit status of the process that was called. */
static int main_background(int *ready_fd)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return EXIT_FAILURE;
	pid = fork();
	if (pid < 0)
		return EXIT_FAILURE;
	if (pid > 0) {
		(void)close(ends[1]);
		return read(ends[0], &byte, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	(void)close(ends[0]);
	(void)setsid();
	*ready_fd = ends[1];
	return -1;
}

static void main_detach(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || chdir("/") != 0)
		return;
	(void)dup2(fd, STDIN_FILENO);
	(void)dup2(fd, STDOUT_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

/* What a predecessor wrote may still land (doc/protocol.md section 13, T8). */
static void main_take_over(struct shm *m)
{
	uint64_t since_ms;

	m->ghost_fd = ghost_open(RUN_DIR "/write-failed", clock_now_ms(), &since_ms);
	if (m->ghost_fd < 0)
		(void)fprintf(stderr,
			      "qarbd: %s: %s: what failed before this start is not known, the "
			      "first beat waits for late_ms\n",
			      RUN_DIR "/write-failed", strerror(errno));
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		atomic_store(&m->port[i].write_failed_ms, since_ms);
}

int main(int argc, char **argv)
{
	struct options o = { .foreground = false };
	int ready_fd = -1;
	int ends[2];
	struct shm *m;
	int status;

	proc_default_signals();
	if (!standard_take(O_RDWR))
		return EXIT_FAILURE;
	if (!main_options(argc, argv, &o, &status))
		return status;
	if (o.test)
		return main_test(o.config != NULL ? o.config : "/etc/corosync/corosync.conf");
	(void)mkdir(RUN_DIR, 0755);
	(void)mkdir(STATE_DIR, 0750);
	/* In the caller's own process, which a key at the terminal ends: the lock goes with the
	 * fork. A service manager's daemon takes the place of one that was started by hand. */
	if (lock_take(RUN_DIR, o.foreground) != RC_OK)
		return EXIT_FAILURE;
	if (!o.foreground) {
		status = main_background(&ready_fd);
		if (status >= 0)
			return status;
	}
	if (lock_name_guardian(RUN_DIR) != RC_OK)
		return EXIT_FAILURE;
	proc_init(argc, argv);
	proc_name("qarbd");
	proc_small_stack();
	(void)umask(027);
	m = shm_create();
	if (m == NULL || pipe2(ends, O_CLOEXEC) != 0) {
		(void)fprintf(stderr, "qarbd: no memory or descriptors: %s\n", strerror(errno));
		return EXIT_FAILURE;
	}
	main_take_over(m);
	m->foreground = o.foreground;
	m->debug = o.debug;
	m->life_fd = ends[0];
	if (!o.foreground)
		main_detach();
	status = guardian_run(m, ends[1], ready_fd);
	lock_unname_guardian(RUN_DIR);
	return status;
}

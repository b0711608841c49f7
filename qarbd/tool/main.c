/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "shell/standard.h"
#include "tool/ctl.h"

static const char main_help[] =
	"Usage: qarbctl COMMAND [OPTION]... [ARGUMENT]...\n"
	"Look at and manage the quorum arbiter of this node.\n"
	"\n"
	"  status    does this node hold the vote, who grants it, who leads, who is live\n"
	"  why       the last decision with everything it rested on\n"
	"  timing    all times derived from the configuration, with their reasons\n"
	"  check     check the configuration file\n"
	"  explain   who would win each split of the cluster, and why\n"
	"  disk      init, list, dump, probe and repair quorum disks\n"
	"  weight    set, clear and list weights of what runs on this node\n"
	"  evict     have a node fenced through Pacemaker\n"
	"  poison    tell a node through the quorum disks to go\n"
	"  trace     have the flight recorder written and print its file\n"
	"  replay    feed a recorded trace to the deciding code again and compare\n"
	"\n"
	"  -V, --version  print the version and exit\n"
	"  -h, --help     print this and exit; 'qarbctl COMMAND --help' tells more\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage, 3 daemon not running, 4 refused because unsafe,\n"
	"5 not permitted.\n";

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} main_commands[] = {
	{ "status", status_main }, { "why", why_main },		{ "timing", timing_main },
	{ "check", check_main },   { "explain", explain_main }, { "disk", disk_main },
	{ "weight", weight_main }, { "evict", evict_main },	{ "poison", poison_main },
	{ "trace", trace_main },   { "replay", replay_main },
};

/* An answer that was not written is none: a file for a monitoring would be cut in silence. */
static int main_end(int status)
{
	bool before = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !before)
		return status;
	ctl_error("standard output: %s", errno != 0 ? strerror(errno) : "could not be written");
	return status == CTL_DONE ? CTL_FAILED : status;
}

int main(int argc, char **argv)
{
	if (!standard_take(O_RDONLY))
		return CTL_FAILED;
	if (argc < 2) {
		(void)fputs(main_help, stderr);
		return CTL_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		(void)fputs(main_help, stdout);
		return main_end(CTL_DONE);
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		(void)printf("qarbctl %s\n", QARB_VERSION);
		return main_end(CTL_DONE);
	}
	for (size_t i = 0; i < sizeof(main_commands) / sizeof(main_commands[0]); i++)
		if (strcmp(argv[1], main_commands[i].name) == 0)
			return main_end(main_commands[i].run(argc - 1, argv + 1));
	ctl_error("unknown command '%s'", argv[1]);
	(void)fputs("Try 'qarbctl --help'.\n", stderr);
	return CTL_USAGE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shell/confile.h"
#include "tool/ctl.h"

static const char main_help[] =
	"Usage: qarbctl COMMAND [OPTION]... [ARGUMENT]...\n"
	"Look at and manage the quorum arbiter of this node.\n"
	"\n"
	"  status    does this node hold the vote, who grants it, who leads, who is live\n"
	"  timing    all times derived from the configuration, with their reasons\n"
	"  check     check the configuration file\n"
	"  disk      init, list and dump quorum disks\n"
	"  weight    tell the daemon the weight of the workload on this node\n"
	"  trace     have the flight recorder written and print its file\n"
	"  replay    feed a recorded trace to the deciding code again and compare\n"
	"\n"
	"  -V, --version  print the version and exit\n"
	"  -h, --help     print this and exit; 'qarbctl COMMAND --help' tells more\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage, 3 daemon not running, 4 refused because unsafe,\n"
	"5 not permitted.\n";

void ctl_error(const char *format, ...)
{
	va_list ap;

	(void)fputs("qarbctl: ", stderr);
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
}

int ctl_options(int argc, char **argv, const char *known, const char *help, struct ctl_options *o)
{
	static const struct option longs[] = {
		{ "output-as", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(o, 0, sizeof(*o));
	optind = 1;
	while ((c = getopt_long(argc, argv, "o:c:h", longs, NULL)) != -1) {
		if (c == 'h') {
			(void)fputs(help, stdout);
			return CTL_DONE;
		}
		if (c == '?' || strchr(known, c) == NULL) {
			if (c != '?')
				ctl_error("%s: an option that this command does not know", argv[0]);
			(void)fprintf(stderr, "Try 'qarbctl %s --help'.\n", argv[0]);
			return CTL_USAGE;
		}
		if (c == 'c') {
			o->config = optarg;
		} else if (strcmp(optarg, "json") == 0) {
			o->output = CTL_JSON;
		} else if (strcmp(optarg, "text") == 0) {
			o->output = CTL_TEXT;
		} else {
			ctl_error("--output-as=%s: allowed is text or json", optarg);
			return CTL_USAGE;
		}
	}
	o->rest = optind;
	return -1;
}

int ctl_config(const char *path, struct config *c)
{
	static struct config_items items;
	static struct config_problems problems;
	char error[CONFIG_LINE_SIZE];
	uint32_t shown;

	if (path == NULL)
		path = "/etc/corosync/corosync.conf";
	if (confile_read(path, &items, error, sizeof(error)) != RC_OK) {
		ctl_error("%s", error);
		return CTL_FAILED;
	}
	if (config_parse(&items, c, &problems) == RC_OK)
		return CTL_DONE;
	shown = problems.count < CONFIG_PROBLEMS_MAX ? problems.count : CONFIG_PROBLEMS_MAX;
	for (uint32_t i = 0; i < shown; i++)
		(void)fprintf(stderr, "%s\n", problems.line[i]);
	if (shown < problems.count)
		(void)fprintf(stderr, "and %u more\n", problems.count - shown);
	return CTL_FAILED;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} main_commands[] = {
	{ "status", status_main }, { "timing", timing_main }, { "check", check_main },
	{ "disk", disk_main },	   { "weight", weight_main }, { "trace", trace_main },
	{ "replay", replay_main },
};

int main(int argc, char **argv)
{
	if (argc < 2) {
		(void)fputs(main_help, stderr);
		return CTL_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		(void)fputs(main_help, stdout);
		return CTL_DONE;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		(void)printf("qarbctl %s\n", QARB_VERSION);
		return CTL_DONE;
	}
	for (size_t i = 0; i < sizeof(main_commands) / sizeof(main_commands[0]); i++)
		if (strcmp(argv[1], main_commands[i].name) == 0)
			return main_commands[i].run(argc - 1, argv + 1);
	ctl_error("unknown command '%s'", argv[1]);
	(void)fputs("Try 'qarbctl --help'.\n", stderr);
	return CTL_USAGE;
}

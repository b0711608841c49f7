/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl check. */
#include <getopt.h>
#include <stdio.h>

#include "shell/confile.h"
#include "shell/nowayout.h"
#include "shell/samedisk.h"
#include "shell/sbdfile.h"
#include "tool/ctl.h"

static const char check_help[] =
	"Usage: qarbctl check [--config=FILE] [--sbd=FILE]\n"
	"Check the configuration, one line a problem, and warn of what is legal and unwise.\n"
	"\n"
	"  -c, --config=FILE     (default /etc/corosync/corosync.conf)\n"
	"  -s, --sbd=FILE        sbd's settings, whose watchdog must outlast a decision\n"
	"                        (default /etc/default/sbd or /etc/sysconfig/sbd, if there)\n";

static struct config_items check_items;
static struct config_problems check_problems;
static struct config check_config;

/* returns: -1 to go on, else the exit status. */
static int check_options(int argc, char **argv, const char **config, const char **sbd)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "sbd", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "c:s:h", longs, NULL)) != -1) {
		if (c == 'h') {
			(void)fputs(check_help, stdout);
			return CTL_DONE;
		}
		if (c == '?')
			break;
		*(c == 'c' ? config : sbd) = optarg;
	}
	if (c == -1 && optind == argc)
		return -1;
	ctl_error("check: what '%s' means is not known: try 'qarbctl check --help'",
		  argv[c == -1 ? optind : optind - 1]);
	return CTL_USAGE;
}

int check_main(int argc, char **argv)
{
	const char *path = NULL;
	const char *sbd = NULL;
	int status = check_options(argc, argv, &path, &sbd);

	if (status >= 0)
		return status;
	status = ctl_read(path, &check_items);
	if (status != CTL_DONE)
		return status;
	if (config_parse(&check_items, &check_config, &check_problems) != RC_OK) {
		confile_show(stderr, "", &check_problems);
		return CTL_FAILED;
	}
	(void)printf("configuration good: %u nodes, %u arbiters\n", check_config.nodes.count,
		     check_config.policy.arbiter_count);
	config_warn(&check_items, &check_config, &check_problems);
	samedisk_warn(&check_config, &check_problems);
	if (sbdfile_warn(sbd, &check_config.policy, &check_problems) != RC_OK) {
		ctl_error("%s: cannot be read", sbd);
		status = CTL_FAILED;
	}
	nowayout_warn(NULL, &check_config, &check_problems);
	confile_show(stdout, "warning: ", &check_problems);
	return status;
}

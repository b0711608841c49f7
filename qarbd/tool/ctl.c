/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/ctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shell/confile.h"

void ctl_error(const char *format, ...)
{
	va_list ap;

	(void)fputs("qarbctl: ", stderr);
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
}

int ctl_getopt(int argc, char **argv, const char *shorts, const struct option *longs)
{
	char name[64];
	char *command = argv[0];
	int c;

	(void)snprintf(name, sizeof(name), "qarbctl %s", command);
	argv[0] = name;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	argv[0] = command;
	return c;
}

const char *ctl_negative(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (argv[i][0] == '-' && argv[i - 1][0] != '-' && argv[i][1] != 0 &&
		    argv[i][1 + strspn(argv[i] + 1, "0123456789")] == 0)
			return argv[i];
	}
	return NULL;
}

enum { CTL_OPTIONS = 4 };

/* Of those that several subcommands know, the ones that this one does. */
static void known_options(const char *known, struct option longs[CTL_OPTIONS + 1],
			  char shorts[2 * CTL_OPTIONS + 1])
{
	static const struct option all[CTL_OPTIONS] = {
		{ "output-as", required_argument, NULL, 'o' },
		{ "config", required_argument, NULL, 'c' },
		{ "suggest", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
	};
	size_t n = 0;

	memset(longs, 0, (CTL_OPTIONS + 1) * sizeof(*longs));
	memset(shorts, 0, 2 * CTL_OPTIONS + 1);
	for (size_t i = 0; i < CTL_OPTIONS; i++) {
		if (all[i].val != 'h' && strchr(known, all[i].val) == NULL)
			continue;
		longs[n++] = all[i];
		shorts[strlen(shorts)] = (char)all[i].val;
		if (all[i].has_arg == required_argument)
			shorts[strlen(shorts)] = ':';
	}
}

int ctl_options(int argc, char **argv, const char *known, const char *help, struct ctl_options *o)
{
	struct option longs[CTL_OPTIONS + 1];
	char shorts[2 * CTL_OPTIONS + 1];
	bool xml = strchr(known, 'x') != NULL;
	bool prometheus = strchr(known, 'p') != NULL;
	int c;

	memset(o, 0, sizeof(*o));
	known_options(known, longs, shorts);
	optind = 1;
	while ((c = ctl_getopt(argc, argv, shorts, longs)) != -1) {
		if (c == 'h') {
			(void)fputs(help, stdout);
			return CTL_DONE;
		}
		if (c == '?') {
			(void)fprintf(stderr, "Try 'qarbctl %s --help'.\n", argv[0]);
			return CTL_USAGE;
		}
		if (c == 'c') {
			o->config = optarg;
		} else if (c == 's') {
			o->suggest = true;
		} else if (strcmp(optarg, "json") == 0) {
			o->output = CTL_JSON;
		} else if (strcmp(optarg, "text") == 0) {
			o->output = CTL_TEXT;
		} else if (xml && strcmp(optarg, "xml") == 0) {
			o->output = CTL_XML;
		} else if (prometheus && strcmp(optarg, "prometheus") == 0) {
			o->output = CTL_PROMETHEUS;
		} else {
			ctl_error("--output-as=%s: allowed is text%s%s or json", optarg,
				  xml ? ", xml" : "", prometheus ? ", prometheus" : "");
			return CTL_USAGE;
		}
	}
	o->rest = optind;
	if (optind < argc && strchr(known, 'a') == NULL) {
		ctl_error("%s: '%s' is a word too many: try 'qarbctl %s --help'", argv[0],
			  argv[optind], argv[0]);
		return CTL_USAGE;
	}
	return -1;
}

int ctl_read(const char *path, struct config_items *items)
{
	char error[CONFIG_LINE_SIZE];
	enum rc rc = confile_read(path != NULL ? path : "/etc/corosync/corosync.conf", items, error,
				  sizeof(error));

	if (rc == RC_OK)
		return CTL_DONE;
	ctl_error("%s", error);
	return rc == RC_REFUSED ? CTL_NOT_PERMITTED : CTL_FAILED;
}

int ctl_config(const char *path, struct config *c)
{
	static struct config_items items;
	static struct config_problems problems;
	int status = ctl_read(path, &items);

	if (status != CTL_DONE)
		return status;
	if (config_parse(&items, c, &problems) == RC_OK)
		return CTL_DONE;
	confile_show(stderr, "", &problems);
	return CTL_FAILED;
}

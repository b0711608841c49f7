/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: what the subcommands of qarbctl share. */
#ifndef QARB_TOOL_CTL_H
#define QARB_TOOL_CTL_H

#include <getopt.h>

#include "shell/config.h"
#include "wire/ipcwire.h"

/* Exit statuses of all programs. */
enum {
	CTL_DONE = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
	CTL_NOT_RUNNING = 3,
	CTL_UNSAFE = 4, /* refused because unsafe */
	CTL_NOT_PERMITTED = 5,
};

enum ctl_output { CTL_TEXT = 0, CTL_JSON, CTL_XML, CTL_PROMETHEUS };

struct ctl_options {
	enum ctl_output output;
	const char *config; /* NULL: /etc/corosync/corosync.conf */
	bool suggest;	    /* timing */
	int rest;	    /* index of the first argument that is no option */
};

/* getopt_long() of a subcommand: what it says of a wrong option begins with "qarbctl COMMAND:". */
int ctl_getopt(int argc, char **argv, const char *shorts, const struct option *longs);

/* A word such as -1, which getopt takes for an option.  returns: the first one that is no value of
 * an option before it, NULL if there is none. */
const char *ctl_negative(int argc, char **argv);

/* Options that several subcommands know: --output-as, --config, --help.
 * in: known, letters of those that this one knows: o, x (that XML is a form, too), p (and
 * Prometheus' text), c, s (suggest), a (arguments that are no options: the caller counts them).
 * argv[0] is the subcommand. returns: -1 to go on, else the exit status. */
int ctl_options(int argc, char **argv, const char *known, const char *help, struct ctl_options *o);

/* One line on standard error, "qarbctl: ...". */
void ctl_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Read a configuration file; NULL: /etc/corosync/corosync.conf.  Explains on standard error what
 * failed.  returns: CTL_DONE, CTL_FAILED or CTL_NOT_PERMITTED. */
int ctl_read(const char *path, struct config_items *items);
/* Read it and judge it, printing every problem.  returns: as ctl_read(). */
int ctl_config(const char *path, struct config *c);

/* Ask the daemon.  Explains on standard error what failed.
 * returns: CTL_DONE: r is an answer with RC_OK | CTL_NOT_RUNNING | CTL_NOT_PERMITTED | CTL_FAILED.
 */
int ctl_ask(const struct ipc_request *q, struct ipc_response *r);

/* As ctl_ask(), but silent where no daemon runs. */
int ctl_ask_running(const struct ipc_request *q, struct ipc_response *r);

/* Subcommands; argv[0] is their name.  return: the exit status. */
int status_main(int argc, char **argv);
int why_main(int argc, char **argv);
int timing_main(int argc, char **argv);
int check_main(int argc, char **argv);
int explain_main(int argc, char **argv);
int replay_main(int argc, char **argv);
int weight_main(int argc, char **argv);
int evict_main(int argc, char **argv);
int poison_main(int argc, char **argv);
int trace_main(int argc, char **argv);
int disk_main(int argc, char **argv);

#endif

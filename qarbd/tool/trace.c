/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl trace. */
#include <stdio.h>
#include <string.h>

#include "tool/ctl.h"

static const char trace_help[] =
	"Usage: qarbctl trace\n"
	"Have the flight recorder written to disk and print the name of its newest file, for\n"
	"'qarbctl replay'.\n";

int trace_main(int argc, char **argv)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	int status = ctl_options(argc, argv, "", trace_help, &o);

	if (status >= 0)
		return status;
	memset(&q, 0, sizeof(q));
	q.type = IPC_TRACE;
	status = ctl_ask(&q, &r);
	if (status == CTL_DONE)
		(void)printf("%s\n", r.text);
	return status;
}

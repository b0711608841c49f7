/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl weight and trace, requests with a short answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/ctl.h"

static const char weight_help[] =
	"Usage: qarbctl weight NUMBER\n"
	"Tell the daemon the weight of what runs on this node now, 0 to 4294967295.  Where a\n"
	"split leaves two partitions of the same size, the heavier one is granted the vote.\n";

static const char trace_help[] =
	"Usage: qarbctl trace\n"
	"Have the flight recorder written to disk and print the name of its newest file, for\n"
	"'qarbctl replay'.\n";

int weight_main(int argc, char **argv)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	char *end = NULL;
	unsigned long long n;
	int status = ctl_options(argc, argv, "", weight_help, &o);

	if (status >= 0)
		return status;
	if (argc != o.rest + 1 || argv[o.rest][0] < '0' || argv[o.rest][0] > '9') {
		ctl_error("weight: one whole number is needed");
		return CTL_USAGE;
	}
	n = strtoull(argv[o.rest], &end, 10);
	if (*end != 0 || n > UINT32_MAX) {
		ctl_error("weight %s: allowed is 0 to 4294967295", argv[o.rest]);
		return CTL_USAGE;
	}
	memset(&q, 0, sizeof(q));
	q.type = IPC_WEIGHT;
	q.u.weight.value = (uint32_t)n;
	(void)snprintf(q.u.weight.name, sizeof(q.u.weight.name), "node");
	return ctl_ask(&q, &r);
}

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

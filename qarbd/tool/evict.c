/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl evict and poison, orders about another node. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/ctl.h"

static const char evict_help[] =
	"Usage: qarbctl evict NODE\n"
	"Have a node fenced through Pacemaker, by name or id.  The order passes the same gates as\n"
	"an eviction by the daemon; where one of them refuses it is named, and the exit status\n"
	"is 4.  'qarbctl status' shows what becomes of it.\n";

static const char poison_help[] =
	"Usage: qarbctl poison NODE\n"
	"Tell a node, by name or id, through the quorum disks to go: its daemon stops casting the\n"
	"vote and does what on_poison says.  That the order is written is no proof that the node\n"
	"is dead; fence_qarb(8) waits for that.\n";

/* A name is looked up before a number, for names may be numbers. */
static int evict_find(const char *text, uint32_t *node_id)
{
	static struct ipc_response r;
	struct ipc_request q;
	unsigned long long n;
	char *end = NULL;
	int status;

	memset(&q, 0, sizeof(q));
	q.type = IPC_STATUS;
	status = ctl_ask(&q, &r);
	if (status != CTL_DONE)
		return status;
	for (uint32_t i = 0; i < r.status.node_count; i++) {
		*node_id = r.status.node[i].node_id;
		/* A nodelist may give no names: an empty text is none of those nodes. */
		if (text[0] != 0 && strcmp(r.status.node[i].name, text) == 0)
			return CTL_DONE;
	}
	n = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
	for (uint32_t i = 0; i < r.status.node_count && end != NULL && *end == 0; i++) {
		*node_id = r.status.node[i].node_id;
		if (*node_id == n)
			return CTL_DONE;
	}
	ctl_error("%s: no node of this cluster has this name or id", text);
	return CTL_USAGE;
}

static int evict_order(int argc, char **argv, enum ipc_type type, const char *help)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	int status = ctl_options(argc, argv, "a", help, &o);

	if (status >= 0)
		return status;
	if (argc != o.rest + 1) {
		ctl_error("%s: the name or id of one node is needed", argv[0]);
		return CTL_USAGE;
	}
	memset(&q, 0, sizeof(q));
	q.type = type;
	status = evict_find(argv[o.rest], &q.u.evict.node_id);
	if (status != CTL_DONE)
		return status;
	status = ctl_ask(&q, &r);
	if (status == CTL_DONE)
		(void)printf("%s: %s ordered\n", argv[o.rest],
			     type == IPC_EVICT ? "eviction" : "poison");
	return status;
}

int evict_main(int argc, char **argv)
{
	return evict_order(argc, argv, IPC_EVICT, evict_help);
}

int poison_main(int argc, char **argv)
{
	return evict_order(argc, argv, IPC_POISON, poison_help);
}

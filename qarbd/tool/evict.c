/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl evict and poison, orders about another node. */
#include <stdio.h>
#include <string.h>

#include "tool/ctl.h"
#include "tool/nodeword.h"

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

static int evict_find(const char *text, uint32_t *node_id)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct nodeword w;
	char why[200];
	int status;

	memset(&q, 0, sizeof(q));
	q.type = IPC_STATUS;
	status = ctl_ask(&q, &r);
	if (status != CTL_DONE)
		return status;
	nodeword_begin(&w, text);
	for (uint32_t i = 0; i < r.status.node_count; i++)
		nodeword_see(&w, r.status.node[i].node_id, r.status.node[i].name);
	switch (nodeword_end(&w, node_id, why, sizeof(why))) {
	case NODEWORD_ONE:
		return CTL_DONE;
	case NODEWORD_NONE:
		ctl_error("%s: no node of this cluster has this name or id", text);
		break;
	case NODEWORD_TWO:
		ctl_error("%s: nothing was ordered", why);
		break;
	}
	return CTL_USAGE;
}

static int evict_order(int argc, char **argv, enum ipc_type type, const char *help)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	const char *negative = ctl_negative(argc, argv);
	int status;

	if (negative != NULL) {
		ctl_error("%s: a node has a name or an id above 0", negative);
		return CTL_USAGE;
	}
	status = ctl_options(argc, argv, "a", help, &o);
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

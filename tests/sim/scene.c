/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what only stories do: a node list that all nodes reload at once, a daemon that is installed
 * later.
 */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

/* ---- the node list ---- */

/* corosync reloads: it counts the votes of the listed nodes, and the daemons hear of it. */
void scene_nodelist(struct world *w, uint64_t listed)
{
	TRACE(w, "nodelist %llx", (unsigned long long)listed);
	w->unlisted = all_nodes(w) & ~listed;
	for (uint32_t i = 0; i < w->nodes; i++)
		config_list(w, &w->node[i]);
}

/* ---- daemons ---- */

static void install(struct world *w, struct node *n)
{
	TRACE(w, "node %u: the daemon is installed", n->id);
	n->absent = false;
	proc_start_daemon(w, n);
}

void scene_do(struct world *w, enum op op, struct node *n, uint32_t param)
{
	if (op == OP_INSTALL) {
		install(w, n);
	} else if (op == OP_SLOW) {
		TRACE(w, "node %u: every answer of the disk comes %u ms late", n->id, param);
		n->slow_us = param * 1000;
	} else if (op == OP_READ_ONLY) {
		TRACE(w, "node %u: its disk is read-only for %u ms", n->id, param);
		n->read_only_until = w->now + param * MS;
	} else if (op == OP_MAINTENANCE) {
		evict_allowed(w, param != 0, !w->evict.disabled);
	} else if (op == OP_FENCING) {
		evict_allowed(w, w->evict.maintenance, param != 0);
	} else {
		CHECK(false);
	}
}

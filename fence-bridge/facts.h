/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: what Pacemaker's CIB says that matters for an eviction.  cibfacts.c makes it from
 * XML; bridge.c judges by it.
 */
#ifndef QARB_FENCE_BRIDGE_FACTS_H
#define QARB_FENCE_BRIDGE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/limits.h"

struct facts_node {
	char name[NAME_SIZE]; /* Pacemaker's */
	uint32_t node_id;   /* corosync's id as Pacemaker has it; 0: a remote node, or unreadable */
	bool maintenance;   /* the node's own, or the cluster's */
	bool shutting_down; /* transient attribute `shutdown` */
	bool controller_left; /* was seen up in this status section and is not in the group now */
};

struct facts {
	bool known; /* false: there is no CIB yet, and nothing below counts */
	bool stonith_enabled;
	bool maintenance;	     /* of the cluster */
	uint32_t stonith_timeout_ms; /* the cluster property, or Pacemaker's default of 60 s */
	uint32_t node_count;
	struct facts_node node[NODES_MAX];
};

/* returns: the node of this name, or NULL. */
const struct facts_node *facts_find(const struct facts *f, const char *name);

#endif

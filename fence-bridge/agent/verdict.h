/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence agent: what the local daemon's status proves of a node.  Pure.
 *
 * An order that was delivered is not a death, and neither is silence by itself: a node that lost
 * its disks goes on running.  Two things count:
 *  - the node's watchdog: its slot declared it armed, with the time W after the last beat when it
 *    has fired, and the slot was silent for that long on more than half of the disks.  Only silence
 *    that this node's own completed reads bore out counts, never time in which it could not read;
 *  - a later life of the node: another daemon, connected to another corosync process.
 */
#ifndef QARB_FENCE_BRIDGE_AGENT_VERDICT_H
#define QARB_FENCE_BRIDGE_AGENT_VERDICT_H

#include "model/status.h"

enum verdict {
	VERDICT_NO_SLOT = 0, /* the node is on no disk that could be read */
	VERDICT_NEVER,	     /* its daemon never ran */
	VERDICT_LEFT,	     /* its daemon stopped in order: nobody reads poison there */
	VERDICT_RUNNING,     /* its slot changes */
	VERDICT_SILENT,	     /* and that proves nothing (yet) */
	VERDICT_DEAD,	     /* its watchdog has fired */
	VERDICT_UNSAFE,	     /* silent for as long as the administrator called enough */
	VERDICT_REBORN,	     /* a later life */
};

/* One life of a node's daemon. */
struct life {
	uint64_t incarnation; /* 0: none */
	uint64_t host_life;
};

/* What the looks of one hunt showed; all zero before the first. */
struct verdict_memory {
	struct life life; /* that is to end */
	bool unmet;	  /* its daemon has not shown a corosync yet: host_life is an older one's */
	bool at_work;	  /* its slot was seen to change: what others show is older */
	bool was_out;	  /* by some look the node was none of this node's ring */
	uint64_t showed;  /* disks that showed this life, a bit each */
	uint64_t came_ms; /* when an unmet daemon came after another life; 0: it did not */
};

struct verdict_facts {
	bool watchdog_armed;  /* on every disk that could be read and counts */
	uint32_t watchdog_ms; /* the longest */
	uint64_t silent_ms;   /* proven, on more than half of the disks; 0: not at all */
};

/* in: s, a fresh status; node_id; unsafe_ms, silence that counts without a watchdog, 0: none does.
 * in/out: m.  out: facts, all of it. */
enum verdict verdict_judge(const struct arb_status *s, uint32_t node_id, struct verdict_memory *m,
			   uint64_t unsafe_ms, struct verdict_facts *facts);

/* Whom poison may name: a daemon that began during the hunt and shows no corosync may be of the
 * node's next life, which is not to end; for a while it is left to show one. in: now_ms, of the
 * status that was judged last.  returns: an incarnation, 0: nobody yet. */
uint64_t verdict_poison(const struct verdict_memory *m, uint64_t now_ms);

const char *verdict_text(enum verdict v);

#endif

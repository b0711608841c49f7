/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: each node's corosync.conf: its times, its node list; and how they change in mid-run. */
#ifndef QARB_SIM_CONFIG_H
#define QARB_SIM_CONFIG_H

#include "core/arb.h"

struct node;
struct world;

struct rng {
	uint64_t state;
};

/* What the corosync.conf of a node has more of than that of the others. */
enum longer { LONGER_D = 1, LONGER_H = 2, LONGER_T = 4 /* interval, T and settle */ };

/* What can become shorter again, each told when X of the longer one is over. */
enum shorter_kind { SHORTER_HOLD, SHORTER_D, SHORTER_INTERVAL, SHORTER_COUNT };

/* As corosync and the daemon of one node took it over last. */
struct conf {
	uint32_t timeout_ms, sync_timeout_ms, hold_ms, poll_ms, interval_ms, dead_ms, settle_ms;
	uint64_t listed;		 /* by node index */
	uint32_t device_votes, expected; /* votes: of the device, of all */
};

/* How the node list changes in a random schedule.  Masks are by node index. */
struct change {
	bool any;
	bool replace; /* the disk has room for all nodes but one */
	struct rng rng;
	uint64_t coming;   /* not listed at the start */
	uint64_t leaving;  /* who is to be taken out */
	uint64_t retiring; /* is being shut down for that */
	uint64_t removed;  /* was taken out since the start */
};

/* Times. */
struct timings;
/* out: t, the longest of all nodes. */
void config_slower(struct world *w, struct timings *t);
void config_reload(struct world *w, struct node *n, uint32_t longer);
struct policy config_policy(const struct world *w, const struct node *n);

/* The node list. */
void config_votes(struct world *w); /* every node takes over the list as it shall be */
struct nodelist config_nodelist(const struct world *w, const struct node *n);
uint32_t config_quorum(const struct world *w, const struct node *n);
/* Its corosync reloads the list as it shall be, and its daemon hears of it. */
void config_list(struct world *w, struct node *n);

/* Now and then a random schedule whose list changes: who is not in it at the start has no slot. */
void config_open(struct world *w);
void config_plan(struct world *w);
void config_enlist(struct world *w, struct node *n);
void config_enter(struct world *w, struct node *n); /* switched on, as one of the list */
void config_retire(struct world *w, struct node *n);
void config_delist(struct world *w, struct node *n);
/* It stays switched off. */
bool config_off(const struct world *w, const struct node *n);
void config_heal(struct world *w); /* what was begun is completed */

#endif

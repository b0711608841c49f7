/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the configuration, checked and complete.  shell/config.c makes it from cmap (or from a
 * file), model/timing.c fills what was left out.  `struct policy` is the part that the core needs.
 */
#ifndef QARB_MODEL_CONFIG_H
#define QARB_MODEL_CONFIG_H

#include "model/evict.h"
#include "model/slot.h"

enum algorithm { ALGORITHM_LMS = 0, ALGORITHM_FFSPLIT };
enum tie_breaker { TIE_LOWEST = 0, TIE_HIGHEST, TIE_NODE };
enum arbiter_type { ARBITER_DISK = 0, ARBITER_QNETD };

struct nodelist {
	uint32_t count;
	uint32_t node_id[NODES_MAX]; /* ascending */
	uint32_t votes[NODES_MAX];
};

/* Whole milliseconds.  0 in a field that can be derived means: derive it. */
struct policy {
	enum algorithm algorithm;
	enum tie_breaker tie_breaker;
	uint32_t tie_node_id;	  /* TIE_NODE only */
	bool workload;		  /* weights rank before tie_breaker */
	uint32_t timeout_ms;	  /* quorum.device.timeout */
	uint32_t sync_timeout_ms; /* quorum.device.sync_timeout */
	uint32_t token_ms;	  /* totem's, in force */
	uint32_t consensus_ms;
	uint32_t dead_ms;     /* T */
	uint32_t interval_ms; /* T/8 */
	uint32_t hold_ms;     /* H = T/2 */
	uint32_t poll_ms;     /* P = T/10 */
	uint32_t settle_ms;   /* min(token + consensus, sync_timeout / 2) */
	uint32_t late_ms;     /* after an I/O error: how long a write may still land */
	uint32_t up_beats;    /* 3 */
	uint32_t margin_ms;   /* the last poll of an undecided ring comes this long before
				 sync_timeout */
	uint32_t arbiter_count;
	enum arbiter_type arbiter_type[ARBITERS_MAX];
	/* section 8 and 9 */
	bool evict;
	bool evict_in_maintenance;
	bool evict_on_score;
	enum fence_action evict_action; /* FENCE_REBOOT or FENCE_OFF */
	uint32_t evict_after_ms;	/* max(X, 10 T) */
	enum self_act on_loss;
	enum self_act on_poison; /* SELF_STOP or SELF_REBOOT */
	uint64_t hash;		 /* of everything that must be the same on all nodes */
};

struct arbiter_config {
	char name[NAME_SIZE];
	enum arbiter_type type;
	char device[256]; /* disk by path; empty when found by label */
	char label[NAME_SIZE];
};

/* How a node reboots itself, tried in the configured order. */
enum self_fence { SELF_FENCE_SYSRQ = 0, SELF_FENCE_REBOOT, SELF_FENCE_MAX };

enum scheduler { SCHEDULER_RR = 0, SCHEDULER_FIFO, SCHEDULER_OTHER };

struct config {
	char cluster_name[NAME_SIZE];
	uint32_t own_node_id;
	struct policy policy;
	struct nodelist nodes;
	char node_name[NODES_MAX][NAME_SIZE]; /* as nodes.node_id[i]; may be empty */
	struct arbiter_config arbiter[ARBITERS_MAX];
	uint32_t device_votes; /* 0: not given */
	enum scheduler scheduler;
	uint32_t priority;
	/* how this node ends itself; the guardian's alone */
	uint32_t self_fence_count;
	enum self_fence self_fence[SELF_FENCE_MAX];
	uint32_t stop_timeout_ms;
	char watchdog[256]; /* device; empty: none */
};

#endif

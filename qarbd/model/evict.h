/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: evictions (doc/protocol.md section 8).  What the daemon orders, what the fence bridge
 * reports of its orders, what it sees of all fencing, and the facts of Pacemaker that protect a
 * node.  Times are CLOCK_BOOTTIME milliseconds of the host that both run on.
 */
#ifndef QARB_MODEL_EVICT_H
#define QARB_MODEL_EVICT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/limits.h"

enum {
	EVICT_ORDERS_MAX = POISON_MAX,
	EVICT_FENCINGS_MAX = 32, /* of one message */
	EVICT_TEXT_SIZE = 128,
	/* The bridge gives up at an order's deadline; only then may the next evictor take over. */
	EVICT_DEADLINE_MS = 60000,
	EVICT_TAKEOVER_MS = 90000,
};

enum fence_action { FENCE_REBOOT = 0, FENCE_OFF, FENCE_ON, FENCE_ACTION_COUNT };

enum evict_why {
	EVICT_DEAD = 0,	   /* silent on the disks for evict_after_ms */
	EVICT_DISOBEDIENT, /* casts a grant that excludes it */
	EVICT_UNFIT,	   /* its heuristics stay below min_score while others are above */
	EVICT_ADMIN,	   /* an administrator named it */
	EVICT_WHY_COUNT
};

/* What becomes of an order, told by the bridge. */
enum evict_progress {
	EVICT_ISSUED = 0, /* no bridge has reported yet */
	EVICT_ACCEPTED,	  /* the bridge knows it; nothing was asked of the fencer yet */
	EVICT_REQUESTED,  /* the fencer was asked and has not answered */
	EVICT_DONE,	  /* the fencer says that the node was fenced: the end */
	EVICT_FAILED,	  /* an attempt failed; another one follows */
	EVICT_GAVE_UP,	  /* deadline, or a reason that no repetition mends: the end */
	EVICT_WITHDRAWN,  /* taken back, nothing is under way any more: the end */
	EVICT_PROGRESS_COUNT
};

/* The first reason, in this order, that forbids an eviction. */
enum evict_gate {
	EVICT_GATE_OPEN = 0,
	EVICT_GATE_OFF,		  /* evict: off */
	EVICT_GATE_NO_DISKS,	  /* no disk arbiter is configured */
	EVICT_GATE_SELF,	  /* a node never evicts itself */
	EVICT_GATE_UNKNOWN_NODE,  /* no slot on any disk */
	EVICT_GATE_NO_VOTE,	  /* this node does not hold the vote */
	EVICT_GATE_NOT_QUORATE,	  /* its partition is not quorate */
	EVICT_GATE_LEAVING_SELF,  /* this daemon is stopping */
	EVICT_GATE_OWN_BEAT,	  /* the evictor's own last beat is older than 2 intervals */
	EVICT_GATE_NOT_SHARED,	  /* the disk is not shown to be shared with that node */
	EVICT_GATE_NOT_SEEN,	  /* never seen running by this evictor's present incarnation */
	EVICT_GATE_STARTING,	  /* the target is starting */
	EVICT_GATE_LEAVING,	  /* the target is leaving or has left */
	EVICT_GATE_NOT_IN_RING,	  /* dead and not in the ring: Pacemaker fences it by itself */
	EVICT_GATE_UNREGISTERED,  /* in the ring without a registered device */
	EVICT_GATE_OUTWEIGHED,	  /* the dead of the ring outweigh those who live */
	EVICT_GATE_NO_BRIDGE,	  /* no fence bridge is connected */
	EVICT_GATE_FACTS_UNKNOWN, /* the bridge could not read Pacemaker's state yet */
	EVICT_GATE_NO_FENCING,	  /* stonith-enabled=false */
	EVICT_GATE_MAINTENANCE,	  /* maintenance mode of the cluster or of the node */
	EVICT_GATE_SHUTTING_DOWN, /* its Pacemaker is shutting down, or its controller has left */
	EVICT_GATE_FENCING,	  /* its fencing is under way, whoever asked */
	EVICT_GATE_FENCED,	  /* already fenced since its last beat */
	EVICT_GATE_TWICE,	  /* this incarnation was evicted before */
	EVICT_GATE_NOT_ELECTED,	  /* another node is the evictor now */
	EVICT_GATE_FULL,	  /* too many orders are open */
	EVICT_GATE_NOT_DUE,	  /* neither dead for long enough nor disobedient nor unfit */
	EVICT_GATE_COUNT
};

struct evict_order {
	uint64_t id;	      /* not 0; a restarted daemon gives the same eviction another one */
	uint64_t incarnation; /* of the target; (node_id, incarnation) is what is evicted once */
	uint64_t deadline_ms; /* then the bridge gives up */
	uint32_t node_id;
	enum fence_action action; /* FENCE_REBOOT or FENCE_OFF */
	enum evict_why why;
	bool withdrawn; /* start no further attempt */
};

struct evict_orders {
	uint32_t count;
	struct evict_order order[EVICT_ORDERS_MAX];
};

struct evict_report {
	uint64_t id; /* of the order */
	uint64_t incarnation;
	uint32_t node_id;
	enum evict_progress progress;
	uint32_t attempts;
	char text[EVICT_TEXT_SIZE]; /* why the last attempt failed, or why it gave up; may be empty
				     */
};

enum fencing_result { FENCING_STARTED = 0, FENCING_DONE, FENCING_FAILED, FENCING_RESULT_COUNT };

/* One fencing of Pacemaker's history, whoever asked for it. */
struct fencing_seen {
	uint32_t node_id; /* target */
	enum fence_action action;
	enum fencing_result result;
	uint64_t at_ms;		/* DONE, FAILED: when it ended; STARTED: when it was noticed */
	char client[NAME_SIZE]; /* who asked; may be empty */
};

struct node_facts {
	uint32_t node_id;
	bool known;	    /* Pacemaker has a node of the name that corosync's nodelist gives it */
	bool maintenance;   /* node attribute */
	bool shutting_down; /* transient attribute "shutdown", or its controller left its group */
};

/* What protects from eviction, as Pacemaker has it. */
struct bridge_facts {
	bool connected;	      /* a bridge is there; set by the daemon, not told on the wire */
	bool fencer;	      /* connected to pacemaker-fenced */
	bool known;	      /* the cluster's state was read: what follows means something */
	bool fencing_enabled; /* stonith-enabled */
	bool maintenance;     /* maintenance-mode of the cluster */
	uint32_t count;
	struct node_facts node[NODES_MAX];
};

/* What a node does to itself: having lost the vote (on_loss), having read its poison (on_poison).
 */
enum self_act { SELF_NOTHING = 0, SELF_STOP, SELF_REBOOT, SELF_ACT_COUNT };

enum evict_ask { EVICT_ASK_EVICT = 0, EVICT_ASK_POISON, EVICT_ASK_COUNT };

/* An order by hand, and its answer. */
struct evict_request {
	uint64_t number; /* the answer names it */
	uint32_t node_id;
	enum evict_ask ask;
};

struct evict_verdict {
	uint64_t number;
	enum evict_gate gate; /* EVICT_GATE_OPEN: ordered */
};

/* One eviction for status: ordered, or due and held up. */
struct evict_item {
	uint32_t node_id;
	enum evict_why why;
	uint64_t incarnation;
	bool ordered;
	enum evict_gate gate;	      /* not ordered: what forbids it */
	enum evict_progress progress; /* ordered */
	uint32_t attempts;
	uint64_t since_ms; /* due or ordered for so long */
	char text[EVICT_TEXT_SIZE];
};

struct poison_item {
	uint32_t node_id;
	bool written; /* completed beats on most disks show it */
	uint64_t incarnation;
};

struct evict_status {
	bool bridge, fencer, known, fencing_enabled, maintenance;
	bool poisoned;	      /* this node has read its own poison */
	uint32_t watchdog_ms; /* as declared in the slot; 0: none is armed */
	uint32_t count;
	struct evict_item item[EVICT_ORDERS_MAX];
	uint32_t poison_count;
	struct poison_item poison[POISON_MAX];
};

/* returns: texts of one line, never NULL. */
const char *evict_gate_text(enum evict_gate gate);
const char *evict_why_text(enum evict_why why);
const char *evict_progress_text(enum evict_progress progress);
const char *fence_action_text(enum fence_action action);
const char *self_act_text(enum self_act act);

#endif

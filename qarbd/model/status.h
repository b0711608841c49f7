/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what the core tells about itself, for status and monitoring.  A plain copy, no pointers.
 */
#ifndef QARB_MODEL_STATUS_H
#define QARB_MODEL_STATUS_H

#include "model/action.h"
#include "model/config.h"

enum disk_phase {
	DISK_CLOSED = 0,
	DISK_ADOPTING, /* reading the own slot, watching for another hand */
	DISK_BEATING,
	DISK_OUT, /* out of use until the daemon restarts */
};

enum rank_step {
	RANK_NONE = 0,
	RANK_ONLY,
	RANK_SIZE,
	RANK_WORKLOAD,
	RANK_ACTIVE,
	RANK_TIE_BREAKER
};

/* What a leader waits for before it decides. */
enum wait_kind {
	WAIT_NONE = 0,
	WAIT_CLASSIFY,	/* slots are not known to be live or dead yet */
	WAIT_RESTART,	/* a holder of the grant restarts: for T at most */
	WAIT_SETTLE,	/* live nodes contradict each other about their rings */
	WAIT_CONTENDER, /* no view has a live, available node (ffsplit: with half of the votes) */
	WAIT_HELLO,	/* nodes of the ring that were not heard of as users of this disk */
	WAIT_HOLDERS,	/* slots may still cast an older grant: until X at most */
};

/* What one contending view brought into a ranking.  Sets have a bit a slot. */
struct decision_view {
	struct ring_id ring;
	uint64_t listed; /* its members */
	uint64_t set;	 /* of these, live, available and reporting this very view: ranked */
	uint64_t votes;	 /* of set */
	uint64_t weight;
	uint32_t member_count; /* with members that have no slot */
	uint32_t active;       /* of set, in the grant before */
	uint32_t low;	       /* lowest and highest node id of set */
	uint32_t high;
	bool consistent; /* every live member reports it */
	bool superseded; /* a newer ring has one of its members */
	bool contends;
	enum rank_step
		step; /* that puts the winner above it; RANK_NONE: the winner, or not ranked */
};

enum decision_kind {
	DECISION_NONE = 0,
	DECISION_GRANT,
	DECISION_GROWTH, /* a member was added to the grant of its ring */
};

/* The last grant with everything it rested on. */
struct decision_status {
	uint64_t at_ms; /* committed, as seen by this node; 0: none yet */
	enum decision_kind kind;
	enum rank_step step; /* that put the winner above the best of the others */
	struct ring_id ring;
	uint64_t set;
	uint32_t by_node_id;
	bool own;	/* decided here; else the inputs are what this node itself read */
	bool heir_kept; /* the winner had been promised it: a better one did not lead long enough */
	uint64_t asked_ms; /* when the inputs were ranked */
	enum algorithm algorithm;
	enum tie_breaker tie_breaker;
	uint32_t tie_node_id;
	bool workload;
	uint64_t votes_all; /* of the node list */
	uint64_t before;    /* slots of the grant before and of those pending then */
	uint64_t live;
	uint64_t available;
	uint32_t winner; /* index; == count: not among them */
	uint32_t count;
	struct decision_view view[NODES_MAX];
	uint32_t node_id[NODES_MAX]; /* by slot; 0: free */
	uint32_t votes[NODES_MAX];
	uint32_t weight[NODES_MAX];
};

struct peer_status {
	uint32_t node_id; /* 0: free slot */
	enum slot_state state;
	bool live;
	bool at_work; /* its slot changes, by reads of this node that had no pause, up to now */
	bool available;
	bool classified;
	bool same_view; /* reports the own ring */
	uint64_t incarnation;
	uint64_t host_life; /* of its corosync; 0: unknown */
	uint64_t silent_ms; /* since its slot last changed; UINT64_MAX: never read */
	uint64_t x_ms;	    /* its X */
	struct ring_id ring;
	uint32_t weight;
	enum cast_kind cast;
	bool watchdog_armed;
	uint32_t watchdog_ms; /* silent for so long: a node with an armed watchdog is dead */
	bool registered;      /* its quorum device is registered */
	bool fit;
	uint64_t config_hash; /* 0: it never ran */
	uint32_t beat_ms_max; /* its slowest recent beat */
};

struct disk_status {
	enum disk_phase phase;
	bool shared; /* false: "not shared" */
	uint64_t beats;
	uint64_t beat_age_ms;	 /* since the start of the last completed beat's write; UINT64_MAX:
				    none */
	uint32_t leader_node_id; /* 0: none known */
	bool leading;
	struct value accepted;
	struct number accepted_bal;
	bool casting;		/* this node may cast because of this disk's grant */
	uint64_t hold_until_ms; /* 0: no hold */
	bool write_outstanding;
	uint64_t write_age_ms;
	uint8_t own_slot;
	struct peer_status peer[NODES_MAX];
	enum wait_kind waiting; /* of a leader that cannot decide yet */
	uint64_t waiting_slots;
	uint64_t waiting_until_ms; /* at most; 0: no bound is known */
	struct decision_status decision;
};

struct arb_status {
	uint64_t now_ms;
	uint32_t node_id;
	uint64_t incarnation;
	uint64_t host_life;
	struct view view;
	bool registered;
	bool quorate;
	bool leaving;
	struct publication publication;
	enum vote_reason reason;
	uint32_t arbiter_count;
	uint32_t grants; /* valid grants for the current ring */
	struct policy policy;
	struct evict_status evict;
	struct disk_status disk[ARBITERS_MAX];
};

#endif

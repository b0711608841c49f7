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

struct peer_status {
	uint32_t node_id; /* 0: free slot */
	enum slot_state state;
	bool live;
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
	/* the last decision this node made as leader, or saw as follower */
	struct {
		uint64_t at_ms; /* 0: none yet */
		enum rank_step step;
		struct ring_id ring;
		uint64_t set;
		bool own; /* decided here */
	} decision;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what one node says of itself on one disk.  Only slotwire_decode() makes one from bytes and
 * only the node itself writes its own (one writer a block).
 * Times are milliseconds.  doc/disk-format.md has the bytes.
 */
#ifndef QARB_MODEL_SLOT_H
#define QARB_MODEL_SLOT_H

#include "base/rc.h"
#include "model/grant.h"

enum slot_state {
	SLOT_NEVER = 0, /* written by disk init */
	SLOT_STARTING,
	SLOT_RUNNING,
	SLOT_LEAVING,
};

enum cast_kind {
	CAST_NONE = 0, /* known not to cast any grant of this disk */
	CAST_GRANT,    /* casts, or may cast, the grant `cast_number` */
	CAST_UNKNOWN,  /* may cast any */
};

/* H, P, D of doc/protocol.md section 1 and the beat's interval, as in force at this node. */
struct timings {
	uint32_t hold_ms;
	uint32_t poll_ms;
	uint32_t d_ms; /* quorum.device.timeout + quorum.device.sync_timeout */
	uint32_t interval_ms;
};

struct poison {
	uint64_t incarnation;
	uint32_t node_id;
	uint32_t unused;
};

struct slot {
	uint32_t node_id;
	enum slot_state state;
	uint64_t incarnation;
	uint64_t host_life;
	uint64_t sequence;	/* one more for each write */
	uint64_t beats;		/* completed beats of this incarnation */
	struct timings timings; /* all 0: never written, the header's hold */
	uint32_t beat_ms_max;	/* slowest recent beat */
	uint64_t config_hash;
	struct view view;
	/* availability */
	bool registered; /* the quorum device is registered with votequorum */
	bool fit;	 /* score >= min score */
	uint32_t score;
	uint32_t score_max;
	uint32_t weight;
	bool watchdog_armed;
	uint32_t watchdog_ms;
	/* register */
	struct ballot mbal;
	struct ballot leading; /* none: does not lead */
	struct number bal;
	struct value value;
	struct number seen; /* highest accepted */
	/* casting */
	enum cast_kind cast;
	struct number cast_number;
	/* grants held on the other arbiters, by arbiter index; none where not held */
	struct number other[ARBITERS_MAX];
	uint32_t poison_count;
	struct poison poison[POISON_MAX];
};

/* One slot of a finished read. */
struct slot_read {
	enum rc rc;   /* RC_OK: slot is valid; else nothing is known of it */
	uint8_t copy; /* 0 or 1: which copy holds what is in slot */
	struct slot slot;
};

/* The disk's header as the core needs it. */
struct disk_facts {
	uint8_t uuid[UUID_SIZE];
	uint32_t slot_count;	/* slots of the geometry */
	struct timings timings; /* the cluster's at init; dead for a slot without timings */
	struct slot_map map;	/* initial */
};

#endif

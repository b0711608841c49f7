/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: everything the core is told.  Time and randomness enter only here (house rule 1).
 * Times are CLOCK_BOOTTIME milliseconds of the own node.
 */
#ifndef QARB_MODEL_EVENT_H
#define QARB_MODEL_EVENT_H

#include "model/config.h"
#include "model/vote.h"

enum event_type {
	EVENT_TICK = 0,
	EVENT_CONFIG,	   /* policy */
	EVENT_NODELIST,	   /* nodelist */
	EVENT_COROSYNC,	   /* host_life: connected to the corosync of that life; 0: it is gone */
	EVENT_VIEW,	   /* ring, members: votequorum noticed a new ring */
	EVENT_DEVICE,	   /* registered: the own quorum device is (not) registered */
	EVENT_PEER_DEVICE, /* node_id, registered: votequorum's flag of another node */
	EVENT_QUORATE,	   /* quorate: votequorum's own message */
	EVENT_FITNESS,	   /* heuristics */
	EVENT_WEIGHT,	   /* weight of the workload on this node */
	EVENT_DISK_OPENED, /* arbiter: facts; no I/O of a predecessor can land any more */
	EVENT_DISK_CLOSED, /* arbiter: device vanished or was never there; rc says why */
	EVENT_WRITE_DONE,  /* arbiter, token, io */
	EVENT_READ_DONE,   /* arbiter, token, io */
	EVENT_POLL_DONE,   /* poll */
	EVENT_PUBLICATION, /* what a predecessor of this deciding process left published */
	EVENT_HELLO,	   /* hello of another node */
	EVENT_LEAVE,	   /* stop cleanly: SIGTERM */
	EVENT_BRIDGE, /* bridge: what the fence bridge knows of Pacemaker, or that it is gone */
	EVENT_EVICT_REPORT, /* report: what became of an order */
	EVENT_FENCED,	    /* fencing: of any node by whomever */
	EVENT_ASK, /* ask: an administrator or the fence agent wants a node evicted, poisoned */
	EVENT_WATCHDOG, /* watchdog_ms: the own watchdog is armed with this timeout; 0: it is not */
	EVENT_TYPE_COUNT
};

enum io_outcome {
	IO_DONE = 0,
	IO_FAILED,  /* an error was reported: a write may still land within late_ms */
	IO_UNKNOWN, /* no answer yet: still outstanding; a second event tells the outcome */
};

struct event_io {
	uint64_t token; /* of the action it answers */
	enum io_outcome outcome;
	uint64_t start_ms; /* when it was submitted to the device */
	uint64_t end_ms;
	uint64_t mask; /* of a read: slots that were read */
	/* of a read that is DONE: NODES_MAX entries by slot index, valid where mask has the bit;
	 * borrowed for the call */
	const struct slot_read *slots;
};

struct event_poll {
	uint64_t generation; /* of the publication it was judged from */
	struct ring_id ring;
	enum answer answer; /* what was polled: NO or YES */
	bool ok;	    /* CS_OK: corosync took it */
	uint64_t start_ms;
	uint64_t end_ms;
};

struct event_hello {
	uint32_t node_id;
	uint8_t uuid[UUID_SIZE];
	uint64_t incarnation;
	uint64_t sequence;
};

struct event {
	enum event_type type;
	uint32_t arbiter_index;
	uint64_t now_ms;
	uint64_t entropy;
	union {
		struct policy policy;
		struct nodelist nodelist;
		uint64_t host_life;
		struct {
			struct ring_id ring;
			struct members members;
		} view;
		struct {
			uint32_t node_id; /* EVENT_PEER_DEVICE only */
			bool registered;
		} device;
		bool quorate;
		struct {
			uint32_t score;
			uint32_t score_max;
			bool fit;
		} fitness;
		uint32_t weight;
		struct disk_facts facts;
		enum rc rc;
		struct event_io io;
		struct event_poll poll;
		struct publication publication;
		struct event_hello hello;
		struct bridge_facts bridge;
		struct evict_report report;
		struct fencing_seen fencing;
		struct evict_request ask;
		uint32_t watchdog_ms;
	} u;
};

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: what the fence bridge and the daemon say to each other, inside the frames of libqb's IPC
 * (service "qarb").  doc/architecture.md, "The fence bridge", tells who sends what when.
 *
 * There is one request and one answer, and both are states, not steps: the request holds all that
 * the bridge knows, the answer all orders that are in force.  A lost, doubled or late message
 * therefore does no harm, and either side may be restarted at any time.
 *
 * Every message is a header of 16 bytes (magic, version, type, size of the whole message) and has
 * no open end.  Both sides are of one package: another version is refused.
 */
#ifndef QARB_WIRE_EVICTWIRE_H
#define QARB_WIRE_EVICTWIRE_H

#include <stddef.h>

#include "base/rc.h"
#include "model/evict.h"

enum {
	EVICTWIRE_VERSION = 2,
	EVICTWIRE_HEADER_SIZE = 16,
	EVICTWIRE_SIZE = 16 * 1024, /* the longest message of either kind */
	EVICTWIRE_TEXT_SIZE = 128,
	/* Of qb_ipc_request_header.id and qb_ipc_response_header.id. */
	EVICTWIRE_SYNC_ID = 64,
	/* An event of the daemon without a body: something changed, sync now. */
	EVICTWIRE_NEWS_ID = 65,
	/* The bridge syncs at least this often; after EVICTWIRE_LOST_MS without it is gone. */
	EVICTWIRE_SYNC_MS = 1000,
	EVICTWIRE_LOST_MS = 5000,
};

/* Bridge to daemon: all it knows.  Several KiB. */
struct evict_sync {
	struct bridge_facts facts;
	uint32_t report_count; /* every order that the bridge knows of, ended ones included */
	struct evict_report report[EVICT_ORDERS_MAX];
	uint32_t fencing_count; /* what was seen since the last sync that was answered */
	struct fencing_seen fencing[EVICT_FENCINGS_MAX];
};

struct evict_node {
	uint32_t node_id;
	char name[NAME_SIZE]; /* of corosync's nodelist; may be empty */
	bool gone;	      /* not in the ring, and silent for its X on every disk */
};

/* Daemon to bridge: all that is in force. */
struct evict_answer {
	enum rc rc; /* RC_OK; RC_AGAIN: the daemon has no configuration yet; RC_REFUSED: no right
		       to; RC_BUSY: another bridge is connected */
	char text[EVICTWIRE_TEXT_SIZE]; /* why not; may be empty */
	bool evict;			/* false: evict: off; there are no orders */
	bool voting; /* this node holds the vote now and is quorate; false: start no attempt */
	uint32_t own_node_id;
	uint32_t node_count;
	struct evict_node node[NODES_MAX];
	struct evict_orders orders; /* an order that is not listed any more counts as withdrawn */
};

/* out: out, at most size bytes.  returns: bytes used; 0: it did not fit or a value is outside its
 * range. */
size_t evictwire_encode_sync(const struct evict_sync *s, uint8_t *out, size_t size);
size_t evictwire_encode_answer(const struct evict_answer *a, uint8_t *out, size_t size);

/* in: size bytes.  out: all of it, meaningful on RC_OK.
 * returns: RC_OK | RC_BADMAGIC | RC_BADVERSION | RC_BADVALUE. */
RC_MUST_CHECK enum rc evictwire_decode_sync(const uint8_t *data, size_t size, struct evict_sync *s);
RC_MUST_CHECK enum rc evictwire_decode_answer(const uint8_t *data, size_t size,
					      struct evict_answer *a);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: what qarbctl and the daemon say to each other, inside the frames of libqb's IPC.
 *
 * Every message is a header of 16 bytes (magic, version, type, size of the whole message), and in a
 * response an rc with a line of text.  Both sides are of one package: another version is refused
 * with RC_BADVERSION, which the tool explains, and never guessed at.  Nothing has an open end: each
 * list has its count and a limit, and a message is longer than what it says by not one byte.
 */
#ifndef QARB_WIRE_IPCWIRE_H
#define QARB_WIRE_IPCWIRE_H

#include <stddef.h>

#include "base/rc.h"
#include "model/lease.h"
#include "model/status.h"

enum {
	IPCWIRE_VERSION = 5,
	IPCWIRE_HEADER_SIZE = 16,
	IPCWIRE_REQUEST_SIZE = 256, /* the longest */
	IPCWIRE_RESPONSE_SIZE = 64 * 1024,
	IPCWIRE_TEXT_SIZE = 256,
	IPCWIRE_DEVICE_SIZE = 256,
};

enum ipc_type {
	IPC_STATUS = 1,
	IPC_WHY, /* the last decision with its inputs */
	IPC_WEIGHT,
	IPC_EVICT,
	IPC_VERSION,
	IPC_TRACE, /* have the flight recorder written; text of the response: the file */
	IPC_WEIGHT_CLEAR,
	IPC_WEIGHT_LIST,
	IPC_POISON, /* have a node's poison written into the own slot */
	IPC_TYPE_END
};

struct ipc_request {
	enum ipc_type type;
	union {
		struct {
			char name[NAME_SIZE]; /* of the agent's instance */
			uint32_t value;
			uint32_t lease_ms; /* 0: until it is cleared */
		} weight;
		struct {
			uint32_t node_id;
		} evict; /* IPC_EVICT, IPC_POISON */
	} u;
};

struct ipc_latency {
	uint64_t count;
	uint64_t last_us;
	uint64_t p50_us;
	uint64_t p99_us;
	uint64_t max_us;
};

struct ipc_disk {
	char name[NAME_SIZE]; /* of the arbiter */
	char label[NAME_SIZE];
	char device[IPCWIRE_DEVICE_SIZE];
	uint8_t uuid[UUID_SIZE];
	enum rc rc; /* why it is not open; RC_OK: it is */
	struct ipc_latency read;
	struct ipc_latency write;
};

struct ipc_node {
	uint32_t node_id;
	char name[NAME_SIZE]; /* may be empty */
};

/* What corosync's votequorum says of wait_for_all. */
enum ipc_wait_for_all { IPC_WFA_OFF = 0, IPC_WFA_ON, IPC_WFA_WAITING };

/* About 100 KiB: no automatic variable.  A status has all but what a decision rested on; a why has
 * that, and of the rest what names the nodes, arbiters and grants. */
struct ipc_status {
	char cluster_name[NAME_SIZE];
	char other_device[NAME_SIZE]; /* that votequorum has registered; empty: none known */
	enum ipc_wait_for_all wait_for_all;
	uint32_t node_count;
	struct ipc_node node[NODES_MAX];
	struct arb_status arb;
	struct ipc_disk disk[ARBITERS_MAX]; /* arb.arbiter_count of them */
};

struct ipc_weight {
	char name[NAME_SIZE]; /* of the agent's instance */
	uint32_t value;
	uint64_t left_ms; /* UINT64_MAX: until it is cleared */
};

struct ipc_weights {
	uint32_t sum;
	uint32_t count;
	struct ipc_weight weight[LEASES_MAX];
};

struct ipc_response {
	enum ipc_type type; /* of the request */
	enum rc rc;
	char text[IPCWIRE_TEXT_SIZE]; /* why not; the version; the file of a trace; may be empty */
	struct ipc_weights weights;   /* IPC_WEIGHT_LIST with RC_OK only */
	struct ipc_status status;     /* IPC_STATUS and IPC_WHY with RC_OK only */
};

/* out: out, at most size bytes.  returns: bytes used; 0: it did not fit or a value is outside its
 * range. */
size_t ipcwire_encode_request(const struct ipc_request *q, uint8_t *out, size_t size);
size_t ipcwire_encode_response(const struct ipc_response *r, uint8_t *out, size_t size);

/* in: size bytes.  out: all of it, meaningful on RC_OK.
 * returns: RC_OK | RC_BADMAGIC | RC_BADVERSION | RC_BADVALUE (unknown type, wrong size, value out
 * of range). */
RC_MUST_CHECK enum rc ipcwire_decode_request(const uint8_t *data, size_t size,
					     struct ipc_request *q);
RC_MUST_CHECK enum rc ipcwire_decode_response(const uint8_t *data, size_t size,
					      struct ipc_response *r);

#endif

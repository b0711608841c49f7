/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the stand-in for corosync's libraries and its server say to each other, over a
 * SOCK_SEQPACKET socket on one machine.
 */
#ifndef QARB_TESTS_BENCH_STANDIN_H
#define QARB_TESTS_BENCH_STANDIN_H

#include <stdint.h>

enum { STANDIN_NODES_MAX = 64, STANDIN_DATA_SIZE = 256 };

enum standin_kind {
	STANDIN_VOTES, /* to the server: a votequorum handle of this node */
	STANDIN_GROUP, /* to the server: a cpg handle of this node */
	STANDIN_POLL,  /* to the server: a poll, with its ring and whether it was yes */
	STANDIN_RING,  /* to a votequorum handle: the ring that begins */
	STANDIN_DATA,  /* both ways: a message to the group */
};

struct standin_message {
	uint32_t kind;
	uint32_t node_id;
	uint64_t ring_seq;
	uint32_t ring_node_id;
	uint32_t yes;
	uint32_t count; /* of members, or bytes of data */
	uint32_t member[STANDIN_NODES_MAX];
	uint8_t data[STANDIN_DATA_SIZE];
};

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the decider's side of one disk worker.  Requests go through shared memory and nothing here
 * waits; what comes back is turned into the core's events.
 */
#ifndef QARB_SHELL_PORT_H
#define QARB_SHELL_PORT_H

#include "shell/shm.h"

struct port {
	struct shm *m;
	struct shm_port *shared;
	uint8_t *buffer; /* write block, then the blocks read */
	uint32_t arbiter_index;
	uint32_t patience_ms; /* after which an outstanding request is told as unknown */
	uint32_t late_ms;
	uint32_t poll_ms;
	/* what the core was told */
	uint64_t disk_count; /* of the worker's page, last looked at */
	struct shm_disk disk;
	bool told_open;
	bool told_closed;
	bool told_late;
	uint64_t late_until_ms; /* the disk is there and waited for; 0: it is not */
	enum rc told_rc;
	/* the write */
	bool writing;
	bool write_held;     /* a poll is outstanding for too long: not submitted yet */
	bool write_repeated; /* after the worker's death */
	bool write_unknown_told;
	uint64_t write_token;
	uint64_t write_since_ms;
	uint8_t write_copy;
	uint8_t write_slot;
	struct slot held;
	/* the read */
	bool reading;
	bool read_unknown_told;
	bool read_stray;     /* what is outstanding is not what was asked for: read anew after it */
	uint64_t ahead_mask; /* of a read that went along with the write; 0: none, or not to be used
			      */
	uint64_t read_token;
	uint64_t read_mask; /* asked for by the core */
	uint64_t read_left; /* not settled yet */
	uint64_t read_since_ms;
	uint64_t read_start_ms; /* of the first of the reads that make up this one */
	uint32_t read_rounds;
	uint64_t fingerprint[NODES_MAX];
	bool seen[NODES_MAX];
	struct slot_read slots[NODES_MAX];
};

void port_init(struct port *p, struct shm *m, uint32_t arbiter_index, const struct policy *policy);
void port_write(struct port *p, uint64_t token, uint8_t slot_index, uint8_t copy,
		const struct slot *s, uint64_t now_ms);
void port_read(struct port *p, uint64_t token, uint64_t mask, uint64_t now_ms);

/* Fill e with the next thing that happened to this disk.  returns: false when nothing did. */
bool port_next(struct port *p, uint64_t now_ms, struct event *e);

/* returns: when to look again although nothing woke us; UINT64_MAX: no need. */
uint64_t port_deadline_ms(const struct port *p);

/* A yes was taken by corosync: a block that is still held back must not say that nothing is cast.
 */
void port_yes_came_late(struct port *p);
/* Is a block held back by a poll that is over?  Its report is in the ring by now: the core, and the
 * block, hear of it first. */
bool port_poll_ended(const struct port *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: the header of a disk, two copies of 4096 bytes (doc/disk-format.md has the bytes), and
 * where everything lies.  Written by `qarbctl disk init`, never changed afterwards.
 */
#ifndef QARB_WIRE_HEADWIRE_H
#define QARB_WIRE_HEADWIRE_H

#include "model/slot.h"

enum {
	HEADWIRE_SIZE = 4096,
	HEADWIRE_COPIES = 2,
	HEADWIRE_VERSION = 1,
	HEADWIRE_BLOCK_SIZE = 4096,
	HEADWIRE_SLOT_OFFSET = HEADWIRE_COPIES * HEADWIRE_SIZE,
	/* A disk of format 1: the header, and 64 slots of two copies. */
	HEADWIRE_DISK_SIZE = HEADWIRE_SLOT_OFFSET + NODES_MAX * 2 * HEADWIRE_BLOCK_SIZE,
};

struct disk_header {
	uint32_t version;
	uint32_t version_oldest;      /* the oldest program format that reads this disk rightly */
	char label[NAME_SIZE];	      /* headwire_label_allowed() */
	char cluster_name[NAME_SIZE]; /* no control characters; may be empty */
	uint32_t block_size;
	uint64_t slot_offset; /* of slot 0, copy 0 */
	uint64_t created_s;   /* CLOCK_REALTIME of the init, for people */
	bool lab;	      /* a regular file on a local filesystem, never a shared disk */
	struct disk_facts facts;
};

/* in: label.  returns: whether it is 1 to NAME_SIZE - 1 of A-Z a-z 0-9 . _ - and begins with a
 * letter or digit: it is typed into corosync.conf and shown in tables. */
bool headwire_label_allowed(const char *label);

/* in: h within the limits, its geometry that of format 1 (asserted); copy 0 or 1.
 * out: block, HEADWIRE_SIZE bytes, all written. */
void headwire_encode(const struct disk_header *h, uint32_t copy, uint8_t *block);

/* in: block, HEADWIRE_SIZE bytes; copy that it must be.  out: h, written only on RC_OK.
 * returns: RC_OK | RC_BADMAGIC | RC_BADVERSION | RC_BADSUM | RC_MISDIRECTED | RC_BADVALUE. */
RC_MUST_CHECK enum rc headwire_decode(const uint8_t *block, uint32_t copy, struct disk_header *h);

/* in: copies, two consecutive blocks.  out: h, written on RC_OK and RC_PARTIAL.
 * returns: RC_OK: both verify and agree | RC_PARTIAL: one does | RC_BADVALUE: both verify and are
 * of different disks | else why copy 0 does not verify. */
RC_MUST_CHECK enum rc headwire_choose(const uint8_t *copies, struct disk_header *h);

/* in: h; slot_index below NODES_MAX; copy 0 or 1.  returns: its byte offset on the disk.  Slots are
 * contiguous, so that the slots in use are one read from headwire_slot_offset(h, 0, 0). */
uint64_t headwire_slot_offset(const struct disk_header *h, uint32_t slot_index, uint32_t copy);

#endif

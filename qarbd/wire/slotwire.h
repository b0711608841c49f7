/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: one copy of a slot, 4096 bytes (doc/disk-format.md has the bytes).
 *
 * Every field has a fixed place, also for 64 nodes: the worst case is the only case.  The encoder
 * writes every byte; the decoder accepts nothing that the encoder would not have written, so that
 * decoding and encoding again gives the identical block.
 */
#ifndef QARB_WIRE_SLOTWIRE_H
#define QARB_WIRE_SLOTWIRE_H

#include "model/slot.h"

enum {
	SLOTWIRE_SIZE = 4096,
	SLOTWIRE_VERSION = 1,
	SLOTWIRE_COPIES = 2,
};

/* in: s within the limits of model/ (asserted); uuid of the disk; slot_index below NODES_MAX;
 * copy 0 or 1.  out: block, SLOTWIRE_SIZE bytes, all written. */
void slotwire_encode(const struct slot *s, const uint8_t uuid[UUID_SIZE], uint32_t slot_index,
		     uint32_t copy, uint8_t *block);

/* in: block, SLOTWIRE_SIZE bytes, borrowed for the call, and what it must belong to.
 * out: s, written only on RC_OK, padding included.
 * returns: RC_OK | RC_BADMAGIC | RC_BADVERSION | RC_BADSUM | RC_BADUUID | RC_MISDIRECTED |
 * RC_BADVALUE. */
RC_MUST_CHECK enum rc slotwire_decode(const uint8_t *block, const uint8_t uuid[UUID_SIZE],
				      uint32_t slot_index, uint32_t copy, struct slot *s);

/* Take the newest copy that verifies (doc/protocol.md section 3).
 * in: copies, two consecutive blocks.
 * out: out, all of it: rc RC_OK with copy and slot, or why copy 0 did not verify with a zero slot;
 * fingerprint, another one (but for one chance in 2^32) when any byte of either copy changed: the
 * caller reads again until both verify or the same pair was seen twice.
 * returns: RC_OK: both verify | RC_PARTIAL: one does | else out->rc.
 * Whether node_id is that of the slot map is for the core to judge. */
RC_MUST_CHECK enum rc slotwire_choose(const uint8_t *copies, const uint8_t uuid[UUID_SIZE],
				      uint32_t slot_index, struct slot_read *out,
				      uint64_t *fingerprint);

/* The same of a quorum disk whose header has this map: a slot that it gives to no node and that is
 * blank reads as node 0, never started, RC_OK.  Where disk init wrote a block, zeros are a lost
 * one, which a running owner writes again. */
RC_MUST_CHECK enum rc slotwire_read(const uint8_t *copies, const uint8_t uuid[UUID_SIZE],
				    const struct slot_map *header, uint32_t slot_index,
				    struct slot_read *out, uint64_t *fingerprint);

/* Has no write of this slot ever been completed? disk init leaves the slots that no node has all
 * zero.  Their first owner writes copy 1 first, and copy 0 only when that is complete: a copy 1
 * that is torn beside zeros holds nothing that binds.  in: copies, as slotwire_choose(), of which
 * none verifies. */
bool slotwire_blank(const uint8_t *copies);

#endif

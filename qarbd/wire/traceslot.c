/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/traceslot.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "wire/slotwire.h"
#include "wire/slotwire_layout.h"
#include "wire/tracename.h"

/* Bytes that are alike between two changes are repeated up to this many: a new change costs about
 * as much text. */
enum { GAP = 2 };

static const uint8_t no_uuid[UUID_SIZE];

static void block_of(const struct slot *s, uint8_t *block)
{
	slotwire_encode(s, no_uuid, 0, 0, block);
}

static void write_changes(struct linewalk *l, const struct slot *old, const struct slot *s)
{
	uint8_t was[SLOTWIRE_SIZE];
	uint8_t is[SLOTWIRE_SIZE];
	const char *between = "";
	uint32_t at = 0;

	block_of(old, was);
	block_of(s, is);
	while (at < AT_TAIL) {
		uint32_t end = at + 1;
		uint64_t offset = at;

		if (was[at] == is[at]) {
			at++;
			continue;
		}
		for (uint32_t i = end; i < AT_TAIL && i - end <= GAP; i++) {
			if (was[i] != is[i])
				end = i + 1;
		}
		linewalk_text(l, between);
		linewalk_number_hex(l, &offset, AT_TAIL);
		linewalk_text(l, ":");
		linewalk_bytes(l, is + at, end - at);
		between = "/";
		at = end;
	}
	/* Nothing changed: said with no bytes at offset 0. */
	if (between[0] == 0)
		linewalk_text(l, "-");
}

/* in and out: s, what it was before and is now. */
static void read_changes(struct linewalk *l, struct slot *s)
{
	uint8_t block[SLOTWIRE_SIZE];
	uint64_t offset = 0;
	uint64_t end = 0;

	block_of(s, block);
	if (linewalk_option(l, "-", false))
		return;
	do {
		linewalk_number_hex(l, &offset, AT_TAIL);
		linewalk_text(l, ":");
		if (offset < end)
			l->failed = true;
		for (end = offset; !l->failed; end++) {
			char c = l->at < l->size ? l->in[l->at] : ' ';

			if (c == '/' || c == ' ')
				break;
			if (end == AT_TAIL)
				l->failed = true;
			else
				linewalk_bytes(l, block + end, 1);
		}
		if (end == offset)
			l->failed = true;
	} while (!l->failed && linewalk_option(l, "/", false));
	if (l->failed)
		return;
	/* The one decoder judges a slot, also one that came as text. */
	bytes_store_u32(block + AT_SUM, crc32c_sum(block, AT_SUM));
	if (slotwire_decode(block, no_uuid, 0, 0, s) != RC_OK)
		l->failed = true;
}

void traceslot_walk(struct linewalk *l, struct slot *old, const struct slot *s)
{
	if (l->failed)
		return;
	if (l->reading)
		read_changes(l, old);
	else
		write_changes(l, old, s);
}

void traceslot_read(struct slot_read *last, struct linewalk *l, struct event *e)
{
	uint64_t done = 0;

	e->u.io.slots = last;
	while (!l->failed && linewalk_option(l, " s", false)) {
		uint64_t i = 0;
		uint32_t rc = 0;
		uint64_t copy = 0;

		linewalk_number(l, &i, NODES_MAX - 1);
		linewalk_text(l, "=");
		linewalk_name(l, tracename_rc, RC_COUNT, &rc);
		/* Ascending, and slots of this read only. */
		if ((e->u.io.mask >> i & 1) == 0 || done >> i != 0)
			l->failed = true;
		if (l->failed)
			return;
		done |= slot_bit((uint32_t)i);
		if (rc == RC_OK) {
			linewalk_text(l, ",");
			linewalk_number(l, &copy, 1);
			linewalk_text(l, ",");
			traceslot_walk(l, &last[i].slot, NULL);
		} else {
			memset(&last[i].slot, 0, sizeof(last[i].slot));
		}
		last[i].rc = (enum rc)rc;
		last[i].copy = (uint8_t)copy;
	}
}

static bool same_read(const struct slot_read *a, const struct slot_read *b)
{
	return a->rc == b->rc &&
	       (a->rc != RC_OK ||
		(a->copy == b->copy && memcmp(&a->slot, &b->slot, sizeof(a->slot)) == 0));
}

void traceslot_write(struct slot_read *last, struct linewalk *l, const struct event *e)
{
	for (uint64_t rest = e->u.io.mask; rest != 0; rest &= rest - 1) {
		uint64_t i = (uint64_t)__builtin_ctzll(rest);
		const struct slot_read *r = &e->u.io.slots[i];
		uint32_t rc = (uint32_t)r->rc;
		uint64_t copy = r->copy;

		if (same_read(r, &last[i]))
			continue;
		linewalk_text(l, " s");
		linewalk_number(l, &i, NODES_MAX - 1);
		linewalk_text(l, "=");
		linewalk_name(l, tracename_rc, RC_COUNT, &rc);
		if (r->rc != RC_OK)
			continue;
		linewalk_text(l, ",");
		linewalk_number(l, &copy, 1);
		linewalk_text(l, ",");
		traceslot_walk(l, &last[i].slot, &r->slot);
	}
	if (l->failed)
		return;
	for (uint64_t rest = e->u.io.mask; rest != 0; rest &= rest - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(rest);

		last[i] = e->u.io.slots[i];
		if (last[i].rc != RC_OK)
			memset(&last[i].slot, 0, sizeof(last[i].slot));
	}
}

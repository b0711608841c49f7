/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: a disk that does not keep what was written: copies rot, a write lands in the place of
 * another, a slot or the whole disk goes back to what it held.  All of it is outside of what is
 * assumed of a disk (doc/protocol.md, A2); who runs notices, and says no.
 */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

enum { SPOIL_CHANCE = 400 }; /* of 10000 wild and directed schedules */

static struct blob *newer(const struct store *s, uint32_t i)
{
	struct blob *a = s->copy[i][0], *b = s->copy[i][1];

	/* A torn copy says nothing. */
	return b->whole && (!a->whole || b->slot.sequence > a->slot.sequence) ? b : a;
}

static void put(struct world *w, struct store *s, uint32_t i, uint32_t c, struct blob *b)
{
	blob_put(w, s->copy[i][c]);
	s->copy[i][c] = b;
	w->spoiled = true;
	w->spoiled_at = w->now;
}

/* ---- back to what was there ---- */

static void save(struct world *w)
{
	TRACE(w, "the disk is copied");
	for (uint32_t i = 0; i < w->nodes; i++)
		for (uint32_t c = 0; c < 2; c++) {
			blob_put(w, w->saved[i][c]);
			w->saved[i][c] = blob_get(w->store[0].copy[i][c]);
		}
}

static void put_back(struct world *w, uint64_t slots)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		for (uint32_t c = 0; c < 2 && w->saved[i][c] != NULL; c++) {
			if ((slots & slot_bit(i)) == 0 || w->saved[i][c] == w->store[0].copy[i][c])
				continue;
			w->cover[COVER_BACK]++;
			put(w, &w->store[0], i, c, blob_get(w->saved[i][c]));
		}
}

void spoil_free(struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		for (uint32_t c = 0; c < 2; c++)
			blob_put(w, w->saved[i][c]);
}

/* ---- copies that do not verify ---- */

static void rot_copy(struct world *w, const struct node *n, uint8_t c)
{
	struct store *s = &w->store[n->disk];
	struct blob *old = s->copy[n->slot_index][c];
	struct blob *b = blob_damaged(w, n->index, n->slot_index, c);

	memcpy(b->bytes, blob_bytes(s, old), SLOTWIRE_SIZE);
	b->bytes[SLOTWIRE_SIZE / 2] ^= 1;
	b->slot = old->slot;
	w->cover[COVER_ROTTEN]++;
	put(w, s, n->slot_index, c, b);
}

static void rot(struct world *w, const struct node *n, enum rot which)
{
	uint8_t c = newer(&w->store[n->disk], n->slot_index)->copy;

	TRACE(w, "the %sslot of node %u rots",
	      which == ROT_NEWER   ? "newer copy of the "
	      : which == ROT_OLDER ? "older copy of the "
				   : "",
	      n->id);
	if (which != ROT_OLDER)
		rot_copy(w, n, c);
	if (which != ROT_NEWER)
		rot_copy(w, n, 1 - c);
}

void spoil_stray(struct world *w, struct blob *written)
{
	struct store *s = &w->store[0];
	uint32_t i = (uint32_t)rng_below(&w->spoil, w->nodes),
		 c = (uint32_t)rng_below(&w->spoil, 2);
	struct blob *b;

	if (i == written->slot_index)
		c = 1 - written->copy;
	TRACE(w, "write %llu of node %u lands in copy %u of slot %u",
	      (unsigned long long)written->slot.sequence, w->node[written->node].id, c, i);
	b = blob_damaged(w, written->node, (uint8_t)i, (uint8_t)c);
	memcpy(b->bytes, blob_bytes(s, written), SLOTWIRE_SIZE);
	b->slot = written->slot;
	w->cover[COVER_STRAY]++;
	put(w, s, i, c, b);
}

/* ---- the operations ---- */

void spoil_do(struct world *w, enum op op, const struct node *n, uint32_t param)
{
	switch (op) {
	case OP_DISK_SAVE:
		save(w);
		break;
	case OP_DISK_BACK:
		TRACE(w, "the disk is as it was copied");
		put_back(w, all_nodes(w));
		break;
	case OP_SLOT_BACK:
		TRACE(w, "the slot of node %u is as it was copied", n->id);
		put_back(w, slot_bit(n->slot_index));
		break;
	case OP_ROT:
		rot(w, n, (enum rot)param);
		break;
	default:
		CHECK(false);
	}
}

static uint64_t some_us(struct world *w, uint64_t most_ms)
{
	return rng_range(&w->spoil, 1, most_ms) * MS;
}

/* Somebody else starts after that, who has not seen what was there. */
static void forget(struct world *w, uint64_t at)
{
	uint32_t v = (uint32_t)rng_below(&w->spoil, w->nodes);

	if (rng_chance(&w->spoil, 5000)) {
		fault_later(w, at + some_us(w, 2 * w->x_ms), OP_KILL, v, PROC_DECIDER);
		return;
	}
	at += some_us(w, w->x_ms);
	fault_later(w, at, OP_KILL_ALL, v, 0);
	fault_later(w, at + some_us(w, w->x_ms), OP_START, v, 0);
}

static void spoil_once(struct world *w, uint64_t at)
{
	uint32_t v = (uint32_t)rng_below(&w->spoil, w->nodes);
	uint64_t later = at + some_us(w, 3 * w->x_ms);

	switch (rng_below(&w->spoil, 6)) {
	case 0:
		fault_later(w, at, OP_ROT, v, ROT_OLDER);
		break;
	case 1:
		fault_later(w, at, OP_ROT, v, ROT_NEWER);
		break;
	case 2:
		fault_later(w, at, OP_WRITE_FAULT, v, WF_STRAY);
		break;
	case 3:
		fault_later(w, at, OP_DISK_SAVE, 0, 0);
		fault_later(w, later, OP_SLOT_BACK, v, 0);
		break;
	case 4:
		fault_later(w, at, OP_DISK_SAVE, 0, 0);
		fault_later(w, later, OP_DISK_BACK, 0, 0);
		break;
	default: /* nobody writes it anew */
		fault_later(w, at, OP_POWER_OFF, v, 0);
		fault_later(w, at + some_us(w, 2 * w->x_ms), OP_ROT, v, ROT_NEWER);
		fault_later(w, later + w->x_ms * MS, OP_POWER_ON, v, 0);
		break;
	}
	if (rng_chance(&w->spoil, 5000))
		forget(w, later);
}

void spoil_plan(struct world *w)
{
	uint64_t at = w->now;

	w->spoil.state = w->seed ^ 0x5b01ed;
	/* A slot that is given away while the disk forgets is beyond what can be judged. */
	if (!class_any_day(w) || w->change.any || !rng_chance(&w->spoil, SPOIL_CHANCE))
		return;
	for (uint64_t i = rng_range(&w->spoil, 1, 3); i > 0; i--) {
		at += rng_below(&w->spoil, w->bound_us);
		spoil_once(w, at);
	}
}

/* ---- what is left of it ---- */

/* One slot has no copy that verifies, or somebody saw more than there is: nobody completes a beat
 * before the operator repairs the disk, or makes another.  Or somebody said that he wrote what is
 * not there, and has no path by which he could write more: the disk is taken for another one. */
bool spoil_lost(struct world *w)
{
	static struct slot_read r;
	struct number seen = { 0 }, bal = { 0 };
	struct store *s = &w->store[0];
	uint64_t fingerprint;
	bool lost = false;

	for (uint32_t i = 0; i < w->nodes && w->spoiled; i++) {
		if (blob_choose(w, s, s->copy[i], i, &r, &fingerprint) != RC_OK)
			lost |= r.rc != RC_OK;
		lost |= w->node[i].lost && r.slot.sequence < w->node[i].done.sequence;
		if (number_compare(&r.slot.seen, &seen) > 0)
			seen = r.slot.seen;
		if (number_compare(&r.slot.bal, &bal) > 0)
			bal = r.slot.bal;
	}
	lost |= number_compare(&seen, &bal) > 0;
	w->cover[COVER_SPOILED] += lost;
	return lost;
}

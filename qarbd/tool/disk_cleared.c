/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/check.h"
#include "tool/disk_repair.h"

enum {
	/* The rotten blocks may have held more than any other slot shows. */
	COUNTER_SKIP = 1 << 20,
	SEQUENCE_SKIP_REPAIR = 1 << 28,
};

static uint64_t higher(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint32_t longer(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void find_times(struct timings *t, const struct timings *other)
{
	t->hold_ms = longer(t->hold_ms, other->hold_ms);
	t->poll_ms = longer(t->poll_ms, other->poll_ms);
	t->d_ms = longer(t->d_ms, other->d_ms);
	t->interval_ms = longer(t->interval_ms, other->interval_ms);
}

static void find_one(struct disk_repair_found *f, const struct slot *s, struct number *newest)
{
	f->sequence = higher(f->sequence, s->sequence);
	f->counter = higher(f->counter, s->mbal.counter);
	f->counter = higher(f->counter, s->leading.counter);
	f->counter = higher(f->counter, s->bal.ballot.counter);
	f->counter = higher(f->counter, s->seen.ballot.counter);
	f->counter = higher(f->counter, s->cast_number.ballot.counter);
	f->counter = higher(f->counter, s->value.grant.number.ballot.counter);
	find_times(&f->times, &s->timings);
	if (number_compare(&s->bal, newest) > 0) {
		*newest = s->bal;
		f->map = s->value.map;
	}
}

void disk_repair_find(const uint8_t *disk, const struct disk_header *h, struct disk_repair_found *f)
{
	struct number newest = { 0 };

	memset(f, 0, sizeof(*f));
	f->map = h->facts.map;
	f->times = h->facts.timings;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
			const uint8_t *block = disk + headwire_slot_offset(h, i, copy);
			struct slot s;

			if (slotwire_decode(block, h->facts.uuid, i, copy, &s) == RC_OK)
				find_one(f, &s, &newest);
		}
	}
}

/* Neither the ballots nor the sequences of the rotten blocks are known, nor those of an earlier
 * repair of the same slot: seconds since 1970 times more than anybody counts in one are above both,
 * as long as the clock was right, and what was found plus a skip is when it was not. */
void disk_repair_make(const struct disk_repair_found *f, uint32_t node_id, uint64_t now_s,
		      struct slot *s)
{
	CHECK(slot_map_find(&f->map, node_id) != SLOT_NONE);
	memset(s, 0, sizeof(*s));
	s->node_id = node_id;
	s->state = SLOT_NEVER;
	s->timings = f->times;
	s->cast = CAST_UNKNOWN;
	s->sequence = higher(f->sequence + SEQUENCE_SKIP_REPAIR, now_s << 28);
	s->mbal.counter = higher(f->counter + COUNTER_SKIP, now_s << 20);
	s->mbal.node_id = node_id;
	s->bal.ballot = s->mbal;
	s->bal.k = 1;
	s->value.grant.number = s->bal;
	s->value.pending = slot_map_used(&f->map);
	s->value.map = f->map;
}

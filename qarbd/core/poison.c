/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the poison orders in the own slots (doc/protocol.md section 8).
 */
#include <string.h>

#include "core/core.h"

bool poison_has(const struct poison *list, uint32_t count, uint32_t node_id, uint64_t incarnation)
{
	for (uint32_t i = 0; i < count; i++) {
		if (list[i].node_id == node_id && list[i].incarnation == incarnation)
			return true;
	}
	return false;
}

static void drop(struct slot *s, uint32_t i)
{
	s->poison[i] = s->poison[--s->poison_count];
	memset(&s->poison[s->poison_count], 0, sizeof(s->poison[0]));
}

bool poison_room(const struct arb *a)
{
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		if (a->disk[i].own.poison_count == POISON_MAX)
			return false;
	}
	return true;
}

void poison_write(struct step *st, uint32_t node_id, uint64_t incarnation)
{
	struct arb *a = st->a;
	uint32_t before = st->arbiter_index;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		struct disk *d = &a->disk[i];
		struct slot *own = &d->own;

		if (!beat_usable(d) || own->poison_count == POISON_MAX ||
		    poison_has(own->poison, own->poison_count, node_id, incarnation))
			continue;
		own->poison[own->poison_count].node_id = node_id;
		own->poison[own->poison_count].incarnation = incarnation;
		own->poison_count++;
		st->arbiter_index = i;
		beat_urgent(st, d);
	}
	st->arbiter_index = before;
}

void poison_expire(struct step *st, struct disk *d)
{
	for (uint32_t i = d->own.poison_count; i > 0; i--) {
		const struct poison *p = &d->own.poison[i - 1];
		uint8_t k = slot_map_find(&d->map, p->node_id);

		if (k != SLOT_NONE &&
		    (!d->peer[k].read || d->peer[k].slot.incarnation == p->incarnation))
			continue;
		drop(&d->own, i - 1);
		beat_urgent(st, d);
	}
}

void poison_status(const struct arb *a, struct evict_status *s)
{
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];

		for (uint32_t k = 0; k < d->own.poison_count && s->poison_count < POISON_MAX; k++) {
			const struct poison *p = &d->own.poison[k];
			struct poison_item *item = NULL;

			for (uint32_t n = 0; n < s->poison_count; n++) {
				if (s->poison[n].node_id == p->node_id &&
				    s->poison[n].incarnation == p->incarnation)
					item = &s->poison[n];
			}
			if (item == NULL)
				item = &s->poison[s->poison_count++];
			item->node_id = p->node_id;
			item->incarnation = p->incarnation;
		}
	}
	for (uint32_t n = 0; n < s->poison_count; n++) {
		uint32_t shown = 0;

		for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
			const struct disk *d = &a->disk[i];

			if (poison_has(d->shown, d->shown_count, s->poison[n].node_id,
				       s->poison[n].incarnation))
				shown++;
		}
		s->poison[n].written = shown >= gate_majority(a);
	}
}

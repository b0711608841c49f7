/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: when to try to lead (doc/protocol.md section 4).  There is no lease: taking over early is
 * safe, so all that is here is about not disturbing each other.
 */
#include <string.h>

#include "core/core.h"

/* Live nodes with a lower node id than the own. */
static uint32_t own_rank(const struct step *st, const struct disk *d)
{
	uint64_t used = slot_map_used(&d->map);
	uint32_t rank = 0;

	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (peer_live(d, i) && d->peer[i].slot.node_id < st->a->node_id)
			rank++;
	}
	return rank;
}

/* (rank + 1) x 2 x the slowest beat, with jitter so that equal ranks seen by two do not stay equal.
 */
static uint64_t back_off_ms(const struct step *st, const struct disk *d)
{
	uint64_t unit_ms = 2 * (uint64_t)liveness_beat_ms_max(st, d);

	return (own_rank(st, d) + 1) * unit_ms + st->entropy % (unit_ms / 4 + 1);
}

/* How long a leader may be silent: half of what makes it dead, and 3 of the slowest beats. */
static uint64_t silence_ms(const struct step *st, const struct disk *d)
{
	const struct policy *p = &st->a->policy;

	return later(p->dead_ms / 2, 3 * ((uint64_t)liveness_beat_ms_max(st, d) + p->interval_ms));
}

static bool led(const struct step *st, const struct disk *d)
{
	const struct peer *p;

	if (d->scan.mbal_slot == SLOT_NONE)
		return false;
	p = &d->peer[d->scan.mbal_slot];
	if (ballot_compare(&p->slot.leading, &d->scan.mbal) != 0)
		return false;
	return st->now_ms - p->first_end_ms < silence_ms(st, d);
}

/* The next write of this node begins its candidacy at the end of the back-off. */
static void wake(struct step *st, struct disk *d)
{
	if (d->beat == BEAT_IDLE)
		d->due_ms = earlier(d->due_ms, later(d->elect_at_ms, st->now_ms));
}

void election_run(struct step *st, struct disk *d)
{
	if (d->lead != LEAD_NONE || d->own.state != SLOT_RUNNING || st->a->leaving || d->not_shared)
		return;
	if (led(st, d)) {
		d->elect_at_ms = 0;
		return;
	}
	if (d->elect_at_ms == 0 || ballot_compare(&d->scan.mbal, &d->elect_mbal) != 0) {
		d->elect_at_ms = st->now_ms + back_off_ms(st, d);
		d->elect_mbal = d->scan.mbal;
	}
	/* A slow beat long ago shall not hold up an election for ever: it fades. */
	d->elect_at_ms = earlier(d->elect_at_ms, st->now_ms + back_off_ms(st, d));
	if (st->now_ms >= d->elect_at_ms) {
		d->elect_at_ms = 0;
		register_lead(st, d);
		return;
	}
	wake(st, d);
}

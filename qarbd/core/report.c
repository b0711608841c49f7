/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core: what the arbiter tells of itself, for status and monitoring. */
#include <string.h>

#include "core/core.h"

static void report_peer(const struct arb *a, const struct disk *d, uint8_t i, uint64_t now_ms,
			struct peer_status *s)
{
	const struct peer *p = &d->peer[i];
	struct timings t = p->slot.timings.hold_ms != 0 ? p->slot.timings : d->facts.timings;

	s->node_id = d->map.node_id[i];
	s->silent_ms = p->read ? now_ms - p->first_end_ms : UINT64_MAX;
	s->x_ms = timing_x_ms(&t);
	if (!p->read || p->slot.node_id != s->node_id)
		return;
	s->state = p->slot.state;
	s->live = peer_live(d, i);
	s->at_work = p->alive && p->unseen_ms == 0 && d->complete_ms != 0 &&
		     now_ms - d->complete_ms < a->policy.dead_ms;
	s->available = peer_available(d, i);
	s->classified = p->classified;
	s->incarnation = p->slot.incarnation;
	s->host_life = p->slot.host_life;
	s->ring = p->slot.view.ring;
	s->same_view = ring_same(&p->slot.view.ring, &a->view.ring) &&
		       members_same(&p->slot.view.members, &a->view.members);
	s->weight = p->slot.weight;
	s->cast = p->slot.cast;
	s->watchdog_armed = p->slot.watchdog_armed;
	s->watchdog_ms = p->slot.watchdog_ms;
	s->registered = p->slot.registered;
	s->fit = p->slot.fit;
	s->config_hash = p->slot.config_hash;
	s->beat_ms_max = p->slot.beat_ms_max;
}

static void report_disk(const struct arb *a, const struct disk *d, uint64_t now_ms,
			struct disk_status *s)
{
	s->phase = d->phase;
	s->shared = !d->not_shared;
	s->beats = d->own.beats;
	s->beat_age_ms = d->complete_ms != 0 ? now_ms - d->complete_ms : UINT64_MAX;
	s->leader_node_id = d->noted_leader;
	s->leading = d->lead == LEAD_COMMIT || d->lead == LEAD_STEADY;
	s->accepted = d->accepted;
	s->accepted_bal = d->accepted_bal;
	s->casting = d->granted;
	s->hold_until_ms = d->granted ? d->hold_until_ms : 0;
	s->write_outstanding = d->beat == BEAT_WRITING;
	s->write_age_ms = d->beat == BEAT_WRITING ? now_ms - d->write_ms : 0;
	s->own_slot = d->own_slot;
	for (uint8_t i = 0; i < NODES_MAX; i++) {
		if (i < d->map.count && d->map.node_id[i] != 0)
			report_peer(a, d, i, now_ms, &s->peer[i]);
	}
	if (!MUTANT(decision_untold))
		s->decision = d->decision;
	if (d->lead == LEAD_STEADY) {
		s->waiting = d->waiting;
		s->waiting_slots = d->waiting_slots;
		s->waiting_until_ms = d->waiting_until_ms;
	}
}

void arb_report(const struct arb *a, uint64_t now_ms, struct arb_status *s)
{
	memset(s, 0, sizeof(*s));
	now_ms = later(now_ms, a->last_ms);
	s->now_ms = now_ms;
	s->node_id = a->node_id;
	s->incarnation = a->incarnation;
	s->host_life = a->host_life;
	s->view = a->view;
	s->registered = a->registered;
	s->quorate = a->quorate;
	s->leaving = a->leaving;
	s->publication = a->publication;
	s->reason = a->reason;
	s->arbiter_count = a->policy.arbiter_count;
	s->policy = a->policy;
	evict_status(a, now_ms, &s->evict);
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		report_disk(a, &a->disk[i], now_ms, &s->disk[i]);
		if (a->disk[i].granted && a->disk[i].hold_until_ms > now_ms)
			s->grants++;
	}
}

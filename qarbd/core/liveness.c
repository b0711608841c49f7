/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: who is live on one disk, who is certainly silent, and who is told of but not seen
 * (doc/protocol.md sections 1 and 5, S6).
 */
#include "core/core.h"

static bool own_slot(const struct disk *d, uint32_t i)
{
	return d->own_slot == i;
}

bool peer_live(const struct disk *d, uint8_t i)
{
	const struct peer *p = &d->peer[i];
	const struct slot *s = &p->slot;

	return p->read && s->node_id == d->map.node_id[i] && p->classified && p->alive &&
	       s->state == SLOT_RUNNING && s->view.incarnation == s->incarnation &&
	       s->incarnation != 0 && !ring_none(&s->view.ring);
}

static bool poisoned(const struct disk *d, const struct slot *s)
{
	uint64_t used = slot_map_used(&d->map);

	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		const struct slot *by = &d->peer[i].slot;

		if (!d->peer[i].read)
			continue;
		for (uint32_t k = 0; k < by->poison_count; k++) {
			if (by->poison[k].node_id == s->node_id &&
			    by->poison[k].incarnation == s->incarnation)
				return true;
		}
	}
	return false;
}

bool peer_available(const struct disk *d, uint8_t i)
{
	const struct slot *s = &d->peer[i].slot;

	return peer_live(d, i) && s->registered && s->fit && !poisoned(d, s);
}

/* A slot that only starts or leaves, or that its owner has never written, is not waited for: it
 * cannot contend. */
bool peer_unclassified(const struct disk *d, uint8_t i)
{
	const struct peer *p = &d->peer[i];

	if (p->read && p->slot.node_id != d->map.node_id[i])
		return false;
	return !p->read ||
	       (!p->classified && p->slot.state != SLOT_STARTING && p->slot.state != SLOT_LEAVING);
}

uint64_t peer_x_ms(const struct step *st, const struct disk *d, uint8_t i)
{
	struct timings t = d->peer[i].slot.timings;

	if (t.hold_ms == 0 && t.d_ms == 0)
		t = d->facts.timings;
	if (t.hold_ms == 0 && t.d_ms == 0)
		t = timing_of(&st->a->policy);
	if (MUTANT(x_without_sync))
		t.d_ms -= (uint32_t)earlier(t.d_ms, st->a->policy.sync_timeout_ms);
	if (MUTANT(x_of_observer))
		t = timing_of(&st->a->policy);
	if (MUTANT(x_without_hold))
		t.hold_ms = 0;
	return MUTANT(x_halved) ? timing_x_ms(&t) / 2 : timing_x_ms(&t);
}

uint32_t liveness_beat_ms_max(const struct step *st, const struct disk *d)
{
	uint32_t beat_ms = timing_hurry_ms(&st->a->policy);
	uint64_t used = slot_map_used(&d->map);

	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (peer_live(d, i))
			beat_ms = (uint32_t)later(beat_ms, d->peer[i].slot.beat_ms_max);
	}
	return beat_ms;
}

static void watch_begin(struct peer *p, bool returns, uint64_t now_ms)
{
	p->classified = false;
	p->returns = returns;
	p->watch_ms = now_ms;
	p->watch_beats = p->slot.beats;
	p->watch_incarnation = p->slot.incarnation;
}

static void note_edges(struct step *st, struct peer *p)
{
	bool up = p->classified && p->alive && p->slot.state == SLOT_RUNNING;

	if (up == p->noted_up || !p->classified)
		return;
	p->noted_up = up;
	if (up)
		step_note(st, NOTE_PEER_UP, p->slot.node_id, p->slot.incarnation);
	else if (p->slot.state == SLOT_LEAVING)
		step_note(st, NOTE_PEER_LEFT, p->slot.node_id, 0);
	else
		step_note(st, NOTE_PEER_DEAD, p->slot.node_id, st->now_ms - p->first_end_ms);
}

static void match_hello(struct step *st, struct disk *d, struct peer *p)
{
	const struct slot *s = &p->slot;

	/* Sequences grow over restarts too, so a later incarnation answers an older hello. */
	if (p->hello_since_ms != 0 && s->sequence >= p->hello_sequence &&
	    (s->incarnation == p->hello_incarnation || s->sequence > p->hello_sequence)) {
		p->hello_since_ms = 0;
		p->matched = true;
	}
	if (p->hello_since_ms != 0 && !d->not_shared &&
	    st->now_ms >= p->hello_since_ms + timing_x_ms(&d->own.timings)) {
		d->not_shared = true;
		step_note(st, NOTE_NOT_SHARED, s->node_id, 0);
		register_resign(st, d);
		cast_stop(st, d);
	}
}

static void shared_again(struct step *st, struct disk *d, uint64_t used)
{
	if (!d->not_shared)
		return;
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		if (d->peer[i].hello_since_ms != 0)
			return;
	}
	d->not_shared = false;
	step_note(st, NOTE_SHARED_AGAIN, 0, 0);
}

/* T, and never less than three beats of a node that (still) has a slower configuration. */
static uint64_t dead_after_ms(const struct step *st, const struct peer *p)
{
	return later(st->a->policy.dead_ms, 3 * (uint64_t)p->slot.timings.interval_ms);
}

/* A reload reaches the nodes one after the other: what still differs after T is told. */
static void compare_config(struct step *st, struct peer *p)
{
	if (!p->alive || p->slot.state != SLOT_RUNNING ||
	    p->slot.config_hash == st->a->wanted.hash || MUTANT(hash_ignored)) {
		p->differs_ms = 0;
		p->differs_noted = false;
		return;
	}
	if (p->differs_ms == 0)
		p->differs_ms = later(st->now_ms, 1);
	if (p->differs_noted || st->now_ms - p->differs_ms < st->a->policy.dead_ms)
		return;
	p->differs_noted = true;
	step_note(st, NOTE_CONFIG_DIFFERS, p->slot.node_id, 0);
}

static void update_one(struct step *st, struct disk *d, const struct event_io *io, uint8_t i)
{
	const struct slot *s = &io->slots[i].slot;
	struct peer *p = &d->peer[i];
	uint64_t dead_ms = dead_after_ms(st, p);
	bool changed = !p->read || s->incarnation != p->slot.incarnation ||
		       s->sequence != p->slot.sequence || s->node_id != p->slot.node_id;

	if (changed) {
		bool first = !p->read || s->node_id != p->slot.node_id;
		bool was_dead = !first && p->classified && !p->alive;

		if (first || s->incarnation != p->slot.incarnation ||
		    io->end_ms - p->first_end_ms >= dead_ms)
			p->back_ms = later(io->end_ms, 1);
		if (first || !ring_same(&s->view.ring, &p->slot.view.ring))
			p->view_ms = st->now_ms;
		if (s->incarnation != p->slot.incarnation)
			p->matched = false;
		else if (!first && s->state == SLOT_RUNNING)
			p->ran_incarnation = s->incarnation;
		p->slot = *s;
		p->read = true;
		p->first_end_ms = later(io->end_ms, 1);
		p->heard_ms = p->first_end_ms;
		p->unseen_ms = d->found_ms;
		p->alive = !first;
		if (s->state != SLOT_STARTING)
			p->starting_ms = 0;
		else if (p->starting_ms == 0)
			p->starting_ms = p->first_end_ms;
		if (first || was_dead)
			watch_begin(p, !first, st->now_ms);
	} else {
		/* Only observed silence speaks for death: after a stall of the whole disk whoever
		 * reads first would else find all others dead and take what they hold. */
		p->heard_ms = earlier(p->heard_ms + d->unseen_ms, st->now_ms);
		p->watch_ms = earlier(p->watch_ms + d->unseen_ms, st->now_ms);
		if (st->now_ms - p->heard_ms >= dead_ms)
			p->alive = false;
	}
	if (!p->classified && (st->now_ms - p->watch_ms >= dead_ms ||
			       (p->alive && s->incarnation == p->watch_incarnation &&
				s->beats >= p->watch_beats + st->a->policy.up_beats)))
		p->classified = true;
	if (own_slot(d, i)) {
		p->alive = true;
		p->classified = true;
		p->matched = true;
	}
	if (p->hello_since_ms != 0)
		match_hello(st, d, p);
	if (!own_slot(d, i)) {
		note_edges(st, p);
		compare_config(st, p);
	}
}

void liveness_update(struct step *st, struct disk *d, const struct event_io *io, uint64_t used)
{
	for (uint8_t i = slot_first(used); i < NODES_MAX; i = slot_next(used, i)) {
		update_one(st, d, io, i);
	}
	shared_again(st, d, used);
}

void liveness_hello(struct step *st, struct disk *d, const struct event_hello *h)
{
	uint8_t i = slot_map_find(&d->map, h->node_id);
	bool same_disk = true;
	struct peer *p;

	if (i == SLOT_NONE || i == d->own_slot || !beat_usable(d) || MUTANT(no_hello))
		return;
	for (uint32_t k = 0; k < UUID_SIZE; k++)
		same_disk = same_disk && h->uuid[k] == d->facts.uuid[k];
	p = &d->peer[i];
	/* A daemon not heard of before may have missed the own hello. */
	if (p->heard_incarnation != h->incarnation) {
		p->heard_incarnation = h->incarnation;
		d->hello_due_ms = 0;
		beat_urgent(st, d);
	}
	if (same_disk && p->read && p->slot.incarnation == h->incarnation &&
	    p->slot.sequence >= h->sequence) {
		p->matched = true;
		p->hello_since_ms = 0;
		return;
	}
	/* The oldest claim that is not yet answered runs the clock. */
	if (p->hello_since_ms != 0 && p->hello_incarnation == h->incarnation)
		return;
	if (p->hello_since_ms == 0)
		p->hello_since_ms = later(st->now_ms, 1);
	p->hello_incarnation = h->incarnation;
	p->hello_sequence = same_disk ? h->sequence : UINT64_MAX;
}

bool liveness_ring_matched(const struct step *st, const struct disk *d)
{
	const struct members *m = &st->a->view.members;

	for (uint32_t i = 0; i < m->count; i++) {
		uint8_t slot_index = slot_map_find(&d->map, m->node_id[i]);

		if (slot_index == SLOT_NONE || slot_index == d->own_slot ||
		    !members_contain(&st->a->registered_peers, m->node_id[i]))
			continue;
		if (!d->peer[slot_index].matched && !MUTANT(no_hello))
			return false;
	}
	return true;
}

bool liveness_hello_pending(const struct step *st, const struct disk *d)
{
	const struct members *m = &st->a->view.members;

	for (uint32_t i = 0; i < m->count; i++) {
		uint8_t slot_index = slot_map_find(&d->map, m->node_id[i]);

		if (slot_index != SLOT_NONE && d->peer[slot_index].hello_since_ms != 0)
			return true;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/core.h"

uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Notes give way to everything else: the last places of a batch are kept for real actions. */
enum { ACTIONS_KEPT = 32 };

struct action *step_action(struct step *st, enum action_type type)
{
	struct action *action;

	CHECK(st->out->count < ACTIONS_MAX);
	action = &st->out->action[st->out->count++];
	memset(action, 0, sizeof(*action));
	action->type = type;
	action->arbiter_index = st->arbiter_index;
	return action;
}

void step_note4(struct step *st, enum note_id id, const uint64_t v[4])
{
	struct action *action;

	if (st->out->count >= ACTIONS_MAX - ACTIONS_KEPT) {
		st->out->notes_dropped++;
		return;
	}
	action = step_action(st, ACTION_NOTE);
	action->u.note.id = id;
	action->u.note.a = v[0];
	action->u.note.b = v[1];
	action->u.note.c = v[2];
	action->u.note.d = v[3];
}

void step_note(struct step *st, enum note_id id, uint64_t a, uint64_t b)
{
	const uint64_t v[4] = { a, b, 0, 0 };

	step_note4(st, id, v);
}

void arb_init(struct arb *a, const struct identity *me)
{
	memset(a, 0, sizeof(*a));
	a->node_id = me->node_id;
	a->incarnation = me->incarnation;
	a->start_ms = me->now_ms;
	a->last_ms = me->now_ms;
	a->fit = true;
	/* Nothing is known of what a predecessor polled: until a publication, a slot or D says
	 * otherwise, votequorum may be counting its yes. */
	a->counting = true;
	a->poll_end_ms = me->now_ms;
	for (uint32_t i = 0; i < ARBITERS_MAX; i++)
		a->disk[i].own_slot = SLOT_NONE;
}

static void take_view(struct step *st, const struct event *e)
{
	struct arb *a = st->a;

	for (uint32_t i = 0; i < e->u.view.members.count; i++) {
		if (!members_contain(&a->view.members, e->u.view.members.node_id[i]))
			evict_joined(st, e->u.view.members.node_id[i]);
	}
	a->view.ring = e->u.view.ring;
	a->view.members = e->u.view.members;
	a->view.incarnation = a->incarnation;
	a->view_ms = st->now_ms;
	majority_view_changed(a);
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		st->arbiter_index = i;
		cast_view_changed(st, &a->disk[i]);
		grant_view_changed(st, &a->disk[i]);
	}
	st->arbiter_index = 0;
}

static void hello_all(struct step *st)
{
	for (uint32_t i = 0; i < st->a->policy.arbiter_count; i++) {
		st->arbiter_index = i;
		st->a->disk[i].hello_due_ms = 0;
		beat_urgent(st, &st->a->disk[i]);
	}
	st->arbiter_index = 0;
}

static void take_peer_device(struct step *st, uint32_t node_id, bool registered)
{
	struct members *m = &st->a->registered_peers;
	struct members kept = { 0 };

	for (uint32_t i = 0; i < m->count; i++) {
		if (m->node_id[i] != node_id)
			(void)members_add(&kept, m->node_id[i]);
	}
	if (registered)
		(void)members_add(&kept, node_id);
	/* Who has just come is told at once what to look for on the disk (S6). */
	if (kept.count > m->count) {
		hello_all(st);
		evict_joined(st, node_id);
	}
	*m = kept;
}

/* What the own slots say of this node: the same on every disk. */
static void tell_all(struct step *st)
{
	struct arb *a = st->a;

	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		struct disk *d = &a->disk[i];
		struct slot *own = &d->own;
		uint32_t watchdog_ms = times_watchdog_ms(a, own);
		bool news = own->registered != a->registered || own->fit != a->fit ||
			    own->weight != a->weight || own->watchdog_ms != watchdog_ms;

		own->registered = a->registered;
		own->fit = a->fit;
		own->score = a->score;
		own->score_max = a->score_max;
		own->weight = a->weight;
		own->watchdog_armed = watchdog_ms != 0;
		own->watchdog_ms = watchdog_ms;
		st->arbiter_index = i;
		if (news)
			beat_urgent(st, d);
	}
	st->arbiter_index = 0;
}

static void take_leave(struct step *st)
{
	struct arb *a = st->a;

	if (a->leaving)
		return;
	a->leaving = true;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		struct disk *d = &a->disk[i];

		st->arbiter_index = i;
		if (!beat_usable(d))
			continue;
		register_resign(st, d);
		cast_stop(st, d);
		d->own.state = SLOT_LEAVING;
		beat_urgent(st, d);
	}
	st->arbiter_index = 0;
}

static void take_disk_event(struct step *st, const struct event *e)
{
	struct disk *d;

	if (e->arbiter_index >= st->a->policy.arbiter_count)
		return;
	d = &st->a->disk[e->arbiter_index];
	st->arbiter_index = e->arbiter_index;
	if (e->type == EVENT_DISK_OPENED)
		beat_open(st, d, &e->u.facts);
	else if (e->type == EVENT_DISK_CLOSED)
		beat_close(st, d, e->u.rc);
	else if (e->type == EVENT_WRITE_DONE)
		beat_write_done(st, d, &e->u.io);
	else if (e->type == EVENT_READ_DONE)
		beat_read_done(st, d, &e->u.io);
	st->arbiter_index = 0;
}

static void take_event(struct step *st, const struct event *e)
{
	struct arb *a = st->a;

	switch (e->type) {
	case EVENT_TICK:
		break;
	case EVENT_CONFIG:
		times_config(st, &e->u.policy);
		break;
	case EVENT_NODELIST:
		a->nodes = e->u.nodelist;
		break;
	case EVENT_COROSYNC:
		majority_corosync(st, e->u.host_life);
		break;
	case EVENT_VIEW:
		take_view(st, e);
		break;
	case EVENT_DEVICE:
		a->registered = e->u.device.registered;
		break;
	case EVENT_PEER_DEVICE:
		take_peer_device(st, e->u.device.node_id, e->u.device.registered);
		break;
	case EVENT_QUORATE:
		a->quorate = e->u.quorate;
		break;
	case EVENT_FITNESS:
		a->score = e->u.fitness.score;
		a->score_max = e->u.fitness.score_max;
		a->fit = e->u.fitness.fit;
		break;
	case EVENT_WEIGHT:
		a->weight = e->u.weight;
		break;
	case EVENT_DISK_OPENED:
	case EVENT_DISK_CLOSED:
	case EVENT_WRITE_DONE:
	case EVENT_READ_DONE:
		take_disk_event(st, e);
		break;
	case EVENT_POLL_DONE:
		majority_poll_done(st, &e->u.poll);
		break;
	case EVENT_PUBLICATION:
		majority_publication(st, &e->u.publication);
		break;
	case EVENT_HELLO:
		majority_hello(st, e->arbiter_index, &e->u.hello);
		for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
			st->arbiter_index = i;
			if (e->arbiter_index == i)
				liveness_hello(st, &a->disk[i], &e->u.hello);
		}
		st->arbiter_index = 0;
		break;
	case EVENT_LEAVE:
		take_leave(st);
		break;
	case EVENT_BRIDGE:
		evict_bridge(st, &e->u.bridge);
		break;
	case EVENT_EVICT_REPORT:
		evict_report(st, &e->u.report);
		break;
	case EVENT_FENCED:
		evict_fenced(st, &e->u.fencing);
		break;
	case EVENT_ASK:
		evict_ask(st, &e->u.ask);
		break;
	case EVENT_WATCHDOG:
		a->evictor.watchdog_ms = e->u.watchdog_ms;
		break;
	case EVENT_TYPE_COUNT:
		CHECK(false);
		break;
	}
}

/* The clean stop is complete when nothing of ours is counted and every reachable disk says so. */
static void leave_run(struct step *st)
{
	struct arb *a = st->a;

	if (!a->leaving || a->left || a->counting)
		return;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];

		if (!beat_usable(d))
			continue;
		if (d->beat == BEAT_WRITING || d->beat == BEAT_LATE || d->verify || d->look ||
		    d->written.state != SLOT_LEAVING || d->written.cast != CAST_NONE ||
		    !ballot_none(&d->written.leading))
			return;
	}
	a->left = true;
	step_note(st, NOTE_LEFT, 0, 0);
	(void)step_action(st, ACTION_LEFT);
}

void arb_step(struct arb *a, const struct event *e, struct actions *out)
{
	struct step st = { a, out, e->now_ms, e->entropy, 0, false, false };

	/* A clock that seems to go back (events of several sources) stands still instead. */
	st.now_ms = later(st.now_ms, a->last_ms);
	/* Section 5: after a gap of the loop longer than two intervals a full beat completes before
	 * the next yes. */
	if (a->configured && st.now_ms - a->last_ms > 2 * (uint64_t)a->policy.interval_ms)
		a->gap_ms = st.now_ms;
	a->last_ms = st.now_ms;
	st.voting = a->publication.answer == ANSWER_YES;
	take_event(&st, e);
	if (!a->configured)
		return;
	times_run(&st);
	tell_all(&st);
	majority_run(&st);
	selfact_run(&st);
	evict_run(&st);
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		st.arbiter_index = i;
		cast_clear(&st, &a->disk[i]);
		beat_run(&st, &a->disk[i]);
	}
	st.arbiter_index = 0;
	leave_run(&st);
}

uint64_t arb_deadline_ms(const struct arb *a)
{
	uint64_t deadline_ms = UINT64_MAX;

	if (!a->configured)
		return deadline_ms;
	/* The loop must not sleep through two intervals, else every wake-up looks like a stop. */
	deadline_ms = a->last_ms + a->policy.interval_ms;
	for (uint32_t i = 0; i < a->policy.arbiter_count; i++) {
		const struct disk *d = &a->disk[i];

		if (!beat_usable(d) && d->phase != DISK_ADOPTING)
			continue;
		if (d->beat == BEAT_IDLE || d->beat == BEAT_LATE || d->beat == BEAT_READ_WAIT)
			deadline_ms = earlier(deadline_ms, d->due_ms);
	}
	return earlier(deadline_ms, majority_deadline(a));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/traceline.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crc32c.h"
#include "wire/linewalk.h"
#include "wire/slotwire.h"
#include "wire/slotwire_layout.h"
#include "wire/tracename.h"

/* Bytes that are alike between two changes are repeated up to this many: a new change costs about
 * as much text. */
enum { GAP = 2 };

static const uint8_t no_uuid[UUID_SIZE];

void traceline_init(struct traceline *t)
{
	memset(t, 0, sizeof(*t));
}

/* Enums are walked as numbers; the compiler chooses the width of an enum. */
#define WALK_ENUM(l, key, names, field)                                                            \
	do {                                                                                       \
		uint32_t number_ = (uint32_t)(field);                                              \
                                                                                                   \
		linewalk_key(l, key);                                                              \
		linewalk_name(l, names, sizeof(names) / sizeof((names)[0]), &number_);             \
		memcpy(&(field), &number_, sizeof(field));                                         \
		_Static_assert(sizeof(field) == sizeof(number_), "an enum of another width");      \
	} while (0)

static void walk_ring(struct linewalk *l, struct ring_id *r)
{
	uint64_t node_id = r->node_id;

	linewalk_key(l, "ring");
	linewalk_number(l, &r->seq, UINT64_MAX);
	linewalk_text(l, ".");
	linewalk_number(l, &node_id, UINT32_MAX);
	r->node_id = (uint32_t)node_id;
}

/* A list of node ids as 1,2,3 or "-"; with votes as 1:1,2:1.
 * in: ascending, whether the model wants the list sorted (a map is not; 0 is a free slot). */
static void walk_nodes(struct linewalk *l, const char *key, uint32_t *count, uint32_t *node_id,
		       uint32_t *votes, bool ascending)
{
	uint32_t last = 0;
	uint32_t i = 0;

	linewalk_key(l, key);
	if (linewalk_option(l, "-", *count == 0)) {
		*count = 0;
		return;
	}
	if (!l->reading && *count > NODES_MAX)
		l->failed = true;
	while (!l->failed) {
		uint64_t id = node_id[i];

		linewalk_number(l, &id, UINT32_MAX);
		if (ascending && id <= last)
			l->failed = true;
		node_id[i] = last = (uint32_t)id;
		if (votes) {
			uint64_t wide = votes[i];

			linewalk_text(l, ":");
			linewalk_number(l, &wide, UINT32_MAX);
			votes[i] = (uint32_t)wide;
		}
		i++;
		if (!linewalk_option(l, ",", i < *count))
			break;
		if (i == NODES_MAX)
			l->failed = true;
	}
	*count = i;
}

static void walk_timings(struct linewalk *l, struct timings *t)
{
	linewalk_u32(l, "hold", &t->hold_ms);
	linewalk_u32(l, "poll", &t->poll_ms);
	linewalk_u32(l, "d", &t->d_ms);
	linewalk_u32(l, "interval", &t->interval_ms);
}

static void walk_policy(struct linewalk *l, struct policy *p)
{
	WALK_ENUM(l, "algorithm", tracename_algorithm, p->algorithm);
	WALK_ENUM(l, "tie_breaker", tracename_tie_breaker, p->tie_breaker);
	linewalk_u32(l, "tie_node", &p->tie_node_id);
	linewalk_bool(l, "workload", &p->workload);
	linewalk_u32(l, "timeout", &p->timeout_ms);
	linewalk_u32(l, "sync_timeout", &p->sync_timeout_ms);
	linewalk_u32(l, "token", &p->token_ms);
	linewalk_u32(l, "consensus", &p->consensus_ms);
	linewalk_u32(l, "dead", &p->dead_ms);
	linewalk_u32(l, "interval", &p->interval_ms);
	linewalk_u32(l, "hold", &p->hold_ms);
	linewalk_u32(l, "poll", &p->poll_ms);
	linewalk_u32(l, "settle", &p->settle_ms);
	linewalk_u32(l, "late", &p->late_ms);
	linewalk_u32(l, "up_beats", &p->up_beats);
	linewalk_u32(l, "margin", &p->margin_ms);
	linewalk_u32(l, "arbiters", &p->arbiter_count);
	if (p->arbiter_count > ARBITERS_MAX)
		l->failed = true;
	for (uint32_t i = 0; i < p->arbiter_count && !l->failed; i++)
		WALK_ENUM(l, "type", tracename_arbiter, p->arbiter_type[i]);
	linewalk_bool(l, "evict", &p->evict);
	linewalk_bool(l, "in_maintenance", &p->evict_in_maintenance);
	linewalk_bool(l, "on_score", &p->evict_on_score);
	WALK_ENUM(l, "action", tracename_fence, p->evict_action);
	linewalk_u32(l, "after", &p->evict_after_ms);
	WALK_ENUM(l, "on_loss", tracename_self, p->on_loss);
	WALK_ENUM(l, "on_poison", tracename_self, p->on_poison);
	linewalk_hex(l, "hash", &p->hash);
}

static void walk_facts(struct linewalk *l, struct disk_facts *f)
{
	linewalk_key(l, "uuid");
	linewalk_bytes(l, f->uuid, UUID_SIZE);
	linewalk_u32(l, "slots", &f->slot_count);
	walk_timings(l, &f->timings);
	walk_nodes(l, "map", &f->map.count, f->map.node_id, NULL, false);
}

static void walk_publication(struct linewalk *l, struct publication *p)
{
	linewalk_u64(l, "generation", &p->generation);
	WALK_ENUM(l, "answer", tracename_answer, p->answer);
	walk_ring(l, &p->ring);
	linewalk_hex(l, "life", &p->host_life);
	linewalk_u64(l, "until", &p->until_ms);
	linewalk_u32(l, "poll", &p->poll_ms);
	linewalk_u32(l, "repeat", &p->repeat_ms);
}

static void walk_poll(struct linewalk *l, struct event_poll *p)
{
	linewalk_u64(l, "generation", &p->generation);
	walk_ring(l, &p->ring);
	WALK_ENUM(l, "answer", tracename_answer, p->answer);
	linewalk_bool(l, "ok", &p->ok);
	linewalk_u64(l, "start", &p->start_ms);
	linewalk_u64(l, "end", &p->end_ms);
}

static void walk_hello(struct linewalk *l, uint32_t *node_id, uint8_t *uuid, uint64_t *incarnation,
		       uint64_t *sequence)
{
	linewalk_u32(l, "node", node_id);
	linewalk_key(l, "uuid");
	linewalk_bytes(l, uuid, UUID_SIZE);
	linewalk_hex(l, "incarnation", incarnation);
	linewalk_u64(l, "sequence", sequence);
}

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

static void walk_changes(struct linewalk *l, struct slot *old, const struct slot *s)
{
	if (l->failed)
		return;
	if (l->reading)
		read_changes(l, old);
	else
		write_changes(l, old, s);
}

static void read_slots(struct traceline *t, struct linewalk *l, struct event *e)
{
	struct slot_read *last = t->read[e->arbiter_index];
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
			walk_changes(l, &last[i].slot, NULL);
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

static void write_slots(struct traceline *t, struct linewalk *l, const struct event *e)
{
	struct slot_read *last = t->read[e->arbiter_index];

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
		walk_changes(l, &last[i].slot, &r->slot);
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

static void walk_io(struct traceline *t, struct linewalk *l, struct event *e)
{
	struct event_io *io = &e->u.io;
	bool read = e->type == EVENT_READ_DONE;

	linewalk_u64(l, "token", &io->token);
	WALK_ENUM(l, "outcome", tracename_outcome, io->outcome);
	linewalk_u64(l, "start", &io->start_ms);
	linewalk_u64(l, "end", &io->end_ms);
	if (read)
		linewalk_hex(l, "mask", &io->mask);
	if (!read || io->outcome != IO_DONE || l->failed)
		return;
	if (l->reading)
		read_slots(t, l, e);
	else
		write_slots(t, l, e);
}

static void walk_arbiter(struct linewalk *l, uint32_t *arbiter_index)
{
	linewalk_u32(l, "arbiter", arbiter_index);
	if (*arbiter_index >= ARBITERS_MAX)
		l->failed = true;
}

static void walk_fitness(struct linewalk *l, struct event *e)
{
	linewalk_u32(l, "score", &e->u.fitness.score);
	linewalk_u32(l, "score_max", &e->u.fitness.score_max);
	linewalk_bool(l, "fit", &e->u.fitness.fit);
}

static void walk_bridge(struct linewalk *l, struct bridge_facts *f)
{
	linewalk_bool(l, "connected", &f->connected);
	linewalk_bool(l, "fencer", &f->fencer);
	linewalk_bool(l, "known", &f->known);
	linewalk_bool(l, "fencing", &f->fencing_enabled);
	linewalk_bool(l, "maintenance", &f->maintenance);
	linewalk_u32(l, "nodes", &f->count);
	if (f->count > NODES_MAX)
		l->failed = true;
	for (uint32_t i = 0; i < f->count && !l->failed; i++) {
		linewalk_u32(l, "node", &f->node[i].node_id);
		linewalk_bool(l, "known", &f->node[i].known);
		linewalk_bool(l, "maintenance", &f->node[i].maintenance);
		linewalk_bool(l, "shutting_down", &f->node[i].shutting_down);
	}
}

/* The bridge's words for people decide nothing: they are not recorded. */
static void walk_report(struct linewalk *l, struct evict_report *r)
{
	linewalk_u64(l, "id", &r->id);
	linewalk_u32(l, "node", &r->node_id);
	linewalk_hex(l, "incarnation", &r->incarnation);
	WALK_ENUM(l, "progress", tracename_progress, r->progress);
	linewalk_u32(l, "attempts", &r->attempts);
}

static void walk_fencing(struct linewalk *l, struct fencing_seen *f)
{
	linewalk_u32(l, "node", &f->node_id);
	WALK_ENUM(l, "action", tracename_fence, f->action);
	WALK_ENUM(l, "result", tracename_fencing, f->result);
	linewalk_u64(l, "at", &f->at_ms);
}

static void walk_order(struct linewalk *l, struct action *a)
{
	struct evict_order *o = &a->u.evict.order;

	linewalk_u32(l, "place", &a->u.evict.place);
	if (a->u.evict.place >= EVICT_ORDERS_MAX)
		l->failed = true;
	linewalk_u64(l, "id", &o->id);
	linewalk_u32(l, "node", &o->node_id);
	linewalk_hex(l, "incarnation", &o->incarnation);
	linewalk_u64(l, "deadline", &o->deadline_ms);
	WALK_ENUM(l, "action", tracename_fence, o->action);
	WALK_ENUM(l, "why", tracename_why, o->why);
	linewalk_bool(l, "withdrawn", &o->withdrawn);
}

/* The fields that belong to the event's type. */
static void walk_event_fields(struct traceline *t, struct linewalk *l, struct event *e)
{
	switch (e->type) {
	case EVENT_CONFIG:
		walk_policy(l, &e->u.policy);
		return;
	case EVENT_NODELIST:
		walk_nodes(l, "nodes", &e->u.nodelist.count, e->u.nodelist.node_id,
			   e->u.nodelist.votes, true);
		return;
	case EVENT_COROSYNC:
		linewalk_hex(l, "life", &e->u.host_life);
		return;
	case EVENT_VIEW:
		walk_ring(l, &e->u.view.ring);
		walk_nodes(l, "members", &e->u.view.members.count, e->u.view.members.node_id, NULL,
			   true);
		return;
	case EVENT_PEER_DEVICE:
		linewalk_u32(l, "node", &e->u.device.node_id);
		linewalk_bool(l, "registered", &e->u.device.registered);
		return;
	case EVENT_DEVICE:
		linewalk_bool(l, "registered", &e->u.device.registered);
		return;
	case EVENT_QUORATE:
		linewalk_bool(l, "quorate", &e->u.quorate);
		return;
	case EVENT_FITNESS:
		walk_fitness(l, e);
		return;
	case EVENT_WEIGHT:
		linewalk_u32(l, "weight", &e->u.weight);
		return;
	case EVENT_DISK_OPENED:
		walk_facts(l, &e->u.facts);
		return;
	case EVENT_DISK_CLOSED:
		WALK_ENUM(l, "rc", tracename_rc, e->u.rc);
		return;
	case EVENT_WRITE_DONE:
	case EVENT_READ_DONE:
		walk_io(t, l, e);
		return;
	case EVENT_POLL_DONE:
		walk_poll(l, &e->u.poll);
		return;
	case EVENT_PUBLICATION:
		walk_publication(l, &e->u.publication);
		return;
	case EVENT_HELLO:
		walk_hello(l, &e->u.hello.node_id, e->u.hello.uuid, &e->u.hello.incarnation,
			   &e->u.hello.sequence);
		return;
	case EVENT_BRIDGE:
		walk_bridge(l, &e->u.bridge);
		return;
	case EVENT_EVICT_REPORT:
		walk_report(l, &e->u.report);
		return;
	case EVENT_FENCED:
		walk_fencing(l, &e->u.fencing);
		return;
	case EVENT_ASK:
		linewalk_u64(l, "number", &e->u.ask.number);
		linewalk_u32(l, "node", &e->u.ask.node_id);
		WALK_ENUM(l, "ask", tracename_ask, e->u.ask.ask);
		return;
	case EVENT_WATCHDOG:
		linewalk_u32(l, "watchdog", &e->u.watchdog_ms);
		return;
	case EVENT_TICK:
	case EVENT_LEAVE:
	case EVENT_TYPE_COUNT:
		return;
	}
	l->failed = true;
}

static void walk_event(struct traceline *t, struct linewalk *l, struct event *e)
{
	uint32_t type = e->type;

	linewalk_name(l, tracename_event, EVENT_TYPE_COUNT, &type);
	e->type = (enum event_type)type;
	linewalk_u64(l, "now", &e->now_ms);
	linewalk_hex(l, "entropy", &e->entropy);
	walk_arbiter(l, &e->arbiter_index);
	if (!l->failed)
		walk_event_fields(t, l, e);
}

static void walk_write_slot(struct traceline *t, struct linewalk *l, struct action *a,
			    struct slot *block)
{
	struct slot *last = &t->written[a->arbiter_index];
	uint64_t copy = a->u.write.copy;
	uint64_t slot_index = a->u.write.slot_index;

	linewalk_key(l, "copy");
	linewalk_number(l, &copy, 1);
	linewalk_key(l, "index");
	linewalk_number(l, &slot_index, NODES_MAX - 1);
	linewalk_key(l, "slot");
	walk_changes(l, last, block);
	a->u.write.copy = (uint8_t)copy;
	a->u.write.slot_index = (uint8_t)slot_index;
	if (l->failed)
		return;
	if (l->reading)
		memcpy(block, last, sizeof(*block));
	else
		memcpy(last, block, sizeof(*block));
}

static void walk_note(struct linewalk *l, struct note *n)
{
	WALK_ENUM(l, "id", tracename_note, n->id);
	linewalk_u64(l, "a", &n->a);
	linewalk_u64(l, "b", &n->b);
	linewalk_u64(l, "c", &n->c);
	linewalk_u64(l, "d", &n->d);
}

static void walk_action(struct traceline *t, struct linewalk *l, struct action *a,
			struct slot *block)
{
	uint32_t type = a->type;

	linewalk_name(l, tracename_action, ACTION_TYPE_COUNT, &type);
	a->type = (enum action_type)type;
	walk_arbiter(l, &a->arbiter_index);
	linewalk_u64(l, "token", &a->token);
	if (l->failed)
		return;
	switch (a->type) {
	case ACTION_WRITE_SLOT:
		walk_write_slot(t, l, a, block);
		return;
	case ACTION_READ:
		linewalk_hex(l, "mask", &a->u.mask);
		return;
	case ACTION_PUBLISH:
		walk_publication(l, &a->u.publication);
		return;
	case ACTION_HELLO:
		walk_hello(l, &a->u.hello.node_id, a->u.hello.uuid, &a->u.hello.incarnation,
			   &a->u.hello.sequence);
		return;
	case ACTION_EVICT:
		walk_order(l, a);
		return;
	case ACTION_VERDICT:
		linewalk_u64(l, "number", &a->u.verdict.number);
		WALK_ENUM(l, "gate", tracename_gate, a->u.verdict.gate);
		return;
	case ACTION_SELF:
		WALK_ENUM(l, "self", tracename_self, a->u.self);
		return;
	case ACTION_NOTE:
		walk_note(l, &a->u.note);
		return;
	case ACTION_LEFT:
	case ACTION_TYPE_COUNT:
		return;
	}
	l->failed = true;
}

_Static_assert(TRACELINE_FORMAT == 1, "the first line of a trace names its format");

static void walk_begin(struct linewalk *l, struct trace_begin *b)
{
	linewalk_text(l, " format=1");
	linewalk_u32(l, "node", &b->node_id);
	linewalk_hex(l, "incarnation", &b->incarnation);
	linewalk_u64(l, "start", &b->start_ms);
}

size_t traceline_write_begin(const struct trace_begin *b, char *line, size_t size)
{
	struct trace_begin copy = *b;
	struct linewalk l;

	linewalk_init_write(&l, line, size);
	linewalk_text(&l, "begin");
	walk_begin(&l, &copy);
	return l.failed ? 0 : l.at;
}

size_t traceline_write_event(struct traceline *t, const struct event *e, char *line, size_t size)
{
	struct event copy = *e;
	struct linewalk l;

	linewalk_init_write(&l, line, size);
	linewalk_text(&l, "event ");
	walk_event(t, &l, &copy);
	return l.failed ? 0 : l.at;
}

size_t traceline_write_action(struct traceline *t, const struct action *a, const struct slot *block,
			      char *line, size_t size)
{
	struct action copy = *a;
	struct slot block_copy;
	struct linewalk l;

	if (a->type == ACTION_WRITE_SLOT)
		memcpy(&block_copy, block, sizeof(block_copy));
	linewalk_init_write(&l, line, size);
	linewalk_text(&l, "action ");
	walk_action(t, &l, &copy, &block_copy);
	return l.failed ? 0 : l.at;
}

enum rc traceline_read(struct traceline *t, const char *line, size_t length,
		       struct trace_item *item, uint32_t *column)
{
	struct linewalk l;

	memset(item, 0, sizeof(*item));
	linewalk_init_read(&l, line, length);
	if (linewalk_option(&l, "begin", false)) {
		item->kind = TRACE_BEGIN;
		walk_begin(&l, &item->begin);
	} else if (linewalk_option(&l, "event ", false)) {
		item->kind = TRACE_EVENT;
		walk_event(t, &l, &item->event);
	} else if (linewalk_option(&l, "action ", false)) {
		item->kind = TRACE_ACTION;
		walk_action(t, &l, &item->action, &item->block);
	} else {
		l.failed = true;
	}
	if (linewalk_end(&l))
		return RC_OK;
	*column = (uint32_t)l.at + 1;
	return RC_SYNTAX;
}

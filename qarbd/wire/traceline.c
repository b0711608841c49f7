/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/traceline.h"

#include <string.h>

#include "wire/linewalk.h"
#include "wire/tracename.h"
#include "wire/traceslot.h"
#include "wire/tracevalue.h"

void traceline_init(struct traceline *t)
{
	memset(t, 0, sizeof(*t));
}

static void walk_io(struct traceline *t, struct linewalk *l, struct event *e)
{
	struct event_io *io = &e->u.io;
	bool read = e->type == EVENT_READ_DONE;

	linewalk_u64(l, "token", &io->token);
	TRACEVALUE_ENUM(l, "outcome", tracename_outcome, io->outcome);
	linewalk_u64(l, "start", &io->start_ms);
	linewalk_u64(l, "end", &io->end_ms);
	if (read)
		linewalk_hex(l, "mask", &io->mask);
	if (!read || io->outcome != IO_DONE || l->failed)
		return;
	if (l->reading)
		traceslot_read(t->read[e->arbiter_index], l, e);
	else
		traceslot_write(t->read[e->arbiter_index], l, e);
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

/* The fields that belong to the event's type. */
static void walk_event_fields(struct traceline *t, struct linewalk *l, struct event *e)
{
	switch (e->type) {
	case EVENT_CONFIG:
		tracevalue_policy(l, &e->u.policy);
		return;
	case EVENT_NODELIST:
		tracevalue_nodes(l, "nodes", &e->u.nodelist.count, e->u.nodelist.node_id,
				 e->u.nodelist.votes, true);
		return;
	case EVENT_COROSYNC:
		linewalk_hex(l, "life", &e->u.host_life);
		return;
	case EVENT_VIEW:
		tracevalue_ring(l, &e->u.view.ring);
		tracevalue_nodes(l, "members", &e->u.view.members.count, e->u.view.members.node_id,
				 NULL, true);
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
		tracevalue_facts(l, &e->u.facts);
		return;
	case EVENT_DISK_CLOSED:
		TRACEVALUE_ENUM(l, "rc", tracename_rc, e->u.rc);
		return;
	case EVENT_WRITE_DONE:
	case EVENT_READ_DONE:
		walk_io(t, l, e);
		return;
	case EVENT_POLL_DONE:
		tracevalue_poll(l, &e->u.poll);
		return;
	case EVENT_PUBLICATION:
		tracevalue_publication(l, &e->u.publication);
		return;
	case EVENT_HELLO:
		tracevalue_hello(l, &e->u.hello.node_id, e->u.hello.uuid, &e->u.hello.incarnation,
				 &e->u.hello.sequence);
		return;
	case EVENT_BRIDGE:
		tracevalue_bridge(l, &e->u.bridge);
		return;
	case EVENT_EVICT_REPORT:
		tracevalue_report(l, &e->u.report);
		return;
	case EVENT_FENCED:
		tracevalue_fencing(l, &e->u.fencing);
		return;
	case EVENT_ASK:
		linewalk_u64(l, "number", &e->u.ask.number);
		linewalk_u32(l, "node", &e->u.ask.node_id);
		TRACEVALUE_ENUM(l, "ask", tracename_ask, e->u.ask.ask);
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
	traceslot_walk(l, last, block);
	a->u.write.copy = (uint8_t)copy;
	a->u.write.slot_index = (uint8_t)slot_index;
	if (l->failed)
		return;
	if (l->reading)
		memcpy(block, last, sizeof(*block));
	else
		memcpy(last, block, sizeof(*block));
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
		tracevalue_publication(l, &a->u.publication);
		return;
	case ACTION_HELLO:
		tracevalue_hello(l, &a->u.hello.node_id, a->u.hello.uuid, &a->u.hello.incarnation,
				 &a->u.hello.sequence);
		return;
	case ACTION_EVICT:
		tracevalue_order(l, a);
		return;
	case ACTION_VERDICT:
		linewalk_u64(l, "number", &a->u.verdict.number);
		TRACEVALUE_ENUM(l, "gate", tracename_gate, a->u.verdict.gate);
		return;
	case ACTION_SELF:
		TRACEVALUE_ENUM(l, "self", tracename_self, a->u.self);
		return;
	case ACTION_NOTE:
		tracevalue_note(l, &a->u.note);
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

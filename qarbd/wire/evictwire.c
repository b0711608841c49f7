/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/evictwire.h"

#include <string.h>

#include "wire/bytewalk.h"

enum { TYPE_SYNC = 1, TYPE_ANSWER };

static const char magic[] = "QEVT";

_Static_assert((int)EVICTWIRE_HEADER_SIZE == (int)BYTEWALK_HEADER_SIZE, "one header");

static void walk_facts(struct bytewalk *l, struct bridge_facts *f)
{
	uint32_t count;

	bytewalk_bool(l, &f->fencer);
	bytewalk_bool(l, &f->known);
	bytewalk_bool(l, &f->fencing_enabled);
	bytewalk_bool(l, &f->maintenance);
	count = bytewalk_count(l, &f->count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_u32(l, &f->node[i].node_id);
		bytewalk_bool(l, &f->node[i].known);
		bytewalk_bool(l, &f->node[i].maintenance);
		bytewalk_bool(l, &f->node[i].shutting_down);
	}
}

static void walk_sync(struct bytewalk *l, struct evict_sync *s)
{
	uint32_t count;

	walk_facts(l, &s->facts);
	count = bytewalk_count(l, &s->report_count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		struct evict_report *r = &s->report[i];

		bytewalk_u64(l, &r->id);
		bytewalk_u64(l, &r->incarnation);
		bytewalk_u32(l, &r->node_id);
		BYTEWALK_ENUM(l, enum evict_progress, r->progress, EVICT_PROGRESS_COUNT - 1);
		bytewalk_u32(l, &r->attempts);
		bytewalk_text(l, r->text, sizeof(r->text));
	}
	count = bytewalk_count(l, &s->fencing_count, EVICT_FENCINGS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		struct fencing_seen *f = &s->fencing[i];

		bytewalk_u32(l, &f->node_id);
		BYTEWALK_ENUM(l, enum fence_action, f->action, FENCE_ACTION_COUNT - 1);
		BYTEWALK_ENUM(l, enum fencing_result, f->result, FENCING_RESULT_COUNT - 1);
		bytewalk_u64(l, &f->at_ms);
		bytewalk_text(l, f->client, sizeof(f->client));
	}
}

static void walk_order(struct bytewalk *l, struct evict_order *o)
{
	bytewalk_u64(l, &o->id);
	bytewalk_u64(l, &o->incarnation);
	bytewalk_u64(l, &o->deadline_ms);
	bytewalk_u32(l, &o->node_id);
	BYTEWALK_ENUM(l, enum fence_action, o->action, FENCE_ACTION_COUNT - 1);
	BYTEWALK_ENUM(l, enum evict_why, o->why, EVICT_WHY_COUNT - 1);
	bytewalk_bool(l, &o->withdrawn);
	/* An order never asks for a node to be switched on, and each has its number. */
	if (o->action == FENCE_ON || o->id == 0)
		l->failed = true;
}

static void walk_answer(struct bytewalk *l, struct evict_answer *a)
{
	uint32_t count;

	BYTEWALK_ENUM(l, enum rc, a->rc, RC_COUNT - 1);
	bytewalk_text(l, a->text, sizeof(a->text));
	bytewalk_bool(l, &a->evict);
	bytewalk_bool(l, &a->voting);
	bytewalk_u32(l, &a->own_node_id);
	count = bytewalk_count(l, &a->node_count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_u32(l, &a->node[i].node_id);
		bytewalk_text(l, a->node[i].name, sizeof(a->node[i].name));
		bytewalk_bool(l, &a->node[i].gone);
	}
	count = bytewalk_count(l, &a->orders.count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_order(l, &a->orders.order[i]);
}

static enum rc begin_read(struct bytewalk *l, uint32_t type, const uint8_t *data, size_t size)
{
	uint32_t found = 0;
	enum rc rc = bytewalk_begin_read(l, magic, EVICTWIRE_VERSION, data, size, &found);

	return rc == RC_OK && found != type ? RC_BADVALUE : rc;
}

size_t evictwire_encode_sync(const struct evict_sync *s, uint8_t *out, size_t size)
{
	/* The walk writes back only what it read, and in this direction it reads nothing. */
	union {
		const struct evict_sync *in;
		struct evict_sync *walked;
	} u = { s };
	struct bytewalk l;

	bytewalk_begin_write(&l, magic, EVICTWIRE_VERSION, TYPE_SYNC, out, size);
	walk_sync(&l, u.walked);
	return bytewalk_end_write(&l);
}

size_t evictwire_encode_answer(const struct evict_answer *a, uint8_t *out, size_t size)
{
	union {
		const struct evict_answer *in;
		struct evict_answer *walked;
	} u = { a };
	struct bytewalk l;

	bytewalk_begin_write(&l, magic, EVICTWIRE_VERSION, TYPE_ANSWER, out, size);
	walk_answer(&l, u.walked);
	return bytewalk_end_write(&l);
}

enum rc evictwire_decode_sync(const uint8_t *data, size_t size, struct evict_sync *s)
{
	struct bytewalk l;
	enum rc rc = begin_read(&l, TYPE_SYNC, data, size);

	memset(s, 0, sizeof(*s));
	if (rc != RC_OK)
		return rc;
	walk_sync(&l, s);
	return bytewalk_end_read(&l);
}

enum rc evictwire_decode_answer(const uint8_t *data, size_t size, struct evict_answer *a)
{
	struct bytewalk l;
	enum rc rc = begin_read(&l, TYPE_ANSWER, data, size);

	memset(a, 0, sizeof(*a));
	if (rc != RC_OK)
		return rc;
	walk_answer(&l, a);
	return bytewalk_end_read(&l);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/evictwire.h"

#include <string.h>

#include "base/bytes.h"

enum { TYPE_SYNC = 1, TYPE_ANSWER };

/* One walk over the fields either writes or reads them, so that the two cannot differ. */
struct walk {
	bool reading;
	bool failed; /* a value outside its range */
	struct bytes_reader r;
	struct bytes_writer w;
};

static const uint8_t magic[4] = { 'Q', 'E', 'V', 'T' };

static void walk_u32(struct walk *l, uint32_t *v)
{
	if (l->reading)
		*v = bytes_get_u32(&l->r);
	else
		bytes_put_u32(&l->w, *v);
}

static void walk_u64(struct walk *l, uint64_t *v)
{
	if (l->reading)
		*v = bytes_get_u64(&l->r);
	else
		bytes_put_u64(&l->w, *v);
}

/* A number up to max, in one byte. */
static uint32_t walk_small(struct walk *l, uint32_t v, uint32_t max)
{
	if (l->reading)
		v = bytes_get_u8(&l->r);
	if (v > max) {
		l->failed = true;
		v = 0;
	}
	if (!l->reading)
		bytes_put_u8(&l->w, (uint8_t)v);
	return v;
}

static void walk_bool(struct walk *l, bool *v)
{
	uint32_t read = walk_small(l, *v, 1);

	if (l->reading)
		*v = read != 0;
}

#define WALK_ENUM(l, type, field, count)                                                           \
	do {                                                                                       \
		uint32_t read_ = walk_small((l), (uint32_t)(field), (uint32_t)(count)-1);          \
                                                                                                   \
		if ((l)->reading)                                                                  \
			(field) = (type)read_;                                                     \
	} while (0)

/* A count up to max; after a failure 0, so that no loop runs over what is not there. */
static uint32_t walk_count(struct walk *l, uint32_t *v, uint32_t max)
{
	uint32_t count = walk_small(l, *v, max);

	if (l->reading)
		*v = count;
	return l->failed ? 0 : count;
}

/* Length and letters, without the NUL; `size` bytes in memory, filled with zeros. */
static void walk_text(struct walk *l, char *v, size_t size)
{
	uint32_t length = l->reading ? 0 : (uint32_t)strnlen(v, size);

	length = walk_small(l, length, (uint32_t)size - 1);
	if (!l->reading) {
		bytes_put_raw(&l->w, v, length);
		return;
	}
	memset(v, 0, size);
	bytes_get_raw(&l->r, v, length);
	if (memchr(v, 0, length))
		l->failed = true;
}

static void walk_facts(struct walk *l, struct bridge_facts *f)
{
	uint32_t count;

	walk_bool(l, &f->fencer);
	walk_bool(l, &f->known);
	walk_bool(l, &f->fencing_enabled);
	walk_bool(l, &f->maintenance);
	count = walk_count(l, &f->count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_u32(l, &f->node[i].node_id);
		walk_bool(l, &f->node[i].known);
		walk_bool(l, &f->node[i].maintenance);
		walk_bool(l, &f->node[i].shutting_down);
	}
}

static void walk_sync(struct walk *l, struct evict_sync *s)
{
	uint32_t count;

	walk_facts(l, &s->facts);
	count = walk_count(l, &s->report_count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		struct evict_report *r = &s->report[i];

		walk_u64(l, &r->id);
		walk_u64(l, &r->incarnation);
		walk_u32(l, &r->node_id);
		WALK_ENUM(l, enum evict_progress, r->progress, EVICT_PROGRESS_COUNT);
		walk_u32(l, &r->attempts);
		walk_text(l, r->text, sizeof(r->text));
	}
	count = walk_count(l, &s->fencing_count, EVICT_FENCINGS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		struct fencing_seen *f = &s->fencing[i];

		walk_u32(l, &f->node_id);
		WALK_ENUM(l, enum fence_action, f->action, FENCE_ACTION_COUNT);
		WALK_ENUM(l, enum fencing_result, f->result, FENCING_RESULT_COUNT);
		walk_u64(l, &f->at_ms);
		walk_text(l, f->client, sizeof(f->client));
	}
}

static void walk_order(struct walk *l, struct evict_order *o)
{
	walk_u64(l, &o->id);
	walk_u64(l, &o->incarnation);
	walk_u64(l, &o->deadline_ms);
	walk_u32(l, &o->node_id);
	WALK_ENUM(l, enum fence_action, o->action, FENCE_ACTION_COUNT);
	WALK_ENUM(l, enum evict_why, o->why, EVICT_WHY_COUNT);
	walk_bool(l, &o->withdrawn);
	/* An order never asks for a node to be switched on, and each has its number. */
	if (o->action == FENCE_ON || o->id == 0)
		l->failed = true;
}

static void walk_answer(struct walk *l, struct evict_answer *a)
{
	uint32_t count;

	WALK_ENUM(l, enum rc, a->rc, RC_COUNT);
	walk_text(l, a->text, sizeof(a->text));
	walk_bool(l, &a->evict);
	walk_bool(l, &a->voting);
	walk_u32(l, &a->own_node_id);
	count = walk_count(l, &a->node_count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_u32(l, &a->node[i].node_id);
		walk_text(l, a->node[i].name, sizeof(a->node[i].name));
	}
	count = walk_count(l, &a->orders.count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_order(l, &a->orders.order[i]);
}

/* The header, with the size still to be filled in. */
static void begin_write(struct walk *l, uint32_t type, uint8_t *out, size_t size)
{
	memset(l, 0, sizeof(*l));
	bytes_writer_init(&l->w, out, size);
	bytes_put_raw(&l->w, magic, sizeof(magic));
	bytes_put_u32(&l->w, EVICTWIRE_VERSION);
	bytes_put_u32(&l->w, type);
	bytes_put_u32(&l->w, 0);
}

static size_t end_write(const struct walk *l)
{
	if (l->failed || l->w.failed)
		return 0;
	bytes_store_u32(l->w.data + EVICTWIRE_HEADER_SIZE - 4, (uint32_t)l->w.at);
	return l->w.at;
}

static enum rc begin_read(struct walk *l, uint32_t type, const uint8_t *data, size_t size)
{
	uint8_t found[4];

	memset(l, 0, sizeof(*l));
	l->reading = true;
	bytes_reader_init(&l->r, data, size);
	bytes_get_raw(&l->r, found, sizeof(found));
	if (memcmp(found, magic, sizeof(magic)) != 0)
		return RC_BADMAGIC;
	if (bytes_get_u32(&l->r) != EVICTWIRE_VERSION)
		return RC_BADVERSION;
	if (bytes_get_u32(&l->r) != type || bytes_get_u32(&l->r) != size)
		return RC_BADVALUE;
	return RC_OK;
}

static enum rc end_read(const struct walk *l)
{
	return !l->failed && bytes_reader_done(&l->r) ? RC_OK : RC_BADVALUE;
}

size_t evictwire_encode_sync(const struct evict_sync *s, uint8_t *out, size_t size)
{
	/* The walk writes back only what it read, and in this direction it reads nothing. */
	union {
		const struct evict_sync *in;
		struct evict_sync *walked;
	} u = { s };
	struct walk l;

	begin_write(&l, TYPE_SYNC, out, size);
	walk_sync(&l, u.walked);
	return end_write(&l);
}

size_t evictwire_encode_answer(const struct evict_answer *a, uint8_t *out, size_t size)
{
	union {
		const struct evict_answer *in;
		struct evict_answer *walked;
	} u = { a };
	struct walk l;

	begin_write(&l, TYPE_ANSWER, out, size);
	walk_answer(&l, u.walked);
	return end_write(&l);
}

enum rc evictwire_decode_sync(const uint8_t *data, size_t size, struct evict_sync *s)
{
	struct walk l;
	enum rc rc = begin_read(&l, TYPE_SYNC, data, size);

	memset(s, 0, sizeof(*s));
	if (rc != RC_OK)
		return rc;
	walk_sync(&l, s);
	return end_read(&l);
}

enum rc evictwire_decode_answer(const uint8_t *data, size_t size, struct evict_answer *a)
{
	struct walk l;
	enum rc rc = begin_read(&l, TYPE_ANSWER, data, size);

	memset(a, 0, sizeof(*a));
	if (rc != RC_OK)
		return rc;
	walk_answer(&l, a);
	return end_read(&l);
}

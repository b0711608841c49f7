/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: randomness, the event queue, the trace. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	return rng_next(r) % n;
}

uint64_t rng_range(struct rng *r, uint64_t lo, uint64_t hi)
{
	return lo + rng_below(r, hi - lo + 1);
}

bool rng_chance(struct rng *r, uint32_t percent_hundredths)
{
	return rng_below(r, 10000) < percent_hundredths;
}

/* ---- queue: a binary heap by key ---- */

static void sift_up(struct world *w, uint32_t i, const struct ev *e)
{
	while (i > 0 && e->key < w->heap[(i - 1) / 2].key) {
		w->heap[i] = w->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->heap[i] = *e;
}

void world_push(struct world *w, uint64_t at, enum ev_kind kind, uint32_t node, uint32_t epoch,
		uint64_t arg)
{
	struct ev e = { .key = (at < w->now ? w->now : at) << EV_ORDER_BITS | w->order++,
			.arg = arg,
			.epoch = epoch,
			.node = (uint16_t)node,
			.kind = (uint16_t)kind };

	if (at == NEVER)
		return;
	CHECK(at >> (64 - EV_ORDER_BITS) == 0 && w->order >> EV_ORDER_BITS == 0);
	if (w->heap_count == w->heap_room) {
		w->heap_room = w->heap_room != 0 ? 2 * w->heap_room : 1024;
		w->heap = realloc(w->heap, w->heap_room * sizeof(*w->heap));
		CHECK(w->heap != NULL);
	}
	sift_up(w, w->heap_count++, &e);
}

static struct ev pop(struct world *w)
{
	struct ev top = w->heap[0];
	struct ev last = w->heap[--w->heap_count];
	uint32_t n = w->heap_count, i = 0, c;

	/* The gap goes down to a leaf, then the last one up from there: it was a leaf itself. */
	for (c = 2; c < n; c = 2 * i + 2) {
		c -= w->heap[c - 1].key < w->heap[c].key;
		w->heap[i] = w->heap[c];
		i = c;
	}
	if (c == n) {
		w->heap[i] = w->heap[c - 1];
		i = c - 1;
	}
	sift_up(w, i, &last);
	return top;
}

static void dispatch(struct world *w, const struct ev *e)
{
	switch ((enum ev_kind)e->kind) {
	case EV_WRITE_HALF:
	case EV_WRITE_LAND:
	case EV_WRITE_END:
	case EV_WRITE_UNKNOWN:
	case EV_READ_SAMPLE:
	case EV_READ_END:
		disk_event(w, e);
		return;
	case EV_RING_FORM:
	case EV_RING_INSTALL:
	case EV_RING_INFO:
	case EV_RING_ACTIVATE:
	case EV_NODEINFO:
	case EV_QDEVICE_TIMER:
	case EV_REGISTERED:
		vq_event(w, e);
		return;
	case EV_FAULT:
	case EV_PHASE:
		fault_event(w, e);
		return;
	case EV_FENCE:
	case EV_POWER_ON:
	case EV_SELF:
	case EV_DOG:
	case EV_DOG_CHECK:
		evict_event(w, e);
		return;
	case EV_DECIDER_TIMER:
	case EV_DECIDER_EVENT:
	case EV_DECIDER_START:
	case EV_DISK_OPEN:
	case EV_VOTER_START:
	case EV_VOTER_CONNECT:
	case EV_VOTER_NOTIFY:
	case EV_VOTER_WAKE:
	case EV_VOTER_ORPHAN:
	case EV_POLL_SEND:
	case EV_POLL_HANDLE:
	case EV_POLL_RETURN:
	case EV_WORKER_START:
	case EV_SERVICE_START:
	case EV_DAEMON_START:
	case EV_CS_START:
	case EV_HELLO:
	case EV_CONT:
	case EV_PATH_OK:
		proc_event(w, e);
		return;
	}
}

void world_run(struct world *w, uint64_t until)
{
	while (w->heap_count > 0 && w->heap[0].key >> EV_ORDER_BITS <= until && !w->failed) {
		struct ev e = pop(w);

		CHECK(e.key >> EV_ORDER_BITS >= w->now);
		w->now = e.key >> EV_ORDER_BITS;
		w->steps++;
		dispatch(w, &e);
	}
	if (!w->failed)
		w->now = until;
}

/* ---- latency ---- */

uint64_t latency_ipc(struct world *w)
{
	uint64_t r;

	/* Stories have no chance in their times: their traces change with the core alone. */
	if (w->story)
		return 50;
	r = rng_below(&w->rng, 1000);
	if (w->calm || r >= 20 || w->jitter_class == 0)
		return rng_range(&w->rng, 20, 120);
	if (r >= 3 || w->jitter_class == 1)
		return rng_range(&w->rng, 120, 5000);
	return rng_range(&w->rng, 5000, (uint64_t)w->policy.poll_ms * 1300);
}

/* ---- trace ---- */

void trace(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->trace == NULL)
		return;
	if (w->story)
		fprintf(w->trace, "%6llu ", (unsigned long long)(w->now / 1000));
	else
		fprintf(w->trace, "%7llu.%03llu ", (unsigned long long)(w->now / 1000),
			(unsigned long long)(w->now % 1000));
	va_start(ap, format);
	vfprintf(w->trace, format, ap);
	va_end(ap);
	fputc('\n', w->trace);
}

void fail(struct world *w, const char *format, ...)
{
	va_list ap;

	if (w->failed)
		return;
	w->failed = true;
	w->failed_at = w->now;
	w->failed_step = w->steps;
	va_start(ap, format);
	vsnprintf(w->why, sizeof(w->why), format, ap);
	va_end(ap);
	TRACE(w, "VIOLATION %s", w->why);
}

/* ---- a world ---- */

uint64_t all_nodes(const struct world *w)
{
	return w->nodes >= 64 ? UINT64_MAX : slot_bit(w->nodes) - 1;
}

static void open_nodes(struct world *w)
{
	/* Now and then ids as they follow from IPv4 addresses. */
	uint32_t id = !w->story && rng_chance(&w->frng, 1000) ? 0xc0a80000u : 0;

	w->node = calloc(w->nodes, sizeof(*w->node));
	CHECK(w->node != NULL);
	for (uint32_t i = 0; i < w->nodes; i++) {
		struct node *n = &w->node[i];

		id += 1 + (w->story ? 0 : (uint32_t)rng_below(&w->frng, 3));
		n->index = i;
		n->id = id;
		n->arb = malloc(sizeof(*n->arb));
		CHECK(n->arb != NULL);
		n->vq.ring = n->vq.yes_ring = n->known.ring = -1;
		if (!w->story) {
			n->offset_us = (int64_t)rng_below(&w->frng, 1000 * SEC);
			n->ppm = (int32_t)rng_below(&w->frng, 19001) - 9500;
		} else {
			n->offset_us = (int64_t)(i + 1) * 1000000;
		}
		n->votes = 1;
	}
	w->map.count = w->nodes;
	for (uint32_t i = 0; i < w->nodes; i++)
		w->map.node_id[i] = w->node[i].id;
	for (uint32_t i = w->nodes; i > 1 && !w->story; i--) {
		uint32_t j = (uint32_t)rng_below(&w->frng, i), t = w->map.node_id[j];

		w->map.node_id[j] = w->map.node_id[i - 1];
		w->map.node_id[i - 1] = t;
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		w->node[i].slot_index = slot_map_find(&w->map, w->node[i].id);
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((w->unlisted & slot_bit(i)) != 0)
			w->map.node_id[w->node[i].slot_index] = 0;
	w->slots = w->slots != 0 ? w->slots : w->nodes;
	w->map.count = w->slots;
	w->header = w->map;
}

/* Now and then a node was added to the nodelist after disk init: a leader must give it a slot, so
 * there has to be another node that can lead.  Of its own randomness. */
static void open_header(struct world *w)
{
	struct rng r = { w->seed ^ 0xadded };
	uint32_t added = (uint32_t)rng_below(&r, w->nodes);
	bool sound = false;

	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		sound |= i != added && (w->unlisted & slot_bit(i)) == 0 && !n->absent &&
			 !n->unregistered && !n->impaired;
	}
	if (!sound || w->story || w->class == CLASS_PRIVATE || !rng_chance(&r, 2000))
		return;
	if ((w->unlisted & slot_bit(added)) != 0)
		return;
	w->header.node_id[w->node[added].slot_index] = 0;
	w->cover[COVER_ADDED]++;
}

/* in: w zeroed but for class, trace, verbose, and in stories timing, slots and unlisted. */
void world_open(struct world *w, uint64_t seed, uint32_t nodes)
{
	CHECK(nodes <= NODES_MAX);
	w->seed = seed;
	w->rng.state = seed * 0x9e3779b97f4a7c15u + 1;
	w->frng.state = seed ^ 0x5851f42d4c957f2du;
	(void)rng_next(&w->frng);
	w->nodes = nodes;
	w->ring = malloc(RINGS * sizeof(*w->ring));
	w->wr = calloc((size_t)nodes * WRITES_EACH, sizeof(*w->wr));
	w->rd = calloc((size_t)nodes * READS_EACH, sizeof(*w->rd));
	CHECK(w->ring != NULL && w->wr != NULL && w->rd != NULL);
	open_nodes(w);
	clock_open(w);
	shape_open(w);
	config_open(w);
	ringid_open(w);
	open_header(w);
	slots_open(w);
	disk_init(w);
}

void world_close(struct world *w)
{
	disk_free(w);
	for (uint32_t i = 0; i < w->nodes; i++) {
		free(w->node[i].arb);
		free(w->node[i].inbox);
	}
	free(w->node);
	free(w->ring);
	free(w->wr);
	free(w->rd);
	free(w->heap);
	free(w->post);
	free(w->post_free);
	free(w->granted);
}

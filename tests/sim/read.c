/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: reads of the disk: every copy at an instant of its own, decoded by the production codec. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

enum { CODEC_SAMPLE = 257 };

struct rd *read_of_node(struct world *w, const struct node *n)
{
	return &w->rd[n->index * READS_EACH];
}

static uint64_t rd_arg(const struct world *w, const struct rd *rd)
{
	return (uint64_t)rd->serial << 32 | (uint64_t)(rd - w->rd);
}

static struct rd *rd_of(struct world *w, const struct ev *e)
{
	struct rd *rd = &w->rd[(uint32_t)e->arg & 0xffff];

	return rd->used && rd->serial == (uint32_t)(e->arg >> 32) ? rd : NULL;
}

static void rd_sample(struct world *w, struct rd *rd, uint32_t which)
{
	struct store *s = &w->store[w->node[rd->node].disk];

	for (uint32_t i = 0; i < w->nodes; i++) {
		for (uint32_t c = 0; c < 2; c++) {
			if ((rd->pass & slot_bit(i)) == 0 ||
			    (which != 0xffff && which != (i << 1 | c)))
				continue;
			blob_put(w, rd->seen[i][c]);
			rd->seen[i][c] = blob_get(s->copy[i][c]);
		}
	}
}

void read_pass(struct world *w, struct rd *rd)
{
	struct node *n = &w->node[rd->node];
	uint64_t lat = latency_io(w, n);
	uint64_t end = w->now + lat;

	rd->samples_left = 0;
	if (n->path == PATH_HANG) {
		rd->parked = true;
		return;
	}
	rd->failing = n->path == PATH_ERROR;
	if (rd->failing) {
		world_push(w, end, EV_READ_END, rd->node, 0, rd_arg(w, rd));
		return;
	}
	/* Mostly one instant for all; else every copy at an instant of its own. */
	if (w->story || rng_chance(&w->rng, 5000)) {
		rd_sample(w, rd, 0xffff);
	} else if (!rng_chance(&w->rng, w->nodes > 8 ? 200 : 2500)) {
		rd->samples_left = 1;
		world_push(w, end - rng_below(&w->rng, lat + 1), EV_READ_SAMPLE, rd->node, 0xffff,
			   rd_arg(w, rd));
	} else {
		for (uint32_t i = 0; i < w->nodes; i++)
			for (uint32_t c = 0; c < 2 && (rd->pass & slot_bit(i)) != 0; c++) {
				rd->samples_left++;
				world_push(w, end - rng_below(&w->rng, lat + 1), EV_READ_SAMPLE,
					   rd->node, i << 1 | c, rd_arg(w, rd));
			}
	}
	world_push(w, end, EV_READ_END, rd->node, 0, rd_arg(w, rd));
}

void disk_submit_read(struct world *w, struct node *n, const struct action *a)
{
	struct rd *rd = NULL;

	/* Not the entry of the last one: the event of that read may still point into it. */
	for (uint32_t i = 0; i < READS_EACH && rd == NULL; i++)
		if (i != n->rd_last && !read_of_node(w, n)[i].used)
			rd = &read_of_node(w, n)[i];
	CHECK(rd != NULL);
	n->rd_last = (uint32_t)(rd - read_of_node(w, n));
	rd->used = true;
	rd->parked = rd->queued = rd->end_due = rd->failing = false;
	rd->serial = ++w->serial;
	rd->node = n->index;
	rd->depoch = n->proc[PROC_DECIDER].epoch;
	rd->token = a->token;
	rd->mask = rd->pass = a->u.mask & all_nodes(w);
	rd->seen_once = 0;
	rd->start_us = w->now;
	rd->start_ms = clock_local_ms(w, n);
	memset(rd->seen, 0, sizeof(rd->seen[0]) * w->nodes);
	if (rd->slots == NULL)
		rd->slots = calloc(w->nodes, sizeof(*rd->slots));
	CHECK(rd->slots != NULL);
	if (!disk_worker_runs(n)) {
		rd->queued = true;
		return;
	}
	read_pass(w, rd);
}

void read_free(struct world *w, struct rd *rd)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		for (uint32_t c = 0; c < 2; c++)
			blob_put(w, rd->seen[i][c]);
	rd->used = false;
}

static void rd_report(struct world *w, struct rd *rd, enum io_outcome outcome)
{
	struct node *n = &w->node[rd->node];
	struct event e = { .type = EVENT_READ_DONE };

	if (rd->depoch == n->proc[PROC_DECIDER].epoch && n->proc[PROC_DECIDER].alive) {
		e.u.io.token = rd->token;
		e.u.io.outcome = outcome;
		e.u.io.start_ms = rd->start_ms;
		e.u.io.end_ms = clock_local_ms(w, n);
		e.u.io.mask = rd->mask;
		e.u.io.slots = rd->slots;
		proc_post(w, n, &e, 1);
	}
	read_free(w, rd);
}

static enum rc choose(struct world *w, struct rd *rd, uint32_t i, struct slot_read *out)
{
	return blob_choose(w, &w->store[w->node[rd->node].disk], rd->seen[i], i, out,
			   &rd->fingerprint[i]);
}

static enum rc rd_decode(struct world *w, struct rd *rd, uint32_t i)
{
	struct blob *a = rd->seen[i][0], *b = rd->seen[i][1];
	struct slot_read *out = &rd->slots[i];
	enum rc rc;

	if (!a->whole || !b->whole) {
		uint64_t before = rd->fingerprint[i];

		rc = choose(w, rd, i, out);
		if (rc == RC_OK)
			return rc;
		w->cover[COVER_TORN_SEEN]++;
		if ((rd->seen_once & slot_bit(i)) != 0 && before == rd->fingerprint[i])
			return RC_OK; /* the same pair twice: what it says is final */
		rd->seen_once |= slot_bit(i);
		return RC_AGAIN;
	}
	out->rc = RC_OK;
	out->copy = b->slot.sequence > a->slot.sequence;
	out->slot = out->copy == 1 ? b->slot : a->slot;
	if (++w->codec_tick % CODEC_SAMPLE == 0) {
		static struct slot_read real;

		w->cover[COVER_CODEC]++;
		rc = choose(w, rd, i, &real);
		if ((rc != RC_OK && w->header.node_id[i] != 0) || real.copy != out->copy ||
		    memcmp(&real.slot, &out->slot, sizeof(real.slot)) != 0)
			fail(w, "codec: slot %u of node %u does not come back as it was encoded", i,
			     w->map.node_id[i]);
	}
	return RC_OK;
}

void read_end(struct world *w, struct rd *rd)
{
	struct node *n = &w->node[rd->node];
	uint64_t again = 0;

	if (!disk_worker_runs(n)) {
		rd->end_due = true;
		if (n->worker_dying)
			disk_worker_kill(w, n);
		return;
	}
	if (rd->failing) {
		rd_report(w, rd, IO_FAILED);
		return;
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((rd->pass & slot_bit(i)) != 0 && rd_decode(w, rd, i) == RC_AGAIN)
			again |= slot_bit(i);
	if (again != 0) {
		rd->pass = again;
		read_pass(w, rd);
		return;
	}
	rd_report(w, rd, IO_DONE);
}

void read_event(struct world *w, const struct ev *e)
{
	struct rd *rd = rd_of(w, e);

	if (rd != NULL && e->kind == EV_READ_SAMPLE) {
		rd->samples_left--;
		rd_sample(w, rd, e->epoch);
	} else if (rd != NULL && rd->samples_left == 0) {
		read_end(w, rd);
	} else if (rd != NULL) {
		/* A sample at this very instant comes first. */
		world_push(w, w->now, EV_READ_END, rd->node, 0, e->arg);
	}
}

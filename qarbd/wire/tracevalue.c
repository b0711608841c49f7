/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/tracevalue.h"

#include "wire/tracename.h"

void tracevalue_ring(struct linewalk *l, struct ring_id *r)
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
void tracevalue_nodes(struct linewalk *l, const char *key, uint32_t *count, uint32_t *node_id,
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

void tracevalue_policy(struct linewalk *l, struct policy *p)
{
	TRACEVALUE_ENUM(l, "algorithm", tracename_algorithm, p->algorithm);
	TRACEVALUE_ENUM(l, "tie_breaker", tracename_tie_breaker, p->tie_breaker);
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
		TRACEVALUE_ENUM(l, "type", tracename_arbiter, p->arbiter_type[i]);
	linewalk_bool(l, "evict", &p->evict);
	linewalk_bool(l, "in_maintenance", &p->evict_in_maintenance);
	linewalk_bool(l, "on_score", &p->evict_on_score);
	TRACEVALUE_ENUM(l, "action", tracename_fence, p->evict_action);
	linewalk_u32(l, "after", &p->evict_after_ms);
	TRACEVALUE_ENUM(l, "on_loss", tracename_self, p->on_loss);
	TRACEVALUE_ENUM(l, "on_poison", tracename_self, p->on_poison);
	linewalk_hex(l, "hash", &p->hash);
}

void tracevalue_facts(struct linewalk *l, struct disk_facts *f)
{
	linewalk_key(l, "uuid");
	linewalk_bytes(l, f->uuid, UUID_SIZE);
	linewalk_u32(l, "slots", &f->slot_count);
	walk_timings(l, &f->timings);
	tracevalue_nodes(l, "map", &f->map.count, f->map.node_id, NULL, false);
}

void tracevalue_publication(struct linewalk *l, struct publication *p)
{
	linewalk_u64(l, "generation", &p->generation);
	TRACEVALUE_ENUM(l, "answer", tracename_answer, p->answer);
	tracevalue_ring(l, &p->ring);
	linewalk_hex(l, "life", &p->host_life);
	linewalk_u64(l, "until", &p->until_ms);
	linewalk_u32(l, "poll", &p->poll_ms);
	linewalk_u32(l, "repeat", &p->repeat_ms);
}

void tracevalue_poll(struct linewalk *l, struct event_poll *p)
{
	linewalk_u64(l, "generation", &p->generation);
	tracevalue_ring(l, &p->ring);
	TRACEVALUE_ENUM(l, "answer", tracename_answer, p->answer);
	linewalk_bool(l, "ok", &p->ok);
	linewalk_u64(l, "start", &p->start_ms);
	linewalk_u64(l, "end", &p->end_ms);
}

void tracevalue_hello(struct linewalk *l, uint32_t *node_id, uint8_t *uuid, uint64_t *incarnation,
		      uint64_t *sequence)
{
	linewalk_u32(l, "node", node_id);
	linewalk_key(l, "uuid");
	linewalk_bytes(l, uuid, UUID_SIZE);
	linewalk_hex(l, "incarnation", incarnation);
	linewalk_u64(l, "sequence", sequence);
}

void tracevalue_bridge(struct linewalk *l, struct bridge_facts *f)
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
void tracevalue_report(struct linewalk *l, struct evict_report *r)
{
	linewalk_u64(l, "id", &r->id);
	linewalk_u32(l, "node", &r->node_id);
	linewalk_hex(l, "incarnation", &r->incarnation);
	TRACEVALUE_ENUM(l, "progress", tracename_progress, r->progress);
	linewalk_u32(l, "attempts", &r->attempts);
}

void tracevalue_fencing(struct linewalk *l, struct fencing_seen *f)
{
	linewalk_u32(l, "node", &f->node_id);
	TRACEVALUE_ENUM(l, "action", tracename_fence, f->action);
	TRACEVALUE_ENUM(l, "result", tracename_fencing, f->result);
	linewalk_u64(l, "at", &f->at_ms);
}

void tracevalue_order(struct linewalk *l, struct action *a)
{
	struct evict_order *o = &a->u.evict.order;

	linewalk_u32(l, "place", &a->u.evict.place);
	if (a->u.evict.place >= EVICT_ORDERS_MAX)
		l->failed = true;
	linewalk_u64(l, "id", &o->id);
	linewalk_u32(l, "node", &o->node_id);
	linewalk_hex(l, "incarnation", &o->incarnation);
	linewalk_u64(l, "deadline", &o->deadline_ms);
	TRACEVALUE_ENUM(l, "action", tracename_fence, o->action);
	TRACEVALUE_ENUM(l, "why", tracename_why, o->why);
	linewalk_bool(l, "withdrawn", &o->withdrawn);
}

void tracevalue_note(struct linewalk *l, struct note *n)
{
	TRACEVALUE_ENUM(l, "id", tracename_note, n->id);
	linewalk_u64(l, "a", &n->a);
	linewalk_u64(l, "b", &n->b);
	linewalk_u64(l, "c", &n->c);
	linewalk_u64(l, "d", &n->d);
}

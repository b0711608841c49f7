/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/ipcwire.h"

#include <string.h>

#include "wire/bytewalk.h"

static const char magic[] = "QIPC";

_Static_assert((int)IPCWIRE_HEADER_SIZE == (int)BYTEWALK_HEADER_SIZE, "one header");

static void walk_ring(struct bytewalk *l, struct ring_id *r)
{
	bytewalk_u64(l, &r->seq);
	bytewalk_u32(l, &r->node_id);
}

static void walk_members(struct bytewalk *l, struct members *m)
{
	uint32_t count = bytewalk_count(l, &m->count, NODES_MAX);

	for (uint32_t i = 0; i < count; i++)
		bytewalk_u32(l, &m->node_id[i]);
}

static void walk_view(struct bytewalk *l, struct view *v)
{
	walk_ring(l, &v->ring);
	walk_members(l, &v->members);
	bytewalk_u64(l, &v->incarnation);
}

static void walk_number(struct bytewalk *l, struct number *n)
{
	bytewalk_u64(l, &n->ballot.counter);
	bytewalk_u32(l, &n->ballot.node_id);
	bytewalk_u64(l, &n->k);
}

static void walk_value(struct bytewalk *l, struct value *v)
{
	struct grant *g = &v->grant;
	uint32_t count;

	walk_number(l, &g->number);
	walk_ring(l, &g->ring);
	walk_members(l, &g->members);
	bytewalk_u64(l, &g->set);
	bytewalk_u64(l, &v->pending);
	for (uint64_t rest = value_named(v); rest != 0; rest &= rest - 1)
		bytewalk_u64(l, &g->host_life[__builtin_ctzll(rest)]);
	count = bytewalk_count(l, &v->map.count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++)
		bytewalk_u32(l, &v->map.node_id[i]);
}

static void walk_policy(struct bytewalk *l, struct policy *p)
{
	uint32_t count;

	BYTEWALK_ENUM(l, enum algorithm, p->algorithm, ALGORITHM_FFSPLIT);
	BYTEWALK_ENUM(l, enum tie_breaker, p->tie_breaker, TIE_NODE);
	bytewalk_u32(l, &p->tie_node_id);
	bytewalk_bool(l, &p->workload);
	bytewalk_u32(l, &p->timeout_ms);
	bytewalk_u32(l, &p->sync_timeout_ms);
	bytewalk_u32(l, &p->token_ms);
	bytewalk_u32(l, &p->consensus_ms);
	bytewalk_u32(l, &p->dead_ms);
	bytewalk_u32(l, &p->interval_ms);
	bytewalk_u32(l, &p->hold_ms);
	bytewalk_u32(l, &p->poll_ms);
	bytewalk_u32(l, &p->settle_ms);
	bytewalk_u32(l, &p->late_ms);
	bytewalk_u32(l, &p->up_beats);
	bytewalk_u32(l, &p->margin_ms);
	count = bytewalk_count(l, &p->arbiter_count, ARBITERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		BYTEWALK_ENUM(l, enum arbiter_type, p->arbiter_type[i], ARBITER_QNETD);
	bytewalk_bool(l, &p->evict);
	bytewalk_bool(l, &p->evict_in_maintenance);
	bytewalk_bool(l, &p->evict_on_score);
	BYTEWALK_ENUM(l, enum fence_action, p->evict_action, FENCE_ACTION_COUNT - 1);
	bytewalk_u32(l, &p->evict_after_ms);
	BYTEWALK_ENUM(l, enum self_act, p->on_loss, SELF_ACT_COUNT - 1);
	BYTEWALK_ENUM(l, enum self_act, p->on_poison, SELF_ACT_COUNT - 1);
	bytewalk_u64(l, &p->hash);
}

static void walk_publication(struct bytewalk *l, struct publication *p)
{
	bytewalk_u64(l, &p->generation);
	BYTEWALK_ENUM(l, enum answer, p->answer, ANSWER_YES);
	walk_ring(l, &p->ring);
	bytewalk_u64(l, &p->host_life);
	bytewalk_u64(l, &p->until_ms);
	bytewalk_u32(l, &p->poll_ms);
	bytewalk_u32(l, &p->repeat_ms);
}

static void walk_peer(struct bytewalk *l, struct peer_status *p)
{
	bytewalk_u32(l, &p->node_id);
	BYTEWALK_ENUM(l, enum slot_state, p->state, SLOT_LEAVING);
	bytewalk_bool(l, &p->live);
	bytewalk_bool(l, &p->at_work);
	bytewalk_bool(l, &p->available);
	bytewalk_bool(l, &p->classified);
	bytewalk_bool(l, &p->same_view);
	bytewalk_u64(l, &p->incarnation);
	bytewalk_u64(l, &p->host_life);
	bytewalk_u64(l, &p->silent_ms);
	bytewalk_u64(l, &p->x_ms);
	walk_ring(l, &p->ring);
	bytewalk_u32(l, &p->weight);
	BYTEWALK_ENUM(l, enum cast_kind, p->cast, CAST_UNKNOWN);
	bytewalk_bool(l, &p->watchdog_armed);
	bytewalk_u32(l, &p->watchdog_ms);
	bytewalk_bool(l, &p->registered);
	bytewalk_bool(l, &p->fit);
	bytewalk_u64(l, &p->config_hash);
	bytewalk_u32(l, &p->beat_ms_max);
}

/* Peers of free slots are not told. */
static void walk_peers(struct bytewalk *l, struct peer_status *peer)
{
	uint64_t used = 0;

	for (uint32_t i = 0; i < NODES_MAX && !l->reading; i++) {
		if (peer[i].node_id != 0)
			used |= slot_bit(i);
	}
	bytewalk_u64(l, &used);
	for (; used != 0; used &= used - 1) {
		struct peer_status *p = &peer[__builtin_ctzll(used)];

		walk_peer(l, p);
		if (p->node_id == 0)
			l->failed = true;
	}
}

/* What was decided. */
static void walk_decision(struct bytewalk *l, struct decision_status *n)
{
	bytewalk_u64(l, &n->at_ms);
	BYTEWALK_ENUM(l, enum decision_kind, n->kind, DECISION_GROWTH);
	BYTEWALK_ENUM(l, enum rank_step, n->step, RANK_TIE_BREAKER);
	walk_ring(l, &n->ring);
	bytewalk_u64(l, &n->set);
	bytewalk_u32(l, &n->by_node_id);
	bytewalk_bool(l, &n->own);
	bytewalk_bool(l, &n->heir_kept);
}

static void walk_decision_view(struct bytewalk *l, struct decision_view *v)
{
	walk_ring(l, &v->ring);
	bytewalk_u64(l, &v->listed);
	bytewalk_u64(l, &v->set);
	bytewalk_u64(l, &v->votes);
	bytewalk_u64(l, &v->weight);
	(void)bytewalk_count(l, &v->member_count, NODES_MAX);
	(void)bytewalk_count(l, &v->active, NODES_MAX);
	bytewalk_u32(l, &v->low);
	bytewalk_u32(l, &v->high);
	bytewalk_bool(l, &v->consistent);
	bytewalk_bool(l, &v->superseded);
	bytewalk_bool(l, &v->contends);
	BYTEWALK_ENUM(l, enum rank_step, v->step, RANK_TIE_BREAKER);
}

/* What it rested on. */
static void walk_inputs(struct bytewalk *l, struct decision_status *n)
{
	uint64_t used = 0;
	uint32_t count;

	bytewalk_u64(l, &n->asked_ms);
	BYTEWALK_ENUM(l, enum algorithm, n->algorithm, ALGORITHM_FFSPLIT);
	BYTEWALK_ENUM(l, enum tie_breaker, n->tie_breaker, TIE_NODE);
	bytewalk_u32(l, &n->tie_node_id);
	bytewalk_bool(l, &n->workload);
	bytewalk_u64(l, &n->votes_all);
	bytewalk_u64(l, &n->before);
	bytewalk_u64(l, &n->live);
	bytewalk_u64(l, &n->available);
	(void)bytewalk_count(l, &n->winner, NODES_MAX);
	count = bytewalk_count(l, &n->count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_decision_view(l, &n->view[i]);
	for (uint32_t i = 0; i < NODES_MAX && !l->reading; i++) {
		if (n->node_id[i] != 0)
			used |= slot_bit(i);
	}
	bytewalk_u64(l, &used);
	for (; used != 0; used &= used - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(used);

		bytewalk_u32(l, &n->node_id[i]);
		bytewalk_u32(l, &n->votes[i]);
		bytewalk_u32(l, &n->weight[i]);
		if (n->node_id[i] == 0)
			l->failed = true;
	}
	if (n->winner > n->count)
		l->failed = true;
}

static void walk_disk_status(struct bytewalk *l, struct disk_status *d)
{
	uint32_t own_slot;

	BYTEWALK_ENUM(l, enum disk_phase, d->phase, DISK_OUT);
	bytewalk_bool(l, &d->shared);
	bytewalk_u64(l, &d->beats);
	bytewalk_u64(l, &d->beat_age_ms);
	bytewalk_u32(l, &d->leader_node_id);
	bytewalk_bool(l, &d->leading);
	walk_value(l, &d->accepted);
	walk_number(l, &d->accepted_bal);
	bytewalk_bool(l, &d->casting);
	bytewalk_u64(l, &d->hold_until_ms);
	bytewalk_bool(l, &d->write_outstanding);
	bytewalk_u64(l, &d->write_age_ms);
	own_slot = bytewalk_small(l, d->own_slot, SLOT_NONE);
	if (l->reading)
		d->own_slot = (uint8_t)own_slot;
	walk_peers(l, d->peer);
	BYTEWALK_ENUM(l, enum wait_kind, d->waiting, WAIT_HOLDERS);
	bytewalk_u64(l, &d->waiting_slots);
	bytewalk_u64(l, &d->waiting_until_ms);
	walk_decision(l, &d->decision);
}

/* Of one disk, what its last decision rested on. */
static void walk_disk_why(struct bytewalk *l, struct disk_status *d)
{
	BYTEWALK_ENUM(l, enum disk_phase, d->phase, DISK_OUT);
	bytewalk_bool(l, &d->shared);
	bytewalk_u32(l, &d->leader_node_id);
	bytewalk_bool(l, &d->leading);
	walk_value(l, &d->accepted);
	walk_number(l, &d->accepted_bal);
	walk_decision(l, &d->decision);
	walk_inputs(l, &d->decision);
}

static void walk_evict_item(struct bytewalk *l, struct evict_item *i)
{
	bytewalk_u32(l, &i->node_id);
	BYTEWALK_ENUM(l, enum evict_why, i->why, EVICT_WHY_COUNT - 1);
	bytewalk_u64(l, &i->incarnation);
	bytewalk_bool(l, &i->ordered);
	BYTEWALK_ENUM(l, enum evict_gate, i->gate, EVICT_GATE_COUNT - 1);
	BYTEWALK_ENUM(l, enum evict_progress, i->progress, EVICT_PROGRESS_COUNT - 1);
	bytewalk_u32(l, &i->attempts);
	bytewalk_u64(l, &i->since_ms);
	bytewalk_text(l, i->text, sizeof(i->text));
}

static void walk_evict(struct bytewalk *l, struct evict_status *s)
{
	uint32_t count;

	bytewalk_bool(l, &s->bridge);
	bytewalk_bool(l, &s->fencer);
	bytewalk_bool(l, &s->known);
	bytewalk_bool(l, &s->fencing_enabled);
	bytewalk_bool(l, &s->maintenance);
	bytewalk_bool(l, &s->poisoned);
	bytewalk_u32(l, &s->watchdog_ms);
	count = bytewalk_count(l, &s->count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_evict_item(l, &s->item[i]);
	count = bytewalk_count(l, &s->poison_count, POISON_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_u32(l, &s->poison[i].node_id);
		bytewalk_bool(l, &s->poison[i].written);
		bytewalk_u64(l, &s->poison[i].incarnation);
	}
}

/* returns: the count of disks. */
static uint32_t walk_arb_status(struct bytewalk *l, struct arb_status *s)
{
	uint32_t count;

	bytewalk_u64(l, &s->now_ms);
	bytewalk_u32(l, &s->node_id);
	bytewalk_u64(l, &s->incarnation);
	bytewalk_u64(l, &s->host_life);
	walk_view(l, &s->view);
	bytewalk_bool(l, &s->registered);
	bytewalk_bool(l, &s->quorate);
	bytewalk_bool(l, &s->leaving);
	walk_publication(l, &s->publication);
	BYTEWALK_ENUM(l, enum vote_reason, s->reason, REASON_COUNT - 1);
	count = bytewalk_count(l, &s->arbiter_count, ARBITERS_MAX);
	(void)bytewalk_count(l, &s->grants, ARBITERS_MAX);
	walk_policy(l, &s->policy);
	walk_evict(l, &s->evict);
	for (uint32_t i = 0; i < count; i++)
		walk_disk_status(l, &s->disk[i]);
	return count;
}

static void walk_latency(struct bytewalk *l, struct ipc_latency *t)
{
	bytewalk_u64(l, &t->count);
	bytewalk_u64(l, &t->last_us);
	bytewalk_u64(l, &t->p50_us);
	bytewalk_u64(l, &t->p99_us);
	bytewalk_u64(l, &t->max_us);
}

static void walk_cluster(struct bytewalk *l, struct ipc_status *s)
{
	uint32_t count;

	bytewalk_text(l, s->cluster_name, sizeof(s->cluster_name));
	count = bytewalk_count(l, &s->node_count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_u32(l, &s->node[i].node_id);
		bytewalk_text(l, s->node[i].name, sizeof(s->node[i].name));
	}
}

static void walk_why(struct bytewalk *l, struct ipc_status *s)
{
	uint32_t count;

	walk_cluster(l, s);
	bytewalk_u64(l, &s->arb.now_ms);
	bytewalk_u32(l, &s->arb.node_id);
	walk_view(l, &s->arb.view);
	bytewalk_bool(l, &s->arb.quorate);
	walk_publication(l, &s->arb.publication);
	BYTEWALK_ENUM(l, enum vote_reason, s->arb.reason, REASON_COUNT - 1);
	count = bytewalk_count(l, &s->arb.arbiter_count, ARBITERS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_text(l, s->disk[i].name, sizeof(s->disk[i].name));
		walk_disk_why(l, &s->arb.disk[i]);
	}
}

static void walk_status(struct bytewalk *l, struct ipc_status *s)
{
	uint32_t count;

	walk_cluster(l, s);
	bytewalk_text(l, s->other_device, sizeof(s->other_device));
	BYTEWALK_ENUM(l, enum ipc_wait_for_all, s->wait_for_all, IPC_WFA_WAITING);
	count = walk_arb_status(l, &s->arb);
	for (uint32_t i = 0; i < count; i++) {
		struct ipc_disk *d = &s->disk[i];

		bytewalk_text(l, d->name, sizeof(d->name));
		bytewalk_text(l, d->label, sizeof(d->label));
		bytewalk_text(l, d->device, sizeof(d->device));
		bytewalk_raw(l, d->uuid, sizeof(d->uuid));
		BYTEWALK_ENUM(l, enum rc, d->rc, RC_COUNT - 1);
		walk_latency(l, &d->read);
		walk_latency(l, &d->write);
	}
}

static void walk_weights(struct bytewalk *l, struct ipc_weights *w)
{
	uint32_t count;

	bytewalk_u32(l, &w->sum);
	count = bytewalk_count(l, &w->count, LEASES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		bytewalk_text(l, w->weight[i].name, sizeof(w->weight[i].name));
		bytewalk_u32(l, &w->weight[i].value);
		bytewalk_u64(l, &w->weight[i].left_ms);
	}
}

static void walk_request(struct bytewalk *l, struct ipc_request *q)
{
	switch (q->type) {
	case IPC_WEIGHT:
		bytewalk_text(l, q->u.weight.name, sizeof(q->u.weight.name));
		bytewalk_u32(l, &q->u.weight.value);
		bytewalk_u32(l, &q->u.weight.lease_ms);
		return;
	case IPC_WEIGHT_CLEAR:
		bytewalk_text(l, q->u.weight.name, sizeof(q->u.weight.name));
		return;
	case IPC_EVICT:
	case IPC_POISON:
		bytewalk_u32(l, &q->u.evict.node_id);
		return;
	case IPC_STATUS:
	case IPC_WHY:
	case IPC_VERSION:
	case IPC_TRACE:
	case IPC_WEIGHT_LIST:
		return;
	case IPC_TYPE_END:
		break;
	}
	l->failed = true;
}

static void walk_response(struct bytewalk *l, struct ipc_response *r)
{
	if (r->type < IPC_STATUS || r->type >= IPC_TYPE_END)
		l->failed = true;
	BYTEWALK_ENUM(l, enum rc, r->rc, RC_COUNT - 1);
	bytewalk_text(l, r->text, sizeof(r->text));
	if (r->type == IPC_STATUS && r->rc == RC_OK)
		walk_status(l, &r->status);
	if (r->type == IPC_WEIGHT_LIST && r->rc == RC_OK)
		walk_weights(l, &r->weights);
	if (r->type == IPC_WHY && r->rc == RC_OK)
		walk_why(l, &r->status);
}

static enum rc begin_read(struct bytewalk *l, const uint8_t *data, size_t size, uint32_t *type)
{
	enum rc rc = bytewalk_begin_read(l, magic, IPCWIRE_VERSION, data, size, type);

	if (rc == RC_OK && (*type < IPC_STATUS || *type >= IPC_TYPE_END))
		rc = RC_BADVALUE;
	return rc;
}

size_t ipcwire_encode_request(const struct ipc_request *q, uint8_t *out, size_t size)
{
	struct ipc_request copy = *q;
	struct bytewalk l;

	bytewalk_begin_write(&l, magic, IPCWIRE_VERSION, q->type, out, size);
	walk_request(&l, &copy);
	return bytewalk_end_write(&l);
}

enum rc ipcwire_decode_request(const uint8_t *data, size_t size, struct ipc_request *q)
{
	struct bytewalk l;
	uint32_t type = 0;
	enum rc rc = begin_read(&l, data, size, &type);

	memset(q, 0, sizeof(*q));
	if (rc != RC_OK)
		return rc;
	q->type = (enum ipc_type)type;
	walk_request(&l, q);
	return bytewalk_end_read(&l);
}

size_t ipcwire_encode_response(const struct ipc_response *r, uint8_t *out, size_t size)
{
	struct bytewalk l;
	union {
		const struct ipc_response *in;
		struct ipc_response *walked;
	} u = { r };

	/* The walk writes back only what it read, and in this direction it reads nothing. */
	bytewalk_begin_write(&l, magic, IPCWIRE_VERSION, r->type, out, size);
	walk_response(&l, u.walked);
	return bytewalk_end_write(&l);
}

enum rc ipcwire_decode_response(const uint8_t *data, size_t size, struct ipc_response *r)
{
	struct bytewalk l;
	uint32_t type = 0;
	enum rc rc = begin_read(&l, data, size, &type);

	memset(r, 0, sizeof(*r));
	if (rc != RC_OK)
		return rc;
	r->type = (enum ipc_type)type;
	walk_response(&l, r);
	return bytewalk_end_read(&l);
}

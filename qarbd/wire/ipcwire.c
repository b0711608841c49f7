/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/ipcwire.h"

#include <string.h>

#include "base/bytes.h"

/* One walk over the fields either writes or reads them, so that the two cannot differ. */
struct walk {
	bool reading;
	bool failed; /* a value outside its range */
	struct bytes_reader r;
	struct bytes_writer w;
};

static const uint8_t magic[4] = { 'Q', 'I', 'P', 'C' };

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
static uint8_t walk_small(struct walk *l, uint32_t v, uint32_t max)
{
	if (!l->reading)
		bytes_put_u8(&l->w, (uint8_t)v);
	else
		v = bytes_get_u8(&l->r);
	if (v > max) {
		l->failed = true;
		v = 0;
	}
	return (uint8_t)v;
}

static void walk_bool(struct walk *l, bool *v)
{
	uint8_t read = walk_small(l, *v, 1);

	if (l->reading)
		*v = read != 0;
}

#define WALK_ENUM(l, type, field, last)                                                            \
	do {                                                                                       \
		uint8_t read_ = walk_small((l), (uint32_t)(field), (uint32_t)(last));              \
                                                                                                   \
		if ((l)->reading)                                                                  \
			(field) = (type)read_;                                                     \
	} while (0)

/* A count up to max.  returns: it; after a failure 0, so that no loop runs over what is not there.
 */
static uint32_t walk_count(struct walk *l, uint32_t *v, uint32_t max)
{
	uint32_t count = walk_small(l, *v, max);

	if (l->reading)
		*v = count;
	return count;
}

static void walk_raw(struct walk *l, void *v, size_t size)
{
	if (l->reading)
		bytes_get_raw(&l->r, v, size);
	else
		bytes_put_raw(&l->w, v, size);
}

/* Length and letters, without the NUL; `size` bytes in memory, filled with zeros. */
static void walk_text(struct walk *l, char *v, size_t size)
{
	uint64_t length = l->reading ? 0 : strnlen(v, size);

	length = walk_small(l, (uint32_t)length, (uint32_t)size - 1);
	if (!l->reading) {
		bytes_put_raw(&l->w, v, length);
		return;
	}
	memset(v, 0, size);
	bytes_get_raw(&l->r, v, length);
	if (memchr(v, 0, length))
		l->failed = true;
}

static void walk_ring(struct walk *l, struct ring_id *r)
{
	walk_u64(l, &r->seq);
	walk_u32(l, &r->node_id);
}

static void walk_members(struct walk *l, struct members *m)
{
	uint32_t count = walk_count(l, &m->count, NODES_MAX);

	for (uint32_t i = 0; i < count; i++)
		walk_u32(l, &m->node_id[i]);
}

static void walk_view(struct walk *l, struct view *v)
{
	walk_ring(l, &v->ring);
	walk_members(l, &v->members);
	walk_u64(l, &v->incarnation);
}

static void walk_number(struct walk *l, struct number *n)
{
	walk_u64(l, &n->ballot.counter);
	walk_u32(l, &n->ballot.node_id);
	walk_u64(l, &n->k);
}

static void walk_value(struct walk *l, struct value *v)
{
	struct grant *g = &v->grant;
	uint32_t count;

	walk_number(l, &g->number);
	walk_ring(l, &g->ring);
	walk_members(l, &g->members);
	walk_u64(l, &g->set);
	for (uint64_t rest = g->set; rest != 0; rest &= rest - 1)
		walk_u64(l, &g->host_life[__builtin_ctzll(rest)]);
	walk_u64(l, &v->pending);
	count = walk_count(l, &v->map.count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_u32(l, &v->map.node_id[i]);
}

static void walk_policy(struct walk *l, struct policy *p)
{
	uint32_t count;

	WALK_ENUM(l, enum algorithm, p->algorithm, ALGORITHM_FFSPLIT);
	WALK_ENUM(l, enum tie_breaker, p->tie_breaker, TIE_NODE);
	walk_u32(l, &p->tie_node_id);
	walk_bool(l, &p->workload);
	walk_u32(l, &p->timeout_ms);
	walk_u32(l, &p->sync_timeout_ms);
	walk_u32(l, &p->token_ms);
	walk_u32(l, &p->consensus_ms);
	walk_u32(l, &p->dead_ms);
	walk_u32(l, &p->interval_ms);
	walk_u32(l, &p->hold_ms);
	walk_u32(l, &p->poll_ms);
	walk_u32(l, &p->settle_ms);
	walk_u32(l, &p->late_ms);
	walk_u32(l, &p->up_beats);
	walk_u32(l, &p->margin_ms);
	count = walk_count(l, &p->arbiter_count, ARBITERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		WALK_ENUM(l, enum arbiter_type, p->arbiter_type[i], ARBITER_QNETD);
	walk_bool(l, &p->evict);
	walk_bool(l, &p->evict_in_maintenance);
	walk_bool(l, &p->evict_on_score);
	WALK_ENUM(l, enum fence_action, p->evict_action, FENCE_ACTION_COUNT - 1);
	walk_u32(l, &p->evict_after_ms);
	WALK_ENUM(l, enum self_act, p->on_loss, SELF_ACT_COUNT - 1);
	WALK_ENUM(l, enum self_act, p->on_poison, SELF_ACT_COUNT - 1);
	walk_u64(l, &p->hash);
}

static void walk_publication(struct walk *l, struct publication *p)
{
	walk_u64(l, &p->generation);
	WALK_ENUM(l, enum answer, p->answer, ANSWER_YES);
	walk_ring(l, &p->ring);
	walk_u64(l, &p->host_life);
	walk_u64(l, &p->until_ms);
	walk_u32(l, &p->poll_ms);
	walk_u32(l, &p->repeat_ms);
}

static void walk_peer(struct walk *l, struct peer_status *p)
{
	walk_u32(l, &p->node_id);
	WALK_ENUM(l, enum slot_state, p->state, SLOT_LEAVING);
	walk_bool(l, &p->live);
	walk_bool(l, &p->available);
	walk_bool(l, &p->classified);
	walk_bool(l, &p->same_view);
	walk_u64(l, &p->incarnation);
	walk_u64(l, &p->host_life);
	walk_u64(l, &p->silent_ms);
	walk_u64(l, &p->x_ms);
	walk_ring(l, &p->ring);
	walk_u32(l, &p->weight);
	WALK_ENUM(l, enum cast_kind, p->cast, CAST_UNKNOWN);
	walk_bool(l, &p->watchdog_armed);
	walk_u32(l, &p->watchdog_ms);
	walk_bool(l, &p->registered);
	walk_bool(l, &p->fit);
	walk_u64(l, &p->config_hash);
	walk_u32(l, &p->beat_ms_max);
}

/* Peers of free slots are not told. */
static void walk_peers(struct walk *l, struct peer_status *peer)
{
	uint64_t used = 0;

	for (uint32_t i = 0; i < NODES_MAX && !l->reading; i++) {
		if (peer[i].node_id != 0)
			used |= slot_bit(i);
	}
	walk_u64(l, &used);
	for (; used != 0; used &= used - 1) {
		struct peer_status *p = &peer[__builtin_ctzll(used)];

		walk_peer(l, p);
		if (p->node_id == 0)
			l->failed = true;
	}
}

/* What was decided. */
static void walk_decision(struct walk *l, struct decision_status *n)
{
	walk_u64(l, &n->at_ms);
	WALK_ENUM(l, enum decision_kind, n->kind, DECISION_GROWTH);
	WALK_ENUM(l, enum rank_step, n->step, RANK_TIE_BREAKER);
	walk_ring(l, &n->ring);
	walk_u64(l, &n->set);
	walk_u32(l, &n->by_node_id);
	walk_bool(l, &n->own);
	walk_bool(l, &n->heir_kept);
}

static void walk_decision_view(struct walk *l, struct decision_view *v)
{
	walk_ring(l, &v->ring);
	walk_u64(l, &v->listed);
	walk_u64(l, &v->set);
	walk_u64(l, &v->votes);
	walk_u64(l, &v->weight);
	(void)walk_count(l, &v->member_count, NODES_MAX);
	(void)walk_count(l, &v->active, NODES_MAX);
	walk_u32(l, &v->low);
	walk_u32(l, &v->high);
	walk_bool(l, &v->consistent);
	walk_bool(l, &v->superseded);
	walk_bool(l, &v->contends);
	WALK_ENUM(l, enum rank_step, v->step, RANK_TIE_BREAKER);
}

/* What it rested on. */
static void walk_inputs(struct walk *l, struct decision_status *n)
{
	uint64_t used = 0;
	uint32_t count;

	walk_u64(l, &n->asked_ms);
	WALK_ENUM(l, enum algorithm, n->algorithm, ALGORITHM_FFSPLIT);
	WALK_ENUM(l, enum tie_breaker, n->tie_breaker, TIE_NODE);
	walk_u32(l, &n->tie_node_id);
	walk_bool(l, &n->workload);
	walk_u64(l, &n->votes_all);
	walk_u64(l, &n->before);
	walk_u64(l, &n->live);
	walk_u64(l, &n->available);
	(void)walk_count(l, &n->winner, NODES_MAX);
	count = walk_count(l, &n->count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_decision_view(l, &n->view[i]);
	for (uint32_t i = 0; i < NODES_MAX && !l->reading; i++) {
		if (n->node_id[i] != 0)
			used |= slot_bit(i);
	}
	walk_u64(l, &used);
	for (; used != 0; used &= used - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(used);

		walk_u32(l, &n->node_id[i]);
		walk_u32(l, &n->votes[i]);
		walk_u32(l, &n->weight[i]);
		if (n->node_id[i] == 0)
			l->failed = true;
	}
	if (n->winner > n->count)
		l->failed = true;
}

static void walk_disk_status(struct walk *l, struct disk_status *d)
{
	uint8_t own_slot;

	WALK_ENUM(l, enum disk_phase, d->phase, DISK_OUT);
	walk_bool(l, &d->shared);
	walk_u64(l, &d->beats);
	walk_u64(l, &d->beat_age_ms);
	walk_u32(l, &d->leader_node_id);
	walk_bool(l, &d->leading);
	walk_value(l, &d->accepted);
	walk_number(l, &d->accepted_bal);
	walk_bool(l, &d->casting);
	walk_u64(l, &d->hold_until_ms);
	walk_bool(l, &d->write_outstanding);
	walk_u64(l, &d->write_age_ms);
	own_slot = walk_small(l, d->own_slot, SLOT_NONE);
	if (l->reading)
		d->own_slot = own_slot;
	walk_peers(l, d->peer);
	WALK_ENUM(l, enum wait_kind, d->waiting, WAIT_HOLDERS);
	walk_u64(l, &d->waiting_slots);
	walk_u64(l, &d->waiting_until_ms);
	walk_decision(l, &d->decision);
}

/* Of one disk, what its last decision rested on. */
static void walk_disk_why(struct walk *l, struct disk_status *d)
{
	WALK_ENUM(l, enum disk_phase, d->phase, DISK_OUT);
	walk_bool(l, &d->shared);
	walk_u32(l, &d->leader_node_id);
	walk_bool(l, &d->leading);
	walk_value(l, &d->accepted);
	walk_number(l, &d->accepted_bal);
	walk_decision(l, &d->decision);
	walk_inputs(l, &d->decision);
}

static void walk_evict_item(struct walk *l, struct evict_item *i)
{
	walk_u32(l, &i->node_id);
	WALK_ENUM(l, enum evict_why, i->why, EVICT_WHY_COUNT - 1);
	walk_u64(l, &i->incarnation);
	walk_bool(l, &i->ordered);
	WALK_ENUM(l, enum evict_gate, i->gate, EVICT_GATE_COUNT - 1);
	WALK_ENUM(l, enum evict_progress, i->progress, EVICT_PROGRESS_COUNT - 1);
	walk_u32(l, &i->attempts);
	walk_u64(l, &i->since_ms);
	walk_text(l, i->text, sizeof(i->text));
}

static void walk_evict(struct walk *l, struct evict_status *s)
{
	uint32_t count;

	walk_bool(l, &s->bridge);
	walk_bool(l, &s->fencer);
	walk_bool(l, &s->known);
	walk_bool(l, &s->fencing_enabled);
	walk_bool(l, &s->maintenance);
	walk_bool(l, &s->poisoned);
	walk_u32(l, &s->watchdog_ms);
	count = walk_count(l, &s->count, EVICT_ORDERS_MAX);
	for (uint32_t i = 0; i < count; i++)
		walk_evict_item(l, &s->item[i]);
	count = walk_count(l, &s->poison_count, POISON_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_u32(l, &s->poison[i].node_id);
		walk_bool(l, &s->poison[i].written);
		walk_u64(l, &s->poison[i].incarnation);
	}
}

/* returns: the count of disks. */
static uint32_t walk_arb_status(struct walk *l, struct arb_status *s)
{
	uint32_t count;

	walk_u64(l, &s->now_ms);
	walk_u32(l, &s->node_id);
	walk_u64(l, &s->incarnation);
	walk_u64(l, &s->host_life);
	walk_view(l, &s->view);
	walk_bool(l, &s->registered);
	walk_bool(l, &s->quorate);
	walk_bool(l, &s->leaving);
	walk_publication(l, &s->publication);
	WALK_ENUM(l, enum vote_reason, s->reason, REASON_COUNT - 1);
	count = walk_count(l, &s->arbiter_count, ARBITERS_MAX);
	(void)walk_count(l, &s->grants, ARBITERS_MAX);
	walk_policy(l, &s->policy);
	walk_evict(l, &s->evict);
	for (uint32_t i = 0; i < count; i++)
		walk_disk_status(l, &s->disk[i]);
	return count;
}

static void walk_latency(struct walk *l, struct ipc_latency *t)
{
	walk_u64(l, &t->count);
	walk_u64(l, &t->last_us);
	walk_u64(l, &t->p50_us);
	walk_u64(l, &t->p99_us);
	walk_u64(l, &t->max_us);
}

static void walk_cluster(struct walk *l, struct ipc_status *s)
{
	uint32_t count;

	walk_text(l, s->cluster_name, sizeof(s->cluster_name));
	count = walk_count(l, &s->node_count, NODES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_u32(l, &s->node[i].node_id);
		walk_text(l, s->node[i].name, sizeof(s->node[i].name));
	}
}

static void walk_why(struct walk *l, struct ipc_status *s)
{
	uint32_t count;

	walk_cluster(l, s);
	walk_u64(l, &s->arb.now_ms);
	walk_u32(l, &s->arb.node_id);
	walk_view(l, &s->arb.view);
	walk_bool(l, &s->arb.quorate);
	walk_publication(l, &s->arb.publication);
	WALK_ENUM(l, enum vote_reason, s->arb.reason, REASON_COUNT - 1);
	count = walk_count(l, &s->arb.arbiter_count, ARBITERS_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_text(l, s->disk[i].name, sizeof(s->disk[i].name));
		walk_disk_why(l, &s->arb.disk[i]);
	}
}

static void walk_status(struct walk *l, struct ipc_status *s)
{
	uint32_t count;

	walk_cluster(l, s);
	WALK_ENUM(l, enum ipc_wait_for_all, s->wait_for_all, IPC_WFA_WAITING);
	count = walk_arb_status(l, &s->arb);
	for (uint32_t i = 0; i < count; i++) {
		struct ipc_disk *d = &s->disk[i];

		walk_text(l, d->name, sizeof(d->name));
		walk_text(l, d->label, sizeof(d->label));
		walk_text(l, d->device, sizeof(d->device));
		walk_raw(l, d->uuid, sizeof(d->uuid));
		WALK_ENUM(l, enum rc, d->rc, RC_COUNT - 1);
		walk_latency(l, &d->read);
		walk_latency(l, &d->write);
	}
}

static void walk_weights(struct walk *l, struct ipc_weights *w)
{
	uint32_t count;

	walk_u32(l, &w->sum);
	count = walk_count(l, &w->count, LEASES_MAX);
	for (uint32_t i = 0; i < count; i++) {
		walk_text(l, w->weight[i].name, sizeof(w->weight[i].name));
		walk_u32(l, &w->weight[i].value);
		walk_u64(l, &w->weight[i].left_ms);
	}
}

static void walk_request(struct walk *l, struct ipc_request *q)
{
	switch (q->type) {
	case IPC_WEIGHT:
		walk_text(l, q->u.weight.name, sizeof(q->u.weight.name));
		walk_u32(l, &q->u.weight.value);
		walk_u32(l, &q->u.weight.lease_ms);
		return;
	case IPC_WEIGHT_CLEAR:
		walk_text(l, q->u.weight.name, sizeof(q->u.weight.name));
		return;
	case IPC_EVICT:
	case IPC_POISON:
		walk_u32(l, &q->u.evict.node_id);
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

static void walk_response(struct walk *l, struct ipc_response *r)
{
	if (r->type < IPC_STATUS || r->type >= IPC_TYPE_END)
		l->failed = true;
	WALK_ENUM(l, enum rc, r->rc, RC_COUNT - 1);
	walk_text(l, r->text, sizeof(r->text));
	if (r->type == IPC_STATUS && r->rc == RC_OK)
		walk_status(l, &r->status);
	if (r->type == IPC_WEIGHT_LIST && r->rc == RC_OK)
		walk_weights(l, &r->weights);
	if (r->type == IPC_WHY && r->rc == RC_OK)
		walk_why(l, &r->status);
}

/* The header, with the size still to be filled in. */
static void begin_write(struct walk *l, uint32_t type, uint8_t *out, size_t size)
{
	memset(l, 0, sizeof(*l));
	bytes_writer_init(&l->w, out, size);
	bytes_put_raw(&l->w, magic, sizeof(magic));
	bytes_put_u32(&l->w, IPCWIRE_VERSION);
	bytes_put_u32(&l->w, type);
	bytes_put_u32(&l->w, 0);
}

static size_t end_write(const struct walk *l)
{
	if (l->failed || l->w.failed)
		return 0;
	bytes_store_u32(l->w.data + IPCWIRE_HEADER_SIZE - 4, (uint32_t)l->w.at);
	return l->w.at;
}

static enum rc begin_read(struct walk *l, const uint8_t *data, size_t size, uint32_t *type)
{
	uint8_t found[4];

	memset(l, 0, sizeof(*l));
	l->reading = true;
	bytes_reader_init(&l->r, data, size);
	bytes_get_raw(&l->r, found, sizeof(found));
	if (memcmp(found, magic, sizeof(magic)) != 0)
		return RC_BADMAGIC;
	if (bytes_get_u32(&l->r) != IPCWIRE_VERSION)
		return RC_BADVERSION;
	*type = bytes_get_u32(&l->r);
	if (bytes_get_u32(&l->r) != size)
		return RC_BADVALUE;
	return *type >= IPC_STATUS && *type < IPC_TYPE_END ? RC_OK : RC_BADVALUE;
}

static enum rc end_read(const struct walk *l)
{
	return !l->failed && bytes_reader_done(&l->r) ? RC_OK : RC_BADVALUE;
}

size_t ipcwire_encode_request(const struct ipc_request *q, uint8_t *out, size_t size)
{
	struct ipc_request copy = *q;
	struct walk l;

	begin_write(&l, q->type, out, size);
	walk_request(&l, &copy);
	return end_write(&l);
}

enum rc ipcwire_decode_request(const uint8_t *data, size_t size, struct ipc_request *q)
{
	struct walk l;
	uint32_t type = 0;
	enum rc rc = begin_read(&l, data, size, &type);

	memset(q, 0, sizeof(*q));
	if (rc != RC_OK)
		return rc;
	q->type = (enum ipc_type)type;
	walk_request(&l, q);
	return end_read(&l);
}

size_t ipcwire_encode_response(const struct ipc_response *r, uint8_t *out, size_t size)
{
	struct walk l;
	union {
		const struct ipc_response *in;
		struct ipc_response *walked;
	} u = { r };

	/* The walk writes back only what it read, and in this direction it reads nothing. */
	begin_write(&l, r->type, out, size);
	walk_response(&l, u.walked);
	return end_write(&l);
}

enum rc ipcwire_decode_response(const uint8_t *data, size_t size, struct ipc_response *r)
{
	struct walk l;
	uint32_t type = 0;
	enum rc rc = begin_read(&l, data, size, &type);

	memset(r, 0, sizeof(*r));
	if (rc != RC_OK)
		return rc;
	r->type = (enum ipc_type)type;
	walk_response(&l, r);
	return end_read(&l);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: a status for programs.  doc/schema has the schemas. */
#include "model/timing.h"
#include "tool/emit.h"
#include "tool/statusfacts.h"
#include "tool/statustext.h"

void status_emit_ring(struct emit *e, const char *key, const struct ring_id *ring)
{
	emit_object(e, key);
	emit_number(e, "node_id", ring->node_id);
	emit_number(e, "seq", ring->seq);
	emit_close(e);
}

void status_emit_set(struct emit *e, const char *key, const uint32_t *node_id, uint64_t set)
{
	emit_list(e, key);
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) != 0)
			emit_node_id(e, node_id[i]);
	}
	emit_close(e);
}

static void emit_latency(struct emit *e, const char *key, const struct ipc_latency *l)
{
	emit_object(e, key);
	emit_number(e, "count", l->count);
	emit_number(e, "last_us", l->last_us);
	emit_number(e, "p50_us", l->p50_us);
	emit_number(e, "p99_us", l->p99_us);
	emit_number(e, "max_us", l->max_us);
	emit_close(e);
}

static void emit_peer(struct emit *e, const struct ipc_status *s, const struct peer_status *p,
		      uint32_t slot)
{
	bool read = p->silent_ms != UINT64_MAX;

	emit_object(e, "node");
	emit_number(e, "node_id", p->node_id);
	emit_text(e, "name", status_node_name(s, p->node_id));
	emit_number(e, "slot", slot);
	emit_text(e, "state", status_slot_state(p->state));
	emit_bool(e, "live", p->live);
	emit_bool(e, "available", p->available);
	emit_bool(e, "classified", p->classified);
	emit_bool(e, "registered", p->registered);
	emit_bool(e, "fit", p->fit);
	emit_bool(e, "same_view", p->same_view);
	emit_text(e, "cast", status_cast(p->cast));
	emit_optional(e, "silent_ms", p->silent_ms, read);
	emit_number(e, "x_ms", p->x_ms);
	emit_optional(e, "beat_ms_max", p->beat_ms_max, read);
	emit_number(e, "weight", p->weight);
	emit_bool(e, "watchdog_armed", p->watchdog_armed);
	emit_number(e, "watchdog_ms", p->watchdog_ms);
	emit_hex(e, "incarnation", p->incarnation);
	emit_hex(e, "config_hash", p->config_hash);
	status_emit_ring(e, "ring", &p->ring);
	emit_close(e);
}

void status_emit_grant(struct emit *e, const struct value *v)
{
	const struct grant *g = &v->grant;

	emit_object(e, "grant");
	emit_number(e, "ballot", g->number.ballot.counter);
	emit_number(e, "ballot_node_id", g->number.ballot.node_id);
	emit_number(e, "k", g->number.k);
	status_emit_ring(e, "ring", &g->ring);
	emit_list(e, "members");
	for (uint32_t i = 0; i < g->members.count; i++)
		emit_node_id(e, g->members.node_id[i]);
	emit_close(e);
	status_emit_set(e, "set", v->map.node_id, g->set);
	status_emit_set(e, "pending", v->map.node_id, v->pending);
	emit_close(e);
}

static void emit_decision(struct emit *e, const struct ipc_status *s, const struct disk_status *d)
{
	const struct decision_status *n = &d->decision;
	bool decided = n->at_ms != 0;

	emit_object(e, "decision");
	emit_optional(e, "age_ms", s->arb.now_ms - n->at_ms, decided);
	emit_text(e, "kind", status_decision_kind(n->kind));
	emit_text(e, "step", status_rank_word(n->step));
	emit_text(e, "because", status_rank(n->step));
	emit_bool(e, "own", n->own);
	emit_optional(e, "by_node_id", n->by_node_id, decided);
	status_emit_ring(e, "ring", &n->ring);
	status_emit_set(e, "set", d->accepted.map.node_id, n->set);
	emit_close(e);
}

static void emit_arbiter(struct emit *e, const struct ipc_status *s, uint32_t index)
{
	const struct disk_status *d = &s->arb.disk[index];
	const struct ipc_disk *c = &s->disk[index];

	emit_object(e, "arbiter");
	emit_text(e, "name", c->name);
	emit_text(e, "type", "disk");
	emit_text(e, "device", c->device);
	emit_text(e, "label", c->label);
	emit_text(e, "phase", status_phase_word(d->phase));
	emit_text(e, "open", rc_text(c->rc));
	emit_bool(e, "shared", d->shared);
	emit_bool(e, "casting", d->casting);
	emit_optional(e, "hold_left_ms",
		      d->hold_until_ms > s->arb.now_ms ? d->hold_until_ms - s->arb.now_ms : 0,
		      d->hold_until_ms != 0);
	emit_number(e, "beats", d->beats);
	emit_optional(e, "beat_age_ms", d->beat_age_ms, d->beat_age_ms != UINT64_MAX);
	emit_bool(e, "write_outstanding", d->write_outstanding);
	emit_number(e, "write_age_ms", d->write_age_ms);
	emit_optional(e, "own_slot", d->own_slot, d->own_slot != SLOT_NONE);
	emit_bool(e, "leading", d->leading);
	emit_optional(e, "leader", d->leader_node_id, d->leader_node_id != 0);
	emit_text(e, "waiting", status_wait(d->waiting));
	emit_optional(e, "waiting_left_ms",
		      d->waiting_until_ms > s->arb.now_ms ? d->waiting_until_ms - s->arb.now_ms : 0,
		      d->waiting_until_ms != 0);
	status_emit_grant(e, &d->accepted);
	emit_list(e, "nodes");
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if (d->peer[i].node_id != 0)
			emit_peer(e, s, &d->peer[i], i);
	}
	emit_close(e);
	emit_decision(e, s, d);
	emit_latency(e, "write", &c->write);
	emit_latency(e, "read", &c->read);
	emit_close(e);
}

static void emit_facts(struct emit *e, const struct ipc_status *s)
{
	static struct facts facts;

	statusfacts_collect(s, &facts);
	emit_list(e, "attention");
	for (uint32_t i = 0; i < facts.count; i++) {
		const struct fact *f = &facts.fact[i];

		emit_object(e, "fact");
		emit_text(e, "level", statusfacts_level(f->level));
		emit_text(e, "id", f->id);
		emit_text(e, "arbiter", f->arbiter != NULL ? f->arbiter : "");
		emit_optional(e, "node_id", f->node_id, f->node_id != 0);
		emit_text(e, "text", f->text);
		emit_close(e);
	}
	emit_close(e);
}

static void emit_bridge(struct emit *e, const struct ipc_status *s)
{
	const struct policy *p = &s->arb.policy;
	const struct evict_status *v = &s->arb.evict;

	emit_object(e, "policy");
	emit_bool(e, "evict", p->evict);
	emit_text(e, "evict_action", fence_action_text(p->evict_action));
	emit_text(e, "on_loss", self_act_text(p->on_loss));
	emit_text(e, "on_poison", self_act_text(p->on_poison));
	emit_number(e, "evict_after_ms", p->evict_after_ms);
	emit_close(e);
	emit_object(e, "bridge");
	emit_bool(e, "connected", v->bridge);
	emit_bool(e, "fencer", v->fencer);
	emit_bool(e, "known", v->known);
	emit_bool(e, "fencing_enabled", v->fencing_enabled);
	emit_bool(e, "maintenance", v->maintenance);
	emit_close(e);
}

static void emit_evictions(struct emit *e, const struct ipc_status *s)
{
	const struct evict_status *v = &s->arb.evict;

	emit_list(e, "evictions");
	for (uint32_t i = 0; i < v->count; i++) {
		const struct evict_item *t = &v->item[i];

		emit_object(e, "eviction");
		emit_number(e, "node_id", t->node_id);
		emit_text(e, "node", status_node_name(s, t->node_id));
		emit_text(e, "why", evict_why_text(t->why));
		emit_bool(e, "ordered", t->ordered);
		emit_text(e, "state", t->ordered ? evict_progress_text(t->progress) : "held-up");
		emit_text(e, "reason", t->ordered ? t->text : evict_gate_text(t->gate));
		emit_number(e, "attempts", t->attempts);
		emit_number(e, "age_ms", t->since_ms);
		emit_hex(e, "incarnation", t->incarnation);
		emit_close(e);
	}
	emit_close(e);
	emit_list(e, "poison");
	for (uint32_t i = 0; i < v->poison_count; i++) {
		emit_object(e, "order");
		emit_number(e, "node_id", v->poison[i].node_id);
		emit_bool(e, "written", v->poison[i].written);
		emit_hex(e, "incarnation", v->poison[i].incarnation);
		emit_close(e);
	}
	emit_close(e);
}

void status_emit_times(struct emit *e, const struct policy *p)
{
	struct timings t = timing_of(p);

	emit_object(e, "timings");
	emit_number(e, "dead_ms", p->dead_ms);
	emit_number(e, "interval_ms", p->interval_ms);
	emit_number(e, "hold_ms", p->hold_ms);
	emit_number(e, "poll_ms", p->poll_ms);
	emit_number(e, "settle_ms", p->settle_ms);
	emit_number(e, "margin_ms", p->margin_ms);
	emit_number(e, "late_ms", p->late_ms);
	emit_number(e, "timeout_ms", p->timeout_ms);
	emit_number(e, "sync_timeout_ms", p->sync_timeout_ms);
	emit_number(e, "token_ms", p->token_ms);
	emit_number(e, "consensus_ms", p->consensus_ms);
	emit_number(e, "x_ms", timing_x_ms(&t));
	emit_number(e, "detection_ms", timing_detection_ms(p));
	emit_close(e);
}

void status_emit(const struct ipc_response *r, enum ctl_output form)
{
	static const char *const wait_for_all[] = { "off", "on", "waiting" };
	const struct ipc_status *s = &r->status;
	const struct arb_status *a = &s->arb;
	const struct publication *p = &a->publication;
	bool yes = p->answer == ANSWER_YES && p->until_ms > a->now_ms;
	struct emit e;

	emit_begin(&e, form, stdout, "status");
	emit_text(&e, "warning", r->text);
	emit_text(&e, "cluster", s->cluster_name);
	emit_number(&e, "node_id", a->node_id);
	emit_text(&e, "node", status_node_name(s, a->node_id));
	emit_bool(&e, "vote", yes);
	emit_text(&e, "answer", status_answer(p->answer));
	emit_text(&e, "reason", status_reason(a->reason));
	emit_optional(&e, "vote_left_ms", yes ? p->until_ms - a->now_ms : 0, yes);
	emit_bool(&e, "corosync", a->host_life != 0);
	emit_bool(&e, "registered", a->registered);
	emit_bool(&e, "quorate", a->quorate);
	emit_text(&e, "wait_for_all", wait_for_all[s->wait_for_all]);
	emit_bool(&e, "leaving", a->leaving);
	emit_hex(&e, "incarnation", a->incarnation);
	emit_hex(&e, "config_hash", a->policy.hash);
	emit_number(&e, "grants", a->grants);
	emit_bool(&e, "poisoned", a->evict.poisoned);
	emit_number(&e, "watchdog_ms", a->evict.watchdog_ms);
	status_emit_ring(&e, "ring", &a->view.ring);
	emit_list(&e, "members");
	for (uint32_t i = 0; i < a->view.members.count; i++)
		emit_node_id(&e, a->view.members.node_id[i]);
	emit_close(&e);
	emit_list(&e, "arbiters");
	for (uint32_t i = 0; i < a->arbiter_count && i < ARBITERS_MAX; i++)
		emit_arbiter(&e, s, i);
	emit_close(&e);
	emit_bridge(&e, s);
	emit_evictions(&e, s);
	emit_facts(&e, s);
	status_emit_times(&e, &a->policy);
	emit_end(&e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/why.h"

/* Each member of a view, counted or not; members without a slot have no more than a number. */
static void emit_members(struct emit *e, const struct ipc_status *s,
			 const struct decision_status *n, const struct decision_view *v)
{
	emit_list(e, "members");
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		uint64_t bit = slot_bit(i);

		if (((v->listed | v->set) & bit) == 0)
			continue;
		emit_object(e, "node");
		emit_number(e, "node_id", n->node_id[i]);
		emit_text(e, "name", status_node_name(s, n->node_id[i]));
		emit_number(e, "votes", n->votes[i]);
		emit_number(e, "weight", n->weight[i]);
		emit_bool(e, "counted", (v->set & bit) != 0);
		emit_bool(e, "live", (n->live & bit) != 0);
		emit_bool(e, "available", (n->available & bit) != 0);
		emit_bool(e, "active", (n->before & bit) != 0);
		emit_close(e);
	}
	emit_close(e);
}

static void emit_view(struct emit *e, const struct ipc_status *s, const struct decision_status *n,
		      uint32_t index)
{
	const struct decision_view *v = &n->view[index];

	emit_object(e, "contender");
	emit_bool(e, "wins", index == n->winner);
	emit_number(e, "votes", v->votes);
	emit_number(e, "weight", v->weight);
	emit_number(e, "active", v->active);
	emit_number(e, "lowest_node_id", v->low);
	emit_number(e, "highest_node_id", v->high);
	emit_number(e, "member_count", v->member_count);
	emit_bool(e, "consistent", v->consistent);
	emit_bool(e, "superseded", v->superseded);
	emit_bool(e, "contends", v->contends);
	emit_text(e, "below_by", status_rank_word(v->step));
	emit_text(e, "not_ranked", why_not_ranked(n, v));
	status_emit_ring(e, "ring", &v->ring);
	emit_members(e, s, n, v);
	emit_close(e);
}

static void emit_decided(struct emit *e, const struct ipc_status *s,
			 const struct decision_status *n)
{
	emit_object(e, "decision");
	emit_text(e, "kind", status_decision_kind(n->kind));
	emit_number(e, "age_ms", s->arb.now_ms - n->at_ms);
	emit_number(e, "by_node_id", n->by_node_id);
	emit_bool(e, "own", n->own);
	emit_text(e, "step", status_rank_word(n->step));
	emit_text(e, "because", status_rank(n->step));
	emit_bool(e, "heir_kept", n->heir_kept);
	emit_optional(e, "winner", n->winner, n->winner < n->count);
	emit_text(e, "algorithm", status_algorithm(n->algorithm));
	emit_bool(e, "workload", n->workload);
	emit_text(e, "tie_breaker", status_tie_breaker(n->tie_breaker));
	emit_optional(e, "tie_breaker_node_id", n->tie_node_id, n->tie_breaker == TIE_NODE);
	emit_number(e, "votes_all", n->votes_all);
	status_emit_ring(e, "ring", &n->ring);
	status_emit_set(e, "set", n->node_id, n->set);
	status_emit_set(e, "before", n->node_id, n->before);
	emit_list(e, "contenders");
	for (uint32_t i = 0; i < n->count && i < NODES_MAX; i++)
		emit_view(e, s, n, i);
	emit_close(e);
	emit_close(e);
}

void why_emit(const struct ipc_response *r, enum ctl_output form)
{
	const struct ipc_status *s = &r->status;
	struct emit e;

	emit_begin(&e, form, stdout, "why");
	emit_text(&e, "warning", r->text);
	emit_text(&e, "cluster", s->cluster_name);
	emit_number(&e, "node_id", s->arb.node_id);
	emit_list(&e, "arbiters");
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < ARBITERS_MAX; i++) {
		const struct disk_status *d = &s->arb.disk[i];

		emit_object(&e, "arbiter");
		emit_text(&e, "name", s->disk[i].name);
		emit_bool(&e, "decided", d->decision.at_ms != 0);
		emit_optional(&e, "leader", d->leader_node_id, d->leader_node_id != 0);
		status_emit_grant(&e, &d->accepted);
		if (d->decision.at_ms != 0)
			emit_decided(&e, s, &d->decision);
		emit_close(&e);
	}
	emit_close(&e);
	emit_end(&e);
}

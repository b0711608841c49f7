/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: qarbctl status.  Answers in this order: does this node hold the vote, which arbiter grants
 * it and until when, who leads, who is live, the last decision and its reason, timings, latencies.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/timing.h"
#include "tool/ctl.h"
#include "tool/statusfacts.h"
#include "tool/statustext.h"

static const char status_help[] =
	"Usage: qarbctl status [--output-as=text|xml|json|prometheus]\n"
	"Does this node hold the vote, which arbiter grants it and until when, who leads, which\n"
	"nodes are live, what was decided last and why, timings, latencies.\n"
	"\n"
	"  -o, --output-as=FORM  text (default), xml, json or prometheus\n";

const char *status_node_name(const struct ipc_status *s, uint32_t node_id)
{
	for (uint32_t i = 0; i < s->node_count; i++)
		if (s->node[i].node_id == node_id && s->node[i].name[0] != 0)
			return s->node[i].name;
	return "-";
}

/* Times of the report count from its own now. */
static uint64_t status_left(const struct ipc_status *s, uint64_t until_ms)
{
	return until_ms > s->arb.now_ms ? until_ms - s->arb.now_ms : 0;
}

static void status_vote(const struct ipc_status *s)
{
	const struct arb_status *a = &s->arb;
	const struct publication *p = &a->publication;
	bool counts = p->answer == ANSWER_YES && p->until_ms > a->now_ms;

	(void)printf("node %u (%s) of cluster %s\n", a->node_id, status_node_name(s, a->node_id),
		     s->cluster_name[0] != 0 ? s->cluster_name : "-");
	if (a->host_life == 0)
		(void)printf("vote: none, corosync is not running\n");
	else if (!a->registered)
		(void)printf("vote: none, the quorum device is not registered with corosync\n");
	else if (counts)
		(void)printf("vote: YES, held by this node (ring %u.%" PRIx64 ", %s)\n",
			     p->ring.node_id, p->ring.seq, a->quorate ? "quorate" : "not quorate");
	else
		(void)printf("vote: %s, %s (ring %u.%" PRIx64 ", %s)\n",
			     p->answer == ANSWER_SILENT ? "awaits decision" : "NO",
			     status_reason(a->reason), a->view.ring.node_id, a->view.ring.seq,
			     a->quorate ? "quorate" : "not quorate");
	if (a->leaving)
		(void)printf("      leaving: a clean stop is under way\n");
}

/* What needs attention, beside the answer that it explains. */
static void status_facts(const struct ipc_status *s)
{
	static struct facts facts;

	statusfacts_collect(s, &facts);
	for (uint32_t i = 0; i < facts.count; i++) {
		const struct fact *f = &facts.fact[i];

		(void)printf("%s: %s%s%s\n", statusfacts_level(f->level),
			     f->arbiter != NULL ? f->arbiter : "", f->arbiter != NULL ? ": " : "",
			     f->text);
	}
}

static void status_set(const struct slot_map *map, uint64_t set)
{
	const char *separator = "";

	if (set == 0)
		(void)printf("nobody");
	for (uint32_t i = 0; i < map->count && i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) == 0)
			continue;
		(void)printf("%s%u", separator, map->node_id[i]);
		separator = ", ";
	}
}

static void status_arbiters(const struct ipc_status *s)
{
	const struct arb_status *a = &s->arb;

	if (a->arbiter_count == 0)
		(void)printf("arbiters: none configured: waiting, the vote is \"no\"\n");
	else
		(void)printf("arbiters: %u of %u grant it, more than half are needed\n", a->grants,
			     a->arbiter_count);
	for (uint32_t i = 0; i < a->arbiter_count && i < ARBITERS_MAX; i++) {
		const struct disk_status *d = &a->disk[i];

		(void)printf("  %s (%s): %s", s->disk[i].name,
			     s->disk[i].device[0] != 0 ? s->disk[i].device : s->disk[i].label,
			     status_phase(d, s->disk[i].rc));
		if (d->casting && d->hold_until_ms > a->now_ms)
			(void)printf(", grants this node, %" PRIu64 " ms left",
				     status_left(s, d->hold_until_ms));
		if (d->beat_age_ms != UINT64_MAX)
			(void)printf(", last beat %" PRIu64 " ms ago", d->beat_age_ms);
		(void)printf("\n    granted: ring %u.%" PRIx64 ", nodes ",
			     d->accepted.grant.ring.node_id, d->accepted.grant.ring.seq);
		status_set(&d->accepted.map, d->accepted.grant.set);
		if (d->accepted.pending != 0) {
			(void)printf("; may still cast: ");
			status_set(&d->accepted.map, d->accepted.pending);
		}
		(void)printf("\n    leader: ");
		if (d->leading)
			(void)printf("this node\n");
		else if (d->leader_node_id != 0)
			(void)printf("node %u (%s)\n", d->leader_node_id,
				     status_node_name(s, d->leader_node_id));
		else
			(void)printf("none\n");
	}
}

static void status_peers(const struct ipc_status *s, const struct disk_status *d)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct peer_status *p = &d->peer[i];
		char seen[32] = "never";

		if (p->node_id == 0)
			continue;
		if (p->silent_ms != UINT64_MAX)
			(void)snprintf(seen, sizeof(seen), "%" PRIu64 " ms ago", p->silent_ms);
		(void)printf("  %-5u %-16s %-5s %-9s %-14s ring %u.%-6" PRIx64
			     " cast %-7s weight %u\n",
			     p->node_id, status_node_name(s, p->node_id), p->live ? "live" : "dead",
			     status_slot_state(p->state), seen, p->ring.node_id, p->ring.seq,
			     status_cast(p->cast), p->weight);
	}
}

static void status_decision(const struct ipc_status *s, const struct disk_status *d)
{
	if (d->decision.at_ms == 0) {
		(void)printf("last decision: none since this daemon started\n");
		return;
	}
	(void)printf("last decision: %" PRIu64 " ms ago, ring %u.%" PRIx64 ", nodes ",
		     s->arb.now_ms - d->decision.at_ms, d->decision.ring.node_id,
		     d->decision.ring.seq);
	status_set(&d->accepted.map, d->decision.set);
	if (d->decision.kind == DECISION_GROWTH)
		(void)printf("; node %u added a member to the grant\n", d->decision.by_node_id);
	else
		(void)printf("; decided by node %u because of %s ('qarbctl why' tells more)\n",
			     d->decision.by_node_id, status_rank(d->decision.step));
}

static void status_evictions(const struct ipc_status *s)
{
	const struct evict_status *e = &s->arb.evict;

	if (e->poisoned)
		(void)printf("POISONED: another node has told this one to go\n");
	if (!s->arb.policy.evict)
		(void)printf("evictions: off\n");
	else if (!e->bridge)
		(void)printf("evictions: impossible, no fence bridge is connected\n");
	else if (!e->known)
		(void)printf("evictions: impossible, the fence bridge does not know Pacemaker's "
			     "state\n");
	else if (!e->fencing_enabled)
		(void)printf("evictions: IMPOSSIBLE, fencing is disabled in Pacemaker "
			     "(stonith-enabled=false)\n");
	else
		(void)printf("evictions: on, after %u ms of silence%s%s\n",
			     s->arb.policy.evict_after_ms,
			     e->fencer ? "" : "; the fencer is not reachable",
			     e->maintenance ? "; the cluster is in maintenance mode" : "");
	for (uint32_t i = 0; i < e->count; i++) {
		const struct evict_item *t = &e->item[i];

		(void)printf("  node %u (%s), %s: ", t->node_id, status_node_name(s, t->node_id),
			     evict_why_text(t->why));
		if (t->ordered)
			(void)printf("%s, ordered %" PRIu64 " ms ago, %u attempts%s%s\n",
				     evict_progress_text(t->progress), t->since_ms, t->attempts,
				     t->text[0] != 0 ? ": " : "", t->text);
		else
			(void)printf("held up for %" PRIu64 " ms: %s\n", t->since_ms,
				     evict_gate_text(t->gate));
	}
	for (uint32_t i = 0; i < e->poison_count; i++)
		(void)printf("  poison for node %u (%s): %s\n", e->poison[i].node_id,
			     status_node_name(s, e->poison[i].node_id),
			     e->poison[i].written ? "written" : "being written");
	if (e->watchdog_ms != 0)
		(void)printf("watchdog: armed, this node is dead %u ms after its last beat\n",
			     e->watchdog_ms);
}

static void status_latency(const char *what, const struct ipc_latency *l)
{
	(void)printf("  %-5s last %" PRIu64 " us, p50 %" PRIu64 " us, p99 %" PRIu64
		     " us, max %" PRIu64 " us, %" PRIu64 " done\n",
		     what, l->last_us, l->p50_us, l->p99_us, l->max_us, l->count);
}

void status_print(const struct ipc_response *r)
{
	const struct ipc_status *s = &r->status;
	const struct policy *p = &s->arb.policy;
	struct timings t = timing_of(p);

	if (r->text[0] != 0)
		(void)printf("warning: %s\n", r->text);
	status_vote(s);
	status_facts(s);
	status_arbiters(s);
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < ARBITERS_MAX; i++) {
		(void)printf("nodes on %s:\n", s->disk[i].name);
		status_peers(s, &s->arb.disk[i]);
	}
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < ARBITERS_MAX; i++)
		status_decision(s, &s->arb.disk[i]);
	status_evictions(s);
	(void)printf("timings: dead %u ms, interval %u, hold %u, poll %u, settle %u, timeout %u, "
		     "sync_timeout %u, X %" PRIu64 ", totem's detection %" PRIu64 "\n",
		     p->dead_ms, p->interval_ms, p->hold_ms, p->poll_ms, p->settle_ms,
		     p->timeout_ms, p->sync_timeout_ms, timing_x_ms(&t), timing_detection_ms(p));
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < ARBITERS_MAX; i++) {
		(void)printf("latencies on %s:\n", s->disk[i].name);
		status_latency("write", &s->disk[i].write);
		status_latency("read", &s->disk[i].read);
	}
}

int status_main(int argc, char **argv)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	int status = ctl_options(argc, argv, "oxp", status_help, &o);

	if (status >= 0)
		return status;
	memset(&q, 0, sizeof(q));
	q.type = IPC_STATUS;
	status = ctl_ask(&q, &r);
	if (status != CTL_DONE)
		return status;
	if (o.output == CTL_TEXT)
		status_print(&r);
	else if (o.output == CTL_PROMETHEUS)
		status_prometheus(&r);
	else
		status_emit(&r, o.output);
	return CTL_DONE;
}

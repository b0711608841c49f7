/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: a status as one JSON object. */
#include <inttypes.h>
#include <stdio.h>

#include "model/timing.h"
#include "tool/statustext.h"

static void json_string(const char *text)
{
	(void)putchar('"');
	for (const char *c = text; *c != 0; c++) {
		if (*c == '"' || *c == '\\')
			(void)printf("\\%c", *c);
		else if ((unsigned char)*c < ' ')
			(void)printf("\\u%04x", (unsigned int)(unsigned char)*c);
		else
			(void)putchar(*c);
	}
	(void)putchar('"');
}

static void json_key_string(const char *key, const char *text)
{
	(void)printf("\"%s\":", key);
	json_string(text);
	(void)putchar(',');
}

static void json_bool(const char *key, bool value)
{
	(void)printf("\"%s\":%s,", key, value ? "true" : "false");
}

static void json_ring(const char *key, const struct ring_id *ring)
{
	(void)printf("\"%s\":{\"node_id\":%u,\"seq\":%" PRIu64 "},", key, ring->node_id, ring->seq);
}

static void json_optional(const char *key, uint64_t value, bool known)
{
	if (known)
		(void)printf("\"%s\":%" PRIu64 ",", key, value);
	else
		(void)printf("\"%s\":null,", key);
}

/* Node ids of a set of slots. */
static void json_set(const char *key, const struct slot_map *map, uint64_t set)
{
	const char *separator = "";

	(void)printf("\"%s\":[", key);
	for (uint32_t i = 0; i < map->count && i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) == 0)
			continue;
		(void)printf("%s%u", separator, map->node_id[i]);
		separator = ",";
	}
	(void)printf("],");
}

static void json_latency(const char *key, const struct ipc_latency *l, const char *end)
{
	(void)printf("\"%s\":{\"count\":%" PRIu64 ",\"last_us\":%" PRIu64 ",\"p50_us\":%" PRIu64
		     ",\"p99_us\":%" PRIu64 ",\"max_us\":%" PRIu64 "}%s",
		     key, l->count, l->last_us, l->p50_us, l->p99_us, l->max_us, end);
}

static void json_peers(const struct ipc_status *s, const struct disk_status *d)
{
	const char *separator = "";

	(void)printf("\"nodes\":[");
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct peer_status *p = &d->peer[i];

		if (p->node_id == 0)
			continue;
		(void)printf("%s{\"node_id\":%u,\"slot\":%u,", separator, p->node_id, i);
		json_key_string("name", status_node_name(s, p->node_id));
		json_key_string("state", status_slot_state(p->state));
		json_bool("live", p->live);
		json_bool("available", p->available);
		json_bool("classified", p->classified);
		json_bool("same_view", p->same_view);
		json_ring("ring", &p->ring);
		json_key_string("cast", status_cast(p->cast));
		json_optional("silent_ms", p->silent_ms, p->silent_ms != UINT64_MAX);
		json_bool("watchdog_armed", p->watchdog_armed);
		(void)printf("\"watchdog_ms\":%u,", p->watchdog_ms);
		(void)printf("\"incarnation\":\"0x%" PRIx64 "\",\"x_ms\":%" PRIu64
			     ",\"weight\":%u}",
			     p->incarnation, p->x_ms, p->weight);
		separator = ",";
	}
	(void)printf("],");
}

static void json_arbiter(const struct ipc_status *s, uint32_t index)
{
	static const char *const phases[] = { "closed", "adopting", "beating", "out" };
	const struct disk_status *d = &s->arb.disk[index];
	const struct ipc_disk *c = &s->disk[index];
	bool decided = d->decision.at_ms != 0;

	(void)printf("%s{", index == 0 ? "" : ",");
	json_key_string("name", c->name);
	json_key_string("type", "disk");
	json_key_string("device", c->device);
	json_key_string("label", c->label);
	json_key_string("phase", (unsigned int)d->phase < 4 ? phases[d->phase] : "?");
	json_key_string("open", rc_text(c->rc));
	json_bool("shared", d->shared);
	json_bool("casting", d->casting);
	json_optional("hold_left_ms",
		      d->hold_until_ms > s->arb.now_ms ? d->hold_until_ms - s->arb.now_ms : 0,
		      d->hold_until_ms != 0);
	(void)printf("\"beats\":%" PRIu64 ",", d->beats);
	json_optional("beat_age_ms", d->beat_age_ms, d->beat_age_ms != UINT64_MAX);
	json_bool("write_outstanding", d->write_outstanding);
	(void)printf("\"write_age_ms\":%" PRIu64 ",\"own_slot\":%u,", d->write_age_ms, d->own_slot);
	json_bool("leading", d->leading);
	json_optional("leader", d->leader_node_id, d->leader_node_id != 0);
	(void)printf("\"grant\":{\"ballot\":%" PRIu64 ",\"ballot_node_id\":%u,\"k\":%" PRIu64 ",",
		     d->accepted.grant.number.ballot.counter,
		     d->accepted.grant.number.ballot.node_id, d->accepted.grant.number.k);
	json_ring("ring", &d->accepted.grant.ring);
	json_set("pending", &d->accepted.map, d->accepted.pending);
	json_set("set", &d->accepted.map, d->accepted.grant.set);
	(void)printf("\"members\":%u},", d->accepted.grant.members.count);
	json_peers(s, d);
	(void)printf("\"decision\":{");
	json_optional("age_ms", s->arb.now_ms - d->decision.at_ms, decided);
	json_ring("ring", &d->decision.ring);
	json_set("set", &d->accepted.map, d->decision.set);
	json_key_string("because", status_rank(d->decision.step));
	(void)printf("\"own\":%s},", decided && d->decision.own ? "true" : "false");
	json_latency("write", &c->write, ",");
	json_latency("read", &c->read, "}");
}

static void json_evictions(const struct ipc_status *s)
{
	const struct policy *p = &s->arb.policy;
	const struct evict_status *e = &s->arb.evict;

	(void)printf("\"policy\":{");
	json_bool("evict", p->evict);
	json_key_string("evict_action", fence_action_text(p->evict_action));
	json_key_string("on_loss", self_act_text(p->on_loss));
	json_key_string("on_poison", self_act_text(p->on_poison));
	(void)printf("\"evict_after_ms\":%u},\"bridge\":{", p->evict_after_ms);
	json_bool("connected", e->bridge);
	json_bool("fencer", e->fencer);
	json_bool("known", e->known);
	json_bool("fencing_enabled", e->fencing_enabled);
	(void)printf("\"maintenance\":%s},", e->maintenance ? "true" : "false");
	json_bool("poisoned", e->poisoned);
	(void)printf("\"watchdog_ms\":%u,\"evictions\":[", e->watchdog_ms);
	for (uint32_t i = 0; i < e->count; i++) {
		const struct evict_item *t = &e->item[i];

		(void)printf("%s{\"node_id\":%u,", i == 0 ? "" : ",", t->node_id);
		json_key_string("node", status_node_name(s, t->node_id));
		json_key_string("why", evict_why_text(t->why));
		json_bool("ordered", t->ordered);
		json_key_string("state", t->ordered ? evict_progress_text(t->progress) : "held-up");
		json_key_string("reason", t->ordered ? t->text : evict_gate_text(t->gate));
		(void)printf("\"attempts\":%u,\"age_ms\":%" PRIu64 ",\"incarnation\":\"0x%" PRIx64
			     "\"}",
			     t->attempts, t->since_ms, t->incarnation);
	}
	(void)printf("],\"poison\":[");
	for (uint32_t i = 0; i < e->poison_count; i++) {
		const struct poison_item *t = &e->poison[i];

		(void)printf("%s{\"node_id\":%u,", i == 0 ? "" : ",", t->node_id);
		json_bool("written", t->written);
		(void)printf("\"incarnation\":\"0x%" PRIx64 "\"}", t->incarnation);
	}
	(void)printf("],");
}

void statusjson_print(const struct ipc_response *r)
{
	static const char *const answers[] = { "silent", "no", "yes" };
	const struct ipc_status *s = &r->status;
	const struct arb_status *a = &s->arb;
	const struct policy *p = &a->policy;
	struct timings t = timing_of(p);
	bool yes = a->publication.answer == ANSWER_YES && a->publication.until_ms > a->now_ms;

	(void)putchar('{');
	json_key_string("warning", r->text);
	json_key_string("cluster", s->cluster_name);
	(void)printf("\"node_id\":%u,", a->node_id);
	json_key_string("node", status_node_name(s, a->node_id));
	json_bool("vote", yes);
	json_key_string("answer", (unsigned int)a->publication.answer < 3
					  ? answers[a->publication.answer]
					  : "?");
	json_key_string("reason", status_reason(a->reason));
	json_optional("vote_left_ms",
		      a->publication.until_ms > a->now_ms ? a->publication.until_ms - a->now_ms : 0,
		      yes);
	json_bool("corosync", a->host_life != 0);
	json_bool("registered", a->registered);
	json_bool("quorate", a->quorate);
	json_bool("leaving", a->leaving);
	json_ring("ring", &a->view.ring);
	json_evictions(s);
	(void)printf("\"incarnation\":\"0x%" PRIx64 "\",\"grants\":%u,\"arbiters\":[",
		     a->incarnation, a->grants);
	for (uint32_t i = 0; i < a->arbiter_count && i < ARBITERS_MAX; i++)
		json_arbiter(s, i);
	(void)printf(
		"],\"timings\":{\"dead_ms\":%u,\"interval_ms\":%u,\"hold_ms\":%u,\"poll_ms\":%u,"
		"\"settle_ms\":%u,\"late_ms\":%u,\"timeout_ms\":%u,\"sync_timeout_ms\":%u,"
		"\"token_ms\":%u,\"consensus_ms\":%u,\"x_ms\":%" PRIu64 ",\"detection_ms\":%" PRIu64
		"}}\n",
		p->dead_ms, p->interval_ms, p->hold_ms, p->poll_ms, p->settle_ms, p->late_ms,
		p->timeout_ms, p->sync_timeout_ms, p->token_ms, p->consensus_ms, timing_x_ms(&t),
		timing_detection_ms(p));
}

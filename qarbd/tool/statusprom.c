/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: a status in the text format of Prometheus (exposition format 0.0.4). */
#include <inttypes.h>
#include <stdio.h>

#include "tool/statusfacts.h"
#include "tool/statustext.h"
#include "tool/utf8.h"

static void metric(const char *name, const char *help)
{
	(void)printf("# HELP qarb_%s %s\n# TYPE qarb_%s gauge\n", name, help, name);
}

static void label(const char *name, const char *value, bool first)
{
	(void)printf("%s%s=\"", first ? "{" : ",", name);
	while (*value != 0) {
		size_t length = utf8_length(value);

		if (length == 0) {
			(void)fputs("\xef\xbf\xbd", stdout);
			length = 1;
		} else if (*value == '\n') {
			(void)fputs("\\n", stdout);
		} else if (*value == '"' || *value == '\\') {
			(void)printf("\\%c", *value);
		} else {
			(void)fwrite(value, 1, length, stdout);
		}
		value += length;
	}
	(void)putchar('"');
}

static void seconds(uint64_t ms)
{
	(void)printf("} %" PRIu64 ".%03" PRIu64 "\n", ms / 1000, ms % 1000);
}

static void number(uint64_t n)
{
	(void)printf("} %" PRIu64 "\n", n);
}

static void of_arbiter(const struct ipc_status *s, const char *name, uint32_t index)
{
	(void)printf("qarb_%s", name);
	label("arbiter", s->disk[index].name, true);
}

static void of_node(const struct ipc_status *s, const char *name, uint32_t index,
		    const struct peer_status *p)
{
	char id[16];

	of_arbiter(s, name, index);
	(void)snprintf(id, sizeof(id), "%u", p->node_id);
	label("node_id", id, false);
	label("node", status_node_name(s, p->node_id), false);
}

static uint64_t left(const struct ipc_status *s, uint64_t until_ms)
{
	return until_ms > s->arb.now_ms ? until_ms - s->arb.now_ms : 0;
}

static void print_arbiters(const struct ipc_status *s)
{
	uint32_t count = s->arb.arbiter_count;

	metric("arbiter_granting", "1: this arbiter grants this node the vote now");
	for (uint32_t i = 0; i < count; i++) {
		const struct disk_status *d = &s->arb.disk[i];

		of_arbiter(s, "arbiter_granting", i);
		number(d->casting && left(s, d->hold_until_ms) != 0 ? 1 : 0);
	}
	metric("arbiter_hold_left_seconds", "until the hold of its grant passes");
	for (uint32_t i = 0; i < count; i++) {
		of_arbiter(s, "arbiter_hold_left_seconds", i);
		seconds(left(s, s->arb.disk[i].hold_until_ms));
	}
	metric("arbiter_usable", "1: open, shared and beating");
	for (uint32_t i = 0; i < count; i++) {
		of_arbiter(s, "arbiter_usable", i);
		number(s->arb.disk[i].phase == DISK_BEATING && s->arb.disk[i].shared ? 1 : 0);
	}
	metric("arbiter_beat_age_seconds", "since the start of the last completed beat");
	for (uint32_t i = 0; i < count; i++) {
		if (s->arb.disk[i].beat_age_ms == UINT64_MAX)
			continue;
		of_arbiter(s, "arbiter_beat_age_seconds", i);
		seconds(s->arb.disk[i].beat_age_ms);
	}
	metric("arbiter_leader_node_id", "who leads on it; 0: nobody is known to");
	for (uint32_t i = 0; i < count; i++) {
		of_arbiter(s, "arbiter_leader_node_id", i);
		number(s->arb.disk[i].leader_node_id);
	}
	metric("arbiter_decision_age_seconds", "since the last decision");
	for (uint32_t i = 0; i < count; i++) {
		if (s->arb.disk[i].decision.at_ms == 0)
			continue;
		of_arbiter(s, "arbiter_decision_age_seconds", i);
		seconds(s->arb.now_ms - s->arb.disk[i].decision.at_ms);
	}
}

static void print_latencies(const struct ipc_status *s)
{
	metric("disk_latency_microseconds", "of this node's requests since its disk process began");
	for (uint32_t i = 0; i < s->arb.arbiter_count; i++) {
		for (int k = 0; k < 2; k++) {
			const struct ipc_latency *l = k == 0 ? &s->disk[i].write : &s->disk[i].read;
			const char *op = k == 0 ? "write" : "read";
			const uint64_t value[] = { l->p50_us, l->p99_us, l->max_us };
			static const char *const quantile[] = { "0.5", "0.99", "1" };

			for (size_t q = 0; q < 3; q++) {
				of_arbiter(s, "disk_latency_microseconds", i);
				label("op", op, false);
				label("quantile", quantile[q], false);
				number(value[q]);
			}
		}
	}
}

static void print_nodes(const struct ipc_status *s)
{
	static const char *const name[] = { "node_live", "node_available", "node_silent_seconds",
					    "node_weight" };
	static const char *const help[] = { "1: its slot changed within dead_ms",
					    "1: it could use a grant",
					    "since its slot changed last",
					    "of the workload there" };

	for (size_t k = 0; k < 4; k++) {
		metric(name[k], help[k]);
		for (uint32_t i = 0; i < s->arb.arbiter_count; i++) {
			for (uint32_t n = 0; n < NODES_MAX; n++) {
				const struct peer_status *p = &s->arb.disk[i].peer[n];

				if (p->node_id == 0 || (k == 2 && p->silent_ms == UINT64_MAX))
					continue;
				of_node(s, name[k], i, p);
				if (k == 2)
					seconds(p->silent_ms);
				else
					number(k == 0	? p->live
					       : k == 1 ? p->available
							: p->weight);
			}
		}
	}
}

static void print_attention(const struct ipc_status *s)
{
	static struct facts facts;

	statusfacts_collect(s, &facts);
	metric("attention", "lines of qarbctl status that ask for attention");
	for (enum fact_level level = FACT_INFO; level <= FACT_ERROR; level++) {
		uint64_t count = 0;

		for (uint32_t i = 0; i < facts.count; i++)
			count += facts.fact[i].level == level ? 1 : 0;
		(void)printf("qarb_attention");
		label("level", statusfacts_level(level), true);
		number(count);
	}
}

static void plain(const char *name, const char *help, uint64_t value)
{
	metric(name, help);
	(void)printf("qarb_%s %" PRIu64 "\n", name, value);
}

void status_prometheus(const struct ipc_response *r)
{
	const struct ipc_status *s = &r->status;
	const struct publication *p = &s->arb.publication;

	plain("stale", "1: the deciding process does not answer, this is the last known state",
	      r->text[0] != 0 ? 1 : 0);
	plain("vote", "1: this node holds the vote of the quorum device",
	      p->answer == ANSWER_YES && p->until_ms > s->arb.now_ms ? 1 : 0);
	plain("quorate", "1: votequorum says so", s->arb.quorate ? 1 : 0);
	plain("registered", "1: the quorum device is registered", s->arb.registered ? 1 : 0);
	plain("arbiters", "configured", s->arb.arbiter_count);
	plain("arbiters_granting", "that grant this node the vote", s->arb.grants);
	print_arbiters(s);
	print_nodes(s);
	print_latencies(s);
	print_attention(s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "tool/timing.h"

const char *timing_bound(enum times_bound bound)
{
	switch (bound) {
	case TIMES_BY_TOKEN:
		return "nine tenths of the token: a node that is slow and not dead is called dead "
		       "by the disk hardly before totem would";
	case TIMES_BY_DETECTION:
		return "the largest whose X still ends within totem's detection";
	case TIMES_BY_LEAST:
		return "the least that a busy machine bears: with this token X outlasts totem's "
		       "detection and bounds the failover";
	case TIMES_BY_STORAGE:
		return "what the slowest recent beat needs, with room for twice as slow a one";
	case TIMES_BY_MOST:
		return "the largest that is allowed";
	}
	return "?";
}

static void line(const char *name, uint64_t ms, const char *why)
{
	(void)printf("  %-14s %7" PRIu64 " ms  %s\n", name, ms, why);
}

static void print_values(const struct policy *p)
{
	struct timings t = timing_of(p);

	(void)printf("totem\n");
	line("token", p->token_ms, "silence after which totem suspects a node");
	line("consensus", p->consensus_ms, "then to agree on a new ring");
	line("detection", timing_detection_ms(p), "token + consensus: a dead node leaves the ring");
	(void)printf("votequorum\n");
	line("timeout", p->timeout_ms, "a vote is forgotten this long after the last poll");
	line("sync_timeout", p->sync_timeout_ms, "a new ring waits this long for its first poll");
	(void)printf("qarb\n");
	line("dead_ms", p->dead_ms, "T: silence of a slot that is called dead when choosing");
	line("interval_ms", p->interval_ms, "T/8: one beat, so that several are missed first");
	line("hold_ms", p->hold_ms,
	     "H = T/2: yes is polled only so long after the start of the last beat");
	line("poll_ms", p->poll_ms, "P = T/10: a poll that takes longer is taken back");
	line("settle_ms", p->settle_ms,
	     "the smaller of detection and sync_timeout/2: nodes notice a split so far apart");
	line("margin_ms", p->margin_ms,
	     "P + sync_timeout/10: an undecided ring is answered so long before sync_timeout");
	line("late_ms", p->late_ms, "2 T: so long after an I/O error a write may still land");
	line("X", timing_x_ms(&t),
	     "1.021 (H + P + timeout + sync_timeout) + interval: certainly not casting");
}

static void print_live_x(const struct timing_view *v)
{
	for (uint32_t i = 0; i < v->live->arb.arbiter_count && i < ARBITERS_MAX; i++) {
		const struct disk_status *d = &v->live->arb.disk[i];

		(void)printf("X of every node, from its slot on %s\n", v->live->disk[i].name);
		for (uint32_t k = 0; k < NODES_MAX; k++) {
			const struct peer_status *p = &d->peer[k];

			if (p->node_id == 0)
				continue;
			(void)printf("  %-14u %7" PRIu64 " ms  %s, slowest recent beat %u ms%s\n",
				     p->node_id, p->x_ms, status_node_name(v->live, p->node_id),
				     p->beat_ms_max, p->live ? "" : ", not live");
		}
	}
}

static void print_meaning(const struct timing_view *v)
{
	const struct policy *p = &v->policy;
	uint64_t detection_ms = timing_detection_ms(p);
	uint64_t trips_ms = times_round_trips_ms(p, v->beat_ms_max);
	char why[160];

	(void)printf("what follows\n");
	(void)snprintf(
		why, sizeof(why),
		"settle + interval, nothing dead; sync_timeout less its margin leaves %" PRIu64
		" ms",
		times_decision_limit_ms(p));
	line("decision", times_worst_decision_ms(p), why);
	(void)snprintf(why, sizeof(why),
		       v->beat_ms_max != 0 ? "%s, then 4 of the slowest recent beats: %" PRIu64
					     " ms"
					   : "%s, then 3 round trips and a beat: an interval, "
					     "%" PRIu64 " ms, at the most",
		       v->x_ms_max <= detection_ms ? "detection, X passes meanwhile"
						   : "X, which outlasts detection",
		       trips_ms);
	line("failover", times_wait_ms(p, v->x_ms_max) + trips_ms, why);
	line("stale flag", times_stale_ms(p),
	     "a node that stood still (corosync, kernel, virtual machine) and goes on may");
	(void)printf("  %-14s %7s     show its old quorate flag until corosync's next ring: token "
		     "+ consensus.\n  %-14s %7s     Only fencing and watchdogs cover it\n",
		     "", "", "", "");
	if (v->x_ms_max > detection_ms)
		(void)printf("warning: X is %" PRIu64
			     " ms longer than totem's detection: it bounds the failover; raise "
			     "totem.token until token + consensus is at least X, or, where the "
			     "storage bears it, make dead_ms, timeout and sync_timeout smaller\n",
			     v->x_ms_max - detection_ms);
}

static void print_suggestion(const struct timing_view *v)
{
	const struct policy *p = &v->suggestion.policy;
	struct timings t = timing_of(p);
	uint64_t detection_ms = timing_detection_ms(p);

	(void)printf("suggestion for token %u ms, consensus %u ms\n", p->token_ms, p->consensus_ms);
	line("dead_ms", p->dead_ms, timing_bound(v->suggestion.bound));
	line("timeout", p->timeout_ms,
	     "T/2, as long as the hold: polls repeat three times within it");
	line("sync_timeout", p->sync_timeout_ms,
	     "T: a decision fits in, and a dead daemon's vote ends soon");
	line("X", timing_x_ms(&t),
	     timing_x_ms(&t) <= detection_ms ? "within totem's detection: it costs nothing"
					     : "beyond totem's detection: it bounds the failover");
	line("failover",
	     times_wait_ms(p, timing_x_ms(&t)) + times_round_trips_ms(p, v->beat_ms_max),
	     "from the loss of power of a node to the vote of the survivors");
	if (v->beat_ms_max == 0)
		(void)printf("  how fast the storage is was not known here: see 'qarbctl disk "
			     "probe'\n");
	(void)printf("quorum {\n  device {\n    timeout: %u\n    sync_timeout: %u\n    qarb {\n"
		     "      dead_ms: %u\n    }\n  }\n}\n",
		     p->timeout_ms, p->sync_timeout_ms, p->dead_ms);
}

void timing_print(const struct timing_view *v)
{
	(void)printf("from %s\n", v->source);
	if (v->suggest) {
		print_suggestion(v);
		return;
	}
	print_values(&v->policy);
	if (v->live != NULL)
		print_live_x(v);
	print_meaning(v);
}

static void emit_live(struct emit *e, const struct timing_view *v)
{
	emit_list(e, "nodes");
	for (uint32_t i = 0; v->live != NULL && i < v->live->arb.arbiter_count && i < ARBITERS_MAX;
	     i++) {
		for (uint32_t k = 0; k < NODES_MAX; k++) {
			const struct peer_status *p = &v->live->arb.disk[i].peer[k];

			if (p->node_id == 0)
				continue;
			emit_object(e, "node");
			emit_text(e, "arbiter", v->live->disk[i].name);
			emit_number(e, "node_id", p->node_id);
			emit_bool(e, "live", p->live);
			emit_number(e, "x_ms", p->x_ms);
			emit_number(e, "beat_ms_max", p->beat_ms_max);
			emit_close(e);
		}
	}
	emit_close(e);
}

void timing_emit(const struct timing_view *v, enum ctl_output form)
{
	const struct policy *p = &v->policy;
	const struct policy *s = &v->suggestion.policy;
	struct timings t = timing_of(s);
	struct emit e;

	emit_begin(&e, form, stdout, "timing");
	emit_text(&e, "source", v->source);
	emit_bool(&e, "running", v->live != NULL);
	emit_number(&e, "x_ms_max", v->x_ms_max);
	emit_number(&e, "worst_decision_ms", times_worst_decision_ms(p));
	emit_number(&e, "decision_limit_ms", times_decision_limit_ms(p));
	emit_number(&e, "failover_ms",
		    times_wait_ms(p, v->x_ms_max) + times_round_trips_ms(p, v->beat_ms_max));
	emit_number(&e, "stale_flag_ms", times_stale_ms(p));
	status_emit_times(&e, p);
	emit_live(&e, v);
	if (v->suggest) {
		emit_object(&e, "suggestion");
		emit_number(&e, "dead_ms", s->dead_ms);
		emit_number(&e, "timeout_ms", s->timeout_ms);
		emit_number(&e, "sync_timeout_ms", s->sync_timeout_ms);
		emit_number(&e, "x_ms", timing_x_ms(&t));
		emit_number(&e, "failover_ms",
			    times_wait_ms(s, timing_x_ms(&t)) +
				    times_round_trips_ms(s, v->beat_ms_max));
		emit_text(&e, "because", timing_bound(v->suggestion.bound));
		emit_close(&e);
	}
	emit_end(&e);
}

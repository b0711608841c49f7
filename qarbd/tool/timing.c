/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl timing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/timing.h"
#include "tool/ctl.h"

static const char timing_help[] =
	"Usage: qarbctl timing [--config=FILE] [--output-as=text|json]\n"
	"Show every time that follows from the configuration, with its reason, and how long the\n"
	"cluster will take to fail over.\n"
	"\n"
	"  -c, --config=FILE     (default /etc/corosync/corosync.conf)\n"
	"  -o, --output-as=FORM  text (default) or json\n";

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* After the ring change the leader needs three round trips and the others a beat: milliseconds on a
 * healthy disk, one interval at the worst. */
static uint64_t timing_vote_ms(const struct policy *p)
{
	struct timings t = timing_of(p);
	uint64_t x = timing_x_ms(&t);

	return larger(x, timing_detection_ms(p));
}

static void timing_line(const char *name, uint64_t ms, const char *why)
{
	(void)printf("  %-16s %7" PRIu64 " ms  %s\n", name, ms, why);
}

static void timing_text(const struct policy *p)
{
	struct timings t = timing_of(p);
	uint64_t x = timing_x_ms(&t);
	uint64_t detection = timing_detection_ms(p);

	(void)printf("totem\n");
	timing_line("token", p->token_ms, "silence after which totem suspects a node");
	timing_line("consensus", p->consensus_ms, "then to agree on a new ring");
	timing_line("detection", detection, "token + consensus: a dead node leaves the ring");
	(void)printf("votequorum\n");
	timing_line("timeout", p->timeout_ms, "a vote is forgotten this long after the last poll");
	timing_line("sync_timeout", p->sync_timeout_ms,
		    "a new ring waits this long for its first poll");
	(void)printf("qarb\n");
	timing_line("dead_ms", p->dead_ms,
		    "T: silence of a slot that is called dead when choosing");
	timing_line("interval_ms", p->interval_ms,
		    "one beat: T/8, so that several are missed first");
	timing_line("hold_ms", p->hold_ms,
		    "H = T/2: yes is polled only so long after the last beat");
	timing_line("poll_ms", p->poll_ms, "P = T/10: a poll that takes longer is taken back");
	timing_line("settle_ms", p->settle_ms,
		    "spread of totem's detection between nodes: a split settles");
	timing_line("margin_ms", p->margin_ms,
		    "an undecided ring is answered so long before sync_timeout");
	timing_line("late_ms", p->late_ms, "after an I/O error: a write may land so late");
	timing_line("X", x,
		    "1.021 (H + P + timeout + sync_timeout) + interval: certainly not casting");
	(void)printf("failover\n");
	timing_line("vote", timing_vote_ms(p),
		    x <= detection
			    ? "totem's detection alone: X passes meanwhile"
			    : "X: it bounds the failover; timeout and sync_timeout decide it");
}

static void timing_json(const struct policy *p)
{
	struct timings t = timing_of(p);

	(void)printf(
		"{\"token_ms\":%u,\"consensus_ms\":%u,\"detection_ms\":%" PRIu64
		",\"timeout_ms\":%u,\"sync_timeout_ms\":%u,\"dead_ms\":%u,\"interval_ms\":%u,"
		"\"hold_ms\":%u,\"poll_ms\":%u,\"settle_ms\":%u,\"margin_ms\":%u,\"late_ms\":%u,"
		"\"x_ms\":%" PRIu64 ",\"vote_ms\":%" PRIu64 "}\n",
		p->token_ms, p->consensus_ms, timing_detection_ms(p), p->timeout_ms,
		p->sync_timeout_ms, p->dead_ms, p->interval_ms, p->hold_ms, p->poll_ms,
		p->settle_ms, p->margin_ms, p->late_ms, timing_x_ms(&t), timing_vote_ms(p));
}

static bool timing_fits(const struct policy *now, uint32_t dead_ms, struct policy *p)
{
	struct timings t;

	memset(p, 0, sizeof(*p));
	p->token_ms = now->token_ms;
	p->consensus_ms = now->consensus_ms;
	p->dead_ms = dead_ms;
	p->timeout_ms = dead_ms / 2;
	p->sync_timeout_ms = dead_ms;
	timing_derive(p);
	t = timing_of(p);
	return timing_check(p) == TIMING_OK && timing_x_ms(&t) <= timing_detection_ms(p);
}

/* The largest dead_ms whose X still hides behind totem's own detection: slower disks are borne, and
 * nothing is lost. */
static void timing_suggest(const struct policy *now)
{
	struct policy p;

	for (uint32_t dead = DEAD_MS_MAX - DEAD_MS_MAX % 10; dead >= DEAD_MS_MIN; dead -= 10) {
		if (!timing_fits(now, dead, &p))
			continue;
		(void)printf(
			"suggestion for this token: dead_ms: %u, timeout: %u, sync_timeout: %u\n",
			dead, p.timeout_ms, p.sync_timeout_ms);
		return;
	}
	(void)printf("no dead_ms of %d ms or more has an X within totem's detection of %" PRIu64
		     " ms\n",
		     DEAD_MS_MIN, timing_detection_ms(now));
}

int timing_main(int argc, char **argv)
{
	static struct config config;
	struct ctl_options o;
	int status = ctl_options(argc, argv, "oc", timing_help, &o);

	if (status < 0)
		status = ctl_config(o.config, &config);
	else
		return status;
	if (status != CTL_DONE)
		return status;
	if (o.output == CTL_JSON) {
		timing_json(&config.policy);
		return CTL_DONE;
	}
	timing_text(&config.policy);
	timing_suggest(&config.policy);
	return CTL_DONE;
}

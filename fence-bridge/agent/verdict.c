/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/agent/verdict.h"

#include <string.h>

/* Clocks of two nodes differ by at most 1 % each way (doc/protocol.md section 1). */
static uint64_t verdict_by_own_clock(uint64_t ms)
{
	return ms + (ms * 21 + 999) / 1000;
}

static const struct peer_status *verdict_find(const struct disk_status *d, uint32_t node_id)
{
	for (uint32_t i = 0; i < NODES_MAX; i++)
		if (d->peer[i].node_id == node_id)
			return &d->peer[i];
	return NULL;
}

/* Silence up to the last completed read: what follows it was not seen by anybody. */
static uint64_t verdict_proven_ms(const struct disk_status *d, const struct peer_status *p)
{
	if (p->silent_ms == UINT64_MAX || d->beat_age_ms == UINT64_MAX ||
	    p->silent_ms <= d->beat_age_ms)
		return 0;
	return p->silent_ms - d->beat_age_ms;
}

/* out: the silence that more than half of the disks prove. */
static uint64_t verdict_majority_ms(const uint64_t *proven_ms, uint32_t count)
{
	uint64_t best = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t as_long = 0;

		for (uint32_t k = 0; k < count; k++)
			as_long += proven_ms[k] >= proven_ms[i];
		if (2 * as_long > count && proven_ms[i] > best)
			best = proven_ms[i];
	}
	return best;
}

struct verdict_sum {
	uint32_t disks; /* configured */
	uint32_t seen;	/* that show the node's slot */
	uint32_t live;
	uint32_t left;
	uint32_t never;
	uint32_t reborn;
	uint64_t proven_ms[ARBITERS_MAX];
};

static void verdict_add(struct verdict_sum *sum, const struct disk_status *d,
			const struct peer_status *p, const struct life *before,
			struct verdict_facts *facts)
{
	if (p->silent_ms == UINT64_MAX)
		return; /* never read */
	sum->proven_ms[sum->disks - 1] = verdict_proven_ms(d, p);
	sum->never += p->state == SLOT_NEVER;
	sum->left += p->state == SLOT_LEAVING;
	sum->live += p->live;
	sum->reborn += before->incarnation != 0 && p->incarnation != before->incarnation &&
		       /* A daemon that was restarted beside the same corosync is no reboot, and one
			* that has not met its corosync yet is not known to be one. */
		       p->host_life != before->host_life && p->host_life != 0 &&
		       (p->state == SLOT_STARTING || p->state == SLOT_RUNNING);
	facts->watchdog_armed = (sum->seen == 0 || facts->watchdog_armed) && p->watchdog_armed;
	if (p->watchdog_ms > facts->watchdog_ms)
		facts->watchdog_ms = p->watchdog_ms;
	/* The newest life is the one that any disk shows beside the old one. */
	if (sum->seen == 0 || facts->life.incarnation == before->incarnation) {
		facts->life.incarnation = p->incarnation;
		facts->life.host_life = p->host_life;
	}
	sum->seen++;
}

enum verdict verdict_judge(const struct arb_status *s, uint32_t node_id, const struct life *before,
			   uint64_t unsafe_ms, struct verdict_facts *facts)
{
	struct verdict_sum sum;

	memset(&sum, 0, sizeof(sum));
	memset(facts, 0, sizeof(*facts));
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct disk_status *d = &s->disk[i];
		const struct peer_status *p;

		if (s->policy.arbiter_type[i] != ARBITER_DISK)
			continue;
		sum.disks++;
		p = d->phase == DISK_BEATING && d->shared ? verdict_find(d, node_id) : NULL;
		if (p != NULL)
			verdict_add(&sum, d, p, before, facts);
	}
	facts->silent_ms = verdict_majority_ms(sum.proven_ms, sum.disks);
	if (sum.seen == 0)
		return VERDICT_NO_SLOT;
	if (sum.reborn > 0)
		return VERDICT_REBORN;
	if (sum.never == sum.seen)
		return VERDICT_NEVER;
	if (sum.left > 0)
		return VERDICT_LEFT;
	if (facts->watchdog_armed && facts->watchdog_ms > 0 &&
	    facts->silent_ms >= verdict_by_own_clock(facts->watchdog_ms))
		return VERDICT_DEAD;
	if (unsafe_ms > 0 && facts->silent_ms >= unsafe_ms)
		return VERDICT_UNSAFE;
	return sum.live > 0 ? VERDICT_RUNNING : VERDICT_SILENT;
}

const char *verdict_text(enum verdict v)
{
	switch (v) {
	case VERDICT_NO_SLOT:
		return "no quorum disk shows it";
	case VERDICT_NEVER:
		return "its qarbd never ran";
	case VERDICT_LEFT:
		return "its qarbd was stopped in order, nobody reads poison there";
	case VERDICT_RUNNING:
		return "it runs";
	case VERDICT_SILENT:
		return "it is silent, which proves nothing yet";
	case VERDICT_DEAD:
		return "it is dead: its watchdog has fired";
	case VERDICT_UNSAFE:
		return "it has been silent for as long as unsafe_silence says";
	case VERDICT_REBORN:
		return "it has begun a new life";
	}
	return "?";
}

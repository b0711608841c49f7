/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/agent/verdict.h"

#include <string.h>

/* A daemon shows its corosync within a beat or two; one whose corosync is gone is poisoned later.
 */
enum { VERDICT_UNMET_MS = 10000 };

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

/* Silence up to the last completed read: what follows it was not seen by anybody, and what was seen
 * long ago is no proof of now. */
static uint64_t verdict_proven_ms(const struct arb_status *s, const struct disk_status *d,
				  const struct peer_status *p)
{
	if (d->beat_age_ms >= s->policy.dead_ms || p->silent_ms <= d->beat_age_ms)
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
	uint32_t counted; /* that are of the life that is to end, or may be */
	uint64_t proven_ms[ARBITERS_MAX];
};

/* The node's slot on one disk, NULL: it cannot be read there. */
static const struct peer_status *verdict_slot(const struct arb_status *s, uint32_t disk,
					      uint32_t node_id)
{
	const struct disk_status *d = &s->disk[disk];
	const struct peer_status *p;

	if (s->policy.arbiter_type[disk] != ARBITER_DISK || d->phase != DISK_BEATING || !d->shared)
		return NULL;
	p = verdict_find(d, node_id);
	return p != NULL && p->silent_ms != UINT64_MAX ? p : NULL;
}

/* Is it of the life that is to end?  A daemon outlives its corosync, and meets one after its start.
 */
static bool verdict_same(const struct verdict_memory *m, const struct peer_status *p)
{
	bool other_host = m->life.host_life != 0 && p->host_life != 0 &&
			  p->host_life != m->life.host_life;

	if (p->incarnation == m->life.incarnation)
		return !(m->unmet && other_host);
	return m->life.host_life != 0 && p->host_life == m->life.host_life;
}

/* A daemon that was restarted beside the same corosync is no later life, and one that has not met
 * its corosync yet is not known to be one. */
static bool verdict_is_later(const struct verdict_memory *m, uint32_t disk,
			     const struct peer_status *p)
{
	return m->at_work && (m->showed >> disk & 1) != 0 && m->life.host_life != 0 &&
	       p->host_life != 0 && !verdict_same(m, p) &&
	       (p->state == SLOT_STARTING || p->state == SLOT_RUNNING);
}

/* Is this slot at work, and perhaps of the life that is to end? */
static bool verdict_works(const struct verdict_memory *m, const struct peer_status *p)
{
	return p->at_work &&
	       (!m->at_work || verdict_same(m, p) || m->life.host_life == 0 || p->host_life == 0);
}

static void verdict_adopt(struct verdict_memory *m, const struct peer_status *p, uint64_t now_ms)
{
	bool known = m->at_work && m->life.host_life != 0;
	bool other = p->incarnation != m->life.incarnation;

	/* Each disk must show it anew: an older daemon of this host, or an older corosync of this
	 * daemon, may be what a disk still shows. */
	if (other || p->host_life != m->life.host_life)
		m->showed = 0;
	if (other)
		m->came_ms = known ? now_ms : 0;
	if (p->host_life != 0 || !known)
		m->life.host_life = p->host_life;
	m->unmet = p->host_life == 0 && (m->unmet || other);
	m->life.incarnation = p->incarnation;
	m->at_work = p->at_work;
}

/* Which life is to end: the one that works, and as long as none was seen at it the one whose slot
 * changed last, as far as this node knows. */
static void verdict_remember(const struct arb_status *s, uint32_t node_id, struct verdict_memory *m)
{
	const struct peer_status *last = NULL, *works = NULL;

	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct peer_status *p = verdict_slot(s, i, node_id);

		if (p == NULL)
			continue;
		if (last == NULL || p->silent_ms < last->silent_ms)
			last = p;
		if (verdict_works(m, p) && (works == NULL || p->silent_ms < works->silent_ms))
			works = p;
	}
	if (works != NULL)
		verdict_adopt(m, works, s->now_ms);
	else if (m->life.incarnation == 0 && last != NULL)
		verdict_adopt(m, last, s->now_ms);
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct peer_status *p = verdict_slot(s, i, node_id);

		if (p != NULL && verdict_same(m, p))
			m->showed |= (uint64_t)1 << i;
	}
}

static void verdict_add(struct verdict_sum *sum, const struct peer_status *p,
			const struct verdict_memory *m, struct verdict_facts *facts)
{
	sum->seen++;
	sum->never += p->state == SLOT_NEVER;
	sum->live += p->at_work;
	/* What an older daemon left behind says how long it is silent, and nothing else. */
	if (p->state == SLOT_NEVER || (m->at_work && p->incarnation != m->life.incarnation))
		return;
	sum->left += p->state == SLOT_LEAVING;
	facts->watchdog_armed = (sum->counted == 0 || facts->watchdog_armed) && p->watchdog_armed;
	if (p->watchdog_ms > facts->watchdog_ms)
		facts->watchdog_ms = p->watchdog_ms;
	sum->counted++;
}

static enum verdict verdict_of(const struct verdict_sum *sum, const struct verdict_facts *facts,
			       const struct verdict_memory *m, bool member, uint64_t unsafe_ms)
{
	if (sum->seen == 0)
		return VERDICT_NO_SLOT;
	if (sum->never == sum->seen)
		return VERDICT_NEVER;
	if (sum->left > 0)
		return VERDICT_LEFT;
	/* Who was seen at work, out of the ring and silent is dead, though its next life has joined
	 * it and reaches no disk. */
	if ((!member || (m->at_work && m->was_out)) && facts->watchdog_armed &&
	    facts->watchdog_ms > 0 && facts->silent_ms >= verdict_by_own_clock(facts->watchdog_ms))
		return VERDICT_DEAD;
	if (!member && unsafe_ms > 0 && facts->silent_ms >= unsafe_ms)
		return VERDICT_UNSAFE;
	return sum->live > 0 ? VERDICT_RUNNING : VERDICT_SILENT;
}

enum verdict verdict_judge(const struct arb_status *s, uint32_t node_id, struct verdict_memory *m,
			   uint64_t unsafe_ms, struct verdict_facts *facts)
{
	struct verdict_sum sum;
	bool reborn = false, member = members_contain(&s->view.members, node_id);

	memset(&sum, 0, sizeof(sum));
	memset(facts, 0, sizeof(*facts));
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct peer_status *p = verdict_slot(s, i, node_id);

		reborn = reborn || (p != NULL && verdict_is_later(m, i, p));
	}
	if (reborn)
		return VERDICT_REBORN;
	verdict_remember(s, node_id, m);
	m->was_out = m->was_out || !member;
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct peer_status *p = verdict_slot(s, i, node_id);

		if (s->policy.arbiter_type[i] != ARBITER_DISK)
			continue;
		if (p != NULL) {
			sum.proven_ms[sum.disks] = verdict_proven_ms(s, &s->disk[i], p);
			verdict_add(&sum, p, m, facts);
		}
		sum.disks++;
	}
	facts->silent_ms = verdict_majority_ms(sum.proven_ms, sum.disks);
	return verdict_of(&sum, facts, m, member, unsafe_ms);
}

uint64_t verdict_poison(const struct verdict_memory *m, uint64_t now_ms)
{
	if (m->unmet && m->came_ms != 0 && now_ms - m->came_ms < VERDICT_UNMET_MS)
		return 0;
	return m->life.incarnation;
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

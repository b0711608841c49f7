/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/statusfacts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/statustext.h"

struct where {
	const struct ipc_status *s;
	struct facts *f;
	uint32_t index; /* of the arbiter; ARBITERS_MAX: none */
};

static void tell(const struct where *w, enum fact_level level, const char *id, uint32_t node_id,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

static void tell(const struct where *w, enum fact_level level, const char *id, uint32_t node_id,
		 const char *format, ...)
{
	struct fact *f = &w->f->fact[w->f->count];
	va_list ap;

	if (w->f->count == FACTS_MAX)
		return;
	w->f->count++;
	f->level = level;
	f->id = id;
	f->arbiter = w->index < ARBITERS_MAX ? w->s->disk[w->index].name : NULL;
	f->node_id = node_id;
	va_start(ap, format);
	(void)vsnprintf(f->text, sizeof(f->text), format, ap);
	va_end(ap);
}

/* "2 (b), 3 (c) and 4 more": what has no room is counted, for a list that was cut looks whole. */
struct names {
	char text[200];
	size_t at;
	uint32_t more;
};

enum { NAMES_MORE_SIZE = sizeof(" and 63 more") };

static void name_node(struct names *n, const struct ipc_status *s, uint32_t node_id)
{
	char one[NAME_SIZE + 32];
	int length = snprintf(one, sizeof(one), "%s%u (%s)", n->at == 0 ? "" : ", ", node_id,
			      status_node_name(s, node_id));

	if (n->more != 0 || n->at + (size_t)length + NAMES_MORE_SIZE > sizeof(n->text)) {
		n->more++;
		return;
	}
	memcpy(n->text + n->at, one, (size_t)length + 1);
	n->at += (size_t)length;
}

static const char *names_end(struct names *n)
{
	if (n->more != 0)
		(void)snprintf(n->text + n->at, sizeof(n->text) - n->at, " and %u more", n->more);
	return n->text;
}

/* The nodes of a set of slots. */
static const char *name_slots(struct names *n, const struct where *w, uint64_t set)
{
	const struct disk_status *d = &w->s->arb.disk[w->index];

	memset(n, 0, sizeof(*n));
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) != 0)
			name_node(n, w->s, d->peer[i].node_id);
	}
	return names_end(n);
}

/* Nodes of the node list that are not in this node's ring. */
static const char *name_missing(struct names *n, const struct ipc_status *s)
{
	memset(n, 0, sizeof(*n));
	for (uint32_t i = 0; i < s->node_count; i++) {
		if (!members_contain(&s->arb.view.members, s->node[i].node_id))
			name_node(n, s, s->node[i].node_id);
	}
	return names_end(n);
}

static void look_at_corosync(const struct where *w)
{
	const struct ipc_status *s = w->s;
	struct names missing;

	if (s->arb.host_life == 0) {
		tell(w, FACT_ERROR, "no-corosync", 0, "corosync is not running: waiting for it");
		return;
	}
	if (!s->arb.registered && s->other_device[0] != 0)
		tell(w, FACT_ERROR, "not-registered", 0,
		     "votequorum has the quorum device '%s' registered: stop that daemon, only one "
		     "device can vote",
		     s->other_device);
	else if (!s->arb.registered)
		tell(w, FACT_ERROR, "not-registered", 0,
		     "the quorum device is not registered with votequorum (see the log)");
	if (s->wait_for_all != IPC_WFA_WAITING)
		return;
	tell(w, FACT_WARNING, "wait-for-all", 0,
	     "corosync (wait_for_all) gives no quorum until it has seen all nodes at once; "
	     "missing: "
	     "%s; once these are known to be off, cancel it with 'pcs quorum unblock' or "
	     "'corosync-cmapctl -s quorum.cancel_wait_for_all u8 1'",
	     name_missing(&missing, s)[0] != 0 ? missing.text : "none");
}

static void look_at_arbiter(const struct where *w)
{
	const struct disk_status *d = &w->s->arb.disk[w->index];
	enum rc rc = w->s->disk[w->index].rc;
	uint32_t hold_ms = w->s->arb.policy.hold_ms;

	if (d->phase == DISK_OUT)
		tell(w, FACT_ERROR, "out-of-use", 0,
		     "the disk is out of use until the daemon restarts (see the log)");
	else if (d->phase == DISK_CLOSED)
		tell(w, FACT_ERROR, "not-open", 0, "the disk is not in use: %s",
		     rc == RC_OK ? "it was opened just now" : rc_text(rc));
	else if (!d->shared)
		tell(w, FACT_ERROR, "not-shared", 0,
		     "the disk is not shared with the other nodes: it grants nothing here");
	else if (d->write_outstanding && d->write_age_ms > hold_ms)
		tell(w, FACT_ERROR, "write-unanswered", 0,
		     "the disk has not answered a write for %" PRIu64 " ms", d->write_age_ms);
	else if (d->phase == DISK_BEATING && d->beat_age_ms > hold_ms)
		tell(w, FACT_ERROR, "no-beat", 0, "no beat was completed within hold_ms (%u ms)",
		     hold_ms);
}

static void look_at_wait(const struct where *w)
{
	const struct disk_status *d = &w->s->arb.disk[w->index];
	uint64_t left_ms = d->waiting_until_ms > w->s->arb.now_ms
				   ? d->waiting_until_ms - w->s->arb.now_ms
				   : 0;
	struct names names;
	const char *nodes = name_slots(&names, w, d->waiting_slots);

	switch (d->waiting) {
	case WAIT_NONE:
		if (d->phase == DISK_BEATING && !d->leading && d->leader_node_id == 0)
			tell(w, FACT_INFO, "electing", 0, "a leader is being elected");
		break;
	case WAIT_CLASSIFY:
		tell(w, FACT_INFO, "classifying", 0,
		     "waits to know whether these nodes are live: %s", nodes);
		break;
	case WAIT_RESTART:
		tell(w, FACT_INFO, "holder-restarts", 0,
		     "waits for a daemon that restarts and holds the vote");
		break;
	case WAIT_SETTLE:
		tell(w, FACT_INFO, "settling", 0,
		     "waits for live nodes to report the same ring, at most %" PRIu64 " ms more",
		     left_ms);
		break;
	case WAIT_CONTENDER:
		tell(w, FACT_WARNING, "no-contender", 0, "no partition may be granted the vote: %s",
		     w->s->arb.policy.algorithm == ALGORITHM_FFSPLIT
			     ? "none has half of all votes in live, available nodes"
			     : "none has a live, available node");
		break;
	case WAIT_HELLO:
		tell(w, FACT_INFO, "hello", 0,
		     "waits for members of the ring to show that they use this very disk");
		break;
	case WAIT_HOLDERS:
		tell(w, FACT_WARNING, "old-holders", 0,
		     "waits until these nodes cannot be casting an older grant any more: %s; at "
		     "most %" PRIu64 " ms more",
		     nodes, left_ms);
		break;
	}
}

/* returns: why the node of a slot, a member of the granted ring, cannot cast; NULL: it can. */
static const char *cannot_cast(const struct disk_status *d, uint8_t i)
{
	const struct peer_status *p = &d->peer[i];
	const struct grant *g = &d->accepted.grant;

	if (p->silent_ms == UINT64_MAX)
		return "its slot was never read";
	if (p->state == SLOT_NEVER)
		return "no qarbd ever ran there";
	if (p->state == SLOT_LEAVING)
		return "its qarbd has left";
	if (p->state == SLOT_STARTING)
		return "its qarbd is starting";
	if (!p->classified)
		return "it is not known to be live yet";
	if (!p->live)
		return "its slot is silent";
	if (!p->registered)
		return "its quorum device is not registered";
	if (!p->fit)
		return "it is not fit";
	if (!p->available)
		return "it is not available";
	if (!ring_same(&p->ring, &g->ring))
		return "it reports another ring";
	if ((g->set & slot_bit(i)) == 0)
		return "it is not in the grant yet";
	return NULL;
}

/* Is the granted ring one that a live node is in now? */
static bool grant_is_current(const struct disk_status *d)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if (d->peer[i].live && ring_same(&d->peer[i].ring, &d->accepted.grant.ring))
			return true;
	}
	return false;
}

static void look_at_members(const struct where *w)
{
	const struct disk_status *d = &w->s->arb.disk[w->index];
	const struct grant *g = &d->accepted.grant;

	if (g->set == 0 || !grant_is_current(d))
		return;
	for (uint32_t i = 0; i < g->members.count; i++) {
		uint32_t node_id = g->members.node_id[i];
		uint8_t slot = slot_map_find(&d->accepted.map, node_id);
		const char *why = slot == SLOT_NONE ? "it has no slot on this disk"
						    : cannot_cast(d, slot);

		if (why != NULL)
			tell(w, FACT_ERROR, "impaired", node_id,
			     "node %u (%s) is in the granted ring and cannot cast: %s", node_id,
			     status_node_name(w->s, node_id), why);
	}
}

static void look_at_configurations(const struct where *w)
{
	const struct disk_status *d = &w->s->arb.disk[w->index];

	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const struct peer_status *p = &d->peer[i];

		if (p->node_id == 0 || p->config_hash == 0 || p->state != SLOT_RUNNING ||
		    !p->live || p->config_hash == w->s->arb.policy.hash)
			continue;
		tell(w, FACT_WARNING, "configuration-differs", p->node_id,
		     "node %u (%s) runs with another configuration of quorum.device", p->node_id,
		     status_node_name(w->s, p->node_id));
	}
}

void statusfacts_collect(const struct ipc_status *s, struct facts *f)
{
	struct where w = { s, f, ARBITERS_MAX };

	f->count = 0;
	look_at_corosync(&w);
	if (s->arb.arbiter_count == 0)
		tell(&w, FACT_WARNING, "no-arbiter", 0,
		     "no arbiter is configured: waiting, the vote is \"no\"");
	for (w.index = 0; w.index < s->arb.arbiter_count && w.index < ARBITERS_MAX; w.index++) {
		look_at_arbiter(&w);
		if (s->arb.disk[w.index].phase != DISK_BEATING)
			continue;
		look_at_wait(&w);
		look_at_members(&w);
		look_at_configurations(&w);
	}
}

const char *statusfacts_level(enum fact_level level)
{
	switch (level) {
	case FACT_INFO:
		return "info";
	case FACT_WARNING:
		return "warning";
	case FACT_ERROR:
		return "error";
	}
	return "?";
}

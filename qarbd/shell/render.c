/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum field {
	FIELD_NONE = 0,
	FIELD_NUMBER,
	FIELD_HEX,
	FIELD_REASON,
	FIELD_RC,
	FIELD_WHY,
	FIELD_GATE,
	FIELD_SELF
};

struct render_fact {
	const char *fact;
	enum say_level level;
	bool disk; /* belongs to one arbiter */
	struct {
		const char *key;
		enum field field;
	} value[4];
};

#define N(key)                                                                                     \
	{                                                                                          \
		key, FIELD_NUMBER                                                                  \
	}
#define H(key)                                                                                     \
	{                                                                                          \
		key, FIELD_HEX                                                                     \
	}
#define NONE                                                                                       \
	{                                                                                          \
		NULL, FIELD_NONE                                                                   \
	}

/* clang-format off */
static const struct render_fact render_facts[NOTE_COUNT] = {
	[NOTE_VOTE_YES] = { "vote-yes", SAY_NOTICE, false, { N("ring"), NONE, NONE, NONE } },
	[NOTE_VOTE_NO] = { "vote-no", SAY_NOTICE, false,
			   { N("ring"), { "reason", FIELD_REASON }, NONE, NONE } },
	[NOTE_VOTE_SILENT] = { "vote-awaits-decision", SAY_NOTICE, false, { N("ring"), NONE, NONE, NONE } },
	[NOTE_LEADING] = { "leading", SAY_NOTICE, true, { N("ballot"), NONE, NONE, NONE } },
	[NOTE_LEADER] = { "leader", SAY_NOTICE, true, { N("node"), N("ballot"), NONE, NONE } },
	[NOTE_DEPOSED] = { "deposed", SAY_NOTICE, true, { N("by_node"), NONE, NONE, NONE } },
	[NOTE_REVOKED] = { "grant-revoked", SAY_NOTICE, true,
			   { N("ballot"), N("k"), H("pending_slots"), N("for_ring") } },
	[NOTE_GRANTED] = { "granted", SAY_NOTICE, true,
			   { N("ballot"), N("k"), H("slots"), N("ring") } },
	[NOTE_WAITING] = { "waiting-for-old-holders", SAY_INFO, true,
			   { H("slots"), N("at_most_ms"), NONE, NONE } },
	[NOTE_PEER_UP] = { "peer-up", SAY_INFO, true, { N("node"), H("incarnation"), NONE, NONE } },
	[NOTE_PEER_DEAD] = { "peer-dead", SAY_INFO, true, { N("node"), N("silent_ms"), NONE, NONE } },
	[NOTE_PEER_LEFT] = { "peer-left", SAY_INFO, true, { N("node"), NONE, NONE, NONE } },
	[NOTE_DISK_OPENED] = { "disk-opened", SAY_INFO, true, { NONE, NONE, NONE, NONE } },
	[NOTE_DISK_CLOSED] = { "disk-not-there", SAY_ERR, true,
			       { { "why", FIELD_RC }, NONE, NONE, NONE } },
	[NOTE_DISK_READY] = { "disk-ready", SAY_NOTICE, true, { N("own_slot"), NONE, NONE, NONE } },
	[NOTE_DISK_LOST] = { "disk-lost", SAY_ERR, true, { N("last_beat_ms"), NONE, NONE, NONE } },
	[NOTE_DISK_BACK] = { "disk-back", SAY_WARNING, true, { N("gap_ms"), NONE, NONE, NONE } },
	[NOTE_WRITE_UNKNOWN] = { "write-unanswered", SAY_WARNING, true,
				 { N("outstanding_ms"), NONE, NONE, NONE } },
	[NOTE_WRITE_FAILED] = { "write-failed", SAY_ERR, true, { NONE, NONE, NONE, NONE } },
	[NOTE_READ_FAILED] = { "read-failed", SAY_ERR, true, { NONE, NONE, NONE, NONE } },
	[NOTE_SLOT_UNREADABLE] = { "slot-unreadable", SAY_ERR, true,
				   { N("slot"), { "why", FIELD_RC }, NONE, NONE } },
	[NOTE_SLOT_FOREIGN] = { "slot-written-by-another-daemon: this disk is not used", SAY_CRIT, true,
				{ N("slot"), NONE, NONE, NONE } },
	[NOTE_SLOT_LOST] = { "own-slot-unreadable: not used until qarbctl disk repair", SAY_CRIT, true,
			     { N("slot"), NONE, NONE, NONE } },
	[NOTE_NO_SLOT] = { "no-slot-on-disk: waiting for the other nodes to give one", SAY_WARNING, true,
			   { N("node"), NONE, NONE, NONE } },
	[NOTE_DISK_ROLLED_BACK] = { "disk-shows-an-older-state: not used until the daemon restarts",
				    SAY_CRIT, true, { N("slot"), NONE, NONE, NONE } },
	[NOTE_OWN_NOT_READ_BACK] = { "own-write-not-read-back: disk not used until the daemon restarts",
				     SAY_CRIT, true,
				     { N("sequence_written"), N("sequence_read"), NONE, NONE } },
	[NOTE_NOT_SHARED] = { "disk-not-shared: no vote from it", SAY_ERR, true,
			      { N("with_node"), NONE, NONE, NONE } },
	[NOTE_SHARED_AGAIN] = { "disk-shared-again", SAY_WARNING, true, { NONE, NONE, NONE, NONE } },
	[NOTE_POLL_LATE] = { "poll-late", SAY_WARNING, false, { N("took_ms"), NONE, NONE, NONE } },
	[NOTE_COROSYNC_UP] = { "corosync-up", SAY_INFO, false, { H("life"), NONE, NONE, NONE } },
	[NOTE_COROSYNC_GONE] = { "corosync-gone", SAY_WARNING, false, { NONE, NONE, NONE, NONE } },
	[NOTE_ARBITERS_DIFFER] = { "arbiters-differ: no vote while that node has more arbiters than "
				   "this one",
				   SAY_CRIT, false, { N("node"), N("its_arbiter"), NONE, NONE } },
	[NOTE_CONFIG_DIFFERS] = { "configuration-differs", SAY_WARNING, true,
				  { N("node"), NONE, NONE, NONE } },
	[NOTE_HOLD_CARRIED] = { "hold-carried-over", SAY_INFO, true, { N("left_ms"), NONE, NONE, NONE } },
	[NOTE_LEFT] = { "left-cleanly", SAY_NOTICE, false, { NONE, NONE, NONE, NONE } },
	[NOTE_SLOT_GIVEN] = { "slot-given", SAY_NOTICE, true,
			      { N("node"), N("slot"), N("before"), NONE } },
	[NOTE_SLOTS_FULL] = { "no-slot-free: every slot belongs to a node of the node list or to one that "
			      "may still run", SAY_ERR, true,
			      { N("for_node"), N("slots"), NONE, NONE } },
	[NOTE_EVICT_ORDERED] = { "eviction-ordered", SAY_NOTICE, false,
				 { N("node"), H("incarnation"), { "why", FIELD_WHY }, NONE } },
	[NOTE_EVICT_HELD] = { "eviction-held-up", SAY_NOTICE, false,
			      { N("node"), { "why", FIELD_WHY }, { "by", FIELD_GATE }, NONE } },
	[NOTE_EVICT_WITHDRAWN] = { "eviction-withdrawn", SAY_NOTICE, false,
				   { N("node"), H("incarnation"), N("attempts"), NONE } },
	[NOTE_EVICT_DONE] = { "eviction-done", SAY_NOTICE, false,
			      { N("node"), H("incarnation"), N("after_ms"), NONE } },
	[NOTE_EVICT_FAILED] = { "eviction-failed: it is tried again", SAY_ERR, false,
				{ N("node"), H("incarnation"), N("attempts"), NONE } },
	[NOTE_EVICT_GAVE_UP] = { "eviction-given-up", SAY_ERR, false,
				 { N("node"), H("incarnation"), N("attempts"), NONE } },
	[NOTE_POISONED] = { "poisoned: this node must go", SAY_CRIT, true,
			    { N("by_node"), { "doing", FIELD_SELF }, NONE, NONE } },
	[NOTE_VOTE_LOST] = { "vote-lost", SAY_ERR, false,
			     { N("without_ms"), { "doing", FIELD_SELF }, NONE, NONE } },
	[NOTE_BRIDGE_UP] = { "fence-bridge-connected", SAY_INFO, false, { NONE, NONE, NONE, NONE } },
	[NOTE_BRIDGE_GONE] = { "fence-bridge-gone: nobody is evicted meanwhile", SAY_WARNING, false,
			       { NONE, NONE, NONE, NONE } },
};

/* The same note about nobody: what it was told of has ended. */
static const struct render_fact render_nobody[NOTE_COUNT] = {
	[NOTE_LEADER] = { "no-leader", SAY_NOTICE, true, { NONE, N("ballot"), NONE, NONE } },
	[NOTE_SLOTS_FULL] = { "every-node-has-a-slot", SAY_NOTICE, true, { NONE, NONE, NONE, NONE } },
};

static const bool render_repeated[NOTE_COUNT] = {
	[NOTE_DISK_OPENED] = true,
	[NOTE_DISK_CLOSED] = true,
	[NOTE_DISK_READY] = true,
	[NOTE_DISK_LOST] = true,
	[NOTE_DISK_BACK] = true,
	[NOTE_WRITE_UNKNOWN] = true,
	[NOTE_WRITE_FAILED] = true,
	[NOTE_READ_FAILED] = true,
	[NOTE_SLOT_UNREADABLE] = true,
	[NOTE_DISK_ROLLED_BACK] = true,
	[NOTE_NOT_SHARED] = true,
	[NOTE_SHARED_AGAIN] = true,
	[NOTE_POLL_LATE] = true,
};

static const char *const render_reasons[REASON_COUNT] = {
	[REASON_NONE] = "none",
	[REASON_STARTING] = "starting",
	[REASON_NOT_GRANTED] = "not-granted",
	[REASON_REVOKED] = "revoked",
	[REASON_HOLD_PASSED] = "hold-passed",
	[REASON_SYNC_TIMEOUT] = "sync-timeout",
	[REASON_NO_ARBITER] = "no-arbiter",
	[REASON_UNFIT] = "unfit",
	[REASON_LEAVING] = "leaving",
	[REASON_POISONED] = "poisoned",
	[REASON_NOT_SHARED] = "not-shared",
	[REASON_UNDECIDED] = "undecided",
	[REASON_GRANTED] = "granted",
	[REASON_ARBITERS_DIFFER] = "arbiters-differ",
};
/* clang-format on */

const char *render_reason(enum vote_reason reason)
{
	if ((unsigned int)reason >= REASON_COUNT || render_reasons[reason] == NULL)
		return "?";
	return render_reasons[reason];
}

static const char *render_word(enum field field, uint64_t value)
{
	switch (field) {
	case FIELD_REASON:
		return render_reason((enum vote_reason)value);
	case FIELD_RC:
		return rc_text((enum rc)value);
	case FIELD_WHY:
		return evict_why_text((enum evict_why)value);
	case FIELD_GATE:
		return evict_gate_text((enum evict_gate)value);
	case FIELD_SELF:
		return self_act_text((enum self_act)value);
	case FIELD_NONE:
	case FIELD_NUMBER:
	case FIELD_HEX:
		break;
	}
	return "?";
}

enum say_level render_note(const struct note_record *r, const struct config *c, char *line,
			   size_t size)
{
	const uint64_t values[4] = { r->note.a, r->note.b, r->note.c, r->note.d };
	const struct render_fact *f;
	size_t at;

	if ((unsigned int)r->note.id >= NOTE_COUNT || render_facts[r->note.id].fact == NULL) {
		(void)snprintf(line, size, "note id=%d", (int)r->note.id);
		return SAY_INFO;
	}
	f = &render_facts[r->note.id];
	if (r->note.a == 0 && render_nobody[r->note.id].fact != NULL)
		f = &render_nobody[r->note.id];
	at = (size_t)snprintf(line, size, "%s", f->fact);
	if (f->disk && r->arbiter_index < ARBITERS_MAX && at < size)
		at += (size_t)snprintf(line + at, size - at, " arbiter=%s",
				       c->arbiter[r->arbiter_index].name);
	for (int i = 0; i < 4 && at < size; i++) {
		const char *key = f->value[i].key;

		switch (f->value[i].field) {
		case FIELD_NONE:
			break;
		case FIELD_NUMBER:
			at += (size_t)snprintf(line + at, size - at, " %s=%" PRIu64, key,
					       values[i]);
			break;
		case FIELD_HEX:
			at += (size_t)snprintf(line + at, size - at, " %s=0x%" PRIx64, key,
					       values[i]);
			break;
		case FIELD_REASON:
		case FIELD_SELF:
			at += (size_t)snprintf(line + at, size - at, " %s=%s", key,
					       render_word(f->value[i].field, values[i]));
			break;
		case FIELD_RC:
		case FIELD_WHY:
		case FIELD_GATE:
			at += (size_t)snprintf(line + at, size - at, " %s=\"%s\"", key,
					       render_word(f->value[i].field, values[i]));
			break;
		}
	}
	return f->level;
}

void render_name(enum note_id id, char *name, size_t size)
{
	const char *fact = (unsigned int)id < NOTE_COUNT ? render_facts[id].fact : NULL;

	if (fact == NULL)
		fact = "note";
	(void)snprintf(name, size, "%.*s", (int)strcspn(fact, ":"), fact);
}

bool render_repeats(enum note_id id)
{
	return (unsigned int)id < NOTE_COUNT && render_repeated[id];
}

bool render_of_arbiter(enum note_id id)
{
	return (unsigned int)id < NOTE_COUNT && render_facts[id].disk;
}

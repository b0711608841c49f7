/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wire/tracename.h"

const char *const tracename_event[EVENT_TYPE_COUNT] = {
	[EVENT_TICK] = "tick",
	[EVENT_CONFIG] = "config",
	[EVENT_NODELIST] = "nodelist",
	[EVENT_COROSYNC] = "corosync",
	[EVENT_VIEW] = "view",
	[EVENT_DEVICE] = "device",
	[EVENT_PEER_DEVICE] = "peer_device",
	[EVENT_QUORATE] = "quorate",
	[EVENT_FITNESS] = "fitness",
	[EVENT_WEIGHT] = "weight",
	[EVENT_DISK_OPENED] = "disk_opened",
	[EVENT_DISK_CLOSED] = "disk_closed",
	[EVENT_WRITE_DONE] = "write_done",
	[EVENT_READ_DONE] = "read_done",
	[EVENT_POLL_DONE] = "poll_done",
	[EVENT_PUBLICATION] = "publication",
	[EVENT_HELLO] = "hello",
	[EVENT_LEAVE] = "leave",
};

const char *const tracename_action[ACTION_TYPE_COUNT] = {
	[ACTION_WRITE_SLOT] = "write_slot",
	[ACTION_READ] = "read",
	[ACTION_PUBLISH] = "publish",
	[ACTION_HELLO] = "hello",
	[ACTION_EVICT] = "evict",
	[ACTION_NOTE] = "note",
	[ACTION_LEFT] = "left",
};

const char *const tracename_note[NOTE_COUNT] = {
	[NOTE_VOTE_YES] = "vote_yes",
	[NOTE_VOTE_NO] = "vote_no",
	[NOTE_VOTE_SILENT] = "vote_silent",
	[NOTE_LEADING] = "leading",
	[NOTE_LEADER] = "leader",
	[NOTE_DEPOSED] = "deposed",
	[NOTE_REVOKED] = "revoked",
	[NOTE_GRANTED] = "granted",
	[NOTE_WAITING] = "waiting",
	[NOTE_PEER_UP] = "peer_up",
	[NOTE_PEER_DEAD] = "peer_dead",
	[NOTE_PEER_LEFT] = "peer_left",
	[NOTE_DISK_OPENED] = "disk_opened",
	[NOTE_DISK_CLOSED] = "disk_closed",
	[NOTE_DISK_READY] = "disk_ready",
	[NOTE_DISK_LOST] = "disk_lost",
	[NOTE_DISK_BACK] = "disk_back",
	[NOTE_WRITE_UNKNOWN] = "write_unknown",
	[NOTE_WRITE_FAILED] = "write_failed",
	[NOTE_READ_FAILED] = "read_failed",
	[NOTE_SLOT_UNREADABLE] = "slot_unreadable",
	[NOTE_SLOT_FOREIGN] = "slot_foreign",
	[NOTE_SLOT_LOST] = "slot_lost",
	[NOTE_NO_SLOT] = "no_slot",
	[NOTE_DISK_ROLLED_BACK] = "disk_rolled_back",
	[NOTE_OWN_NOT_READ_BACK] = "own_not_read_back",
	[NOTE_NOT_SHARED] = "not_shared",
	[NOTE_SHARED_AGAIN] = "shared_again",
	[NOTE_POLL_LATE] = "poll_late",
	[NOTE_COROSYNC_UP] = "corosync_up",
	[NOTE_COROSYNC_GONE] = "corosync_gone",
	[NOTE_CONFIG_DIFFERS] = "config_differs",
	[NOTE_HOLD_CARRIED] = "hold_carried",
	[NOTE_LEFT] = "left",
	[NOTE_SLOT_GIVEN] = "slot_given",
	[NOTE_SLOTS_FULL] = "slots_full",
};

const char *const tracename_rc[RC_COUNT] = {
	[RC_OK] = "ok",
	[RC_BADMAGIC] = "badmagic",
	[RC_BADVERSION] = "badversion",
	[RC_BADSUM] = "badsum",
	[RC_BADUUID] = "baduuid",
	[RC_MISDIRECTED] = "misdirected",
	[RC_BADVALUE] = "badvalue",
	[RC_TOOSMALL] = "toosmall",
	[RC_PARTIAL] = "partial",
	[RC_IO] = "io",
	[RC_TIMEOUT] = "timeout",
	[RC_GONE] = "gone",
	[RC_BUSY] = "busy",
	[RC_REFUSED] = "refused",
	[RC_NOTFOUND] = "notfound",
	[RC_SYNTAX] = "syntax",
	[RC_AGAIN] = "again",
};

const char *const tracename_algorithm[ALGORITHM_FFSPLIT + 1] = {
	[ALGORITHM_LMS] = "lms",
	[ALGORITHM_FFSPLIT] = "ffsplit",
};

const char *const tracename_tie_breaker[TIE_NODE + 1] = {
	[TIE_LOWEST] = "lowest",
	[TIE_HIGHEST] = "highest",
	[TIE_NODE] = "node",
};

const char *const tracename_arbiter[ARBITER_QNETD + 1] = {
	[ARBITER_DISK] = "disk",
	[ARBITER_QNETD] = "qnetd",
};

const char *const tracename_outcome[IO_UNKNOWN + 1] = {
	[IO_DONE] = "done",
	[IO_FAILED] = "failed",
	[IO_UNKNOWN] = "unknown",
};

const char *const tracename_answer[ANSWER_YES + 1] = {
	[ANSWER_SILENT] = "silent",
	[ANSWER_NO] = "no",
	[ANSWER_YES] = "yes",
};

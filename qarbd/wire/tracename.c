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
	[EVENT_BRIDGE] = "bridge",
	[EVENT_EVICT_REPORT] = "evict_report",
	[EVENT_FENCED] = "fenced",
	[EVENT_ASK] = "ask",
	[EVENT_WATCHDOG] = "watchdog",
};

const char *const tracename_action[ACTION_TYPE_COUNT] = {
	[ACTION_WRITE_SLOT] = "write_slot",
	[ACTION_READ] = "read",
	[ACTION_PUBLISH] = "publish",
	[ACTION_HELLO] = "hello",
	[ACTION_EVICT] = "evict",
	[ACTION_NOTE] = "note",
	[ACTION_LEFT] = "left",
	[ACTION_VERDICT] = "verdict",
	[ACTION_SELF] = "self",
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
	[NOTE_ARBITERS_DIFFER] = "arbiters_differ",
	[NOTE_CONFIG_DIFFERS] = "config_differs",
	[NOTE_HOLD_CARRIED] = "hold_carried",
	[NOTE_LEFT] = "left",
	[NOTE_SLOT_GIVEN] = "slot_given",
	[NOTE_SLOTS_FULL] = "slots_full",
	[NOTE_EVICT_ORDERED] = "evict_ordered",
	[NOTE_EVICT_HELD] = "evict_held",
	[NOTE_EVICT_WITHDRAWN] = "evict_withdrawn",
	[NOTE_EVICT_DONE] = "evict_done",
	[NOTE_EVICT_FAILED] = "evict_failed",
	[NOTE_EVICT_GAVE_UP] = "evict_gave_up",
	[NOTE_POISONED] = "poisoned",
	[NOTE_VOTE_LOST] = "vote_lost",
	[NOTE_BRIDGE_UP] = "bridge_up",
	[NOTE_BRIDGE_GONE] = "bridge_gone",
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
	[RC_UNSAFE] = "unsafe",
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

const char *const tracename_fence[FENCE_ACTION_COUNT] = {
	[FENCE_REBOOT] = "reboot",
	[FENCE_OFF] = "off",
	[FENCE_ON] = "on",
};

const char *const tracename_fencing[FENCING_RESULT_COUNT] = {
	[FENCING_STARTED] = "started",
	[FENCING_DONE] = "done",
	[FENCING_FAILED] = "failed",
};

const char *const tracename_self[SELF_ACT_COUNT] = {
	[SELF_NOTHING] = "nothing",
	[SELF_STOP] = "stop",
	[SELF_REBOOT] = "reboot",
};

const char *const tracename_why[EVICT_WHY_COUNT] = {
	[EVICT_DEAD] = "dead",
	[EVICT_DISOBEDIENT] = "disobedient",
	[EVICT_UNFIT] = "unfit",
	[EVICT_ADMIN] = "admin",
};

const char *const tracename_progress[EVICT_PROGRESS_COUNT] = {
	[EVICT_ISSUED] = "issued",	 [EVICT_ACCEPTED] = "accepted",
	[EVICT_REQUESTED] = "requested", [EVICT_DONE] = "done",
	[EVICT_FAILED] = "failed",	 [EVICT_GAVE_UP] = "gave_up",
	[EVICT_WITHDRAWN] = "withdrawn",
};

const char *const tracename_ask[EVICT_ASK_COUNT] = {
	[EVICT_ASK_EVICT] = "evict",
	[EVICT_ASK_POISON] = "poison",
};

const char *const tracename_gate[EVICT_GATE_COUNT] = {
	[EVICT_GATE_OPEN] = "open",
	[EVICT_GATE_OFF] = "off",
	[EVICT_GATE_NO_DISKS] = "no_disks",
	[EVICT_GATE_SELF] = "self",
	[EVICT_GATE_UNKNOWN_NODE] = "unknown_node",
	[EVICT_GATE_NO_VOTE] = "no_vote",
	[EVICT_GATE_NOT_QUORATE] = "not_quorate",
	[EVICT_GATE_LEAVING_SELF] = "leaving_self",
	[EVICT_GATE_OWN_BEAT] = "own_beat",
	[EVICT_GATE_NOT_SHARED] = "not_shared",
	[EVICT_GATE_NOT_SEEN] = "not_seen",
	[EVICT_GATE_STARTING] = "starting",
	[EVICT_GATE_LEAVING] = "leaving",
	[EVICT_GATE_NOT_IN_RING] = "not_in_ring",
	[EVICT_GATE_UNREGISTERED] = "unregistered",
	[EVICT_GATE_OUTWEIGHED] = "outweighed",
	[EVICT_GATE_NO_BRIDGE] = "no_bridge",
	[EVICT_GATE_FACTS_UNKNOWN] = "facts_unknown",
	[EVICT_GATE_NO_FENCING] = "no_fencing",
	[EVICT_GATE_MAINTENANCE] = "maintenance",
	[EVICT_GATE_SHUTTING_DOWN] = "shutting_down",
	[EVICT_GATE_FENCING] = "fencing",
	[EVICT_GATE_FENCED] = "fenced",
	[EVICT_GATE_TWICE] = "twice",
	[EVICT_GATE_NOT_ELECTED] = "not_elected",
	[EVICT_GATE_FULL] = "full",
	[EVICT_GATE_NOT_DUE] = "not_due",
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/evict.h"

#include <stddef.h>

static const char *const gate_texts[EVICT_GATE_COUNT] = {
	[EVICT_GATE_OPEN] = "nothing forbids it",
	[EVICT_GATE_OFF] = "evict is off",
	[EVICT_GATE_NO_DISKS] = "no quorum disk is configured",
	[EVICT_GATE_SELF] = "a node does not evict itself",
	[EVICT_GATE_UNKNOWN_NODE] = "the node has no slot on the quorum disks",
	[EVICT_GATE_NO_VOTE] = "this node does not hold the vote",
	[EVICT_GATE_NOT_QUORATE] = "this partition is not quorate",
	[EVICT_GATE_LEAVING_SELF] = "this daemon is stopping",
	[EVICT_GATE_OWN_BEAT] = "this node's own last beat is too old",
	[EVICT_GATE_NOT_SHARED] = "no disk is known to be shared with the node",
	[EVICT_GATE_NOT_SEEN] = "this daemon has never seen the node running",
	[EVICT_GATE_STARTING] = "the node's daemon is starting",
	[EVICT_GATE_LEAVING] = "the node's daemon has left cleanly",
	[EVICT_GATE_NOT_IN_RING] = "the node is not in the ring: Pacemaker fences it by itself",
	[EVICT_GATE_UNREGISTERED] = "the node has no registered quorum device",
	[EVICT_GATE_OUTWEIGHED] = "the dead nodes of the ring outweigh the live ones",
	[EVICT_GATE_NO_BRIDGE] = "no fence bridge is connected",
	[EVICT_GATE_FACTS_UNKNOWN] = "the fence bridge does not know Pacemaker's state",
	[EVICT_GATE_NO_FENCING] = "fencing is disabled in Pacemaker (stonith-enabled=false)",
	[EVICT_GATE_MAINTENANCE] = "the cluster or the node is in maintenance mode",
	[EVICT_GATE_SHUTTING_DOWN] = "the node's Pacemaker is shutting down",
	[EVICT_GATE_FENCING] = "the node is being fenced already",
	[EVICT_GATE_FENCED] = "the node was fenced since its last beat",
	[EVICT_GATE_TWICE] = "this life of the node was evicted before",
	[EVICT_GATE_NOT_ELECTED] = "another node evicts",
	[EVICT_GATE_FULL] = "too many evictions are under way",
	[EVICT_GATE_NOT_DUE] = "the node gives no reason",
};

static const char *const why_texts[EVICT_WHY_COUNT] = {
	[EVICT_DEAD] = "dead on the disks",
	[EVICT_DISOBEDIENT] = "disobedient",
	[EVICT_UNFIT] = "unfit",
	[EVICT_ADMIN] = "ordered by an administrator",
};

static const char *const progress_texts[EVICT_PROGRESS_COUNT] = {
	[EVICT_ISSUED] = "issued",	 [EVICT_ACCEPTED] = "accepted",
	[EVICT_REQUESTED] = "requested", [EVICT_DONE] = "done",
	[EVICT_FAILED] = "failed",	 [EVICT_GAVE_UP] = "gave-up",
	[EVICT_WITHDRAWN] = "withdrawn",
};

static const char *const action_texts[FENCE_ACTION_COUNT] = {
	[FENCE_REBOOT] = "reboot",
	[FENCE_OFF] = "off",
	[FENCE_ON] = "on",
};

static const char *const act_texts[SELF_ACT_COUNT] = {
	[SELF_NOTHING] = "nothing",
	[SELF_STOP] = "stop",
	[SELF_REBOOT] = "reboot",
};

static const char *text_of(const char *const *texts, uint32_t count, uint32_t i)
{
	return i < count && texts[i] != NULL ? texts[i] : "?";
}

const char *evict_gate_text(enum evict_gate gate)
{
	return text_of(gate_texts, EVICT_GATE_COUNT, (uint32_t)gate);
}

const char *evict_why_text(enum evict_why why)
{
	return text_of(why_texts, EVICT_WHY_COUNT, (uint32_t)why);
}

const char *evict_progress_text(enum evict_progress progress)
{
	return text_of(progress_texts, EVICT_PROGRESS_COUNT, (uint32_t)progress);
}

const char *fence_action_text(enum fence_action action)
{
	return text_of(action_texts, FENCE_ACTION_COUNT, (uint32_t)action);
}

const char *self_act_text(enum self_act act)
{
	return text_of(act_texts, SELF_ACT_COUNT, (uint32_t)act);
}

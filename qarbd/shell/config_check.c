/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/config_check.h"

#include <string.h>

#include "model/timing.h"

void config_not_available(struct config_parser *p, const char *key)
{
	config_problem(p->problems, "%s = %s: not available in this version: remove it", key,
		       config_find(p->items, key));
}

/* Keys of later versions: accepted where the value asks for what this version does anyway. */
static const struct {
	const char *key;
	const char *value;
} config_inert[] = {
	{ QARB "evict", "off" },
	{ QARB "on_loss", "nothing" },
	{ QARB "watchdog", "off" },
	{ QARB "evict_on_score", "off" },
	{ QARB "evict_in_maintenance", "off" },
};

static const char *const config_later[] = {
	QARB "evict_after_ms", QARB "evict_action",    QARB "on_poison",
	QARB "self_fence",     QARB "stop_timeout_ms",
};

static const char *const config_known[] = {
	QARB "algorithm", QARB "tie_breaker", QARB "workload",	QARB "dead_ms", QARB "interval_ms",
	QARB "hold_ms",	  QARB "poll_ms",     QARB "settle_ms", QARB "late_ms", QARB "scheduler",
	QARB "priority",  QARB "disk",	      QARB "qnetd",
};

static const char *const config_arbiter_known[] = { "type", "device", "label" };
static const char *const config_arbiter_later[] = { "host", "port", "tls", "algorithm" };

static bool config_in(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

#define CONFIG_IN(word, list) config_in(word, list, sizeof(list) / sizeof((list)[0]))

static void config_check_key(struct config_parser *p, const struct config_item *item)
{
	static const char arbiter[] = QARB "arbiter.";
	const char *last = strrchr(item->key, '.') + 1;

	if (CONFIG_IN(item->key, config_known))
		return;
	for (size_t i = 0; i < sizeof(config_inert) / sizeof(config_inert[0]); i++) {
		if (strcmp(item->key, config_inert[i].key) != 0)
			continue;
		if (strcmp(item->value, config_inert[i].value) != 0)
			config_problem(p->problems,
				       "%s = %s: allowed is %s: not available in this version",
				       item->key, item->value, config_inert[i].value);
		return;
	}
	if (strncmp(item->key, arbiter, sizeof(arbiter) - 1) == 0 &&
	    strchr(item->key + sizeof(arbiter) - 1, '.') == last - 1) {
		if (CONFIG_IN(last, config_arbiter_known))
			return;
		if (CONFIG_IN(last, config_arbiter_later)) {
			config_not_available(p, item->key);
			return;
		}
	}
	if (CONFIG_IN(item->key, config_later) ||
	    strncmp(item->key, QARB "heuristics.", sizeof(QARB "heuristics.") - 1) == 0) {
		config_not_available(p, item->key);
		return;
	}
	config_problem(p->problems, "%s = %s: unknown key: allowed keys are listed in qarb.conf(5)",
		       item->key, item->value);
}

void config_check_keys(struct config_parser *p)
{
	for (uint32_t i = 0; i < p->items->count; i++)
		if (strncmp(p->items->item[i].key, QARB, sizeof(QARB) - 1) == 0)
			config_check_key(p, &p->items->item[i]);
	if (p->items->dropped != 0)
		config_problem(p->problems,
			       "quorum.device.qarb = (%u keys too many): allowed are %d keys",
			       p->items->dropped, CONFIG_ITEMS_MAX);
}

void config_check_timing(struct config_parser *p)
{
	const struct policy *y = &p->c->policy;

	switch (timing_check(y)) {
	case TIMING_OK:
	case TIMING_PROBLEM_COUNT:
		break;
	case TIMING_DEAD_RANGE:
		config_problem(p->problems,
			       QARB "dead_ms = %u: allowed is %d to %d: shorter cannot be told "
				    "from a busy machine, longer from a dead one",
			       y->dead_ms, DEAD_MS_MIN, DEAD_MS_MAX);
		break;
	case TIMING_INTERVAL_RANGE:
		config_problem(p->problems,
			       QARB "interval_ms = %u: allowed is 10 to %u (dead_ms / 3): a node "
				    "must miss several beats before it is called dead",
			       y->interval_ms, y->dead_ms / 3);
		break;
	case TIMING_HOLD_RANGE:
		if (y->hold_ms <= y->dead_ms && y->hold_ms > y->sync_timeout_ms)
			config_problem(
				p->problems,
				"quorum.device.sync_timeout = %u: allowed is from %u on "
				"(hold_ms): a hold that outlasts the wait of a new ring would be "
				"too late for corosync",
				y->sync_timeout_ms, y->hold_ms);
		else
			config_problem(
				p->problems,
				QARB "hold_ms = %u: allowed is %u (3 interval_ms) to %u "
				     "(dead_ms): one late beat must not cost the vote, and a dead "
				     "node must have stopped",
				y->hold_ms, 3 * y->interval_ms, y->dead_ms);
		break;
	case TIMING_POLL_RANGE:
		config_problem(p->problems,
			       QARB "poll_ms = %u: allowed is 10 to %u (hold_ms / 2): a poll that "
				    "takes longer is answered by \"no\"",
			       y->poll_ms, y->hold_ms / 2);
		break;
	case TIMING_TIMEOUT_RANGE:
		config_problem(
			p->problems,
			"quorum.device.timeout = %u: allowed is from %u on: votequorum forgets "
			"the vote between two polls",
			y->timeout_ms,
			y->hold_ms / 2 > 3 * y->poll_ms / 2 ? y->hold_ms / 2 : 3 * y->poll_ms / 2);
		break;
	case TIMING_SYNC_RANGE:
		config_problem(
			p->problems,
			"quorum.device.sync_timeout = %u: allowed is from %u on (settle_ms + "
			"margin + interval_ms): a decision would come too late for corosync",
			y->sync_timeout_ms, y->settle_ms + y->margin_ms + y->interval_ms);
		break;
	case TIMING_SETTLE_RANGE:
		config_problem(p->problems,
			       QARB "settle_ms = %u: allowed is below %u (sync_timeout less its "
				    "margin): a decision would come too late for corosync",
			       y->settle_ms,
			       y->sync_timeout_ms > y->margin_ms ? y->sync_timeout_ms - y->margin_ms
								 : 0);
		break;
	case TIMING_UP_BEATS_RANGE:
		config_problem(p->problems, QARB "up_beats = %u: allowed is 1 to 20", y->up_beats);
		break;
	case TIMING_LATE_RANGE:
		config_problem(p->problems,
			       QARB "late_ms = %u: allowed is from %u on (hold_ms): it bounds how "
				    "late a failed write may still reach the disk",
			       y->late_ms, y->hold_ms);
		break;
	}
}

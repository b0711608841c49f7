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
	{ QARB "evict_on_score", "off" },
};

static const char *const config_known[] = {
	QARB "algorithm",
	QARB "tie_breaker",
	QARB "workload",
	QARB "dead_ms",
	QARB "interval_ms",
	QARB "hold_ms",
	QARB "poll_ms",
	QARB "settle_ms",
	QARB "late_ms",
	QARB "scheduler",
	QARB "priority",
	QARB "disk",
	QARB "qnetd",
	QARB "evict",
	QARB "evict_after_ms",
	QARB "evict_action",
	QARB "evict_in_maintenance",
	QARB "on_loss",
	QARB "on_poison",
	QARB "self_fence",
	QARB "stop_timeout_ms",
	QARB "watchdog",
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
	if (strncmp(item->key, QARB "heuristics.", sizeof(QARB "heuristics.") - 1) == 0) {
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
	if (p->items->too_long[0] != 0)
		config_problem(p->problems, "%s = (longer): allowed are %d characters",
			       p->items->too_long, CONFIG_VALUE_SIZE - 1);
}

void config_check_times(const struct policy *y, struct config_problems *problems)
{
	struct timings t;

	switch (timing_check(y)) {
	case TIMING_OK:
	case TIMING_PROBLEM_COUNT:
		break;
	case TIMING_DEAD_RANGE:
		config_problem(problems,
			       QARB "dead_ms = %u: allowed is %d to %d: shorter cannot be told "
				    "from a busy machine, longer from a dead one",
			       y->dead_ms, DEAD_MS_MIN, DEAD_MS_MAX);
		break;
	case TIMING_INTERVAL_RANGE:
		config_problem(problems,
			       QARB "interval_ms = %u: allowed is 10 to %u (dead_ms / 3): a node "
				    "must miss several beats before it is called dead",
			       y->interval_ms, y->dead_ms / 3);
		break;
	case TIMING_HOLD_RANGE:
		if (y->hold_ms <= y->dead_ms && y->hold_ms > y->sync_timeout_ms)
			config_problem(
				problems,
				"quorum.device.sync_timeout = %u: allowed is from %u on "
				"(hold_ms): a hold that outlasts the wait of a new ring would be "
				"too late for corosync",
				y->sync_timeout_ms, y->hold_ms);
		else
			config_problem(
				problems,
				QARB "hold_ms = %u: allowed is %u (3 interval_ms) to %u "
				     "(dead_ms): one late beat must not cost the vote, and a dead "
				     "node must have stopped",
				y->hold_ms, 3 * y->interval_ms, y->dead_ms);
		break;
	case TIMING_POLL_RANGE:
		config_problem(problems,
			       QARB "poll_ms = %u: allowed is 10 to %u (hold_ms / 2): a poll that "
				    "takes longer is answered by \"no\"",
			       y->poll_ms, y->hold_ms / 2);
		break;
	case TIMING_TIMEOUT_RANGE:
		config_problem(
			problems,
			"quorum.device.timeout = %u: allowed is from %u on: votequorum forgets "
			"the vote between two polls",
			y->timeout_ms,
			y->hold_ms / 2 > 3 * y->poll_ms / 2 ? y->hold_ms / 2 : 3 * y->poll_ms / 2);
		break;
	case TIMING_SYNC_RANGE:
		config_problem(
			problems,
			"quorum.device.sync_timeout = %u: allowed is from %u on (settle_ms + "
			"margin + interval_ms): a decision would come too late for corosync",
			y->sync_timeout_ms, y->settle_ms + y->margin_ms + y->interval_ms);
		break;
	case TIMING_SETTLE_RANGE:
		config_problem(problems,
			       QARB "settle_ms = %u: allowed is below %u (sync_timeout less its "
				    "margin): a decision would come too late for corosync",
			       y->settle_ms,
			       y->sync_timeout_ms > y->margin_ms ? y->sync_timeout_ms - y->margin_ms
								 : 0);
		break;
	case TIMING_UP_BEATS_RANGE:
		config_problem(problems, QARB "up_beats = %u: allowed is 1 to 20", y->up_beats);
		break;
	case TIMING_EVICT_RANGE:
		t = timing_of(y);
		config_problem(problems,
			       QARB
			       "evict_after_ms = %u: allowed is from %llu on (X): until then the "
			       "node may still cast",
			       y->evict_after_ms, (unsigned long long)timing_x_ms(&t));
		break;
	case TIMING_LATE_RANGE:
		config_problem(problems,
			       QARB "late_ms = %u: allowed is from %u on (hold_ms): it bounds how "
				    "late a failed write may still reach the disk",
			       y->late_ms, y->hold_ms);
		break;
	}
}

/* ---- beside votequorum ---- */

#define QUORUM "quorum."

/* Options of votequorum that change the count of votes behind a device's back. */
static const struct {
	const char *key;
	const char *why;
} config_without_device[] = {
	{ QUORUM "two_node", "it gives both halves of a split a quorum, arbiter or not" },
	{ QUORUM "auto_tie_breaker", "it gives one half of a split a quorum that the arbiter "
				     "may have denied it" },
	{ QUORUM "last_man_standing", "it lowers the expected votes, so that the arbiter's vote "
				      "decides no more; algorithm lms does that job" },
	{ QUORUM "allow_downscale", "it lowers the expected votes, so that the arbiter's vote "
				    "decides no more" },
};

bool config_is_off(const char *value)
{
	return value == NULL || strcmp(value, "0") == 0;
}

void config_check_votequorum(struct config_parser *p)
{
	const char *wait = config_find(p->items, QUORUM "wait_for_all");
	uint64_t n;

	/* The others below are refused whatever they are. */
	if (wait != NULL && !config_number(wait, UINT8_MAX, &n))
		config_problem(p->problems,
			       QUORUM "wait_for_all = %s: allowed is a whole number, 0 for off and "
				      "1 for on: corosync does not start with another",
			       wait);
	for (size_t i = 0; i < sizeof(config_without_device) / sizeof(config_without_device[0]);
	     i++) {
		const char *value = config_find(p->items, config_without_device[i].key);

		if (!config_is_off(value))
			config_problem(p->problems, "%s = %s: allowed is 0, or leaving it out: %s",
				       config_without_device[i].key, value,
				       config_without_device[i].why);
	}
}

/* votequorum derives the device's votes from nodes of one vote each, and only without
 * quorum.expected_votes.  Else it has to be told: corosync does not start without, and after a
 * reload it takes no device. */
static void config_check_votes_given(struct config_parser *p, uint32_t total, bool derived)
{
	bool lms = p->c->policy.algorithm == ALGORITHM_LMS;
	const char *votes = config_find(p->items, QUORUM "device.votes");
	uint32_t allowed = lms ? total - 1 : 1;
	const char *why = "with ffsplit the device only decides between two halves";

	if (lms && votes != NULL)
		why = "with lms the last node alone must reach the majority";
	else if (lms)
		why = "corosync derives it only if each node has one vote, and does not start";
	if ((votes == NULL && lms && derived) || (votes != NULL && p->c->device_votes == allowed))
		return;
	p->problems->votes++;
	config_problem(p->problems, QUORUM "device.votes = %s: allowed is %u%s: %s",
		       votes != NULL ? votes : "(not given)", allowed,
		       lms && derived ? ", or leaving it out" : "", why);
}

/* in: total, of the nodes; expected, what was given.  Fewer than there are let two partitions be
 * quorate at once: no cluster goes on with that. */
static void config_check_expected(struct config_parser *p, uint32_t total, const char *expected)
{
	uint32_t all = total + p->c->device_votes;
	uint64_t n = 0;

	if (config_find(p->items, QUORUM "device.votes") == NULL) {
		p->problems->votes++;
		config_problem(p->problems,
			       QUORUM "expected_votes = %s: allowed is leaving it out: without "
				      "quorum.device.votes beside it corosync does not start",
			       expected);
		return;
	}
	if (config_number(expected, UINT32_MAX, &n) && n == all)
		return;
	if (n > all)
		p->problems->votes++;
	config_problem(p->problems,
		       QUORUM "expected_votes = %s: allowed is %u, or leaving it out: the sum of "
			      "the votes of nodes and device, which quorum is half of",
		       expected, all);
}

void config_check_votes(struct config_parser *p)
{
	const char *expected = config_find(p->items, QUORUM "expected_votes");
	const char *votes = config_find(p->items, QUORUM "device.votes");
	uint32_t before = p->problems->count;
	uint32_t total = 0;
	uint64_t n;

	for (uint32_t i = 0; i < p->c->nodes.count; i++)
		total += p->c->nodes.votes[i];
	/* What is no number was refused as such.  Without a node list nothing can be compared. */
	if (total == 0 || (votes != NULL && !config_number(votes, CONFIG_VOTES_MAX, &n)))
		return;
	/* To votequorum 0 is not given. */
	if (expected != NULL && strcmp(expected, "0") == 0)
		expected = NULL;
	/* A single node needs no device. */
	if (total > 1 || p->c->policy.algorithm == ALGORITHM_FFSPLIT)
		config_check_votes_given(p, total, total == p->c->nodes.count);
	if (expected != NULL && p->problems->count == before)
		config_check_expected(p, total, expected);
}

void config_check_arbiters(struct config_parser *p)
{
	const struct config *c = p->c;

	for (uint32_t i = 0; i < c->policy.arbiter_count; i++) {
		for (uint32_t j = 0; j < i; j++) {
			const struct arbiter_config *a = &c->arbiter[i];
			const struct arbiter_config *b = &c->arbiter[j];
			bool by_path = a->device[0] != 0;

			if (strcmp(a->device, b->device) != 0 || strcmp(a->label, b->label) != 0)
				continue;
			config_problem(p->problems,
				       QARB "arbiter.%s.%s = %s: allowed is another disk than that "
					    "of arbiter %s: one disk must not count twice",
				       a->name, by_path ? "device" : "label",
				       by_path ? a->device : a->label, b->name);
		}
	}
}

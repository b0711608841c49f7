/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: what a configuration may change in a daemon that runs.  Pure, as config.c. */
#include <string.h>

#include "shell/config.h"
#include "shell/config_check.h"

enum { CONFIG_COROSYNC_MS_MAX = 1 << 30 };

static void config_needs_restart(struct config_problems *problems, const char *key, const char *why)
{
	config_problem(problems,
		       "%s = (changed): allowed is what runs: %s: stop qarbd on all nodes and "
		       "start it again",
		       key, why);
}

enum rc config_reload_check(const struct config *now, const struct config *next,
			    struct config_problems *problems)
{
	problems->count = 0;
	if (strcmp(now->cluster_name, next->cluster_name) != 0)
		config_needs_restart(problems, "totem.cluster_name",
				     "the disks in use belong to the old name");
	if (now->own_node_id != next->own_node_id)
		config_needs_restart(problems, "nodelist.node.nodeid",
				     "this node is on the disks under its old id");
	if (now->policy.arbiter_count != next->policy.arbiter_count ||
	    memcmp(now->arbiter, next->arbiter, sizeof(now->arbiter)) != 0)
		config_needs_restart(problems, QARB "arbiter", "votes rest on the arbiters in use");
	if (strcmp(now->watchdog, next->watchdog) != 0)
		config_needs_restart(problems, QARB "watchdog",
				     "the slots declare the one that is armed");
	return problems->count == 0 ? RC_OK : RC_REFUSED;
}

static uint32_t config_corosync_ms(const struct config_items *items, const char *key,
				   uint32_t fallback, uint32_t now)
{
	const char *text = config_find(items, key);
	uint64_t n;

	if (text == NULL)
		return fallback;
	if (!config_number(text, UINT32_MAX, &n))
		return now; /* corosync refuses it too */
	return n < CONFIG_COROSYNC_MS_MAX ? (uint32_t)n : CONFIG_COROSYNC_MS_MAX;
}

static void config_limit(uint32_t *ms, uint32_t max_ms)
{
	if (*ms > max_ms)
		*ms = max_ms;
}

bool config_follow_corosync(const struct config_items *items, const struct config *now,
			    struct config *next)
{
	const char *model = config_find(items, "quorum.device.model");
	struct policy *p = &next->policy;

	*next = *now;
	/* Without a device votequorum reads neither and goes on with what it has. */
	if (model == NULL || model[0] == 0)
		return false;
	p->timeout_ms = config_corosync_ms(items, "quorum.device.timeout", CONFIG_TIMEOUT_DEFAULT,
					   p->timeout_ms);
	p->sync_timeout_ms = config_corosync_ms(items, "quorum.device.sync_timeout",
						CONFIG_SYNC_DEFAULT, p->sync_timeout_ms);
	if (p->timeout_ms == now->policy.timeout_ms &&
	    p->sync_timeout_ms == now->policy.sync_timeout_ms)
		return false;
	/* Nobody judged these together with the rest: what must fit into sync_timeout shall. */
	config_limit(&p->margin_ms, p->sync_timeout_ms / 2);
	config_limit(&p->settle_ms, p->sync_timeout_ms / 2);
	p->hash = config_hash(next);
	return true;
}

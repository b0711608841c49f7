/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: what a configuration may say and is unwise. */
#include <stdio.h>
#include <string.h>

#include "model/timing.h"
#include "shell/config_check.h"

#define QUORUM "quorum."

static void warn_of_votes(const struct config_items *items, const struct config *c,
			  struct config_problems *w)
{
	const char *expected = config_find(items, QUORUM "expected_votes");
	bool unequal = false;
	uint32_t total = 0;

	for (uint32_t i = 0; i < c->nodes.count; i++) {
		total += c->nodes.votes[i];
		unequal = unequal || c->nodes.votes[i] != c->nodes.votes[0];
		if (c->nodes.votes[i] == 0)
			config_problem(w,
				       "nodelist.node.quorum_votes = 0: node %u never counts when "
				       "partitions are compared",
				       c->nodes.node_id[i]);
	}
	if (unequal)
		config_problem(w,
			       "nodelist.node.quorum_votes = (unequal): the partition with more "
			       "votes wins, not the one with more nodes; qarbctl explain shows it");
	if (c->policy.algorithm == ALGORITHM_FFSPLIT && total % 2 != 0)
		config_problem(w,
			       QARB "algorithm = ffsplit: %u votes have no halves: the device "
				    "decides nothing that a majority does not",
			       total);
	if (expected != NULL)
		config_problem(w,
			       QUORUM "expected_votes = %s: leave it out: it follows from the "
				      "node list and the device",
			       expected);
}

/* A name that was given and dropped, each by its own line; those who have none in one. */
static void warn_of_names(const struct config_items *items, const struct config *c,
			  struct config_problems *w)
{
	char unnamed[NODES_MAX * 12] = "";
	char position[CONFIG_KEY_SIZE];
	char name[NAME_SIZE];
	size_t length = 0;
	uint32_t at = 0;
	uint32_t count = 0;

	while (config_next_name(items, "nodelist.node.", &at, position, sizeof(position))) {
		char key[CONFIG_KEY_SIZE + 64];
		const char *given;
		const char *id;

		(void)snprintf(key, sizeof(key), "nodelist.node.%s.nodeid", position);
		id = config_find(items, key);
		(void)snprintf(key, sizeof(key), "nodelist.node.%s.name", position);
		given = config_find(items, key);
		if (given != NULL && given[0] != 0 && !config_copy_name(name, sizeof(name), given))
			config_problem(w,
				       "%s = %s: not used: a name has up to %d characters without "
				       "blanks: this node cannot be evicted",
				       key, given, NAME_SIZE - 1);
		else if ((given == NULL || given[0] == 0) && id != NULL && length < sizeof(unnamed))
			length += (size_t)snprintf(unnamed + length, sizeof(unnamed) - length,
						   "%s%s", count++ == 0 ? "" : ",", id);
	}
	if (count != 0 && c->policy.evict && c->nodes.count > 1)
		config_problem(w,
			       "nodelist.node.name = (not given): node%s %s cannot be evicted: "
			       "give the name that Pacemaker knows the node by (crm_node -n)",
			       count == 1 ? "" : "s", unnamed);
}

/* What an order names must be one node. */
static void warn_of_twins(const struct config *c, struct config_problems *w)
{
	for (uint32_t i = 0; i < c->nodes.count; i++) {
		uint64_t number = 0;

		for (uint32_t k = 0; k < i; k++)
			if (c->node_name[i][0] != 0 &&
			    strcmp(c->node_name[i], c->node_name[k]) == 0)
				config_problem(w,
					       "nodelist.node.name = %s: nodes %u and %u have it: "
					       "orders that name it are refused",
					       c->node_name[i], c->nodes.node_id[k],
					       c->nodes.node_id[i]);
		if (!config_number(c->node_name[i], UINT32_MAX, &number))
			continue;
		for (uint32_t k = 0; k < c->nodes.count; k++)
			if (k != i && c->nodes.node_id[k] == number)
				config_problem(w,
					       "nodelist.node.name = %s: node %u has it, and it is "
					       "the id of node %u: orders that name it are refused",
					       c->node_name[i], c->nodes.node_id[i],
					       c->nodes.node_id[k]);
	}
}

static void warn_of_starts(const struct config_items *items, const struct config *c,
			   struct config_problems *w)
{
	const char *wait = config_find(items, QUORUM "wait_for_all");

	if (!config_is_off(wait))
		config_problem(w,
			       QUORUM "wait_for_all = %s: after a start of all, a lone survivor "
				      "waits for every other node",
			       wait);
	if (c->nodes.count == 1)
		config_problem(w, "nodelist.node = (one): a single node needs no arbiter");
}

static void warn_of_arbiters(const struct config *c, struct config_problems *w)
{
	uint32_t count = c->policy.arbiter_count;

	if (count == 0)
		config_problem(w, QARB "arbiter = (none): every node votes \"no\" until one is "
				       "configured");
	else if (count % 2 == 0)
		config_problem(w, QARB "arbiter = (%u): they tolerate no more failures than %u",
			       count, count - 1);
	for (uint32_t i = 0; i < count; i++) {
		const char *device = c->arbiter[i].device;

		if (strncmp(device, "/dev/sd", 7) == 0 || strncmp(device, "/dev/nvme", 9) == 0 ||
		    strncmp(device, "/dev/dm-", 8) == 0)
			config_problem(w,
				       QARB
				       "arbiter.%s.device = %s: the name may be another "
				       "disk's after a restart: use /dev/disk/by-id or a label",
				       c->arbiter[i].name, device);
	}
}

static void warn_of_times(const struct config *c, struct config_problems *w)
{
	struct timings t = timing_of(&c->policy);
	unsigned long long x = timing_x_ms(&t);
	unsigned long long detection = timing_detection_ms(&c->policy);

	if (x > detection + c->policy.sync_timeout_ms)
		config_problem(w,
			       "X = %llu ms: longer than totem's detection of %llu ms and "
			       "sync_timeout: a survivor loses quorum meanwhile: see qarbctl "
			       "timing",
			       x, detection);
	else if (x > detection)
		config_problem(w,
			       "X = %llu ms: longer than totem's detection of %llu ms: it bounds "
			       "the failover: see qarbctl timing",
			       x, detection);
	if (c->scheduler == SCHEDULER_OTHER)
		config_problem(w, QARB "scheduler = other: on a busy machine beats come late and "
				       "cost the vote");
}

/* With three arbiters one may fail; what fewer have in common fails for all nodes. */
static void warn_of_ends(const struct config *c, struct config_problems *w)
{
	enum self_act on_loss = c->policy.on_loss;

	if (c->policy.arbiter_count > 2)
		return;
	if (c->watchdog[0] != 0)
		config_problem(w,
			       QARB "watchdog = %s: the loss of the shared disk resets every node: "
				    "three arbiters bear the loss of one",
			       c->watchdog);
	if (on_loss != SELF_NOTHING)
		config_problem(w,
			       QARB "on_loss = %s: the loss of the shared disk does it on every "
				    "node at once: three arbiters bear the loss of one",
			       self_act_text(on_loss));
}

void config_warn(const struct config_items *items, const struct config *c,
		 struct config_problems *warnings)
{
	const struct policy *y = &c->policy;

	warnings->count = 0;
	if (items->twice[0] != 0)
		config_problem(warnings,
			       "%s = %s: given twice: the last one counts; two arbiters need two "
			       "names",
			       items->twice, config_find(items, items->twice));
	warn_of_votes(items, c, warnings);
	warn_of_names(items, c, warnings);
	warn_of_twins(c, warnings);
	warn_of_starts(items, c, warnings);
	warn_of_arbiters(c, warnings);
	warn_of_times(c, warnings);
	warn_of_ends(c, warnings);
	if (y->tie_breaker == TIE_NODE && c->nodes.count > 2)
		config_problem(warnings,
			       QARB
			       "tie_breaker = %u: names one of %u nodes: where it is in neither "
			       "of two equal partitions, the lowest node id decides",
			       y->tie_node_id, c->nodes.count);
	if (c->cluster_name[0] == 0)
		config_problem(warnings,
			       "totem.cluster_name = (not given): disks of other clusters without "
			       "a name would be accepted");
}

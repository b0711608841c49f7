/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/timing.h"
#include "shell/config_check.h"

enum {
	CONFIG_DEAD_DEFAULT = 900,
	CONFIG_TOKEN_DEFAULT = 3000, /* corosync.conf(5) */
	CONFIG_TOKEN_COEFFICIENT = 650,
	CONFIG_PRIORITY_DEFAULT = 1,
};

void config_add(struct config_items *items, const char *key, const char *value)
{
	struct config_item *item = NULL;

	for (uint32_t i = 0; i < items->count; i++)
		if (strcmp(items->item[i].key, key) == 0)
			item = &items->item[i];
	if (item == NULL) {
		if (items->count == CONFIG_ITEMS_MAX) {
			items->dropped++;
			return;
		}
		item = &items->item[items->count++];
	}
	(void)snprintf(item->key, sizeof(item->key), "%s", key);
	(void)snprintf(item->value, sizeof(item->value), "%s", value);
}

const char *config_find(const struct config_items *items, const char *key)
{
	for (uint32_t i = 0; i < items->count; i++)
		if (strcmp(items->item[i].key, key) == 0)
			return items->item[i].value;
	return NULL;
}

void config_problem(struct config_problems *problems, const char *format, ...)
{
	va_list ap;

	if (problems->count < CONFIG_PROBLEMS_MAX) {
		va_start(ap, format);
		(void)vsnprintf(problems->line[problems->count], CONFIG_LINE_SIZE, format, ap);
		va_end(ap);
	}
	problems->count++;
}

bool config_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end = NULL;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *end == 0 && *number <= max;
}

/* in: fallback, taken when the key is not there. */
static uint32_t config_get_number(struct config_parser *p, const char *key, uint32_t min,
				  uint32_t max, uint32_t fallback, const char *why)
{
	const char *text = config_find(p->items, key);
	uint64_t n = 0;

	if (text == NULL)
		return fallback;
	if (!config_number(text, max, &n) || n < min) {
		config_problem(p->problems, "%s = %s: allowed is a whole number from %u to %u: %s",
			       key, text, min, max, why);
		return fallback;
	}
	return (uint32_t)n;
}

uint32_t config_get_ms(struct config_parser *p, const char *key, uint32_t fallback)
{
	return config_get_number(p, key, 1, CONFIG_MS_MAX, fallback,
				 "it is a time in milliseconds, without unit");
}

uint32_t config_get_word(struct config_parser *p, const char *key, const char *words,
			 uint32_t fallback, const char *why)
{
	const char *text = config_find(p->items, key);
	const char *at = words;
	uint32_t index = 0;

	if (text == NULL)
		return fallback;
	while (at != NULL && *at != 0) {
		size_t length = strcspn(at, "|");

		if (strlen(text) == length && strncmp(text, at, length) == 0)
			return index;
		index++;
		at = at[length] == '|' ? at + length + 1 : NULL;
	}
	config_problem(p->problems, "%s = %s: allowed is %s: %s", key, text, words, why);
	return fallback;
}

bool config_copy_name(char *to, size_t size, const char *from)
{
	if (from[0] == 0 || strlen(from) >= size)
		return false;
	for (const char *c = from; *c != 0; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	memcpy(to, from, strlen(from) + 1);
	return true;
}

/* ---- nodes ---- */

static void config_insert_node(struct config *c, uint32_t id, uint32_t votes, const char *name)
{
	struct nodelist *n = &c->nodes;
	uint32_t at = n->count;

	while (at > 0 && n->node_id[at - 1] > id) {
		n->node_id[at] = n->node_id[at - 1];
		n->votes[at] = n->votes[at - 1];
		memcpy(c->node_name[at], c->node_name[at - 1], NAME_SIZE);
		at--;
	}
	n->node_id[at] = id;
	n->votes[at] = votes;
	memset(c->node_name[at], 0, NAME_SIZE);
	if (name == NULL || !config_copy_name(c->node_name[at], NAME_SIZE, name))
		c->node_name[at][0] = 0;
	n->count++;
}

static bool config_has_node(const struct config *c, uint32_t id)
{
	for (uint32_t i = 0; i < c->nodes.count; i++)
		if (c->nodes.node_id[i] == id)
			return true;
	return false;
}

static void config_take_node(struct config_parser *p, const char *position)
{
	char key[CONFIG_KEY_SIZE + 64];
	const char *text;
	const char *name;
	uint64_t id = 0;
	uint32_t votes;

	(void)snprintf(key, sizeof(key), "nodelist.node.%s.quorum_votes", position);
	votes = config_get_number(p, key, 0, CONFIG_VOTES_MAX, 1, "the votes of one node");
	(void)snprintf(key, sizeof(key), "nodelist.node.%s.name", position);
	name = config_find(p->items, key);
	(void)snprintf(key, sizeof(key), "nodelist.node.%s.nodeid", position);
	text = config_find(p->items, key);
	if (text == NULL || !config_number(text, UINT32_MAX, &id) || id == 0) {
		config_problem(p->problems,
			       "%s = %s: allowed is a whole number from 1 to 4294967295: every "
			       "node needs its own id, the slots of a disk are given by it",
			       key, text != NULL ? text : "(not given)");
		return;
	}
	if (config_has_node(p->c, (uint32_t)id)) {
		config_problem(p->problems, "%s = %s: allowed is an id that no other node has", key,
			       text);
		return;
	}
	if (p->c->nodes.count == NODES_MAX) {
		config_problem(p->problems,
			       "%s = %s: allowed are %d nodes: a disk has no more slots", key, text,
			       NODES_MAX);
		return;
	}
	config_insert_node(p->c, (uint32_t)id, votes, name);
}

bool config_next_name(const struct config_items *items, const char *prefix, uint32_t *at,
		      char *name, size_t size)
{
	size_t skip = strlen(prefix);

	for (; *at < items->count; (*at)++) {
		const char *key = items->item[*at].key;
		size_t length;
		bool before = false;

		if (strncmp(key, prefix, skip) != 0)
			continue;
		length = strcspn(key + skip, ".");
		for (uint32_t i = 0; i < *at && !before; i++) {
			const char *other = items->item[i].key;

			before = strncmp(other, key, skip + length) == 0 &&
				 (other[skip + length] == '.' || other[skip + length] == 0);
		}
		if (before)
			continue;
		(void)snprintf(name, size, "%.*s", (int)length, key + skip);
		(*at)++;
		return true;
	}
	return false;
}

static void config_take_nodes(struct config_parser *p)
{
	char name[CONFIG_KEY_SIZE];
	char key[CONFIG_KEY_SIZE + 64];
	uint32_t at = 0;
	const char *text;
	uint64_t id = 0;

	while (config_next_name(p->items, "nodelist.node.", &at, name, sizeof(name)))
		config_take_node(p, name);
	if (p->c->nodes.count == 0)
		config_problem(p->problems,
			       "nodelist.node = (none): allowed are 1 to %d nodes: a quorum "
			       "device needs a node list",
			       NODES_MAX);
	text = config_find(p->items, "runtime.votequorum.this_node_id");
	if (text == NULL) {
		text = config_find(p->items, "nodelist.local_node_pos");
		if (text != NULL) {
			(void)snprintf(key, sizeof(key), "nodelist.node.%s.nodeid", text);
			text = config_find(p->items, key);
		}
	}
	if (text != NULL && config_number(text, UINT32_MAX, &id))
		p->c->own_node_id = (uint32_t)id;
}

/* ---- quorum and totem ---- */

static void config_take_quorum(struct config_parser *p)
{
	struct policy *policy = &p->c->policy;
	const char *model = config_find(p->items, "quorum.device.model");
	const char *provider = config_find(p->items, "quorum.provider");
	const char *name = config_find(p->items, "totem.cluster_name");

	if (provider == NULL || strcmp(provider, "corosync_votequorum") != 0)
		config_problem(p->problems,
			       "quorum.provider = %s: allowed is corosync_votequorum: only "
			       "votequorum counts a quorum device",
			       provider != NULL ? provider : "(not given)");
	if (model == NULL || strcmp(model, "qarb") != 0)
		config_problem(p->problems, "quorum.device.model = %s: allowed is qarb: %s",
			       model != NULL ? model : "(not given)",
			       model != NULL ? "another device is configured for this cluster"
					     : "no quorum device is configured for this cluster");
	if (name != NULL && name[0] != 0 &&
	    !config_copy_name(p->c->cluster_name, sizeof(p->c->cluster_name), name))
		config_problem(p->problems,
			       "totem.cluster_name = %s: allowed are up to %d characters without "
			       "blanks: the disk's header names its cluster",
			       name, NAME_SIZE - 1);
	policy->timeout_ms = config_get_ms(p, "quorum.device.timeout", CONFIG_TIMEOUT_DEFAULT);
	policy->sync_timeout_ms = config_get_ms(p, "quorum.device.sync_timeout",
						CONFIG_SYNC_DEFAULT);
	p->c->device_votes = config_get_number(p, "quorum.device.votes", 0, CONFIG_VOTES_MAX, 0,
					       "the votes of the device");
	if (config_get_number(p, "quorum.device.master_wins", 0, 1, 0, "0 is off") != 0)
		config_problem(p->problems,
			       "quorum.device.master_wins = 1: allowed is 0: it makes every "
			       "counted vote a quorum by itself");
}

static void config_take_totem(struct config_parser *p)
{
	struct policy *policy = &p->c->policy;
	uint32_t token = config_get_ms(p, "totem.token", CONFIG_TOKEN_DEFAULT);
	uint32_t coefficient = config_get_number(p, "totem.token_coefficient", 0, CONFIG_MS_MAX,
						 CONFIG_TOKEN_COEFFICIENT, "milliseconds a node");

	/* corosync.conf(5): the coefficient counts from the third node of a node list on. */
	if (p->c->nodes.count > 2)
		token += (p->c->nodes.count - 2) * coefficient;
	policy->token_ms = config_get_ms(p, "runtime.config.totem.token", token);
	policy->consensus_ms = config_get_ms(p, "totem.consensus",
					     policy->token_ms + policy->token_ms / 5);
	policy->consensus_ms = config_get_ms(p, "runtime.config.totem.consensus",
					     policy->consensus_ms);
}

/* ---- qarb's own keys ---- */

static void config_take_tie_breaker(struct config_parser *p)
{
	struct policy *policy = &p->c->policy;
	const char *text = config_find(p->items, QARB "tie_breaker");
	uint64_t id = 0;

	if (text == NULL || strcmp(text, "lowest") == 0) {
		policy->tie_breaker = TIE_LOWEST;
	} else if (strcmp(text, "highest") == 0) {
		policy->tie_breaker = TIE_HIGHEST;
	} else if (config_number(text, UINT32_MAX, &id) && config_has_node(p->c, (uint32_t)id)) {
		policy->tie_breaker = TIE_NODE;
		policy->tie_node_id = (uint32_t)id;
	} else {
		config_problem(p->problems,
			       "%s = %s: allowed is lowest, highest or the id of a node of the "
			       "node list",
			       QARB "tie_breaker", text);
	}
}

static void config_take_own(struct config_parser *p)
{
	struct policy *policy = &p->c->policy;

	policy->algorithm = (enum algorithm)config_get_word(p, QARB "algorithm", "lms|ffsplit", 0,
							    "who is granted the vote");
	policy->workload = config_get_word(p, QARB "workload", "on|off", 0,
					   "whether weights rank before the tie-breaker") == 0;
	policy->dead_ms = config_get_number(p, QARB "dead_ms", DEAD_MS_MIN, DEAD_MS_MAX,
					    CONFIG_DEAD_DEFAULT,
					    "after this silence of its slot a node is called dead");
	policy->interval_ms = config_get_ms(p, QARB "interval_ms", 0);
	policy->hold_ms = config_get_ms(p, QARB "hold_ms", 0);
	policy->poll_ms = config_get_ms(p, QARB "poll_ms", 0);
	policy->settle_ms = config_get_ms(p, QARB "settle_ms", 0);
	policy->late_ms = config_get_ms(p, QARB "late_ms", 0);
	p->c->scheduler = (enum scheduler)config_get_word(p, QARB "scheduler", "rr|fifo|other", 0,
							  "scheduling class of what must not wait");
	p->c->priority = config_get_number(p, QARB "priority", 1, 99, CONFIG_PRIORITY_DEFAULT,
					   "real-time priority");
	config_take_evict(p);
}

/* FNV-1a.  Nodes with different hashes say so in their logs; nothing is decided by it. */
static uint64_t config_hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ b[i]) * 0x100000001b3U;
	return hash;
}

uint64_t config_hash(const struct config *c)
{
	const struct policy *p = &c->policy;
	const uint32_t numbers[] = {
		(uint32_t)p->algorithm,
		(uint32_t)p->tie_breaker,
		p->tie_node_id,
		p->workload ? 1U : 0U,
		p->timeout_ms,
		p->sync_timeout_ms,
		p->dead_ms,
		p->interval_ms,
		p->hold_ms,
		p->poll_ms,
		p->settle_ms,
		p->late_ms,
		p->up_beats,
		p->arbiter_count,
		c->nodes.count,
		c->device_votes,
		p->evict ? 1U : 0U,
		p->evict_after_ms,
		(uint32_t)p->evict_action,
		p->evict_in_maintenance ? 1U : 0U,
		(uint32_t)p->on_poison,
	};
	uint64_t hash = config_hash_bytes(0xcbf29ce484222325U, numbers, sizeof(numbers));

	hash = config_hash_bytes(hash, c->nodes.node_id,
				 c->nodes.count * sizeof(c->nodes.node_id[0]));
	hash = config_hash_bytes(hash, c->nodes.votes, c->nodes.count * sizeof(c->nodes.votes[0]));
	for (uint32_t i = 0; i < p->arbiter_count; i++)
		hash = config_hash_bytes(hash, c->arbiter[i].name, strlen(c->arbiter[i].name) + 1);
	return hash;
}

enum rc config_parse(const struct config_items *items, struct config *c,
		     struct config_problems *problems)
{
	struct config_parser p = { items, c, problems };

	memset(c, 0, sizeof(*c));
	problems->count = 0;
	problems->votes = 0;
	config_check_keys(&p);
	config_take_nodes(&p);
	config_take_tie_breaker(&p);
	config_take_own(&p);
	config_take_quorum(&p);
	config_take_totem(&p);
	config_take_arbiters(&p);
	config_check_votequorum(&p);
	config_check_votes(&p);
	config_check_arbiters(&p);
	timing_derive(&c->policy);
	config_check_times(&c->policy, problems);
	c->policy.hash = config_hash(c);
	return problems->count == 0 ? RC_OK : RC_REFUSED;
}

bool config_only_votes(const struct config_problems *problems)
{
	return problems->votes != 0 && problems->votes == problems->count;
}

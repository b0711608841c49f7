/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corosync.conf: what is refused is told in lines; keys that are read are read again from a file
 * that lists them; a configuration that is taken is complete, within its limits, the same each
 * time, and may replace itself in a running daemon.  Of what is refused a running daemon takes over
 * what corosync does, once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/timing.h"
#include "shell/confile.h"
#include "shell/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct config_items items, again;
static struct config_problems problems;
static struct config config, same, running, followed;
static char text[CONFIG_ITEMS_MAX * (CONFIG_KEY_SIZE + CONFIG_VALUE_SIZE + 3)];

/* Must be a line: neither empty nor more than one. */
static void check_line(const char *line, size_t size)
{
	size_t length = strnlen(line, size);

	if (length == 0 || length == size || memchr(line, '\n', length) != NULL)
		abort();
}

static void check_problems(const struct config_problems *p)
{
	for (uint32_t i = 0; i < p->count && i < CONFIG_PROBLEMS_MAX; i++)
		check_line(p->line[i], CONFIG_LINE_SIZE);
}

static void check_items(void)
{
	char error[CONFIG_LINE_SIZE];
	size_t at = 0;

	for (uint32_t i = 0; i < items.count; i++) {
		const struct config_item *k = &items.item[i];

		/* A section's name may hold what a key's cannot. */
		if (strchr(k->key, ':') != NULL)
			return;
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s:%s\n", k->key, k->value);
	}
	if (confile_parse(text, at, &again, error, sizeof(error)) != RC_OK ||
	    again.count != items.count)
		abort();
	for (uint32_t i = 0; i < items.count; i++)
		if (strcmp(items.item[i].key, again.item[i].key) != 0 ||
		    strcmp(items.item[i].value, again.item[i].value) != 0)
			abort();
}

static void check_config(void)
{
	struct timings t = timing_of(&config.policy);

	if (config.nodes.count > NODES_MAX || config.policy.arbiter_count > ARBITERS_MAX ||
	    timing_x_ms(&t) == 0 || config.policy.interval_ms == 0 || config.policy.hold_ms == 0)
		abort();
	for (uint32_t i = 1; i < config.nodes.count; i++)
		if (config.nodes.node_id[i - 1] >= config.nodes.node_id[i])
			abort();
	if (config_parse(&items, &same, &problems) != RC_OK ||
	    memcmp(&config, &same, sizeof(config)) != 0 ||
	    config_reload_check(&config, &same, &problems) != RC_OK)
		abort();
	config_warn(&items, &config, &problems);
	check_problems(&problems);
}

/* What the daemon runs with. */
static const char running_text[] =
	"totem {\ncluster_name: c\ntoken: 1000\n}\n"
	"nodelist {\nnode {\nnodeid: 1\n}\nnode {\nnodeid: 2\n}\n}\n"
	"quorum {\nprovider: corosync_votequorum\ndevice {\nmodel: qarb\ntimeout: 450\n"
	"sync_timeout: 900\nqarb {\ndisk: /dev/x\n}\n}\n}\n";

static void begin(void)
{
	char error[CONFIG_LINE_SIZE];

	if (running.nodes.count != 0)
		return;
	if (confile_parse(running_text, sizeof(running_text) - 1, &items, error, sizeof(error)) !=
		    RC_OK ||
	    config_parse(&items, &running, &problems) != RC_OK)
		abort();
}

/* corosync took these items; the daemon refused them, or not. */
static void check_followed(void)
{
	bool another = config_follow_corosync(&items, &running, &same);
	const struct policy *p = &same.policy;

	if (!another && memcmp(&running, &same, sizeof(same)) != 0)
		abort();
	if (another &&
	    (p->margin_ms > p->sync_timeout_ms / 2 || p->settle_ms > p->sync_timeout_ms / 2 ||
	     p->hash == running.policy.hash || p->hold_ms != running.policy.hold_ms))
		abort();
	if (config_follow_corosync(&items, &same, &followed))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[CONFIG_LINE_SIZE];
	enum rc rc;

	begin();
	rc = confile_parse((const char *)data, size, &items, error, sizeof(error));
	if (rc != RC_OK) {
		check_line(error, sizeof(error));
		return 0;
	}
	check_items();
	rc = config_parse(&items, &config, &problems);
	check_problems(&problems);
	if ((rc == RC_OK) != (problems.count == 0))
		abort();
	check_followed();
	if (rc != RC_OK)
		return 0;
	check_config();
	if ((config_reload_check(&running, &config, &problems) == RC_OK) != (problems.count == 0))
		abort();
	check_problems(&problems);
	return 0;
}

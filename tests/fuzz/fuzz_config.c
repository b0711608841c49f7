/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corosync.conf: what is refused is told in lines; keys that are read are read again from a file
 * that lists them; a configuration that is taken is complete, within its limits, the same each
 * time, and may replace itself in a running daemon.
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
static struct config config, same;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[CONFIG_LINE_SIZE];
	enum rc rc = confile_parse((const char *)data, size, &items, error, sizeof(error));

	if (rc != RC_OK) {
		check_line(error, sizeof(error));
		return 0;
	}
	check_items();
	rc = config_parse(&items, &config, &problems);
	check_problems(&problems);
	if ((rc == RC_OK) != (problems.count == 0))
		abort();
	if (rc == RC_OK)
		check_config();
	return 0;
}

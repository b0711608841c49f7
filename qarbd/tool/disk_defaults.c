/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "model/timing.h"
#include "shell/confile.h"
#include "tool/disk.h"

#define DEVICE "quorum.device."

enum {
	/* The daemon's and votequorum's own defaults. */
	DEAD_MS_DEFAULT = 900,
	TIMEOUT_MS_DEFAULT = 10000,
	SYNC_TIMEOUT_MS_DEFAULT = 30000,
};

static struct config_items items;

/* out: v, 0 if the key is not there.  returns: whether the value is a number. */
static bool number(const char *key, uint32_t *v, char *error, size_t size)
{
	const char *text = config_find(&items, key);
	uint64_t value = 0;

	*v = 0;
	if (!text)
		return true;
	if (!config_number(text, UINT32_MAX, &value)) {
		(void)snprintf(error, size, "%s: '%s' is no number", key, text);
		return false;
	}
	*v = (uint32_t)value;
	return true;
}

/* As the daemon takes it.  out: ms, `otherwise` if the key is not there. */
static bool time_of(const char *key, uint32_t least, uint32_t most, uint32_t otherwise,
		    uint32_t *ms, char *error, size_t size)
{
	const char *text = config_find(&items, key);
	uint64_t value = 0;

	*ms = otherwise;
	if (!text)
		return true;
	if (!config_number(text, most, &value) || value < least) {
		(void)snprintf(error, size,
			       "%s = %s: allowed is a whole number from %u to %u, of milliseconds",
			       key, text, least, most);
		return false;
	}
	*ms = (uint32_t)value;
	return true;
}

/* A time that check and the daemon refuse would be reckoned with until a node writes its own. */
static bool read_timings(struct disk_defaults *d, char *error, size_t size)
{
	static struct config_problems problems;
	struct policy p;
	const struct {
		const char *key;
		uint32_t least, most, otherwise;
		uint32_t *ms;
	} times[] = {
		{ DEVICE "timeout", 1, CONFIG_MS_MAX, TIMEOUT_MS_DEFAULT, &p.timeout_ms },
		{ DEVICE "sync_timeout", 1, CONFIG_MS_MAX, SYNC_TIMEOUT_MS_DEFAULT,
		  &p.sync_timeout_ms },
		{ DEVICE "qarb.dead_ms", DEAD_MS_MIN, DEAD_MS_MAX, DEAD_MS_DEFAULT, &p.dead_ms },
		{ DEVICE "qarb.interval_ms", 1, CONFIG_MS_MAX, 0, &p.interval_ms },
		{ DEVICE "qarb.hold_ms", 1, CONFIG_MS_MAX, 0, &p.hold_ms },
		{ DEVICE "qarb.poll_ms", 1, CONFIG_MS_MAX, 0, &p.poll_ms },
	};
	bool given = false;

	memset(&p, 0, sizeof(p));
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (!time_of(times[i].key, times[i].least, times[i].most, times[i].otherwise,
			     times[i].ms, error, size))
			return false;
		given = given || config_find(&items, times[i].key) != NULL;
	}
	timing_derive(&p);
	problems.count = 0;
	if (given)
		config_check_times(&p, &problems);
	if (problems.count != 0) {
		(void)snprintf(error, size, "%s", problems.line[0]);
		return false;
	}
	d->timings = timing_of(&p);
	d->timings_given = config_find(&items, DEVICE "timeout") != NULL &&
			   config_find(&items, DEVICE "sync_timeout") != NULL;
	return true;
}

/* The very nodes that the daemon sees: a node that is left out here would have no slot. */
static bool read_nodes(struct disk_defaults *d, char *error, size_t size)
{
	char position[CONFIG_KEY_SIZE];
	uint32_t at = 0;

	while (config_next_name(&items, "nodelist.node.", &at, position, sizeof(position))) {
		char key[CONFIG_KEY_SIZE + 64];
		const char *name;
		uint32_t node_id;

		(void)snprintf(key, sizeof(key), "nodelist.node.%s.name", position);
		name = config_find(&items, key);
		(void)snprintf(key, sizeof(key), "nodelist.node.%s.nodeid", position);
		if (!number(key, &node_id, error, size))
			return false;
		if (node_id == 0) {
			(void)snprintf(error, size, "%s: %s%s%s needs a nodeid above 0", key,
				       name ? "node '" : "every node", name ? name : "",
				       name ? "'" : "");
			return false;
		}
		if (members_contain(&d->nodes, node_id)) {
			(void)snprintf(error, size, "%s: %u is given twice", key, node_id);
			return false;
		}
		if (!members_add(&d->nodes, node_id)) {
			(void)snprintf(error, size, "more than %d nodes", NODES_MAX);
			return false;
		}
	}
	return true;
}

enum rc disk_defaults_read(const char *path, bool required, struct disk_defaults *d, char *error,
			   size_t error_size)
{
	char fault[CONFIG_LINE_SIZE] = "";
	const char *cluster;
	enum rc rc;

	memset(d, 0, sizeof(*d));
	rc = confile_read(path, &items, error, error_size);
	if (rc == RC_NOTFOUND && !required)
		error[0] = 0;
	else if (rc != RC_OK)
		return rc;
	cluster = config_find(&items, "totem.cluster_name");
	if (cluster && cluster[0] != 0 &&
	    !config_copy_name(d->cluster_name, sizeof(d->cluster_name), cluster))
		(void)snprintf(fault, sizeof(fault),
			       "totem.cluster_name = %s: allowed are up to %d characters without "
			       "blanks",
			       cluster, NAME_SIZE - 1);
	if (fault[0] == 0 && read_nodes(d, fault, sizeof(fault)) &&
	    read_timings(d, fault, sizeof(fault)))
		return RC_OK;
	(void)snprintf(error, error_size, "%s: %s", path, fault);
	return RC_BADVALUE;
}

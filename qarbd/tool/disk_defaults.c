/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
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

/* out: v, `otherwise` if the key is not there.  returns: whether the value is a number. */
static bool number(const char *key, uint32_t *v, uint32_t otherwise, char *error, size_t size)
{
	const char *text = config_find(&items, key);
	unsigned long long value;
	char *end;

	*v = otherwise;
	if (!text)
		return true;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end != 0 || errno != 0 || value > UINT32_MAX) {
		(void)snprintf(error, size, "%s: '%s' is no number", key, text);
		return false;
	}
	*v = (uint32_t)value;
	return true;
}

static bool read_timings(struct disk_defaults *d, char *error, size_t size)
{
	struct policy p;

	memset(&p, 0, sizeof(p));
	if (!number(DEVICE "timeout", &p.timeout_ms, TIMEOUT_MS_DEFAULT, error, size) ||
	    !number(DEVICE "sync_timeout", &p.sync_timeout_ms, SYNC_TIMEOUT_MS_DEFAULT, error,
		    size) ||
	    !number(DEVICE "qarb.dead_ms", &p.dead_ms, DEAD_MS_DEFAULT, error, size) ||
	    !number(DEVICE "qarb.interval_ms", &p.interval_ms, 0, error, size) ||
	    !number(DEVICE "qarb.hold_ms", &p.hold_ms, 0, error, size) ||
	    !number(DEVICE "qarb.poll_ms", &p.poll_ms, 0, error, size))
		return false;
	if (p.dead_ms < DEAD_MS_MIN || p.dead_ms > DEAD_MS_MAX) {
		(void)snprintf(error, size, DEVICE "qarb.dead_ms: %u is not within %d and %d",
			       p.dead_ms, DEAD_MS_MIN, DEAD_MS_MAX);
		return false;
	}
	timing_derive(&p);
	d->timings = timing_of(&p);
	d->timings_given = config_find(&items, DEVICE "timeout") != NULL &&
			   config_find(&items, DEVICE "sync_timeout") != NULL;
	return true;
}

static bool read_nodes(struct disk_defaults *d, char *error, size_t size)
{
	for (unsigned i = 0;; i++) {
		char key[64];
		char address[64];
		uint32_t node_id;

		(void)snprintf(key, sizeof(key), "nodelist.node.%u.nodeid", i);
		(void)snprintf(address, sizeof(address), "nodelist.node.%u.ring0_addr", i);
		if (!config_find(&items, key) && !config_find(&items, address))
			return true;
		if (!number(key, &node_id, 0, error, size))
			return false;
		if (node_id == 0) {
			(void)snprintf(error, size, "%s: every node needs a nodeid above 0", key);
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
}

enum rc disk_defaults_read(const char *path, bool required, struct disk_defaults *d, char *error,
			   size_t error_size)
{
	char fault[300] = "";
	const char *cluster;
	enum rc rc;

	memset(d, 0, sizeof(*d));
	rc = confile_read(path, &items, error, error_size);
	if (rc == RC_NOTFOUND && !required)
		error[0] = 0;
	else if (rc != RC_OK)
		return rc;
	cluster = config_find(&items, "totem.cluster_name");
	if (cluster && strlen(cluster) >= NAME_SIZE)
		(void)snprintf(fault, sizeof(fault),
			       "totem.cluster_name: longer than %d characters", NAME_SIZE - 1);
	else if (cluster)
		(void)snprintf(d->cluster_name, sizeof(d->cluster_name), "%s", cluster);
	if (fault[0] == 0 && read_nodes(d, fault, sizeof(fault)) &&
	    read_timings(d, fault, sizeof(fault)))
		return RC_OK;
	(void)snprintf(error, error_size, "%s: %s", path, fault);
	return RC_BADVALUE;
}

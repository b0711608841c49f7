/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <corosync/cmap.h>
#include <stdlib.h>
#include <string.h>

#include "tool/disk.h"

/* A name that does not fit is cut, and then that of no disk's cluster. */
static bool ask_cluster(cmap_handle_t handle, struct disk_ring *ring)
{
	char *name = NULL;
	cs_error_t error = cmap_get_string(handle, "totem.cluster_name", &name);

	if (error == CS_OK)
		(void)snprintf(ring->cluster_name, sizeof(ring->cluster_name), "%s", name);
	free(name);
	return error == CS_OK || error == CS_ERR_NOT_EXIST;
}

/* A node that this corosync never saw has no key; that proves something only of a corosync that is
 * in a ring itself. */
static enum rc ask_node(cmap_handle_t handle, uint32_t node_id, bool *joined)
{
	char key[64];
	char *status = NULL;
	uint32_t own = 0;
	cs_error_t error;

	(void)snprintf(key, sizeof(key), "runtime.members.%u.status", node_id);
	error = cmap_get_string(handle, key, &status);
	if (error == CS_OK) {
		*joined = strcmp(status, "left") != 0;
		free(status);
		return RC_OK;
	}
	if (error != CS_ERR_NOT_EXIST ||
	    cmap_get_uint32(handle, "runtime.votequorum.this_node_id", &own) != CS_OK)
		return RC_GONE;
	*joined = own == node_id;
	return RC_OK;
}

enum rc disk_ring_ask(uint32_t node_id, struct disk_ring *ring)
{
	cmap_handle_t handle;
	enum rc rc = RC_GONE;

	memset(ring, 0, sizeof(*ring));
	if (cmap_initialize(&handle) != CS_OK)
		return RC_GONE;
	ring->runs = ask_cluster(handle, ring);
	if (ring->runs)
		rc = ask_node(handle, node_id, &ring->joined);
	(void)cmap_finalize(handle);
	return rc;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <corosync/cmap.h>
#include <stdlib.h>
#include <string.h>

#include "tool/disk.h"

/* A node that this corosync never saw has no key; that proves something only of a corosync that is
 * in a ring itself. */
enum rc disk_ring_ask(uint32_t node_id, bool *joined)
{
	char key[64];
	char *status = NULL;
	cmap_handle_t handle;
	uint32_t own = 0;
	enum rc rc = RC_GONE;
	cs_error_t error;

	*joined = false;
	if (cmap_initialize(&handle) != CS_OK)
		return RC_GONE;
	(void)snprintf(key, sizeof(key), "runtime.members.%u.status", node_id);
	error = cmap_get_string(handle, key, &status);
	if (error == CS_OK) {
		*joined = strcmp(status, "left") != 0;
		free(status);
		rc = RC_OK;
	} else if (error == CS_ERR_NOT_EXIST &&
		   cmap_get_uint32(handle, "runtime.votequorum.this_node_id", &own) == CS_OK) {
		*joined = own == node_id;
		rc = RC_OK;
	}
	(void)cmap_finalize(handle);
	return rc;
}

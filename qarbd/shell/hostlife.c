/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/hostlife.h"

#include <corosync/cmap.h>

#include "client/peer.h"

/* Outside `quorum.`, which a reload of corosync.conf prunes. */
static const char hostlife_key[] = "qarb.host_life";

enum rc hostlife_get(uint64_t fresh, uint64_t *life)
{
	cmap_handle_t handle;
	uint64_t found = 0;
	cs_error_t e;
	int fd = -1;

	if (cmap_initialize(&handle) != CS_OK)
		return RC_GONE;
	if (cmap_fd_get(handle, &fd) != CS_OK || !peer_trusted(fd)) {
		(void)cmap_finalize(handle);
		return RC_REFUSED;
	}
	e = cmap_get_uint64(handle, hostlife_key, &found);
	if (e == CS_ERR_NOT_EXIST || (e == CS_OK && found == 0)) {
		e = cmap_set_uint64(handle, hostlife_key, fresh);
		if (e == CS_OK)
			e = cmap_get_uint64(handle, hostlife_key, &found);
	}
	(void)cmap_finalize(handle);
	if (e != CS_OK || found == 0)
		return RC_AGAIN;
	*life = found;
	return RC_OK;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <corosync/cmap.h>

#include "tool/totem.h"

enum rc totem_ask(uint32_t *token_ms, uint32_t *consensus_ms)
{
	cmap_handle_t handle;
	enum rc rc = RC_GONE;

	if (cmap_initialize(&handle) != CS_OK)
		return RC_GONE;
	if (cmap_get_uint32(handle, "runtime.config.totem.token", token_ms) == CS_OK &&
	    cmap_get_uint32(handle, "runtime.config.totem.consensus", consensus_ms) == CS_OK)
		rc = RC_OK;
	(void)cmap_finalize(handle);
	return rc;
}

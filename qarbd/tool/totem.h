/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: the times of totem that are in force on this node. */
#ifndef QARB_TOOL_TOTEM_H
#define QARB_TOOL_TOTEM_H

#include "base/rc.h"

/* Ask the running corosync.  returns: RC_OK | RC_GONE: none is running, or it does not say. */
RC_MUST_CHECK enum rc totem_ask(uint32_t *token_ms, uint32_t *consensus_ms);

#endif

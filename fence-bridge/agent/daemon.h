/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence agent: the local qarbd, over libqb's IPC. */
#ifndef QARB_FENCE_BRIDGE_AGENT_DAEMON_H
#define QARB_FENCE_BRIDGE_AGENT_DAEMON_H

#include <stddef.h>

#include "wire/ipcwire.h"

/* A fresh status.  out: s, meaningful on RC_OK; error, one line, else.
 * returns: RC_OK | RC_GONE: qarbd is not there | RC_AGAIN: it has no fresh status |
 * RC_REFUSED: not permitted | RC_BADVERSION | RC_TIMEOUT. */
RC_MUST_CHECK enum rc daemon_status(struct ipc_status *s, char *error, size_t size);

/* Have the node's present incarnation named as poison in this node's slot. */
RC_MUST_CHECK enum rc daemon_poison(uint32_t node_id, char *error, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the configuration as the running corosync has it in cmap.  For the service's thread that
 * may wait for corosync; one connection.
 */
#ifndef QARB_SHELL_CONFMAP_H
#define QARB_SHELL_CONFMAP_H

#include <stdbool.h>

#include "shell/config.h"

RC_MUST_CHECK enum rc confmap_connect(void);
void confmap_close(void);
int confmap_fd(void);
/* Take what corosync tells.  out: changed, set when a key changed that the configuration is made
 * of.  returns: RC_OK | RC_GONE. */
RC_MUST_CHECK enum rc confmap_dispatch(bool *changed);
/* Read all keys.  returns: RC_OK | RC_AGAIN: a reload is under way, or corosync is busy | RC_GONE:
 * a value could not be had.  Unless RC_OK, what was read is no configuration. */
RC_MUST_CHECK enum rc confmap_read(struct config_items *items);
/* Does votequorum wait for all nodes?  out: waits, 0: it is not configured to, 1: not any more, 2:
 * it waits; as before unless RC_OK.  returns: RC_OK | RC_AGAIN | RC_GONE. */
RC_MUST_CHECK enum rc confmap_wait_for_all(uint32_t *waits);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: has this node run with a good configuration of its cluster before?  A mark in the state
 * folder remembers it.
 */
#ifndef QARB_SHELL_CONFIGURED_H
#define QARB_SHELL_CONFIGURED_H

#include <stdbool.h>

#include "base/rc.h"

/* What the daemon keeps over its restarts. */
#define STATE_DIR "/var/lib/qarb"

/* in: folder, the state folder; cluster_name, may be empty.
 * returns: whether it was marked for this cluster; what cannot be read is no mark. */
bool configured_before(const char *folder, const char *cluster_name);
/* returns: RC_OK | RC_IO: nothing is marked, or what was marked before still is. */
RC_MUST_CHECK enum rc configured_mark(const char *folder, const char *cluster_name);

#endif

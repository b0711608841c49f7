/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the service's thread that talks to corosync (configuration through cmap, hello through
 * cpg).  It may wait for a corosync that hangs; logs and status go on without it.
 */
#ifndef QARB_SHELL_CLUSTER_H
#define QARB_SHELL_CLUSTER_H

#include "shell/shm.h"

/* returns: RC_OK | RC_AGAIN: no thread to be had. */
RC_MUST_CHECK enum rc cluster_start(struct shm *m);

#endif

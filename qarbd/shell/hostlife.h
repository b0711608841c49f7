/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the random number that the first daemon to connect to a corosync stores in its cmap: the
 * same over a restart of the daemon, gone with that corosync process.
 */
#ifndef QARB_SHELL_HOSTLIFE_H
#define QARB_SHELL_HOSTLIFE_H

#include <stdint.h>

#include "base/rc.h"

/* in: fresh, a random number that is not 0, stored if there is none yet.  out: life, on RC_OK. */
RC_MUST_CHECK enum rc hostlife_get(uint64_t fresh, uint64_t *life);

#endif

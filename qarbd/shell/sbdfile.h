/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the settings of sbd, whose watchdog and the arbiter's decision have to suit each other. */
#ifndef QARB_SHELL_SBDFILE_H
#define QARB_SHELL_SBDFILE_H

#include "shell/config.h"

/* in: path, NULL for /etc/default/sbd or /etc/sysconfig/sbd, where sbd need not be at all.
 * out: warnings, a line is added where the watchdog does not outlast sync_timeout, or its time is
 * no number. returns: RC_OK | RC_NOTFOUND, RC_IO: the given path cannot be opened or read. */
RC_MUST_CHECK enum rc sbdfile_warn(const char *path, const struct policy *y,
				   struct config_problems *warnings);

#endif

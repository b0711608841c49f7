/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: watchdogs that nothing disarms once they are armed, as their driver was told (nowayout).
 */
#ifndef QARB_SHELL_NOWAYOUT_H
#define QARB_SHELL_NOWAYOUT_H

#include <stdbool.h>

#include "shell/config.h"

/* in: class, NULL for /sys/class/watchdog; device, in /dev.  returns: false also where the kernel
 * does not tell. */
bool nowayout_is(const char *class, const char *device);
/* out: warnings, a line is added where the configured watchdog is such a one. */
void nowayout_warn(const char *class, const struct config *c, struct config_problems *warnings);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence bridge: its log, which is also that of Pacemaker's libraries (libcrmcommon over libqb). */
#ifndef QARB_FENCE_BRIDGE_SAY_H
#define QARB_FENCE_BRIDGE_SAY_H

#include <stdbool.h>
#include <syslog.h>

void bridge_log_open(bool foreground, bool debug, char *program);
/* in: level as for syslog(3). */
void bridge_log(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the log, through libqb: syslog, and standard error in the foreground. */
#ifndef QARB_SHELL_SVCLOG_H
#define QARB_SHELL_SVCLOG_H

#include <stdbool.h>

#include "shell/say.h"

void svclog_open(bool foreground, bool debug);
void svclog_close(void);
void svclog_write(enum say_level level, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the log, through libqb: syslog, and standard error in the foreground. */
#ifndef QARB_SHELL_SVCLOG_H
#define QARB_SHELL_SVCLOG_H

#include <stdbool.h>

#include "shell/say.h"

/* Is the open file fd what systemd connected to its journal?  The journal has the lines of syslog
 * already.  in: stream, of the environment variable JOURNAL_STREAM; NULL: not set. */
bool svclog_is_journal(int fd, const char *stream);
/* in: foreground, log to standard error too; debug, also what libqb says of its connections. */
void svclog_open(bool foreground, bool debug);
void svclog_close(void);
void svclog_write(enum say_level level, const char *text);

/* One line to syslog without the service, for who must never wait: what is not taken at once is
 * lost. in: path of syslog's socket, NULL for /dev/log. */
void svclog_direct(const char *path, enum say_level level, const char *text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <crm/crm.h>

void bridge_log_open(bool foreground, bool debug, char *program)
{
	char *arguments[] = { program, NULL };

	/* Pacemaker's libraries log to Pacemaker's log, ours is the system's, too: they keep
	 * clients that are no daemons of theirs out of it. The journal has standard error. */
	(void)crm_log_init("qarb-fence-bridge", debug ? LOG_DEBUG : LOG_NOTICE, FALSE,
			   foreground && getenv("JOURNAL_STREAM") == NULL, 1, arguments, TRUE);
	openlog("qarb-fence-bridge", LOG_PID, LOG_DAEMON);
}

void bridge_log(int level, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	syslog(level, "%s", text);
	qb_log_from_external_source(__func__, __FILE__, "%s", (uint8_t)level, __LINE__, 0, text);
}

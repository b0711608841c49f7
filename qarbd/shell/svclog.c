/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/svclog.h"

#include <inttypes.h>
#include <qb/qblog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "shell/blackbox.h"

bool svclog_is_journal(int fd, const char *stream)
{
	struct stat st;
	uint64_t device;
	uint64_t inode;
	char more;

	return stream != NULL && fstat(fd, &st) == 0 &&
	       sscanf(stream, "%" SCNu64 ":%" SCNu64 "%c", &device, &inode, &more) == 2 &&
	       st.st_dev == device && st.st_ino == inode;
}

/* What libqb says while a connection is made any user can have it say without end. */
static void svclog_filter(struct qb_log_callsite *site)
{
	if (strcmp(site->filename, "ipc_setup.c") == 0)
		site->targets = 0;
}

void svclog_open(bool foreground, bool debug)
{
	uint8_t level = debug ? LOG_DEBUG : LOG_INFO;
	/* What libqb says of its own connections: only what is wrong is of interest otherwise. */
	uint8_t of_libqb = debug ? LOG_DEBUG : LOG_ERR;

	qb_log_init("qarbd", LOG_DAEMON, level);
	if (!debug)
		(void)qb_log_filter_fn_set(svclog_filter);
	(void)qb_log_ctl(QB_LOG_SYSLOG, QB_LOG_CONF_ENABLED, QB_TRUE);
	qb_log_format_set(QB_LOG_SYSLOG, "%b");
	(void)qb_log_filter_ctl(QB_LOG_SYSLOG, QB_LOG_FILTER_CLEAR_ALL, QB_LOG_FILTER_FILE, "*",
				LOG_TRACE);
	(void)qb_log_filter_ctl(QB_LOG_SYSLOG, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FUNCTION,
				"svclog_write", level);
	(void)qb_log_filter_ctl(QB_LOG_SYSLOG, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*",
				of_libqb);
	if (foreground && !svclog_is_journal(STDERR_FILENO, getenv("JOURNAL_STREAM"))) {
		(void)qb_log_filter_ctl(QB_LOG_STDERR, QB_LOG_FILTER_CLEAR_ALL, QB_LOG_FILTER_FILE,
					"*", LOG_TRACE);
		(void)qb_log_filter_ctl(QB_LOG_STDERR, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FUNCTION,
					"svclog_write", level);
		(void)qb_log_filter_ctl(QB_LOG_STDERR, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*",
					of_libqb);
		qb_log_format_set(QB_LOG_STDERR, "%T %7p %b");
		(void)qb_log_ctl(QB_LOG_STDERR, QB_LOG_CONF_ENABLED, QB_TRUE);
	}
	blackbox_open();
}

void svclog_close(void)
{
	qb_log_fini();
}

void svclog_write(enum say_level level, const char *text)
{
	switch (level) {
	case SAY_CRIT:
		qb_log(LOG_CRIT, "%s", text);
		break;
	case SAY_ERR:
		qb_log(LOG_ERR, "%s", text);
		break;
	case SAY_WARNING:
		qb_log(LOG_WARNING, "%s", text);
		break;
	case SAY_NOTICE:
		qb_log(LOG_NOTICE, "%s", text);
		break;
	case SAY_INFO:
		qb_log(LOG_INFO, "%s", text);
		break;
	case SAY_DEBUG:
		qb_log(LOG_DEBUG, "%s", text);
		break;
	}
}

void svclog_direct(const char *path, enum say_level level, const char *text)
{
	static const int priority[] = {
		[SAY_CRIT] = LOG_CRIT,	   [SAY_ERR] = LOG_ERR,	  [SAY_WARNING] = LOG_WARNING,
		[SAY_NOTICE] = LOG_NOTICE, [SAY_INFO] = LOG_INFO, [SAY_DEBUG] = LOG_DEBUG
	};
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char line[SHM_SAY_SIZE + 64];
	ssize_t done;
	int fd;

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path != NULL ? path : "/dev/log");
	/* Without a time, which syslog adds: to have it would take the file of the time zone. */
	(void)snprintf(line, sizeof(line), "<%d>qarbd[%d]: %s", LOG_DAEMON | priority[level],
		       (int)getpid(), text);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	done = sendto(fd, line, strlen(line), MSG_NOSIGNAL, (struct sockaddr *)&a, sizeof(a));
	(void)done;
	(void)close(fd);
}

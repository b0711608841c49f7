/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/blackbox.h"

#include <qb/qblog.h>
#include <syslog.h>
#include <unistd.h>

enum { BLACKBOX_SIZE = 128 * 1024 };

void blackbox_open(void)
{
	(void)qb_log_filter_ctl(QB_LOG_BLACKBOX, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*",
				LOG_DEBUG);
	(void)qb_log_ctl(QB_LOG_BLACKBOX, QB_LOG_CONF_SIZE, BLACKBOX_SIZE);
	(void)qb_log_ctl(QB_LOG_BLACKBOX, QB_LOG_CONF_THREADED, QB_FALSE);
	(void)qb_log_ctl(QB_LOG_BLACKBOX, QB_LOG_CONF_ENABLED, QB_TRUE);
}

void blackbox_save(const char *path)
{
	(void)unlink(path);
	(void)qb_log_blackbox_write_to_file(path);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/blackbox.h"

#include <dirent.h>
#include <errno.h>
#include <qb/qblog.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

enum { BLACKBOX_SIZE = 128 * 1024 };

/* libqb keeps the blackbox in files that name their process and that stay when it was killed. */
static void blackbox_clean(void)
{
	static const char folder[] = "/dev/shm/";
	DIR *d = opendir(folder);
	struct dirent *e;
	char path[512];
	int pid;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char tail[16] = "";

		if (sscanf(e->d_name, "qb-qarbd-%d-%8s", &pid, tail) != 2 ||
		    strcmp(tail, "blackbox") != 0 || kill(pid, 0) == 0 || errno != ESRCH)
			continue;
		(void)snprintf(path, sizeof(path), "%s%s", folder, e->d_name);
		(void)unlink(path);
	}
	if (d != NULL)
		(void)closedir(d);
}

void blackbox_open(void)
{
	blackbox_clean();
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/watchdog.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/nowayout.h"
#include "shell/proc.h"
#include "shell/selfend.h"

int watchdog_holder(const char *device, char *name, size_t size)
{
	const struct dirent *e;
	char real[PATH_MAX];
	int pid = 0;
	DIR *d;

	name[0] = 0;
	if (realpath(device, real) == NULL)
		return 0;
	d = opendir("/proc");
	while (d != NULL && pid == 0 && (e = readdir(d)) != NULL) {
		int32_t one = (int32_t)strtol(e->d_name, NULL, 10);
		char found[PROC_NAME_SIZE];

		if (!isdigit((unsigned char)e->d_name[0]) || !proc_has_open(one, real))
			continue;
		pid = one;
		proc_name_of(pid, found);
		(void)snprintf(name, size, "%s", found);
	}
	if (d != NULL)
		(void)closedir(d);
	return pid;
}

/* Two that feed one watchdog, or two watchdogs that wait for different disks, reset the node for
 * the other's reasons. */
static bool watchdog_sbd(void)
{
	static const char *const enabled[] = {
		"/etc/systemd/system/corosync.service.requires/sbd.service",
		"/etc/systemd/system/pacemaker.service.requires/sbd.service",
	};

	for (size_t i = 0; i < sizeof(enabled) / sizeof(enabled[0]); i++) {
		struct stat st;

		if (lstat(enabled[i], &st) == 0)
			return true;
	}
	return selfend_find("sbd") != 0;
}

enum rc watchdog_arm(struct watchdog *w, const char *device, uint32_t wanted_ms, char *why,
		     size_t size)
{
	struct watchdog_info info;
	char name[64];
	int seconds = (int)((wanted_ms + 999) / 1000);
	int in_force = 0;
	int holder;

	w->fd = -1;
	if (watchdog_sbd()) {
		(void)snprintf(why, size, "sbd is configured on this node and feeds its watchdog");
		return RC_REFUSED;
	}
	w->fd = open(device, O_WRONLY | O_CLOEXEC);
	if (w->fd < 0 && errno == EBUSY) {
		holder = watchdog_holder(device, name, sizeof(name));
		(void)snprintf(why, size, "in use by %s (pid %d)",
			       holder != 0 ? name : "a process that cannot be seen", holder);
		return RC_BUSY;
	}
	if (w->fd < 0) {
		(void)snprintf(why, size, "%s", strerror(errno));
		return RC_NOTFOUND;
	}
	if (ioctl(w->fd, WDIOC_GETSUPPORT, &info) != 0) {
		(void)close(w->fd);
		w->fd = -1;
		(void)snprintf(why, size, "not a watchdog");
		return RC_BADVALUE;
	}
	/* A device with a fixed timeout says so by its own answer. */
	(void)ioctl(w->fd, WDIOC_SETTIMEOUT, &seconds);
	if (ioctl(w->fd, WDIOC_GETTIMEOUT, &in_force) != 0 || in_force <= 0)
		in_force = seconds;
	w->timeout_ms = (uint32_t)in_force * 1000;
	w->nowayout = nowayout_is(NULL, device);
	watchdog_feed(w, clock_now_ms());
	return RC_OK;
}

void watchdog_feed(struct watchdog *w, uint64_t now_ms)
{
	if (w->fd < 0)
		return;
	if (ioctl(w->fd, WDIOC_KEEPALIVE, 0) == 0)
		w->fed_ms = now_ms;
}

enum rc watchdog_disarm(struct watchdog *w)
{
	int off = WDIOS_DISABLECARD;
	bool refused;
	ssize_t done;

	if (w->fd < 0)
		return RC_OK;
	/* Who does not know this request disarms by the character, unless it is a nowayout. */
	refused = ioctl(w->fd, WDIOC_SETOPTIONS, &off) != 0 && (errno == EBUSY || w->nowayout);
	done = write(w->fd, "V", 1);
	(void)done;
	(void)close(w->fd);
	w->fd = -1;
	return refused ? RC_REFUSED : RC_OK;
}

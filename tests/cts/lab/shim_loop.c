/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into qarbd: how late the deciding process's loop is.  To the file that QARB_LOOP_FILE
 * names it writes, ten times a second, a line `CLOCK_MONOTONIC ns, late us, busy us`: the worst
 * time from the moment its timer was due until epoll_wait() returned, and the worst time that it
 * was away from epoll_wait(), both since the line before.
 *
 * And short transfers, which no block device of a laboratory makes: while the file that
 * QARB_SHORT_FILE names says `read` or `write`, the disk process gets half of what it asks for.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { LINE_US = 100000 };

static int file = -1;
static char short_path[256]; /* a copy: the daemon writes its titles over the environment */
static bool deciding;	     /* in this very process */
static uint64_t due_us;	     /* of its timer; 0: not armed */
static uint64_t woke_us, line_us;
static uint64_t late_us_max, busy_us_max;

static uint64_t now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static bool named(const char *wanted)
{
	char name[16] = "";

	return prctl(PR_GET_NAME, (unsigned long)name, 0, 0, 0) == 0 && strcmp(name, wanted) == 0;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("QARB_LOOP_FILE");
	const char *halve = getenv("QARB_SHORT_FILE");

	if (halve)
		(void)snprintf(short_path, sizeof(short_path), "%s", halve);
	if (path)
		file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *set, struct itimerspec *was)
{
	if (!deciding && named("qarbd-decider")) {
		deciding = true;
		woke_us = line_us = now_us(CLOCK_BOOTTIME);
	}
	if (deciding) {
		uint64_t now = now_us(CLOCK_BOOTTIME);

		/* A timer that is armed for the past is due when it is armed. */
		due_us = (uint64_t)set->it_value.tv_sec * 1000000u +
			 (uint64_t)set->it_value.tv_nsec / 1000u;
		due_us = due_us < now ? now : due_us;
	}
	return (int)syscall(SYS_timerfd_settime, fd, flags, set, was);
}

static void tell(uint64_t now)
{
	char line[96];
	int n = snprintf(line, sizeof(line), "%llu000 %llu %llu\n",
			 (unsigned long long)now_us(CLOCK_MONOTONIC),
			 (unsigned long long)late_us_max, (unsigned long long)busy_us_max);

	if (file >= 0 && write(file, line, (size_t)n) < 0)
		file = -1;
	line_us = now;
	late_us_max = busy_us_max = 0;
}

int epoll_wait(int fd, struct epoll_event *events, int count, int timeout_ms)
{
	uint64_t before_us = deciding ? now_us(CLOCK_BOOTTIME) : 0;
	int n = (int)syscall(SYS_epoll_pwait, fd, events, count, timeout_ms, NULL, 8);

	if (!deciding)
		return n;
	if (before_us - woke_us > busy_us_max)
		busy_us_max = before_us - woke_us;
	woke_us = now_us(CLOCK_BOOTTIME);
	if (due_us != 0 && woke_us >= due_us) {
		if (woke_us - due_us > late_us_max)
			late_us_max = woke_us - due_us;
		due_us = 0;
	}
	if (woke_us - line_us >= LINE_US)
		tell(woke_us);
	return n;
}

static size_t cut(size_t size, const char *what)
{
	char word[8] = "";
	int fd;

	if (short_path[0] == 0 || !named("qarbd-disk0"))
		return size;
	fd = open(short_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return size;
	if (read(fd, word, sizeof(word) - 1) > 0 && strncmp(word, what, strlen(what)) == 0)
		size /= 2;
	close(fd);
	return size;
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
	return syscall(SYS_pread64, fd, buffer, cut(size, "read"), offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	return syscall(SYS_pwrite64, fd, buffer, cut(size, "write"), offset);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into a program of a laboratory node: its wall clock, and that alone, is shifted by the
 * seconds in decimal in /run/lab/state/clock.$LAB_NODE, read once a second. CLOCK_REALTIME is not
 * namespaced, so the machine's own clock must never be set by a test.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *ts);
int gettimeofday(struct timeval *restrict tv, void *restrict zone);
time_t time(time_t *out);

static int real_gettime(clockid_t clock, struct timespec *ts)
{
	return (int)syscall(SYS_clock_gettime, clock, ts);
}

static long shift_s(void)
{
	static long shift;
	static time_t read_s = -1;
	struct timespec now;
	const char *node = getenv("LAB_NODE");
	char path[128], text[32];
	ssize_t size;
	int fd;

	real_gettime(CLOCK_MONOTONIC, &now);
	if (!node || now.tv_sec == read_s)
		return shift;
	read_s = now.tv_sec;
	snprintf(path, sizeof(path), "/run/lab/state/clock.%.32s", node);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return shift;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (size > 0) {
		text[size] = '\0';
		shift = strtol(text, NULL, 10);
	}
	return shift;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int rc = real_gettime(clock, ts);

	if (rc == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ts->tv_sec += shift_s();
	return rc;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return -1;
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return (time_t)-1;
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/say.h"
#include "wire/traceline.h"

enum {
	RECORDER_FILES = 2,
	RECORDER_RETRY_MS = 60000,	     /* after a failure */
	RECORDER_SIZE_MAX = 4 * 1024 * 1024, /* of one file: then the other one is begun */
};

struct recorder {
	struct shm *m;
	int fd;	     /* -1: none */
	bool failed; /* told */
	uint64_t retry_ms;
	bool headed; /* the file has a line that a replay can begin with */
	bool wanted; /* a snapshot was asked for */
	uint32_t index;
	uint64_t size;
	char line[TRACELINE_SIZE + 1];
};

/* Made by the process that uses it: memory of the others is locked. */
static struct recorder *recorder;

static void recorder_path(char *path, size_t size)
{
	(void)snprintf(path, size, "/var/lib/qarb/trace-%u.txt", recorder->index);
}

static void recorder_fail(const char *what)
{
	if (!recorder->failed)
		say(SAY_WARNING, "flight recorder: %s: %s: nothing is recorded", what,
		    strerror(errno));
	recorder->failed = true;
	recorder->retry_ms = clock_now_ms() + RECORDER_RETRY_MS;
	if (recorder->fd >= 0)
		(void)close(recorder->fd);
	recorder->fd = -1;
	/* The next attempt takes the same file: the other one is all there is. */
	recorder->index = (recorder->index + RECORDER_FILES - 1) % RECORDER_FILES;
}

static void recorder_begin_file(void)
{
	char path[64];

	if (recorder->fd >= 0)
		(void)close(recorder->fd);
	recorder->index = (recorder->index + 1) % RECORDER_FILES;
	recorder->size = 0;
	recorder_path(path, sizeof(path));
	recorder->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (recorder->fd < 0)
		recorder_fail(path);
}

static void recorder_want_snapshot(void)
{
	if (recorder->wanted)
		return;
	recorder->wanted = true;
	atomic_fetch_add(&recorder->m->snapshot_wanted, 1);
	shm_wake(recorder->m, PROC_DECIDER);
}

/* returns: when a file of a former daemon was last written, 0 when there is none. */
static int64_t recorder_age(uint32_t index)
{
	char path[64];
	struct stat st;

	recorder->index = index;
	recorder_path(path, sizeof(path));
	return stat(path, &st) == 0 ? (int64_t)st.st_mtim.tv_sec : 0;
}

void recorder_open(struct shm *m)
{
	int64_t age[RECORDER_FILES];

	recorder = calloc(1, sizeof(*recorder));
	if (recorder == NULL)
		return;
	recorder->m = m;
	recorder->fd = -1;
	for (uint32_t i = 0; i < RECORDER_FILES; i++)
		age[i] = recorder_age(i);
	/* The newer one is kept: the next file begun is the one behind it. */
	recorder->index = age[0] > age[1] ? 0 : 1;
	if (PAGE_COUNT(&m->config) != 0)
		recorder_want_snapshot(); /* the decider runs: its trace has begun without us */
}

static void recorder_line(uint32_t length)
{
	bool head = strncmp(recorder->line, "begin ", 6) == 0 ||
		    strncmp(recorder->line, "snapshot ", 9) == 0;

	if (head && (recorder->fd < 0 || recorder->size >= RECORDER_SIZE_MAX)) {
		recorder_begin_file();
		recorder->wanted = false;
		recorder->headed = true;
	}
	if (recorder->fd < 0 || !recorder->headed)
		return;
	if (write(recorder->fd, recorder->line, length) != (ssize_t)length) {
		recorder_fail("write");
		recorder->headed = false;
		return;
	}
	if (recorder->failed)
		say(SAY_INFO, "flight recorder: recording again");
	recorder->failed = false;
	recorder->size += length;
}

void recorder_take(void)
{
	uint32_t length;

	if (recorder == NULL)
		return;
	while ((length = ring_take(&recorder->m->trace.ring, recorder->line,
				   sizeof(recorder->line) - 1)) != 0) {
		recorder->line[length] = 0;
		recorder_line(length);
	}
	if (recorder->size >= RECORDER_SIZE_MAX)
		recorder_want_snapshot();
	if (recorder->fd < 0 && recorder->failed && clock_now_ms() >= recorder->retry_ms) {
		recorder->retry_ms = clock_now_ms() + RECORDER_RETRY_MS;
		recorder->wanted = false;
		recorder_want_snapshot();
	}
}

uint64_t recorder_retry_ms(void)
{
	return recorder != NULL && recorder->fd < 0 && recorder->failed ? recorder->retry_ms
									: UINT64_MAX;
}

enum rc recorder_flush(char *path, size_t size)
{
	recorder_take();
	if (recorder == NULL || recorder->fd < 0) {
		(void)snprintf(path, size, "nothing is recorded yet");
		return RC_AGAIN;
	}
	recorder_path(path, size);
	return RC_OK;
}

void recorder_close(void)
{
	recorder_take();
	if (recorder == NULL)
		return;
	if (recorder->fd >= 0)
		(void)close(recorder->fd);
	recorder->fd = -1;
}

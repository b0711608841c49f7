/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/ghost.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

int ghost_open(const char *path, uint64_t now_ms, uint64_t *since_ms)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	uint64_t noted = 0;
	ssize_t n;

	*since_ms = now_ms;
	if (fd < 0)
		return -1;
	n = pread(fd, &noted, sizeof(noted), 0);
	if (n == 0)
		*since_ms = 1;
	else if (n == (ssize_t)sizeof(noted) && noted < now_ms)
		*since_ms = noted; /* else the folder outlived a boot, or it is another's file */
	ghost_note(fd, *since_ms);
	return fd;
}

void ghost_note(int fd, uint64_t now_ms)
{
	/* Who cannot note it can do nothing about it: the file is in memory. */
	if (fd >= 0 && pwrite(fd, &now_ms, sizeof(now_ms), 0) < 0)
		return;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* returns: false when the manager's queue is full: again later. */
static bool notify_send(const char *text)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path != NULL ? strlen(path) : 0;
	bool taken;
	int fd;

	if (length < 2 || length >= sizeof(a.sun_path))
		return true;
	memcpy(a.sun_path, path, length);
	if (path[0] == '@')
		a.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	taken = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&a,
		       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) >= 0 ||
		(errno != EAGAIN && errno != EINTR);
	(void)close(fd);
	return taken;
}

bool notify_ready(void)
{
	return notify_send("READY=1");
}

void notify_stopping(void)
{
	(void)notify_send("STOPPING=1");
}

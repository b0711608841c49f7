/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "client/peer.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool peer_trusted(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	/* A socket that is not connected has nobody's uid, which is -1. */
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

/* libqb listens on the name in the abstract namespace, filled with zeros to the full size. */
bool peer_name_trusted(const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool trusted = true;

	if (fd < 0)
		return false;
	(void)snprintf(a.sun_path + 1, sizeof(a.sun_path) - 1, "%s", name);
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		trusted = peer_trusted(fd);
	(void)close(fd);
	return trusted;
}

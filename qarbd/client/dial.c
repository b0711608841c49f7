/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "client/dial.h"

#include <errno.h>
#include <poll.h>
#include <qb/qbipcc.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/peer.h"

/* libqb has no function that frees a connection which is not complete: to continue it on a socket
 * that brings nothing does. */
static void dial_abandon(qb_ipcc_connection_t *c, int fd)
{
	int nothing = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (nothing >= 0 && dup2(nothing, fd) == fd)
		(void)qb_ipcc_connect_continue(c);
	if (nothing >= 0)
		(void)close(nothing);
}

static enum dial dial_why(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return DIAL_FORBIDDEN;
	case ETIMEDOUT:
		return DIAL_SILENT;
	default:
		return DIAL_NOBODY;
	}
}

/* A service process that stands still takes a connection and never answers it: libqb would wait for
 * ever.  The name is whose who binds it first. */
enum dial dial_open(size_t size, int wait_ms, struct qb_ipcc_connection **c)
{
	struct pollfd p = { .fd = -1, .events = POLLIN };
	enum dial stopped = DIAL_DONE;
	int error;

	*c = qb_ipcc_connect_async("qarb", size, &p.fd);
	if (*c == NULL)
		return dial_why(errno);
	if (!peer_trusted(p.fd))
		stopped = DIAL_STRANGER;
	else if (poll(&p, 1, wait_ms) != 1)
		stopped = DIAL_SILENT;
	if (stopped != DIAL_DONE) {
		dial_abandon(*c, p.fd);
		*c = NULL;
		return stopped;
	}
	error = -qb_ipcc_connect_continue(*c); /* which frees it when it fails */
	if (error == 0)
		return DIAL_DONE;
	*c = NULL;
	return dial_why(error);
}

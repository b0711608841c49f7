/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: asks the daemon over libqb's IPC. */
#include <errno.h>
#include <poll.h>
#include <qb/qbipcc.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool/ctl.h"

enum { CLIENT_WAIT_MS = 5000 };

struct client_request {
	struct qb_ipc_request_header head;
	uint8_t data[IPCWIRE_REQUEST_SIZE];
};

struct client_answer {
	struct qb_ipc_response_header head;
	uint8_t data[IPCWIRE_RESPONSE_SIZE];
};

/* Daemon and tool are of one package; what cannot be understood is told, never guessed at. */
static int client_judge(enum rc rc, const struct ipc_response *r)
{
	if (rc == RC_BADVERSION) {
		ctl_error("the daemon is of another version: restart qarbd");
		return CTL_FAILED;
	}
	if (rc != RC_OK) {
		ctl_error("cannot understand the daemon's answer: %s", rc_text(rc));
		return CTL_FAILED;
	}
	if (r->rc == RC_OK)
		return CTL_DONE;
	ctl_error("%s", r->text[0] != 0 ? r->text : rc_text(r->rc));
	if (r->rc == RC_UNSAFE)
		return CTL_UNSAFE;
	return r->rc == RC_REFUSED ? CTL_NOT_PERMITTED : CTL_FAILED;
}

/* The name is whose who binds it first: only what root runs, or this user, is the daemon. */
static bool client_trusted(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == 0 || peer.uid == geteuid());
}

/* libqb has no function that frees a connection which is not complete: to continue it on a socket
 * that brings nothing does. */
static void client_abandon(qb_ipcc_connection_t *c, int fd)
{
	int nothing = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (nothing >= 0 && dup2(nothing, fd) == fd)
		(void)qb_ipcc_connect_continue(c);
	if (nothing >= 0)
		(void)close(nothing);
}

/* A service process that stands still takes a connection and never answers it: libqb would wait for
 * ever.  out: error, an errno; EKEYREJECTED: who has the name is not qarbd. */
static qb_ipcc_connection_t *client_open(size_t size, int *error)
{
	struct pollfd p = { .fd = -1, .events = POLLIN };
	qb_ipcc_connection_t *c = qb_ipcc_connect_async("qarb", size, &p.fd);

	if (c == NULL) {
		*error = errno;
		return NULL;
	}
	*error = 0;
	if (!client_trusted(p.fd))
		*error = EKEYREJECTED;
	else if (poll(&p, 1, CLIENT_WAIT_MS) != 1)
		*error = ETIMEDOUT;
	if (*error != 0) {
		client_abandon(c, p.fd);
		return NULL;
	}
	*error = -qb_ipcc_connect_continue(c); /* which frees it when it fails */
	return *error == 0 ? c : NULL;
}

static int client_ask(const struct ipc_request *q, struct ipc_response *r, bool told)
{
	static struct client_request request;
	static struct client_answer answer;
	struct iovec v = { .iov_base = &request };
	int error = 0;
	qb_ipcc_connection_t *c = client_open(sizeof(answer), &error);
	ssize_t n;

	if (c == NULL) {
		if (error == EACCES || error == EPERM) {
			ctl_error("not permitted: root and the group haclient may read");
			return CTL_NOT_PERMITTED;
		}
		if (error == EKEYREJECTED) {
			ctl_error("the name of qarbd's IPC is held by a process that is not "
				  "root's: not trusted");
			return CTL_FAILED;
		}
		if (error == ETIMEDOUT) {
			ctl_error("qarbd does not answer: its service process stands still");
			return CTL_FAILED;
		}
		if (told)
			ctl_error("qarbd is not running on this node");
		return CTL_NOT_RUNNING;
	}
	n = (ssize_t)ipcwire_encode_request(q, request.data, sizeof(request.data));
	request.head.id = (int32_t)q->type;
	request.head.size = (int32_t)(sizeof(request.head) + (size_t)n);
	v.iov_len = (size_t)request.head.size;
	n = qb_ipcc_sendv_recv(c, &v, 1, &answer, sizeof(answer), CLIENT_WAIT_MS);
	qb_ipcc_disconnect(c);
	if (n < (ssize_t)sizeof(answer.head)) {
		ctl_error("qarbd does not answer: %s",
			  n < 0 ? strerror((int)-n) : "message too short");
		return n == -ENOTCONN || n == -ECONNRESET ? CTL_NOT_RUNNING : CTL_FAILED;
	}
	return client_judge(
		ipcwire_decode_response(answer.data, (size_t)n - sizeof(answer.head), r), r);
}

int ctl_ask(const struct ipc_request *q, struct ipc_response *r)
{
	return client_ask(q, r, true);
}

int ctl_ask_running(const struct ipc_request *q, struct ipc_response *r)
{
	return client_ask(q, r, false);
}

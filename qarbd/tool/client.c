/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: asks the daemon over libqb's IPC. */
#include <errno.h>
#include <qb/qbipcc.h>
#include <string.h>

#include "client/dial.h"
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

static int client_unconnected(enum dial why, bool told)
{
	switch (why) {
	case DIAL_FORBIDDEN:
		ctl_error("not permitted: root and the group haclient may read");
		return CTL_NOT_PERMITTED;
	case DIAL_STRANGER:
		ctl_error("the name of qarbd's IPC is held by a process that is not root's: "
			  "not trusted");
		return CTL_FAILED;
	case DIAL_SILENT:
		ctl_error("qarbd does not answer: its service process stands still");
		return CTL_FAILED;
	case DIAL_DONE:
	case DIAL_NOBODY:
		break;
	}
	if (told)
		ctl_error("qarbd is not running on this node");
	return CTL_NOT_RUNNING;
}

static int client_ask(const struct ipc_request *q, struct ipc_response *r, bool told)
{
	static struct client_request request;
	static struct client_answer answer;
	struct iovec v = { .iov_base = &request };
	qb_ipcc_connection_t *c;
	const enum dial dialled = dial_open(sizeof(answer), CLIENT_WAIT_MS, &c);
	ssize_t n;

	if (dialled != DIAL_DONE)
		return client_unconnected(dialled, told);
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

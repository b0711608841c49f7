/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/agent/daemon.h"

#include <qb/qbipcc.h>
#include <stdio.h>
#include <string.h>

#include "client/dial.h"

enum { DAEMON_WAIT_MS = 3000 };

struct daemon_request {
	struct qb_ipc_request_header head;
	uint8_t data[IPCWIRE_REQUEST_SIZE];
};

struct daemon_answer {
	struct qb_ipc_response_header head;
	uint8_t data[IPCWIRE_RESPONSE_SIZE];
};

static struct ipc_response daemon_response; /* large */

static enum rc daemon_fail(enum rc rc, const char *text, char *error, size_t size)
{
	(void)snprintf(error, size, "%s", text);
	return rc;
}

static enum rc daemon_unconnected(enum dial why, char *error, size_t size)
{
	switch (why) {
	case DIAL_FORBIDDEN:
		return daemon_fail(RC_REFUSED, "qarbd permits it to root and hacluster", error,
				   size);
	case DIAL_STRANGER:
		return daemon_fail(RC_REFUSED,
				   "the name of qarbd's IPC is held by a process that is not "
				   "root's: not trusted",
				   error, size);
	case DIAL_SILENT:
		return daemon_fail(RC_TIMEOUT, "qarbd on this node does not answer", error, size);
	case DIAL_DONE:
	case DIAL_NOBODY:
		break;
	}
	return daemon_fail(RC_GONE, "qarbd does not run on this node", error, size);
}

static enum rc daemon_ask(const struct ipc_request *q, char *error, size_t size)
{
	static struct daemon_request request;
	static struct daemon_answer answer;
	struct iovec v = { .iov_base = &request };
	qb_ipcc_connection_t *c;
	enum dial dialled;
	ssize_t n;
	enum rc rc;

	error[0] = 0;
	dialled = dial_open(sizeof(answer), DAEMON_WAIT_MS, &c);
	if (dialled != DIAL_DONE)
		return daemon_unconnected(dialled, error, size);
	memset(&request.head, 0, sizeof(request.head));
	request.head.id = (int32_t)q->type;
	request.head.size = (int32_t)(sizeof(request.head) +
				      ipcwire_encode_request(q, request.data,
							     sizeof(request.data)));
	v.iov_len = (size_t)request.head.size;
	n = qb_ipcc_sendv_recv(c, &v, 1, &answer, sizeof(answer), DAEMON_WAIT_MS);
	qb_ipcc_disconnect(c);
	if (n < (ssize_t)sizeof(answer.head))
		return daemon_fail(RC_TIMEOUT, "qarbd on this node does not answer", error, size);
	rc = ipcwire_decode_response(answer.data, (size_t)n - sizeof(answer.head),
				     &daemon_response);
	if (rc != RC_OK)
		return daemon_fail(rc,
				   rc == RC_BADVERSION ? "qarbd is of another version: restart it"
						       : "qarbd's answer cannot be understood",
				   error, size);
	rc = daemon_response.rc;
	if (rc != RC_OK)
		return daemon_fail(
			rc, daemon_response.text[0] != 0 ? daemon_response.text : rc_text(rc),
			error, size);
	return RC_OK;
}

enum rc daemon_status(struct ipc_status *s, char *error, size_t size)
{
	const struct ipc_request q = { .type = IPC_STATUS };
	enum rc rc = daemon_ask(&q, error, size);

	if (rc != RC_OK)
		return rc;
	/* A status with a remark is an old one: nothing that lasts can be read off it. */
	if (daemon_response.text[0] != 0)
		return daemon_fail(RC_AGAIN, daemon_response.text, error, size);
	*s = daemon_response.status;
	return RC_OK;
}

enum rc daemon_poison(uint32_t node_id, char *error, size_t size)
{
	struct ipc_request q = { .type = IPC_POISON };

	q.u.evict.node_id = node_id;
	return daemon_ask(&q, error, size);
}

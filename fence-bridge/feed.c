/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/feed.h"

#include <errno.h>
#include <qb/qbipcc.h>
#include <string.h>

#include "client/dial.h"

enum { FEED_WAIT_MS = 1000 };

struct feed_message {
	struct qb_ipc_request_header head;
	uint8_t data[EVICTWIRE_SIZE];
};

struct feed_answer {
	struct qb_ipc_response_header head;
	uint8_t data[EVICTWIRE_SIZE];
};

static qb_ipcc_connection_t *feed_connection;

enum rc feed_connect(void)
{
	feed_disconnect();
	switch (dial_open(sizeof(struct feed_answer), FEED_WAIT_MS, &feed_connection)) {
	case DIAL_DONE:
		return RC_OK;
	case DIAL_FORBIDDEN:
	case DIAL_STRANGER:
		return RC_REFUSED;
	case DIAL_SILENT:
	case DIAL_NOBODY:
		break;
	}
	return RC_AGAIN;
}

void feed_disconnect(void)
{
	if (feed_connection != NULL)
		qb_ipcc_disconnect(feed_connection);
	feed_connection = NULL;
}

int feed_fd(void)
{
	int fd = -1;

	if (feed_connection == NULL || qb_ipcc_fd_get(feed_connection, &fd) != 0)
		return -1;
	return fd;
}

enum rc feed_news(void)
{
	struct qb_ipc_response_header head[8];
	enum rc rc = RC_AGAIN;

	if (feed_connection == NULL)
		return RC_GONE;
	for (;;) {
		ssize_t n = qb_ipcc_event_recv(feed_connection, head, sizeof(head), 0);

		if (n == -EAGAIN || n == -ETIMEDOUT || n == -EINTR)
			return rc;
		if (n < (ssize_t)sizeof(head[0]))
			return RC_GONE;
		if (head[0].id == EVICTWIRE_NEWS_ID)
			rc = RC_OK;
	}
}

enum rc feed_sync(const struct evict_sync *s, struct evict_answer *a)
{
	static struct feed_message request;
	static struct feed_answer answer;
	struct iovec v = { .iov_base = &request };
	size_t size = evictwire_encode_sync(s, request.data, sizeof(request.data));
	ssize_t n;

	if (feed_connection == NULL)
		return RC_GONE;
	if (size == 0)
		return RC_TOOSMALL;
	memset(&request.head, 0, sizeof(request.head));
	request.head.id = EVICTWIRE_SYNC_ID;
	request.head.size = (int32_t)(sizeof(request.head) + size);
	v.iov_len = (size_t)request.head.size;
	n = qb_ipcc_sendv_recv(feed_connection, &v, 1, &answer, sizeof(answer), FEED_WAIT_MS);
	if (n == -ETIMEDOUT || n == -EAGAIN)
		return RC_TIMEOUT;
	if (n <= (ssize_t)sizeof(answer.head) || answer.head.id != EVICTWIRE_SYNC_ID)
		return RC_GONE;
	return evictwire_decode_answer(answer.data, (size_t)n - sizeof(answer.head), a);
}

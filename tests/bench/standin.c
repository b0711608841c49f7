/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The server behind shim_corosync.c: it forms the rings that it is told to, hands the messages of
 * the group on within them, and writes down what each node polls. It stands in for corosync where
 * more nodes are wanted than corosync would fit on the machine; it decides and delays nothing.
 *
 * usage: standin SOCKET <ORDERS >RECORD
 *	order   ring 1,2,3      these nodes are a ring from now on; the other rings stay
 *	record  NS ring SEQ MEMBERS
 *	        NS poll NODE yes|no SEQ        when a node's answer or its ring changes
 *	        NS up NODE | NS gone NODE
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/standin.h"

enum { CLIENTS_MAX = 2 * STANDIN_NODES_MAX + 8 };

struct ring {
	uint64_t seq;
	uint32_t count;
	uint32_t member[STANDIN_NODES_MAX];
};

struct node {
	struct ring ring;
	int votes_fd, group_fd; /* -1: none */
	uint64_t poll_seq;
	int poll_yes; /* -1: never polled */
};

static struct node nodes[STANDIN_NODES_MAX + 1];
static struct pollfd fds[2 + CLIENTS_MAX];
static uint32_t owner[2 + CLIENTS_MAX]; /* node id; 0: not told yet */
static nfds_t fd_count = 2;
static uint64_t last_seq;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void send_to(int fd, const struct standin_message *m)
{
	if (fd >= 0 && send(fd, m, sizeof(*m), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EPIPE)
		fprintf(stderr, "standin: a message to node %u is lost: %s\n", m->node_id,
			strerror(errno));
}

static void tell_ring(uint32_t id)
{
	const struct ring *r = &nodes[id].ring;
	struct standin_message m = { .kind = STANDIN_RING, .node_id = id };

	if (r->count == 0)
		return;
	m.ring_seq = r->seq;
	m.ring_node_id = r->member[0];
	m.count = r->count;
	memcpy(m.member, r->member, sizeof(m.member));
	send_to(nodes[id].votes_fd, &m);
}

static void form_ring(const char *list)
{
	struct ring r = { .seq = last_seq += 4 };
	char *rest;

	for (const char *at = list; *at >= '0' && *at <= '9'; at = *rest == ',' ? rest + 1 : rest) {
		unsigned long id = strtoul(at, &rest, 10);

		if (id == 0 || id > STANDIN_NODES_MAX || r.count == STANDIN_NODES_MAX)
			break;
		r.member[r.count++] = (uint32_t)id;
	}
	printf("%" PRIu64 " ring %" PRIu64 " %s\n", now_ns(), r.seq, list);
	for (uint32_t i = 0; i < r.count; i++)
		nodes[r.member[i]].ring = r;
	for (uint32_t i = 0; i < r.count; i++)
		tell_ring(r.member[i]);
}

/* returns: false at the end of the orders. */
static bool take_orders(void)
{
	static char text[4096];
	static size_t len;
	ssize_t n = read(0, text + len, sizeof(text) - 1 - len);
	char *end;

	if (n <= 0)
		return false;
	len += (size_t)n;
	text[len] = 0;
	while ((end = strchr(text, '\n')) != NULL) {
		*end = 0;
		if (strncmp(text, "ring ", 5) == 0)
			form_ring(text + 5);
		else
			fprintf(stderr, "standin: %s: no order\n", text);
		len -= (size_t)(end + 1 - text);
		memmove(text, end + 1, len + 1);
	}
	return true;
}

static void take_poll(const struct standin_message *m)
{
	struct node *n = &nodes[m->node_id];

	if (n->poll_seq == m->ring_seq && n->poll_yes == (int)m->yes)
		return;
	n->poll_seq = m->ring_seq;
	n->poll_yes = (int)m->yes;
	printf("%" PRIu64 " poll %u %s %" PRIu64 "\n", now_ns(), m->node_id, m->yes ? "yes" : "no",
	       m->ring_seq);
}

static void hand_on(const struct standin_message *m)
{
	const struct ring *r = &nodes[m->node_id].ring;

	for (uint32_t i = 0; i < r->count; i++)
		send_to(nodes[r->member[i]].group_fd, m);
}

static void take_message(nfds_t i, const struct standin_message *m)
{
	if (m->node_id == 0 || m->node_id > STANDIN_NODES_MAX)
		return;
	owner[i] = m->node_id;
	switch (m->kind) {
	case STANDIN_VOTES:
		nodes[m->node_id].votes_fd = fds[i].fd;
		printf("%" PRIu64 " up %u\n", now_ns(), m->node_id);
		tell_ring(m->node_id);
		break;
	case STANDIN_GROUP:
		nodes[m->node_id].group_fd = fds[i].fd;
		break;
	case STANDIN_POLL:
		take_poll(m);
		break;
	case STANDIN_DATA:
		hand_on(m);
		break;
	default:
		break;
	}
}

static void drop_client(nfds_t i)
{
	struct node *n = &nodes[owner[i]];

	if (owner[i] != 0 && n->votes_fd == fds[i].fd) {
		n->votes_fd = -1;
		printf("%" PRIu64 " gone %u\n", now_ns(), owner[i]);
	}
	if (n->group_fd == fds[i].fd)
		n->group_fd = -1;
	close(fds[i].fd);
	fds[i] = fds[--fd_count];
	owner[i] = owner[fd_count];
}

static void take_clients(void)
{
	for (nfds_t i = 2; i < fd_count; i++) {
		struct standin_message m;
		ssize_t n;

		if (fds[i].revents == 0)
			continue;
		n = recv(fds[i].fd, &m, sizeof(m), MSG_DONTWAIT);
		if (n == (ssize_t)sizeof(m))
			take_message(i, &m);
		else if (n >= 0 || errno != EAGAIN)
			drop_client(i--);
	}
	if (fds[1].revents != 0 && fd_count < 2 + CLIENTS_MAX) {
		int fd = accept(fds[1].fd, NULL, NULL);

		if (fd >= 0) {
			owner[fd_count] = 0;
			fds[fd_count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
		}
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	if (argc != 2 || strlen(argv[1]) >= sizeof(a.sun_path)) {
		fprintf(stderr, "usage: standin SOCKET <ORDERS >RECORD\n");
		return 2;
	}
	strcpy(a.sun_path, argv[1]);
	if (listener < 0 || bind(listener, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(listener, CLIENTS_MAX) != 0) {
		fprintf(stderr, "standin: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (uint32_t i = 0; i <= STANDIN_NODES_MAX; i++)
		nodes[i] = (struct node){ .votes_fd = -1, .group_fd = -1, .poll_yes = -1 };
	fds[0] = (struct pollfd){ .fd = 0, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = listener, .events = POLLIN };
	while (poll(fds, fd_count, -1) >= 0 || errno == EINTR) {
		if (fds[0].revents != 0 && !take_orders())
			return 0;
		take_clients();
	}
	return 1;
}

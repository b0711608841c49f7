/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A unix socket proxy that delays what the server answers, to make a disk path slow. The delay is
 * read again from a file for each chunk, so it can change while requests are in flight. A request
 * itself is passed on at once: a write that the client gave up on has landed nevertheless.
 *
 * usage: labdelay LISTEN CONNECT DELAYFILE      (DELAYFILE: milliseconds in decimal; missing: 0)
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_SIZE 65536
#define CHUNK_COUNT 64

struct chunk {
	uint64_t due_ms;
	size_t size;
	char bytes[CHUNK_SIZE];
};

static struct chunk chunks[CHUNK_COUNT];
static unsigned int chunk_head, chunk_tail; /* free running */

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000u + (uint64_t)ts.tv_nsec / 1000000u;
}

static uint64_t delay_ms(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoull(text, NULL, 10);
}

static int unix_socket(const char *path, bool server)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(addr.sun_path, path);
	if (server ? bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 || listen(fd, 8) != 0
		   : connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0)
		return -1;
	return fd;
}

static bool put_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Hand on what is due; returns the time to wait for the next, or -1. */
static int hand_on(int client, bool *broken)
{
	while (chunk_head != chunk_tail) {
		struct chunk *c = &chunks[chunk_head % CHUNK_COUNT];
		uint64_t now = now_ms();

		if (c->due_ms > now)
			return (int)(c->due_ms - now);
		if (!put_all(client, c->bytes, c->size))
			*broken = true;
		chunk_head++;
	}
	return -1;
}

static void relay(int client, int server, const char *delay_path)
{
	static char request[CHUNK_SIZE];
	bool broken = false;

	while (!broken) {
		bool room = chunk_tail - chunk_head < CHUNK_COUNT;
		struct pollfd fds[2] = { { .fd = client, .events = POLLIN },
					 { .fd = room ? server : -1, .events = POLLIN } };
		int wait = hand_on(client, &broken);

		if (poll(fds, 2, wait) < 0 && errno != EINTR)
			return;
		if (fds[0].revents) {
			ssize_t n = read(client, request, sizeof(request));

			if (n <= 0 || !put_all(server, request, (size_t)n))
				return;
		}
		if (fds[1].revents) {
			struct chunk *c = &chunks[chunk_tail % CHUNK_COUNT];
			ssize_t n = read(server, c->bytes, sizeof(c->bytes));

			if (n <= 0)
				return;
			c->size = (size_t)n;
			c->due_ms = now_ms() + delay_ms(delay_path);
			chunk_tail++;
		}
	}
}

int main(int argc, char **argv)
{
	int listener;

	if (argc != 4) {
		fprintf(stderr, "usage: labdelay LISTEN CONNECT DELAYFILE\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	unlink(argv[1]);
	listener = unix_socket(argv[1], true);
	if (listener < 0) {
		fprintf(stderr, "labdelay: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (;;) {
		int client = accept(listener, NULL, NULL);
		int server;

		if (client < 0)
			continue;
		if (fork() != 0) {
			close(client);
			continue;
		}
		close(listener);
		server = unix_socket(argv[2], false);
		if (server >= 0)
			relay(client, server, argv[3]);
		return 0;
	}
}

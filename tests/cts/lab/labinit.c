/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Pid 1 of a laboratory node. It reaps orphans and is the node's system log: datagrams sent to
 * /dev/log are appended to a file, each with the CLOCK_MONOTONIC time at which it arrived.
 *
 * usage: labinit LOGSOCKET LOGFILE
 *
 * SIGTERM ends it, and the kernel then kills everything else in its pid namespace; this is also
 * what reboot(2) does to a pid namespace, so a node that reboots itself takes nothing else along.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int open_log_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "labinit: %s: path too long\n", path);
		return -1;
	}
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 || chmod(path, 0666) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void drain_log(int sock, int file)
{
	char line[4096 + 64];

	for (;;) {
		struct timespec now;
		int head;
		ssize_t got;

		clock_gettime(CLOCK_MONOTONIC, &now);
		head = snprintf(line, 64, "%lld%09ld ", (long long)now.tv_sec, now.tv_nsec);
		got = recv(sock, line + head, 4096, 0);
		if (got <= 0)
			return;
		for (ssize_t i = 0; i < got; i++)
			if (line[head + i] == '\n' || line[head + i] == '\0')
				line[head + i] = ' ';
		line[head + got] = '\n';
		if (write(file, line, (size_t)(head + got + 1)) < 0)
			return;
	}
}

/* Returns true when a signal asks for the end. */
static bool take_signals(int sig)
{
	struct signalfd_siginfo info;
	bool stop = false;

	while (read(sig, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			stop = true;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return stop;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	sigset_t set;
	int file;

	if (argc != 3) {
		fprintf(stderr, "usage: labinit LOGSOCKET LOGFILE\n");
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fds[0].fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	fds[1].fd = open_log_socket(argv[1]);
	file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fds[0].fd < 0 || fds[1].fd < 0 || file < 0) {
		fprintf(stderr, "labinit: %s, %s: %s\n", argv[1], argv[2], strerror(errno));
		return 1;
	}
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (fds[1].revents & POLLIN)
			drain_log(fds[1].fd, file);
		if ((fds[0].revents & POLLIN) && take_signals(fds[0].fd))
			return 0;
	}
}

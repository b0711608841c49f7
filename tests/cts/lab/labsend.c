/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sends one character to a unix socket and waits up to 5 s for one character back: the control
 * language of nbdkit's pause filter, which answers P when a pause has taken effect, R after resume.
 *
 * usage: labsend SOCKET CHARACTER
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct pollfd p = { .events = POLLIN };
	char answer;

	if (argc != 3 || strlen(argv[2]) != 1 || strlen(argv[1]) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "usage: labsend SOCKET CHARACTER\n");
		return 2;
	}
	strcpy(addr.sun_path, argv[1]);
	p.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p.fd < 0 || connect(p.fd, (struct sockaddr *)&addr, sizeof(addr)) != 0 ||
	    write(p.fd, argv[2], 1) != 1) {
		fprintf(stderr, "labsend: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	if (poll(&p, 1, 5000) != 1 || read(p.fd, &answer, 1) != 1) {
		fprintf(stderr, "labsend: %s: no answer to %s\n", argv[1], argv[2]);
		return 1;
	}
	return answer == 'X';
}

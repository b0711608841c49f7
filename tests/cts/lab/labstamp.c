/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Appends one event to the laboratory's event file, stamped with CLOCK_MONOTONIC, which all nodes
 * share. One write(2) to a file opened with O_APPEND: lines of several writers never mix.
 *
 * usage: labstamp FILE WHERE KIND [WORD...]
 * line:  NANOSECONDS WHERE KIND WORD...
 *
 * usage: labstamp --now      print the present time in nanoseconds
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[2048];
	struct timespec now;
	size_t len;
	int fd, i;

	clock_gettime(CLOCK_MONOTONIC, &now);
	len = (size_t)snprintf(line, sizeof(line), "%lld%09ld", (long long)now.tv_sec, now.tv_nsec);
	if (argc == 2 && strcmp(argv[1], "--now") == 0) {
		puts(line);
		return 0;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: labstamp FILE WHERE KIND [WORD...] | labstamp --now\n");
		return 2;
	}
	for (i = 2; i < argc; i++) {
		size_t more = strlen(argv[i]);

		if (len + more + 2 >= sizeof(line)) {
			fprintf(stderr, "labstamp: event too long\n");
			return 1;
		}
		line[len++] = ' ';
		for (size_t k = 0; k < more; k++)
			line[len++] = argv[i][k] == '\n' ? ' ' : argv[i][k];
	}
	line[len++] = '\n';
	fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, line, len) != (ssize_t)len) {
		fprintf(stderr, "labstamp: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	return close(fd) != 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/configured.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/limits.h"

enum { PATH_SIZE = 256 };

bool configured_before(const char *folder, const char *cluster_name)
{
	char path[PATH_SIZE];
	char name[NAME_SIZE + 1] = "";
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/configured", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, name, sizeof(name) - 1);
	(void)close(fd);
	return n == (ssize_t)strlen(cluster_name) + 1 && name[n - 1] == '\n' &&
	       memcmp(name, cluster_name, (size_t)n - 1) == 0;
}

enum rc configured_mark(const char *folder, const char *cluster_name)
{
	char path[PATH_SIZE];
	char fresh[PATH_SIZE];
	enum rc rc = RC_IO;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/configured", folder);
	(void)snprintf(fresh, sizeof(fresh), "%s/configured.new", folder);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return RC_IO;
	if (dprintf(fd, "%s\n", cluster_name) > 0 && fsync(fd) == 0 && rename(fresh, path) == 0)
		rc = RC_OK;
	(void)close(fd);
	return rc;
}

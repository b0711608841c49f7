/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/standard.h"

#include <fcntl.h>
#include <unistd.h>

bool standard_take(int flags)
{
	int fd;

	do
		fd = open("/dev/null", flags);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd >= 0 && close(fd) == 0;
}

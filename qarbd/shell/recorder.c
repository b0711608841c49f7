/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/recorder.h"

void recorder_open(struct shm *m)
{
	(void)m;
}

void recorder_take(void)
{
}

void recorder_close(void)
{
}

enum rc recorder_flush(char *path, size_t size)
{
	path[0] = 0;
	(void)size;
	return RC_REFUSED;
}

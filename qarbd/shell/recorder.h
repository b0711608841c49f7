/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the flight recorder writes the decider's trace to /var/lib/qarb, bounded in size, for
 * `qarbctl replay`.
 */
#ifndef QARB_SHELL_RECORDER_H
#define QARB_SHELL_RECORDER_H

#include "shell/shm.h"

void recorder_open(struct shm *m);
/* Write what waits, if it is worth a write. */
void recorder_take(void);
/* returns: when recorder_take() tries again after a failure, UINT64_MAX: nothing has failed. */
uint64_t recorder_retry_ms(void);
/* Have everything on disk.  out: path of the newest file. */
enum rc recorder_flush(char *path, size_t size);
void recorder_close(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the disk worker, one process a disk: a hung disk holds up nobody but it.  It carries out
 * one request at a time, from and into shared buffers that nobody touches until the request has
 * ended.
 */
#ifndef QARB_SHELL_WORKER_H
#define QARB_SHELL_WORKER_H

#include "shell/shm.h"

/* The process' whole life; returns when it must end. */
void worker_run(struct shm *m, uint32_t arbiter_index);

#endif

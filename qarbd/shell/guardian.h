/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the guardian starts the other processes, starts them again when they die, and leads the
 * clean stop.  It calls no corosync library and allocates nothing, so that it has no reason to die.
 */
#ifndef QARB_SHELL_GUARDIAN_H
#define QARB_SHELL_GUARDIAN_H

#include "shell/shm.h"

/* Run until a signal ends the daemon.  in: life_fd, the write end of the pipe whose read end is
 * m->life_fd; ready_fd, to be told when all is started (-1: nobody waits).
 * returns: 0 after a clean stop, 1 after one that took too long. In a child it does not return. */
int guardian_run(struct shm *m, int life_fd, int ready_fd);

#endif

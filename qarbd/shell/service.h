/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the service process: log, status over IPC, flight recorder, and a thread for corosync's
 * configuration and hello.  It may allocate and wait; nothing of the vote depends on it.
 */
#ifndef QARB_SHELL_SERVICE_H
#define QARB_SHELL_SERVICE_H

#include "shell/shm.h"

/* The process' whole life; returns when it must end. */
void service_run(struct shm *m);

#endif

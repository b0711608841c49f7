/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the IPC server "qarb" (libqb).  Who may read and who may order is checked by uid and gid
 * when a client connects.
 */
#ifndef QARB_SHELL_SVCIPC_H
#define QARB_SHELL_SVCIPC_H

#include "shell/shm.h"

/* in: loop, the qb_loop_t that runs; a library header has no place in ours.  Listening is tried
 * again until it succeeds.  returns: RC_OK | RC_AGAIN: no memory. */
RC_MUST_CHECK enum rc svcipc_open(struct shm *m, void *loop);
/* Answer those who wait for the decider's report, if it has come. */
void svcipc_report_ready(void);
/* Pass on what the decider said of orders by hand. */
void svcipc_verdicts(void);
void svcipc_close(void);

#endif

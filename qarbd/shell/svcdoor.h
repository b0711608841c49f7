/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: who knocks at the IPC server "qarb".  libqb keeps every connection until it has said who
 * it is, for ever if it says nothing, and any user can connect: some hundreds would take all
 * descriptors of the service, libqb would then spin around accept() and log each failure.  Here
 * they have a moment, strangers only a few places, and whom the kernel shows to be no stranger is
 * always let in.
 */
#ifndef QARB_SHELL_SVCDOOR_H
#define QARB_SHELL_SVCDOOR_H

#include <stdbool.h>
#include <sys/types.h>

/* in: loop, the qb_loop_t that runs; service, the qb_ipcs_service_t, not run yet; may_enter, whom
 * the server would accept. */
void svcdoor_open(void *loop, void *service, bool (*may_enter)(uid_t uid, gid_t gid));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the voter, the only process that polls votequorum (doc/protocol.md section 5, One poller).
 * It judges what the decider published, polls in the same thread without waiting between, judges
 * again, and reports.  It outlives a restart of the decider and may block in corosync: nobody waits
 * for it.
 */
#ifndef QARB_SHELL_VOTER_H
#define QARB_SHELL_VOTER_H

#include "shell/shm.h"

/* The process' whole life; never returns before it must end. */
void voter_run(struct shm *m);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the weights that agents tell the service.  The table lies in shared memory, with this
 * process as its only writer, so that a killed service forgets nothing; the deciding process adds
 * it up and lets leases lapse, so that a service that hangs keeps no weight alive.
 */
#ifndef QARB_SHELL_SVCWEIGHT_H
#define QARB_SHELL_SVCWEIGHT_H

#include "shell/shm.h"
#include "wire/ipcwire.h"

/* Go on with what a predecessor was told. */
void svcweight_open(struct shm *m);
/* in: q, IPC_WEIGHT, IPC_WEIGHT_CLEAR or IPC_WEIGHT_LIST.  out: r, the answer. */
void svcweight_answer(const struct ipc_request *q, uint64_t now_ms, struct ipc_response *r);

#endif

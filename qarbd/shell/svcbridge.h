/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the service's side of the fence bridge (doc/architecture.md, The fence bridge): takes what
 * it tells into shared memory and answers with the orders in force.
 */
#ifndef QARB_SHELL_SVCBRIDGE_H
#define QARB_SHELL_SVCBRIDGE_H

#include "shell/shm.h"

/* in: loop, the qb_loop_t that runs; connections below are qb_ipcs_connection_t. */
RC_MUST_CHECK enum rc svcbridge_open(struct shm *m, void *loop);
/* One message of a bridge, without libqb's header.  in: may_order, the client's right. */
void svcbridge_sync(void *connection, const uint8_t *data, size_t size, bool may_order);
void svcbridge_closed(const void *connection);
/* Tell the bridge to ask if there is news. */
void svcbridge_wake(void);

#endif

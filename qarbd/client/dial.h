/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client: the way to the daemon of this node (libqb's IPC, service "qarb"), with a bound in time,
 * and to no process but root's or this user's own.
 */
#ifndef QARB_CLIENT_DIAL_H
#define QARB_CLIENT_DIAL_H

#include <stddef.h>

#include "base/rc.h"

struct qb_ipcc_connection;

enum dial {
	DIAL_DONE,
	DIAL_FORBIDDEN, /* the daemon does not permit it to this user */
	DIAL_STRANGER,	/* who has the daemon's name is not trusted, and was told nothing */
	DIAL_SILENT,	/* it has taken the connection, and does not answer */
	DIAL_NOBODY,	/* it does not run, or its connection failed */
};

/* in: size, of the largest answer, libqb's header included; wait_ms, how long at most.
 * out: c, the caller's to disconnect on DIAL_DONE; NULL else. */
RC_MUST_CHECK enum dial dial_open(size_t size, int wait_ms, struct qb_ipcc_connection **c);

#endif

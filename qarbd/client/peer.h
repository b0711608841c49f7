/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client: who listens at the other end of a connection.  The names of corosync's services are in
 * the abstract namespace and belong to whoever binds them first: while corosync is stopped, any
 * user of the node could tell this daemon of a ring and of votes.
 */
#ifndef QARB_CLIENT_PEER_H
#define QARB_CLIENT_PEER_H

#include <stdbool.h>

#include "base/rc.h"

/* in: fd, of a library's connection, -1: none.  returns: whether its listener is root's, or of the
 * user that this process runs as. */
RC_MUST_CHECK bool peer_trusted(int fd);
/* As above, of who listens to a name of libqb's, before a library connects to it.  returns: true
 * also when nobody does. */
RC_MUST_CHECK bool peer_name_trusted(const char *name);

#endif

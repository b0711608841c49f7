/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: votequorum, for the voter alone.  One connection; every call but vq_dispatch() may block
 * while corosync does.  RC_GONE from any call: the connection is dead, close it and connect again.
 */
#ifndef QARB_SHELL_VQ_H
#define QARB_SHELL_VQ_H

#include <stddef.h>

#include "base/rc.h"
#include "model/node.h"

/* What a dispatch brought; flags are only ever set here. */
struct vq_news {
	bool ring_changed;
	struct ring_id ring;
	struct members members;
	bool quorate_changed;
	bool quorate;
};

/* Options of the running votequorum that forbid a device. */
enum vq_against {
	VQ_TWO_NODE = 1,
	VQ_LAST_MAN_STANDING = 2,
	VQ_AUTO_TIE_BREAKER = 4,
	VQ_ALLOW_DOWNSCALE = 8,
};

struct vq_info {
	bool registered;
	bool cast_vote;
	bool quorate;
	uint32_t total_votes;
	uint32_t quorum_votes;
	uint32_t device_votes;
	char device_name[256]; /* of the device known to the cluster, whoever registered it */
	uint32_t against;      /* bits of enum vq_against */
};

/* returns: RC_OK | RC_GONE | RC_REFUSED: who listens there is not root's. */
RC_MUST_CHECK enum rc vq_connect(void);
void vq_close(void);
int vq_fd(void);
/* returns: pid of the corosync at the other end, 0 if unknown. */
int32_t vq_server_pid(void);

/* Is there a votequorum to connect to?  returns: RC_OK | RC_NOTFOUND: nobody listens | RC_AGAIN:
 * not known. */
RC_MUST_CHECK enum rc vq_probe(void);

/* returns: RC_OK also when that name is registered already | RC_BUSY: another device is |
 * RC_REFUSED: the running votequorum has no place for a device | RC_AGAIN | RC_GONE. */
RC_MUST_CHECK enum rc vq_register(const char *name);
RC_MUST_CHECK enum rc vq_unregister(const char *name);
/* Ask for notifications; the present state comes with the next dispatch. */
RC_MUST_CHECK enum rc vq_track(void);
RC_MUST_CHECK enum rc vq_dispatch(struct vq_news *news);
/* in: node_id, 0 for the own. */
RC_MUST_CHECK enum rc vq_getinfo(uint32_t node_id, struct vq_info *info);
/* returns: RC_OK: corosync took it | RC_AGAIN: not of its present ring, or busy | RC_NOTFOUND: not
 * registered | RC_REFUSED: as vq_register() | RC_GONE. */
RC_MUST_CHECK enum rc vq_poll(const char *name, bool yes, const struct ring_id *ring);

#endif

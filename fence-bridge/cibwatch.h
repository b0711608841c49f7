/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: Pacemaker's CIB, through libcib: read when it changes.  Works inside GLib's default
 * main loop.
 */
#ifndef QARB_FENCE_BRIDGE_CIBWATCH_H
#define QARB_FENCE_BRIDGE_CIBWATCH_H

#include "base/rc.h"
#include "fence-bridge/facts.h"

struct cibwatch_handlers {
	void (*lost)(void);		      /* connect again later */
	void (*changed)(void);		      /* ask with cibwatch_query() */
	void (*facts)(const struct facts *f); /* the answer; known is false if there was none */
};

/* returns: RC_OK | RC_AGAIN: the CIB manager is not there. */
RC_MUST_CHECK enum rc cibwatch_connect(const struct cibwatch_handlers *h);
void cibwatch_disconnect(void);
/* returns: RC_OK: `facts` will be called | RC_AGAIN. */
RC_MUST_CHECK enum rc cibwatch_query(void);

#endif

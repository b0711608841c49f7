/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: Pacemaker's fencer, through libstonithd.  Calls into the library may block for as
 * long as the fencer does not answer.  Works inside GLib's default main loop.
 */
#ifndef QARB_FENCE_BRIDGE_FENCER_H
#define QARB_FENCE_BRIDGE_FENCER_H

#include "base/rc.h"
#include "fence-bridge/bridge.h"

struct fencer_handlers {
	void (*lost)(void);					   /* connect again later */
	void (*changed)(void);					   /* the history, in some way */
	void (*seen)(const struct bridge_seen *s);		   /* a fencing, whoever asked */
	void (*result)(uint64_t token, bool ok, const char *text); /* of fencer_fence() */
};

/* returns: RC_OK | RC_AGAIN: it is not there. */
RC_MUST_CHECK enum rc fencer_connect(const struct fencer_handlers *h);
void fencer_disconnect(void);

/* Ask; the answer comes through `result`, also when asking fails. */
void fencer_fence(const struct bridge_action *a);

/* Every fencing of a node (empty name: of all) through `seen`, the oldest first.
 * returns: RC_OK | RC_AGAIN. */
RC_MUST_CHECK enum rc fencer_history(const char *name);

#endif

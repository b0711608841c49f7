/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: the connection to qarbd (libqb's IPC, service "qarb").  doc/architecture.md, "The
 * fence bridge", tells who says what when.
 */
#ifndef QARB_FENCE_BRIDGE_FEED_H
#define QARB_FENCE_BRIDGE_FEED_H

#include "wire/evictwire.h"

/* Waits a second at most.  returns: RC_OK: connected | RC_AGAIN: it is not there, or does not
 * answer | RC_REFUSED: not permitted, or who has its name is not trusted. */
RC_MUST_CHECK enum rc feed_connect(void);
void feed_disconnect(void);

/* The descriptor that becomes readable when the daemon has news; -1: not connected. */
int feed_fd(void);
/* Take the news.  returns: RC_OK: sync now | RC_AGAIN: there was none | RC_GONE. */
RC_MUST_CHECK enum rc feed_news(void);

/* Tell all, hear all; waits a second at most.  out: a, meaningful on RC_OK.
 * returns: RC_OK | RC_TIMEOUT | RC_GONE | as evictwire_decode_answer(). */
RC_MUST_CHECK enum rc feed_sync(const struct evict_sync *s, struct evict_answer *a);

#endif

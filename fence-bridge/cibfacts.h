/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence bridge: from the CIB's XML to facts.  Looks at what it is given and nothing else. */
#ifndef QARB_FENCE_BRIDGE_CIBFACTS_H
#define QARB_FENCE_BRIDGE_CIBFACTS_H

#include "fence-bridge/facts.h"

struct _xmlNode;

/* in: cib, its root element, borrowed for the call.  out: f, all of it; known is set only if this
 * was a CIB with a configuration. */
void cibfacts_read(struct _xmlNode *cib, struct facts *f);

#endif

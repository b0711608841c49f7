/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: what `qarbctl timing` shows, in words and for programs. */
#ifndef QARB_TOOL_TIMING_H
#define QARB_TOOL_TIMING_H

#include "tool/statustext.h"
#include "tool/times.h"

struct timing_view {
	struct policy policy;
	const char *source;	       /* where it comes from */
	const struct ipc_status *live; /* of the running daemon; NULL: none was asked */
	uint32_t beat_ms_max;	       /* slowest recent beat of a live slot; 0: not known */
	uint64_t x_ms_max;	       /* of any node's slot, of the policy without live slots */
	bool suggest;
	struct times_suggestion suggestion;
};

/* in: v->policy, source, live, suggest.  out: the rest. */
void timing_view_complete(struct timing_view *v);
void timing_print(const struct timing_view *v);
void timing_emit(const struct timing_view *v, enum ctl_output form);
const char *timing_bound(enum times_bound bound);

#endif

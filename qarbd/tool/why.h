/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: what the last decision rested on, in words and for programs. */
#ifndef QARB_TOOL_WHY_H
#define QARB_TOOL_WHY_H

#include "tool/statustext.h"

void why_print(const struct ipc_response *r);
/* in: form, CTL_JSON or CTL_XML. */
void why_emit(const struct ipc_response *r, enum ctl_output form);
/* returns: why a contender was not compared with the winner; "": it was, or it won. */
const char *why_not_ranked(const struct decision_status *n, const struct decision_view *v);

#endif

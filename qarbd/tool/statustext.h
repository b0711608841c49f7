/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: words for the values of a status, and its JSON form. */
#ifndef QARB_TOOL_STATUSTEXT_H
#define QARB_TOOL_STATUSTEXT_H

#include "wire/ipcwire.h"

const char *status_reason(enum vote_reason reason);
const char *status_phase(const struct disk_status *d, enum rc rc);
const char *status_slot_state(enum slot_state state);
const char *status_cast(enum cast_kind cast);
const char *status_rank(enum rank_step step);
const char *status_node_name(const struct ipc_status *s, uint32_t node_id);

/* Names of keys are stable; times are milliseconds of this node's CLOCK_BOOTTIME or durations. */
void statusjson_print(const struct ipc_response *r);

#endif

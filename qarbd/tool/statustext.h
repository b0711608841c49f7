/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: words for the values of a status, and its forms for programs. */
#ifndef QARB_TOOL_STATUSTEXT_H
#define QARB_TOOL_STATUSTEXT_H

#include "tool/emit.h"

const char *status_reason(enum vote_reason reason);
const char *status_phase(const struct disk_status *d, enum rc rc);
const char *status_slot_state(enum slot_state state);
const char *status_cast(enum cast_kind cast);
const char *status_rank(enum rank_step step);
/* For programs: one word. */
const char *status_rank_word(enum rank_step step);
const char *status_phase_word(enum disk_phase phase);
const char *status_answer(enum answer answer);
const char *status_decision_kind(enum decision_kind kind);
const char *status_wait(enum wait_kind kind);
const char *status_algorithm(enum algorithm algorithm);
const char *status_tie_breaker(enum tie_breaker tie_breaker);
const char *status_node_name(const struct ipc_status *s, uint32_t node_id);

/* Names of keys are stable; times are durations in milliseconds.
 * in: form, CTL_JSON or CTL_XML. */
void status_emit(const struct ipc_response *r, enum ctl_output form);
void status_emit_ring(struct emit *e, const char *key, const struct ring_id *ring);
/* in: node_id, by slot. */
void status_emit_set(struct emit *e, const char *key, const uint32_t *node_id, uint64_t set);
void status_emit_grant(struct emit *e, const struct value *v);
void status_emit_times(struct emit *e, const struct policy *p);
void status_prometheus(const struct ipc_response *r);
void status_print(const struct ipc_response *r);

#endif

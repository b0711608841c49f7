/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire: the names that trace lines use for the values of our enums. */
#ifndef QARB_WIRE_TRACENAME_H
#define QARB_WIRE_TRACENAME_H

#include "model/action.h"
#include "model/event.h"

/* A value that was added without a name here is spelt with its number. */
extern const char *const tracename_event[EVENT_TYPE_COUNT];
extern const char *const tracename_action[ACTION_TYPE_COUNT];
extern const char *const tracename_note[NOTE_COUNT];
extern const char *const tracename_rc[RC_COUNT];
extern const char *const tracename_algorithm[ALGORITHM_FFSPLIT + 1];
extern const char *const tracename_tie_breaker[TIE_NODE + 1];
extern const char *const tracename_arbiter[ARBITER_QNETD + 1];
extern const char *const tracename_outcome[IO_UNKNOWN + 1];
extern const char *const tracename_answer[ANSWER_YES + 1];
extern const char *const tracename_fence[FENCE_ACTION_COUNT];
extern const char *const tracename_fencing[FENCING_RESULT_COUNT];
extern const char *const tracename_self[SELF_ACT_COUNT];
extern const char *const tracename_why[EVICT_WHY_COUNT];
extern const char *const tracename_progress[EVICT_PROGRESS_COUNT];
extern const char *const tracename_ask[EVICT_ASK_COUNT];
extern const char *const tracename_gate[EVICT_GATE_COUNT];

#endif

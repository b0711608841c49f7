/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the decider's side of the flight recorder: every event and action as a line of text into
 * the ring that the service writes to disk.
 */
#ifndef QARB_SHELL_TRACER_H
#define QARB_SHELL_TRACER_H

#include "shell/decider.h"

void tracer_start(struct decider *d, const struct identity *me);
void tracer_step(struct decider *d);

#endif

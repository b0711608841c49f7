/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the decider's side of the flight recorder: every event and action as a line of text into
 * the ring that the service writes to disk.  A trace begins with a `begin` line, or with a
 * `snapshot` line that holds the whole state of the core, so that any file that starts with one of
 * them can be replayed.
 */
#ifndef QARB_SHELL_TRACER_H
#define QARB_SHELL_TRACER_H

#include "core/arb.h"
#include "shell/shm.h"
#include "wire/traceline.h"

struct tracer {
	struct shm *m;
	bool broken; /* a line was lost: nothing more until a snapshot */
	uint64_t snapshot_done;
	struct traceline state;
	char line[TRACELINE_SIZE];
};

void tracer_start(struct tracer *t, struct shm *m, const struct identity *me);
/* in: a, after the step; e and its actions. */
void tracer_step(struct tracer *t, const struct arb *a, const struct event *e,
		 const struct actions *actions);

/* The `snapshot` line: bytes of *a in hexadecimal, runs of zeros as `zN.`.
 * returns: its length with newline, 0 when it does not fit. */
size_t tracer_snapshot(const struct arb *a, char *line, size_t size);

#endif

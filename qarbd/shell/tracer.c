/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/tracer.h"

#include <stdio.h>
#include <string.h>

/* Less than this many zeros in a row are spelt out. */
enum { TRACER_RUN_MIN = 4, TRACER_HEAD_ROOM = 128, TRACER_RUN_ROOM = 16 };

size_t tracer_snapshot(const struct arb *a, char *line, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = (const unsigned char *)a;
	size_t at = (size_t)snprintf(line, size, "snapshot version=%s size=%zu data=", QARB_VERSION,
				     sizeof(*a));

	for (size_t i = 0; i < sizeof(*a);) {
		size_t run = 0;

		if (at + TRACER_RUN_ROOM >= size)
			return 0;
		while (i + run < sizeof(*a) && bytes[i + run] == 0)
			run++;
		if (run >= TRACER_RUN_MIN) {
			at += (size_t)snprintf(line + at, size - at, "z%zu.", run);
			i += run;
			continue;
		}
		line[at++] = digits[bytes[i] >> 4];
		line[at++] = digits[bytes[i] & 15];
		i++;
	}
	line[at++] = '\n';
	return at;
}

static void tracer_put(struct tracer *t, size_t length)
{
	struct ring *r = &t->m->trace.ring;

	if (length == 0 || length == sizeof(t->line) || t->broken) {
		t->broken = true;
		return;
	}
	t->line[length] = '\n';
	if (!ring_put(r, t->line, (uint32_t)length + 1))
		t->broken = true;
	/* The service sleeps until there is enough to be worth a write. */
	if (ring_waiting(r) > SHM_TRACE_SIZE / 2)
		shm_wake(t->m, PROC_SERVICE);
}

void tracer_start(struct tracer *t, struct shm *m, const struct identity *me)
{
	struct trace_begin begin = { .node_id = me->node_id,
				     .incarnation = me->incarnation,
				     .start_ms = me->now_ms };

	t->m = m;
	t->broken = false;
	t->snapshot_done = atomic_load(&m->snapshot_wanted);
	traceline_init(&t->state);
	tracer_put(t, traceline_write_begin(&begin, t->line, sizeof(t->line)));
}

/* The recorder begins a new file, or lines were lost and there is room again. */
static void tracer_renew(struct tracer *t, const struct arb *a)
{
	uint64_t wanted = atomic_load(&t->m->snapshot_wanted);
	bool asked = wanted != t->snapshot_done;
	size_t length;

	if (!asked && !(t->broken && ring_waiting(&t->m->trace.ring) < SHM_TRACE_SIZE / 4))
		return;
	t->snapshot_done = wanted;
	t->broken = false;
	length = tracer_snapshot(a, t->line, sizeof(t->line));
	tracer_put(t, length == 0 ? 0 : length - 1);
	traceline_init(&t->state);
	if (asked)
		shm_wake(t->m, PROC_SERVICE);
}

void tracer_step(struct tracer *t, const struct arb *a, const struct event *e,
		 const struct actions *actions)
{
	if (!t->broken)
		tracer_put(t, traceline_write_event(&t->state, e, t->line, sizeof(t->line)));
	for (uint32_t i = 0; i < actions->count && !t->broken; i++) {
		const struct action *action = &actions->action[i];
		const struct slot *block = action->type == ACTION_WRITE_SLOT
						   ? &actions->block[action->arbiter_index]
						   : NULL;

		tracer_put(t, traceline_write_action(&t->state, action, block, t->line,
						     sizeof(t->line)));
	}
	tracer_renew(t, a);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the faults of a schedule, written down and played again. */
#include <stdlib.h>

#include "base/check.h"
#include "tests/sim/tape.h"

/* Not a fault but what comes of one. */
static bool follows(enum op op, uint32_t param)
{
	return op == OP_UNFIT && param == 0;
}

/* Of those that are drawn from while a schedule runs, one that a fault left out leaves behind. */
static struct rng *stream(struct world *w, uint32_t i)
{
	struct rng *const all[TAPE_STREAMS] = { &w->rng,   &w->frng,   &w->evict.rng, &w->spoil,
						&w->clock, &w->ringid, &w->change.rng };

	return all[i];
}

static void note(struct world *w, enum how how, enum op op, const struct node *n, uint32_t param)
{
	struct tape *t = w->tape;

	if (t->count == t->room) {
		t->room = t->room != 0 ? 2 * t->room : 64;
		t->fault = realloc(t->fault, t->room * sizeof(*t->fault));
		CHECK(t->fault != NULL);
	}
	if (t->numbers == 0 || w->class != CLASS_GENTLE || how != HOW_PLANNED)
		t->numbers++;
	t->fault[t->count++] = (struct fault){
		.at = w->now,
		.op = op,
		.how = how,
		.node = n->index,
		.param = param,
		.late_v = w->late.v,
		.number = t->numbers,
	};
	for (uint32_t i = 0; i < TAPE_STREAMS; i++)
		t->fault[t->count - 1].stream[i] = stream(w, i)->state;
}

/* The last event of its instant; none of the others gets another place in the order by it. */
static void alarm_at(struct world *w, uint64_t at)
{
	uint64_t order = w->order;

	w->order = ((uint64_t)1 << EV_ORDER_BITS) - 2;
	world_push(w, at, EV_FAULT, 0, 0, OP_TAPE);
	w->order = order;
}

void tape_start(struct world *w)
{
	struct tape *t = w->tape;
	uint64_t last = NEVER;

	for (uint32_t i = 0; i < t->count && t->play; i++) {
		struct fault *f = &t->fault[i];

		f->done = false;
		if (f->how == HOW_LAST || f->at == last)
			continue;
		alarm_at(w, f->at);
		last = f->at;
	}
	if (t->tell != NULL)
		t->tell(t, w, NULL);
}

void tape_free(struct tape *t)
{
	free(t->fault);
	free(t->left_out);
}

/* returns: f is not left out. */
static bool begin(struct world *w, struct fault *f)
{
	f->done = true;
	for (uint32_t i = 0; i < TAPE_STREAMS; i++)
		stream(w, i)->state = f->stream[i];
	if (w->tape->left_out[f->number])
		return false;
	w->tape->now = f;
	w->late.v = f->late_v;
	TRACE(w, "fault %u", f->number);
	return true;
}

/* Those of this instant that were not chosen again, because what was drawn is something else. */
void tape_alarm(struct world *w)
{
	struct tape *t = w->tape;

	w->steps--;
	for (uint32_t i = 0; i < t->count && t->fault[i].at <= w->now; i++) {
		struct fault *f = &t->fault[i];
		struct node *n = &w->node[f->node];

		if (f->done || f->how == HOW_LAST)
			continue;
		/* As where a gentle fault is chosen: a write that lands late renews X. */
		if (w->class == CLASS_GENTLE && f->how == HOW_CHOSEN && f->op == OP_KILL &&
		    !t->left_out[f->number] && disk_writing(w, n)) {
			alarm_at(w, w->now + 300);
			return;
		}
		if (begin(w, f))
			fault_cause(w, f->how, f->op, n, f->param);
	}
}

void tape_phase(struct world *w)
{
	struct tape *t = w->tape;

	if (w->phase == PHASE_FINAL && !t->play) {
		t->final = true;
		t->final_frng = w->frng.state;
	} else if (w->phase == PHASE_FINAL && t->final) {
		w->frng.state = t->final_frng;
	}
	if (t->tell != NULL)
		t->tell(t, w, NULL);
}

bool tape_fault(struct world *w, enum how how, enum op op, const struct node *n, uint32_t param)
{
	struct tape *t = w->tape;

	if (follows(op, param) || t->now != NULL)
		return true;
	if (!t->play) {
		note(w, how, op, n, param);
		return true;
	}
	for (uint32_t i = 0; i < t->count && t->fault[i].at <= w->now; i++) {
		struct fault *f = &t->fault[i];

		if (!f->done && f->at == w->now && f->how == how && f->op == op &&
		    f->node == n->index && f->param == param)
			return begin(w, f);
	}
	return false;
}

void tape_done(const struct world *w)
{
	struct tape *t = w->tape;

	if (t->tell != NULL && t->now != NULL)
		t->tell(t, w, t->now);
	t->now = NULL;
}

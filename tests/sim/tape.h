/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: the faults that a random schedule carried out, written down in order, and the schedule again
 * with only some of them.
 *
 * Then each fault that is left comes at its time, with its node and parameter, and nothing else
 * that is drawn is carried out.  At the time of each fault, left out or not, the random streams go
 * on from where they were.  So with all of them the schedule is the same event by event, and
 * without some it has other latencies for a while.
 */
#ifndef QARB_SIM_TAPE_H
#define QARB_SIM_TAPE_H

#include "tests/sim/sim.h"

enum how {
	HOW_CHOSEN,  /* at random, just now */
	HOW_PLANNED, /* some time before, by a choice, a pattern or a hook */
	HOW_LAST     /* the split or the loss of power after everything was healed */
};

enum { TAPE_STREAMS = 7 };

struct fault {
	uint64_t at;
	uint64_t stream[TAPE_STREAMS]; /* where the random streams were */
	enum op op;
	enum how how;
	uint32_t node, param;
	uint32_t late_v; /* whom OP_CS_LEAVE cuts off */
	/* From 1.  What a gentle choice plans, such as a node's return, has the number of the
	 * choice: without it the next fault would not come alone. */
	uint32_t number;
	bool done; /* in the schedule that runs; or was left out */
};

struct tape {
	struct fault *fault;
	uint32_t count, room, numbers;
	uint64_t final_frng;
	bool final; /* the schedule came to its last phase */
	/* To play it again: */
	bool play;
	bool *left_out; /* by number */
	/* Called after each fault; and with f NULL when the phase w->phase begins.  Or NULL. */
	void (*tell)(struct tape *t, const struct world *w, const struct fault *f);
	FILE *out;		 /* of tell */
	const struct fault *now; /* the one that is being carried out */
};

/* Cold, so that the ordinary schedules' code is laid out as if this were not there. */
#define TAPE_COLD __attribute__((cold))

/* The schedule is planned: w->tape is written, or played. */
TAPE_COLD void tape_start(struct world *w);
TAPE_COLD void tape_free(struct tape *t);
TAPE_COLD void tape_alarm(struct world *w); /* OP_TAPE */
TAPE_COLD void tape_phase(struct world *w);
/* A fault is about to be carried out.  returns: it is to be. */
TAPE_COLD bool tape_fault(struct world *w, enum how how, enum op op, const struct node *n,
			  uint32_t param);
TAPE_COLD void tape_done(const struct world *w);

/* fault.c: through here comes whatever goes wrong in a random schedule, but for what its nodes are
 * from the start, and for repairs. */
void fault_cause(struct world *w, enum how how, enum op op, struct node *n, uint32_t param);

#endif

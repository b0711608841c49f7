/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: many schedules, and what they are to show. */
#ifndef QARB_SIM_RUNS_H
#define QARB_SIM_RUNS_H

#include "tests/sim/sim.h"

enum { CHECK_RUNS = 10000 };

struct options {
	uint64_t seed, first, runs;
	uint32_t nodes;		       /* 0: a mix */
	uint32_t nodes_from, nodes_to; /* of many seeds, those with so many nodes */
	bool small; /* the mix is of 2 and 3: where the rules' lack shows soonest */
	uint32_t jobs;
	int class; /* -1: a mix */
	bool verbose, check, mutants, bench, update, selftest, seeded, list, reduce;
	const char *mutant, *story, *golden, *stories;
	const char *only;  /* of the seed's faults these, by number */
	struct tape *tape; /* of the schedules, or NULL */
};

struct result {
	uint64_t runs, steps, yes_polls;
	uint64_t cover[COVER_COUNT];
	uint64_t excused[5];
	uint64_t failed_seed, failed_at; /* valid with failed */
	uint64_t failures;
	bool failed;
	char why[512];
};

double runs_seconds(void);
/* One random schedule.  out: its trace, or NULL; res is added to.  returns: no rule was violated.
 */
bool runs_one(const struct options *o, uint64_t seed, FILE *out, bool verbose, struct result *res);

/* The options that make a seed the same schedule again, and the end of the line. */
void runs_print_options(const struct options *o);

/* reduce.c.  returns: the exit code. */
int reduce_run(const struct options *o);  /* which faults of o->seed are enough? */
int reduce_only(const struct options *o); /* o->seed with the faults o->only */

/* teeth.c: every deliberate fault must be found.  returns: all were. */
bool teeth_run(const struct options *o, int *passed, int *failed);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/tracer.h"

void tracer_start(struct decider *d, const struct identity *me)
{
	(void)d;
	(void)me;
}

void tracer_step(struct decider *d)
{
	(void)d;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/sim.h"

int selftest_run(void)
{
	return 1;
}

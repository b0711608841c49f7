/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/sim.h"

int script_run(const char *path, const char *golden, bool update, bool verbose)
{
	(void)path, (void)golden, (void)update, (void)verbose;
	return 1;
}

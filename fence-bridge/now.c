/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/now.h"

#include <time.h>

uint64_t now_boottime_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

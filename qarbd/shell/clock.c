/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/clock.h"

#include <time.h>

uint64_t clock_now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000U + (uint64_t)t.tv_nsec / 1000U;
}

uint64_t clock_now_ms(void)
{
	return clock_now_us() / 1000U;
}

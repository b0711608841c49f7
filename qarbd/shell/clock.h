/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the only clock of the daemon, CLOCK_BOOTTIME of the own node in whole milliseconds. */
#ifndef QARB_SHELL_CLOCK_H
#define QARB_SHELL_CLOCK_H

#include <stdint.h>

uint64_t clock_now_ms(void);
/* For latencies only. */
uint64_t clock_now_us(void);

#endif

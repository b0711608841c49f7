/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: log lines.  A process of the daemon puts its lines into its own ring and wakes the
 * service, the only one that writes logs: no log device can hold up the vote.  A full ring drops
 * and counts. Before say_init() lines go to standard error.
 */
#ifndef QARB_SHELL_SAY_H
#define QARB_SHELL_SAY_H

#include "shell/shm.h"

/* crit: we stop; err: arbitration impaired; warning: recovered; notice: vote, leader or eviction
 * changed; info: a peer appears or vanishes; debug: per beat. */
enum say_level { SAY_CRIT = 0, SAY_ERR, SAY_WARNING, SAY_NOTICE, SAY_INFO, SAY_DEBUG };

void say_init(struct shm *m, uint32_t source);
/* Same, for the calling thread alone. */
void say_init_thread(uint32_t source);
void say(enum say_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: what a process of the daemon does to itself once it was forked: its name, its memory and
 * its priorities.
 */
#ifndef QARB_SHELL_PROC_H
#define QARB_SHELL_PROC_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/rc.h"
#include "model/config.h"

/* Remember where the argument vector is, to show names in it.  in: as main got them. */
void proc_init(int argc, char **argv);
/* Show as this name in ps and top. */
void proc_name(const char *name);
/* Undo what the starting program ignored or blocked, which lasts over exec: with SIGCHLD ignored
 * the kernel tells of no child's end, with SIGTERM ignored nobody can be told to end.  An ignored
 * SIGHUP stays so: that is what nohup is for. */
void proc_default_signals(void);
/* Small stacks for everything that is forked from now on. */
void proc_small_stack(void);

/* Lock memory, so that nothing of it is paged out, and bring in what will be used; what is forked
 * does not inherit it. */
void proc_lock_memory(_Atomic uint32_t *warned);

/* Lock memory, and take the configured scheduling class, the real-time I/O class
 * and the lowest OOM score.  Each that is not permitted costs one warning, once for the
 * daemon.  in: warned, shared by all processes. */
void proc_realtime(const struct config *c, _Atomic uint32_t *warned);

/* Take the scheduling class and priority of a configuration that was reloaded. */
void proc_schedule(const struct config *c, _Atomic uint32_t *warned);

/* Tell a process from a later one of the same pid.  out: ticks, its start in clock ticks since
 * boot, 0 when there is no such process or it is a zombie.  returns: false when that cannot be
 * found out. */
RC_MUST_CHECK bool proc_start_ticks(int32_t pid, uint64_t *ticks);

enum { PROC_NAME_SIZE = 64 };

/* Has a process this file open?  in: path, without links.  The names of what is open are compared:
 * to look at the files themselves would wait for a filesystem that hangs. */
bool proc_has_open(int32_t pid, const char *path);
/* out: name, empty when there is no such process. */
void proc_name_of(int32_t pid, char name[PROC_NAME_SIZE]);

/* returns: a random number that is not 0. */
uint64_t proc_random(void);

#endif

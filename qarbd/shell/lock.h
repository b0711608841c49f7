/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the lock of which there is one a node.  All processes of the daemon hold it: as long as
 * one of a former daemon is left, be it a disk worker that hangs in the kernel, its I/O may still
 * land and its voter may still poll.
 */
#ifndef QARB_SHELL_LOCK_H
#define QARB_SHELL_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"

enum { LOCK_HOLDER_SIZE = 64 };

/* Who has the lock.  in: path of the lock; guardian, the pid that the pid file names, 0: none.
 * out: holder, "qarbd (pid 5)", the guardian of a daemon that runs, else a process that one left
 * behind, a disk's before others; empty when none can be seen.  Others that wait have the file
 * open, too, and are passed over.  returns: RC_BUSY: a daemon runs | RC_AGAIN: it does not,
 * something of one is left. */
RC_MUST_CHECK enum rc lock_holder(const char *path, int32_t guardian, char *holder, size_t size);

/* Take the lock; where something holds it, one line on standard error says who.  in: folder of the
 * lock and the pid file; wait, also for a daemon that runs.  What is left of one is always waited
 * for.  returns: RC_OK | RC_BUSY: a daemon runs | RC_IO: told on standard error. */
RC_MUST_CHECK enum rc lock_take(const char *folder, bool wait);

/* Write the pid file, which names the process that has the lock and leads the others.
 * returns: RC_OK | RC_IO: told on standard error. */
RC_MUST_CHECK enum rc lock_name_guardian(const char *folder);
void lock_unname_guardian(const char *folder);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: writes that may land late.  A write that failed may still land within late_ms (A2), so
 * that nothing is written meanwhile; a daemon that is started anew has to know of its
 * predecessor's.  So the last one of this boot is noted in a file.
 */
#ifndef QARB_SHELL_GHOST_H
#define QARB_SHELL_GHOST_H

#include <stdint.h>

/* Open the file and read what is noted there.
 * in: now_ms, by CLOCK_BOOTTIME.
 * out: since_ms, when the last write failed.  Before the first start since the boot that is the
 * boot itself (1), and now_ms where it cannot be known.
 * returns: a descriptor for ghost_note(), or -1 with errno set. */
int ghost_open(const char *path, uint64_t now_ms, uint64_t *since_ms);

/* A write has failed.  fd may be -1. */
void ghost_note(int fd, uint64_t now_ms);

#endif

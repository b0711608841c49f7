/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: descriptors 0, 1 and 2 of a program that was started without them.  What it opens next, a
 * lock or a quorum disk, would have their number, and be written to as if it were the terminal.
 */
#ifndef QARB_SHELL_STANDARD_H
#define QARB_SHELL_STANDARD_H

#include <stdbool.h>

/* Open /dev/null for those that are not there; the first thing that a program does.
 * in: flags, of open(2): with O_RDWR what is written goes nowhere, with O_RDONLY to write fails,
 * so that an answer that nobody gets is told by the exit status.  returns: whether all are there.
 */
bool standard_take(int flags);

#endif

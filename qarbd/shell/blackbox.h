/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: libqb's blackbox, the last log lines of all levels, for qb-blackbox(8). */
#ifndef QARB_SHELL_BLACKBOX_H
#define QARB_SHELL_BLACKBOX_H

void blackbox_open(void);
/* Write it to a file, over what was there. */
void blackbox_save(const char *path);

#endif

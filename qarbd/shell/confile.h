/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: corosync.conf as a file, for programs that run where corosync does not: its sections
 * joined by dots, as corosync itself puts them into cmap.  Nodes are numbered in the order of the
 * file.
 */
#ifndef QARB_SHELL_CONFILE_H
#define QARB_SHELL_CONFILE_H

#include <stddef.h>
#include <stdio.h>

#include "shell/config.h"

/* in: path.  out: items, emptied first; error, one line that begins with the path, empty on
 * RC_OK.
 * returns: RC_OK | RC_NOTFOUND | RC_REFUSED (not permitted) | RC_IO | RC_SYNTAX. */
RC_MUST_CHECK enum rc confile_read(const char *path, struct config_items *items, char *error,
				   size_t error_size);

/* The same of text that is in memory; error begins with the line's number. */
RC_MUST_CHECK enum rc confile_parse(const char *text, size_t size, struct config_items *items,
				    char *error, size_t error_size);

/* Print what was found in it, a line each with `what` before it, and how many lines there was no
 * room for. */
void confile_show(FILE *f, const char *what, const struct config_problems *p);

#endif

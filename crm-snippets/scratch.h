/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: a folder for copies of the CIB, which others must not read and which must not stay:
 * there are passwords of fencing devices in it. */
#ifndef QARB_CRM_SCRATCH_H
#define QARB_CRM_SCRATCH_H

#include <stddef.h>

enum { SCRATCH_SIZE = 256 };

/* In TMPDIR, else /tmp; call runner_catch() before.  out: folder, to be given to scratch_remove(),
 * which does nothing where there is none.  returns: an exit code, said already. */
int scratch_make(char folder[SCRATCH_SIZE]);
/* The path of a file in it.  in: name, of up to 30 characters. */
const char *scratch_path(const char folder[SCRATCH_SIZE], const char *name,
			 char path[SCRATCH_SIZE]);
void scratch_remove(const char folder[SCRATCH_SIZE]);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the core's notes as log lines, `fact key=value ...`. */
#ifndef QARB_SHELL_RENDER_H
#define QARB_SHELL_RENDER_H

#include "shell/say.h"

/* in: c, for the arbiter's name.  out: line, terminated.  returns: the level it is logged at. */
enum say_level render_note(const struct note_record *r, const struct config *c, char *line,
			   size_t size);

/* returns: a short text, never NULL. */
const char *render_reason(enum vote_reason reason);

#endif

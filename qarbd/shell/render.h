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

/* returns: the fact's name, without a sentence that follows it. out: name. */
void render_name(enum note_id id, char *name, size_t size);
/* May an arbiter that keeps failing cause this note again and again? */
bool render_repeats(enum note_id id);
/* Does it belong to one arbiter? */
bool render_of_arbiter(enum note_id id);

#endif

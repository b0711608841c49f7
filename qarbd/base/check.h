/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base: CHECK() is for bugs, never for bad input.  It stays on in release builds: a process that
 * has lost its own invariants must not go on voting.  The guardian restarts it.
 */
#ifndef QARB_BASE_CHECK_H
#define QARB_BASE_CHECK_H

/* Never returns.  in: the expression's text and place, static strings. */
_Noreturn void check_fail(const char *expression, const char *file, int line);

#define CHECK(e)                                                                                   \
	do {                                                                                       \
		if (!(e))                                                                          \
			check_fail(#e, __FILE__, __LINE__);                                        \
	} while (0)

#endif

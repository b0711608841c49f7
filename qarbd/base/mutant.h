/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Deliberate faults, for tests of the tests. MUTANT(name) is true when the fault of that name was
 * selected at start, and a plain 0 in every build without -DMUTANT_ENABLE: a production binary
 * holds no trace of them, which the lint stage checks with nm.
 *
 *	if (!MUTANT(no_pending))
 *		value.pending = owners;
 *
 * Names are collected at link time, so a misspelt --mutant is refused.
 */
#ifndef QARB_BASE_MUTANT_H
#define QARB_BASE_MUTANT_H

#include <stdbool.h>

#ifdef MUTANT_ENABLE

/* The selected names, with commas between them, or NULL. Not for use outside the macro. */
extern const char *mutant_selected;

/* in: name, one of those compiled in. returns: whether it is selected. */
bool mutant_is(const char *name);

/* Select faults for this process, or none with NULL. in: names, one, or several with commas where
 * more than one rule forbids the same; borrowed for the life of the process. returns: false, and
 * nothing is selected, if no code in this binary has one of the names. */
bool mutant_select(const char *names);

/* Walk over the names compiled in, repeats included. in: the previous name, or NULL to begin.
 * returns: the next name, or NULL at the end. */
const char *mutant_next(const char *name);

#define MUTANT(name)                                                                               \
	(__extension__({                                                                           \
		static const char mutant_name_[]                                                   \
			__attribute__((section("qarb_mutants"), used)) = #name;                    \
		mutant_selected &&mutant_is(mutant_name_);                                         \
	}))

#else

#define MUTANT(name) (0)

#endif
#endif

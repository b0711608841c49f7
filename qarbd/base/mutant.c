/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/mutant.h"

#ifdef MUTANT_ENABLE

#include <stddef.h>

/* Bounds of the section that MUTANT() fills; the linker provides them. Weak, because a program
 * may be linked without any faulty code. */
extern const char __start_qarb_mutants[] __attribute__((weak, visibility("hidden")));
extern const char __stop_qarb_mutants[] __attribute__((weak, visibility("hidden")));

const char *mutant_selected;

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool mutant_is(const char *name)
{
	return mutant_selected && same(mutant_selected, name);
}

const char *mutant_next(const char *name)
{
	const char *p = __start_qarb_mutants;

	if (name) {
		for (p = name; *p; p++)
			;
	}
	/* The linker pads between the strings. */
	while (p < __stop_qarb_mutants && !*p)
		p++;
	return p < __stop_qarb_mutants ? p : NULL;
}

bool mutant_select(const char *name)
{
	const char *known;

	mutant_selected = NULL;
	if (!name)
		return true;
	for (known = mutant_next(NULL); known; known = mutant_next(known)) {
		if (same(known, name)) {
			mutant_selected = name;
			return true;
		}
	}
	return false;
}

#else

/* ISO C wants something in every translation unit. */
typedef int mutant_is_absent;

#endif

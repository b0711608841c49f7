/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/mutant.h"

#ifdef MUTANT_ENABLE

#include <stddef.h>

/* Bounds of the section that MUTANT() fills; the linker provides them. Weak, because a program
 * may be linked without any faulty code. */
extern const char __start_qarb_mutants[] __attribute__((weak, visibility("hidden")));
extern const char __stop_qarb_mutants[] __attribute__((weak, visibility("hidden")));

const char *mutant_selected;

/* returns: the end of name at the head of a list with commas, or NULL. */
static const char *after(const char *list, const char *name)
{
	while (*name && *list == *name) {
		list++;
		name++;
	}
	return *name == '\0' && (*list == '\0' || *list == ',') ? list : NULL;
}

bool mutant_is(const char *name)
{
	const char *p = mutant_selected;

	while (p) {
		if (after(p, name))
			return true;
		while (*p && *p != ',')
			p++;
		p = *p ? p + 1 : NULL;
	}
	return false;
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

bool mutant_select(const char *names)
{
	const char *known, *end = names;

	mutant_selected = NULL;
	if (!names)
		return true;
	do {
		const char *name = end;

		end = NULL;
		for (known = mutant_next(NULL); known && !end; known = mutant_next(known))
			end = after(name, known);
	} while (end && *end++ == ',');
	if (!end)
		return false;
	mutant_selected = names;
	return true;
}

#else

/* ISO C wants something in every translation unit. */
typedef int mutant_is_absent;

#endif

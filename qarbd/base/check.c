/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/check.h"

/* A debugger or a core dump reads these from the faulting frame: no I/O is made here, because the
 * caller may be the deciding process, which makes no call that can block. */
_Noreturn void check_fail(const char *expression, const char *file, int line)
{
	const char *volatile check_expression = expression;
	const char *volatile check_file = file;
	volatile int check_line = line;

	(void)check_expression;
	(void)check_file;
	(void)check_line;
	__builtin_trap();
}

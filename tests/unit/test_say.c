/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log on their way to the service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shell/config.h"
#include "shell/say.h"

/* returns: what reaches the service of a line of so many characters. */
static struct say_record said(enum say_level level, size_t length)
{
	static char line[2 * SHM_SAY_SIZE];
	struct shm *m = shm_create();
	struct say_record r;

	assert_non_null(m);
	assert_true(length < sizeof(line));
	memset(line, 'x', length);
	line[length] = 0;
	say_init(m, PROC_SERVICE);
	say(level, "%s", line);
	assert_int_not_equal(ring_take(&m->says[PROC_SERVICE].ring, &r, sizeof(r)), 0);
	assert_int_equal(strspn(r.text, "x"), strlen(r.text));
	return r;
}

static void a_refused_configuration_is_told_to_the_end_of_its_lines(void **state)
{
	const struct say_record r = said(SAY_ERR, CONFIG_LINE_SIZE - 1);

	(void)state;
	assert_int_equal(r.level, SAY_ERR);
	assert_int_equal(strlen(r.text), CONFIG_LINE_SIZE - 1);
}

static void a_longer_line_is_cut_and_ended(void **state)
{
	const struct say_record r = said(SAY_WARNING, 2 * SHM_SAY_SIZE - 1);

	(void)state;
	assert_int_equal(strlen(r.text), SHM_SAY_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_configuration_is_told_to_the_end_of_its_lines),
		cmocka_unit_test(a_longer_line_is_cut_and_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static void a_refused_configuration_is_told_to_the_end_of_its_lines(void **state)
{
	struct shm *m = shm_create();
	struct say_record r;
	char line[CONFIG_LINE_SIZE];

	(void)state;
	assert_non_null(m);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = 0;
	say_init(m, PROC_SERVICE);
	say(SAY_ERR, "%s", line);
	assert_int_not_equal(ring_take(&m->says[PROC_SERVICE].ring, &r, sizeof(r)), 0);
	assert_int_equal(r.level, SAY_ERR);
	assert_string_equal(r.text, line);
}

static void a_longer_line_is_cut_and_ended(void **state)
{
	struct shm *m = shm_create();
	struct say_record r;
	char line[2 * SHM_SAY_SIZE];

	(void)state;
	assert_non_null(m);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = 0;
	say_init(m, PROC_SERVICE);
	say(SAY_WARNING, "%s", line);
	assert_int_not_equal(ring_take(&m->says[PROC_SERVICE].ring, &r, sizeof(r)), 0);
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

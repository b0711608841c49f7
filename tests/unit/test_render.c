/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The core's notes as lines of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shell/render.h"

static char line[512];

static enum say_level render(enum note_id id, uint64_t a, uint64_t b)
{
	static struct config c;
	struct note_record r;

	memset(&r, 0, sizeof(r));
	(void)snprintf(c.arbiter[0].name, NAME_SIZE, "san1");
	r.note.id = id;
	r.note.a = a;
	r.note.b = b;
	return render_note(&r, &c, line, sizeof(line));
}

static void every_note_has_a_fact_of_its_own(void **state)
{
	char name[80];
	char other[80];

	(void)state;
	for (int i = 0; i < NOTE_COUNT; i++) {
		render_name((enum note_id)i, name, sizeof(name));
		assert_string_not_equal(name, "note");
		for (int k = 0; k < i; k++) {
			render_name((enum note_id)k, other, sizeof(other));
			assert_string_not_equal(name, other);
		}
	}
}

static void a_node_without_a_slot_is_an_error_and_its_end_is_none(void **state)
{
	(void)state;
	assert_int_equal(render(NOTE_SLOTS_FULL, 65, 64), SAY_ERR);
	assert_non_null(strstr(line, "no-slot-free"));
	assert_non_null(strstr(line, " arbiter=san1 for_node=65 slots=64"));
	assert_int_equal(render(NOTE_SLOTS_FULL, 0, 64), SAY_NOTICE);
	assert_null(strstr(line, "no-slot-free"));
	assert_non_null(strstr(line, "every-node-has-a-slot arbiter=san1"));
	assert_null(strstr(line, "for_node"));
}

static void the_leader_that_is_gone_is_not_called_node_0(void **state)
{
	(void)state;
	assert_int_equal(render(NOTE_LEADER, 2, 7), SAY_NOTICE);
	assert_string_equal(line, "leader arbiter=san1 node=2 ballot=7");
	assert_int_equal(render(NOTE_LEADER, 0, 8), SAY_NOTICE);
	assert_string_equal(line, "no-leader arbiter=san1 ballot=8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_note_has_a_fact_of_its_own),
		cmocka_unit_test(a_node_without_a_slot_is_an_error_and_its_end_is_none),
		cmocka_unit_test(the_leader_that_is_gone_is_not_called_node_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

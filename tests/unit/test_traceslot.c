/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The slots of a read as a line of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture_disk.h"
#include "fixture_trace.h"

static void read_event(struct event *e, uint64_t mask)
{
	some_event(e, EVENT_READ_DONE);
	e->u.io.token = 4;
	e->u.io.mask = mask;
	e->u.io.slots = slots;
}

static void check_slots(uint64_t mask)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((mask & slot_bit(i)) == 0)
			continue;
		assert_memory_equal(&item.event.u.io.slots[i], &slots[i], sizeof(slots[i]));
	}
}

static void a_read_in_which_every_byte_changed_fits_the_longest_line(void **state)
{
	struct event e;

	(void)state;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		fixture_slot(&slots[i].slot);
		slots[i].copy = 1;
	}
	read_event(&e, UINT64_MAX);
	pass_event(&e);
	check_slots(UINT64_MAX);
}

static void an_unchanged_slot_takes_no_room(void **state)
{
	struct event e;
	size_t first;

	(void)state;
	fixture_slot(&slots[0].slot);
	fixture_slot(&slots[1].slot);
	read_event(&e, 3);
	pass_event(&e);
	check_slots(3);
	first = traceline_write_event(&writer, &e, line, sizeof(line));
	assert_true(first < 200);
	assert_null(memmem(line, first, " s0=", 4));
	slots[1].slot.sequence++;
	slots[1].slot.beats++;
	slots[1].copy = 1;
	pass_event(&e);
	check_slots(3);
	assert_null(strstr(line, " s0="));
	/* Another arbiter knows nothing of it. */
	e.arbiter_index = 0;
	pass_event(&e);
	check_slots(3);
	assert_non_null(strstr(line, " s0="));
}

static void a_slot_that_could_not_be_read_and_comes_back_is_told_whole(void **state)
{
	struct event e;
	struct slot kept;

	(void)state;
	fixture_slot(&slots[2].slot);
	read_event(&e, 4);
	pass_event(&e);
	kept = slots[2].slot;
	slots[2].rc = RC_BADSUM;
	memset(&slots[2].slot, 0, sizeof(slots[2].slot));
	pass_event(&e);
	check_slots(4);
	slots[2].rc = RC_OK;
	slots[2].slot = kept;
	pass_event(&e);
	check_slots(4);
}

static void a_random_walk_of_slots_is_read_back_step_by_step(void **state)
{
	struct event e;
	uint64_t random = 88172645463325252u;

	(void)state;
	for (uint32_t step = 0; step < 3000; step++) {
		uint32_t i;
		struct slot *s;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		i = (uint32_t)(random % 5);
		s = &slots[i].slot;
		slots[i].rc = random >> 8 & 7 ? RC_OK : RC_IO;
		slots[i].copy = 0;
		if (slots[i].rc != RC_OK) {
			memset(s, 0, sizeof(*s));
		} else {
			slots[i].copy = random >> 11 & 1;
			s->node_id = i + 1;
			s->sequence += random >> 12 & 3;
			s->mbal.counter = random >> 14 & 0xffff;
			s->value.grant.set = random >> 30 & 0xff;
			for (uint32_t n = 0; n < 8; n++)
				s->value.grant.host_life[n] = s->value.grant.set >> n & 1
								      ? random >> n
								      : 0;
			s->view.members.count = random >> 40 & 7;
			memset(s->view.members.node_id, 0, sizeof(s->view.members.node_id));
			for (uint32_t n = 0; n < s->view.members.count; n++)
				s->view.members.node_id[n] = n + 1 + (random >> 50 & 3);
		}
		read_event(&e, 0x1f);
		e.arbiter_index = random >> 60 & 1;
		pass_event(&e);
		check_slots(0x1f);
	}
}

static void wrong_slots_of_a_read_are_refused(void **state)
{
	static const char *const wrong[] = {
		" s0=ok",
		" s0=ok,2,-",
		" s0=ok,0,",
		" s0=ok,0,38:",
		" s0=ok,0,38:1",
		" s0=ok,0,38:01/38:02",
		" s0=ok,0,38:0102/39:02",
		" s0=ok,0,38:01/",
		" s0=ok,0,7e8:01", /* beyond the fields */
		" s0=ok,0,e:04",   /* no such state */
		" s0=ok,0,0:00",   /* not our magic */
		" s2=ok,0,-",	   /* not in the mask */
		" s1=io s0=io",	   /* not ascending */
		" s0=io s0=io",
		" s64=io",
		" s0=maybe",
	};
	char text[200];
	uint32_t column;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int length = snprintf(text, sizeof(text),
				      "event read_done now=1 entropy=0x0 arbiter=0 token=1 "
				      "outcome=done start=0 end=1 mask=0x3%s",
				      wrong[i]);

		traceline_init(&reader);
		if (traceline_read(&reader, text, (size_t)length, &item, &column) != RC_SYNTAX)
			fail_msg("taken: %s", text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(wrong_slots_of_a_read_are_refused, fresh_state),
		cmocka_unit_test_setup(a_read_in_which_every_byte_changed_fits_the_longest_line,
				       fresh_state),
		cmocka_unit_test_setup(an_unchanged_slot_takes_no_room, fresh_state),
		cmocka_unit_test_setup(a_slot_that_could_not_be_read_and_comes_back_is_told_whole,
				       fresh_state),
		cmocka_unit_test_setup(a_random_walk_of_slots_is_read_back_step_by_step,
				       fresh_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

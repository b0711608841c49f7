/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes that are added to and removed from the node list while the others run (doc/protocol.md
 * section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t all[] = { 1, 2, 3, 4 };
static const uint32_t with_four[] = { 1, 2, 4 };

static void listed(struct lab *l, uint32_t i, const uint32_t *ids, uint32_t count)
{
	struct event e = { .type = EVENT_NODELIST };

	e.u.nodelist.count = count;
	for (uint32_t k = 0; k < count; k++) {
		e.u.nodelist.node_id[k] = ids[k];
		e.u.nodelist.votes[k] = 1;
	}
	lab_step(l, &l->node[i], &e);
}

/* The disk was made for the first `mapped` of `count` nodes and has room for `slots`. */
static struct lab *lab_of(uint32_t count, uint32_t mapped, uint32_t slots)
{
	struct lab *l = lab_new(count);

	for (uint32_t i = mapped; i < count; i++) {
		l->facts.map.node_id[i] = 0;
		memset(&l->disk[i], 0, sizeof(l->disk[i]));
	}
	l->facts.map.count = mapped;
	l->facts.slot_count = slots;
	return l;
}

/* The first `mapped` nodes run in one ring and have the vote. */
static struct lab *lab_running(uint32_t count, uint32_t mapped, uint32_t slots)
{
	struct lab *l = lab_of(count, mapped, slots);

	for (uint32_t i = 0; i < mapped; i++) {
		lab_start(l, i, 101 + i);
		listed(l, i, all, mapped);
		lab_view(l, i, 5, all, mapped);
	}
	lab_run(l, 4000);
	for (uint32_t i = 0; i < mapped; i++)
		assert_int_equal(l->node[i].last_poll, ANSWER_YES);
	return l;
}

/* Run and let no yes of the first `holders` nodes end. */
static void run_without_flap(struct lab *l, uint64_t ms, uint32_t holders)
{
	for (uint64_t end_ms = l->now_ms + ms; l->now_ms < end_ms;) {
		lab_run(l, 1);
		for (uint32_t i = 0; i < holders; i++)
			assert_int_not_equal(l->node[i].last_poll, ANSWER_NO);
	}
}

static uint32_t writes_of(const struct lab *l, uint32_t i, uint32_t slot)
{
	return l->disk[slot].node_id == i + 1 ? (uint32_t)l->disk[slot].sequence : 0;
}

static void a_node_without_a_slot_writes_nothing(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);
	static const struct slot blank;

	(void)state;
	lab_start(l, 2, 103);
	run_without_flap(l, 3000, 2);
	assert_true(lab_noted(&l->node[2], NOTE_NO_SLOT));
	for (uint32_t i = 2; i < NODES_MAX; i++)
		assert_memory_equal(&l->disk[i], &blank, sizeof(blank));
	free(l);
}

static void a_node_added_to_the_list_gets_a_slot_and_the_vote_in_its_ring(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);

	(void)state;
	lab_start(l, 2, 103);
	run_without_flap(l, 500, 2);
	listed(l, 0, all, 3);
	listed(l, 1, all, 3);
	run_without_flap(l, 2000, 2);
	assert_int_equal(l->disk[2].node_id, 3);
	assert_int_equal(l->disk[2].state, SLOT_RUNNING);
	assert_true(lab_noted(&l->node[0], NOTE_SLOT_GIVEN));
	assert_true(lab_noted(&l->node[1], NOTE_SLOT_GIVEN));
	for (uint32_t i = 0; i < 3; i++)
		lab_view(l, i, 6, all, 3);
	run_without_flap(l, 1000, 2);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(l->node[i].pub.answer, ANSWER_YES);
		assert_int_equal(l->node[i].pub.ring.seq, 6);
	}
	free(l);
}

/* Its daemon may come an hour later: nobody waits for it. */
static void a_node_that_was_added_and_never_came_holds_up_nobody(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);
	static const uint32_t second[] = { 2 };

	(void)state;
	listed(l, 0, all, 3);
	listed(l, 1, all, 3);
	run_without_flap(l, 300, 2);
	assert_int_equal(l->node[1].arb.disk[0].accepted.map.node_id[2], 3);
	l->node[0].up = false;
	run_without_flap(l, 2200, 0);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 60);
	assert_int_equal(l->node[1].pub.answer, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	free(l);
}

static void a_lone_node_that_got_its_slot_can_lead(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);
	static const uint32_t third[] = { 3 };

	(void)state;
	lab_start(l, 2, 103);
	listed(l, 0, all, 3);
	listed(l, 1, all, 3);
	while (l->node[0].arb.disk[0].accepted.map.node_id[2] != 3)
		lab_run(l, 1);
	l->node[0].up = l->node[1].up = false;
	lab_view(l, 2, 7, third, 1);
	lab_run(l, 6000);
	assert_int_equal(l->node[2].last_poll, ANSWER_YES);
	free(l);
}

static void a_slot_is_given_away_when_its_removed_owner_is_silent_for_x(void **state)
{
	struct lab *l = lab_running(4, 3, 3);
	static const uint32_t without[] = { 1, 2 };
	struct timings t = timing_of(&l->policy);
	uint64_t died_ms;

	(void)state;
	l->node[2].up = false;
	died_ms = l->now_ms;
	lab_start(l, 3, 104);
	for (uint32_t i = 0; i < 2; i++)
		listed(l, i, with_four, 3);
	while (l->now_ms < died_ms + timing_x_ms(&t)) {
		run_without_flap(l, 1, 2);
		assert_int_equal(l->node[0].arb.disk[0].map.node_id[2], 3);
		assert_int_equal(l->disk[2].node_id, 3);
	}
	assert_true(lab_noted(&l->node[0], NOTE_SLOTS_FULL));
	run_without_flap(l, 200, 2);
	for (uint32_t i = 0; i < 2; i++)
		lab_view(l, i, 6, without, 2);
	run_without_flap(l, 6000, 2);
	assert_int_equal(l->disk[2].node_id, 4);
	for (uint32_t i = 0; i < 4; i++)
		if (i != 2)
			lab_view(l, i, 7, with_four, 3);
	run_without_flap(l, 1000, 2);
	assert_int_equal(l->node[3].pub.answer, ANSWER_YES);
	free(l);
}

/* It has said that it does not cast, so nobody waits for X to decide: but it may still write. */
static void a_slot_is_not_given_away_before_a_late_write_could_have_landed(void **state)
{
	struct lab *l = lab_running(4, 3, 3);
	static const uint32_t without[] = { 1, 2 };
	static const uint32_t third[] = { 3 };
	uint64_t died_ms;

	(void)state;
	for (uint32_t i = 0; i < 2; i++)
		lab_view(l, i, 6, without, 2);
	lab_view(l, 2, 6, third, 1);
	run_without_flap(l, 1000, 2);
	assert_int_equal(l->disk[2].cast, CAST_NONE);
	lab_start(l, 3, 104);
	for (uint32_t i = 0; i < 2; i++)
		listed(l, i, with_four, 3);
	run_without_flap(l, 3000, 2);
	assert_int_equal(l->disk[2].node_id, 3);
	l->node[2].up = false;
	died_ms = l->now_ms;
	while (l->now_ms < died_ms + l->policy.late_ms) {
		run_without_flap(l, 1, 2);
		assert_int_equal(l->node[0].arb.disk[0].map.node_id[2], 3);
	}
	run_without_flap(l, 6000, 2);
	assert_int_equal(l->disk[2].node_id, 4);
	free(l);
}

/* The map that has the node was written but may yet be superseded. */
static void a_node_writes_nothing_by_a_map_that_is_not_agreed_on(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);

	(void)state;
	l->node[0].up = l->node[1].up = false;
	for (uint32_t i = 0; i < 2; i++) {
		if (l->disk[i].leading.counter == 0)
			continue;
		l->disk[i].bal.k++;
		l->disk[i].value.map.node_id[2] = 3;
		l->disk[i].value.map.count = 3;
		l->disk[1 - i].mbal = l->disk[i].mbal;
		l->disk[1 - i].mbal.counter++;
	}
	lab_start(l, 2, 103);
	lab_run(l, 5000);
	assert_int_equal(l->node[2].arb.disk[0].own_slot, 2);
	assert_int_equal(l->disk[2].node_id, 0);
	free(l);
}

static void a_decision_does_not_wait_for_a_node_that_was_just_added(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);
	static const uint32_t first[] = { 1 };
	static const uint32_t second[] = { 2 };

	(void)state;
	listed(l, 0, all, 3);
	listed(l, 1, all, 3);
	run_without_flap(l, 200, 2);
	assert_int_equal(l->node[1].arb.disk[0].accepted.map.node_id[2], 3);
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 200);
	assert_int_equal(l->node[0].pub.answer, ANSWER_YES);
	assert_int_equal(l->node[0].pub.ring.seq, 6);
	free(l);
}

static void a_removed_node_alone_is_not_granted(void **state)
{
	struct lab *l = lab_running(3, 3, NODES_MAX);
	static const uint32_t rest[] = { 2, 3 };
	static const uint32_t first[] = { 1 };

	(void)state;
	listed(l, 0, rest, 2);
	l->node[1].up = l->node[2].up = false;
	lab_run(l, 2200);
	lab_view(l, 0, 6, first, 1);
	lab_run(l, 6000);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

static void a_removed_node_that_still_runs_keeps_its_slot(void **state)
{
	struct lab *l = lab_running(4, 3, 3);

	(void)state;
	lab_start(l, 3, 104);
	for (uint32_t i = 0; i < 3; i++)
		listed(l, i, with_four, 3);
	run_without_flap(l, 10000, 3);
	assert_int_equal(l->disk[2].node_id, 3);
	assert_true(lab_noted(&l->node[3], NOTE_NO_SLOT));
	assert_true(lab_noted(&l->node[0], NOTE_SLOTS_FULL) ||
		    lab_noted(&l->node[1], NOTE_SLOTS_FULL) ||
		    lab_noted(&l->node[2], NOTE_SLOTS_FULL));
	free(l);
}

/* A holder that is silent, and has not been replaced by a new grant, may still be counted. */
static void the_slot_of_a_granted_node_is_not_given_away(void **state)
{
	struct lab *l = lab_running(4, 3, 3);

	(void)state;
	l->node[2].up = false;
	lab_start(l, 3, 104);
	for (uint32_t i = 0; i < 2; i++)
		listed(l, i, with_four, 3);
	run_without_flap(l, 20000, 2);
	assert_int_equal(l->disk[2].node_id, 3);
	free(l);
}

/* Node 3 is away, and taken out of the list: its slot is given to node 4. */
static void give_away_third(struct lab *l)
{
	static const uint32_t without[] = { 1, 2 };

	l->node[2].up = false;
	for (uint32_t i = 0; i < 2; i++)
		lab_view(l, i, 6, without, 2);
	lab_start(l, 3, 104);
	for (uint32_t i = 0; i < 2; i++)
		listed(l, i, with_four, 3);
	lab_run(l, 9000);
	assert_int_equal(l->disk[2].node_id, 4);
}

/* It finds out, and leaves the slot alone. */
static void third_is_back(struct lab *l)
{
	l->node[2].up = true;
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_int_equal(l->disk[2].node_id, 4);
	}
	assert_true(lab_noted(&l->node[2], NOTE_NO_SLOT));
}

static void who_returns_after_its_slot_was_given_away_writes_nothing(void **state)
{
	struct lab *l = lab_running(4, 3, 3);
	uint64_t sequence;

	(void)state;
	while (l->node[2].write_due)
		lab_run(l, 1);
	give_away_third(l);
	third_is_back(l);
	sequence = writes_of(l, 3, 2);
	lab_run(l, 1000);
	assert_true(writes_of(l, 3, 2) > sequence);
	free(l);
}

/* Nor does one whose first write failed, and which waited in vain for that to land. */
static void who_never_completed_a_beat_looks_before_it_writes_again(void **state)
{
	struct lab *l = lab_running(4, 3, 3);
	struct one *n = &l->node[2];

	(void)state;
	lab_start(l, 2, 203);
	while (!n->write_due)
		lab_run(l, 1);
	assert_true(n->arb.disk[0].complete_end_ms == 0);
	lab_fail_write(l, n);
	give_away_third(l);
	third_is_back(l);
	free(l);
}

static void a_removed_node_alone_does_not_win_over_one_of_the_list(void **state)
{
	struct lab *l = lab_running(3, 3, NODES_MAX);
	static const uint32_t rest[] = { 2, 3 };
	static const uint32_t first[] = { 1 };
	static const uint32_t second[] = { 2 };

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		listed(l, i, rest, 2);
	run_without_flap(l, 500, 3);
	l->node[2].up = false;
	lab_run(l, 1000);
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 4000);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

/* disk init wrote it: a slot that is blank now was lost, and may hide a ballot. */
static void a_blank_slot_that_was_written_once_ends_the_beats(void **state)
{
	struct lab *l = lab_running(2, 2, NODES_MAX);

	(void)state;
	l->node[1].up = false;
	memset(&l->disk[1], 0, sizeof(l->disk[1]));
	lab_run(l, 1000);
	assert_true(lab_noted(&l->node[0], NOTE_SLOT_UNREADABLE));
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

static void a_given_slot_that_went_blank_again_ends_the_beats(void **state)
{
	struct lab *l = lab_running(3, 2, NODES_MAX);

	(void)state;
	lab_start(l, 2, 103);
	listed(l, 0, all, 3);
	listed(l, 1, all, 3);
	run_without_flap(l, 2000, 2);
	assert_int_equal(l->disk[2].node_id, 3);
	l->node[2].up = false;
	memset(&l->disk[2], 0, sizeof(l->disk[2]));
	lab_run(l, 1000);
	assert_true(lab_noted(&l->node[0], NOTE_DISK_ROLLED_BACK));
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_without_a_slot_writes_nothing),
		cmocka_unit_test(a_node_added_to_the_list_gets_a_slot_and_the_vote_in_its_ring),
		cmocka_unit_test(a_node_that_was_added_and_never_came_holds_up_nobody),
		cmocka_unit_test(a_lone_node_that_got_its_slot_can_lead),
		cmocka_unit_test(a_slot_is_given_away_when_its_removed_owner_is_silent_for_x),
		cmocka_unit_test(a_slot_is_not_given_away_before_a_late_write_could_have_landed),
		cmocka_unit_test(a_node_writes_nothing_by_a_map_that_is_not_agreed_on),
		cmocka_unit_test(a_decision_does_not_wait_for_a_node_that_was_just_added),
		cmocka_unit_test(a_removed_node_alone_is_not_granted),
		cmocka_unit_test(a_removed_node_that_still_runs_keeps_its_slot),
		cmocka_unit_test(the_slot_of_a_granted_node_is_not_given_away),
		cmocka_unit_test(who_returns_after_its_slot_was_given_away_writes_nothing),
		cmocka_unit_test(who_never_completed_a_beat_looks_before_it_writes_again),
		cmocka_unit_test(a_removed_node_alone_does_not_win_over_one_of_the_list),
		cmocka_unit_test(a_blank_slot_that_was_written_once_ends_the_beats),
		cmocka_unit_test(a_given_slot_that_went_blank_again_ends_the_beats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t both[] = { 1, 2 };
static const uint32_t first[] = { 1 };
static const uint32_t second[] = { 2 };
static const uint32_t three[] = { 1, 2, 3 };

static void both_nodes_of_a_ring_cast(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

static void nobody_casts_before_the_old_holders_have_stopped(void **state)
{
	struct lab *l = lab_new(2);
	struct timings t = timing_of(&l->policy);

	(void)state;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, first, 1);
	lab_run(l, timing_x_ms(&t) - 200);
	assert_int_not_equal(l->node[0].last_poll, ANSWER_YES);
	lab_run(l, 1500);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	free(l);
}

static void survivor_takes_over_at_its_new_ring(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	l->node[0].up = false;
	lab_run(l, 2200);
	assert_int_equal(l->node[1].pub.answer, ANSWER_YES);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 50);
	assert_int_equal(l->node[1].pub.answer, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	free(l);
}

static void split_goes_to_the_lowest_and_the_other_stops_first(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	for (int i = 0; i < 300; i++) {
		lab_run(l, 1);
		assert_false(l->node[0].pub.answer == ANSWER_YES && l->node[0].pub.ring.seq == 6 &&
			     l->node[1].last_poll == ANSWER_YES);
	}
	assert_int_equal(l->node[0].pub.answer, ANSWER_YES);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

static void a_healed_split_grants_both_and_never_says_no_to_the_holder(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 1000);
	lab_view(l, 0, 7, both, 2);
	lab_run(l, 20);
	lab_view(l, 1, 7, both, 2);
	for (int i = 0; i < 500; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[0].pub.answer, ANSWER_NO);
	}
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

static void a_restarted_decider_resumes_within_its_hold(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, both, 2);
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[0].last_poll, ANSWER_NO);
	}
	assert_int_equal(l->node[0].pub.answer, ANSWER_YES);
	assert_true(l->node[0].pub.until_ms > l->now_ms);
	free(l);
}

static void a_node_without_its_disk_says_no_after_the_hold(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	l->node[1].path = false;
	lab_run(l, l->policy.hold_ms + l->policy.interval_ms + 5);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	l->node[1].path = true;
	lab_run(l, 1000);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

/* corosync's sync waits for every member's poll: one without its disk must not hold up the others.
 */
static void a_node_without_its_disk_says_no_to_a_new_ring_at_once(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	l->node[1].path = false;
	lab_run(l, 1000);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	lab_view(l, 1, 6, second, 1);
	l->node[1].last_poll = ANSWER_SILENT;
	lab_run(l, 2);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	free(l);
}

static void leaving_says_no_and_tells_the_disk_before_it_ends(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct event e = { .type = EVENT_LEAVE };

	(void)state;
	lab_step(l, &l->node[0], &e);
	lab_run(l, 100);
	assert_true(l->node[0].left);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	assert_int_equal(l->disk[0].state, SLOT_LEAVING);
	assert_int_equal(l->disk[0].cast, CAST_NONE);
	l->node[0].up = false;
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 1000);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	free(l);
}

static void a_returning_node_is_added_without_a_no_to_the_survivor(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	l->node[0].up = false;
	lab_run(l, 2200);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 5000);
	lab_view(l, 1, 7, both, 2);
	memset(&l->node[0], 0, sizeof(l->node[0]));
	lab_start(l, 0, 201);
	lab_view(l, 0, 7, both, 2);
	for (int i = 0; i < 5000; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[1].pub.answer, ANSWER_NO);
	}
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

static void a_write_that_hangs_is_never_followed_by_another(void **state)
{
	struct lab *l = lab_ring_of_two();
	uint64_t token;

	(void)state;
	l->node[1].path = false;
	lab_run(l, 300);
	token = l->node[1].token;
	lab_run(l, 10000);
	assert_int_equal(l->node[1].token, token);
	free(l);
}

static void an_own_slot_that_does_not_read_back_puts_the_disk_out_of_use(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	while (!l->node[1].read_due)
		lab_run(l, 1);
	l->disk[1].sequence -= 2;
	lab_run(l, 1000);
	assert_true(lab_noted(&l->node[1], NOTE_OWN_NOT_READ_BACK));
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

static void lab_split(struct lab *l)
{
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, second, 1);
	lab_run(l, 1000);
}

static void a_restarted_holder_keeps_the_vote_against_the_other_partition(void **state)
{
	(void)state;
	for (uint32_t offset_ms = 0; offset_ms < 120; offset_ms++) {
		struct lab *l = lab_ring_of_two();

		lab_split(l);
		assert_int_equal(l->node[0].last_poll, ANSWER_YES);
		/* Node 2 leads: node 1 does not see its disk for a while. */
		lab_run(l, 1000 + offset_ms);
		lab_start(l, 0, 101);
		lab_view(l, 0, 6, first, 1);
		lab_run(l, 3000);
		assert_int_equal(l->node[0].last_poll, ANSWER_YES);
		assert_int_equal(l->node[1].last_poll, ANSWER_NO);
		free(l);
	}
}

static void a_stall_of_the_whole_disk_moves_no_grant(void **state)
{
	(void)state;
	for (uint32_t back_first = 0; back_first < 2; back_first++) {
		struct lab *l = lab_ring_of_two();

		lab_split(l);
		l->node[0].path = l->node[1].path = false;
		lab_run(l, 1500);
		l->node[back_first].path = true;
		lab_run(l, 5);
		l->node[1 - back_first].path = true;
		lab_run(l, 3000);
		assert_int_equal(l->node[0].last_poll, ANSWER_YES);
		assert_int_equal(l->node[1].last_poll, ANSWER_NO);
		free(l);
	}
}

static void a_corosync_that_ended_is_not_waited_for(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct event gone = { .type = EVENT_COROSYNC };

	(void)state;
	lab_step(l, &l->node[0], &gone);
	memset(&l->node[0].voter, 0, sizeof(l->node[0].voter));
	lab_view(l, 1, 6, second, 1);
	for (int i = 0; i < 2000; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[1].last_poll, ANSWER_NO);
	}
	assert_int_equal(l->node[1].pub.ring.seq, 6);
	assert_int_equal(l->node[1].pub.answer, ANSWER_YES);
	free(l);
}

static void a_disk_that_closes_during_adoption_is_adopted_anew(void **state)
{
	struct lab *l = lab_new(2);
	struct event e = { .type = EVENT_DISK_CLOSED };

	(void)state;
	l->disk[0].state = SLOT_RUNNING;
	l->disk[0].host_life = 5;
	l->disk[0].timings = timing_of(&l->policy);
	lab_start(l, 0, 101);
	lab_run(l, 300);
	e.u.rc = RC_GONE;
	lab_step(l, &l->node[0], &e);
	l->node[0].write_due = l->node[0].read_due = false;
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	e.u.facts = l->facts;
	lab_step(l, &l->node[0], &e);
	lab_run(l, 4000);
	assert_int_equal(l->disk[0].node_id, 1);
	assert_true(lab_noted(&l->node[0], NOTE_DISK_READY));
	free(l);
}

/* Node 1 was fenced and boots alone; node 2 goes on in the ring of both, its vote counted. */
static struct lab *lab_booted(void)
{
	struct lab *l = lab_ring_of_two();

	l->node[0].up = false;
	lab_run(l, 100);
	lab_start(l, 0, 201);
	lab_view(l, 0, 6, first, 1);
	return l;
}

/* It watches its slot for X first, then it is alone in its ring. */
static uint64_t booted_ms(const struct lab *l)
{
	struct timings t = timing_of(&l->policy);

	return timing_x_ms(&t);
}

static void who_has_booted_waits_for_the_ring_of_a_survivor(void **state)
{
	struct lab *l = lab_booted();
	uint64_t wait_ms = timing_detection_ms(&l->policy) + l->policy.settle_ms;

	(void)state;
	for (uint64_t i = 0; i < booted_ms(l) + wait_ms; i++) {
		lab_run(l, 1);
		assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	}
	/* Not for ever: totem may be as good as dead there. */
	lab_run(l, 1500);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

static void who_has_booted_does_not_wait_for_the_dead(void **state)
{
	struct lab *l = lab_booted();

	(void)state;
	lab_run(l, booted_ms(l) + 100);
	l->node[1].up = false;
	lab_run(l, booted_ms(l) + 200);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	free(l);
}

static void who_was_rebooted_is_no_member_of_the_last_grant(void **state)
{
	struct lab *l = lab_booted();

	(void)state;
	lab_run(l, booted_ms(l) + 300);
	lab_view(l, 1, 7, second, 1);
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[1].last_poll, ANSWER_NO);
	}
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].pub.ring.seq, 7);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

/* Of three nodes that were granted, node 1 boots alone and totem is as good as dead at the others;
 * its detection takes longer than the patience of a leader. */
static struct lab *lab_booted_of_three(void)
{
	struct lab *l = lab_new(3);

	l->policy.token_ms = 5000;
	lab_form(l, 3);
	l->node[0].up = false;
	lab_run(l, 100);
	lab_start(l, 0, 201);
	lab_view(l, 0, 6, first, 1);
	lab_run(l, booted_ms(l) + 1000);
	return l;
}

static void a_daemon_that_starts_again_and_again_makes_nobody_wait_for_ever(void **state)
{
	struct lab *l = lab_booted_of_three();

	(void)state;
	for (int i = 0; i < 10; i++) {
		l->node[2].up = false;
		lab_run(l, 1200);
		lab_start(l, 2, 103);
		lab_view(l, 2, 5, three, 3);
		lab_run(l, 500);
	}
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

/* Each time it is seen running once, casting nothing, and silent when it could be called live. */
static void a_daemon_that_dies_at_its_start_makes_nobody_wait_for_ever(void **state)
{
	struct lab *l = lab_booted_of_three();
	struct slot *s = &l->disk[2];

	(void)state;
	l->node[2].up = false;
	for (int i = 0; i < 10; i++) {
		lab_run(l, 1700);
		s->incarnation++;
		s->view.incarnation = s->incarnation;
		s->sequence += 1000;
		s->beats = 0;
		s->cast = CAST_NONE;
	}
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	free(l);
}

/* The disk comes or goes: what was outstanding is over. */
static void set_open(struct lab *l, uint32_t i, bool open)
{
	struct event e = { .type = open ? EVENT_DISK_OPENED : EVENT_DISK_CLOSED };

	if (open)
		e.u.facts = l->facts;
	l->node[i].write_due = l->node[i].read_due = false;
	lab_step(l, &l->node[i], &e);
}

/* Node 1 is without the disk while nodes 2 and 3 are granted their ring, and leads when they are
 * parted, that grant is revoked and node 3 is dead: the ring that it had been in is of the past. */
static void who_missed_the_last_grant_is_no_member_of_it(void **state)
{
	struct lab *l = lab_new(3);

	(void)state;
	lab_form(l, 3);
	set_open(l, 0, false);
	lab_view(l, 0, 6, first, 1);
	lab_view(l, 1, 6, &three[1], 2);
	lab_view(l, 2, 6, &three[1], 2);
	lab_run(l, 4000);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_true(lab_noted(&l->node[2], NOTE_LEADING));
	lab_view(l, 1, 7, second, 1);
	lab_view(l, 2, 7, &three[2], 1);
	for (int i = 0; i < 1000 && l->disk[2].value.grant.set != 0; i++)
		lab_run(l, 1);
	assert_int_equal(l->disk[2].value.grant.set, 0);
	l->node[2].up = false;
	set_open(l, 0, true);
	lab_run(l, 6000);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	free(l);
}

/* Node 1 was granted and is rebooted: its slot tells the new life when node 2 is added. */
static void growth_names_nobody_anew(void **state)
{
	struct lab *l = lab_new(3);
	const struct grant *g = &l->disk[2].value.grant;

	(void)state;
	for (uint32_t i = 0; i < 3; i += 2) {
		lab_start(l, i, 101 + i);
		lab_view(l, i, 5, three, 3);
	}
	lab_run(l, 8000);
	assert_true(lab_noted(&l->node[2], NOTE_LEADING));
	assert_int_equal(g->set, slot_bit(0) | slot_bit(2));
	l->node[0].up = false;
	l->disk[0].host_life = 201;
	l->disk[0].state = SLOT_STARTING;
	l->disk[0].sequence++;
	lab_start(l, 1, 102);
	lab_view(l, 1, 5, three, 3);
	lab_run(l, 4000);
	assert_int_equal(g->set, slot_bit(0) | slot_bit(1) | slot_bit(2));
	assert_int_equal(g->host_life[1], 102);
	assert_int_equal(g->host_life[0], 101);
	free(l);
}

/* Nothing of a device that is not registered is counted, in whatever ring. */
static void a_member_without_a_registered_device_is_not_waited_for(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct event e = { .type = EVENT_DEVICE };

	(void)state;
	e.u.device.node_id = 2;
	l->node[1].voter.registered = false;
	lab_step(l, &l->node[1], &e);
	lab_run(l, 2000);
	assert_int_equal(l->disk[1].cast, CAST_NONE);
	lab_view(l, 0, 6, both, 2);
	lab_view(l, 1, 6, both, 2);
	for (int i = 0; i < 2000; i++) {
		lab_run(l, 1);
		assert_int_not_equal(l->node[0].last_poll, ANSWER_NO);
	}
	assert_int_equal(l->node[0].pub.ring.seq, 6);
	assert_int_equal(l->node[0].pub.answer, ANSWER_YES);
	free(l);
}

static void hello_of(struct lab *l, uint32_t arbiter_index, uint64_t incarnation)
{
	struct event e = { .type = EVENT_HELLO, .arbiter_index = arbiter_index };

	e.u.hello.node_id = 2;
	e.u.hello.incarnation = incarnation;
	memcpy(e.u.hello.uuid, l->facts.uuid, UUID_SIZE);
	lab_step(l, &l->node[0], &e);
}

/* One disk here, three there: after a split each side would have most of its own list. */
static void who_has_the_shorter_list_of_arbiters_stops(void **state)
{
	static const uint32_t alone[] = { 1 };
	struct lab *l = lab_ring_of_two();
	struct one *n = &l->node[0];

	(void)state;
	hello_of(l, 2, 777);
	lab_run(l, 100);
	assert_int_equal(n->last_poll, ANSWER_NO);
	assert_int_equal(n->arb.reason, REASON_ARBITERS_DIFFER);
	assert_true(lab_noted(n, NOTE_ARBITERS_DIFFER));
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	/* A split does not change what that node may do. */
	l->node[1].up = false;
	lab_view(l, 0, 6, alone, 1);
	lab_run(l, 60000);
	assert_int_equal(n->last_poll, ANSWER_NO);
	/* It was started anew, with the same list. */
	hello_of(l, 0, 778);
	lab_run(l, 5000);
	assert_int_equal(n->last_poll, ANSWER_YES);
	free(l);
}

static void a_longer_list_outside_the_ring_is_none_of_its_business(void **state)
{
	static const uint32_t alone[] = { 1 };
	struct lab *l = lab_ring_of_two();

	(void)state;
	l->node[1].up = false;
	lab_view(l, 0, 6, alone, 1);
	lab_run(l, 10000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	hello_of(l, 2, 777);
	lab_run(l, 1000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_own_slot_that_does_not_read_back_puts_the_disk_out_of_use),
		cmocka_unit_test(a_disk_that_closes_during_adoption_is_adopted_anew),
		cmocka_unit_test(a_corosync_that_ended_is_not_waited_for),
		cmocka_unit_test(a_stall_of_the_whole_disk_moves_no_grant),
		cmocka_unit_test(a_restarted_holder_keeps_the_vote_against_the_other_partition),
		cmocka_unit_test(a_write_that_hangs_is_never_followed_by_another),
		cmocka_unit_test(nobody_casts_before_the_old_holders_have_stopped),
		cmocka_unit_test(both_nodes_of_a_ring_cast),
		cmocka_unit_test(survivor_takes_over_at_its_new_ring),
		cmocka_unit_test(split_goes_to_the_lowest_and_the_other_stops_first),
		cmocka_unit_test(a_healed_split_grants_both_and_never_says_no_to_the_holder),
		cmocka_unit_test(a_restarted_decider_resumes_within_its_hold),
		cmocka_unit_test(a_node_without_its_disk_says_no_after_the_hold),
		cmocka_unit_test(a_node_without_its_disk_says_no_to_a_new_ring_at_once),
		cmocka_unit_test(leaving_says_no_and_tells_the_disk_before_it_ends),
		cmocka_unit_test(a_returning_node_is_added_without_a_no_to_the_survivor),
		cmocka_unit_test(who_has_booted_waits_for_the_ring_of_a_survivor),
		cmocka_unit_test(who_has_booted_does_not_wait_for_the_dead),
		cmocka_unit_test(who_was_rebooted_is_no_member_of_the_last_grant),
		cmocka_unit_test(a_daemon_that_starts_again_and_again_makes_nobody_wait_for_ever),
		cmocka_unit_test(a_daemon_that_dies_at_its_start_makes_nobody_wait_for_ever),
		cmocka_unit_test(who_missed_the_last_grant_is_no_member_of_it),
		cmocka_unit_test(growth_names_nobody_anew),
		cmocka_unit_test(a_member_without_a_registered_device_is_not_waited_for),
		cmocka_unit_test(who_has_the_shorter_list_of_arbiters_stops),
		cmocka_unit_test(a_longer_list_outside_the_ring_is_none_of_its_business),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ends the counting of an own yes, and what does not (doc/protocol.md section 5, Stopping);
 * what a beat that began too early is worth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t both[] = { 1, 2 };

/* Two nodes cast; from now on node index 0 wants to say no and its voter polls nothing: what
 * votequorum counts goes on.  returns: when it polled last. */
static uint64_t say_no_unheard(struct lab *l)
{
	struct event unfit = { .type = EVENT_FITNESS };

	l->node[0].voter.host_life = 0;
	lab_step(l, &l->node[0], &unfit);
	assert_int_equal(l->node[0].pub.answer, ANSWER_NO);
	return l->node[0].voter.polled_ms;
}

/* The voter of node index 0 reports a "no"; two beats follow. */
static void report_no(struct lab *l, bool ok, uint64_t generation, uint64_t seq)
{
	struct event e = { .type = EVENT_POLL_DONE };

	e.u.poll.generation = generation;
	e.u.poll.ring = l->node[0].pub.ring;
	e.u.poll.ring.seq = seq;
	e.u.poll.answer = ANSWER_NO;
	e.u.poll.ok = ok;
	e.u.poll.start_ms = e.u.poll.end_ms = l->now_ms;
	lab_step(l, &l->node[0], &e);
	lab_run(l, 2 * (uint64_t)l->policy.interval_ms + 10);
}

static void a_no_that_corosync_took_ends_the_cast(void **state)
{
	struct lab *l = lab_ring_of_two();

	(void)state;
	(void)say_no_unheard(l);
	lab_run(l, 2 * (uint64_t)l->policy.interval_ms);
	assert_int_equal(l->disk[0].cast, CAST_GRANT);
	report_no(l, true, l->node[0].pub.generation, l->node[0].pub.ring.seq);
	assert_int_equal(l->disk[0].cast, CAST_NONE);
	free(l);
}

/* What the slot tells of the cast after such a "no". */
static enum cast_kind cast_after_no(bool ok, uint64_t generation_older, uint64_t seq_older)
{
	struct lab *l = lab_ring_of_two();
	enum cast_kind cast;

	(void)say_no_unheard(l);
	report_no(l, ok, l->node[0].pub.generation - generation_older,
		  l->node[0].pub.ring.seq - seq_older);
	cast = l->disk[0].cast;
	free(l);
	return cast;
}

static void a_no_that_corosync_refused_proves_nothing(void **state)
{
	(void)state;
	assert_int_equal(cast_after_no(false, 0, 0), CAST_GRANT);
}

static void a_no_of_another_ring_proves_nothing(void **state)
{
	(void)state;
	assert_int_equal(cast_after_no(true, 0, 1), CAST_GRANT);
}

/* The yes that was published then may have been polled after it. */
static void a_no_from_before_the_yes_was_withdrawn_proves_nothing(void **state)
{
	(void)state;
	assert_int_equal(cast_after_no(true, 1, 0), CAST_GRANT);
}

/* votequorum arms its timer again at the new ring (T2). */
static void without_a_no_the_cast_ends_d_after_the_last_ring(void **state)
{
	struct lab *l = lab_ring_of_two();
	uint64_t d_ms = l->policy.timeout_ms + l->policy.sync_timeout_ms;
	uint64_t polled_ms = say_no_unheard(l), ring_ms;

	(void)state;
	while (l->now_ms < polled_ms + l->policy.timeout_ms - 1)
		lab_run(l, 1);
	ring_ms = l->now_ms;
	lab_view(l, 0, 6, both, 2);
	while (l->now_ms < ring_ms + d_ms) {
		lab_run(l, 1);
		assert_int_not_equal(l->disk[0].cast, CAST_NONE);
	}
	lab_run(l, d_ms / 50 + 2 * (uint64_t)l->policy.interval_ms);
	assert_int_equal(l->disk[0].cast, CAST_NONE);
	free(l);
}

/* Its loop stood still while a beat was under way: only one that begins afterwards counts. */
static void a_beat_from_before_a_gap_of_the_loop_prolongs_nothing(void **state)
{
	struct lab *l = lab_ring_of_two();
	struct one *n = &l->node[0];
	uint64_t until_ms, written_ms;

	(void)state;
	while (!n->write_due)
		lab_run(l, 1);
	until_ms = n->pub.until_ms;
	written_ms = n->write_start_ms;
	l->now_ms += 2 * (uint64_t)l->policy.interval_ms + 10;
	lab_run(l, 2);
	assert_int_equal(n->pub.answer, ANSWER_YES);
	assert_int_equal(n->pub.until_ms, until_ms);
	while (n->pub.until_ms == until_ms && l->now_ms < until_ms)
		lab_run(l, 1);
	assert_true(n->pub.until_ms > written_ms + l->policy.hold_ms);
	free(l);
}

/* A revocation may go with the write that tells of the new ring, a grant may not. */
static void nothing_is_granted_by_a_read_from_before_the_ring(void **state)
{
	struct lab *l = lab_new(1);
	struct one *n = &l->node[0];

	(void)state;
	lab_form(l, 1);
	while (n->write_due || n->read_due)
		lab_run(l, 1);
	lab_view(l, 0, 6, both, 1);
	assert_true(n->write_due);
	assert_int_equal(n->block.view.ring.seq, 6);
	assert_int_equal(n->block.value.grant.ring.seq, 5);
	lab_run(l, 100);
	assert_int_equal(l->disk[0].value.grant.ring.seq, 6);
	assert_int_equal(n->pub.ring.seq, 6);
	assert_int_equal(n->last_poll, ANSWER_YES);
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_no_that_corosync_took_ends_the_cast),
		cmocka_unit_test(a_no_that_corosync_refused_proves_nothing),
		cmocka_unit_test(a_no_of_another_ring_proves_nothing),
		cmocka_unit_test(a_no_from_before_the_yes_was_withdrawn_proves_nothing),
		cmocka_unit_test(without_a_no_the_cast_ends_d_after_the_last_ring),
		cmocka_unit_test(a_beat_from_before_a_gap_of_the_loop_prolongs_nothing),
		cmocka_unit_test(nothing_is_granted_by_a_read_from_before_the_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

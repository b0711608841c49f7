/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/vote.h"

enum { NOW = 10000, UNTIL = 10400, REPEAT = 150 };

struct desk {
	struct publication p;
	struct voter_state s;
};

/* A yes that was never polled yet. */
static void decided_yes(struct desk *d)
{
	memset(d, 0, sizeof(*d));
	d->p.generation = 7;
	d->p.answer = ANSWER_YES;
	d->p.ring.seq = 12;
	d->p.ring.node_id = 1;
	d->p.host_life = 0xabc;
	d->p.until_ms = UNTIL;
	d->p.poll_ms = 90;
	d->p.repeat_ms = REPEAT;
	d->s.host_life = 0xabc;
	d->s.registered = true;
	d->s.ring = d->p.ring;
}

static void polled(struct desk *d, enum answer answer, bool forced_no, uint64_t at_ms)
{
	d->s.polled = true;
	d->s.polled_generation = d->p.generation;
	d->s.polled_answer = answer;
	d->s.polled_ms = at_ms;
	d->s.forced_no = forced_no;
}

#define EXPECT(d, now, want_answer, want_forced, want_again)                                       \
	do {                                                                                       \
		struct voter_order o_ = vote_judge(&(d)->p, &(d)->s, (now));                       \
                                                                                                   \
		assert_int_equal(o_.answer, want_answer);                                          \
		assert_int_equal(o_.forced_no, want_forced);                                       \
		assert_int_equal(o_.again_ms, want_again);                                         \
	} while (0)

/* Whatever the publication says, for a while around every time in it. */
static void never_polls(const struct desk *d)
{
	for (uint64_t now = NOW - 500; now < UNTIL + 2000; now += 7)
		assert_int_equal(vote_judge(&d->p, &d->s, now).answer, ANSWER_SILENT);
}

static void never_yes(const struct desk *d)
{
	for (uint64_t now = NOW - 500; now < UNTIL + 2000; now += 7)
		assert_int_not_equal(vote_judge(&d->p, &d->s, now).answer, ANSWER_YES);
}

static void nothing_is_polled_without_corosync_a_registration_and_a_ring(void **state)
{
	struct desk d;

	(void)state;
	for (int answer = ANSWER_SILENT; answer <= ANSWER_YES; answer++) {
		decided_yes(&d);
		d.p.answer = (enum answer)answer;
		d.s.host_life = 0;
		never_polls(&d);
		d.p.host_life = 0;
		never_polls(&d);
		decided_yes(&d);
		d.p.answer = (enum answer)answer;
		d.s.registered = false;
		never_polls(&d);
		decided_yes(&d);
		d.p.answer = (enum answer)answer;
		memset(&d.s.ring, 0, sizeof(d.s.ring));
		never_polls(&d);
		memset(&d.p.ring, 0, sizeof(d.p.ring));
		never_polls(&d);
	}
}

static void a_yes_is_never_polled_in_another_ring_or_life(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	d.s.ring.seq++;
	never_yes(&d);
	decided_yes(&d);
	d.s.ring.node_id++;
	never_yes(&d);
	decided_yes(&d);
	d.s.host_life++;
	never_yes(&d);
}

static void a_yes_is_never_polled_once_its_hold_has_passed(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	EXPECT(&d, UNTIL, ANSWER_NO, true, UNTIL + REPEAT);
	EXPECT(&d, UNTIL - 1, ANSWER_YES, false, UNTIL);
	polled(&d, ANSWER_YES, false, UNTIL - 1);
	EXPECT(&d, UNTIL, ANSWER_NO, true, UNTIL + REPEAT);
	polled(&d, ANSWER_NO, true, UNTIL);
	EXPECT(&d, UNTIL + 1, ANSWER_SILENT, true, UNTIL + REPEAT);
	EXPECT(&d, UNTIL + REPEAT, ANSWER_NO, true, UNTIL + 2 * REPEAT);
}

static void a_new_ring_is_waited_for_in_silence_until_the_old_hold_passes(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	d.s.ring.seq = 16;
	EXPECT(&d, NOW, ANSWER_SILENT, false, UNTIL);
	EXPECT(&d, UNTIL - 1, ANSWER_SILENT, false, UNTIL);
	EXPECT(&d, UNTIL, ANSWER_NO, true, UNTIL + REPEAT);
	d.p.answer = ANSWER_SILENT;
	EXPECT(&d, NOW, ANSWER_SILENT, false, UNTIL);
	EXPECT(&d, UNTIL, ANSWER_NO, true, UNTIL + REPEAT);
	/* Nobody ever voted: the ring's wait ends by itself. */
	d.p.answer = ANSWER_NO;
	never_polls(&d);
}

/* The voter stood still when the "no" came, and again the ring is another one. */
static void a_no_that_was_not_polled_is_polled_in_the_next_ring(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	polled(&d, ANSWER_YES, false, NOW);
	d.p.generation++;
	d.p.answer = ANSWER_NO;
	d.s.ring.seq = 16;
	d.s.polled = false; /* in this ring */
	EXPECT(&d, NOW + 1, ANSWER_NO, true, NOW + 1 + REPEAT);
	polled(&d, ANSWER_NO, true, NOW + 1);
	never_polls(&d);
	/* What was decided for another corosync, or for none, is no word about this yes. */
	polled(&d, ANSWER_YES, false, NOW);
	d.p.host_life++;
	never_polls(&d);
	d.p.host_life--;
	memset(&d.p.ring, 0, sizeof(d.p.ring));
	never_polls(&d);
}

static void silence_for_the_present_ring_ends_with_a_no(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	d.p.answer = ANSWER_SILENT;
	EXPECT(&d, NOW, ANSWER_SILENT, false, UNTIL);
	EXPECT(&d, UNTIL, ANSWER_NO, true, UNTIL + REPEAT);
	never_yes(&d);
}

static void a_change_of_the_publication_is_polled_at_once(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	polled(&d, ANSWER_YES, false, NOW);
	EXPECT(&d, NOW + 1, ANSWER_SILENT, false, NOW + REPEAT);
	d.p.generation++;
	EXPECT(&d, NOW + 1, ANSWER_YES, false, NOW + 1 + REPEAT);
	d.p.answer = ANSWER_NO;
	EXPECT(&d, NOW + 1, ANSWER_NO, false, NOW + 1 + REPEAT);
	/* The same generation, but what was polled was the voter's own "no". */
	polled(&d, ANSWER_NO, true, NOW);
	EXPECT(&d, NOW + 1, ANSWER_NO, false, NOW + 1 + REPEAT);
}

static void one_answer_is_repeated_before_corosync_forgets_it(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	EXPECT(&d, NOW, ANSWER_YES, false, NOW + REPEAT);
	polled(&d, ANSWER_YES, false, NOW);
	EXPECT(&d, NOW + REPEAT - 1, ANSWER_SILENT, false, NOW + REPEAT);
	EXPECT(&d, NOW + REPEAT, ANSWER_YES, false, NOW + 2 * REPEAT);
	/* A late wake-up polls at once and counts from there. */
	EXPECT(&d, NOW + 200, ANSWER_YES, false, NOW + 200 + REPEAT);
	/* A hold that ends before is judged when it ends. */
	d.p.until_ms = NOW + REPEAT + 10;
	EXPECT(&d, NOW + REPEAT, ANSWER_YES, false, NOW + REPEAT + 10);
	decided_yes(&d);
	d.p.answer = ANSWER_NO;
	d.p.until_ms = 0;
	EXPECT(&d, NOW, ANSWER_NO, false, NOW + REPEAT);
	polled(&d, ANSWER_NO, false, NOW);
	EXPECT(&d, NOW + REPEAT, ANSWER_NO, false, NOW + 2 * REPEAT);
}

static void an_order_never_asks_to_be_judged_again_in_the_past(void **state)
{
	struct desk d;

	(void)state;
	for (int answer = ANSWER_SILENT; answer <= ANSWER_YES; answer++) {
		for (int other = 0; other < 2; other++) {
			for (int repeat = 0; repeat < 2; repeat++) {
				decided_yes(&d);
				d.p.answer = (enum answer)answer;
				d.s.ring.seq += (uint32_t)other;
				d.p.repeat_ms = repeat ? REPEAT : 0;
				for (uint64_t now = NOW; now < UNTIL + 1000; now++) {
					struct voter_order o = vote_judge(&d.p, &d.s, now);

					assert_true(o.again_ms > now);
					if (o.answer != ANSWER_SILENT)
						polled(&d, o.answer, o.forced_no, now);
				}
			}
		}
	}
}

static void a_yes_that_took_too_long_or_was_withdrawn_meanwhile_must_be_taken_back(void **state)
{
	struct desk d;

	(void)state;
	decided_yes(&d);
	assert_false(vote_overran(&d.p, NOW, NOW));
	assert_false(vote_overran(&d.p, NOW, NOW + 90));
	assert_true(vote_overran(&d.p, NOW, NOW + 91));
	assert_false(vote_overran(&d.p, UNTIL - 50, UNTIL - 1));
	assert_true(vote_overran(&d.p, UNTIL - 50, UNTIL));
	d.p.answer = ANSWER_NO;
	assert_true(vote_overran(&d.p, NOW, NOW + 1));
	d.p.answer = ANSWER_SILENT;
	assert_true(vote_overran(&d.p, NOW, NOW + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_polled_without_corosync_a_registration_and_a_ring),
		cmocka_unit_test(a_yes_is_never_polled_in_another_ring_or_life),
		cmocka_unit_test(a_yes_is_never_polled_once_its_hold_has_passed),
		cmocka_unit_test(a_new_ring_is_waited_for_in_silence_until_the_old_hold_passes),
		cmocka_unit_test(a_no_that_was_not_polled_is_polled_in_the_next_ring),
		cmocka_unit_test(silence_for_the_present_ring_ends_with_a_no),
		cmocka_unit_test(a_change_of_the_publication_is_polled_at_once),
		cmocka_unit_test(one_answer_is_repeated_before_corosync_forgets_it),
		cmocka_unit_test(an_order_never_asks_to_be_judged_again_in_the_past),
		cmocka_unit_test(
			a_yes_that_took_too_long_or_was_withdrawn_meanwhile_must_be_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

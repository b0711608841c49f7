/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node that loses: its poison, on_loss, its watchdog (doc/protocol.md section 9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_evict.h"

static void who_reads_its_poison_stops_casting_and_does_as_configured(void **state)
{
	struct lab *l = lab_evicting(2);

	(void)state;
	assert_int_equal(l->disk[0].poison_count, 1);
	/* The path is back: the first complete read shows the poison. */
	l->node[1].path = true;
	lab_run(l, 500);
	assert_int_equal(l->node[1].self, SELF_REBOOT);
	assert_int_equal(l->node[1].pub.answer, ANSWER_NO);
	assert_int_equal(l->node[1].arb.reason, REASON_POISONED);
	lab_run(l, 10000);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	/* Nothing may keep it alive. */
	assert_true(arb_alive_until_ms(&l->node[1].arb) == 0);
	assert_true(arb_alive_until_ms(&l->node[0].arb) > l->now_ms);
	free(l);
}

static void poison_by_hand_needs_no_vote_and_a_beat_of_ones_own(void **state)
{
	static struct arb_status s;
	struct lab *l = lab_of(2);

	(void)state;
	tell_quorate(l, 0, false);
	assert_int_equal(ask(l, 0, 1, EVICT_ASK_POISON), EVICT_GATE_SELF);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_POISON), EVICT_GATE_OPEN);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_int_equal(s.evict.poison_count, 1);
	assert_false(s.evict.poison[0].written);
	lab_run(l, 300);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(s.evict.poison[0].written);
	assert_int_equal(l->node[1].self, SELF_REBOOT);
	assert_int_equal(l->node[0].orders, 0);
	lose_disk(l, 0);
	lab_run(l, 1000);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_POISON), EVICT_GATE_OWN_BEAT);
	free(l);
}

static void on_loss_acts_once_after_the_vote_was_lost_for_long(void **state)
{
	struct lab *l = lab_of(2);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.on_loss = SELF_STOP;
	e.u.policy = l->policy;
	tell(l, 1, &e);
	lose_disk(l, 1);
	lab_run(l, l->policy.hold_ms + l->policy.dead_ms - 250);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	lab_run(l, 500);
	assert_int_equal(l->node[1].self, SELF_STOP);
	l->node[1].self = SELF_NOTHING;
	lab_run(l, 3000);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	/* By default nothing is done. */
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
}

static void on_loss_does_not_mean_who_never_had_the_vote_or_leaves(void **state)
{
	struct lab *l = lab_new(2);
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	l->policy.on_loss = SELF_REBOOT;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, all, 2);
	l->node[0].path = false;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
	l = lab_of(2);
	l->policy.on_loss = SELF_REBOOT;
	tell(l, 0, &leave);
	lab_run(l, 5000);
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
}

static void a_watchdog_stays_armed_while_the_disk_says_so(void **state)
{
	struct lab *l = lab_of(2);
	struct event armed = { .type = EVENT_WATCHDOG };
	struct event closed = { .type = EVENT_DISK_CLOSED };
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	armed.u.watchdog_ms = 6000;
	tell(l, 1, &armed);
	lab_run(l, 200);
	assert_true(l->disk[1].watchdog_armed);
	closed.u.rc = RC_GONE;
	tell(l, 1, &closed);
	tell(l, 1, &leave);
	lab_run(l, 3000);
	assert_true(l->node[1].left);
	assert_false(arb_unwatched(&l->node[1].arb));
	free(l);
}

static void the_watchdog_is_declared_and_taken_back_before_the_end(void **state)
{
	struct lab *l = lab_of(2);
	struct event armed = { .type = EVENT_WATCHDOG };
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	armed.u.watchdog_ms = 6000;
	tell(l, 1, &armed);
	lab_run(l, 200);
	assert_true(l->disk[1].watchdog_armed);
	assert_int_equal(l->disk[1].watchdog_ms, 6000);
	lose_disk(l, 1);
	lab_run(l, 1000);
	assert_true(arb_alive_until_ms(&l->node[1].arb) < l->now_ms);
	l->node[1].path = true;
	lab_run(l, 1000);
	tell(l, 1, &leave);
	lab_run(l, 200);
	assert_true(l->node[1].left);
	assert_false(l->disk[1].watchdog_armed);
	assert_true(arb_unwatched(&l->node[1].arb));
	free(l);
}

/* Others call it dead by the hold that its slot tells of. */
static void a_longer_hold_feeds_the_watchdog_when_the_slot_tells_of_it(void **state)
{
	struct lab *l = lab_of(2);
	struct one *n = &l->node[1];
	struct event e = { .type = EVENT_CONFIG };
	uint64_t until_ms;

	(void)state;
	until_ms = arb_alive_until_ms(&n->arb);
	e.u.policy = l->policy;
	e.u.policy.dead_ms *= 10;
	e.u.policy.hold_ms *= 10;
	lose_disk(l, 1);
	tell(l, 1, &e);
	lab_run(l, 1000);
	assert_true(arb_alive_until_ms(&n->arb) <= until_ms);
	n->path = true;
	lab_run(l, 1000);
	assert_int_equal(l->disk[1].timings.hold_ms, e.u.policy.hold_ms);
	assert_true(arb_alive_until_ms(&n->arb) > l->now_ms + l->policy.hold_ms);
	free(l);
}

/* Whom fence_qarb calls dead was silent on most disks, so that one of these says it. */
static void most_disks_that_say_unwatched_are_enough(void **state)
{
	static struct arb a;

	(void)state;
	a.policy.arbiter_count = 3;
	for (uint32_t i = 0; i < 3; i++) {
		a.policy.arbiter_type[i] = ARBITER_DISK;
		a.disk[i].own.beats = 1;
	}
	assert_true(arb_unwatched(&a));
	a.disk[0].own.beats = 0; /* never came */
	assert_true(arb_unwatched(&a));
	a.disk[1].beat = BEAT_WRITING;
	assert_false(arb_unwatched(&a));
	a.disk[1].beat = BEAT_IDLE;
	a.disk[1].written.watchdog_ms = 6000;
	assert_false(arb_unwatched(&a));
	a.policy.arbiter_type[1] = ARBITER_QNETD; /* of two disks both */
	assert_false(arb_unwatched(&a));
	a.disk[0].own.beats = 1;
	assert_true(arb_unwatched(&a));
}

/* Of a node whose corosync has ended, too; not while this node does not read its disk. */
static void at_work_is_whose_slot_is_seen_to_change(void **state)
{
	static struct arb_status s;
	const struct peer_status *p = &s.disk[0].peer[1];
	struct lab *l = lab_of(2);
	struct event gone = { .type = EVENT_COROSYNC };

	(void)state;
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(p->live && p->at_work);
	tell(l, 1, &gone);
	lab_run(l, 5000);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(!p->live && p->at_work);
	lose_disk(l, 0);
	lab_run(l, 600000);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(!p->at_work);
	/* What changed while nobody looked may have changed long ago. */
	l->node[1].up = false;
	l->node[0].path = true;
	lab_run(l, 300);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(s.disk[0].beat_age_ms < l->policy.dead_ms && p->silent_ms < 1000);
	assert_true(!p->at_work);
	free(l);
}

/* The look that follows does not show yet what the slot says. */
static void a_write_that_failed_takes_no_watchdog_back(void **state)
{
	static const enum event_type kind[] = { EVENT_WATCHDOG, EVENT_LEAVE };

	(void)state;
	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		struct lab *l = lab_of(2);
		struct event e = { .type = EVENT_WATCHDOG };
		uint64_t until;

		e.u.watchdog_ms = 6000;
		tell(l, 1, &e);
		lab_run(l, 300);
		assert_true(l->disk[1].watchdog_armed);
		while (l->node[1].write_due)
			lab_run(l, 1);
		memset(&e, 0, sizeof(e));
		e.type = kind[i];
		tell(l, 1, &e);
		assert_false(arb_unwatched(&l->node[1].arb));
		for (until = l->now_ms + 10000; l->now_ms < until; lab_run(l, 1)) {
			lab_fail_write(l, &l->node[1]); /* its reads go on */
			assert_true(l->disk[1].watchdog_armed);
			assert_false(arb_unwatched(&l->node[1].arb) || l->node[1].left);
		}
		free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_reads_its_poison_stops_casting_and_does_as_configured),
		cmocka_unit_test(poison_by_hand_needs_no_vote_and_a_beat_of_ones_own),
		cmocka_unit_test(on_loss_acts_once_after_the_vote_was_lost_for_long),
		cmocka_unit_test(on_loss_does_not_mean_who_never_had_the_vote_or_leaves),
		cmocka_unit_test(a_watchdog_stays_armed_while_the_disk_says_so),
		cmocka_unit_test(the_watchdog_is_declared_and_taken_back_before_the_end),
		cmocka_unit_test(a_longer_hold_feeds_the_watchdog_when_the_slot_tells_of_it),
		cmocka_unit_test(most_disks_that_say_unwatched_are_enough),
		cmocka_unit_test(at_work_is_whose_slot_is_seen_to_change),
		cmocka_unit_test(a_write_that_failed_takes_no_watchdog_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/agent/verdict.h"

enum { TARGET = 2, LIFE = 500, HOST = 900, WATCHDOG_MS = 10000 };

/* Large. */
static struct arb_status status;
static struct verdict_facts facts;
static const struct life old_life = { .incarnation = LIFE, .host_life = HOST };
static const struct life no_life;

static struct peer_status *peer(uint32_t disk)
{
	return &status.disk[disk].peer[1];
}

/* Node 1 looks at so many disks; on all of them node 2 runs, with an armed watchdog. */
static void look_at(uint32_t disks)
{
	memset(&status, 0, sizeof(status));
	status.node_id = 1;
	status.arbiter_count = disks;
	for (uint32_t i = 0; i < disks; i++) {
		struct disk_status *d = &status.disk[i];
		struct peer_status *p = peer(i);

		status.policy.arbiter_type[i] = ARBITER_DISK;
		d->phase = DISK_BEATING;
		d->shared = true;
		d->beat_age_ms = 100;
		d->peer[0].node_id = 1;
		p->node_id = TARGET;
		p->state = SLOT_RUNNING;
		p->live = true;
		p->incarnation = LIFE;
		p->host_life = HOST;
		p->silent_ms = 50;
		p->watchdog_armed = true;
		p->watchdog_ms = WATCHDOG_MS;
	}
}

static void fall_silent(uint32_t disk, uint64_t ms)
{
	peer(disk)->live = false;
	peer(disk)->silent_ms = ms + status.disk[disk].beat_age_ms;
}

static enum verdict judge(void)
{
	return verdict_judge(&status, TARGET, &old_life, 0, &facts);
}

static void a_running_node_is_running(void **state)
{
	(void)state;
	look_at(1);
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_true(facts.life.incarnation == LIFE && facts.life.host_life == HOST);
	assert_true(facts.watchdog_armed);
	assert_int_equal(facts.watchdog_ms, WATCHDOG_MS);
	assert_int_equal(facts.silent_ms, 0);
}

static void silence_counts_from_the_watchdogs_time_on_by_the_slower_clock(void **state)
{
	(void)state;
	look_at(1);
	fall_silent(0, WATCHDOG_MS);
	assert_int_equal(judge(), VERDICT_SILENT);
	fall_silent(0, WATCHDOG_MS * 1021 / 1000 - 1);
	assert_int_equal(judge(), VERDICT_SILENT);
	fall_silent(0, WATCHDOG_MS * 1021 / 1000);
	assert_int_equal(judge(), VERDICT_DEAD);
}

static void without_an_armed_watchdog_no_silence_is_death(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->watchdog_armed = false;
	fall_silent(0, 3600000);
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_false(facts.watchdog_armed);
	peer(0)->watchdog_armed = true;
	peer(0)->watchdog_ms = 0;
	assert_int_equal(judge(), VERDICT_SILENT);
}

/* The slot has not changed for an hour because nobody looked. */
static void silence_that_was_not_read_is_none(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->live = false;
	peer(0)->silent_ms = 3600000;
	status.disk[0].beat_age_ms = 3600000 - 5000;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 5000);
	status.disk[0].beat_age_ms = 3700000;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 0);
	status.disk[0].beat_age_ms = UINT64_MAX;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 0);
}

static void a_disk_that_is_out_or_not_shared_shows_nothing(void **state)
{
	(void)state;
	look_at(1);
	fall_silent(0, 3600000);
	status.disk[0].phase = DISK_OUT;
	assert_int_equal(judge(), VERDICT_NO_SLOT);
	status.disk[0].phase = DISK_BEATING;
	status.disk[0].shared = false;
	assert_int_equal(judge(), VERDICT_NO_SLOT);
	status.disk[0].shared = true;
	assert_int_equal(judge(), VERDICT_DEAD);
	peer(0)->silent_ms = UINT64_MAX;
	assert_int_equal(judge(), VERDICT_NO_SLOT);
}

static void silence_must_be_on_more_than_half_of_the_disks(void **state)
{
	(void)state;
	look_at(3);
	fall_silent(0, 60000);
	assert_int_equal(judge(), VERDICT_RUNNING);
	fall_silent(1, 30000);
	assert_int_equal(judge(), VERDICT_DEAD);
	assert_int_equal(facts.silent_ms, 30000);
	/* Two of three are silent, but one of those cannot be read here. */
	status.disk[1].phase = DISK_CLOSED;
	assert_int_equal(judge(), VERDICT_RUNNING);
	look_at(2);
	fall_silent(0, 60000);
	status.disk[1].phase = DISK_CLOSED;
	assert_int_equal(judge(), VERDICT_SILENT);
}

static void a_server_is_no_disk(void **state)
{
	(void)state;
	look_at(3);
	status.policy.arbiter_type[1] = ARBITER_QNETD;
	status.policy.arbiter_type[2] = ARBITER_QNETD;
	fall_silent(0, 60000);
	assert_int_equal(judge(), VERDICT_DEAD);
}

static void one_disk_without_a_watchdog_is_enough_to_doubt(void **state)
{
	(void)state;
	look_at(3);
	for (uint32_t i = 0; i < 3; i++)
		fall_silent(i, 60000);
	peer(1)->watchdog_armed = false;
	assert_int_equal(judge(), VERDICT_SILENT);
	peer(1)->watchdog_armed = true;
	peer(1)->watchdog_ms = 70000;
	assert_int_equal(judge(), VERDICT_SILENT);
}

static void a_later_life_needs_another_daemon_and_another_corosync(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->state = SLOT_STARTING;
	peer(0)->incarnation = LIFE + 1;
	assert_int_equal(judge(), VERDICT_RUNNING); /* a daemon that was restarted */
	assert_int_equal(facts.life.incarnation, LIFE + 1);
	peer(0)->host_life = 0; /* it has not met its corosync yet */
	assert_int_equal(judge(), VERDICT_RUNNING);
	peer(0)->host_life = HOST + 1;
	assert_int_equal(judge(), VERDICT_REBORN);
	peer(0)->state = SLOT_RUNNING;
	assert_int_equal(judge(), VERDICT_REBORN);
	assert_int_equal(verdict_judge(&status, TARGET, &no_life, 0, &facts), VERDICT_RUNNING);
	peer(0)->incarnation = LIFE;
	assert_int_equal(judge(), VERDICT_RUNNING);
}

static void who_left_or_never_ran_reads_no_poison(void **state)
{
	(void)state;
	look_at(1);
	fall_silent(0, 3600000);
	peer(0)->state = SLOT_LEAVING;
	assert_int_equal(judge(), VERDICT_LEFT);
	peer(0)->state = SLOT_NEVER;
	assert_int_equal(judge(), VERDICT_NEVER);
	assert_int_equal(verdict_judge(&status, 7, &old_life, 0, &facts), VERDICT_NO_SLOT);
}

static void what_is_called_unsafe_counts_only_when_asked_for(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->watchdog_armed = false;
	fall_silent(0, 29999);
	assert_int_equal(verdict_judge(&status, TARGET, &old_life, 30000, &facts), VERDICT_SILENT);
	fall_silent(0, 30000);
	assert_int_equal(verdict_judge(&status, TARGET, &old_life, 30000, &facts), VERDICT_UNSAFE);
	assert_int_equal(judge(), VERDICT_SILENT);
	/* A watchdog that has fired is proof all the same. */
	peer(0)->watchdog_armed = true;
	assert_int_equal(verdict_judge(&status, TARGET, &old_life, 30000, &facts), VERDICT_DEAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_running_node_is_running),
		cmocka_unit_test(silence_counts_from_the_watchdogs_time_on_by_the_slower_clock),
		cmocka_unit_test(without_an_armed_watchdog_no_silence_is_death),
		cmocka_unit_test(silence_that_was_not_read_is_none),
		cmocka_unit_test(a_disk_that_is_out_or_not_shared_shows_nothing),
		cmocka_unit_test(silence_must_be_on_more_than_half_of_the_disks),
		cmocka_unit_test(a_server_is_no_disk),
		cmocka_unit_test(one_disk_without_a_watchdog_is_enough_to_doubt),
		cmocka_unit_test(a_later_life_needs_another_daemon_and_another_corosync),
		cmocka_unit_test(who_left_or_never_ran_reads_no_poison),
		cmocka_unit_test(what_is_called_unsafe_counts_only_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

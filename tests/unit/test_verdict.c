/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/agent/verdict.h"

enum { TARGET = 2, LIFE = 500, HOST = 900, WATCHDOG_MS = 10000, DEAD_MS = 1000 };

/* Large. */
static struct arb_status status;
static struct verdict_facts facts;
static struct verdict_memory memory;

static struct peer_status *peer(uint32_t disk)
{
	return &status.disk[disk].peer[1];
}

/* Node 1 looks at so many disks; on all of them node 2 runs, with an armed watchdog. */
static void look_at(uint32_t disks)
{
	memset(&status, 0, sizeof(status));
	memset(&memory, 0, sizeof(memory));
	status.node_id = 1;
	status.arbiter_count = disks;
	status.policy.dead_ms = DEAD_MS;
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
		p->at_work = true;
		p->incarnation = LIFE;
		p->host_life = HOST;
		p->silent_ms = 50;
		p->watchdog_armed = true;
		p->watchdog_ms = WATCHDOG_MS;
	}
}

static void fall_silent(uint32_t disk, uint64_t ms)
{
	peer(disk)->at_work = false;
	peer(disk)->silent_ms = ms + status.disk[disk].beat_age_ms;
}

static enum verdict judge(void)
{
	return verdict_judge(&status, TARGET, &memory, 0, &facts);
}

static void a_running_node_is_running(void **state)
{
	(void)state;
	look_at(1);
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_true(memory.life.incarnation == LIFE && memory.life.host_life == HOST);
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
	peer(0)->at_work = false;
	peer(0)->silent_ms = 5000;
	status.disk[0].beat_age_ms = DEAD_MS - 1;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 5000 - (DEAD_MS - 1));
	peer(0)->silent_ms = 3600000;
	status.disk[0].beat_age_ms = 3700000;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 0);
	status.disk[0].beat_age_ms = UINT64_MAX;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(facts.silent_ms, 0);
}

/* It was silent for long before this node's disk stood still: it may live again since. */
static void a_proof_that_ended_long_ago_is_none(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->at_work = false;
	peer(0)->silent_ms = 3600000 + 20000;
	status.disk[0].beat_age_ms = 3600000;
	assert_int_equal(judge(), VERDICT_SILENT);
	status.disk[0].beat_age_ms = DEAD_MS - 1;
	assert_int_equal(judge(), VERDICT_DEAD);
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

/* One disk shows another life; live: at work. */
static void show(uint32_t disk, uint64_t incarnation, uint64_t host_life, bool live)
{
	peer(disk)->state = SLOT_STARTING;
	peer(disk)->incarnation = incarnation;
	peer(disk)->host_life = host_life;
	peer(disk)->at_work = live;
	peer(disk)->silent_ms = 0;
}

static void a_later_life_needs_another_daemon_and_another_corosync(void **state)
{
	(void)state;
	look_at(1);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 1, HOST, true);
	assert_int_equal(judge(), VERDICT_RUNNING); /* a daemon that was restarted */
	assert_int_equal(memory.life.incarnation, LIFE + 1);
	show(0, LIFE + 2, 0, true); /* it has not met its corosync yet */
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_int_equal(memory.life.incarnation, LIFE + 2);
	show(0, LIFE + 2, HOST, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 3, HOST + 1, true);
	assert_int_equal(judge(), VERDICT_REBORN);
	peer(0)->state = SLOT_RUNNING;
	assert_int_equal(judge(), VERDICT_REBORN);
	memset(&memory, 0, sizeof(memory));
	assert_int_equal(judge(), VERDICT_RUNNING);
}

static void a_life_is_later_also_if_its_corosync_shows_late(void **state)
{
	(void)state;
	look_at(1);
	(void)judge();
	show(0, LIFE + 1, 0, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 1, HOST + 1, true);
	/* The daemon is the same as a look ago, which was not known to be another life. */
	assert_int_equal(judge(), VERDICT_REBORN);
}

static void a_daemon_outlives_its_corosync(void **state)
{
	(void)state;
	look_at(1);
	(void)judge();
	show(0, LIFE, 0, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE, HOST + 1, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 1, HOST + 1, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 2, HOST + 2, true);
	assert_int_equal(judge(), VERDICT_REBORN);
}

/* Disk 2 was lost before: with an older daemon beside the present corosync, or with an older
 * corosync of the present daemon.  Then the other of the two is restarted. */
static void what_a_lost_disk_shows_of_this_host_is_no_later_life(void **state)
{
	(void)state;
	for (int corosync = 0; corosync < 2; corosync++) {
		look_at(3);
		peer(2)->incarnation = corosync ? LIFE - 1 : LIFE;
		peer(2)->host_life = corosync ? HOST : HOST - 1;
		fall_silent(2, 3600000);
		for (int look = 0; look < 5; look++) {
			assert_int_equal(judge(), VERDICT_RUNNING);
			for (uint32_t i = 0; look == 1 && i < 2; i++) {
				peer(i)->incarnation = corosync ? LIFE : LIFE + 1;
				peer(i)->host_life = corosync ? HOST + 1 : HOST;
			}
		}
	}
}

/* An orderly restart of the daemon; then the node lost disk 2. */
static void what_an_older_daemon_said_counts_no_more(void **state)
{
	(void)state;
	look_at(3);
	peer(2)->incarnation = LIFE - 1;
	peer(2)->state = SLOT_LEAVING;
	peer(2)->watchdog_armed = false;
	fall_silent(2, 3600000);
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_true(facts.watchdog_armed);
}

/* A slot that nobody has written says nothing of the node's watchdog. */
static void an_empty_slot_counts_for_nothing(void **state)
{
	(void)state;
	look_at(3);
	for (uint32_t i = 0; i < 3; i++)
		fall_silent(i, 60000);
	peer(2)->state = SLOT_NEVER;
	peer(2)->incarnation = peer(2)->host_life = 0;
	peer(2)->watchdog_armed = false;
	peer(2)->watchdog_ms = 0;
	assert_int_equal(judge(), VERDICT_DEAD);
}

/* Its next life reaches no disk. */
static void who_was_at_work_and_out_is_dead_though_its_next_life_is_a_member(void **state)
{
	(void)state;
	look_at(1);
	assert_int_equal(judge(), VERDICT_RUNNING);
	fall_silent(0, 60000);
	status.view.members.count = 2;
	status.view.members.node_id[0] = 1;
	status.view.members.node_id[1] = TARGET;
	assert_int_equal(judge(), VERDICT_DEAD);
	/* In the ring all the time. */
	memset(&memory, 0, sizeof(memory));
	peer(0)->at_work = true;
	peer(0)->silent_ms = 0;
	assert_int_equal(judge(), VERDICT_RUNNING);
	fall_silent(0, 60000);
	assert_int_equal(judge(), VERDICT_SILENT);
}

/* Its corosync was not known: what comes with one may be the same life. */
static void what_is_not_known_is_no_later_life(void **state)
{
	(void)state;
	look_at(1);
	show(0, LIFE, 0, true);
	(void)judge();
	show(0, LIFE + 1, HOST, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 2, HOST, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	show(0, LIFE + 3, HOST + 1, true);
	assert_int_equal(judge(), VERDICT_REBORN);
}

/* A disk that the node has no path to goes on showing a life that ended long ago. */
static void what_an_older_life_left_behind_is_no_later_one(void **state)
{
	(void)state;
	for (uint32_t stale = 0; stale < 3; stale++) {
		look_at(3);
		show(stale, LIFE - 1, HOST - 1, false);
		peer(stale)->silent_ms = 86400000;
		assert_int_equal(judge(), VERDICT_RUNNING);
		assert_int_equal(memory.life.incarnation, LIFE);
		assert_int_equal(judge(), VERDICT_RUNNING);
		/* This node has just found the disk. */
		peer(stale)->silent_ms = 0;
		assert_int_equal(judge(), VERDICT_RUNNING);
		assert_int_equal(memory.life.incarnation, LIFE);
		/* Now the node writes to it, too, as the life that it is. */
		show(stale, LIFE, HOST, true);
		assert_int_equal(judge(), VERDICT_RUNNING);
		show(stale, LIFE + 1, HOST + 1, true);
		assert_int_equal(judge(), VERDICT_REBORN);
	}
}

/* All were silent at first: nothing tells which of two lives is the later one. */
static void a_life_that_was_not_seen_at_work_has_no_later_one(void **state)
{
	(void)state;
	look_at(3);
	fall_silent(1, 2000);
	fall_silent(2, 2000);
	show(0, LIFE - 1, HOST - 1, false);
	assert_int_equal(judge(), VERDICT_SILENT);
	show(0, LIFE, HOST, true);
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_int_equal(memory.life.incarnation, LIFE);
	show(0, LIFE + 1, HOST + 1, true);
	assert_int_equal(judge(), VERDICT_REBORN);
}

static void what_an_older_life_said_of_itself_counts_no_more(void **state)
{
	(void)state;
	look_at(3);
	show(2, LIFE - 1, HOST - 1, false);
	peer(2)->silent_ms = 86400000;
	peer(2)->state = SLOT_LEAVING;
	peer(2)->watchdog_armed = false;
	peer(2)->watchdog_ms = 5 * WATCHDOG_MS;
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_true(facts.watchdog_armed);
	assert_int_equal(facts.watchdog_ms, WATCHDOG_MS);
	peer(2)->watchdog_armed = true;
	peer(1)->watchdog_armed = false;
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_false(facts.watchdog_armed);
	/* As long as none works it may be the last word. */
	look_at(3);
	fall_silent(0, 60000);
	fall_silent(1, 60000);
	show(2, LIFE - 1, HOST - 1, false);
	peer(2)->state = SLOT_LEAVING;
	assert_int_equal(judge(), VERDICT_LEFT);
}

/* A node that came back without a path to any disk shows its last life, silent for long. */
static void a_member_of_the_own_ring_is_not_dead(void **state)
{
	(void)state;
	look_at(1);
	fall_silent(0, 3600000);
	status.view.members.count = 2;
	status.view.members.node_id[0] = 1;
	status.view.members.node_id[1] = TARGET;
	assert_int_equal(judge(), VERDICT_SILENT);
	assert_int_equal(verdict_judge(&status, TARGET, &memory, 30000, &facts), VERDICT_SILENT);
	status.view.members.count = 1;
	assert_int_equal(judge(), VERDICT_DEAD);
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
	assert_int_equal(verdict_judge(&status, 7, &memory, 0, &facts), VERDICT_NO_SLOT);
}

/* It may be the next life of the node, whose corosync is not there yet. */
static void a_daemon_that_came_during_the_hunt_is_poisoned_when_its_corosync_is_known(void **state)
{
	(void)state;
	look_at(1);
	status.now_ms = 1000;
	(void)judge();
	assert_true(verdict_poison(&memory, status.now_ms) == LIFE);
	peer(0)->incarnation = LIFE + 1;
	peer(0)->host_life = 0;
	peer(0)->state = SLOT_STARTING;
	status.now_ms = 2000;
	assert_int_equal(judge(), VERDICT_RUNNING);
	assert_true(verdict_poison(&memory, 2000) == 0);
	assert_true(verdict_poison(&memory, 11999) == 0);
	/* It has none. */
	assert_true(verdict_poison(&memory, 12000) == LIFE + 1);
	/* It is of the same host. */
	peer(0)->host_life = HOST;
	status.now_ms = 2200;
	(void)judge();
	assert_true(verdict_poison(&memory, 2200) == LIFE + 1);
}

/* The order is for the node as it was then, however far its start had got. */
static void a_daemon_without_a_corosync_is_poisoned_at_once_when_the_hunt_begins(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->host_life = 0;
	status.now_ms = 1000;
	(void)judge();
	assert_true(verdict_poison(&memory, 1000) == LIFE);
}

static void what_is_called_unsafe_counts_only_when_asked_for(void **state)
{
	(void)state;
	look_at(1);
	peer(0)->watchdog_armed = false;
	fall_silent(0, 29999);
	assert_int_equal(verdict_judge(&status, TARGET, &memory, 30000, &facts), VERDICT_SILENT);
	fall_silent(0, 30000);
	assert_int_equal(verdict_judge(&status, TARGET, &memory, 30000, &facts), VERDICT_UNSAFE);
	assert_int_equal(judge(), VERDICT_SILENT);
	/* A watchdog that has fired is proof all the same. */
	peer(0)->watchdog_armed = true;
	assert_int_equal(verdict_judge(&status, TARGET, &memory, 30000, &facts), VERDICT_DEAD);
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
		cmocka_unit_test(a_life_is_later_also_if_its_corosync_shows_late),
		cmocka_unit_test(a_daemon_outlives_its_corosync),
		cmocka_unit_test(a_proof_that_ended_long_ago_is_none),
		cmocka_unit_test(what_a_lost_disk_shows_of_this_host_is_no_later_life),
		cmocka_unit_test(what_an_older_daemon_said_counts_no_more),
		cmocka_unit_test(an_empty_slot_counts_for_nothing),
		cmocka_unit_test(who_was_at_work_and_out_is_dead_though_its_next_life_is_a_member),
		cmocka_unit_test(what_is_not_known_is_no_later_life),
		cmocka_unit_test(what_an_older_life_left_behind_is_no_later_one),
		cmocka_unit_test(a_life_that_was_not_seen_at_work_has_no_later_one),
		cmocka_unit_test(what_an_older_life_said_of_itself_counts_no_more),
		cmocka_unit_test(a_member_of_the_own_ring_is_not_dead),
		cmocka_unit_test(who_left_or_never_ran_reads_no_poison),
		cmocka_unit_test(
			a_daemon_that_came_during_the_hunt_is_poisoned_when_its_corosync_is_known),
		cmocka_unit_test(
			a_daemon_without_a_corosync_is_poisoned_at_once_when_the_hunt_begins),
		cmocka_unit_test(what_is_called_unsafe_counts_only_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The voter as it runs, in a process of its own, beside a votequorum that this file plays: it takes
 * the place of shell/vq.c and shell/hostlife.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/hostlife.h"
#include "shell/say.h"
#include "shell/voter.h"
#include "shell/vq.h"

enum { REFUSE_VOTES = 1 << 20, LIFE = 0x1234, POLLS_MAX = 1024, REPEAT = 60, P = 250 };

struct played {
	_Atomic bool up;
	_Atomic bool listening;
	_Atomic int32_t pid;
	_Atomic uint32_t poll_takes_ms;
	_Atomic uint64_t ring_seq;
	_Atomic bool other;	 /* another device is registered */
	_Atomic uint32_t refuse; /* bits of enum vq_against, or REFUSE_VOTES */
	_Atomic uint32_t count;
	struct {
		bool yes;
		uint64_t seq;
		uint64_t at_ms;
	} poll[POLLS_MAX];
	int fd;
};

static struct played *played;
static struct shm *shm;
static pid_t voter_pid;
static int life_ends[2];

/* ---- what the voter calls ---- */

static uint64_t told_seq;

enum rc vq_connect(void)
{
	told_seq = 0;
	return atomic_load(&played->up) ? RC_OK : RC_GONE;
}

void vq_close(void)
{
}

int vq_fd(void)
{
	return played->fd;
}

int32_t vq_server_pid(void)
{
	return atomic_load(&played->pid);
}

enum rc vq_probe(void)
{
	return atomic_load(&played->listening) ? RC_OK : RC_NOTFOUND;
}

enum rc vq_register(const char *name)
{
	if (strcmp(name, "qarb") != 0)
		return RC_BUSY;
	if (atomic_load(&played->refuse) != 0)
		return RC_REFUSED;
	return atomic_load(&played->other) ? RC_BUSY : RC_OK;
}

enum rc vq_unregister(const char *name)
{
	(void)name;
	return RC_OK;
}

enum rc vq_track(void)
{
	return RC_OK;
}

enum rc vq_dispatch(struct vq_news *news)
{
	uint64_t seq = atomic_load(&played->ring_seq);
	uint64_t count;

	if (read(played->fd, &count, sizeof(count)) < 0)
		count = 0;
	if (!atomic_load(&played->up))
		return RC_GONE;
	if (seq != told_seq) {
		told_seq = seq;
		news->ring_changed = true;
		news->ring = (struct ring_id){ .seq = seq, .node_id = 1 };
		news->members = (struct members){ .count = 2, .node_id = { 1, 2 } };
	}
	return RC_OK;
}

enum rc vq_getinfo(uint32_t node_id, struct vq_info *info)
{
	(void)node_id;
	memset(info, 0, sizeof(*info));
	info->registered = atomic_load(&played->refuse) == 0;
	info->against = atomic_load(&played->refuse) & ~(uint32_t)REFUSE_VOTES;
	(void)snprintf(info->device_name, sizeof(info->device_name), "%s",
		       atomic_load(&played->other) ? "Qdevice" : "qarb");
	return atomic_load(&played->up) ? RC_OK : RC_GONE;
}

enum rc vq_poll(const char *name, bool yes, const struct ring_id *ring)
{
	uint32_t n = atomic_load(&played->count);

	(void)name;
	(void)usleep(atomic_load(&played->poll_takes_ms) * 1000U);
	if (!atomic_load(&played->up))
		return RC_GONE;
	if (atomic_load(&played->refuse) != 0)
		return RC_REFUSED;
	if (atomic_load(&played->other))
		return RC_NOTFOUND;
	if (n < POLLS_MAX) {
		played->poll[n].yes = yes;
		played->poll[n].seq = ring->seq;
		played->poll[n].at_ms = clock_now_ms();
		atomic_store(&played->count, n + 1);
	}
	return RC_OK;
}

enum rc hostlife_get(uint64_t fresh, uint64_t *life)
{
	(void)fresh;
	*life = LIFE;
	return RC_OK;
}

/* ---- what the tests do ---- */

static void begin_voter(void)
{
	voter_pid = fork();
	assert_true(voter_pid >= 0);
	if (voter_pid == 0) {
		(void)close(life_ends[1]);
		say_init(shm, PROC_VOTER);
		voter_run(shm);
		_exit(0);
	}
}

static int start(void **state)
{
	static struct config config;

	(void)state;
	played = mmap(NULL, sizeof(*played), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	assert_true(played != MAP_FAILED);
	played->fd = eventfd(0, EFD_NONBLOCK);
	atomic_store(&played->up, true);
	atomic_store(&played->listening, true);
	atomic_store(&played->pid, (int32_t)getpid());
	atomic_store(&played->ring_seq, 8);
	shm = shm_create();
	assert_non_null(shm);
	assert_int_equal(pipe(life_ends), 0);
	shm->life_fd = life_ends[0];
	config.scheduler = SCHEDULER_OTHER;
	config.own_node_id = 1;
	PAGE_PUT(&shm->config, &config);
	begin_voter();
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (voter_pid > 0) {
		(void)kill(voter_pid, SIGKILL);
		(void)waitpid(voter_pid, NULL, 0);
	}
	(void)close(life_ends[0]);
	(void)close(life_ends[1]);
	(void)close(played->fd);
	(void)munmap(played, sizeof(*played));
	return 0;
}

static void publish(uint64_t generation, enum answer answer, uint64_t seq, uint64_t for_ms)
{
	struct publication p;

	memset(&p, 0, sizeof(p));
	p.generation = generation;
	p.answer = answer;
	p.ring = (struct ring_id){ .seq = seq, .node_id = 1 };
	p.host_life = LIFE;
	p.until_ms = clock_now_ms() + for_ms;
	p.poll_ms = P;
	p.repeat_ms = REPEAT;
	PAGE_PUT(&shm->publication, &p);
	shm_wake(shm, PROC_VOTER);
}

static void new_ring(uint64_t seq)
{
	uint64_t one = 1;

	atomic_store(&played->ring_seq, seq);
	assert_int_equal(write(played->fd, &one, sizeof(one)), sizeof(one));
}

static uint32_t polls(bool yes)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < atomic_load(&played->count); i++)
		n += played->poll[i].yes == yes ? 1 : 0;
	return n;
}

static void wait_polls(bool yes, uint32_t wanted)
{
	uint64_t until = clock_now_ms() + 5000;

	while (polls(yes) < wanted && clock_now_ms() < until)
		(void)usleep(1000);
	assert_true(polls(yes) >= wanted);
}

static struct voter_report report(void)
{
	struct voter_report r;

	memset(&r, 0, sizeof(r));
	(void)PAGE_GET(&shm->voter, &r);
	return r;
}

static void wait_connected(void)
{
	uint64_t until = clock_now_ms() + 5000;

	while (!(report().registered && report().ring.seq != 0) && clock_now_ms() < until)
		(void)usleep(1000);
	assert_true(report().registered);
	assert_true(report().host_life == LIFE);
}

/* returns: whether a line that holds the words was logged since the last call, within a while. */
static bool said(const char *words, uint32_t *lines)
{
	uint64_t until = clock_now_ms() + 3000;
	struct say_record r;

	while (clock_now_ms() < until) {
		while (ring_take(&shm->says[PROC_VOTER].ring, &r, sizeof(r)) != 0) {
			*lines += 1;
			if (strstr(r.text, words) != NULL)
				return true;
		}
		(void)usleep(1000);
	}
	return false;
}

static void wait_registered(bool wanted)
{
	uint64_t until = clock_now_ms() + 5000;

	while (report().registered != wanted && clock_now_ms() < until)
		(void)usleep(1000);
	assert_true(report().registered == wanted);
}

/* The device is lost and another one has its place: the flag alone does not tell whose it is. */
static void another_device_is_named_and_ours_comes_back_when_it_is_gone(void **state)
{
	uint32_t lines = 0;

	(void)state;
	wait_connected();
	atomic_store(&played->other, true);
	publish(1, ANSWER_NO, 8, 0);
	wait_registered(false);
	assert_true(said("'Qdevice'", &lines));
	(void)usleep(700000);
	assert_false(report().registered);
	assert_int_equal(ring_take(&shm->says[PROC_VOTER].ring, &(struct say_record){ 0 },
				   sizeof(struct say_record)),
			 0);
	atomic_store(&played->other, false);
	wait_registered(true);
	assert_true(said("has taken the quorum device", &lines));
	wait_polls(false, 1);
}

static void a_refusal_is_explained_by_its_key_once_and_ends(void **state)
{
	static const struct {
		uint32_t refuse;
		const char *key;
	} why[] = {
		{ VQ_TWO_NODE, "quorum.two_node" },
		{ VQ_AUTO_TIE_BREAKER, "quorum.auto_tie_breaker" },
		{ VQ_LAST_MAN_STANDING, "quorum.last_man_standing" },
		{ VQ_ALLOW_DOWNSCALE, "quorum.allow_downscale" },
		{ REFUSE_VOTES, "quorum.device.votes" },
	};
	struct say_record r;

	(void)state;
	wait_connected();
	publish(1, ANSWER_YES, 8, 600000);
	wait_polls(true, 1);
	while (ring_take(&shm->says[PROC_VOTER].ring, &r, sizeof(r)) != 0)
		; /* what the machine does not permit */
	for (size_t i = 0; i < sizeof(why) / sizeof(why[0]); i++) {
		uint32_t lines = 0;

		atomic_store(&played->refuse, why[i].refuse);
		assert_true(said(why[i].key, &lines));
		assert_int_equal(lines, 1);
	}
	wait_registered(false);
	atomic_store(&played->refuse, 0);
	wait_registered(true);
	wait_polls(true, polls(true) + 1);
}

static void nothing_is_polled_before_something_is_published(void **state)
{
	(void)state;
	wait_connected();
	(void)usleep(300000);
	assert_int_equal(atomic_load(&played->count), 0);
}

static void a_silence_is_kept_and_ends_with_no(void **state)
{
	uint64_t until;

	(void)state;
	wait_connected();
	until = clock_now_ms() + 300;
	publish(1, ANSWER_SILENT, 8, 300);
	wait_polls(false, 1);
	assert_int_equal(polls(true), 0);
	assert_true(played->poll[0].at_ms + 1 >= until);
}

static void a_yes_is_polled_at_once_and_repeated(void **state)
{
	(void)state;
	wait_connected();
	publish(1, ANSWER_YES, 8, 60000);
	wait_polls(true, 4);
	assert_int_equal(polls(false), 0);
	assert_int_equal(played->poll[0].seq, 8);
}

static void a_yes_ends_by_itself_when_the_decider_is_silent(void **state)
{
	uint64_t until;

	(void)state;
	wait_connected();
	until = clock_now_ms() + 250;
	publish(1, ANSWER_YES, 8, 250);
	wait_polls(false, 1);
	for (uint32_t i = 0; i < atomic_load(&played->count); i++)
		if (played->poll[i].yes)
			assert_true(played->poll[i].at_ms <= until + P);
	/* And stays ended. */
	assert_false(played->poll[atomic_load(&played->count) - 1].yes);
}

static void a_new_ring_is_not_polled_for_with_the_old_answer(void **state)
{
	uint32_t before;

	(void)state;
	wait_connected();
	publish(1, ANSWER_YES, 8, 60000);
	wait_polls(true, 1);
	new_ring(12);
	while (report().ring.seq != 12)
		(void)usleep(1000);
	before = atomic_load(&played->count);
	(void)usleep(400000);
	assert_int_equal(atomic_load(&played->count), before);
	publish(2, ANSWER_YES, 12, 60000);
	wait_polls(true, before + 1);
	assert_int_equal(played->poll[before].seq, 12);
}

static void a_yes_that_took_too_long_is_taken_back(void **state)
{
	struct event_poll e;
	bool late_yes = false;
	bool no_after = false;

	(void)state;
	wait_connected();
	atomic_store(&played->poll_takes_ms, 3 * P);
	publish(1, ANSWER_YES, 8, 60000);
	wait_polls(true, 1);
	atomic_store(&played->poll_takes_ms, 0);
	wait_polls(false, 1);
	while (ring_take(&shm->polls.ring, &e, sizeof(e)) == sizeof(e)) {
		late_yes = late_yes || (e.answer == ANSWER_YES && e.end_ms - e.start_ms > P);
		no_after = no_after || (late_yes && e.answer == ANSWER_NO && e.ok);
	}
	assert_true(late_yes);
	assert_true(no_after);
}

static void a_broken_connection_proves_nothing(void **state)
{
	(void)state;
	wait_connected();
	atomic_store(&played->up, false);
	new_ring(8);
	while (report().connected)
		(void)usleep(1000);
	(void)usleep(300000);
	assert_true(report().host_life == LIFE);
	atomic_store(&played->up, true);
	while (!report().connected)
		(void)usleep(1000);
	assert_true(report().host_life == LIFE);
}

static void a_votequorum_that_no_longer_listens_is_gone(void **state)
{
	uint64_t until;

	(void)state;
	wait_connected();
	atomic_store(&played->listening, false);
	atomic_store(&played->up, false);
	new_ring(8);
	until = clock_now_ms() + 5000;
	while (report().host_life != 0 && clock_now_ms() < until)
		(void)usleep(1000);
	assert_true(report().host_life == 0);
}

static void a_yes_under_way_when_the_voter_was_killed_counts_as_polled(void **state)
{
	struct event_poll e;
	bool found = false;

	(void)state;
	wait_connected();
	atomic_store(&played->poll_takes_ms, 60000);
	publish(1, ANSWER_YES, 8, 60000);
	while (atomic_load(&shm->poll_started_ms) == 0)
		(void)usleep(1000);
	(void)usleep(50000);
	(void)kill(voter_pid, SIGKILL);
	(void)waitpid(voter_pid, NULL, 0);
	assert_true(atomic_load(&shm->poll_started_ms) != 0);
	atomic_store(&played->poll_takes_ms, 0);
	publish(2, ANSWER_NO, 8, 0);
	begin_voter();
	wait_polls(false, 1);
	while (ring_take(&shm->polls.ring, &e, sizeof(e)) == sizeof(e))
		found = found || (e.answer == ANSWER_YES && e.ok);
	assert_true(found);
}

static void a_dead_guardian_ends_the_yes_and_the_voter(void **state)
{
	int status;

	(void)state;
	wait_connected();
	publish(1, ANSWER_YES, 8, 60000);
	wait_polls(true, 1);
	assert_int_equal(polls(false), 0);
	(void)close(life_ends[1]);
	life_ends[1] = -1;
	assert_int_equal(waitpid(voter_pid, &status, 0), voter_pid);
	voter_pid = 0;
	assert_true(WIFEXITED(status));
	assert_false(played->poll[atomic_load(&played->count) - 1].yes);
}

#define VOTER_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VOTER_TEST(nothing_is_polled_before_something_is_published),
		VOTER_TEST(a_silence_is_kept_and_ends_with_no),
		VOTER_TEST(a_yes_is_polled_at_once_and_repeated),
		VOTER_TEST(a_yes_ends_by_itself_when_the_decider_is_silent),
		VOTER_TEST(a_new_ring_is_not_polled_for_with_the_old_answer),
		VOTER_TEST(a_yes_that_took_too_long_is_taken_back),
		VOTER_TEST(a_broken_connection_proves_nothing),
		VOTER_TEST(a_votequorum_that_no_longer_listens_is_gone),
		VOTER_TEST(a_yes_under_way_when_the_voter_was_killed_counts_as_polled),
		VOTER_TEST(a_dead_guardian_ends_the_yes_and_the_voter),
		VOTER_TEST(another_device_is_named_and_ours_comes_back_when_it_is_gone),
		VOTER_TEST(a_refusal_is_explained_by_its_key_once_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guardian with processes that do nothing. */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/decider.h"
#include "shell/guardian.h"
#include "shell/proc.h"
#include "shell/selfend.h"
#include "shell/service.h"
#include "shell/voter.h"

static struct shm *m;
static pid_t guardian;

void __wrap_decider_run(struct shm *shm);
void __wrap_voter_run(struct shm *shm);
void __wrap_service_run(struct shm *shm);
void __wrap_selfend_open(struct selfend *s, const char *path);
void __wrap_proc_lock_memory(_Atomic uint32_t *warned);
int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *p);

static void pause_ms(int ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	(void)nanosleep(&t, NULL);
}

/* Outlives its guardian, as one that hangs with its disk. */
static void stay(struct shm *shm)
{
	for (int i = 0; i < 1000 && atomic_load(&shm->ending) == 0; i++)
		pause_ms(10);
}

void __wrap_decider_run(struct shm *shm)
{
	stay(shm);
}

void __wrap_voter_run(struct shm *shm)
{
	stay(shm);
}

void __wrap_service_run(struct shm *shm)
{
	stay(shm);
}

void __wrap_selfend_open(struct selfend *s, const char *path)
{
	(void)path;
	s->sysrq_fd = -1;
}

void __wrap_proc_lock_memory(_Atomic uint32_t *warned)
{
	(void)warned;
}

int __wrap_sched_setscheduler(pid_t pid, int policy, const struct sched_param *p)
{
	(void)pid;
	(void)policy;
	(void)p;
	return 0;
}

/* out: ready, the end of the start's pipe that a caller reads. */
static void start(int *ready)
{
	int life[2];
	int ends[2];

	m = shm_create();
	assert_non_null(m);
	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	m->life_fd = life[0];
	guardian = fork();
	assert_true(guardian >= 0);
	if (guardian == 0) {
		(void)close(ends[0]);
		_exit(guardian_run(m, life[1], ends[1]));
	}
	(void)close(life[0]);
	(void)close(life[1]);
	(void)close(ends[1]);
	*ready = ends[0];
}

/* returns: 1: the byte came, 0: nobody can write it any more, -1: nothing within two seconds. */
static int read_ready(int ready)
{
	struct pollfd p = { .fd = ready, .events = POLLIN };
	char byte;

	return poll(&p, 1, 2000) == 1 ? (int)read(ready, &byte, 1) : -1;
}

static void a_start_that_failed_is_not_waited_for_while_a_child_lives(void **state)
{
	int ready;

	(void)state;
	start(&ready);
	assert_int_equal(read_ready(ready), 1);
	assert_int_not_equal(atomic_load(&m->proc[PROC_VOTER].pid), 0);
	assert_int_equal(kill(guardian, SIGKILL), 0);
	assert_int_equal(waitpid(guardian, NULL, 0), guardian);
	assert_int_equal(kill(atomic_load(&m->proc[PROC_VOTER].pid), 0), 0);
	assert_int_equal(read_ready(ready), 0);
	(void)close(ready);
}

static int end_all(void **state)
{
	(void)state;
	atomic_store(&m->ending, 1);
	(void)kill(guardian, SIGKILL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_start_that_failed_is_not_waited_for_while_a_child_lives,
					  end_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guardian with processes that do nothing. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/decider.h"
#include "shell/guardian.h"
#include "shell/proc.h"
#include "shell/selfend.h"
#include "shell/service.h"
#include "shell/svclog.h"
#include "shell/voter.h"

static struct shm *m;
static pid_t guardian;

/* Of the guardian, in memory that it shares with the test. */
static struct seen {
	_Atomic uint32_t failed; /* starts of the service that failed */
	_Atomic uint32_t told;
	char line[256];
} * seen;
static bool no_service; /* no process can be made for it */

pid_t __real_fork(void);
pid_t __wrap_fork(void);
void __wrap_svclog_direct(const char *path, enum say_level level, const char *text);
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

pid_t __wrap_fork(void)
{
	/* It is the third that is started. */
	if (!no_service || m == NULL || atomic_load(&m->proc[PROC_VOTER].pid) == 0)
		return __real_fork();
	atomic_fetch_add(&seen->failed, 1);
	errno = EAGAIN;
	return -1;
}

void __wrap_svclog_direct(const char *path, enum say_level level, const char *text)
{
	assert_null(path);
	assert_int_equal(level, SAY_ERR);
	(void)snprintf(seen->line, sizeof(seen->line), "%s", text);
	atomic_fetch_add(&seen->told, 1);
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
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(seen != MAP_FAILED);
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

/* Nobody else could tell of it. */
static void a_service_that_cannot_be_forked_is_told_of_by_the_guardian(void **state)
{
	int ready;

	(void)state;
	no_service = true;
	start(&ready);
	no_service = false;
	assert_int_equal(read_ready(ready), 1);
	for (int i = 0; i < 500 && atomic_load(&seen->failed) < 3; i++)
		pause_ms(10);
	/* It is tried again each second, and told once a minute. */
	assert_in_range(atomic_load(&seen->failed), 3, 10);
	assert_int_equal(atomic_load(&seen->told), 1);
	assert_ptr_equal(strstr(seen->line, "cannot start qarbd-service: "), seen->line);
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
		cmocka_unit_test_teardown(
			a_service_that_cannot_be_forked_is_told_of_by_the_guardian, end_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

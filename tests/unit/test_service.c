/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A service process that cannot start: it says so, and what others have said, before it ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <qb/qbloop.h>

#include "shell/cluster.h"
#include "shell/recorder.h"
#include "shell/service.h"
#include "shell/svcipc.h"
#include "shell/svclog.h"

static struct shm *m;
static char *log_text; /* shared: each service is a process of its own */

enum { LOG_SIZE = 16384 };

static const char *failing; /* what does not work */

enum rc __wrap_cluster_start(struct shm *shm);
enum rc __wrap_svcipc_open(struct shm *shm, void *loop);
qb_loop_t *__real_qb_loop_create(void);
qb_loop_t *__wrap_qb_loop_create(void);
void __wrap_qb_loop_run(qb_loop_t *loop);
void __wrap_svclog_open(bool foreground, bool debug);
void __wrap_svclog_write(enum say_level level, const char *text);
void __wrap_svclog_close(void);
void __wrap_recorder_open(struct shm *shm);
void __wrap_blackbox_save(const char *path);

static bool fails(const char *what)
{
	return failing != NULL && strcmp(failing, what) == 0;
}

enum rc __wrap_cluster_start(struct shm *shm)
{
	(void)shm;
	if (fails("all"))
		(void)raise(SIGKILL);
	/* A log may block, and there is no vote without this. */
	if (fails("no log"))
		assert_string_equal(log_text, "");
	return fails("thread") ? RC_AGAIN : RC_OK;
}

enum rc __wrap_svcipc_open(struct shm *shm, void *loop)
{
	(void)shm;
	(void)loop;
	return fails("service") ? RC_AGAIN : RC_OK;
}

qb_loop_t *__wrap_qb_loop_create(void)
{
	return fails("loop") ? NULL : __real_qb_loop_create();
}

/* It is told to end before there is anything to do. */
void __wrap_qb_loop_run(qb_loop_t *loop)
{
	(void)loop;
}

void __wrap_svclog_open(bool foreground, bool debug)
{
	(void)foreground;
	(void)debug;
}

void __wrap_svclog_write(enum say_level level, const char *text)
{
	size_t at = strlen(log_text);

	(void)level;
	(void)snprintf(log_text + at, LOG_SIZE - at, "%s\n", text);
}

void __wrap_svclog_close(void)
{
}

void __wrap_recorder_open(struct shm *shm)
{
	(void)shm;
}

void __wrap_blackbox_save(const char *path)
{
	(void)path;
}

static int make_shm(void **state)
{
	(void)state;
	m = shm_create();
	log_text = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	failing = NULL;
	if (m == NULL || log_text == MAP_FAILED)
		return -1;
	m->life_fd = eventfd(0, EFD_CLOEXEC); /* never readable: the guardian lives */
	return m->life_fd >= 0 ? 0 : -1;
}

static void run_service(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		say_init(m, PROC_SERVICE);
		service_run(m);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* A line of the guardian's, as it is when it starts the service once more. */
static void guardian_says(const char *text)
{
	say_init(m, PROC_GUARDIAN);
	say(SAY_WARNING, "%s", text);
}

static unsigned count_of(const char *what)
{
	unsigned count = 0;

	for (const char *at = log_text; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static void what_does_not_start_is_told_with_all_that_waits(void **state)
{
	static const char *const parts[] = { "loop", "thread", "service" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		assert_int_equal(make_shm(state), 0);
		failing = parts[i];
		guardian_says("process=qarbd-voter pid=5 signal=9: started again");
		run_service();
		if (count_of("process=qarbd-voter") != 1 || count_of("cannot start ") != 1)
			fail_msg("without %s: '%s'", parts[i], log_text);
	}
}

/* It is started each second, for as long as what it lacks is missing. */
static void it_is_told_once_a_minute_and_counted(void **state)
{
	(void)state;
	failing = "thread";
	for (int i = 0; i < 20; i++) {
		guardian_says("process=qarbd-service pid=5 exit=0: started again");
		run_service();
	}
	assert_int_equal(count_of("process=qarbd-service"), 1);
	assert_int_equal(count_of("cannot start "), 1);
	assert_int_equal(count_of("repeated"), 0);
	/* Once it can start it goes on as always; its end tells what was counted. */
	failing = NULL;
	atomic_store(&m->ending, 1);
	run_service();
	assert_int_equal(count_of("qarbd-service-restarts=19"), 1);
	assert_int_equal(count_of("failed-starts=19"), 1);
}

static void the_vote_does_not_wait_for_the_log(void **state)
{
	(void)state;
	failing = "no log";
	guardian_says("process=qarbd-service pid=5 signal=9: started again");
	run_service();
	assert_int_equal(count_of("process=qarbd-service"), 1);
}

static void after_one_that_died_of_its_start_what_waits_is_told_first(void **state)
{
	(void)state;
	failing = "all";
	guardian_says("started");
	run_service();
	assert_string_equal(log_text, "");
	guardian_says("process=qarbd-service pid=5 signal=9: started again");
	run_service();
	assert_int_equal(count_of("process=qarbd-service"), 1);
}

/* What was dropped is told once, not by each service again. */
static void a_later_service_does_not_tell_again_what_was_dropped(void **state)
{
	(void)state;
	atomic_store(&m->says[PROC_VOTER].ring.dropped, 3);
	atomic_store(&m->notes.ring.dropped, 2);
	atomic_store(&m->ending, 1);
	run_service();
	run_service();
	assert_int_equal(count_of("dropped lines=3"), 1);
	assert_int_equal(count_of("dropped notes=2"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_does_not_start_is_told_with_all_that_waits, make_shm),
		cmocka_unit_test_setup(it_is_told_once_a_minute_and_counted, make_shm),
		cmocka_unit_test_setup(the_vote_does_not_wait_for_the_log, make_shm),
		cmocka_unit_test_setup(after_one_that_died_of_its_start_what_waits_is_told_first,
				       make_shm),
		cmocka_unit_test_setup(a_later_service_does_not_tell_again_what_was_dropped,
				       make_shm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

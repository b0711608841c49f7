/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a node ends itself.  Nothing here reboots: the trigger is a substitute file, and the method
 * that would call the kernel is never configured. */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/selfend.h"
#include "shell/shm.h"
#include "shell/say.h"
#include "shell/watchdog.h"

static char trigger[] = "/tmp/qarb-trigger.XXXXXX";
static struct config only_sysrq = { .self_fence_count = 1,
				    .self_fence = { SELF_FENCE_SYSRQ },
				    .stop_timeout_ms = 5000 };

static int open_trigger(void **state)
{
	int fd;

	(void)state;
	(void)snprintf(trigger, sizeof(trigger), "/tmp/qarb-trigger.XXXXXX");
	fd = mkstemp(trigger);
	return fd < 0 ? -1 : close(fd);
}

static int drop_trigger(void **state)
{
	(void)state;
	return unlink(trigger);
}

/* returns: what was written to the trigger so far. */
static const char *triggered(void)
{
	static char text[16];
	FILE *f = fopen(trigger, "re");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = 0;
	if (f != NULL)
		(void)fclose(f);
	return text;
}

static void without_a_trigger_nothing_is_asked(void **state)
{
	struct selfend s;

	(void)state;
	selfend_open(&s, "/nonexistent/sysrq-trigger");
	assert_int_equal(selfend_sysrq(&s), RC_NOTFOUND);
}

static void a_reboot_writes_to_the_trigger_and_tries_again_later(void **state)
{
	struct selfend s;
	uint64_t next;

	(void)state;
	selfend_open(&s, trigger);
	assert_true(selfend_step(&s, &only_sysrq, 1000) == UINT64_MAX);
	selfend_begin(&s, SELF_NOTHING, 1000);
	assert_true(selfend_step(&s, &only_sysrq, 1000) == UINT64_MAX);
	assert_string_equal(triggered(), "");
	selfend_begin(&s, SELF_REBOOT, 1000);
	next = selfend_step(&s, &only_sysrq, 1000);
	assert_string_equal(triggered(), "b");
	assert_true(next > 1000);
	/* Begun twice is begun once. */
	selfend_begin(&s, SELF_REBOOT, 1001);
	(void)selfend_step(&s, &only_sysrq, next - 1);
	assert_string_equal(triggered(), "b");
	(void)selfend_step(&s, &only_sysrq, next);
	assert_string_equal(triggered(), "bb");
	(void)close(s.sysrq_fd);
}

/* A process of this name. */
static pid_t pretend(const char *name)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
		(void)!write(ends[1], "", 1);
		(void)pause();
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return pid;
}

static void a_process_is_found_by_its_name_alone(void **state)
{
	pid_t pid = pretend("qarbtest-found");

	(void)state;
	assert_int_equal(selfend_find("qarbtest-found"), pid);
	assert_int_equal(selfend_find("qarbtest-foun"), 0);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	assert_int_equal(selfend_find("qarbtest-found"), 0);
}

static void a_watchdog_that_is_none_is_refused_with_a_reason(void **state)
{
	struct watchdog w;
	char why[160];

	(void)state;
	if (selfend_find("sbd") != 0)
		skip();
	assert_int_equal(watchdog_arm(&w, "/nonexistent/watchdog", 5000, why, sizeof(why)),
			 RC_NOTFOUND);
	assert_int_equal(w.fd, -1);
	assert_int_equal(watchdog_arm(&w, trigger, 5000, why, sizeof(why)), RC_BADVALUE);
	assert_string_equal(why, "not a watchdog");
	assert_int_equal(w.fd, -1);
	/* Neither harms what is not there. */
	watchdog_feed(&w, 1);
	assert_int_equal(watchdog_disarm(&w), RC_OK);
}

/* Of two that feed one watchdog neither's silence would reset the node. */
static void where_sbd_runs_no_watchdog_is_armed(void **state)
{
	pid_t pid = pretend("sbd");
	struct watchdog w;
	char why[160];

	(void)state;
	assert_int_equal(watchdog_arm(&w, trigger, 5000, why, sizeof(why)), RC_REFUSED);
	assert_string_equal(why, "sbd is configured on this node and feeds its watchdog");
	assert_int_equal(w.fd, -1);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static void the_holder_of_a_device_is_named(void **state)
{
	FILE *f = fopen(trigger, "re");
	char name[64];
	char own[32] = "";

	(void)state;
	assert_non_null(f);
	(void)prctl(PR_GET_NAME, (unsigned long)own, 0, 0, 0);
	assert_int_equal(watchdog_holder(trigger, name, sizeof(name)), getpid());
	assert_string_equal(name, own);
	(void)fclose(f);
	assert_int_equal(watchdog_holder(trigger, name, sizeof(name)), 0);
}

/* Hold a descriptor of a filesystem whose server has hung: whoever looks at the file waits. */
static _Noreturn void hold_what_hangs(const char *place, int ready)
{
	char options[64];
	int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	bool held;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
	held = fuse >= 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", place, "fuse", MS_NOSUID | MS_NODEV, options) == 0 &&
	       open(place, O_PATH | O_CLOEXEC) >= 0;
	(void)!write(ready, held ? "y" : "n", 1);
	if (held)
		(void)pause();
	_exit(0);
}

/* The guardian looks for the holder, and nothing is started or rebooted while it waits. */
static void a_file_that_hangs_does_not_hold_up_the_search_for_a_holder(void **state)
{
	char place[] = "/tmp/qarb-hangs.XXXXXX";
	char answer = 'n';
	char name[64];
	bool ended = false;
	pid_t holder;
	pid_t seeker;
	int ends[2];

	(void)state;
	assert_non_null(mkdtemp(place));
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	holder = fork();
	if (holder == 0)
		hold_what_hangs(place, ends[1]);
	(void)!read(ends[0], &answer, 1);
	seeker = answer == 'y' ? fork() : -1;
	if (seeker == 0) {
		(void)watchdog_holder(trigger, name, sizeof(name));
		_exit(0);
	}
	for (int i = 0; i < 100 && seeker > 0 && !ended; i++) {
		ended = waitpid(seeker, NULL, WNOHANG) == seeker;
		(void)usleep(20000);
	}
	(void)kill(holder, SIGKILL);
	(void)waitpid(holder, NULL, 0);
	if (seeker > 0 && !ended)
		(void)waitpid(seeker, NULL, 0);
	(void)rmdir(place);
	(void)close(ends[0]);
	(void)close(ends[1]);
	if (answer != 'y')
		skip(); /* not permitted, or without FUSE */
	assert_true(ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_trigger_nothing_is_asked),
		cmocka_unit_test_setup_teardown(
			a_reboot_writes_to_the_trigger_and_tries_again_later, open_trigger,
			drop_trigger),
		cmocka_unit_test(a_process_is_found_by_its_name_alone),
		cmocka_unit_test_setup_teardown(a_watchdog_that_is_none_is_refused_with_a_reason,
						open_trigger, drop_trigger),
		cmocka_unit_test_setup_teardown(where_sbd_runs_no_watchdog_is_armed, open_trigger,
						drop_trigger),
		cmocka_unit_test_setup_teardown(the_holder_of_a_device_is_named, open_trigger,
						drop_trigger),
		cmocka_unit_test_setup_teardown(
			a_file_that_hangs_does_not_hold_up_the_search_for_a_holder, open_trigger,
			drop_trigger),
	};
	struct shm *m = shm_create();

	if (m == NULL)
		return 1;
	say_init(m, PROC_GUARDIAN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process does to itself. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shell/proc.h"

static bool ignored(int number)
{
	struct sigaction now;

	assert_int_equal(sigaction(number, NULL, &now), 0);
	return now.sa_handler == SIG_IGN;
}

static void on_signal(int number)
{
	(void)number;
}

static void what_the_starting_program_ignored_or_blocked_is_undone(void **state)
{
	static const int numbers[] = { SIGCHLD, SIGTERM, SIGINT, SIGPIPE, SIGUSR1, SIGALRM };
	struct sigaction now;
	sigset_t blocked;

	(void)state;
	(void)sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		(void)signal(numbers[i], SIG_IGN);
		(void)sigaddset(&blocked, numbers[i]);
	}
	(void)signal(SIGUSR2, on_signal);
	assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, NULL), 0);
	proc_default_signals();
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &blocked), 0);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_false(ignored(numbers[i]));
		assert_int_equal(sigismember(&blocked, numbers[i]), 0);
	}
	assert_int_equal(sigaction(SIGUSR2, NULL, &now), 0);
	assert_ptr_equal(now.sa_handler, on_signal);
	(void)signal(SIGUSR2, SIG_DFL);
}

static void a_hangup_that_nohup_has_ignored_stays_so(void **state)
{
	(void)state;
	(void)signal(SIGHUP, SIG_IGN);
	proc_default_signals();
	assert_true(ignored(SIGHUP));
	(void)signal(SIGHUP, SIG_DFL);
	proc_default_signals();
	assert_false(ignored(SIGHUP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_starting_program_ignored_or_blocked_is_undone),
		cmocka_unit_test(a_hangup_that_nohup_has_ignored_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

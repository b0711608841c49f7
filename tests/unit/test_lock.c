/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of which there is one a node: who has it, and who waits for it. */
#include "fixture_tool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "shell/lock.h"

enum { TAKEN = 100 };

/* A process that asks for the lock. */
struct asker {
	pid_t pid;
	int said;    /* its standard error */
	int outcome; /* one byte when lock_take() has returned: TAKEN and its rc */
};

static void ask(struct asker *a, const char *name, bool wait, bool leads)
{
	int said[2];
	int outcome[2];

	assert_int_equal(pipe(said), 0);
	assert_int_equal(pipe(outcome), 0);
	a->pid = fork();
	assert_true(a->pid >= 0);
	if (a->pid == 0) {
		char byte;

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
		(void)dup2(said[1], STDERR_FILENO);
		(void)close(said[1]);
		(void)close(outcome[0]);
		byte = (char)(TAKEN + (int)lock_take(fixture_folder, wait));
		if (leads && lock_name_guardian(fixture_folder) != RC_OK)
			_exit(1);
		if (write(outcome[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	(void)close(said[1]);
	(void)close(outcome[1]);
	a->said = said[0];
	a->outcome = outcome[0];
}

/* returns: TAKEN + enum rc; 0: it waits. */
static int outcome(const struct asker *a, int ms)
{
	struct pollfd p = { .fd = a->outcome, .events = POLLIN };
	char byte;

	return poll(&p, 1, ms) == 1 && read(a->outcome, &byte, 1) == 1 ? byte : 0;
}

/* What it says; an empty text when it says nothing within a second. */
static const char *said(const struct asker *a)
{
	static char text[512];
	struct pollfd p = { .fd = a->said, .events = POLLIN };
	ssize_t n = poll(&p, 1, 1000) == 1 ? read(a->said, text, sizeof(text) - 1) : 0;

	text[n > 0 ? n : 0] = 0;
	return text;
}

static void end(struct asker *a, int number)
{
	int status = 0;

	assert_int_equal(kill(a->pid, number), 0);
	assert_int_equal(waitpid(a->pid, &status, 0), a->pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == number);
	(void)close(a->said);
	(void)close(a->outcome);
}

static void assert_names(const char *line, const char *begin, const struct asker *who,
			 const char *name)
{
	char holder[LOCK_HOLDER_SIZE];

	(void)snprintf(holder, sizeof(holder), ": %s (pid %d) holds ", name, (int)who->pid);
	if (strstr(line, begin) == NULL || strstr(line, holder) == NULL ||
	    strchr(line, '\n') != line + strlen(line) - 1)
		fail_msg("'%s': not one line with '%s' and '%s'", line, begin, holder);
}

static void beside_a_daemon_that_runs_one_is_not_queued_unless_it_is_to(void **state)
{
	struct asker daemon;
	struct asker second;
	struct asker waiting;

	(void)state;
	ask(&daemon, "qarbd", false, true);
	assert_int_equal(outcome(&daemon, 5000), TAKEN + RC_OK);
	ask(&waiting, "qarbd", true, false);
	assert_names(said(&waiting), "waiting: another qarbd runs", &daemon, "qarbd");
	ask(&second, "qarbd", false, false);
	assert_names(said(&second), "it runs already", &daemon, "qarbd");
	assert_int_equal(outcome(&second, 5000), TAKEN + RC_BUSY);
	end(&second, SIGKILL);
	assert_int_equal(outcome(&waiting, 200), 0);
	end(&daemon, SIGKILL);
	assert_int_equal(outcome(&waiting, 5000), TAKEN + RC_OK);
	end(&waiting, SIGKILL);
}

static void what_is_left_of_a_daemon_is_named_and_waited_for(void **state)
{
	struct asker first;
	struct asker left;
	struct asker waiting;

	(void)state;
	/* The pid file of one that was killed stays behind. */
	ask(&first, "qarbd", false, true);
	assert_int_equal(outcome(&first, 5000), TAKEN + RC_OK);
	end(&first, SIGKILL);
	ask(&left, "qarbd-disk1", false, false);
	assert_int_equal(outcome(&left, 5000), TAKEN + RC_OK);
	ask(&waiting, "qarbd", false, false);
	assert_names(said(&waiting), "waiting: a process of another qarbd still runs", &left,
		     "qarbd-disk1");
	assert_int_equal(outcome(&waiting, 200), 0);
	end(&left, SIGKILL);
	assert_int_equal(outcome(&waiting, 5000), TAKEN + RC_OK);
	end(&waiting, SIGKILL);
}

static void one_that_waits_can_be_told_to_end(void **state)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	struct asker left;

	(void)state;
	ask(&left, "qarbd-disk0", false, false);
	assert_int_equal(outcome(&left, 5000), TAKEN + RC_OK);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct asker waiting;

		ask(&waiting, "qarbd", true, false);
		assert_string_not_equal(said(&waiting), "");
		end(&waiting, numbers[i]);
	}
	end(&left, SIGKILL);
}

static void a_disk_is_named_before_others_and_who_waits_never(void **state)
{
	char path[BLKDEV_PATH_SIZE];
	char holder[LOCK_HOLDER_SIZE];
	struct asker one[3];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/qarbd.lock", fixture_folder);
	ask(&one[0], "qarbd-decider", true, false);
	assert_int_equal(outcome(&one[0], 5000), TAKEN + RC_OK);
	ask(&one[1], "qarbd", true, false);
	assert_string_not_equal(said(&one[1]), "");
	assert_int_equal(lock_holder(path, 0, holder, sizeof(holder)), RC_AGAIN);
	assert_non_null(strstr(holder, "qarbd-decider (pid "));
	ask(&one[2], "qarbd-disk2", true, false);
	assert_string_not_equal(said(&one[2]), "");
	assert_int_equal(lock_holder(path, 0, holder, sizeof(holder)), RC_AGAIN);
	assert_non_null(strstr(holder, "qarbd-disk2 (pid "));
	assert_int_equal(lock_holder(path, one[0].pid, holder, sizeof(holder)), RC_BUSY);
	for (int i = 0; i < 3; i++)
		end(&one[i], SIGKILL);
	assert_int_equal(lock_holder(path, 0, holder, sizeof(holder)), RC_AGAIN);
	assert_string_equal(holder, "");
}

static int remove_files(void **state)
{
	char path[BLKDEV_PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/qarbd.lock", fixture_folder);
	(void)unlink(path);
	lock_unname_guardian(fixture_folder);
	return remove_folder(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside_a_daemon_that_runs_one_is_not_queued_unless_it_is_to),
		cmocka_unit_test(what_is_left_of_a_daemon_is_named_and_waited_for),
		cmocka_unit_test(one_that_waits_can_be_told_to_end),
		cmocka_unit_test(a_disk_is_named_before_others_and_who_waits_never),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_files);
}

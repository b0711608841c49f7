/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <crm/common/results.h>

#include "crm-snippets/crm.h"

enum {
	RUNNER_LIMIT_MS = 120000, /* the CIB manager's clients wait 30 s for each of their calls */
	RUNNER_LOOK_MS = 30000,
	RUNNER_GRACE_MS = 10000, /* for a change, when we are to end */
	RUNNER_TERM_MS = 2000,	 /* from SIGTERM to SIGKILL, and to not waiting any longer */
	RUNNER_POLL_MS = 50,
};

extern char **environ;

/* A write that fails tells more than to be ended by it. */
static const int runner_ignored[] = { SIGPIPE, SIGXFSZ };
static const int runner_caught[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGALRM,
				     SIGUSR1, SIGUSR2, SIGXCPU, SIGVTALRM, SIGPROF };
static volatile sig_atomic_t runner_signal;
static bool runner_catches;

struct child {
	pid_t pid;
	int output; /* a pipe, -1: ended */
	char *text; /* what came out of it */
	size_t used, room;
	uint64_t grace_ms, due_ms; /* due: when it will be ended */
	uint64_t stop_ms;	   /* when we were found to be stopped, 0: not yet */
	int presses;		   /* signals given to it */
	int code;		   /* why */
};

static void on_signal(int signal)
{
	runner_signal = signal;
}

void runner_catch(void)
{
	struct sigaction ours = { .sa_handler = on_signal }, was;

	for (size_t i = 0; i < sizeof(runner_caught) / sizeof(runner_caught[0]); i++) {
		(void)sigaction(runner_caught[i], NULL, &was);
		if (was.sa_handler != SIG_IGN) /* nohup */
			(void)sigaction(runner_caught[i], &ours, NULL);
	}
	ours.sa_handler = SIG_IGN;
	for (size_t i = 0; i < sizeof(runner_ignored) / sizeof(runner_ignored[0]); i++)
		(void)sigaction(runner_ignored[i], &ours, NULL);
	runner_catches = true;
}

bool runner_stopped(void)
{
	return runner_signal != 0;
}

uint64_t runner_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Our environment with one more variable; the array alone is new. */
static char **environment_with(const char *more)
{
	size_t n = 0;
	char **copy;

	while (environ[n] != NULL)
		n++;
	copy = facts_grow(NULL, n + 2, sizeof(*copy));
	memcpy(copy, environ, n * sizeof(*copy));
	copy[n] = NULL;
	copy[n + 1] = NULL;
	if (more == NULL)
		return copy;
	for (size_t i = 0; i < n; i++) {
		/* The last one given counts: drop an older one of the same name. */
		if (strncmp(copy[i], more, (size_t)(strchr(more, '=') - more) + 1) == 0) {
			copy[i] = copy[n - 1];
			copy[--n] = NULL;
			break;
		}
	}
	copy[n] = strdup(more);
	if (copy[n] == NULL)
		abort();
	return copy;
}

static void environment_free(char **with, const char *more)
{
	size_t n = 0;

	while (with[n] != NULL)
		n++;
	if (more != NULL)
		free(with[n - 1]);
	free(with);
}

/* What is there to be read. */
static void child_read(struct child *c)
{
	ssize_t n = 1;

	while (c->output >= 0 && n > 0) {
		if (c->used + 1 >= c->room) {
			c->room *= 2;
			c->text = facts_grow(c->text, c->room, 1);
		}
		n = read(c->output, c->text + c->used, c->room - c->used - 1);
		if (n > 0)
			c->used += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			(void)close(c->output);
			c->output = -1;
		}
	}
	c->text[c->used] = 0;
}

/* End a tool whose time is over.  returns: false: it does not even heed SIGKILL. */
static bool child_press(struct child *c)
{
	pid_t to = runner_catches ? -c->pid : c->pid;
	uint64_t at_ms = runner_now_ms();

	if (runner_stopped() && c->stop_ms == 0) {
		c->stop_ms = at_ms;
		if (c->presses == 0 && at_ms + c->grace_ms < c->due_ms)
			c->due_ms = at_ms + c->grace_ms;
	}
	if (at_ms < c->due_ms)
		return true;
	if (c->presses == 0)
		c->code = runner_stopped() ? RUNNER_STOPPED : RUNNER_LATE;
	if (c->presses == 2)
		return false;
	(void)kill(to, c->presses++ == 0 ? SIGTERM : SIGKILL);
	c->due_ms = at_ms + RUNNER_TERM_MS;
	return true;
}

/* returns: as runner_run(). */
static int child_wait(struct child *c)
{
	int status = 0;

	for (;;) {
		struct pollfd out = { .fd = c->output, .events = POLLIN };
		pid_t ended;

		(void)poll(&out, 1, c->output >= 0 ? RUNNER_POLL_MS : 2);
		child_read(c);
		ended = waitpid(c->pid, &status, WNOHANG);
		if (ended == c->pid)
			break;
		if ((ended < 0 && errno != EINTR) || !child_press(c))
			return c->code;
	}
	child_read(c);
	if (c->presses != 0)
		return c->code;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A group of its own: a key at the terminal must not end it in the middle of a change.  Whoever
 * started us may have blocked what ends it when it is late. */
static void take_attributes(posix_spawnattr_t *attributes)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t usual;

	if (posix_spawnattr_init(attributes) != 0)
		abort();
	(void)sigemptyset(&usual);
	(void)posix_spawnattr_setsigmask(attributes, &usual);
	for (size_t i = 0; i < sizeof(runner_ignored) / sizeof(runner_ignored[0]); i++)
		(void)sigaddset(&usual, runner_ignored[i]);
	(void)posix_spawnattr_setsigdefault(attributes, &usual);
	(void)posix_spawnattr_setpgroup(attributes, 0);
	if (runner_catches)
		flags |= POSIX_SPAWN_SETPGROUP;
	(void)posix_spawnattr_setflags(attributes, flags);
}

static int child_start(struct child *c, const char *const argv[], char *const with[], bool errors)
{
	/* Inherited as ignored it would keep from us how a child ended. */
	struct sigaction usual = { .sa_handler = SIG_DFL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int channel[2];
	char **arguments;
	size_t n = 1;
	int rc;

	(void)sigaction(SIGCHLD, &usual, NULL);
	if (pipe2(channel, O_CLOEXEC) != 0)
		return errno;
	while (argv[n] != NULL)
		n++;
	arguments = facts_grow(NULL, n + 1, sizeof(*arguments));
	memcpy(arguments, argv, (n + 1) * sizeof(*arguments));
	if (posix_spawn_file_actions_init(&actions) != 0)
		abort();
	(void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, channel[1], STDOUT_FILENO);
	if (errors)
		(void)posix_spawn_file_actions_adddup2(&actions, channel[1], STDERR_FILENO);
	else /* the exit code tells, and we say it in one line */
		(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
						       O_WRONLY, 0);
	take_attributes(&attributes);
	rc = posix_spawnp(&c->pid, argv[0], &actions, &attributes, arguments, with);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	free(arguments);
	(void)close(channel[1]);
	(void)fcntl(channel[0], F_SETFL, O_NONBLOCK);
	c->output = channel[0];
	return rc;
}

int runner_run(const char *const argv[], const char *environment, unsigned int flags, char **output)
{
	bool changes = (flags & RUNNER_CHANGES) != 0;
	struct child c = { .output = -1, .room = 65536, .code = RUNNER_NOT_RUN };
	int code = RUNNER_NOT_RUN;
	char **with;
	int rc;

	*output = NULL;
	if (runner_stopped() && !changes)
		return RUNNER_STOPPED;
	c.grace_ms = changes ? RUNNER_GRACE_MS : 0;
	c.due_ms = runner_now_ms() +
		   ((flags & RUNNER_LOOKS) != 0 ? RUNNER_LOOK_MS : RUNNER_LIMIT_MS);
	with = environment_with(environment);
	rc = child_start(&c, argv, with, (flags & RUNNER_ERRORS) != 0);
	if (rc == 0) {
		c.text = facts_grow(NULL, c.room, 1);
		code = child_wait(&c);
		*output = c.text;
	} else {
		crm_say("%s: %s", argv[0], strerror(rc));
	}
	if (c.output >= 0)
		(void)close(c.output);
	environment_free(with, environment);
	return code;
}

void runner_complain(const char *output)
{
	while (output != NULL && *output != 0) {
		size_t length = strcspn(output, "\n");
		bool blank = strspn(output, " \t0123456789") >= length;

		if (!blank && memchr(output, '<', length) == NULL)
			(void)fprintf(stderr, "%.*s\n", (int)length, output);
		output += length + (output[length] == '\n');
	}
}

const char *runner_text(int code, char *text, size_t size)
{
	if (code == RUNNER_NOT_RUN)
		(void)snprintf(text, size, "could not be run");
	else if (code == RUNNER_STOPPED)
		(void)snprintf(text, size, "was interrupted");
	else if (code == RUNNER_LATE)
		(void)snprintf(text, size, "took too long and was ended");
	else if (code > 128)
		(void)snprintf(text, size, "was ended by signal %d", code - 128);
	else
		(void)snprintf(text, size, "ended with code %d", code);
	return text;
}

int runner_exit(int code)
{
	if (code == CRM_EX_DISCONNECT || code == CRM_EX_UNAVAILABLE)
		return CRM_NOT_RUNNING;
	return code == CRM_EX_INSUFFICIENT_PRIV ? CRM_NOT_PERMITTED : CRM_FAILED;
}

bool runner_unsure(int code)
{
	return code == RUNNER_STOPPED || code == RUNNER_LATE || code > 128 ||
	       code == CRM_EX_DISCONNECT || code == CRM_EX_TIMEOUT;
}

int runner_say(const char *tool, int code)
{
	char text[64];

	if (code == RUNNER_STOPPED)
		crm_say("interrupted: nothing was changed");
	else
		crm_say("%s %s", tool, runner_text(code, text, sizeof(text)));
	return runner_exit(code);
}

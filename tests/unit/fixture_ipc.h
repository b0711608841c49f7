/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network namespace of the test's own, so that abstract sockets of the name "qarb" meet nobody
 * else's, and child processes that end with the test.
 */
#ifndef QARB_TESTS_UNIT_FIXTURE_IPC_H
#define QARB_TESTS_UNIT_FIXTURE_IPC_H

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { IPC_NOBODY = 65534 };

/* returns: whether there is a namespace of our own now. */
static inline bool ipc_namespace(void)
{
	return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

/* in: root, whether the tests need it; count of them.  returns: whether they can run; where they
 * cannot, it has said that they are skipped. */
static inline bool ipc_permitted(bool root, size_t count)
{
	if ((!root || geteuid() == 0) && ipc_namespace())
		return true;
	(void)printf("[  SKIPPED ] %zu test(s).\n[  PASSED  ] 0 test(s).\n", count);
	return false;
}

static inline void ipc_pause(int ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	(void)nanosleep(&t, NULL);
}

/* returns: the child's pid. */
static inline pid_t ipc_spawn(void (*run)(void))
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	run();
	_exit(0);
}

static inline bool ipc_alive(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) == 0;
}

/* Await a child's end.  returns: false when it had to be killed, or ended badly. */
static inline bool ipc_ended(pid_t pid)
{
	int status = 0;

	for (int i = 0; i < 250; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		ipc_pause(20);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	return false;
}

/* As an ordinary user, where the test may become one.  The change would let it outlive the test. */
static inline bool ipc_become_nobody(void)
{
	return setgroups(0, NULL) == 0 && setgid(IPC_NOBODY) == 0 && setuid(IPC_NOBODY) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has the name of qarbd's IPC, or another, and is not what is expected there: a process of an
 * ordinary user that takes every connection, one of our own, or one that takes connections and
 * never answers.
 */
#ifndef QARB_TESTS_UNIT_FIXTURE_STRANGER_H
#define QARB_TESTS_UNIT_FIXTURE_STRANGER_H

#include <dirent.h>
#include <qb/qbdefs.h>
#include <qb/qbipcs.h>
#include <qb/qbloop.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/fixture_ipc.h"

static qb_loop_t *stranger_loop;
static const char *stranger_name = "qarb"; /* whose place it takes */
/* What it says to whatever it is asked, header included; NULL: nothing. */
static const void *stranger_answer;
static size_t stranger_answer_size;
static int32_t stranger_verdict; /* -errno: it lets nobody in */

static int32_t stranger_accept(qb_ipcs_connection_t *c, uid_t uid, gid_t gid)
{
	(void)c;
	(void)uid;
	(void)gid;
	return stranger_verdict;
}

static int32_t stranger_hear(qb_ipcs_connection_t *c, void *data, size_t size)
{
	(void)data;
	(void)size;
	if (stranger_answer != NULL)
		(void)qb_ipcs_response_send(c, stranger_answer, stranger_answer_size);
	return 0;
}

static int32_t stranger_job(enum qb_loop_priority p, void *data, qb_loop_job_dispatch_fn fn)
{
	return qb_loop_job_add(stranger_loop, p, data, fn);
}

static int32_t stranger_add(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
			    qb_ipcs_dispatch_fn_t fn)
{
	return qb_loop_poll_add(stranger_loop, p, fd, events, data, fn);
}

static int32_t stranger_mod(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
			    qb_ipcs_dispatch_fn_t fn)
{
	return qb_loop_poll_mod(stranger_loop, p, fd, events, data, fn);
}

static int32_t stranger_del(int32_t fd)
{
	return qb_loop_poll_del(stranger_loop, fd);
}

static inline void stranger_serve(void)
{
	struct qb_ipcs_service_handlers handlers = {
		.connection_accept = stranger_accept,
		.msg_process = stranger_hear,
	};
	struct qb_ipcs_poll_handlers poll = {
		.job_add = stranger_job,
		.dispatch_add = stranger_add,
		.dispatch_mod = stranger_mod,
		.dispatch_del = stranger_del,
	};
	qb_ipcs_service_t *s;

	stranger_loop = qb_loop_create();
	s = qb_ipcs_create(stranger_name, 0, QB_IPC_SOCKET, &handlers);
	if (stranger_loop == NULL || s == NULL)
		_exit(1);
	if (stranger_answer != NULL)
		qb_ipcs_enforce_buffer_size(s, (uint32_t)stranger_answer_size);
	qb_ipcs_poll_handlers_set(s, &poll);
	if (qb_ipcs_run(s) != 0)
		_exit(1);
	qb_loop_run(stranger_loop);
}

static inline void stranger_serve_as_nobody(void)
{
	if (!ipc_become_nobody())
		_exit(1);
	stranger_serve();
}

static inline void stranger_stand_still(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0qarb" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 16) != 0)
		_exit(1);
	for (;;)
		ipc_pause(1000);
}

/* Is the name taken?  Waits until it is. */
static inline bool stranger_there(pid_t pid)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "@%s", stranger_name);
	for (int i = 0; i < 250 && ipc_alive(pid); i++) {
		FILE *f = fopen("/proc/net/unix", "re");
		char line[512];
		bool found = false;

		while (f != NULL && fgets(line, sizeof(line), f) != NULL)
			found = found || strstr(line, name) != NULL;
		if (f != NULL)
			(void)fclose(f);
		if (found)
			return true;
		ipc_pause(20);
	}
	return false;
}

static inline pid_t stranger_start(void (*run)(void))
{
	pid_t pid = ipc_spawn(run);

	assert_true(stranger_there(pid));
	return pid;
}

static inline uint32_t stranger_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	uint32_t count = 0;

	while (d != NULL && readdir(d) != NULL)
		count++;
	if (d != NULL)
		(void)closedir(d);
	return count;
}

static inline void stranger_end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

#endif

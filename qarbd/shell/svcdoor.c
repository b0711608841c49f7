/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/svcdoor.h"

#include <qb/qbdefs.h>
#include <qb/qbipcs.h>
#include <qb/qbloop.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "shell/clock.h"

enum {
	SVCDOOR_STRANGERS_MAX = 16, /* that have not said who they are: more are sent away */
	SVCDOOR_KNOCKS_MAX = 64,    /* with those who are none: more have all the time they want */
	SVCDOOR_KNOCK_MS = 3000,    /* to say it */
};

static qb_loop_t *svcdoor_loop;
static bool (*svcdoor_may_enter)(uid_t uid, gid_t gid);
/* libqb's function that accepts, which is the first that it adds. */
static qb_ipcs_dispatch_fn_t svcdoor_accept;
static bool svcdoor_accepting; /* it runs: what is added has said nothing yet */
static struct svcdoor_knock {
	int fd;
	uint64_t since_ms;
} svcdoor_knock[SVCDOOR_KNOCKS_MAX];
static uint32_t svcdoor_knock_count;
static bool svcdoor_timed;

/* libqb sees that it ended, and closes it. */
static void svcdoor_send_away(int fd)
{
	(void)shutdown(fd, SHUT_RDWR);
}

static void svcdoor_set_timer(void);

static void svcdoor_on_timer(void *user)
{
	uint64_t now_ms = clock_now_ms();

	(void)user;
	for (uint32_t i = 0; i < svcdoor_knock_count; i++)
		if (now_ms >= svcdoor_knock[i].since_ms + SVCDOOR_KNOCK_MS)
			svcdoor_send_away(svcdoor_knock[i].fd);
	svcdoor_timed = false;
	svcdoor_set_timer();
}

/* As long as somebody knocks. */
static void svcdoor_set_timer(void)
{
	qb_loop_timer_handle timer;

	if (svcdoor_timed || svcdoor_knock_count == 0)
		return;
	svcdoor_timed = qb_loop_timer_add(svcdoor_loop, QB_LOOP_MED,
					  (uint64_t)SVCDOOR_KNOCK_MS * QB_TIME_NS_IN_MSEC / 2, NULL,
					  svcdoor_on_timer, &timer) == 0;
}

/* The kernel knows who connected before anything was said. */
static bool svcdoor_is_stranger(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
	       !svcdoor_may_enter(peer.uid, peer.gid);
}

static void svcdoor_hear(int fd)
{
	if (svcdoor_knock_count >= SVCDOOR_STRANGERS_MAX && svcdoor_is_stranger(fd)) {
		svcdoor_send_away(fd);
		return;
	}
	if (svcdoor_knock_count < SVCDOOR_KNOCKS_MAX)
		svcdoor_knock[svcdoor_knock_count++] = (struct svcdoor_knock){ fd, clock_now_ms() };
	svcdoor_set_timer();
}

static void svcdoor_forget(int fd)
{
	for (uint32_t i = 0; i < svcdoor_knock_count; i++) {
		if (svcdoor_knock[i].fd != fd)
			continue;
		svcdoor_knock[i] = svcdoor_knock[--svcdoor_knock_count];
		return;
	}
}

/* ---- what libqb asks of a loop ---- */

static int32_t svcdoor_on_knock(int32_t fd, int32_t revents, void *data)
{
	int32_t result;

	svcdoor_accepting = true;
	result = svcdoor_accept(fd, revents, data);
	svcdoor_accepting = false;
	return result;
}

static int32_t svcdoor_job_add(enum qb_loop_priority p, void *data, qb_loop_job_dispatch_fn fn)
{
	return qb_loop_job_add(svcdoor_loop, p, data, fn);
}

static int32_t svcdoor_dispatch_add(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
				    qb_ipcs_dispatch_fn_t fn)
{
	int32_t result;

	if (svcdoor_accept == NULL) {
		svcdoor_accept = fn;
		fn = svcdoor_on_knock;
	}
	result = qb_loop_poll_add(svcdoor_loop, p, fd, events, data, fn);
	if (result == 0 && svcdoor_accepting)
		svcdoor_hear(fd);
	return result;
}

static int32_t svcdoor_dispatch_mod(enum qb_loop_priority p, int32_t fd, int32_t events, void *data,
				    qb_ipcs_dispatch_fn_t fn)
{
	return qb_loop_poll_mod(svcdoor_loop, p, fd, events, data, fn);
}

static int32_t svcdoor_dispatch_del(int32_t fd)
{
	svcdoor_forget(fd);
	return qb_loop_poll_del(svcdoor_loop, fd);
}

void svcdoor_open(void *loop, void *service, bool (*may_enter)(uid_t uid, gid_t gid))
{
	struct qb_ipcs_poll_handlers poll = {
		.job_add = svcdoor_job_add,
		.dispatch_add = svcdoor_dispatch_add,
		.dispatch_mod = svcdoor_dispatch_mod,
		.dispatch_del = svcdoor_dispatch_del,
	};

	svcdoor_loop = loop;
	svcdoor_may_enter = may_enter;
	svcdoor_accept = NULL;
	qb_ipcs_poll_handlers_set(service, &poll);
}

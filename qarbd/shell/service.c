/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/service.h"

#include <errno.h>
#include <poll.h>
#include <qb/qbdefs.h>
#include <qb/qbloop.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shell/blackbox.h"
#include "shell/clock.h"
#include "shell/cluster.h"
#include "shell/recorder.h"
#include "shell/render.h"
#include "shell/svcbridge.h"
#include "shell/svcipc.h"
#include "shell/svclog.h"
#include "shell/throttle.h"

struct service {
	struct shm *m;
	qb_loop_t *loop;
	struct config config;
	uint64_t config_count;
	uint64_t timer_ms; /* the timer for what comes due is set for then; 0: it is not */
};

static void service_set_timer(struct service *s);

static const char service_blackbox[] = "/var/lib/qarb/blackbox";

static void service_drop_line(const char *what, uint64_t now, uint64_t *before)
{
	char line[SHM_SAY_SIZE];

	if (now == *before)
		return;
	(void)snprintf(line, sizeof(line), "dropped %s=%llu", what,
		       (unsigned long long)(now - *before));
	*before = now;
	svclog_write(SAY_WARNING, line);
}

/* in: all, also counts whose minute is not over. */
static void service_write_counts(struct service *s, bool all)
{
	char counts[320];
	char line[512];
	uint32_t arbiter;

	while (throttle_counts(&s->m->told.throttle, clock_now_ms(), all, &arbiter, counts,
			       sizeof(counts))) {
		(void)snprintf(line, sizeof(line), "repeated%s%s within_s=%d %s",
			       arbiter < ARBITERS_MAX ? " arbiter=" : "",
			       arbiter < ARBITERS_MAX ? s->config.arbiter[arbiter].name : "",
			       THROTTLE_MS / 1000, counts);
		svclog_write(SAY_ERR, line);
	}
}

static void service_on_timer(void *user)
{
	struct service *s = user;

	s->timer_ms = 0;
	service_write_counts(s, false);
	recorder_take();
	service_set_timer(s);
}

/* Both come a minute after what they follow: a timer that is set is never for later. */
static void service_set_timer(struct service *s)
{
	uint64_t retry_ms = recorder_retry_ms();
	uint64_t due_ms = throttle_due_ms(&s->m->told.throttle);
	uint64_t now_ms = clock_now_ms();
	qb_loop_timer_handle handle;

	if (retry_ms < due_ms)
		due_ms = retry_ms;
	if (due_ms == UINT64_MAX || s->timer_ms != 0)
		return;
	if (qb_loop_timer_add(s->loop, QB_LOOP_LOW,
			      (due_ms > now_ms ? due_ms - now_ms : 0) * QB_TIME_NS_IN_MSEC +
				      QB_TIME_NS_IN_MSEC,
			      s, service_on_timer, &handle) == 0)
		s->timer_ms = due_ms;
}

static void service_write_say(struct service *s, uint32_t source, struct say_record *r)
{
	char name[THROTTLE_NAME_SIZE];

	r->text[sizeof(r->text) - 1] = 0;
	if (!s->m->debug && source >= PROC_DISK0 && source < PROC_COUNT &&
	    !throttle_take(&s->m->told.throttle, source - PROC_DISK0, throttle_key(r->text),
			   "device-lines", r->now_ms))
		return;
	/* A process that ends at once is started again each second. */
	if (source == PROC_GUARDIAN && sscanf(r->text, "process=%14s", name) == 1 &&
	    !throttle_take(&s->m->told.throttle, THROTTLE_OF_NONE, throttle_key(r->text),
			   strcat(name, "-restarts"), r->now_ms))
		return;
	/* So is one that could not be made, or that lacks what it needs. */
	if (strncmp(r->text, "cannot start", 12) == 0 &&
	    !throttle_take(&s->m->told.throttle, THROTTLE_OF_NONE, throttle_key(r->text),
			   "failed-starts", r->now_ms))
		return;
	svclog_write((enum say_level)r->level, r->text);
}

static void service_write_note(struct service *s, const struct note_record *r)
{
	char line[512];
	char name[THROTTLE_NAME_SIZE];
	uint32_t arbiter = render_of_arbiter(r->note.id) && r->arbiter_index < ARBITERS_MAX
				   ? r->arbiter_index
				   : THROTTLE_OF_NONE;
	enum say_level level;

	render_name(r->note.id, name, sizeof(name));
	if (!s->m->debug && render_repeats(r->note.id) &&
	    !throttle_take(&s->m->told.throttle, arbiter, (uint32_t)r->note.id + 1, name,
			   r->now_ms))
		return;
	level = render_note(r, &s->config, line, sizeof(line));
	svclog_write(level, line);
	/* Arbitration is impaired: keep what led to it. */
	if (level <= SAY_ERR)
		blackbox_save(service_blackbox);
}

static void service_write_log(struct service *s)
{
	struct note_record note;
	struct say_record say_line;

	if (PAGE_COUNT(&s->m->config) != s->config_count)
		s->config_count = PAGE_GET(&s->m->config, &s->config);
	for (uint32_t i = 0; i < PROC_SOURCES; i++) {
		while (ring_take(&s->m->says[i].ring, &say_line, sizeof(say_line)) != 0)
			service_write_say(s, i, &say_line);
		service_drop_line("lines", atomic_load(&s->m->says[i].ring.dropped),
				  &s->m->told.dropped[i]);
	}
	while (ring_take(&s->m->notes.ring, &note, sizeof(note)) == sizeof(note))
		service_write_note(s, &note);
	service_drop_line("notes", atomic_load(&s->m->notes.ring.dropped),
			  &s->m->told.notes_dropped);
	service_write_counts(s, false);
}

static int32_t service_on_wake(int32_t fd, int32_t revents, void *user)
{
	struct service *s = user;

	(void)revents;
	shm_drain(fd);
	service_write_log(s);
	recorder_take();
	service_set_timer(s);
	svcipc_report_ready();
	svcipc_verdicts();
	svcbridge_wake();
	if (shm_must_end(s->m))
		qb_loop_stop(s->loop);
	return 0;
}

static int32_t service_on_end(int32_t fd, int32_t revents, void *user)
{
	struct service *s = user;

	(void)fd;
	(void)revents;
	qb_loop_stop(s->loop);
	return -1;
}

/* returns: whether all is there that it needs; else why not was said. */
static bool service_start(struct service *s)
{
	struct shm *m = s->m;

	s->loop = qb_loop_create();
	if (s->loop == NULL) {
		say(SAY_ERR, "cannot start qarbd-service: no event loop: %s", strerror(errno));
		return false;
	}
	recorder_open(m);
	if (cluster_start(m) != RC_OK) {
		say(SAY_ERR, "cannot start qarbd-service: no thread for corosync: memory, or the "
			     "limit of processes");
		return false;
	}
	if (svcipc_open(m, s->loop) != RC_OK ||
	    qb_loop_poll_add(s->loop, QB_LOOP_MED, m->wake_fd[PROC_SERVICE], POLLIN, s,
			     service_on_wake) != 0 ||
	    qb_loop_poll_add(s->loop, QB_LOOP_HIGH, m->life_fd, POLLIN, s, service_on_end) != 0) {
		say(SAY_ERR, "cannot start qarbd-service: no memory or descriptors");
		return false;
	}
	return true;
}

void service_run(struct shm *m)
{
	static struct service service;
	struct service *s = &service;
	bool started;

	s->m = m;
	svclog_open(m->foreground, m->debug);
	/* Nothing is written before the thread for corosync runs, without which there is no vote: a
	 * log may block.  But for one after another that died before it had written anything. */
	if (m->told.starting)
		service_write_log(s);
	m->told.starting = true;
	started = service_start(s);
	m->told.starting = false;
	if (started) {
		shm_wake(m, PROC_SERVICE);
		qb_loop_run(s->loop);
	}
	/* Nobody else writes what waits, also where this is all that it comes to. */
	service_write_log(s);
	if (started)
		service_write_counts(s, true);
	recorder_close();
	svcipc_close();
	svclog_close();
}

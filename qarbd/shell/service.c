/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/service.h"

#include <poll.h>
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

struct service {
	struct shm *m;
	qb_loop_t *loop;
	struct config config;
	uint64_t config_count;
	uint64_t dropped[PROC_SOURCES];
	uint64_t notes_dropped;
};

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

static void service_write_log(struct service *s)
{
	char line[512];
	struct note_record note;
	struct say_record say_line;

	if (PAGE_COUNT(&s->m->config) != s->config_count)
		s->config_count = PAGE_GET(&s->m->config, &s->config);
	for (uint32_t i = 0; i < PROC_SOURCES; i++) {
		while (ring_take(&s->m->says[i].ring, &say_line, sizeof(say_line)) != 0) {
			say_line.text[sizeof(say_line.text) - 1] = 0;
			svclog_write((enum say_level)say_line.level, say_line.text);
		}
		service_drop_line("lines", atomic_load(&s->m->says[i].ring.dropped),
				  &s->dropped[i]);
	}
	while (ring_take(&s->m->notes.ring, &note, sizeof(note)) == sizeof(note)) {
		enum say_level level = render_note(&note, &s->config, line, sizeof(line));

		svclog_write(level, line);
		/* Arbitration is impaired: keep what led to it. */
		if (level <= SAY_ERR)
			blackbox_save(service_blackbox);
	}
	service_drop_line("notes", atomic_load(&s->m->notes.ring.dropped), &s->notes_dropped);
}

static int32_t service_on_wake(int32_t fd, int32_t revents, void *user)
{
	struct service *s = user;

	(void)revents;
	shm_drain(fd);
	service_write_log(s);
	recorder_take();
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

void service_run(struct shm *m)
{
	static struct service service;
	struct service *s = &service;

	s->m = m;
	svclog_open(m->foreground, m->debug);
	s->loop = qb_loop_create();
	if (s->loop == NULL)
		return;
	recorder_open(m);
	if (cluster_start(m) != RC_OK)
		return;
	if (svcipc_open(m, s->loop) != RC_OK)
		say(SAY_ERR, "status cannot be served: the name 'qarb' is in use or not permitted");
	(void)qb_loop_poll_add(s->loop, QB_LOOP_MED, m->wake_fd[PROC_SERVICE], POLLIN, s,
			       service_on_wake);
	(void)qb_loop_poll_add(s->loop, QB_LOOP_HIGH, m->life_fd, POLLIN, s, service_on_end);
	shm_wake(m, PROC_SERVICE);
	qb_loop_run(s->loop);
	service_write_log(s);
	recorder_close();
	svcipc_close();
	svclog_close();
}

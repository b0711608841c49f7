/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mutant.h"
#include "shell/blkdev.h"
#include "shell/blkstack.h"
#include "shell/clock.h"
#include "shell/ghost.h"
#include "shell/proc.h"
#include "shell/say.h"
#include "wire/headwire.h"

enum {
	WORKER_RETRY_MS = 1000, /* between attempts to open a device that is not there */
	WORKER_IDLE_MS = 60000,
	WORKER_WHY_SIZE = 640,
};

struct worker {
	struct shm *m;
	struct shm_port *port;
	uint32_t arbiter_index;
	const struct arbiter_config *config;
	uint64_t config_count;
	const char *cluster_name;
	uint8_t *buffer;
	int fd; /* -1: not open */
	uint64_t retry_ms;
	bool said;
	char said_why[WORKER_WHY_SIZE];
	struct shm_disk disk; /* as told */
};

/* Arbiters do not change while their workers run; the priority may. */
static void worker_reload(struct worker *w)
{
	static struct config config;

	if (PAGE_COUNT(&w->m->config) == w->config_count)
		return;
	w->config_count = PAGE_GET(&w->m->config, &config);
	proc_schedule(&config, &w->m->warned);
}

static void worker_tell(struct worker *w)
{
	PAGE_PUT(&w->port->disk, &w->disk);
	shm_wake(w->m, PROC_DECIDER);
}

/* What the device is built on; what works but is not advisable is said once for each opening. */
static enum rc worker_judge_stack(struct worker *w, uint64_t dev, char *why)
{
	struct blkstack s;

	blkstack_look("", dev, &s);
	if (blkstack_refused(s.kind)) {
		(void)snprintf(why, WORKER_WHY_SIZE, "%s is %s: not used", s.name,
			       blkstack_text(s.kind));
		return RC_REFUSED;
	}
	if (s.kind != BLKSTACK_PLAIN && !w->disk.open)
		say(SAY_WARNING, "arbiter=%s: %s is %s", w->config->name, s.name,
		    blkstack_text(s.kind));
	return RC_OK;
}

/* One disk must not be two arbiters, whatever the paths and labels that led to it: who comes second
 * does not use it.  Each lays claim to it before it looks for the claims of the others, so that of
 * two that open it at once one at least sees the other; the one with the lower number goes on
 * claiming, and the other gives way.  returns: whether it may be used. */
static bool worker_claim(struct worker *w, const uint8_t *uuid, char *why)
{
	static struct config config;
	uint64_t claim;

	memcpy(&claim, uuid, sizeof(claim));
	claim |= 1; /* never that of nobody */
	atomic_store(&w->port->claim, claim);
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		if (i == w->arbiter_index || atomic_load(&w->m->port[i].claim) != claim)
			continue;
		if (i < w->arbiter_index)
			atomic_store(&w->port->claim, 0);
		(void)PAGE_GET(&w->m->config, &config);
		(void)snprintf(why, WORKER_WHY_SIZE, "the same disk as arbiter %s: not used",
			       config.arbiter[i].name);
		return false;
	}
	return true;
}

/* Read and judge the header of an open device.  out: h; why, where rc_text() says too little. */
static enum rc worker_verify(struct worker *w, int fd, struct disk_header *h, char *why)
{
	struct blkdev_facts facts;
	enum rc rc = blkdev_inspect(fd, &facts);

	if (rc == RC_OK && !facts.regular)
		rc = worker_judge_stack(w, facts.dev, why);
	if (rc == RC_OK)
		rc = blkdev_read_header(fd, h);
	if (rc == RC_BADMAGIC)
		(void)snprintf(why, WORKER_WHY_SIZE, "no quorum disk: see qarbctl disk init");
	if (rc != RC_OK && rc != RC_PARTIAL)
		return rc;
	if (facts.regular && !h->lab && facts.home != BLKDEV_HOME_NFS) {
		(void)snprintf(why, WORKER_WHY_SIZE,
			       "a regular file, which no other node can share: not used");
		return RC_REFUSED;
	}
	if (facts.size < h->slot_offset + (uint64_t)h->facts.slot_count * SHM_PAIR_SIZE)
		return RC_TOOSMALL;
	if (strcmp(h->cluster_name, w->cluster_name) != 0) {
		(void)snprintf(why, WORKER_WHY_SIZE,
			       "belongs to cluster '%s', this one is '%s': not used",
			       h->cluster_name, w->cluster_name);
		return RC_REFUSED;
	}
	if (w->config->label[0] != 0 && strcmp(h->label, w->config->label) != 0)
		return RC_NOTFOUND;
	/* A device that comes back must be the one that was used before. */
	if (w->disk.open && memcmp(h->facts.uuid, w->disk.facts.uuid, UUID_SIZE) != 0) {
		(void)snprintf(why, WORKER_WHY_SIZE,
			       "another quorum disk than the one that was used: not used until the "
			       "daemon restarts");
		return RC_BADUUID;
	}
	return RC_OK;
}

/* One line for each reason; of what may heal by itself a warning. */
static void worker_explain(struct worker *w, const char *path, enum rc rc, const char *why)
{
	const char *text = why[0] != 0 ? why : rc_text(rc);

	if (w->said && strcmp(w->said_why, text) == 0)
		return;
	w->said = true;
	(void)snprintf(w->said_why, sizeof(w->said_why), "%s", text);
	say(why[0] != 0 ? SAY_ERR : SAY_WARNING, "arbiter=%s %s=%s: %s: trying again quietly",
	    w->config->name, path[0] != 0 ? "device" : "label",
	    path[0] != 0 ? path : w->config->label, text);
}

/* out: path, and the open device.  why, where rc_text() says too little. */
static enum rc worker_find(struct worker *w, char *path, int *fd, char *why)
{
	char other[BLKDEV_PATH_SIZE];
	enum rc rc = RC_OK;

	(void)snprintf(path, BLKDEV_PATH_SIZE, "%s", w->config->device);
	if (path[0] == 0)
		rc = blkdev_find_label("", w->config->label, path, other, BLKDEV_PATH_SIZE);
	if (rc == RC_BUSY) {
		(void)snprintf(why, WORKER_WHY_SIZE,
			       "two disks have this label, %s and %s: neither is used", path,
			       other);
		path[0] = 0;
	}
	if (rc != RC_OK)
		return rc;
	rc = blkdev_open(path, fd);
	if (rc == RC_REFUSED)
		(void)snprintf(why, WORKER_WHY_SIZE, "read-only, or not permitted");
	return rc;
}

static void worker_open(struct worker *w)
{
	struct disk_header h;
	char path[BLKDEV_PATH_SIZE];
	char why[WORKER_WHY_SIZE] = "";
	enum rc rc;
	int fd = -1;

	memset(&h, 0, sizeof(h));
	if (!w->disk.open)
		atomic_store(&w->port->claim, 0);
	w->retry_ms = MUTANT(no_reopen) ? UINT64_MAX : clock_now_ms() + WORKER_RETRY_MS;
	rc = worker_find(w, path, &fd, why);
	if (rc == RC_OK)
		rc = worker_verify(w, fd, &h, why);
	/* What was opened before is claimed, and is the same. */
	if (rc == RC_OK && !w->disk.open && !worker_claim(w, h.facts.uuid, why))
		rc = RC_REFUSED;
	if (rc != RC_OK) {
		worker_explain(w, path, rc, why);
		if (fd >= 0)
			(void)close(fd);
		if (!w->disk.open && w->disk.rc != rc) {
			w->disk.rc = rc;
			worker_tell(w);
		}
		return;
	}
	if (w->fd >= 0)
		(void)close(w->fd);
	w->fd = fd;
	if (w->said)
		say(SAY_INFO, "arbiter=%s device=%s: open", w->config->name, path);
	w->said = false;
	if (w->disk.open)
		return;
	w->disk.open = true;
	w->disk.rc = RC_OK;
	w->disk.facts = h.facts;
	w->disk.slots_offset = h.slot_offset;
	(void)snprintf(w->disk.path, sizeof(w->disk.path), "%s", path);
	(void)snprintf(w->disk.label, sizeof(w->disk.label), "%s", h.label);
	worker_tell(w);
}

static bool worker_wanted(const struct shm_io *io)
{
	return atomic_load(&io->submitted) != atomic_load(&io->ended);
}

/* Carry out what is submitted.  returns: whether there was something. */
static bool worker_do(struct worker *w, struct shm_io *io, bool writing)
{
	uint64_t number = atomic_load(&io->submitted);
	struct latency *latency = writing ? &w->port->write_latency : &w->port->read_latency;
	uint64_t start_us;
	ssize_t n = -1;
	int error = EIO;

	/* A read that came along with a write is submitted after it, and done after it. */
	if (number == atomic_load(&io->ended) || (!writing && worker_wanted(&w->port->write)))
		return false;
	io->start_ms = clock_now_ms();
	start_us = clock_now_us();
	if (w->fd >= 0) {
		n = writing ? pwrite(w->fd, w->buffer, io->size, (off_t)io->offset)
			    : pread(w->fd, w->buffer + SHM_WRITE_SIZE, io->size, (off_t)io->offset);
		error = n < 0 ? errno : EIO;
	}
	latency_add(latency, clock_now_us() - start_us);
	io->end_ms = clock_now_ms();
	io->rc = n == (ssize_t)io->size ? RC_OK : RC_IO;
	if (io->rc != RC_OK) {
		if (writing) {
			atomic_store(&w->port->write_failed_ms, io->end_ms);
			ghost_note(w->m->ghost_fd, io->end_ms);
		}
		if (!w->said)
			say(SAY_ERR, "arbiter=%s device=%s: %s failed: %s", w->config->name,
			    w->disk.path, writing ? "write" : "read", strerror(error));
		w->said = true;
		(void)snprintf(w->said_why, sizeof(w->said_why), "%s", rc_text(RC_IO));
	}
	atomic_store(&io->ended, number);
	/* The decider can do nothing with this write before it has the read that came along. */
	if (!writing || io->rc != RC_OK || !worker_wanted(&w->port->read))
		shm_wake(w->m, PROC_DECIDER);
	/* A path that errs may be a stale one: the device may have come back behind a new open. */
	if (io->rc != RC_OK && clock_now_ms() >= w->retry_ms)
		worker_open(w);
	else if (io->rc == RC_OK && w->said) {
		say(SAY_INFO, "arbiter=%s device=%s: works again", w->config->name, w->disk.path);
		w->said = false;
	}
	return true;
}

/* returns: false when the guardian is gone. */
static bool worker_wait(struct worker *w)
{
	struct pollfd p[2] = {
		{ .fd = w->m->wake_fd[PROC_DISK0 + w->arbiter_index], .events = POLLIN },
		{ .fd = w->m->life_fd, .events = POLLIN },
	};

	if (poll(p, 2, w->fd >= 0 ? WORKER_IDLE_MS : WORKER_RETRY_MS) > 0 && p[0].revents != 0)
		shm_drain(p[0].fd);
	return p[1].revents == 0;
}

void worker_run(struct shm *m, uint32_t arbiter_index)
{
	static struct config config;
	static struct worker worker;
	struct worker *w = &worker;

	w->config_count = PAGE_GET(&m->config, &config);
	if (w->config_count == 0 || arbiter_index >= config.policy.arbiter_count)
		return;
	w->m = m;
	w->port = &m->port[arbiter_index];
	w->arbiter_index = arbiter_index;
	w->config = &config.arbiter[arbiter_index];
	w->cluster_name = config.cluster_name;
	w->buffer = m->buffer[arbiter_index];
	w->fd = -1;
	shm_keep_buffers(m, 0, arbiter_index);
	proc_realtime(&config, &m->warned);
	(void)PAGE_GET(&w->port->disk, &w->disk);
	while (atomic_load(&m->ending) == 0) {
		bool busy;

		worker_reload(w);
		if (w->fd < 0 && clock_now_ms() >= w->retry_ms)
			worker_open(w);
		busy = worker_do(w, &w->port->write, true);
		busy = worker_do(w, &w->port->read, false) || busy;
		if (!busy && !worker_wait(w))
			break;
	}
}

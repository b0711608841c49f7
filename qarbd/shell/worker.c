/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shell/blkdev.h"
#include "shell/clock.h"
#include "shell/proc.h"
#include "shell/say.h"
#include "wire/headwire.h"

enum {
	WORKER_RETRY_MS = 1000, /* between attempts to open a device that is not there */
	WORKER_IDLE_MS = 60000,
};

struct worker {
	struct shm *m;
	struct shm_port *port;
	uint32_t arbiter_index;
	const struct arbiter_config *config;
	const char *cluster_name;
	uint8_t *buffer;
	int fd; /* -1: not open */
	uint64_t retry_ms;
	bool said;
	enum rc said_rc;
	struct shm_disk disk; /* as told */
};

static void worker_tell(struct worker *w)
{
	PAGE_PUT(&w->port->disk, &w->disk);
	shm_wake(w->m, PROC_DECIDER);
}

/* Read and judge the header of an open device.  out: h. */
static enum rc worker_verify(struct worker *w, int fd, struct disk_header *h)
{
	struct blkdev_facts facts;
	enum rc rc = blkdev_inspect(fd, &facts);

	if (rc == RC_OK)
		rc = blkdev_read_header(fd, h);
	if (rc != RC_OK && rc != RC_PARTIAL)
		return rc;
	/* A file is shared by nobody: only where the header says that this is a laboratory. */
	if (facts.regular && !h->lab)
		return RC_BADVALUE;
	if (facts.size < h->slot_offset + (uint64_t)h->facts.slot_count * SHM_PAIR_SIZE)
		return RC_TOOSMALL;
	if (strcmp(h->cluster_name, w->cluster_name) != 0)
		return RC_REFUSED;
	if (w->config->label[0] != 0 && strcmp(h->label, w->config->label) != 0)
		return RC_NOTFOUND;
	/* A device that comes back must be the one that was used before. */
	if (w->disk.open && memcmp(h->facts.uuid, w->disk.facts.uuid, UUID_SIZE) != 0)
		return RC_BADUUID;
	return RC_OK;
}

static void worker_explain(struct worker *w, enum rc rc, const char *path,
			   const struct disk_header *h)
{
	if (w->said && w->said_rc == rc)
		return;
	w->said = true;
	w->said_rc = rc;
	if (rc == RC_REFUSED)
		say(SAY_ERR,
		    "arbiter=%s device=%s: belongs to cluster '%s', this one is '%s': not used",
		    w->config->name, path, h->cluster_name, w->cluster_name);
	else
		say(SAY_WARNING, "arbiter=%s device=%s: %s: trying again quietly", w->config->name,
		    path[0] != 0 ? path : w->config->label, rc_text(rc));
}

static void worker_open(struct worker *w)
{
	struct disk_header h;
	char path[BLKDEV_PATH_SIZE];
	enum rc rc;
	int fd = -1;

	memset(&h, 0, sizeof(h));
	w->retry_ms = clock_now_ms() + WORKER_RETRY_MS;
	(void)snprintf(path, sizeof(path), "%s", w->config->device);
	rc = path[0] != 0 ? RC_OK : blkdev_find_label(w->config->label, path, sizeof(path));
	if (rc == RC_OK)
		rc = blkdev_open(path, &fd);
	if (rc == RC_OK)
		rc = worker_verify(w, fd, &h);
	if (rc != RC_OK) {
		worker_explain(w, rc, path, &h);
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

/* Carry out what is submitted.  returns: whether there was something. */
static bool worker_do(struct worker *w, struct shm_io *io, bool writing)
{
	uint64_t number = atomic_load(&io->submitted);
	struct latency *latency = writing ? &w->port->write_latency : &w->port->read_latency;
	uint64_t start_us;
	ssize_t n = -1;
	int error = EIO;

	if (number == atomic_load(&io->ended))
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
		if (writing)
			atomic_store(&w->port->write_failed_ms, io->end_ms);
		if (!w->said)
			say(SAY_ERR, "arbiter=%s device=%s: %s failed: %s", w->config->name,
			    w->disk.path, writing ? "write" : "read", strerror(error));
		w->said = true;
		w->said_rc = RC_IO;
	}
	atomic_store(&io->ended, number);
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

	if (PAGE_GET(&m->config, &config) == 0 || arbiter_index >= config.policy.arbiter_count)
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

		if (w->fd < 0 && clock_now_ms() >= w->retry_ms)
			worker_open(w);
		busy = worker_do(w, &w->port->write, true);
		busy = worker_do(w, &w->port->read, false) || busy;
		if (!busy && !worker_wait(w))
			break;
	}
}

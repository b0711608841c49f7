/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/shm.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

static void *shm_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct shm *shm_create(void)
{
	struct shm *m = shm_map(sizeof(*m));

	if (m == NULL)
		return NULL;
	for (uint32_t i = 0; i < PROC_SOURCES; i++) {
		RING_INIT(&m->says[i]);
		m->wake_fd[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (m->wake_fd[i] < 0)
			return NULL;
	}
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		m->buffer[i] = shm_map(SHM_BUFFER_SIZE);
		if (m->buffer[i] == NULL)
			return NULL;
	}
	RING_INIT(&m->hellos);
	RING_INIT(&m->polls);
	RING_INIT(&m->notes);
	RING_INIT(&m->asks);
	RING_INIT(&m->verdicts);
	RING_INIT(&m->trace);
	m->life_fd = -1;
	return m;
}

void shm_keep_buffers(struct shm *m, uint32_t from, uint32_t keep)
{
	/* The pointers stay as they are: they are shared, and nobody follows those of others. */
	for (uint32_t i = from; i < ARBITERS_MAX; i++)
		if (i != keep)
			(void)munmap(m->buffer[i], SHM_BUFFER_SIZE);
}

void shm_touch(struct shm *m, uint32_t disks)
{
	volatile uint8_t sink = 0;

	for (size_t at = 0; at < sizeof(*m); at += 4096)
		sink = ((volatile uint8_t *)m)[at];
	for (uint32_t i = 0; i < disks; i++)
		for (size_t at = 0; at < SHM_BUFFER_SIZE; at += 4096)
			sink = ((volatile uint8_t *)m->buffer[i])[at];
	(void)sink;
}

void shm_wake(const struct shm *m, uint32_t source)
{
	uint64_t one = 1;
	ssize_t done = write(m->wake_fd[source], &one, sizeof(one));

	(void)done; /* fails only when the counter is full: the reader is awake then */
}

void shm_drain(int fd)
{
	uint64_t count;
	ssize_t done = read(fd, &count, sizeof(count));

	(void)done;
}

bool shm_must_end(const struct shm *m)
{
	struct pollfd p = { .fd = m->life_fd, .events = POLLIN };

	return atomic_load(&m->ending) != 0 || (poll(&p, 1, 0) == 1 && p.revents != 0);
}

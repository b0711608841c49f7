/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into qarbd: writes a line to the file that QARB_HEAP_FILE names whenever the deciding
 * process uses the heap or maps memory after its start is over.  Its start is over when it arms its
 * timer for the first time; that writes a line too, so that silence proves something.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *p);

static bool armed; /* in this very process */
static int file = -1;

static void say(const char *what, size_t size)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "%s pid=%d size=%zu\n", what, (int)getpid(), size);

	if (file >= 0 && n > 0 && write(file, line, (size_t)n) < 0)
		file = -1;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("QARB_HEAP_FILE");

	if (path)
		file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *set, struct itimerspec *was)
{
	char name[16] = "";

	if (!armed && prctl(PR_GET_NAME, (unsigned long)name, 0, 0, 0) == 0 &&
	    strcmp(name, "qarbd-decider") == 0) {
		armed = true;
		say("armed", 0);
	}
	return (int)syscall(SYS_timerfd_settime, fd, flags, set, was);
}

void *malloc(size_t size)
{
	if (armed)
		say("malloc", size);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	if (armed)
		say("calloc", count * size);
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	if (armed)
		say("realloc", size);
	return __libc_realloc(old, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
	if (armed)
		say("posix_memalign", size);
	*out = __libc_memalign(align, size);
	return *out ? 0 : 12;
}

void *aligned_alloc(size_t align, size_t size)
{
	if (armed)
		say("aligned_alloc", size);
	return __libc_memalign(align, size);
}

void free(void *p)
{
	if (armed && p)
		say("free", 0);
	__libc_free(p);
}

void *mmap(void *at, size_t size, int rights, int flags, int fd, off_t offset)
{
	if (armed)
		say("mmap", size);
	/* The kernel's address or its error, as the library's own wrapper would give it. */
	return (void *)(intptr_t)syscall(SYS_mmap, at, size, rights, flags, fd, offset);
}

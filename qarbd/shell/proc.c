/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/say.h"

enum {
	/* corosync's dispatch functions keep a message of 1 MiB on the stack. */
	PROC_STACK_LIMIT = 2048 * 1024,
	PROC_STACK_TOUCHED = 192 * 1024,
	PROC_IOPRIO_WHO = 1,		/* a process */
	PROC_IOPRIO_RT = (1 << 13) | 0, /* class real-time, highest level */
};

static char *proc_argv;
static size_t proc_argv_size;

void proc_init(int argc, char **argv)
{
	char *end = argv[argc - 1] + strlen(argv[argc - 1]);
	size_t count = 0;
	char **copy;

	/* The environment lies behind the arguments: moved away, its room takes the longer names.
	 */
	while (environ[count] != NULL)
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy != NULL && i < count; i++) {
		copy[i] = strdup(environ[i]);
		if (copy[i] == NULL) {
			while (i > 0)
				free(copy[--i]);
			free(copy);
			return;
		}
		if (environ[i] == end + 1)
			end = environ[i] + strlen(environ[i]);
	}
	if (copy == NULL)
		return;
	environ = copy;
	proc_argv = argv[0];
	proc_argv_size = (size_t)(end - argv[0]);
}

void proc_name(const char *name)
{
	(void)prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
	if (proc_argv_size != 0) {
		memset(proc_argv, 0, proc_argv_size);
		(void)snprintf(proc_argv, proc_argv_size, "%s", name);
	}
}

void proc_default_signals(void)
{
	sigset_t none;

	for (int number = 1; number <= SIGRTMAX; number++) {
		struct sigaction now;

		/* A handler that is there at the start is one of the program's own libraries'. */
		if (number != SIGHUP && sigaction(number, NULL, &now) == 0 &&
		    now.sa_handler == SIG_IGN)
			(void)signal(number, SIG_DFL);
	}
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void proc_small_stack(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_STACK, &l) != 0)
		return;
	l.rlim_cur = PROC_STACK_LIMIT;
	(void)setrlimit(RLIMIT_STACK, &l);
}

#ifndef __SANITIZE_ADDRESS__
static void proc_touch_stack(void)
{
	volatile unsigned char room[PROC_STACK_TOUCHED];

	for (size_t i = 0; i < sizeof(room); i += 1024)
		room[i] = 0;
}

/* Bring in every page of the program and its libraries, and every writable page that is ours alone.
 * Mappings shared with others (buffers, corosync's message rings) are left to their use: they would
 * count megabytes that this process never looks at. */
static void proc_touch_mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		unsigned long from;
		unsigned long to;
		char rights[8];
		char file[8] = "";

		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %7s", &from, &to, rights, file) < 3 ||
		    rights[0] != 'r' || rights[3] != 'p' || strncmp(file, "[v", 2) == 0 ||
		    strcmp(file, "[stack]") == 0)
			continue;
		for (volatile char *at = (volatile char *)from; at < (volatile char *)to;
		     at += 4096) {
			char byte = *at;

			if (rights[1] == 'w')
				*at = byte;
		}
	}
	if (f != NULL)
		(void)fclose(f);
}
#endif

/* Restarts and further processes meet the same refusal: it is told once. */
static bool proc_first(_Atomic uint32_t *warned, uint32_t bit)
{
	return (atomic_fetch_or(warned, bit) & bit) == 0;
}

static void proc_oom(_Atomic uint32_t *warned)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, "-1000", 5) == 5;

	if (!done && proc_first(warned, 8))
		say(SAY_WARNING,
		    "oom_score_adj -1000 not permitted: the kernel may kill this process when "
		    "memory is short");
	if (fd >= 0)
		(void)close(fd);
}

void proc_schedule(const struct config *c, _Atomic uint32_t *warned)
{
	struct sched_param p = { .sched_priority = (int)c->priority };
	int policy = c->scheduler == SCHEDULER_FIFO ? SCHED_FIFO : SCHED_RR;

	if (c->scheduler == SCHEDULER_OTHER) {
		policy = SCHED_OTHER;
		p.sched_priority = 0;
	}
	if (sched_setscheduler(0, policy, &p) != 0 && proc_first(warned, 2))
		say(SAY_WARNING, "scheduler %s, priority %u not permitted (%s): going on without",
		    policy == SCHED_RR ? "rr" : "fifo", c->priority, strerror(errno));
}

void proc_lock_memory(_Atomic uint32_t *warned)
{
	/* The sanitizer's shadow is terabytes of address space that nobody may touch. */
#ifndef __SANITIZE_ADDRESS__
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0 && proc_first(warned, 1))
		say(SAY_WARNING, "memory cannot be locked (%s): paging may delay the vote",
		    strerror(errno));
	proc_touch_stack();
	proc_touch_mappings();
#else
	(void)warned;
#endif
}

void proc_realtime(const struct config *c, _Atomic uint32_t *warned)
{
	proc_lock_memory(warned);
	if (c->scheduler != SCHEDULER_OTHER)
		proc_schedule(c, warned);
	if (syscall(SYS_ioprio_set, PROC_IOPRIO_WHO, 0, PROC_IOPRIO_RT) != 0 &&
	    proc_first(warned, 4))
		say(SAY_WARNING, "real-time I/O priority not permitted (%s): going on without",
		    strerror(errno));
	proc_oom(warned);
}

bool proc_start_ticks(int32_t pid, uint64_t *ticks)
{
	char path[64];
	char text[512];
	char *at;
	unsigned long long start = 0;
	ssize_t n;
	int fd;

	*ticks = 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ESRCH;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0 && errno == ESRCH)
		n = 0;
	(void)close(fd);
	if (n <= 0)
		return n == 0;
	text[n] = 0;
	at = strrchr(text, ')'); /* the name before it may contain anything */
	if (at == NULL || at[1] == 0)
		return false;
	if (at[2] == 'Z' || at[2] == 'X')
		return true;
	/* state is field 3, starttime field 22 */
	at++;
	for (int field = 3; field < 22 && at != NULL; field++)
		at = strchr(at + 1, ' ');
	if (at == NULL || sscanf(at, "%llu", &start) != 1)
		return false;
	*ticks = start;
	return true;
}

bool proc_has_open(int32_t pid, const char *path)
{
	char folder[32];
	char name[PATH_MAX];
	const struct dirent *e;
	bool found = false;
	DIR *d;

	(void)snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)pid);
	d = opendir(folder);
	while (d != NULL && !found && (e = readdir(d)) != NULL) {
		ssize_t n = readlinkat(dirfd(d), e->d_name, name, sizeof(name) - 1);

		if (n <= 0)
			continue;
		name[n] = 0;
		found = strcmp(name, path) == 0;
	}
	if (d != NULL)
		(void)closedir(d);
	return found;
}

void proc_name_of(int32_t pid, char name[PROC_NAME_SIZE])
{
	char path[32];
	FILE *f;

	name[0] = 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	f = fopen(path, "re");
	if (f != NULL && fgets(name, PROC_NAME_SIZE, f) != NULL)
		name[strcspn(name, "\n")] = 0;
	if (f != NULL)
		(void)fclose(f);
}

uint64_t proc_random(void)
{
	uint64_t r = 0;

	while (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r) || r == 0)
		;
	return r;
}

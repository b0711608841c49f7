/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/lock.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/proc.h"

/* How much a process that has the file open tells of who has the lock. */
enum lock_rank { LOCK_NOTHING = 0, LOCK_CHILD, LOCK_DISK, LOCK_GUARDIAN };

static enum lock_rank lock_rank(int32_t pid, const char *name, int32_t guardian)
{
	if (pid == (int32_t)getpid())
		return LOCK_NOTHING;
	if (pid == guardian)
		return LOCK_GUARDIAN;
	if (strncmp(name, "qarbd-disk", 10) == 0)
		return LOCK_DISK;
	return strncmp(name, "qarbd-", 6) == 0 ? LOCK_CHILD : LOCK_NOTHING;
}

enum rc lock_holder(const char *path, int32_t guardian, char *holder, size_t size)
{
	enum lock_rank best = LOCK_NOTHING;
	const struct dirent *e;
	char real[PATH_MAX];
	DIR *d;

	holder[0] = 0;
	if (realpath(path, real) == NULL)
		return RC_AGAIN;
	d = opendir("/proc");
	while (d != NULL && (e = readdir(d)) != NULL) {
		int32_t pid = (int32_t)strtol(e->d_name, NULL, 10);
		enum lock_rank rank;
		char name[PROC_NAME_SIZE];

		if (!isdigit((unsigned char)e->d_name[0]) || !proc_has_open(pid, real))
			continue;
		proc_name_of(pid, name);
		rank = lock_rank(pid, name, guardian);
		if (rank <= best)
			continue;
		best = rank;
		(void)snprintf(holder, size, "%s (pid %d)", name, (int)pid);
	}
	if (d != NULL)
		(void)closedir(d);
	return best == LOCK_GUARDIAN ? RC_BUSY : RC_AGAIN;
}

/* returns: 0 when there is none. */
static int32_t lock_guardian(const char *folder)
{
	char path[PATH_MAX];
	int pid = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/qarbd.pid", folder);
	f = fopen(path, "re");
	if (f != NULL && fscanf(f, "%d", &pid) != 1)
		pid = 0;
	if (f != NULL)
		(void)fclose(f);
	return pid;
}

static enum rc lock_fault(const char *path)
{
	(void)fprintf(stderr, "qarbd: %s: %s\n", path, strerror(errno));
	return RC_IO;
}

/* returns: whether to wait. */
static bool lock_tell(const char *folder, const char *path, bool wait)
{
	char holder[LOCK_HOLDER_SIZE];
	bool runs = lock_holder(path, lock_guardian(folder), holder, sizeof(holder)) == RC_BUSY;

	if (runs && !wait)
		(void)fprintf(stderr, "qarbd: it runs already: %s holds %s\n", holder, path);
	else if (runs)
		(void)fprintf(stderr, "qarbd: waiting: another qarbd runs: %s holds %s\n", holder,
			      path);
	else
		(void)fprintf(stderr,
			      "qarbd: waiting: a process of another qarbd still runs: %s holds "
			      "%s\n",
			      holder[0] != 0 ? holder : "one that cannot be seen", path);
	return wait || !runs;
}

enum rc lock_take(const char *folder, bool wait)
{
	char path[PATH_MAX];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/qarbd.lock", folder);
	/* Who may read it can lock it, and would keep every later daemon from starting. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fchmod(fd, 0600) != 0)
		return lock_fault(path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return RC_OK;
	if (!lock_tell(folder, path, wait)) {
		(void)close(fd);
		return RC_BUSY;
	}
	while (flock(fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return lock_fault(path);
	return RC_OK;
}

enum rc lock_name_guardian(const char *folder)
{
	char path[PATH_MAX];
	char pid[32];
	int fd;
	int n;

	(void)snprintf(path, sizeof(path), "%s/qarbd.pid", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (fd < 0 || write(fd, pid, (size_t)n) != n)
		return lock_fault(path);
	(void)close(fd);
	return RC_OK;
}

void lock_unname_guardian(const char *folder)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/qarbd.pid", folder);
	(void)unlink(path);
}

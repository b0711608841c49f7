/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/selfend.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shell/say.h"

enum {
	SELFEND_LOOK_MS = 200,	  /* between looks whether a process has ended */
	SELFEND_SIGNAL_MS = 5000, /* a signal that was lost is sent again */
	SELFEND_METHOD_MS = 1000, /* what works at all works within it */
	SELFEND_AGAIN_MS = 10000,
};

void selfend_open(struct selfend *s, const char *sysrq)
{
	memset(s, 0, sizeof(*s));
	/* Now: when the storage is dead, opening anything may hang. */
	s->sysrq_fd = open(sysrq, O_WRONLY | O_CLOEXEC);
}

/* Containers show their processes to the host too: only those of the own namespace are meant. */
static bool selfend_same_namespace(const char *pid)
{
	char path[64];
	struct stat own;
	struct stat other;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/ns/pid", pid);
	return stat("/proc/self/ns/pid", &own) == 0 && stat(path, &other) == 0 &&
	       own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

int selfend_find(const char *name)
{
	const struct dirent *e;
	int pid = 0;
	DIR *d = opendir("/proc");

	while (d != NULL && pid == 0 && (e = readdir(d)) != NULL) {
		char path[64];
		char comm[64] = "";
		FILE *f;

		if (!isdigit((unsigned char)e->d_name[0]))
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%.20s/comm", e->d_name);
		f = fopen(path, "re");
		if (f != NULL && fgets(comm, sizeof(comm), f) != NULL)
			comm[strcspn(comm, "\n")] = 0;
		if (f != NULL)
			(void)fclose(f);
		if (strcmp(comm, name) == 0 && selfend_same_namespace(e->d_name))
			pid = (int)strtol(e->d_name, NULL, 10);
	}
	if (d != NULL)
		(void)closedir(d);
	return pid;
}

void selfend_begin(struct selfend *s, enum self_act act, uint64_t now_ms)
{
	if (act == SELF_REBOOT && s->phase != SELFEND_FENCE) {
		s->phase = SELFEND_FENCE;
		s->tried = 0;
	} else if (act == SELF_STOP && s->phase == SELFEND_NONE) {
		s->phase = SELFEND_PACEMAKER;
		say(SAY_CRIT, "stopping the cluster stack of this node: Pacemaker first");
	} else {
		return;
	}
	s->since_ms = now_ms;
	s->next_ms = now_ms;
}

enum rc selfend_sysrq(const struct selfend *s)
{
	if (s->sysrq_fd < 0)
		return RC_NOTFOUND;
	return write(s->sysrq_fd, "b", 1) == 1 ? RC_OK : RC_IO;
}

/* No sync before it: that could hang for as long as the storage does. */
static void selfend_fence(struct selfend *s, const struct config *c, uint64_t now_ms)
{
	static const char *const words[SELF_FENCE_MAX] = { "sysrq", "reboot" };
	enum self_fence method;

	if (c->self_fence_count == 0)
		return;
	method = c->self_fence[s->tried % c->self_fence_count];
	if (s->tried < c->self_fence_count)
		say(SAY_CRIT, "rebooting this node: %s", words[method]);
	if (method == SELF_FENCE_SYSRQ)
		(void)selfend_sysrq(s);
	else
		(void)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			      LINUX_REBOOT_CMD_RESTART, NULL);
	s->tried++;
	s->next_ms = now_ms +
		     (s->tried % c->self_fence_count != 0 ? SELFEND_METHOD_MS : SELFEND_AGAIN_MS);
}

/* End one program.  returns: whether it is gone. */
static bool selfend_end(struct selfend *s, const char *name, uint64_t now_ms)
{
	int pid = selfend_find(name);

	if (pid == 0)
		return true;
	if (now_ms >= s->next_ms) {
		(void)kill(pid, SIGTERM);
		s->next_ms = now_ms + SELFEND_SIGNAL_MS;
	}
	return false;
}

uint64_t selfend_step(struct selfend *s, const struct config *c, uint64_t now_ms)
{
	if ((s->phase == SELFEND_PACEMAKER || s->phase == SELFEND_COROSYNC) &&
	    now_ms >= s->since_ms + c->stop_timeout_ms) {
		say(SAY_CRIT, "the cluster stack did not stop within %u ms", c->stop_timeout_ms);
		selfend_begin(s, SELF_REBOOT, now_ms);
	}
	switch (s->phase) {
	case SELFEND_NONE:
	case SELFEND_STOPPED:
		return UINT64_MAX;
	case SELFEND_PACEMAKER:
		if (!selfend_end(s, "pacemakerd", now_ms))
			break;
		s->phase = SELFEND_COROSYNC;
		s->next_ms = now_ms;
		break;
	case SELFEND_COROSYNC:
		if (!selfend_end(s, "corosync", now_ms))
			break;
		s->phase = SELFEND_STOPPED;
		say(SAY_CRIT, "the cluster stack of this node is stopped");
		return now_ms;
	case SELFEND_FENCE:
		if (now_ms >= s->next_ms)
			selfend_fence(s, c, now_ms);
		return s->next_ms;
	}
	return now_ms + SELFEND_LOOK_MS;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/guardian.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mutant.h"
#include "shell/clock.h"
#include "shell/decider.h"
#include "shell/notify.h"
#include "shell/proc.h"
#include "shell/say.h"
#include "shell/selfend.h"
#include "shell/service.h"
#include "shell/svclog.h"
#include "shell/voter.h"
#include "shell/watchdog.h"
#include "shell/worker.h"

enum {
	GUARDIAN_BURST = 10,	     /* starts of one process without delay */
	GUARDIAN_REFILL_MS = 1000,   /* one more start after each */
	GUARDIAN_LEAVE_MS = 10000,   /* for the clean stop, at least */
	GUARDIAN_END_MS = 3000,	     /* for processes to end by themselves */
	GUARDIAN_FEED_MS = 250,	     /* between looks whether the watchdog may be fed */
	GUARDIAN_RETRY_MS = 5000,    /* between attempts to arm it */
	GUARDIAN_TELL_MS = 60000,    /* between lines that it writes by itself */
	GUARDIAN_WATCHDOG_MS = 5000, /* its timeout at least */
};

struct guardian {
	struct shm *m;
	int life_fd;
	int signal_fd;
	int ready_fd; /* who started the daemon waits at its other end; -1: nobody does */
	sigset_t signals_before;
	struct {
		uint32_t tokens;
		uint64_t refill_ms;
	} rate[PROC_COUNT];
	uint64_t told_ms; /* a service that cannot be started is not told of again before */
	uint64_t stop_ms; /* 0: running; else when the clean stop began */
	bool stopped_late;
	struct selfend self;
	struct watchdog watchdog;
	uint64_t watchdog_retry_ms;
	char watchdog_said[160];
};

static const char *guardian_proc_name(uint32_t id, char *room, size_t size)
{
	if (id == PROC_DECIDER)
		return "qarbd-decider";
	if (id == PROC_VOTER)
		return "qarbd-voter";
	if (id == PROC_SERVICE)
		return "qarbd-service";
	(void)snprintf(room, size, "qarbd-disk%u", id - PROC_DISK0);
	return room;
}

/* The life of a child, from its first instruction on. */
static _Noreturn void guardian_child(struct guardian *g, uint32_t id)
{
	char room[16];

	(void)close(g->life_fd);
	(void)close(g->signal_fd);
	/* Kept, it would have who waits go on waiting when the guardian is gone. */
	if (g->ready_fd >= 0)
		(void)close(g->ready_fd);
	if (g->self.sysrq_fd >= 0)
		(void)close(g->self.sysrq_fd);
	if (g->watchdog.fd >= 0)
		(void)close(g->watchdog.fd);
	(void)sigprocmask(SIG_SETMASK, &g->signals_before, NULL);
	/* A terminal's interrupt reaches the whole group: the guardian leads the stop. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	proc_name(guardian_proc_name(id, room, sizeof(room)));
	say_init(g->m, id);
	if (id == PROC_DECIDER)
		decider_run(g->m);
	else if (id == PROC_VOTER)
		voter_run(g->m);
	else if (id == PROC_SERVICE)
		service_run(g->m);
	else
		worker_run(g->m, id - PROC_DISK0);
	_exit(0);
}

/* in: reason, of errno. */
static void guardian_cannot_start(struct guardian *g, uint32_t id, int reason)
{
	char line[SHM_SAY_SIZE];
	char room[16];
	const char *name = guardian_proc_name(id, room, sizeof(room));
	uint64_t now = clock_now_ms();

	(void)snprintf(line, sizeof(line), "cannot start %s: %s: trying again", name,
		       strerror(reason));
	say(SAY_ERR, "%s", line);
	/* Without a service nobody writes what was said. */
	if (id != PROC_SERVICE || now < g->told_ms)
		return;
	g->told_ms = now + GUARDIAN_TELL_MS;
	svclog_direct(NULL, SAY_ERR, line);
}

static void guardian_start(struct guardian *g, uint32_t id)
{
	struct shm_proc *proc = &g->m->proc[id];
	pid_t pid;

	if (g->rate[id].tokens == 0)
		return;
	g->rate[id].tokens--;
	pid = fork();
	if (pid == 0)
		guardian_child(g, id);
	if (pid < 0) {
		guardian_cannot_start(g, id, errno);
		g->rate[id].tokens = 0;
		return;
	}
	atomic_store(&proc->pid, pid);
	atomic_fetch_add(&proc->starts, 1);
	atomic_store(&proc->started_ms, clock_now_ms());
	shm_wake(g->m, id);
}

/* One start more for each second, up to the burst. */
static void guardian_refill(struct guardian *g)
{
	uint64_t now = clock_now_ms();

	for (uint32_t i = 0; i < PROC_COUNT; i++) {
		if (g->rate[i].tokens >= GUARDIAN_BURST)
			g->rate[i].refill_ms = now + GUARDIAN_REFILL_MS;
		while (g->rate[i].tokens < GUARDIAN_BURST && now >= g->rate[i].refill_ms) {
			g->rate[i].tokens++;
			g->rate[i].refill_ms += GUARDIAN_REFILL_MS;
		}
	}
}

static bool guardian_wanted(const struct guardian *g, uint32_t id)
{
	struct config config;

	if (id < PROC_DISK0)
		return true;
	return PAGE_GET(&g->m->config, &config) != 0 &&
	       id - PROC_DISK0 < config.policy.arbiter_count &&
	       config.arbiter[id - PROC_DISK0].type == ARBITER_DISK;
}

/* returns: whether a process that is wanted waits for its turn. */
static bool guardian_start_missing(struct guardian *g)
{
	bool waiting = false;

	guardian_refill(g);
	for (uint32_t i = 0; i < PROC_COUNT; i++) {
		if (atomic_load(&g->m->proc[i].pid) != 0 || !guardian_wanted(g, i))
			continue;
		if (MUTANT(no_respawn) && atomic_load(&g->m->proc[i].starts) != 0)
			continue;
		guardian_start(g, i);
		waiting = waiting || atomic_load(&g->m->proc[i].pid) == 0;
	}
	return waiting;
}

/* The kernel lets a process be reaped when all of its I/O has ended: what this worker had taken on
 * is over, and whether it reached the disk is not known. */
static void guardian_end_io(struct guardian *g, uint32_t arbiter_index)
{
	struct shm_port *port = &g->m->port[arbiter_index];
	struct shm_io *io[2] = { &port->write, &port->read };

	for (int i = 0; i < 2; i++) {
		uint64_t number = atomic_load(&io[i]->submitted);

		if (number == atomic_load(&io[i]->ended))
			continue;
		io[i]->rc = RC_GONE;
		io[i]->end_ms = clock_now_ms();
		atomic_store(&io[i]->ended, number);
	}
	shm_wake(g->m, PROC_DECIDER);
}

static void guardian_reap(struct guardian *g)
{
	char room[16];
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (uint32_t i = 0; i < PROC_COUNT; i++) {
			if (atomic_load(&g->m->proc[i].pid) != pid)
				continue;
			if (i >= PROC_DISK0)
				guardian_end_io(g, i - PROC_DISK0);
			atomic_store(&g->m->proc[i].pid, 0);
			if (g->stop_ms == 0)
				say(SAY_WARNING, "process=%s pid=%d %s=%d: started again",
				    guardian_proc_name(i, room, sizeof(room)), (int)pid,
				    WIFSIGNALED(status) ? "signal" : "exit",
				    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		}
	}
}

/* ---- the watchdog and the own end ---- */

static void guardian_arm(struct guardian *g, const struct config *c, uint64_t now)
{
	uint32_t wanted_ms = 2 * c->policy.dead_ms;
	char why[sizeof(g->watchdog_said)];
	enum rc rc;

	g->watchdog_retry_ms = now + GUARDIAN_RETRY_MS;
	if (wanted_ms < GUARDIAN_WATCHDOG_MS)
		wanted_ms = GUARDIAN_WATCHDOG_MS;
	rc = watchdog_arm(&g->watchdog, c->watchdog, wanted_ms, why, sizeof(why));
	if (rc == RC_OK) {
		say(SAY_NOTICE, "watchdog=%s armed timeout_ms=%u", c->watchdog,
		    g->watchdog.timeout_ms);
		g->watchdog_said[0] = 0;
		atomic_store(&g->m->watchdog_ms, g->watchdog.timeout_ms);
		shm_wake(g->m, PROC_DECIDER);
	} else if (strcmp(why, g->watchdog_said) != 0) {
		say(SAY_ERR, "watchdog=%s: %s: this node is not watched", c->watchdog, why);
		(void)snprintf(g->watchdog_said, sizeof(g->watchdog_said), "%s", why);
	}
}

/* Armed by the first beat, fed until the hold of the last one is over: a node whose beats stopped
 * is reset within the timeout after it.  returns: ms until the next look, -1: no need. */
static int guardian_watch(struct guardian *g, const struct config *c)
{
	uint64_t now = clock_now_ms();
	bool fresh = now < atomic_load(&g->m->alive_until_ms);

	if (c->watchdog[0] == 0)
		return -1;
	if (g->watchdog.fd < 0 && fresh && g->stop_ms == 0 && now >= g->watchdog_retry_ms)
		guardian_arm(g, c, now);
	else if (g->watchdog.fd >= 0 && fresh && g->self.phase != SELFEND_FENCE)
		watchdog_feed(&g->watchdog, now);
	return GUARDIAN_FEED_MS;
}

/* returns: ms until something is due, -1: nothing is. */
static int guardian_self(struct guardian *g)
{
	static struct config config;
	uint32_t act = atomic_load(&g->m->self_wanted);
	uint64_t due;
	uint64_t now;
	int watch;

	if (PAGE_GET(&g->m->config, &config) == 0)
		return -1;
	watch = guardian_watch(g, &config);
	now = clock_now_ms();
	if (act == SELF_STOP || act == SELF_REBOOT)
		selfend_begin(&g->self, (enum self_act)act, now);
	due = selfend_step(&g->self, &config, now);
	if (due != UINT64_MAX && (watch < 0 || due < now + (uint64_t)watch))
		return due > now ? (int)(due - now) : 0;
	return watch;
}

static void guardian_wake_all(const struct guardian *g)
{
	for (uint32_t i = 0; i < PROC_SOURCES; i++)
		shm_wake(g->m, i);
}

/* returns: whether a signal asks for the end. */
static bool guardian_take_signals(struct guardian *g)
{
	struct signalfd_siginfo info;
	bool end = false;

	while (read(g->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			end = true;
	}
	guardian_reap(g);
	return end;
}

static void guardian_wait(struct guardian *g, int timeout_ms)
{
	int self_ms = guardian_self(g);
	struct pollfd p[2] = {
		{ .fd = g->signal_fd, .events = POLLIN },
		{ .fd = g->m->wake_fd[PROC_GUARDIAN], .events = POLLIN },
	};

	if (self_ms >= 0 && (timeout_ms < 0 || self_ms < timeout_ms))
		timeout_ms = self_ms;
	if (poll(p, 2, timeout_ms) > 0 && p[1].revents != 0)
		shm_drain(p[1].fd);
}

/* How long the clean stop may take: the decider first has to say "no" and to write it down. */
static uint64_t guardian_leave_ms(const struct guardian *g)
{
	struct config config;

	if (PAGE_GET(&g->m->config, &config) == 0 || PAGE_COUNT(&g->m->publication) == 0)
		return 0; /* nothing was ever decided */
	return 2 * (uint64_t)config.policy.dead_ms + GUARDIAN_LEAVE_MS;
}

static bool guardian_alone(const struct guardian *g)
{
	for (uint32_t i = 0; i < PROC_COUNT; i++)
		if (atomic_load(&g->m->proc[i].pid) != 0)
			return false;
	return true;
}

static void guardian_wait_for_ends(struct guardian *g)
{
	uint64_t until = clock_now_ms() + GUARDIAN_END_MS;

	while (!guardian_alone(g) && clock_now_ms() < until) {
		(void)guardian_take_signals(g);
		guardian_wait(g, 100);
	}
}

/* Is this node the only one of its ring, and quorate by the device's vote?  Then nobody is left
 * whom a "no" would help, and it would cost quorum, and the services, at each restart. */
static bool guardian_sole_holder(const struct guardian *g)
{
	struct voter_report r;

	return !MUTANT(leave_always) && PAGE_GET(&g->m->voter, &r) != 0 && r.connected &&
	       r.members.count == 1 && r.cast_vote && r.quorate;
}

/* Only who has said on the disks that nothing watches it goes unwatched: others take the silence of
 * a watched node for its death. */
static void guardian_disarm(struct guardian *g)
{
	if (g->watchdog.fd < 0)
		return;
	if (atomic_load(&g->m->unwatched) != 0) {
		if (watchdog_disarm(&g->watchdog) != RC_OK)
			say(SAY_CRIT,
			    "the watchdog cannot be disarmed (nowayout): it resets this node in "
			    "%u ms unless qarbd is started again before",
			    g->watchdog.timeout_ms);
		return;
	}
	say(SAY_CRIT, "the disk still says that this node is watched: its watchdog will reset it");
}

/* Wait until the slots say that no watchdog is armed, with everybody at work as before. */
static void guardian_unwatch(struct guardian *g, uint64_t until)
{
	if (g->watchdog.fd < 0)
		return;
	atomic_store(&g->m->watchdog_ms, 0);
	atomic_store(&g->m->unwatched, 0); /* what was answered before the request is none */
	shm_wake(g->m, PROC_DECIDER);
	while (atomic_load(&g->m->unwatched) == 0 && clock_now_ms() < until) {
		(void)guardian_take_signals(g);
		(void)guardian_start_missing(g);
		guardian_wait(g, 10);
	}
	guardian_disarm(g);
}

/* End as if all were killed, which every rule bears: corosync counts the last yes for `timeout`,
 * the slot goes on naming the grant, and a successor that comes in time takes both over. */
static void guardian_end_silently(struct guardian *g)
{
	say(SAY_NOTICE,
	    "this node holds the vote alone: ending without a \"no\", so that a restart "
	    "may resume it");
	for (uint32_t i = 0; i < PROC_COUNT; i++) {
		int32_t pid = atomic_load(&g->m->proc[i].pid);

		if (pid != 0 && i != PROC_SERVICE)
			(void)kill(pid, SIGKILL);
	}
	/* The service, which has lines to write, ends by itself. */
	atomic_store(&g->m->ending, 1);
	guardian_wake_all(g);
	guardian_wait_for_ends(g);
}

static void guardian_kill_rest(const struct guardian *g)
{
	for (uint32_t i = 0; i < PROC_COUNT; i++) {
		int32_t pid = atomic_load(&g->m->proc[i].pid);

		if (pid != 0)
			(void)kill(pid, SIGKILL);
	}
}

static void guardian_stop(struct guardian *g)
{
	uint64_t until = clock_now_ms() + guardian_leave_ms(g);

	g->stop_ms = clock_now_ms();
	notify_stopping();
	if (guardian_sole_holder(g)) {
		guardian_unwatch(g, until);
		/* Somebody may have come meanwhile. */
		if (guardian_sole_holder(g)) {
			guardian_end_silently(g);
			guardian_kill_rest(g);
			return;
		}
		until = clock_now_ms() + guardian_leave_ms(g);
	}
	atomic_store(&g->m->leaving, 1);
	shm_wake(g->m, PROC_DECIDER);
	while (atomic_load(&g->m->left) == 0 && clock_now_ms() < until) {
		(void)guardian_take_signals(g);
		(void)guardian_start_missing(g);
		guardian_wait(g, 100);
	}
	g->stopped_late = atomic_load(&g->m->left) == 0 && guardian_leave_ms(g) != 0;
	if (g->stopped_late)
		say(SAY_ERR, "the clean stop took too long: ending without it");
	guardian_disarm(g);
	atomic_store(&g->m->ending, 1);
	guardian_wake_all(g);
	guardian_wait_for_ends(g);
	/* A worker that hangs in the kernel stays behind with the lock until its device answers. */
	guardian_kill_rest(g);
}

/* It feeds the watchdog and ends the node: neither a busy machine nor dead storage, from which a
 * page would have to come back, must keep it from that.  What is forked starts as an ordinary
 * process again. */
static void guardian_urgent(struct shm *m)
{
	struct sched_param p = { .sched_priority = 1 };

	(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &p);
	proc_lock_memory(&m->warned);
}

int guardian_run(struct shm *m, int life_fd, int ready_fd)
{
	bool ready = false;
	static struct guardian guardian;
	struct guardian *g = &guardian;
	sigset_t signals;

	g->m = m;
	g->life_fd = life_fd;
	g->ready_fd = ready_fd;
	say_init(m, PROC_GUARDIAN);
	say(SAY_NOTICE, "started version=%s", QARB_VERSION);
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	(void)sigaddset(&signals, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &signals, &g->signals_before);
	g->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (g->signal_fd < 0)
		return 1;
	selfend_open(&g->self, "/proc/sysrq-trigger");
	g->watchdog.fd = -1;
	guardian_urgent(m);
	for (uint32_t i = 0; i < PROC_COUNT; i++)
		g->rate[i].tokens = GUARDIAN_BURST;
	(void)guardian_start_missing(g);
	/* Who waited for the start may be gone. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (ready_fd >= 0) {
		ssize_t done = write(ready_fd, "", 1);

		(void)done;
		(void)close(ready_fd);
		g->ready_fd = -1;
	}
	for (;;) {
		bool waiting;

		if (guardian_take_signals(g) || g->self.phase == SELFEND_STOPPED)
			break;
		ready = ready || notify_ready();
		waiting = guardian_start_missing(g);
		guardian_wait(g, waiting || !ready ? 100 : -1);
	}
	guardian_stop(g);
	return g->stopped_late ? 1 : 0;
}

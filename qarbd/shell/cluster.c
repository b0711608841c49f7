/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/cluster.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mutant.h"
#include "shell/clock.h"
#include "shell/config.h"
#include "shell/configured.h"
#include "shell/confmap.h"
#include "shell/hellocpg.h"
#include "shell/nowayout.h"
#include "shell/say.h"
#include "shell/sbdfile.h"

enum {
	CLUSTER_RETRY_MS = 500,
	CLUSTER_QUIET_MS = 200,	     /* a reload changes keys one by one */
	CLUSTER_STACK = 2048 * 1024, /* corosync's dispatch keeps 1 MiB there */
};

struct cluster {
	struct shm *m;
	bool map;
	bool group;
	uint64_t read_ms; /* 0: the configuration is up to date */
	uint64_t retry_ms;
	uint64_t hello_count[ARBITERS_MAX];
	uint32_t problems_told; /* so that the same refusal is told once */
	uint32_t warnings_told;
	bool votes;	   /* goes on with votes of the device that do not fit */
	struct config now; /* in force */
	struct config next;
	struct config_problems problems;
	struct config_items items;
};

_Static_assert((int)CONFIG_LINE_SIZE <= (int)SHM_SAY_SIZE, "a problem's end says what is allowed");

/* returns: whether these lines are others than those told last. */
static bool cluster_news(const struct config_problems *p, uint32_t *told)
{
	uint32_t now = p->count == 0 ? 0 : 0x811c9dc5U;
	bool news;

	for (uint32_t i = 0; i < p->count && i < CONFIG_PROBLEMS_MAX; i++)
		for (const char *t = p->line[i]; *t != 0; t++)
			now = (now ^ (unsigned char)*t) * 0x01000193U;
	news = now != *told;
	*told = now;
	return news;
}

static void cluster_say_lines(const struct config_problems *p, enum say_level level)
{
	for (uint32_t i = 0; i < p->count && i < CONFIG_PROBLEMS_MAX; i++)
		say(level, "%s", p->line[i]);
}

static void cluster_put_config(struct cluster *c)
{
	PAGE_PUT(&c->m->config, &c->next);
	c->now = c->next;
	shm_wake(c->m, PROC_GUARDIAN);
	shm_wake(c->m, PROC_DECIDER);
	shm_wake(c->m, PROC_VOTER);
	for (uint32_t i = 0; i < c->next.policy.arbiter_count; i++)
		shm_wake(c->m, PROC_DISK0 + i);
}

/* in: running, whether a configuration is in force. */
static void cluster_refuse(struct cluster *c, bool running)
{
	uint32_t count = c->problems.count;

	if (cluster_news(&c->problems, &c->problems_told)) {
		cluster_say_lines(&c->problems, SAY_ERR);
		say(SAY_ERR, "configuration refused (%u problem%s): %s", count,
		    count == 1 ? "" : "s",
		    running ? "the one before stays in force" : "nothing is started with it");
	}
	if (!running || MUTANT(d_ignored) || !config_follow_corosync(&c->items, &c->now, &c->next))
		return;
	say(SAY_WARNING,
	    "corosync itself has taken quorum.device.timeout = %u and sync_timeout = %u of it: "
	    "reckoned with",
	    c->next.policy.timeout_ms, c->next.policy.sync_timeout_ms);
	cluster_put_config(c);
}

static void cluster_warn(struct cluster *c)
{
	config_warn(&c->items, &c->next, &c->problems);
	(void)!sbdfile_warn(NULL, &c->next.policy, &c->problems);
	nowayout_warn(NULL, &c->next, &c->problems);
	if (cluster_news(&c->problems, &c->warnings_told))
		cluster_say_lines(&c->problems, SAY_WARNING);
}

/* A cluster that has run goes on with votes of the device that do not fit its algorithm. */
static bool cluster_goes_on(struct cluster *c)
{
	if (!config_only_votes(&c->problems) || !configured_before(STATE_DIR, c->next.cluster_name))
		return false;
	if (cluster_news(&c->problems, &c->problems_told)) {
		cluster_say_lines(&c->problems, SAY_ERR);
		say(SAY_ERR,
		    "the cluster has run before and goes on with these votes: who is quorate "
		    "with the device is not as algorithm says until they are corrected");
	}
	return true;
}

static void cluster_mark(const struct cluster *c)
{
	if (configured_before(STATE_DIR, c->next.cluster_name))
		return;
	if (configured_mark(STATE_DIR, c->next.cluster_name) != RC_OK)
		say(SAY_WARNING, STATE_DIR "/configured cannot be written: the next start is "
					   "judged like the first");
}

static void cluster_take_config(struct cluster *c)
{
	uint32_t waits = 0;
	enum rc rc = confmap_read(&c->items);
	bool running = PAGE_GET(&c->m->config, &c->now) != 0;

	if (rc == RC_OK)
		rc = confmap_wait_for_all(&waits);
	c->read_ms = rc == RC_OK ? 0 : clock_now_ms() + CLUSTER_QUIET_MS;
	if (rc != RC_OK)
		return;
	atomic_store(&c->m->wait_for_all, waits);
	rc = config_parse(&c->items, &c->next, &c->problems);
	c->votes = rc != RC_OK && (!running || c->votes) && cluster_goes_on(c);
	if (c->votes)
		rc = RC_OK;
	if (rc == RC_OK && c->next.own_node_id == 0) {
		c->read_ms = clock_now_ms() + CLUSTER_RETRY_MS;
		return;
	}
	if (rc == RC_OK && running)
		rc = config_reload_check(&c->now, &c->next, &c->problems);
	if (rc != RC_OK) {
		cluster_refuse(c, running);
		return;
	}
	if (running && c->problems_told != 0 && !c->votes)
		say(SAY_NOTICE, "the configuration is good again");
	if (!c->votes)
		c->problems_told = 0;
	if (running && memcmp(&c->now, &c->next, sizeof(c->now)) == 0)
		return;
	if (running)
		say(SAY_NOTICE, "configuration reloaded");
	cluster_put_config(c);
	if (!c->votes)
		cluster_mark(c);
	cluster_warn(c);
}

static void cluster_take_hello(const struct hello_record *r, void *user)
{
	struct cluster *c = user;

	if (r->hello.node_id == c->now.own_node_id)
		return;
	/* Dropped when full: another one follows. */
	ring_put(&c->m->hellos.ring, r, sizeof(*r));
	shm_wake(c->m, PROC_DECIDER);
}

static void cluster_send_hellos(struct cluster *c)
{
	for (uint32_t i = 0; i < ARBITERS_MAX && c->group; i++) {
		struct hello_record r;
		enum rc rc;

		if (PAGE_COUNT(&c->m->hello[i]) == c->hello_count[i])
			continue;
		c->hello_count[i] = PAGE_GET(&c->m->hello[i], &r);
		rc = hellocpg_send(&r);
		if (rc == RC_GONE) {
			hellocpg_close();
			c->group = false;
		}
	}
}

static void cluster_connect(struct cluster *c)
{
	uint64_t now = clock_now_ms();

	if ((c->map && c->group) || now < c->retry_ms)
		return;
	c->retry_ms = now + CLUSTER_RETRY_MS;
	if (!c->map) {
		c->map = confmap_connect() == RC_OK;
		c->read_ms = c->map ? now : 0;
		if (!c->map && MUTANT(no_reconnect))
			c->retry_ms = UINT64_MAX;
	}
	if (c->map && !c->group && PAGE_GET(&c->m->config, &c->now) != 0)
		c->group = hellocpg_connect(cluster_take_hello, c) == RC_OK;
}

static int cluster_timeout(const struct cluster *c)
{
	uint64_t now = clock_now_ms();
	uint64_t due = UINT64_MAX;

	if (!c->map || !c->group)
		due = c->retry_ms;
	if (c->read_ms != 0 && c->read_ms < due)
		due = c->read_ms;
	if (due == UINT64_MAX)
		return -1;
	return due > now ? (int)(due - now) : 0;
}

static void cluster_round(struct cluster *c)
{
	struct pollfd p[3];
	bool changed = false;

	cluster_connect(c);
	if (c->map && c->read_ms != 0 && clock_now_ms() >= c->read_ms)
		cluster_take_config(c);
	cluster_send_hellos(c);
	p[0] = (struct pollfd){ .fd = c->m->wake_fd[PROC_CLUSTER], .events = POLLIN };
	p[1] = (struct pollfd){ .fd = c->map ? confmap_fd() : -1, .events = POLLIN };
	p[2] = (struct pollfd){ .fd = c->group ? hellocpg_fd() : -1, .events = POLLIN };
	if (poll(p, 3, cluster_timeout(c)) <= 0)
		return;
	if (p[0].revents != 0)
		shm_drain(p[0].fd);
	if (p[1].revents != 0 && confmap_dispatch(&changed) != RC_OK) {
		confmap_close();
		c->map = false;
	}
	if (changed)
		c->read_ms = clock_now_ms() + CLUSTER_QUIET_MS;
	if (p[2].revents != 0 && hellocpg_dispatch() != RC_OK) {
		hellocpg_close();
		c->group = false;
	}
}

static void *cluster_run(void *user)
{
	struct cluster *c = user;

	say_init_thread(PROC_CLUSTER);
	for (;;)
		cluster_round(c);
	return NULL;
}

enum rc cluster_start(struct shm *m)
{
	/* Not static: that would be memory of every process, which some of them lock. */
	struct cluster *c = calloc(1, sizeof(*c));
	pthread_attr_t attributes;
	pthread_t thread;
	int failed;

	if (c == NULL || pthread_attr_init(&attributes) != 0) {
		free(c);
		return RC_AGAIN;
	}
	c->m = m;
	(void)pthread_attr_setstacksize(&attributes, CLUSTER_STACK);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	failed = pthread_create(&thread, &attributes, cluster_run, c);
	(void)pthread_attr_destroy(&attributes);
	if (failed != 0)
		free(c);
	return failed == 0 ? RC_OK : RC_AGAIN;
}

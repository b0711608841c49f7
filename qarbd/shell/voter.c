/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/voter.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mutant.h"
#include "shell/clock.h"
#include "shell/hostlife.h"
#include "shell/proc.h"
#include "shell/say.h"
#include "shell/vq.h"

static const char voter_device[] = "qarb";

enum {
	VOTER_RETRY_MS = 200,	  /* between attempts to connect or to register */
	VOTER_LOST_MS = 2000,	  /* so long after a connection was lost: */
	VOTER_LOST_RETRY_MS = 20, /* the others may wait for what we find out */
	VOTER_POLL_RETRY_MS = 20, /* after a poll that corosync did not take */
	VOTER_INFO_MS = 1000,	  /* between looks at the flags of all members */
};

struct voter {
	struct shm *m;
	struct voter_state state;
	struct voter_report report;
	bool connected;
	uint32_t said_refused; /* what was explained: told again only when it changes; 0: nothing */
	bool said_busy;
	bool said_stranger;
	uint64_t lost_ms;  /* when the last connection was lost */
	uint64_t info_ms;  /* next look at the flags */
	uint64_t retry_ms; /* next attempt to connect or to register */
	struct publication pub;
};

static void voter_tell(struct voter *v)
{
	PAGE_PUT(&v->m->voter, &v->report);
	shm_wake(v->m, PROC_DECIDER);
}

/* The registration belongs to the device's name and stays when a connection ends; what a broken
 * connection proves is nothing.  A host life ends with the corosync process, and before that with
 * its votequorum: an orderly corosync unloads that first of all, with its listener, and never loads
 * it again, and may then take long to exit while the others wait for us.  A listener that was there
 * under this life and is not there now tells that. */
static bool voter_corosync_gone(const struct voter_report *r)
{
	uint64_t ticks;

	if (r->listened && vq_probe() == RC_NOTFOUND)
		return true;
	/* Unknown is not gone. */
	return r->corosync_pid != 0 && r->corosync_start != 0 &&
	       proc_start_ticks(r->corosync_pid, &ticks) && ticks != r->corosync_start;
}

/* A predecessor was killed while its poll was outstanding: corosync may take that poll as long as
 * it has not answered us.  Until then the decider holds its writes; a yes then counts as polled, a
 * "no" proves nothing. */
static void voter_end_open_poll(struct voter *v)
{
	struct event_poll e = v->m->open_poll;

	if (atomic_load(&v->m->poll_started_ms) == 0)
		return;
	e.end_ms = clock_now_ms();
	e.ok = e.answer == ANSWER_YES;
	ring_put(&v->m->polls.ring, &e, sizeof(e));
	atomic_store(&v->m->poll_started_ms, 0);
	shm_wake(v->m, PROC_DECIDER);
}

static void voter_check_gone(struct voter *v)
{
	if (v->report.host_life == 0 || !voter_corosync_gone(&v->report))
		return;
	memset(&v->report, 0, sizeof(v->report));
	voter_tell(v);
	voter_end_open_poll(v);
}

static void voter_disconnect(struct voter *v)
{
	vq_close();
	v->connected = false;
	memset(&v->state, 0, sizeof(v->state));
	v->lost_ms = clock_now_ms();
	v->retry_ms = v->lost_ms + VOTER_LOST_RETRY_MS;
	v->report.connected = false;
	voter_tell(v);
	voter_check_gone(v);
}

/* Who stays a member keeps its flag until it is looked at again. */
static void voter_take_members(struct voter *v, const struct members *members)
{
	struct voter_report before = v->report;

	v->report.members = *members;
	for (uint32_t i = 0; i < members->count; i++) {
		v->report.peer_registered[i] = false;
		for (uint32_t k = 0; k < before.members.count; k++)
			if (before.members.node_id[k] == members->node_id[i])
				v->report.peer_registered[i] = before.peer_registered[k];
	}
	for (uint32_t i = members->count; i < NODES_MAX; i++)
		v->report.peer_registered[i] = false;
}

/* returns: false when the connection is gone. */
static bool voter_take_news(struct voter *v)
{
	struct vq_news news = { 0 };

	if (vq_dispatch(&news) != RC_OK)
		return false;
	if (news.ring_changed && !ring_same(&news.ring, &v->state.ring)) {
		v->state.ring = news.ring;
		v->state.polled = false;
		v->report.ring = news.ring;
	}
	if (news.ring_changed) {
		voter_take_members(v, &news.members);
		v->info_ms = 0;
	}
	if (news.quorate_changed) {
		v->report.quorate = news.quorate;
		v->info_ms = 0;
	}
	if (news.ring_changed || news.quorate_changed)
		voter_tell(v);
	return true;
}

static void voter_explain_busy(struct voter *v)
{
	char *other = v->report.other_device;
	struct vq_info info;

	if (other[0] == 0) {
		(void)snprintf(other, sizeof(v->report.other_device), "%.*s", NAME_SIZE - 1,
			       vq_getinfo(0, &info) == RC_OK ? info.device_name : "?");
		voter_tell(v);
	}
	if (v->said_busy)
		return;
	v->said_busy = true;
	say(SAY_ERR,
	    "corosync has the quorum device '%s' registered, by this node or another: stop that "
	    "daemon, only one device can vote: trying again quietly",
	    other);
}

/* votequorum reads two_node at each reload, and the others once, at its start. */
static const struct {
	uint32_t against;
	const char *line;
} voter_refusals[] = {
	{ VQ_TWO_NODE, "quorum.two_node = 1: corosync refuses a quorum device beside it: remove it "
		       "and reload" },
	{ VQ_LAST_MAN_STANDING, "quorum.last_man_standing = 1: corosync refuses a quorum device, "
				"as long as it runs: remove it and start corosync again" },
	{ VQ_AUTO_TIE_BREAKER, "quorum.auto_tie_breaker = 1: corosync refuses a quorum device, as "
			       "long as it runs: remove it and start corosync again" },
	{ VQ_ALLOW_DOWNSCALE, "quorum.allow_downscale = 1: corosync refuses a quorum device, as "
			      "long as it runs: remove it and start corosync again" },
};

enum { VOTER_REFUSED_VOTES = 1 << 30 };

static void voter_explain_refused(struct voter *v)
{
	struct vq_info info;
	uint32_t why;

	if (vq_getinfo(0, &info) != RC_OK)
		return;
	why = info.against != 0 ? info.against : VOTER_REFUSED_VOTES;
	if (why == v->said_refused)
		return;
	v->said_refused = why;
	for (size_t i = 0; i < sizeof(voter_refusals) / sizeof(voter_refusals[0]); i++)
		if ((why & voter_refusals[i].against) != 0)
			say(SAY_ERR, "%s", voter_refusals[i].line);
	if (info.against == 0)
		say(SAY_ERR, "quorum.device.votes: corosync refuses a quorum device whose votes it "
			     "cannot tell: remove quorum.expected_votes, give quorum.device.votes "
			     "if nodes differ in votes, and reload");
}

static void voter_end_explained(struct voter *v)
{
	if (!v->said_busy && v->said_refused == 0)
		return;
	say(SAY_NOTICE, "corosync has taken the quorum device");
	v->said_busy = false;
	v->said_refused = 0;
}

/* returns: false when the connection is gone. */
static bool voter_register(struct voter *v)
{
	enum rc rc = v->said_busy && MUTANT(register_once) ? RC_BUSY : vq_register(voter_device);

	v->retry_ms = clock_now_ms() + VOTER_RETRY_MS;
	if (rc == RC_GONE)
		return false;
	if (rc == RC_BUSY)
		voter_explain_busy(v);
	if (rc == RC_REFUSED)
		voter_explain_refused(v);
	if (rc != RC_OK)
		return true;
	voter_end_explained(v);
	v->state.registered = true;
	v->report.registered = true;
	v->report.other_device[0] = 0;
	v->info_ms = 0;
	voter_tell(v);
	return true;
}

static void voter_connect(struct voter *v)
{
	uint64_t life = 0;
	struct vq_info info;
	enum rc rc;

	v->retry_ms = clock_now_ms();
	v->retry_ms += v->report.host_life != 0 && v->retry_ms < v->lost_ms + VOTER_LOST_MS
			       ? VOTER_LOST_RETRY_MS
			       : VOTER_RETRY_MS;
	if (MUTANT(no_reconnect))
		v->retry_ms = UINT64_MAX;
	rc = vq_connect();
	if (rc == RC_REFUSED && !v->said_stranger)
		say(SAY_ERR, "a process that is not root's listens in the place of corosync's "
			     "votequorum: not believed");
	v->said_stranger = rc == RC_REFUSED;
	if (rc != RC_OK) {
		voter_check_gone(v);
		return;
	}
	/* The answer to getinfo proves that the corosync connected to before the number was read
	 * was there afterwards: the number is of that very process. */
	if (hostlife_get(proc_random(), &life) != RC_OK || vq_getinfo(0, &info) != RC_OK ||
	    vq_track() != RC_OK) {
		vq_close();
		return;
	}
	v->connected = true;
	voter_end_open_poll(v);
	memset(&v->state, 0, sizeof(v->state));
	v->state.host_life = life;
	if (v->report.host_life != life)
		memset(&v->report, 0, sizeof(v->report));
	v->report.host_life = life;
	v->report.connected = true;
	v->report.listened = vq_probe() == RC_OK;
	v->report.corosync_pid = vq_server_pid();
	if (!proc_start_ticks(v->report.corosync_pid, &v->report.corosync_start))
		v->report.corosync_start = 0;
	v->retry_ms = 0;
	voter_tell(v);
	if (!voter_take_news(v))
		voter_disconnect(v);
}

/* Poll once and report it.  returns: whether corosync took it. */
static bool voter_poll(struct voter *v, enum answer answer, bool forced_no, enum rc *rc)
{
	struct event_poll e = { .generation = v->pub.generation,
				.ring = v->state.ring,
				.answer = answer,
				.start_ms = clock_now_ms() };
	bool repeated = answer == ANSWER_YES && v->state.polled &&
			v->state.polled_answer == ANSWER_YES &&
			v->state.polled_generation == v->pub.generation;

	v->m->open_poll = e;
	*rc = vq_poll(voter_device, answer == ANSWER_YES, &v->state.ring);
	e.end_ms = clock_now_ms();
	e.ok = *rc == RC_OK;
	v->state.polled = e.ok;
	v->state.polled_generation = v->pub.generation;
	v->state.polled_answer = answer;
	v->state.polled_ms = e.start_ms;
	v->state.forced_no = forced_no;
	/* The ring holds a thousand reports and a yes is polled only while the decider renews its
	 * publication: what no longer fits while the decider stands still is always a "no", and
	 * another "no" follows. */
	ring_put(&v->m->polls.ring, &e, sizeof(e));
	if (e.ok)
		voter_end_explained(v);
	/* A yes that was repeated in time changes nothing: the decider finds it with its next beat.
	 */
	if (!repeated || !e.ok || e.end_ms > e.start_ms + v->pub.poll_ms)
		shm_wake(v->m, PROC_DECIDER);
	return e.ok;
}

/* Judge and poll until nothing is due.  out: again_ms, when to judge again.
 * returns: false when the connection is gone. */
static bool voter_judge_polls(struct voter *v, uint64_t *again_ms)
{
	for (int round = 0; round < 4; round++) {
		struct voter_order order;
		uint64_t start_ms;
		enum rc rc;

		memset(&v->pub, 0, sizeof(v->pub));
		(void)PAGE_GET(&v->m->publication, &v->pub);
		start_ms = clock_now_ms();
		order = vote_judge(&v->pub, &v->state, start_ms);
		*again_ms = order.again_ms;
		if (order.answer == ANSWER_SILENT)
			return true;
		if (!voter_poll(v, order.answer, order.forced_no, &rc)) {
			if (rc == RC_NOTFOUND) {
				v->state.registered = v->report.registered = false;
				voter_tell(v);
			}
			if (rc == RC_REFUSED)
				voter_explain_refused(v);
			*again_ms = clock_now_ms() +
				    (rc == RC_REFUSED ? VOTER_RETRY_MS : VOTER_POLL_RETRY_MS);
			return rc != RC_GONE;
		}
		if (order.answer != ANSWER_YES)
			continue;
		/* The yes may have been under way while the hold ended or the answer changed. */
		(void)PAGE_GET(&v->m->publication, &v->pub);
		if (!MUTANT(no_overrun_check) && vote_overran(&v->pub, start_ms, clock_now_ms()) &&
		    !voter_poll(v, ANSWER_NO, true, &rc) && rc == RC_GONE)
			return false;
	}
	return true;
}

/* For the decider a poll is outstanding, and after P its writes are held, from before the
 * publication is read until a yes was checked once more and, if late, taken back: wherever this
 * process is stopped in between, X of the other nodes applies to this one. */
static bool voter_judge(struct voter *v, uint64_t *again_ms)
{
	uint64_t start_ms = clock_now_ms();
	bool connected;

	atomic_store(&v->m->poll_started_ms, start_ms);
	connected = voter_judge_polls(v, again_ms);
	atomic_store(&v->m->poll_started_ms, 0);
	/* Only after P can a write be held back that waits for this. */
	if (clock_now_ms() >= start_ms + v->pub.poll_ms)
		shm_wake(v->m, PROC_DECIDER);
	return connected;
}

/* Look at the flags of all members.  returns: false when the connection is gone. */
static bool voter_look(struct voter *v, uint32_t own_node_id)
{
	struct voter_report before = v->report;
	struct vq_info info;
	enum rc rc;

	v->info_ms = clock_now_ms() + VOTER_INFO_MS;
	for (uint32_t i = 0; i < v->report.members.count; i++) {
		uint32_t id = v->report.members.node_id[i];

		rc = vq_getinfo(id, &info);
		if (rc == RC_GONE)
			return false;
		if (rc != RC_OK)
			continue;
		v->report.peer_registered[i] = info.registered;
		if (id != own_node_id)
			continue;
		v->report.cast_vote = info.cast_vote;
		v->report.total_votes = info.total_votes;
		v->report.quorum_votes = info.quorum_votes;
		v->report.device_votes = info.device_votes;
		/* The flag may be another device's. */
		info.registered = info.registered && strcmp(info.device_name, voter_device) == 0;
		if (v->state.registered != info.registered) {
			v->state.registered = v->report.registered = info.registered;
			v->retry_ms = 0;
		}
	}
	if (memcmp(&before, &v->report, sizeof(before)) != 0)
		voter_tell(v);
	return true;
}

/* The daemon ends or its guardian is gone: no yes of ours may outlive us. */
static void voter_finish(struct voter *v)
{
	enum rc rc;

	if (!v->connected)
		return;
	if (v->state.registered && !ring_none(&v->state.ring))
		(void)voter_poll(v, ANSWER_NO, true, &rc);
	if (atomic_load(&v->m->left) != 0 && v->state.registered)
		rc = vq_unregister(voter_device);
	vq_close();
}

static void voter_wait(struct voter *v, uint64_t until_ms)
{
	struct pollfd p[3] = {
		{ .fd = v->m->wake_fd[PROC_VOTER], .events = POLLIN },
		{ .fd = v->m->life_fd, .events = POLLIN },
		{ .fd = v->connected ? vq_fd() : -1, .events = POLLIN },
	};
	uint64_t now = clock_now_ms();
	uint64_t ms = until_ms > now ? until_ms - now : 0;

	if (poll(p, 3, ms > 1000 ? 1000 : (int)ms) > 0 && p[0].revents != 0)
		shm_drain(v->m->wake_fd[PROC_VOTER]);
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* One round of the loop while connected.  returns: false when the connection is gone. */
static bool voter_round(struct voter *v, uint32_t own_node_id, uint64_t *again_ms)
{
	uint64_t now;

	if (!voter_take_news(v))
		return false;
	if (!voter_judge(v, again_ms))
		return false;
	now = clock_now_ms();
	/* Registering waits for a message to come back from the ring: never before judging. */
	if (!v->state.registered && now >= v->retry_ms) {
		if (!voter_register(v))
			return false;
		*again_ms = now;
	} else if (now >= v->info_ms) {
		if (!voter_look(v, own_node_id))
			return false;
	}
	if (!v->state.registered)
		*again_ms = lesser(*again_ms, v->retry_ms);
	/* The next look comes with the next poll, not by a wake-up of its own. */
	return true;
}

void voter_run(struct shm *m)
{
	static struct voter voter;
	struct voter *v = &voter;
	static struct config config;
	uint64_t config_count;

	v->m = m;
	while ((config_count = PAGE_GET(&m->config, &config)) == 0) {
		if (shm_must_end(m))
			return;
		voter_wait(v, clock_now_ms() + 1000);
	}
	shm_keep_buffers(m, 0, ARBITERS_MAX);
	proc_realtime(&config, &m->warned);
	(void)PAGE_GET(&m->voter, &v->report);
	v->report.connected = false;
	while (!shm_must_end(m)) {
		uint64_t again_ms = v->retry_ms;

		if (PAGE_COUNT(&m->config) != config_count) {
			config_count = PAGE_GET(&m->config, &config);
			proc_schedule(&config, &m->warned);
		}
		if (v->connected && !voter_round(v, config.own_node_id, &again_ms))
			voter_disconnect(v);
		if (!v->connected && clock_now_ms() >= v->retry_ms) {
			voter_connect(v);
			again_ms = v->connected ? 0 : v->retry_ms;
		}
		voter_wait(v, again_ms);
	}
	voter_finish(v);
}

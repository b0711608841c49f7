/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the daemon's processes on one node: their deaths, stops and starts. */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

const char *const proc_name[PROC_COUNT] = { "decider", "voter", "worker", "service", "guardian" };

bool proc_runs(const struct node *n, enum proc_id p)
{
	return n->proc[p].alive && !n->proc[p].stopped;
}

static uint64_t restart_delay(struct world *w)
{
	return w->story ? 10 * MS : rng_range(&w->rng, 2 * MS, 30 * MS);
}

static void guardian_look(struct world *w, struct node *n)
{
	static const enum ev_kind start[] = { EV_DECIDER_START, EV_VOTER_START, EV_WORKER_START,
					      EV_SERVICE_START };

	if (!proc_runs(n, PROC_GUARDIAN))
		return;
	for (uint32_t p = PROC_DECIDER; p <= PROC_SERVICE; p++)
		if (!n->proc[p].alive)
			world_push(w, w->now + restart_delay(w), start[p], n->index,
				   n->proc[PROC_GUARDIAN].epoch, 0);
}

void proc_worker_died(struct world *w, struct node *n)
{
	guardian_look(w, n);
}

static void end_process(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->proc[p].alive)
		return;
	if (p == PROC_WORKER) {
		n->proc[p].stopped = false;
		n->worker_fresh = true;
		disk_worker_kill(w, n);
		return;
	}
	n->proc[p].alive = n->proc[p].stopped = false;
	n->proc[p].epoch++;
	if (p == PROC_DECIDER) {
		decider_drop_inbox(w, n);
		disk_decider_gone(w, n);
		n->open_due = false;
	}
	if (p == PROC_VOTER) {
		/* What was not yet sent never will be; what was sent may still be taken. */
		n->orphan = n->left = false;
		if (n->poll.active && !n->poll.handling && !n->poll.return_due)
			n->poll.send_due = n->poll.return_due = false;
	}
}

void proc_kill(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->power || !n->proc[p].alive)
		return;
	TRACE(w, "node %u: %s killed", n->id, proc_name[p]);
	if (p == PROC_DECIDER)
		rough_killed(w, n, false);
	end_process(w, n, p);
	if (p == PROC_GUARDIAN) {
		w->cover[COVER_GUARDIAN_DIED]++;
		evict_daemon_gone(n, false);
		world_push(w, w->now + latency_ipc(w), EV_VOTER_ORPHAN, n->index, 0, 0);
	} else {
		guardian_look(w, n);
	}
}

void proc_kill_all(struct world *w, struct node *n)
{
	TRACE(w, "node %u: all processes killed", n->id);
	rough_killed(w, n, true);
	evict_daemon_gone(n, false);
	end_process(w, n, PROC_GUARDIAN);
	for (uint32_t p = 0; p < PROC_GUARDIAN; p++)
		end_process(w, n, (enum proc_id)p);
}

/* The guardian is gone: who runs notices and ends; the voter says no first. */
static void orphaned(struct world *w, struct node *n)
{
	if (n->proc[PROC_GUARDIAN].alive)
		return;
	if (proc_runs(n, PROC_DECIDER))
		end_process(w, n, PROC_DECIDER);
	if (proc_runs(n, PROC_WORKER))
		end_process(w, n, PROC_WORKER);
	if (proc_runs(n, PROC_SERVICE))
		end_process(w, n, PROC_SERVICE);
	if (n->proc[PROC_VOTER].alive)
		n->orphan = true;
	voter_wake(w, n);
}

void proc_left(struct world *w, struct node *n)
{
	end_process(w, n, PROC_GUARDIAN);
	w->cover[COVER_LEFT_ARMED] += n->fence.dog_armed && !arb_unwatched(n->arb);
	evict_daemon_gone(n, n->fence.dog_held && arb_unwatched(n->arb));
	n->left = true;
	orphaned(w, n);
	if (w->calm)
		world_push(w, w->now + SEC / 2, EV_DAEMON_START, n->index, n->boot, 0);
}

static void worker_start(struct world *w, struct node *n)
{
	if (n->proc[PROC_WORKER].alive || !proc_runs(n, PROC_GUARDIAN))
		return;
	n->proc[PROC_WORKER].alive = true;
	n->proc[PROC_WORKER].stopped = false;
	n->proc[PROC_WORKER].epoch++;
	disk_worker_run(w, n);
	proc_try_open(w, n);
}

void proc_start_daemon(struct world *w, struct node *n)
{
	if (!n->power || n->absent || n->proc[PROC_GUARDIAN].alive)
		return;
	/* Nothing starts in a node that stands still. */
	if (n->vq.frozen) {
		world_push(w, w->now + 100 * MS, EV_DAEMON_START, n->index, n->boot, 0);
		return;
	}
	/* The service manager ends what is left of the old one first. */
	for (uint32_t p = 0; p < PROC_GUARDIAN; p++)
		end_process(w, n, (enum proc_id)p);
	if (n->proc[PROC_WORKER].alive) {
		world_push(w, w->now + 100 * MS, EV_DAEMON_START, n->index, n->boot, 0);
		return;
	}
	TRACE(w, "node %u: daemon starts", n->id);
	/* New shared memory: nothing is published, nothing is known. */
	memset(&n->page, 0, sizeof(n->page));
	memset(&n->known, 0, sizeof(n->known));
	n->known.ring = -1;
	if (n->poll.active && !n->poll.handling)
		voter_poll_over(w, n);
	n->poll_marked = n->hello_due = false;
	n->worker_fresh = true;
	n->proc[PROC_GUARDIAN].alive = true;
	n->proc[PROC_GUARDIAN].stopped = false;
	n->proc[PROC_GUARDIAN].epoch++;
	guardian_look(w, n);
}

void proc_leave(struct world *w, struct node *n)
{
	if (!proc_runs(n, PROC_DECIDER) || n->leaving)
		return;
	TRACE(w, "node %u: asked to leave", n->id);
	n->leaving = true;
	decider_leave(w, n);
}

void proc_stop(struct world *w, struct node *n, enum proc_id p, uint64_t for_us)
{
	if (!n->proc[p].alive || n->proc[p].stopped)
		return;
	n->proc[p].stopped = true;
	if (for_us == NEVER)
		return; /* until the whole node is thawed */
	w->cover[COVER_PROC_STOPPED]++;
	TRACE(w, "node %u: %s stopped for %llu ms", n->id, proc_name[p],
	      (unsigned long long)(for_us / 1000));
	world_push(w, w->now + for_us, EV_CONT, n->index, n->proc[p].epoch, p);
}

void proc_stop_all(struct world *w, struct node *n, uint64_t for_us)
{
	for (uint32_t p = 0; p < PROC_COUNT; p++)
		proc_stop(w, n, (enum proc_id)p, for_us);
}

void proc_cont(struct world *w, struct node *n, enum proc_id p)
{
	if (!n->proc[p].alive || !n->proc[p].stopped || n->vq.frozen)
		return;
	TRACE(w, "node %u: %s continues", n->id, proc_name[p]);
	n->proc[p].stopped = false;
	if (!n->proc[PROC_GUARDIAN].alive) {
		world_push(w, w->now + latency_ipc(w), EV_VOTER_ORPHAN, n->index, 0, 0);
	} else if (p == PROC_GUARDIAN) {
		guardian_look(w, n);
	}
	if (p == PROC_DECIDER)
		decider_continue(w, n);
	else if (p == PROC_VOTER)
		voter_continue(w, n);
	else if (p == PROC_WORKER)
		disk_worker_run(w, n);
	else if (p == PROC_SERVICE)
		decider_flush_hello(w, n);
	proc_try_open(w, n);
}

enum { CONT_NODE = 100 };

void proc_freeze(struct world *w, struct node *n, enum still still, uint64_t for_us)
{
	static const char *const what[] = { "frozen", "suspended", "paused" };

	if (!n->power || n->vq.frozen || !n->vq.up)
		return;
	rough_death(w, n);
	TRACE(w, "node %u: %s for %llu ms", n->id, what[still],
	      (unsigned long long)(for_us / 1000));
	for (uint32_t p = 0; p < PROC_COUNT; p++)
		proc_stop(w, n, (enum proc_id)p, NEVER);
	clock_stop(w, n, still);
	vq_freeze(w, n, true);
	if (for_us != NEVER)
		world_push(w, w->now + for_us, EV_CONT, n->index, n->boot, CONT_NODE);
}

static void thaw(struct world *w, struct node *n)
{
	if (!n->power || !n->vq.frozen)
		return;
	TRACE(w, "node %u: thawed", n->id);
	clock_go(w, n);
	vq_freeze(w, n, false);
	if (n->poll.active && n->poll.handle_due) {
		n->poll.handle_due = false;
		world_push(w, w->now + latency_ipc(w), EV_POLL_HANDLE, n->index, n->vq.epoch, 0);
	}
	for (uint32_t p = PROC_COUNT; p > 0; p--)
		proc_cont(w, n, (enum proc_id)(p - 1));
	proc_notify_voter(w, n);
}

void proc_power(struct world *w, struct node *n, bool on)
{
	if (n->power == on || (on && config_off(w, n)))
		return;
	TRACE(w, "node %u: power %s", n->id, on ? "on" : "lost");
	if (!on)
		rough_death(w, n);
	n->boot++;
	n->power = on;
	if (on) {
		if (!n->lost)
			n->path = PATH_OK;
		uint64_t cs = w->story ? SEC : rng_range(&w->rng, 200 * MS, 1500 * MS);
		uint64_t daemon = w->story ? 2 * SEC : rng_range(&w->rng, 200 * MS, 2500 * MS);

		world_push(w, w->now + cs, EV_CS_START, n->index, n->boot, 0);
		world_push(w, w->now + daemon, EV_DAEMON_START, n->index, n->boot, 0);
		return;
	}
	disk_power_lost(w, n);
	evict_daemon_gone(n, true);
	n->fence.dog_due = 0; /* an event of this boot */
	for (uint32_t p = 0; p < PROC_COUNT; p++) {
		n->proc[p].alive = n->proc[p].stopped = false;
		n->proc[p].epoch++;
	}
	n->worker_dying = false;
	decider_drop_inbox(w, n);
	n->open_due = false;
	memset(&n->page, 0, sizeof(n->page));
	memset(&n->known, 0, sizeof(n->known));
	memset(&n->poll, 0, sizeof(n->poll));
	n->known.ring = -1;
	n->poll_marked = n->orphan = n->left = n->hello_due = false;
	n->ipc_hang_until = n->hello_lost_until = n->stall_until = 0;
	n->next_write = WF_NONE;
	vq_stop(w, n, false);
}

void proc_corosync_restart(struct world *w, struct node *n, uint64_t after_us)
{
	/* Nothing happens in a node that stands still. */
	if (!n->power || !n->vq.up || n->vq.frozen)
		return;
	TRACE(w, "node %u: corosync killed", n->id);
	vq_stop(w, n, w->leave_announced || (!w->story && rng_chance(&w->rng, 3000)));
	w->leave_announced = false;
	proc_notify_voter(w, n);
	world_push(w, w->now + after_us, EV_CS_START, n->index, n->boot, 0);
}

void proc_event(struct world *w, const struct ev *e)
{
	struct node *n = &w->node[e->node];
	bool guarded = n->power && e->epoch == n->proc[PROC_GUARDIAN].epoch;

	switch ((enum ev_kind)e->kind) {
	case EV_DECIDER_TIMER:
		/* One that was set for later than another is void, or an early tick. */
		if (n->proc[PROC_DECIDER].epoch != e->epoch || !proc_runs(n, PROC_DECIDER) ||
		    (n->timer_at != e->arg && e->key % 16 != 0))
			break;
		if (n->timer_at == e->arg)
			n->timer_at = 0;
		decider_tick(w, n);
		break;
	case EV_DECIDER_EVENT:
		decider_event(w, n, e);
		break;
	case EV_DECIDER_START:
		if (guarded)
			decider_start(w, n);
		break;
	case EV_VOTER_START:
		if (guarded)
			voter_start(w, n);
		break;
	case EV_WORKER_START:
		if (guarded)
			worker_start(w, n);
		break;
	case EV_SERVICE_START:
		if (guarded && proc_runs(n, PROC_GUARDIAN) && !n->proc[PROC_SERVICE].alive) {
			n->proc[PROC_SERVICE].alive = true;
			decider_flush_hello(w, n);
		}
		break;
	case EV_DISK_OPEN:
		decider_open_disk(w, n, e->epoch);
		break;
	case EV_POLL_HANDLE:
		voter_poll_handled(w, n, e);
		break;
	case EV_VOTER_ORPHAN:
		orphaned(w, n);
		break;
	case EV_DAEMON_START:
		if (n->boot == e->epoch)
			proc_start_daemon(w, n);
		break;
	case EV_CS_START:
		if (n->boot == e->epoch && n->power && !n->vq.up) {
			vq_start(w, n);
			if (n->proc[PROC_VOTER].alive)
				proc_notify_voter(w, n);
		}
		break;
	case EV_HELLO:
		decider_take_hello(w, n, (uint32_t)e->arg);
		break;
	case EV_CONT:
		if (e->arg == CONT_NODE) {
			if (n->boot == e->epoch)
				thaw(w, n);
		} else if (n->proc[e->arg].epoch == e->epoch) {
			proc_cont(w, n, (enum proc_id)e->arg);
		}
		break;
	case EV_PATH_OK:
		if (n->boot == e->epoch && n->path != PATH_OK && !n->lost) {
			TRACE(w, "node %u: path to the disk is back", n->id);
			n->path = PATH_OK;
			disk_path_ok(w, n);
		}
		break;
	default:
		voter_event(w, n, e);
	}
}

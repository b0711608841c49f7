/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: which counted votes S1 leaves to fencing and watchdogs (doc/protocol.md section 2), judged
 * from what nodes, clocks and disks went through.
 */
#include "tests/sim/sim.h"

/* It was started, and has the hold that a restarted one has, which it knows of by its slot. */
static bool holds_anew(const struct world *w, const struct node *n)
{
	return n->shown.read_ms == 0 || w->now < n->voter_at + shown_late_ms(w, n) * 1020;
}

/* Until when the others count on a yes: D as the slot tells may be shorter than what corosync has.
 */
static uint64_t told_until(const struct node *n)
{
	uint64_t until = n->vq.d_until, told = until;

	if (n->has_landed)
		told = n->vq.poll_at + clock_span_us(n, n->landed->slot.timings.d_ms);
	return told < until ? told : until;
}

/* Its daemon was dead when the timer was armed again, or started when D had passed by then, and has
 * the hold that a restarted one has: no ring that is formed meanwhile makes it longer. */
static bool just_back(const struct world *w, const struct node *n)
{
	return (n->voter_at > n->vq.ring_at || n->voter_at + n->vq.stood_us > told_until(n)) &&
	       holds_anew(w, n);
}

/* The yes that counts is its predecessor's, and was taken after that one had ended. */
static bool heir(const struct world *w, const struct node *n)
{
	return n->voter_at > n->vq.poll_at && holds_anew(w, n);
}

/* Its voter stood still when the timer was armed again: it tells of the ring and polls, each within
 * P or a little more. */
static bool just_on(const struct world *w, const struct node *n)
{
	return n->voter_on_at > n->vq.ring_at &&
	       w->now < n->voter_on_at + (uint64_t)w->policy.poll_ms * 3000;
}

/* Its daemon is back, and the decider stands still that has told nothing for this corosync yet:
 * nobody says what the voter shall poll. */
static bool unled(const struct node *n)
{
	return !proc_runs(n, PROC_DECIDER) && n->page.host_life != n->vq.life;
}

/* Its call into corosync hangs and it polls nothing, the one by which it connects included, which
 * is repeated; or what was armed meanwhile still runs. */
static bool hung(const struct world *w, const struct node *n)
{
	return w->now <= n->hung_until ||
	       (n->proc[PROC_VOTER].alive && n->vs.host_life == 0 &&
		n->voter_at < n->ipc_hang_until && w->now < n->ipc_hang_until + 250 * MS) ||
	       (n->poll_marked && w->now > n->poll_mark_us + (uint64_t)w->policy.poll_ms * 1010);
}

/* It goes on.  A clock that stood still lets it vote on for what was left of its hold: of the beat
 * that was under way at most, whose write had begun.  If it stands still again before it has seen
 * what was decided meanwhile, it has the rest of that time afterwards. */
void excuse_thawed(const struct world *w, struct node *n)
{
	struct vq *v = &n->vq;
	uint64_t ms = w->policy.token_ms + w->policy.consensus_ms, until = 0;

	if (v->blind != SIGHTED && n->still_at < v->thawed_until)
		until = v->thawed_until + (w->now - n->still_at);
	v->thawed_at = w->now;
	v->stood_us += clock_stood_us(w, n);
	v->paused = n->still == STILL_PAUSED || until != 0;
	if (n->still == STILL_PAUSED) {
		v->blind = BLIND;
		ms = shown_late_ms(w, n) * 102 / 100 + 3 * (uint64_t)n->conf.poll_ms;
	}
	v->thawed_until = w->now + ms * 1000;
	if (v->thawed_until < until)
		v->thawed_until = until;
}

/* It reads a beat that began since then, which shows what was decided meanwhile, and once more to
 * accept it. */
void excuse_sighted(const struct world *w, struct node *n)
{
	struct vq *v = &n->vq;
	uint64_t until = w->now + (uint64_t)n->conf.poll_ms * 3000;

	v->blind = v->blind == BLIND_WROTE ? BLIND_READ : SIGHTED;
	if (v->blind != SIGHTED)
		return;
	v->thawed_at = w->now;
	if (v->thawed_until > until)
		v->thawed_until = until;
}

bool excuse_blind(const struct world *w, const struct node *n)
{
	return n->vq.blind != SIGHTED && w->now < n->vq.thawed_until;
}

/* Nobody is left on this node who saw what the disk has lost: the hold is its predecessor's, or it
 * goes by what is there, while others may count on what was for an X. */
bool excuse_forgetful(const struct world *w, const struct node *n)
{
	return w->spoiled &&
	       (n->shown.published_by != n->incarnation ||
		(n->shown.spoiled_at != 0 && w->now < n->shown.spoiled_at + w->x_ms * MS));
}

/* What doc/protocol.md leaves to fencing and watchdogs, and nothing else. */
int excuse_of(const struct world *w, const struct node *n)
{
	const struct vq *v = &n->vq;
	bool dead = !n->proc[PROC_VOTER].alive || n->proc[PROC_VOTER].stopped || just_back(w, n) ||
		    just_on(w, n);

	if (v->frozen || w->now < v->thawed_until)
		return 0;
	/* For so long votequorum's timer stood still, or the hold that it was polled in. */
	if (w->now <= v->d_until && w->now + v->stood_us > v->d_until &&
	    (dead || hung(w, n) || (n->poll.active && n->poll.answer == ANSWER_NO)))
		return 0;
	/* What it takes back itself as soon as it can. */
	if ((v->late || v->overdue) &&
	    (dead || heir(w, n) || unled(n) || hung(w, n) || n->poll.active))
		return 1;
	if (v->rings_since_poll >= 2 && w->now > v->d_until && (dead || hung(w, n)))
		return 2;
	/* Nobody could tell of the longer times that corosync reloaded, or had when the timer was
	 * armed. */
	if ((dead || hung(w, n)) && n->has_landed &&
	    (n->landed->slot.timings.d_ms < n->conf.timeout_ms + n->conf.sync_timeout_ms ||
	     n->landed->slot.timings.d_ms < v->armed_d_ms))
		return 3;
	return excuse_forgetful(w, n) ? 4 : -1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/vote.h"

#include "base/mutant.h"

/* How long the voter sleeps when nothing at all is due. */
enum { VOTE_IDLE_MS = 1000 };

static struct voter_order order_poll(enum answer answer, bool forced_no,
				     const struct publication *p, const struct voter_state *s,
				     uint64_t now_ms)
{
	struct voter_order o = { ANSWER_SILENT, forced_no, now_ms + VOTE_IDLE_MS };
	uint64_t repeat_ms = p->repeat_ms != 0 ? p->repeat_ms : VOTE_IDLE_MS;
	bool fresh = s->polled && s->polled_generation == p->generation &&
		     s->polled_answer == answer && s->forced_no == forced_no;

	if (!fresh || now_ms >= s->polled_ms + repeat_ms) {
		o.answer = answer;
		o.again_ms = now_ms + repeat_ms;
	} else {
		o.again_ms = s->polled_ms + repeat_ms;
	}
	if (!forced_no && answer == ANSWER_YES && o.again_ms > p->until_ms)
		o.again_ms = p->until_ms;
	return o;
}

/* A "no" for a ring before this one, and what was polled last is a yes: this process stood still
 * meanwhile, and each new ring may have let that yes count for longer (section 10, 32). */
static bool undelivered(const struct publication *p, const struct voter_state *s)
{
	return p->answer == ANSWER_NO && p->host_life == s->host_life && !ring_none(&p->ring) &&
	       s->polled_answer == ANSWER_YES && !MUTANT(no_undelivered);
}

struct voter_order vote_judge(const struct publication *p, const struct voter_state *s,
			      uint64_t now_ms)
{
	struct voter_order o = { ANSWER_SILENT, false, now_ms + VOTE_IDLE_MS };

	if (s->host_life == 0 || !s->registered || ring_none(&s->ring))
		return o;
	/* A publication for another corosync or another ring decides nothing here.  The decider is
	 * told of the ring by the same path as we are and will publish for it: until then the new
	 * ring is undecided, and its wait ends with the hold of what was published before. */
	if (p->host_life != s->host_life || !ring_same(&p->ring, &s->ring)) {
		if (undelivered(p, s))
			return order_poll(ANSWER_NO, true, p, s, now_ms);
		if (p->answer == ANSWER_NO || p->until_ms == 0)
			return o;
		if (now_ms >= p->until_ms)
			return order_poll(ANSWER_NO, true, p, s, now_ms);
		o.again_ms = p->until_ms;
		return o;
	}
	if (p->answer == ANSWER_NO)
		return order_poll(ANSWER_NO, false, p, s, now_ms);
	if (now_ms >= p->until_ms)
		return order_poll(ANSWER_NO, true, p, s, now_ms);
	if (p->answer == ANSWER_YES)
		return order_poll(ANSWER_YES, false, p, s, now_ms);
	o.again_ms = p->until_ms;
	return o;
}

bool vote_overran(const struct publication *p, uint64_t start_ms, uint64_t end_ms)
{
	return end_ms - start_ms > p->poll_ms || p->answer != ANSWER_YES || end_ms >= p->until_ms;
}

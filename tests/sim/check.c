/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what must always hold (doc/protocol.md section 2), judged from blocks written to the disk,
 * polls and what votequorum counts.  Nothing here looks inside the core.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

const char *const cover_name[COVER_COUNT] = {
	"S1 judged: counts by two nodes or more",
	"S2 and S3 judged: yes polls that were taken",
	"S4 and S5 judged: blocks that were submitted",
	"S6 judged: times at which nobody may cast",
	"L1 judged: nodes at a deadline",
	"L2 judged: counts of a quorum that must last",
	"V judged: evictions that were ordered",
	"splits",
	"values with pending not empty",
	"two slots leading at once",
	"paths to the disk that fail",
	"paths to the disk that hang",
	"disks that stall",
	"unknown writes that landed",
	"torn copies read",
	"processes that stand still for a while",
	"guardians that die",
	"nodes that are frozen",
	"nodes that are suspended",
	"guests that are paused",
	"schedules with clocks 1 % too fast and 1 % too slow",
	"restarts while casting",
	"grants that needed X",
	"polls that overran P",
	"grants that grew",
	"revocations",
	"writes that landed after their failure",
	"writes held back by a poll",
	"polls of a stale ring",
	"sync timers armed again with a yes",
	"ring sequences that are lost",
	"rings of an id that was used before",
	"such rings of other members",
	"nodes that believe to be in the older one of two rings of one id",
	"blocks through the codec",
	"grants that moved to another ring",
	"schedules with private copies",
	"evictions carried out",
	"fencings that fail",
	"fencings that come later than X after their order",
	"evictions withdrawn",
	"nodes that read their poison",
	"nodes reset by their watchdog",
	"splits in three or more",
	"links that flap",
	"nodes that do not hear each other while others hear both",
	"merges split again at once",
	"contests won by votes against the number of nodes",
	"contests won by workload",
	"contests won by members of the last grant",
	"contests won by the lowest node",
	"contests won by the highest node",
	"contests won by the named node",
	"splits in which nobody has half of the votes",
	"losses of all nodes but one",
	"losses of a leader among many",
	"nodes without a path to the disk",
	"nodes without the daemon",
	"nodes whose device is not registered",
	"quorums refused by wait_for_all",
	"faults while a split stands",
	"clusters of one node",
	"clusters of 16 nodes and more",
	"nodes with longer times than others",
	"fencings that kill nobody",
	"nodes added after disk init",
	"beats longer than two intervals while somebody is to be evicted",
	"evictions of nodes that live and are unfit",
	"nodes to be evicted that a restarted one has not seen run",
	"nodes to be evicted by one that casts without a quorum",
	"yes published while the slot tells of a shorter hold than is configured",
	"shorter times told",
	"looks at the own slot after a silence",
	"writes reported done and not on the disk",
	"watchdogs left armed at a clean stop",
	"deciders killed while their voter stands still and has missed a ring",
	"daemons killed while their voter stands still and has missed a ring",
	"devices taken away in mid-run",
	"devices registered again in a later ring",
	"daemons that start again and again sooner than T, something being cut or a ring broken",
	"daemons that start again and again later than T, something being cut or a ring broken",
	"deaths while a node has booted in a ring of its own and the others have not got theirs",
	"such deaths after which the others must go on serving",
	"copies that rot",
	"writes that land in another place",
	"copies that go back to what they held",
	"disks that must be repaired or made anew",
	"reloads with a longer interval, T and settle",
	"nodes added to the node list in mid-run",
	"nodes added to the node list again",
	"nodes that start before all others have reloaded the list with them",
	"nodes taken out of the node list",
	"nodes taken out of the node list while they run",
	"slot maps judged",
	"slots given to another node",
};

/* ---- blocks ---- */

static const struct granted *find_grant(const struct world *w, const struct number *number)
{
	for (uint32_t i = w->granted_count; i > 0; i--)
		if (number_compare(&w->granted[i - 1].grant.number, number) == 0)
			return &w->granted[i - 1];
	return NULL;
}

static bool back(const struct slot *old, const struct slot *s)
{
	return ballot_compare(&s->mbal, &old->mbal) < 0 || number_compare(&s->bal, &old->bal) < 0 ||
	       number_compare(&s->seen, &old->seen) < 0;
}

static void check_copy(struct world *w, const struct node *n, const struct action *a)
{
	const struct store *st = &w->store[n->disk];
	const struct blob *x = st->copy[a->u.write.slot_index][a->u.write.copy];
	const struct blob *y = st->copy[a->u.write.slot_index][1 - a->u.write.copy];

	/* A write reported as failed may have landed: the core has to look before it repeats it. */
	if (x->whole && (!y->whole || x->slot.sequence > y->slot.sequence))
		fail(w, "S5: node %u overwrites the copy with its newest complete block", n->id);
}

/* Who writes a slot for the first time carries on what stands there: it binds. */
static void check_first(struct world *w, const struct node *n, const struct action *a,
			const struct slot *s)
{
	const struct store *st = &w->store[n->disk];

	for (uint32_t c = 0; c < 2 && !n->has_submitted && !n->has_landed; c++) {
		const struct blob *b = st->copy[a->u.write.slot_index][c];

		if (b->whole && b->node < w->nodes && back(&b->slot, s))
			fail(w, "S5: node %u takes slot %u over: mbal, bal or seen goes back",
			     n->id, a->u.write.slot_index);
	}
}

void check_submit(struct world *w, struct node *n, const struct action *a, struct blob *b)
{
	const struct slot *s = &b->slot;
	uint64_t now_ms = clock_local_ms(w, n);
	/* Who starts goes on from what it finds. */
	bool landed = n->has_landed &&
		      (!w->spoiled || n->landed->slot.incarnation == s->incarnation);

	w->cover[COVER_JUDGED_S45]++;

	if (!slots_may_write(n, a->u.write.slot_index) || s->node_id != n->id) {
		fail(w, "S4: node %u writes slot %u", n->id, a->u.write.slot_index);
		return;
	}
	for (uint32_t i = 0; i < WRITES_EACH && n->writes_open > 0; i++)
		if (w->wr[n->index * WRITES_EACH + i].state != WR_FREE &&
		    w->wr[n->index * WRITES_EACH + i].state != WR_GHOST)
			fail(w, "S5: node %u writes while a write is outstanding", n->id);
	if (n->failed_ms != 0 && now_ms + 1 < n->failed_ms + w->policy.late_ms)
		fail(w, "S5: node %u writes %llu ms after a failed write, late_ms is %u", n->id,
		     (unsigned long long)(now_ms - n->failed_ms), w->policy.late_ms);
	if (!w->spoiled) {
		check_copy(w, n, a);
		check_first(w, n, a, s);
	}
	if ((n->done.any && s->sequence <= n->done.sequence) ||
	    (landed && s->sequence < n->landed->slot.sequence))
		fail(w, "S5: node %u: sequence goes back to %llu, %llu landed", n->id,
		     (unsigned long long)s->sequence, (unsigned long long)n->landed->slot.sequence);
	if ((n->has_submitted && back(&n->submitted->slot, s)) ||
	    (landed && back(&n->landed->slot, s)))
		fail(w, "S5: node %u: mbal, bal or seen goes back", n->id);
	shown_submit(w, n, b);
	evict_submit(w, n, s);
	slots_submit(n, b);
	blob_put(w, n->submitted);
	n->submitted = blob_get(b);
	n->has_submitted = true;
	n->failed_ms = 0;
	n->shown.submit_ms = b->submit_ms;
}

static bool same_grant(const struct grant *a, const struct grant *b)
{
	return ring_same(&a->ring, &b->ring) && members_same(&a->members, &b->members) &&
	       a->set == b->set && memcmp(a->host_life, b->host_life, sizeof(a->host_life)) == 0;
}

/* A grant number seen for the first time. */
static void new_grant(struct world *w, const struct node *n, const struct value *v)
{
	const struct grant *g = &v->grant, *last = NULL;
	uint64_t old = 0;

	if (g->set == 0) {
		TRACE(w, "node %u: revokes, pending %llx, for ring %u.%llu", n->id,
		      (unsigned long long)v->pending, g->ring.node_id,
		      (unsigned long long)g->ring.seq);
		w->cover[COVER_REVOCATION] += v->pending != 0;
		return;
	}
	for (uint32_t i = w->granted_count; i > 0 && last == NULL; i--) {
		if (w->granted[i - 1].grant.set != 0)
			last = &w->granted[i - 1].grant;
		old |= w->granted[i - 1].grant.set | w->granted[i - 1].pending;
	}
	TRACE(w, "node %u: grant %llu.%u.%llu to ring %u.%llu, set %llx", n->id,
	      (unsigned long long)g->number.ballot.counter, g->number.ballot.node_id,
	      (unsigned long long)g->number.k, g->ring.node_id, (unsigned long long)g->ring.seq,
	      (unsigned long long)g->set);
	if (last != NULL && ring_same(&last->ring, &g->ring)) {
		w->cover[COVER_GROWTH] += (last->set & ~g->set) == 0 && last->set != g->set;
	} else if (last != NULL) {
		w->cover[COVER_FAILOVER]++;
	}
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *x = &w->node[i];

		if ((old & ~g->set & slots_bit(x)) != 0 && x->has_landed &&
		    x->landed->slot.cast != CAST_NONE)
			w->cover[COVER_X_NEEDED]++;
	}
}

void check_landed(struct world *w, struct node *n, struct blob *b)
{
	const struct slot *s = &b->slot;
	const struct granted *known;
	uint32_t leading = 0;

	if (!n->has_landed || s->sequence >= n->landed->slot.sequence ||
	    (w->spoiled && s->incarnation != n->landed->slot.incarnation &&
	     s->incarnation == n->incarnation)) {
		blob_put(w, n->landed);
		n->landed = blob_get(b);
	}
	n->has_landed = true;
	evict_landed(w, n, b);
	for (uint32_t i = 0; i < w->nodes; i++)
		leading += w->node[i].has_landed && proc_runs(&w->node[i], PROC_DECIDER) &&
			   w->node[i].landed->slot.incarnation == w->node[i].incarnation &&
			   !ballot_none(&w->node[i].landed->slot.leading);
	w->cover[COVER_TWO_LEADERS] += leading > 1;
	if (w->class == CLASS_PRIVATE)
		return;
	slots_landed(w, n, b);
	if (number_none(&s->value.grant.number))
		return;
	known = find_grant(w, &s->value.grant.number);
	/* Numbers that a disk has lost may be given again. */
	if (known != NULL && (!w->spoiled || same_grant(&known->grant, &s->value.grant))) {
		if (!same_grant(&known->grant, &s->value.grant))
			fail(w, "S1: node %u: one grant number, two grants", n->id);
		return;
	}
	w->cover[COVER_PENDING] += s->value.pending != 0;
	new_grant(w, n, &s->value);
	if (w->granted_count == w->granted_room) {
		w->granted_room = w->granted_room != 0 ? 2 * w->granted_room : 64;
		w->granted = realloc(w->granted, w->granted_room * sizeof(*w->granted));
		CHECK(w->granted != NULL);
	}
	w->granted[w->granted_count].grant = s->value.grant;
	w->granted[w->granted_count++].pending = s->value.pending;
}

void check_write_end(struct world *w, struct node *n, const struct wr *wr)
{
	if (wr->outcome == IO_DONE) {
		n->done.any = true;
		n->done.sequence = wr->blob->slot.sequence;
	} else {
		n->failed_ms = clock_local_ms(w, n);
	}
}

void check_restart(struct world *w, struct node *n)
{
	n->shown.spoiled_at = w->spoiled_at;
	n->has_submitted = n->done.any = false;
	n->shown.read_ms = 0;
	n->shown.wrote = n->shown.denied = false;
	n->failed_ms = 0;
	if (n->has_landed && n->landed->slot.cast == CAST_GRANT)
		w->cover[COVER_RESTART_CASTING]++;
}

/* ---- polls and counted votes ---- */

void check_poll(struct world *w, struct node *n, bool yes, uint64_t start_us)
{
	struct vq *v = &n->vq;
	const struct ring *r = &w->ring[v->ring];
	const struct granted *g;
	struct view view = { 0 };
	bool fresh;

	if (!yes)
		return;
	w->yes_polls++;
	evict_poll(w, n, start_us);
	v->late = w->now - start_us > shown_late_ms(w, n) * 1000;
	v->overdue = clock_local_ms(w, n) > n->poll.until_ms + n->conf.poll_ms ||
		     (v->paused && v->blind == SIGHTED && start_us <= v->thawed_at);
	if (!v->frozen && start_us > v->thawed_at && !excuse_blind(w, n))
		v->thawed_until = 0;
	/* Nor is it fresh where a late disk took it away in between. */
	fresh = v->yes_ring < 0 && v->kept_ring != v->ring + 1;
	if (!fresh)
		v->kept_ring = v->ring + 1;
	v->yes_ring = v->ring;
	if (w->class != CLASS_PRIVATE)
		w->cover[COVER_JUDGED_S23]++;
	if (w->class == CLASS_PRIVATE) {
		/* One that held the vote alone before they met is given the time to notice. */
		if (__builtin_popcountll(r->members & v->peers_registered) > 1 &&
		    (fresh || w->now > v->ring_at + w->x_ms * 1000 + SEC))
			fail(w, "S6: node %u polls yes with a private copy", n->id);
		return;
	}
	memset(&v->yes_number, 0, sizeof(v->yes_number));
	if (n->has_landed && n->landed->slot.cast == CAST_GRANT)
		v->yes_number = n->landed->slot.cast_number;
	if (v->late || excuse_forgetful(w, n))
		return;
	view.ring = r->id;
	view.members = totem_members(w, r->members);
	g = n->has_landed && n->landed->slot.cast == CAST_GRANT ? find_grant(w, &v->yes_number)
								: NULL;
	if (g == NULL)
		fail(w, "S3: node %u polls yes, its slot says cast %d", n->id,
		     n->has_landed ? (int)n->landed->slot.cast : -1);
	else if (slots_bit(n) == 0 || !grant_names(&g->grant, n->slot_index, &view, v->life))
		fail(w, "S2: node %u polls yes for a grant that does not name it", n->id);
}

uint64_t check_d_until(const struct node *n)
{
	uint64_t d_ms = n->conf.timeout_ms + n->conf.sync_timeout_ms;

	/* By its own clock, and a little: timers have milliseconds. */
	return n->vq.poll_at + clock_span_us(n, d_ms) + MS;
}

/* Once, for as long as it lasts. */
static void tell_excused(struct world *w, const struct node *a, const struct node *b,
			 const char *what)
{
	uint64_t pair = (uint64_t)a->id << 32 | b->id;

	if (w->told.pair != pair || w->now > w->told.at + SEC)
		TRACE(w, "left to fencing: nodes %u and %u: %s", a->id, b->id, what);
	w->told.pair = pair;
	w->told.at = w->now;
}

/* in: reason, of an excuse; -1: there is none. */
static void violated(struct world *w, const struct node *a, const struct node *b, int reason,
		     const char *what)
{
	if (reason >= 0) {
		tell_excused(w, a, b, what);
		w->excused[reason]++;
		return;
	}
	fail(w, "S1: nodes %u and %u: %s", a->id, b->id, what);
}

/* A yes that was polled in the ring which a is still in, or in the ring of the newest grant polled
 * for: nobody counts a yes in a ring disjoint from that one.  (A yes kept over a ring change is an
 * old one: until the first yes for a new grant, both halves of a granted ring keep theirs.) */
static void check_disjoint(struct world *w, const struct node *top, const struct node *a)
{
	if (!a->vq.cast || a->vq.yes_ring < 0 || (a != top && a->vq.yes_ring != a->vq.ring))
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *b = &w->node[i];

		if (b != a && b->vq.cast && b->vq.ring >= 0 &&
		    (w->ring[a->vq.yes_ring].members & w->ring[b->vq.ring].members) == 0)
			violated(w, a, b, excuse_of(w, excuse_of(w, a) >= 0 ? a : b),
				 "the vote is counted in disjoint rings");
	}
}

/* A grant that is newer than the one that a polled for last names both. */
static bool named_since(const struct world *w, const struct node *a, const struct node *b)
{
	uint64_t both = slots_bit(a) | slots_bit(b);

	for (uint32_t i = w->granted_count; i > 0; i--) {
		const struct grant *g = &w->granted[i - 1].grant;

		if (number_compare(&g->number, &a->vq.yes_number) > 0 && (g->set & both) == both)
			return true;
	}
	return false;
}

void check_counts(struct world *w)
{
	const struct node *top = NULL;
	const struct granted *g;

	if (w->class == CLASS_PRIVATE)
		return;
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if (n->vq.cast &&
		    (top == NULL || number_compare(&n->vq.yes_number, &top->vq.yes_number) > 0))
			top = n;
	}
	if (top == NULL)
		return;
	g = find_grant(w, &top->vq.yes_number);
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *b = &w->node[i];

		if (!b->vq.cast || b == top)
			continue;
		w->cover[COVER_JUDGED_S1]++;
		if (g != NULL && (g->grant.set & slots_bit(b)) == 0 && !named_since(w, top, b))
			violated(w, top, b, excuse_of(w, b),
				 "both casting, one is not in the newest granted set");
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		check_disjoint(w, top, &w->node[i]);
}

/* ---- the quorate flag ---- */

void check_quorate(struct world *w, struct node *n)
{
	if (w->class == CLASS_GENTLE && w->phase >= 1 && w->now >= n->excused_until)
		w->cover[COVER_JUDGED_L2] += n->was_quorate;
	if (n->vq.quorate && (n->vq.told || n->vq.sync)) {
		if (!n->was_quorate && n->excused_until == n->back_by)
			n->excused_until = w->now;
		n->was_quorate = true;
		return;
	}
	if (!n->was_quorate)
		return;
	n->was_quorate = false;
	n->lost_at = w->now;
	if (w->class == CLASS_GENTLE && w->phase >= 1 && w->now >= n->excused_until)
		fail(w, "L2: node %u loses its quorum", n->id);
}

void check_votes(struct world *w, uint64_t mask, const char *when)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];
		bool wanted = (mask & slot_bit(i)) != 0;

		w->cover[COVER_JUDGED_L1]++;
		if (wanted && !n->vq.cast)
			fail(w, "L1: node %u does not cast %s", n->id, when);
		else if (!wanted && n->vq.cast)
			fail(w, "L1: node %u casts %s, another partition should", n->id, when);
	}
}

void check_decided(struct world *w, uint64_t mask, const char *when)
{
	check_votes(w, mask, when);
	for (uint32_t i = 0; i < w->nodes; i++) {
		const struct node *n = &w->node[i];

		if ((mask & slot_bit(i)) != 0 && (!n->vq.quorate || !n->vq.told))
			fail(w, "L1: node %u casts and is not quorate %s", n->id, when);
	}
}

void check_nobody(struct world *w, const char *when)
{
	w->cover[COVER_JUDGED_S6]++;
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].vq.cast)
			fail(w, "S6: node %u casts %s", w->node[i].id, when);
}

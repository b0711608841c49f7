/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/bridge.h"

#include <stdio.h>
#include <string.h>

#include "base/mutant.h"

const struct facts_node *facts_find(const struct facts *f, const char *name)
{
	for (uint32_t i = 0; i < f->node_count; i++)
		if (strcmp(f->node[i].name, name) == 0)
			return &f->node[i];
	return NULL;
}

const char *bridge_name_problem(const struct facts *f, const char *name, uint32_t node_id)
{
	const struct facts_node *n;

	if (name[0] == 0)
		return "corosync's nodelist gives the node no name";
	n = facts_find(f, name);
	if (n == NULL)
		return "Pacemaker has no node of the name that corosync's nodelist gives";
	if (n->node_id != node_id)
		return "the node of this name has another id in Pacemaker than in corosync";
	return NULL;
}

static const char *bridge_name_of(const struct bridge *b, uint32_t node_id)
{
	for (uint32_t i = 0; i < b->answer.node_count; i++)
		if (b->answer.node[i].node_id == node_id)
			return b->answer.node[i].name;
	return "";
}

/* returns: 0: not a node of corosync. */
static uint32_t bridge_id_of(const struct bridge *b, const char *name)
{
	for (uint32_t i = 0; i < b->answer.node_count; i++)
		if (strcmp(b->answer.node[i].name, name) == 0)
			return b->answer.node[i].node_id;
	return 0;
}

void bridge_init(struct bridge *b)
{
	memset(b, 0, sizeof(*b));
}

void bridge_take_facts(struct bridge *b, const struct facts *f)
{
	b->facts = *f;
}

void bridge_look(struct bridge *b)
{
	b->look_at_all = true;
	b->look_ms = 0;
}

static void bridge_say(struct bridge_entry *e, const char *text)
{
	(void)snprintf(e->text, sizeof(e->text), "%s", text);
}

static void bridge_enter(struct bridge_entry *e, enum bridge_phase phase, uint64_t now_ms)
{
	e->phase = phase;
	e->phase_ms = now_ms;
	e->token = 0;
}

/* ---- orders ---- */

static struct bridge_entry *bridge_find(struct bridge *b, const struct evict_order *o)
{
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase != BRIDGE_FREE && e->order.node_id == o->node_id &&
		    e->order.incarnation == o->incarnation)
			return e;
	}
	return NULL;
}

/* A free entry, or the oldest that has ended and is not listed any more. */
static struct bridge_entry *bridge_room(struct bridge *b)
{
	struct bridge_entry *oldest = NULL;

	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase == BRIDGE_FREE)
			return e;
		if (!e->listed && e->phase != BRIDGE_ASKED &&
		    (oldest == NULL || e->phase_ms < oldest->phase_ms))
			oldest = e;
	}
	return oldest;
}

/* What was asked goes on at the fencer and its end is awaited; what has ended is kept, so that the
 * same incarnation is not fenced again when it is named once more. */
static void bridge_withdraw(struct bridge_entry *e, uint64_t now_ms)
{
	if (e->phase != BRIDGE_WAITING && e->phase != BRIDGE_LOOKING)
		return;
	bridge_say(e, "");
	bridge_enter(e, BRIDGE_WITHDRAWN, now_ms);
}

/* The order may be older than this process. */
static void bridge_begin(struct bridge_entry *e, const struct evict_order *o, uint64_t now_ms)
{
	uint64_t given_ms = o->deadline_ms > EVICT_DEADLINE_MS ? o->deadline_ms - EVICT_DEADLINE_MS
							       : 0;

	e->since_ms = given_ms < now_ms ? given_ms : now_ms;
	e->failed_count = 0;
	e->next_ms = 0;
	bridge_say(e, "");
	bridge_enter(e, BRIDGE_WAITING, now_ms);
}

static void bridge_list(struct bridge *b, uint64_t now_ms, const struct evict_order *o)
{
	struct bridge_entry *e = bridge_find(b, o);

	if (e == NULL) {
		e = bridge_room(b);
		if (e == NULL)
			return; /* more outstanding requests than nodes */
		memset(e, 0, sizeof(*e));
		bridge_begin(e, o, now_ms);
	} else if ((e->phase == BRIDGE_GIVEN_UP && e->order.id != o->id) ||
		   (e->phase == BRIDGE_WITHDRAWN && !o->withdrawn)) {
		bridge_begin(e, o, now_ms);
	}
	e->order = *o;
	e->listed = true;
	if (o->withdrawn)
		bridge_withdraw(e, now_ms);
}

void bridge_take_answer(struct bridge *b, uint64_t now_ms, const struct evict_answer *a)
{
	b->feed = true;
	b->answered_ms = now_ms;
	b->answer = *a;
	memmove(b->seen, b->seen + b->told_count,
		(b->seen_count - b->told_count) * sizeof(b->seen[0]));
	b->seen_count -= b->told_count;
	b->told_count = 0;
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];
		bool named = false;

		for (uint32_t k = 0; k < a->orders.count && !named; k++)
			named = e->order.node_id == a->orders.order[k].node_id &&
				e->order.incarnation == a->orders.order[k].incarnation;
		if (e->phase == BRIDGE_FREE || named)
			continue;
		e->listed = false;
		bridge_withdraw(e, now_ms);
	}
	b->underway.own_id = a->own_node_id;
	for (uint32_t k = 0; k < a->node_count; k++)
		underway_origin(&b->underway, now_ms, a->node[k].node_id, a->node[k].gone);
	for (uint32_t k = 0; k < a->orders.count; k++)
		if (a->orders.order[k].node_id != a->own_node_id)
			bridge_list(b, now_ms, &a->orders.order[k]);
}

void bridge_lose_feed(struct bridge *b)
{
	/* A daemon that comes has forgotten what it was told: tell the whole history again. */
	b->feed = false;
	b->told_count = 0;
	bridge_look(b);
}

/* What was asked of a fencer that is gone has an unknown end: it may go on at another node.  The
 * next fencer's history tells. */
void bridge_set_fencer(struct bridge *b, uint64_t now_ms, bool connected)
{
	b->fencer = connected;
	bridge_look(b);
	if (!connected)
		underway_lose_fencer(&b->underway);
	for (uint32_t i = 0; i < BRIDGE_ENTRIES && !connected; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase != BRIDGE_ASKED && e->phase != BRIDGE_LOOKING)
			continue;
		e->pending_elsewhere = false;
		e->next_ms = e->phase == BRIDGE_ASKED ? now_ms + BRIDGE_ORPHAN_MS : 0;
		if (MUTANT(no_retry))
			e->next_ms = UINT64_MAX;
		bridge_say(e, "the fencer went away");
		bridge_enter(e, e->listed ? BRIDGE_WAITING : BRIDGE_WITHDRAWN, now_ms);
	}
}

/* ---- what the fencer says ---- */

static void bridge_fail(struct bridge_entry *e, uint64_t now_ms, const char *text)
{
	uint64_t pause_ms = BRIDGE_PAUSE_MS;

	for (uint32_t i = 0; i < e->failed_count && pause_ms < BRIDGE_PAUSE_MS_MAX; i++)
		pause_ms *= 2;
	e->failed_count++;
	e->next_ms = now_ms + (pause_ms < BRIDGE_PAUSE_MS_MAX ? pause_ms : BRIDGE_PAUSE_MS_MAX);
	bridge_say(e, text);
	bridge_enter(e, e->listed && !e->order.withdrawn ? BRIDGE_WAITING : BRIDGE_WITHDRAWN,
		     now_ms);
	if (MUTANT(no_retry))
		e->next_ms = UINT64_MAX;
}

void bridge_result(struct bridge *b, uint64_t now_ms, uint64_t token, bool ok, const char *text)
{
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase != BRIDGE_ASKED || e->token != token)
			continue;
		if (ok) {
			bridge_say(e, "");
			bridge_enter(e, BRIDGE_DONE, now_ms);
		} else {
			bridge_fail(e, now_ms, text[0] != 0 ? text : "the fencer failed");
		}
	}
}

static uint64_t bridge_answer_ms(const struct bridge *b)
{
	return MUTANT(history_ignored) ? BRIDGE_PAUSE_MS
				       : (uint64_t)b->facts.stonith_timeout_ms + BRIDGE_ANSWER_MS;
}

/* Keep it for the daemon, once. */
static void bridge_keep(struct bridge *b, const struct bridge_seen *s)
{
	for (uint32_t i = 0; i < b->seen_count; i++) {
		const struct fencing_seen *f = &b->seen[i].fencing;
		uint64_t at = f->at_ms, now = s->fencing.at_ms;
		uint64_t apart_ms = at > now ? at - now : now - at;

		if (strcmp(b->seen[i].name, s->name) == 0 && f->action == s->fencing.action &&
		    f->result == s->fencing.result && apart_ms < 1000)
			return;
	}
	if (b->seen_count == BRIDGE_SEEN_MAX) {
		/* The oldest says least. */
		memmove(b->seen, b->seen + 1, (BRIDGE_SEEN_MAX - 1) * sizeof(b->seen[0]));
		b->seen_count--;
		if (b->told_count > 0)
			b->told_count--;
	}
	b->seen[b->seen_count++] = *s;
}

void bridge_see(struct bridge *b, uint64_t now_ms, const struct bridge_seen *s)
{
	const struct fencing_seen *f = &s->fencing;
	uint32_t node_id = bridge_id_of(b, s->name);

	if (f->action != FENCE_ON)
		underway_see(&b->underway, now_ms, node_id, bridge_id_of(b, s->origin), f);
	if (f->result == FENCING_STARTED &&
	    now_ms >= underway_end_ms(&b->underway, node_id, bridge_answer_ms(b)))
		return;
	bridge_keep(b, s);
	if (f->action == FENCE_ON)
		return;
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase == BRIDGE_FREE || e->order.node_id != node_id)
			continue;
		switch (f->result) {
		case FENCING_STARTED:
			e->pending_elsewhere = true;
			break;
		case FENCING_DONE:
			e->pending_elsewhere = false;
			/* Of a fencing that ended before the order was given the daemon knew. */
			if (e->phase == BRIDGE_DONE || f->at_ms < e->since_ms ||
			    MUTANT(history_ignored))
				break;
			bridge_say(e, "");
			bridge_enter(e, BRIDGE_DONE, now_ms);
			break;
		case FENCING_FAILED: /* our own is told by bridge_result() */
		case FENCING_RESULT_COUNT:
			break;
		}
	}
}

/* What nobody will end has failed, as far as the daemon is concerned. */
static void bridge_bury(struct bridge *b, uint64_t now_ms)
{
	uint32_t node_id;

	while ((node_id = underway_bury(&b->underway, now_ms, bridge_answer_ms(b))) != 0) {
		struct bridge_seen s;

		memset(&s, 0, sizeof(s));
		(void)snprintf(s.name, sizeof(s.name), "%s", bridge_name_of(b, node_id));
		s.fencing.action = FENCE_REBOOT;
		s.fencing.result = FENCING_FAILED;
		s.fencing.at_ms = now_ms;
		bridge_keep(b, &s);
	}
}

void bridge_history(struct bridge *b, uint64_t now_ms, uint64_t token, bool ok)
{
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		struct bridge_entry *e = &b->entry[i];

		if (e->phase != BRIDGE_LOOKING || e->token != token)
			continue;
		if (!ok) {
			bridge_fail(e, now_ms, "the fencer's history cannot be read");
		} else if (e->pending_elsewhere && !MUTANT(history_ignored)) {
			e->next_ms = now_ms + BRIDGE_PAUSE_MS;
			bridge_say(e, "a fencing of the node is under way");
			bridge_enter(e, BRIDGE_WAITING, now_ms);
		} else {
			bridge_enter(e, BRIDGE_LOOKING, now_ms);
		}
		return;
	}
	if (!ok) {
		/* The question was for all. */
		b->look_at_all = true;
		b->look_ms = now_ms + BRIDGE_PAUSE_MS;
	}
}

/* ---- what to do ---- */

/* returns: why the order is not asked now, or NULL. */
static const char *bridge_obstacle(const struct bridge *b, const struct bridge_entry *e,
				   uint64_t now_ms)
{
	const struct facts_node *n;
	const char *name = bridge_name_of(b, e->order.node_id);
	const char *problem;

	if (!b->feed || now_ms - b->answered_ms > BRIDGE_STALE_MS)
		return "qarbd does not repeat the order";
	if ((!b->answer.voting && !MUTANT(evict_without_vote)) || !b->answer.evict)
		return "this node does not hold the vote";
	if (!b->facts.known)
		return "the CIB is not readable";
	if (!b->facts.stonith_enabled)
		return "fencing is disabled in Pacemaker (stonith-enabled=false)";
	problem = bridge_name_problem(&b->facts, name, e->order.node_id);
	if (problem != NULL)
		return problem;
	n = facts_find(&b->facts, name);
	if (n != NULL && n->shutting_down && !MUTANT(evict_shutdown))
		return "the node is shutting down";
	if (n != NULL && n->controller_left && !MUTANT(evict_shutdown))
		return "the node's controller has left the cluster";
	if (!b->fencer)
		return "Pacemaker's fencer is not there";
	return NULL;
}

static void bridge_give_up(struct bridge_entry *e, uint64_t now_ms, const char *why)
{
	char text[EVICT_TEXT_SIZE];

	(void)snprintf(text, sizeof(text), "%s", why);
	bridge_say(e, text);
	bridge_enter(e, BRIDGE_GIVEN_UP, now_ms);
}

/* The daemon's order of this moment ends here?  returns: whether it does. */
static bool bridge_end(struct bridge *b, struct bridge_entry *e, uint64_t now_ms)
{
	const char *problem = b->facts.known
				      ? bridge_name_problem(&b->facts,
							    bridge_name_of(b, e->order.node_id),
							    e->order.node_id)
				      : NULL;

	if (problem != NULL && now_ms - e->since_ms >= BRIDGE_NAME_MS)
		bridge_give_up(e, now_ms, problem);
	else if (now_ms >= e->order.deadline_ms)
		bridge_give_up(e, now_ms, e->text[0] != 0 ? e->text : "no answer in time");
	else
		return false;
	return true;
}

static void bridge_ask(struct bridge *b, struct bridge_entry *e, uint64_t now_ms,
		       struct bridge_action *a)
{
	(void)snprintf(a->name, sizeof(a->name), "%s", bridge_name_of(b, e->order.node_id));
	if (e->phase == BRIDGE_WAITING) {
		a->type = BRIDGE_ASK_HISTORY;
		e->pending_elsewhere = false;
		bridge_enter(e, BRIDGE_LOOKING, now_ms);
	} else {
		a->type = BRIDGE_ASK_FENCE;
		a->fence = e->order.action;
		a->timeout_s = (b->facts.stonith_timeout_ms + 999) / 1000;
		/* Since the order: what was before it is judged by the daemon. */
		a->tolerance_s = (uint32_t)((now_ms - e->since_ms) / 1000) + 1;
		e->asked_count++;
		bridge_enter(e, BRIDGE_ASKED, now_ms);
	}
	a->token = e->token = ++b->token;
}

/* out: a, untouched if the order only waits. */
static void bridge_step(struct bridge *b, struct bridge_entry *e, uint64_t now_ms,
			struct bridge_action *a)
{
	const char *obstacle;

	if (e->phase == BRIDGE_ASKED && now_ms - e->phase_ms >= bridge_answer_ms(b))
		bridge_fail(e, now_ms, "the fencer does not answer");
	if (e->phase != BRIDGE_WAITING && e->phase != BRIDGE_LOOKING)
		return;
	if (bridge_end(b, e, now_ms))
		return;
	if ((e->phase == BRIDGE_WAITING && now_ms < e->next_ms) ||
	    (e->phase == BRIDGE_LOOKING && e->token != 0))
		return;
	obstacle = bridge_obstacle(b, e, now_ms);
	if (obstacle != NULL) {
		bridge_say(e, obstacle);
		e->next_ms = now_ms + BRIDGE_PAUSE_MS / 4;
		bridge_enter(e, BRIDGE_WAITING, now_ms);
		return;
	}
	bridge_ask(b, e, now_ms, a);
}

struct bridge_action bridge_next(struct bridge *b, uint64_t now_ms)
{
	struct bridge_action a;

	memset(&a, 0, sizeof(a));
	bridge_bury(b, now_ms);
	if (b->look_at_all && b->fencer && b->feed && now_ms >= b->look_ms) {
		b->look_at_all = false;
		a.type = BRIDGE_ASK_HISTORY;
		a.token = ++b->token;
		return a;
	}
	for (uint32_t i = 0; i < BRIDGE_ENTRIES && a.type == BRIDGE_NOTHING; i++)
		if (b->entry[i].phase != BRIDGE_FREE)
			bridge_step(b, &b->entry[i], now_ms, &a);
	return a;
}

static uint64_t bridge_lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t bridge_deadline_ms(const struct bridge *b)
{
	uint64_t least = b->look_at_all && b->fencer && b->feed ? b->look_ms : UINT64_MAX;

	least = bridge_lesser(least, underway_deadline_ms(&b->underway, bridge_answer_ms(b)));
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		const struct bridge_entry *e = &b->entry[i];

		switch (e->phase) {
		case BRIDGE_WAITING:
			least = bridge_lesser(least,
					      bridge_lesser(e->next_ms, e->order.deadline_ms));
			break;
		case BRIDGE_LOOKING:
			least = bridge_lesser(least, e->token == 0 ? 0 : e->order.deadline_ms);
			break;
		case BRIDGE_ASKED:
			least = bridge_lesser(least, e->phase_ms + bridge_answer_ms(b));
			break;
		case BRIDGE_FREE:
		case BRIDGE_DONE:
		case BRIDGE_GIVEN_UP:
		case BRIDGE_WITHDRAWN:
			break;
		}
	}
	return least;
}

/* ---- what the daemon is told ---- */

static enum evict_progress bridge_progress(const struct bridge_entry *e)
{
	switch (e->phase) {
	case BRIDGE_WAITING:
	case BRIDGE_LOOKING:
		return e->failed_count > 0 ? EVICT_FAILED : EVICT_ACCEPTED;
	case BRIDGE_ASKED:
		return EVICT_REQUESTED;
	case BRIDGE_DONE:
		return EVICT_DONE;
	case BRIDGE_GIVEN_UP:
		return EVICT_GAVE_UP;
	case BRIDGE_FREE:
	case BRIDGE_WITHDRAWN:
		break;
	}
	return EVICT_WITHDRAWN;
}

static void bridge_tell_facts(const struct bridge *b, struct bridge_facts *out)
{
	out->fencer = b->fencer;
	out->known = b->facts.known;
	out->fencing_enabled = b->facts.stonith_enabled;
	out->maintenance = b->facts.maintenance;
	for (uint32_t i = 0; i < b->answer.node_count; i++) {
		const struct evict_node *n = &b->answer.node[i];
		const struct facts_node *f = facts_find(&b->facts, n->name);
		struct node_facts *o = &out->node[out->count++];

		o->node_id = n->node_id;
		o->known = f != NULL && f->node_id == n->node_id;
		if (!o->known)
			continue;
		o->maintenance = f->maintenance;
		o->shutting_down = f->shutting_down || f->controller_left;
	}
}

void bridge_make_sync(struct bridge *b, struct evict_sync *s)
{
	memset(s, 0, sizeof(*s));
	bridge_tell_facts(b, &s->facts);
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		const struct bridge_entry *e = &b->entry[i];
		struct evict_report *r;

		if (e->phase == BRIDGE_FREE || !e->listed || s->report_count == EVICT_ORDERS_MAX)
			continue;
		r = &s->report[s->report_count++];
		r->id = e->order.id;
		r->incarnation = e->order.incarnation;
		r->node_id = e->order.node_id;
		r->progress = bridge_progress(e);
		r->attempts = e->asked_count;
		(void)snprintf(r->text, sizeof(r->text), "%s", e->text);
	}
	b->told_count = 0;
	if (b->answer.node_count == 0)
		return; /* names mean nothing yet */
	while (b->told_count < b->seen_count && s->fencing_count < EVICT_FENCINGS_MAX) {
		const struct bridge_seen *seen = &b->seen[b->told_count++];
		uint32_t node_id = bridge_id_of(b, seen->name);

		if (node_id == 0)
			continue; /* a remote node */
		s->fencing[s->fencing_count] = seen->fencing;
		s->fencing[s->fencing_count++].node_id = node_id;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/svcbridge.h"

#include <qb/qbdefs.h>
#include <qb/qbipcs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/clock.h"
#include "wire/evictwire.h"

struct bridge_answer {
	struct qb_ipc_response_header head;
	uint8_t data[EVICTWIRE_SIZE];
};

struct bridge {
	struct shm *m;
	qb_loop_t *loop;
	qb_ipcs_connection_t *c; /* NULL: none is connected */
	uint64_t synced_ms;
	bool timed; /* the timer runs */
	/* what the answer before said */
	uint64_t orders_count;
	bool voting;
	bool news_sent;		     /* since then the bridge did not ask */
	struct bridge_record record; /* as last told to the decider */
	struct evict_sync sync;
	struct evict_answer answer;
	struct bridge_answer message;
	struct config config;
	struct arb_status report; /* at most two syncs old, else it says nothing */
};

static struct bridge *bridge;

static void svcbridge_tell(void)
{
	PAGE_PUT(&bridge->m->bridge, &bridge->record);
	shm_wake(bridge->m, PROC_DECIDER);
}

static void svcbridge_lose(void)
{
	bridge->c = NULL;
	memset(&bridge->record.facts, 0, sizeof(bridge->record.facts));
	svcbridge_tell();
}

/* An order is told only while the publication is a yes that has not run out: a decider that stands
 * still holds attempts back. */
static bool svcbridge_voting(void)
{
	struct voter_report voter;
	struct publication p;

	return PAGE_GET(&bridge->m->publication, &p) != 0 && p.answer == ANSWER_YES &&
	       p.until_ms > clock_now_ms() && PAGE_GET(&bridge->m->voter, &voter) != 0 &&
	       voter.quorate;
}

static void svcbridge_on_timer(void *user);

/* As long as a bridge is connected: without one nothing comes due. */
static void svcbridge_set_timer(void)
{
	qb_loop_timer_handle timer;

	bridge->timed = bridge->c != NULL &&
			qb_loop_timer_add(bridge->loop, QB_LOOP_MED,
					  (uint64_t)EVICTWIRE_SYNC_MS * QB_TIME_NS_IN_MSEC / 2,
					  NULL, svcbridge_on_timer, &timer) == 0;
}

static void svcbridge_on_timer(void *user)
{
	(void)user;
	if (bridge->c != NULL && clock_now_ms() >= bridge->synced_ms + EVICTWIRE_LOST_MS)
		svcbridge_lose();
	svcbridge_wake();
	svcbridge_set_timer();
}

enum rc svcbridge_open(struct shm *m, void *loop)
{
	bridge = calloc(1, sizeof(*bridge));
	if (bridge == NULL)
		return RC_AGAIN;
	bridge->m = m;
	bridge->loop = loop;
	/* A service that was restarted goes on with what its predecessor was told of fencings. */
	(void)PAGE_GET(&m->bridge, &bridge->record);
	svcbridge_lose();
	return RC_OK;
}

static void svcbridge_take_fencing(const struct fencing_seen *f)
{
	struct bridge_record *r = &bridge->record;
	uint32_t i = 0;

	if (f->node_id == 0 || f->action == FENCE_ON || f->result >= FENCING_RESULT_COUNT)
		return;
	while (i < r->fenced_count && r->fenced[i].node_id != f->node_id)
		i++;
	if (i == NODES_MAX)
		return;
	if (i == r->fenced_count)
		r->fenced_count++;
	r->fenced[i].node_id = f->node_id;
	if (f->at_ms > r->fenced[i].at_ms[f->result])
		r->fenced[i].at_ms[f->result] = f->at_ms;
}

static void svcbridge_take(void)
{
	struct bridge_record *r = &bridge->record;
	const struct evict_sync *s = &bridge->sync;

	r->facts = s->facts;
	r->facts.connected = true;
	r->report_count = s->report_count;
	memset(r->report, 0, sizeof(r->report));
	memcpy(r->report, s->report, s->report_count * sizeof(s->report[0]));
	for (uint32_t i = 0; i < s->fencing_count; i++)
		svcbridge_take_fencing(&s->fencing[i]);
	svcbridge_tell();
}

/* Not in the ring, and silent for its X on every disk: nothing of the node goes on, as far as this
 * node can see. */
static bool svcbridge_gone(uint32_t node_id)
{
	const struct arb_status *s = &bridge->report;
	uint32_t silent = 0;

	if (members_contain(&s->view.members, node_id))
		return false;
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		for (uint32_t k = 0; k < NODES_MAX; k++) {
			const struct peer_status *p = &s->disk[i].peer[k];

			if (p->node_id != node_id || node_id == 0)
				continue;
			if (p->silent_ms == UINT64_MAX || s->disk[i].beat_age_ms > p->silent_ms ||
			    p->silent_ms - s->disk[i].beat_age_ms < p->x_ms)
				return false;
			silent++;
		}
	}
	return silent > 0;
}

/* Who is gone, by the report before; the next one is asked for. */
static void svcbridge_fill_gone(struct evict_answer *a)
{
	bool fresh = PAGE_GET(&bridge->m->report, &bridge->report) != 0 &&
		     bridge->report.now_ms + 2 * (uint64_t)EVICTWIRE_SYNC_MS > clock_now_ms();

	for (uint32_t i = 0; i < a->node_count; i++)
		a->node[i].gone = fresh && svcbridge_gone(a->node[i].node_id);
	atomic_fetch_add(&bridge->m->report_wanted, 1);
	shm_wake(bridge->m, PROC_DECIDER);
}

static void svcbridge_fill(void)
{
	struct evict_answer *a = &bridge->answer;
	const struct config *c = &bridge->config;

	if (PAGE_GET(&bridge->m->config, &bridge->config) == 0) {
		a->rc = RC_AGAIN;
		(void)snprintf(a->text, sizeof(a->text), "no configuration is in force yet");
		return;
	}
	a->evict = c->policy.evict;
	a->own_node_id = c->own_node_id;
	a->node_count = c->nodes.count;
	for (uint32_t i = 0; i < c->nodes.count; i++) {
		a->node[i].node_id = c->nodes.node_id[i];
		memcpy(a->node[i].name, c->node_name[i], NAME_SIZE);
	}
	svcbridge_fill_gone(a);
	a->voting = bridge->voting = svcbridge_voting();
	bridge->orders_count = PAGE_GET(&bridge->m->orders, &a->orders);
}

static void svcbridge_send(qb_ipcs_connection_t *c)
{
	struct bridge_answer *m = &bridge->message;
	size_t n = evictwire_encode_answer(&bridge->answer, m->data, sizeof(m->data));

	if (n == 0) {
		qb_ipcs_disconnect(c);
		return;
	}
	m->head.id = EVICTWIRE_SYNC_ID;
	m->head.error = 0;
	m->head.size = (int32_t)(sizeof(m->head) + n);
	if (qb_ipcs_response_send(c, m, sizeof(m->head) + n) < 0)
		qb_ipcs_disconnect(c);
}

void svcbridge_sync(void *connection, const uint8_t *data, size_t size, bool may_order)
{
	struct evict_answer *a = &bridge->answer;

	memset(a, 0, sizeof(*a));
	a->rc = evictwire_decode_sync(data, size, &bridge->sync);
	if (a->rc != RC_OK) {
		(void)snprintf(a->text, sizeof(a->text), "%s", rc_text(a->rc));
	} else if (!may_order) {
		a->rc = RC_REFUSED;
		(void)snprintf(a->text, sizeof(a->text), "root and hacluster may order");
	} else if (bridge->c != NULL && bridge->c != connection) {
		a->rc = RC_BUSY;
		(void)snprintf(a->text, sizeof(a->text), "another fence bridge is connected");
	} else {
		bridge->c = connection;
		bridge->synced_ms = clock_now_ms();
		bridge->news_sent = false;
		if (!bridge->timed)
			svcbridge_set_timer();
		svcbridge_take();
		svcbridge_fill();
	}
	svcbridge_send(connection);
}

void svcbridge_closed(const void *connection)
{
	if (bridge->c != NULL && bridge->c == connection)
		svcbridge_lose();
}

void svcbridge_wake(void)
{
	struct qb_ipc_response_header news = { .id = EVICTWIRE_NEWS_ID, .size = sizeof(news) };

	if (bridge == NULL || bridge->c == NULL || bridge->news_sent)
		return;
	if (PAGE_COUNT(&bridge->m->orders) == bridge->orders_count &&
	    bridge->voting == svcbridge_voting())
		return;
	bridge->news_sent = qb_ipcs_event_send(bridge->c, &news, sizeof(news)) >= 0;
}

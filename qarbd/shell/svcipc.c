/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/svcipc.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <qb/qbdefs.h>
#include <qb/qbipcs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mutant.h"
#include "shell/clock.h"
#include "shell/recorder.h"
#include "shell/say.h"
#include "shell/svcbridge.h"
#include "shell/svcdoor.h"
#include "shell/svcweight.h"
#include "wire/evictwire.h"
#include "wire/ipcwire.h"

enum {
	SVCIPC_WAIT_MS = 300, /* for the decider's report; then the last one is told */
	SVCIPC_WAITING_MAX = 256,
	SVCIPC_GROUPS_MAX = 256,
	SVCIPC_ASKING_MAX = 32,
	SVCIPC_VERDICT_MS = 1500,  /* for the decider's verdict of an order */
	SVCIPC_RETRY_MS = 2000,	   /* between attempts to listen */
	SVCIPC_REFUSED_MS = 60000, /* between lines about clients that are refused */
};

struct svcipc_answer {
	struct qb_ipc_response_header head;
	uint8_t data[IPCWIRE_RESPONSE_SIZE];
};

/* What is large, made by the process that uses it: memory of the others is locked. */
struct svcipc_room {
	struct svcipc_answer answer;
	struct ipc_response text;
	struct ipc_response status;
	struct config config;
};

static struct shm *svcipc_shm;
static struct svcipc_room *svcipc_room;
static qb_loop_t *svcipc_loop;
static qb_ipcs_service_t *svcipc_service;
static struct svcipc_waiting {
	qb_ipcs_connection_t *c;
	enum ipc_type type; /* IPC_STATUS or IPC_WHY */
} svcipc_waiting[SVCIPC_WAITING_MAX];
static uint32_t svcipc_waiting_count;
static uint64_t svcipc_wanted; /* the report those wait for */
static qb_loop_timer_handle svcipc_timer;
/* Orders by hand that wait for their verdict. */
static struct {
	qb_ipcs_connection_t *c; /* NULL: free */
	uint64_t number;
	enum ipc_type type;
} svcipc_asking[SVCIPC_ASKING_MAX];
static uint64_t svcipc_number;

/* ---- who may ---- */

static bool svcipc_in_group(uid_t uid, gid_t gid, const char *name)
{
	struct group *g = getgrnam(name);
	struct passwd *p = getpwuid(uid);
	gid_t groups[SVCIPC_GROUPS_MAX];
	int count = SVCIPC_GROUPS_MAX;
	gid_t wanted;

	if (g == NULL)
		return false;
	wanted = g->gr_gid;
	if (gid == wanted)
		return true;
	if (p == NULL || getgrouplist(p->pw_name, gid, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == wanted)
			return true;
	return false;
}

/* Root is asked for nowhere: the databases of users may be on the network that is cut. */
static bool svcipc_may_order(uid_t uid)
{
	const struct passwd *p = uid == 0 ? NULL : getpwnam("hacluster");

	return uid == 0 || (p != NULL && p->pw_uid == uid);
}

static bool svcipc_may_read(uid_t uid, gid_t gid)
{
	return svcipc_may_order(uid) || svcipc_in_group(uid, gid, "haclient");
}

/* Anybody can be refused as often as he likes: libqb's line for each is not let through (svclog.c).
 */
static void svcipc_say_refused(uid_t uid)
{
	static uint64_t said_ms;
	uint64_t now_ms = clock_now_ms();

	if (said_ms != 0 && now_ms < said_ms + SVCIPC_REFUSED_MS)
		return;
	said_ms = now_ms;
	say(SAY_WARNING, "client of uid=%u refused: root and the group haclient may ask", uid);
}

static int32_t svcipc_on_accept(qb_ipcs_connection_t *c, uid_t uid, gid_t gid)
{
	bool order = svcipc_may_order(uid);

	if (!svcipc_may_read(uid, gid)) {
		svcipc_say_refused(uid);
		return -EACCES;
	}
	qb_ipcs_connection_auth_set(c, uid, gid, 0600);
	/* The pointer itself is the right: nothing to free. */
	qb_ipcs_context_set(c, order ? (void *)&svcipc_shm : NULL);
	return 0;
}

static int32_t svcipc_on_closed(qb_ipcs_connection_t *c)
{
	svcbridge_closed(c);
	for (uint32_t i = 0; i < SVCIPC_ASKING_MAX; i++)
		if (svcipc_asking[i].c == c)
			svcipc_asking[i].c = NULL;
	/* One that did not await its answer may wait more than once. */
	for (uint32_t i = 0; i < svcipc_waiting_count;) {
		if (svcipc_waiting[i].c == c)
			svcipc_waiting[i] = svcipc_waiting[--svcipc_waiting_count];
		else
			i++;
	}
	return 0;
}

/* ---- answers ---- */

static void svcipc_send(qb_ipcs_connection_t *c, const struct ipc_response *r)
{
	struct svcipc_answer *answer = &svcipc_room->answer;
	size_t n = ipcwire_encode_response(r, answer->data, sizeof(answer->data));

	if (n == 0) {
		qb_ipcs_disconnect(c);
		return;
	}
	answer->head.id = (int32_t)r->type;
	answer->head.error = 0;
	answer->head.size = (int32_t)(sizeof(answer->head) + n);
	if (qb_ipcs_response_send(c, answer, sizeof(answer->head) + n) < 0)
		qb_ipcs_disconnect(c);
}

static void svcipc_send_text(qb_ipcs_connection_t *c, enum ipc_type type, enum rc rc,
			     const char *text)
{
	struct ipc_response *r = &svcipc_room->text;

	memset(r, 0, sizeof(*r));
	r->type = type;
	r->rc = rc;
	(void)snprintf(r->text, sizeof(r->text), "%s", text);
	svcipc_send(c, r);
}

static struct ipc_latency svcipc_latency(const struct latency *l)
{
	struct latency_summary s = latency_summarize(l);

	return (struct ipc_latency){ .count = s.count,
				     .last_us = s.last_us,
				     .p50_us = s.p50_us,
				     .p99_us = s.p99_us,
				     .max_us = s.max_us };
}

static void svcipc_fill_disk(struct ipc_disk *d, const struct arbiter_config *c, uint32_t index)
{
	const struct shm_port *port = &svcipc_shm->port[index];
	struct shm_disk disk;

	(void)snprintf(d->name, sizeof(d->name), "%s", c->name);
	(void)snprintf(d->label, sizeof(d->label), "%s", c->label);
	(void)snprintf(d->device, sizeof(d->device), "%s", c->device);
	d->rc = RC_NOTFOUND;
	d->read = svcipc_latency(&port->read_latency);
	d->write = svcipc_latency(&port->write_latency);
	if (PAGE_GET(&port->disk, &disk) == 0)
		return;
	d->rc = disk.open ? RC_OK : disk.rc;
	if (!disk.open)
		return;
	(void)snprintf(d->label, sizeof(d->label), "%s", disk.label);
	(void)snprintf(d->device, sizeof(d->device), "%s", disk.path);
	memcpy(d->uuid, disk.facts.uuid, UUID_SIZE);
}

static void svcipc_fill_status(struct ipc_status *s, const struct config *config)
{
	static struct voter_report voter;

	if (PAGE_GET(&svcipc_shm->voter, &voter) != 0)
		memcpy(s->other_device, voter.other_device, sizeof(s->other_device));
	memcpy(s->cluster_name, config->cluster_name, sizeof(s->cluster_name));
	if (!MUTANT(wait_untold))
		s->wait_for_all = (enum ipc_wait_for_all)atomic_load(&svcipc_shm->wait_for_all);
	s->node_count = config->nodes.count;
	for (uint32_t i = 0; i < config->nodes.count; i++) {
		s->node[i].node_id = config->nodes.node_id[i];
		memcpy(s->node[i].name, config->node_name[i], NAME_SIZE);
	}
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < config->policy.arbiter_count; i++)
		svcipc_fill_disk(&s->disk[i], &config->arbiter[i], i);
}

/* in: late, the decider did not answer in time. */
static void svcipc_send_status(const struct svcipc_waiting *w, bool late)
{
	struct ipc_response *r = &svcipc_room->status;
	struct config *config = &svcipc_room->config;

	if (PAGE_GET(&svcipc_shm->config, config) == 0) {
		svcipc_send_text(
			w->c, w->type, RC_AGAIN,
			"waiting: corosync is not there, or its configuration was refused (see "
			"the log)");
		return;
	}
	memset(r, 0, sizeof(*r));
	r->type = w->type;
	if (PAGE_GET(&svcipc_shm->report, &r->status.arb) == 0) {
		svcipc_send_text(w->c, w->type, RC_AGAIN, "the deciding process does not answer");
		return;
	}
	if (late)
		(void)snprintf(r->text, sizeof(r->text),
			       "the deciding process does not answer: this is %llu ms "
			       "old",
			       (unsigned long long)(clock_now_ms() - r->status.arb.now_ms));
	svcipc_fill_status(&r->status, config);
	svcipc_send(w->c, r);
}

static void svcipc_answer_all(bool late)
{
	while (svcipc_waiting_count > 0) {
		struct svcipc_waiting w = svcipc_waiting[--svcipc_waiting_count];

		qb_ipcs_connection_ref(w.c);
		svcipc_send_status(&w, late);
		qb_ipcs_connection_unref(w.c);
	}
}

static void svcipc_on_timer(void *user)
{
	(void)user;
	svcipc_answer_all(true);
}

void svcipc_report_ready(void)
{
	if (svcipc_waiting_count == 0 || atomic_load(&svcipc_shm->report_done) < svcipc_wanted)
		return;
	(void)qb_loop_timer_del(svcipc_loop, svcipc_timer);
	svcipc_answer_all(false);
}

static void svcipc_want_status(qb_ipcs_connection_t *c, enum ipc_type type)
{
	if (svcipc_waiting_count == SVCIPC_WAITING_MAX) {
		svcipc_send_text(c, type, RC_BUSY, "too many clients wait");
		return;
	}
	/* One report answers all who came before it was made; who comes while one is being made
	 * waits for the next. */
	svcipc_wanted = atomic_fetch_add(&svcipc_shm->report_wanted, 1) + 1;
	if (svcipc_waiting_count == 0)
		(void)qb_loop_timer_add(svcipc_loop, QB_LOOP_MED,
					(uint64_t)SVCIPC_WAIT_MS * QB_TIME_NS_IN_MSEC, NULL,
					svcipc_on_timer, &svcipc_timer);
	svcipc_waiting[svcipc_waiting_count++] = (struct svcipc_waiting){ c, type };
	shm_wake(svcipc_shm, PROC_DECIDER);
}

/* ---- requests ---- */

static void svcipc_weight(qb_ipcs_connection_t *c, const struct ipc_request *q)
{
	svcweight_answer(q, clock_now_ms(), &svcipc_room->text);
	svcipc_send(c, &svcipc_room->text);
}

static bool svcipc_is_order(enum ipc_type type)
{
	return type == IPC_WEIGHT || type == IPC_WEIGHT_CLEAR || type == IPC_EVICT ||
	       type == IPC_POISON;
}

static void svcipc_answer_order(uint32_t i, enum rc rc, const char *text)
{
	qb_ipcs_connection_t *c = svcipc_asking[i].c;

	svcipc_asking[i].c = NULL;
	qb_ipcs_connection_ref(c);
	svcipc_send_text(c, svcipc_asking[i].type, rc, text);
	qb_ipcs_connection_unref(c);
}

static void svcipc_on_late(void *user)
{
	uint64_t number = (uint64_t)(uintptr_t)user;

	for (uint32_t i = 0; i < SVCIPC_ASKING_MAX; i++)
		if (svcipc_asking[i].c != NULL && svcipc_asking[i].number == number)
			svcipc_answer_order(i, RC_TIMEOUT,
					    "the deciding process does not answer: the order may "
					    "still be taken");
}

void svcipc_verdicts(void)
{
	struct evict_verdict v;

	while (ring_take(&svcipc_shm->verdicts.ring, &v, sizeof(v)) == sizeof(v)) {
		for (uint32_t i = 0; i < SVCIPC_ASKING_MAX; i++)
			if (svcipc_asking[i].c != NULL && svcipc_asking[i].number == v.number)
				svcipc_answer_order(i,
						    v.gate == EVICT_GATE_OPEN ? RC_OK : RC_UNSAFE,
						    evict_gate_text(v.gate));
	}
}

static void svcipc_order(qb_ipcs_connection_t *c, const struct ipc_request *q)
{
	struct evict_request ask;
	qb_loop_timer_handle timer;
	uint32_t i = 0;

	while (i < SVCIPC_ASKING_MAX && svcipc_asking[i].c != NULL)
		i++;
	memset(&ask, 0, sizeof(ask));
	ask.number = ++svcipc_number;
	ask.node_id = q->u.evict.node_id;
	ask.ask = q->type == IPC_POISON ? EVICT_ASK_POISON : EVICT_ASK_EVICT;
	if (i == SVCIPC_ASKING_MAX || !ring_put(&svcipc_shm->asks.ring, &ask, sizeof(ask))) {
		svcipc_send_text(c, q->type, RC_BUSY, "too many orders wait");
		return;
	}
	svcipc_asking[i].c = c;
	svcipc_asking[i].number = ask.number;
	svcipc_asking[i].type = q->type;
	(void)qb_loop_timer_add(svcipc_loop, QB_LOOP_MED,
				(uint64_t)SVCIPC_VERDICT_MS * QB_TIME_NS_IN_MSEC,
				(void *)(uintptr_t)ask.number, svcipc_on_late, &timer);
	shm_wake(svcipc_shm, PROC_DECIDER);
}

static void svcipc_request(qb_ipcs_connection_t *c, const struct ipc_request *q)
{
	bool order = qb_ipcs_context_get(c) != NULL;
	char path[IPCWIRE_TEXT_SIZE];

	if (svcipc_is_order(q->type) && !order) {
		svcipc_send_text(c, q->type, RC_REFUSED,
				 "not permitted: root and hacluster may order");
		return;
	}
	switch (q->type) {
	case IPC_STATUS:
	case IPC_WHY:
		svcipc_want_status(c, q->type);
		break;
	case IPC_WEIGHT:
	case IPC_WEIGHT_CLEAR:
	case IPC_WEIGHT_LIST:
		svcipc_weight(c, q);
		break;
	case IPC_VERSION:
		svcipc_send_text(c, q->type, RC_OK, QARB_VERSION);
		break;
	case IPC_TRACE:
		svcipc_send_text(c, q->type, recorder_flush(path, sizeof(path)), path);
		break;
	case IPC_EVICT:
	case IPC_POISON:
		svcipc_order(c, q);
		break;
	case IPC_TYPE_END:
		svcipc_send_text(c, q->type, RC_REFUSED, "not available in this version");
		break;
	}
}

static int32_t svcipc_on_message(qb_ipcs_connection_t *c, void *data, size_t size)
{
	const struct qb_ipc_request_header *head = data;
	struct ipc_request q;
	enum rc rc = RC_BADVALUE;

	if (size >= sizeof(*head) && head->id == EVICTWIRE_SYNC_ID) {
		svcbridge_sync(c, (const uint8_t *)data + sizeof(*head), size - sizeof(*head),
			       qb_ipcs_context_get(c) != NULL);
		return 0;
	}
	if (size > sizeof(*head))
		rc = ipcwire_decode_request((const uint8_t *)data + sizeof(*head),
					    size - sizeof(*head), &q);
	if (rc == RC_OK)
		svcipc_request(c, &q);
	else
		svcipc_send_text(c, IPC_VERSION, rc, rc_text(rc));
	return 0;
}

/* ---- listening ---- */

static bool svcipc_listen(void)
{
	struct qb_ipcs_service_handlers handlers = {
		.connection_accept = svcipc_on_accept,
		.msg_process = svcipc_on_message,
		.connection_closed = svcipc_on_closed,
	};

	/* Shared memory, whose files are the client's alone.  libqb's sockets have names in the
	 * abstract namespace: whoever reads /proc/net/unix could send to one with the rights of the
	 * client that it was made for. */
	svcipc_service = qb_ipcs_create("qarb", 0, QB_IPC_SHM, &handlers);
	if (svcipc_service == NULL)
		return false;
	qb_ipcs_enforce_buffer_size(svcipc_service,
				    IPCWIRE_RESPONSE_SIZE +
					    (uint32_t)sizeof(struct qb_ipc_response_header));
	svcdoor_open(svcipc_loop, svcipc_service, svcipc_may_read);
	if (qb_ipcs_run(svcipc_service) == 0)
		return true;
	svcipc_service = NULL; /* freed by qb_ipcs_run() */
	return false;
}

/* The name is anybody's who binds it first. */
static void svcipc_try(void *user)
{
	static bool said;
	qb_loop_timer_handle timer;

	(void)user;
	if (svcipc_listen()) {
		if (said)
			say(SAY_NOTICE, "status is served again");
		return;
	}
	if (!said)
		say(SAY_ERR, "status cannot be served: the name 'qarb' is in use or not permitted: "
			     "trying again quietly");
	said = true;
	(void)qb_loop_timer_add(svcipc_loop, QB_LOOP_LOW,
				(uint64_t)SVCIPC_RETRY_MS * QB_TIME_NS_IN_MSEC, NULL, svcipc_try,
				&timer);
}

enum rc svcipc_open(struct shm *m, void *loop)
{
	svcipc_room = calloc(1, sizeof(*svcipc_room));
	if (svcipc_room == NULL)
		return RC_AGAIN;
	svcipc_shm = m;
	svcipc_loop = loop;
	svcweight_open(m);
	svcipc_wanted = atomic_load(&m->report_wanted);
	if (svcbridge_open(m, loop) != RC_OK)
		return RC_AGAIN;
	/* Numbers of a service before this one may still be answered. */
	svcipc_number = clock_now_us();
	svcipc_try(NULL);
	return RC_OK;
}

void svcipc_close(void)
{
	if (svcipc_service != NULL)
		qb_ipcs_destroy(svcipc_service);
	svcipc_service = NULL;
}

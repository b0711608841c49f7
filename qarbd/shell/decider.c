/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/decider.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/check.h"
#include "base/mutant.h"
#include "model/timing.h"
#include "shell/apply.h"
#include "shell/clock.h"
#include "shell/proc.h"
#include "shell/say.h"
#include "shell/tracer.h"

/* Nothing is armed. */
#define TIMER_EXPIRED UINT64_MAX

/* splitmix64, seeded from the kernel at the start: reading entropy later could block. */
static uint64_t decider_entropy(struct decider *d)
{
	uint64_t z = d->entropy += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static struct event *decider_event(struct decider *d, enum event_type type)
{
	memset(&d->event, 0, sizeof(d->event));
	d->event.type = type;
	return &d->event;
}

void decider_step(struct decider *d)
{
	d->event.now_ms = clock_now_ms();
	d->event.entropy = decider_entropy(d);
	d->actions.count = 0;
	d->actions.notes_dropped = 0;
	arb_step(&d->arb, &d->event, &d->actions);
	atomic_store(&d->m->alive_until_ms, arb_alive_until_ms(&d->arb));
	tracer_step(&d->tracer, &d->arb, &d->event, &d->actions);
	apply_actions(d, d->event.now_ms);
}

static void decider_tell_watchdog(struct decider *d, uint32_t watchdog_ms)
{
	if (watchdog_ms == d->watchdog_told)
		return;
	d->watchdog_told = watchdog_ms;
	decider_event(d, EVENT_WATCHDOG)->u.watchdog_ms = watchdog_ms;
	decider_step(d);
}

/* When the watchdog fires, by the present times; 0: there is none. */
static uint32_t decider_watchdog_ms(const struct decider *d)
{
	uint32_t timeout_ms = atomic_load(&d->m->watchdog_ms);

	return timeout_ms != 0 ? timing_watchdog_ms(&d->config.policy, timeout_ms) : 0;
}

static void decider_feed_config(struct decider *d)
{
	uint64_t count = PAGE_COUNT(&d->m->config);
	enum scheduler scheduler = d->config.scheduler;
	uint32_t priority = d->config.priority;

	if (count == d->config_count)
		return;
	d->config_count = PAGE_GET(&d->m->config, &d->config);
	if (d->config.scheduler != scheduler || d->config.priority != priority)
		proc_schedule(&d->config, &d->m->warned);
	/* The block that tells of a longer hold tells of the watchdog that it feeds for longer. */
	if (d->watchdog_told != 0 && decider_watchdog_ms(d) > d->watchdog_told)
		decider_tell_watchdog(d, decider_watchdog_ms(d));
	decider_event(d, EVENT_CONFIG)->u.policy = d->config.policy;
	decider_step(d);
	decider_event(d, EVENT_NODELIST)->u.nodelist = d->config.nodes;
	decider_step(d);
	for (uint32_t i = 0; i < d->port_count; i++) {
		d->port[i].patience_ms = d->config.policy.hold_ms / 2;
		d->port[i].late_ms = d->config.policy.late_ms;
	}
}

static bool decider_was_registered(const struct voter_report *r, uint32_t node_id)
{
	for (uint32_t i = 0; i < r->members.count; i++)
		if (r->members.node_id[i] == node_id)
			return r->peer_registered[i];
	return false;
}

/* What the voter knows of corosync, told as differences: a fresh decider is told everything. */
static void decider_feed_voter(struct decider *d)
{
	const struct voter_report *r = &d->report;
	uint64_t count = PAGE_COUNT(&d->m->voter);
	bool life;
	bool ring;

	if (count == d->voter_count)
		return;
	d->voter_count = PAGE_GET(&d->m->voter, &d->report);
	life = r->host_life != d->told.host_life;
	if (life) {
		decider_event(d, EVENT_COROSYNC)->u.host_life = r->host_life;
		decider_step(d);
		memset(&d->told, 0, sizeof(d->told));
		d->view_told = d->device_told = false;
	}
	if (r->host_life == 0)
		return;
	if (!d->device_told || r->registered != d->told.registered) {
		d->device_told = true;
		decider_event(d, EVENT_DEVICE)->u.device.registered = r->registered;
		decider_step(d);
	}
	ring = !ring_none(&r->ring) && (!d->view_told || !ring_same(&r->ring, &d->told.ring) ||
					!members_same(&r->members, &d->told.members));
	if (ring) {
		d->view_told = true;
		decider_event(d, EVENT_VIEW)->u.view.ring = r->ring;
		d->event.u.view.members = r->members;
		decider_step(d);
	}
	for (uint32_t i = 0; i < r->members.count; i++) {
		uint32_t id = r->members.node_id[i];

		if (id == d->config.own_node_id ||
		    r->peer_registered[i] == decider_was_registered(&d->told, id))
			continue;
		decider_event(d, EVENT_PEER_DEVICE)->u.device.node_id = id;
		d->event.u.device.registered = r->peer_registered[i];
		decider_step(d);
	}
	if (life || r->quorate != d->told.quorate) {
		decider_event(d, EVENT_QUORATE)->u.quorate = r->quorate;
		decider_step(d);
	}
	d->told = *r;
}

static void decider_feed_polls(struct decider *d)
{
	struct event_poll poll;

	while (ring_take(&d->m->polls.ring, &poll, sizeof(poll)) == sizeof(poll)) {
		for (uint32_t i = 0; i < d->port_count; i++)
			if (poll.answer == ANSWER_YES && poll.ok)
				port_yes_came_late(&d->port[i]);
		decider_event(d, EVENT_POLL_DONE)->u.poll = poll;
		decider_step(d);
	}
}

/* Leases lapse here: not even a service that hangs keeps a weight alive. */
static void decider_feed_weights(struct decider *d)
{
	uint64_t count = PAGE_COUNT(&d->m->leases);
	uint64_t now_ms = clock_now_ms();
	struct lease gone;
	uint32_t sum;

	if (count != d->leases_count)
		d->leases_count = PAGE_GET(&d->m->leases, &d->leases);
	while (lease_lapse(&d->leases, now_ms, &gone))
		say(SAY_WARNING, "weight-lapsed instance=%s weight=%u", gone.name, gone.weight);
	sum = lease_sum(&d->leases, now_ms);
	if (sum == d->weight_told)
		return;
	d->weight_told = sum;
	decider_event(d, EVENT_WEIGHT)->u.weight = sum;
	decider_step(d);
}

static void decider_feed_fenced(struct decider *d)
{
	const struct bridge_record *r = &d->bridge;

	for (uint32_t i = 0; i < r->fenced_count && i < NODES_MAX; i++) {
		for (uint32_t k = 0; k < FENCING_RESULT_COUNT; k++) {
			uint64_t told_ms = i < d->bridge_told.fenced_count
						   ? d->bridge_told.fenced[i].at_ms[k]
						   : 0;

			if (r->fenced[i].at_ms[k] == told_ms)
				continue;
			decider_event(d, EVENT_FENCED)->u.fencing.node_id = r->fenced[i].node_id;
			d->event.u.fencing.action = FENCE_REBOOT;
			d->event.u.fencing.result = (enum fencing_result)k;
			d->event.u.fencing.at_ms = r->fenced[i].at_ms[k];
			decider_step(d);
		}
	}
}

/* What the fence bridge told, as differences: a fresh decider is told everything. */
static void decider_feed_bridge(struct decider *d)
{
	const struct bridge_record *r = &d->bridge;
	struct evict_request ask;

	if (PAGE_COUNT(&d->m->bridge) != d->bridge_count) {
		d->bridge_count = PAGE_GET(&d->m->bridge, &d->bridge);
		/* First what protects, then what an order may wait for. */
		decider_feed_fenced(d);
		if (memcmp(&r->facts, &d->bridge_told.facts, sizeof(r->facts)) != 0) {
			decider_event(d, EVENT_BRIDGE)->u.bridge = r->facts;
			decider_step(d);
		}
		for (uint32_t i = 0; i < r->report_count && i < EVICT_ORDERS_MAX; i++) {
			if (memcmp(&r->report[i], &d->bridge_told.report[i],
				   sizeof(r->report[i])) == 0)
				continue;
			decider_event(d, EVENT_EVICT_REPORT)->u.report = r->report[i];
			decider_step(d);
		}
		d->bridge_told = d->bridge;
	}
	decider_tell_watchdog(d, decider_watchdog_ms(d));
	atomic_store(&d->m->unwatched, arb_unwatched(&d->arb) ? 1 : 0);
	while (ring_take(&d->m->asks.ring, &ask, sizeof(ask)) == sizeof(ask)) {
		decider_event(d, EVENT_ASK)->u.ask = ask;
		decider_step(d);
	}
}

static void decider_feed_service(struct decider *d)
{
	struct hello_record hello;

	while (ring_take(&d->m->hellos.ring, &hello, sizeof(hello)) == sizeof(hello)) {
		decider_event(d, EVENT_HELLO)->u.hello = hello.hello;
		d->event.arbiter_index = hello.arbiter_index;
		decider_step(d);
	}
	decider_feed_weights(d);
	if (atomic_load(&d->m->leaving) != 0 && !d->leave_told) {
		d->leave_told = true;
		decider_event(d, EVENT_LEAVE);
		decider_step(d);
	}
}

/* A disk's next event may follow from carrying out the one before: taken until nothing is left,
 * and never more than a batch, so that one fast disk does not starve the others. */
static void decider_feed_disks(struct decider *d)
{
	for (uint32_t i = 0; i < d->port_count; i++) {
		if (port_poll_ended(&d->port[i]))
			decider_feed_polls(d);
		for (int batch = 0; batch < 16; batch++) {
			memset(&d->event, 0, sizeof(d->event));
			if (!port_next(&d->port[i], clock_now_ms(), &d->event))
				break;
			decider_step(d);
		}
	}
}

static void decider_report(struct decider *d)
{
	uint64_t wanted = atomic_load(&d->m->report_wanted);

	if (wanted == d->report_done)
		return;
	if (MUTANT(decider_allocates)) {
		void *volatile p = malloc(64);

		free(p);
	}
	arb_report(&d->arb, clock_now_ms(), &d->status);
	PAGE_PUT(&d->m->report, &d->status);
	d->report_done = wanted;
	atomic_store(&d->m->report_done, wanted);
	shm_wake(d->m, PROC_SERVICE);
}

static void decider_arm(struct decider *d)
{
	uint64_t due = arb_deadline_ms(&d->arb);
	uint64_t lapse_ms = lease_deadline_ms(&d->leases);
	struct itimerspec t = { 0 };

	for (uint32_t i = 0; i < d->port_count; i++) {
		uint64_t ms = port_deadline_ms(&d->port[i]);

		due = ms < due ? ms : due;
	}
	due = lapse_ms < due ? lapse_ms : due;
	/* An early tick does no harm: what is armed for an earlier time stays, which saves a call
	 * for each of the deadlines that a beat passes through. */
	if (due >= d->timer_ms)
		return;
	d->timer_ms = due;
	t.it_value.tv_sec = (time_t)(due / 1000);
	t.it_value.tv_nsec = (long)(due % 1000) * 1000000L;
	if (due == 0)
		t.it_value.tv_nsec = 1;
	CHECK(timerfd_settime(d->timer_fd, TFD_TIMER_ABSTIME, &t, NULL) == 0);
}

static void decider_feed(struct decider *d)
{
	decider_feed_config(d);
	decider_feed_voter(d);
	decider_feed_polls(d);
	decider_feed_disks(d);
	decider_feed_service(d);
	decider_feed_bridge(d);
	if (clock_now_ms() >= arb_deadline_ms(&d->arb)) {
		decider_event(d, EVENT_TICK);
		decider_step(d);
	}
	decider_report(d);
	decider_arm(d);
}

static void decider_watch(struct decider *d, int fd)
{
	/* Each wake-up is an edge: nothing needs to be read to wait for the next one. */
	struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.fd = fd };

	CHECK(epoll_ctl(d->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0);
}

static void *decider_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

/* The last thing before decisions begin: everything that allocates, may block or may page. */
static struct decider *decider_create(struct shm *m)
{
	struct decider *d = decider_map(sizeof(*d));

	d->m = m;
	d->config_count = 0;
	d->entropy = proc_random();
	d->timer_ms = TIMER_EXPIRED;
	d->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	d->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	CHECK(d->epoll_fd >= 0 && d->timer_fd >= 0);
	decider_watch(d, d->timer_fd);
	decider_watch(d, m->wake_fd[PROC_DECIDER]);
	decider_watch(d, m->life_fd);
	return d;
}

/* returns: false when the process must end. */
static bool decider_wait(struct decider *d, int timeout_ms)
{
	struct epoll_event e[4];
	int n = epoll_wait(d->epoll_fd, e, 4, timeout_ms);

	for (int i = 0; i < n; i++) {
		if (e[i].data.fd == d->m->life_fd)
			return false;
		if (e[i].data.fd == d->timer_fd)
			d->timer_ms = TIMER_EXPIRED;
	}
	return atomic_load(&d->m->ending) == 0;
}

static void decider_start(struct decider *d)
{
	struct identity me = { .incarnation = proc_random() };
	struct publication left;

	(void)PAGE_GET(&d->m->config, &d->config);
	me.node_id = d->config.own_node_id;
	me.now_ms = clock_now_ms();
	arb_init(&d->arb, &me);
	tracer_start(&d->tracer, d->m, &me);
	/* A predecessor's orders end with it; what they had begun is told by its poison. */
	PAGE_PUT(&d->m->orders, &d->orders);
	d->report_done = atomic_load(&d->m->report_done);
	for (uint32_t i = 0; i < d->port_count; i++)
		port_init(&d->port[i], d->m, i, &d->config.policy);
	decider_feed_config(d);
	decider_feed_voter(d);
	memset(&left, 0, sizeof(left));
	/* Told in any case, all zero at the first start: the core publishes nothing before it. */
	(void)PAGE_GET(&d->m->publication, &left);
	d->published = left;
	for (uint32_t i = 0; i < d->port_count; i++)
		if (left.poll_ms != 0 && left.poll_ms < d->port[i].poll_ms)
			d->port[i].poll_ms = left.poll_ms;
	decider_event(d, EVENT_PUBLICATION)->u.publication = left;
	decider_step(d);
}

void decider_run(struct shm *m)
{
	struct decider *d = decider_create(m);
	struct config config;

	while (PAGE_COUNT(&m->config) == 0)
		if (!decider_wait(d, -1))
			return;
	CHECK(PAGE_GET(&m->config, &config) != 0);
	d->port_count = config.policy.arbiter_count;
	if (d->port_count != 0)
		d->port = decider_map(d->port_count * sizeof(d->port[0]));
	shm_keep_buffers(m, config.policy.arbiter_count, ARBITERS_MAX);
	proc_realtime(&config, &m->warned);
	shm_touch(m, config.policy.arbiter_count);
	decider_start(d);
	do {
		decider_feed(d);
	} while (decider_wait(d, -1));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: the deciding process.  One loop turns what the other processes told into the core's events
 * and carries out the actions.  After its start it allocates nothing and makes no call that can
 * block; the core's state is its own, everything else is shared memory and eventfds.
 */
#ifndef QARB_SHELL_DECIDER_H
#define QARB_SHELL_DECIDER_H

#include "core/arb.h"
#include "shell/port.h"
#include "shell/tracer.h"

struct decider {
	struct shm *m;
	struct arb arb;
	struct actions actions;
	struct event event; /* the one being stepped */
	struct config config;
	uint64_t entropy;
	/* what the core was told */
	uint64_t config_count;
	bool restarted_told; /* the predecessor's publication */
	bool leave_told;
	uint64_t voter_count;
	struct leases leases; /* own copy, out of which they lapse */
	uint64_t leases_count;
	uint32_t weight_told;
	struct voter_report told;
	struct voter_report report; /* being compared with it */
	bool view_told;
	bool device_told;
	uint64_t bridge_count;
	struct bridge_record bridge_told;
	struct bridge_record bridge; /* being compared with it */
	uint32_t watchdog_told;
	struct evict_order order[EVICT_ORDERS_MAX]; /* as the core placed them */
	struct evict_orders orders;		    /* as the service is told */
	struct publication published;
	uint64_t report_done;
	struct arb_status status;
	int timer_fd;
	int epoll_fd;
	uint64_t timer_ms;
	struct tracer tracer;
	uint32_t port_count;
	struct port *port; /* port_count of them */
};

/* The process' whole life; returns when it must end. */
void decider_run(struct shm *m);

/* Step the core with d->event and carry out what it asks for. */
void decider_step(struct decider *d);

#endif

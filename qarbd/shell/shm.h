/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: everything that the processes of the daemon tell each other.
 *
 * main makes one mapping before it forks anything; it outlives every process but the guardian.
 * Each member has exactly one writing process, named at the member; "ring" members have one writer
 * and one reader.  Every process has one eventfd that others use to wake it; a woken process looks
 * at all of its sources, so that wake-ups may be lost, doubled or late without harm.
 */
#ifndef QARB_SHELL_SHM_H
#define QARB_SHELL_SHM_H

#include <sys/types.h>

#include "model/config.h"
#include "model/event.h"
#include "model/lease.h"
#include "model/note.h"
#include "model/status.h"
#include "shell/latency.h"
#include "shell/page.h"
#include "shell/ring.h"
#include "shell/throttle.h"
#include "wire/slotwire.h"

enum proc_id {
	PROC_DECIDER = 0,
	PROC_VOTER,
	PROC_SERVICE,
	PROC_DISK0,
	PROC_COUNT = PROC_DISK0 + ARBITERS_MAX,
	PROC_GUARDIAN = PROC_COUNT,
	PROC_CLUSTER, /* the service's thread that talks to corosync: not a process, but a source */
	PROC_SOURCES,
};

enum {
	SHM_WRITE_SIZE = SLOTWIRE_SIZE,
	SHM_PAIR_SIZE = SLOTWIRE_SIZE * SLOTWIRE_COPIES,
	SHM_READ_SIZE = SHM_PAIR_SIZE * NODES_MAX,
	SHM_BUFFER_SIZE = SHM_WRITE_SIZE + SHM_READ_SIZE,
	SHM_SAY_SIZE = 480, /* text of one log line; libqb cuts at 512 */
	SHM_TRACE_SIZE = 1 << 19,
};

/* Guardian. */
struct shm_proc {
	_Atomic int32_t pid; /* 0: not running */
	_Atomic uint32_t starts;
	_Atomic uint64_t started_ms;
};

/* One request to a disk worker and its outcome.  The decider fills the request and then counts
 * `submitted` up; the worker fills the outcome and then sets `ended` to it.  When a worker died the
 * guardian ends what was outstanding with RC_GONE, after it has reaped the worker: the kernel has
 * finished all I/O of a process that it lets be reaped. */
struct shm_io {
	_Atomic uint64_t submitted;
	_Atomic uint64_t ended;
	uint64_t offset;
	uint32_t size;
	enum rc rc;
	uint64_t start_ms;
	uint64_t end_ms;
};

/* Worker. */
struct shm_disk {
	bool open;
	enum rc rc; /* why it is not open */
	struct disk_facts facts;
	uint64_t slots_offset; /* of slot 0, copy 0 */
	char path[256];
	char label[NAME_SIZE];
};

struct shm_port {
	PAGE_OF(struct shm_disk, disk); /* worker */
	struct shm_io write;		/* both sides in turn */
	struct shm_io read;
	struct latency write_latency; /* worker */
	struct latency read_latency;
	_Atomic uint64_t
		claim; /* worker: of the UUID of the disk that it opens or has open; 0: none */
	_Atomic uint64_t
		write_failed_ms; /* worker; main, of a predecessor: end of the last failed one */
};

/* What the voter knows of corosync. */
struct voter_report {
	uint64_t host_life; /* 0: that corosync is known to be gone */
	bool registered;
	bool connected; /* for status only: says nothing about whether corosync is gone */
	bool quorate;
	struct ring_id ring;
	struct members members;
	bool peer_registered[NODES_MAX]; /* as members.node_id */
	bool cast_vote;			 /* what votequorum counts for this node now */
	uint32_t total_votes;
	uint32_t quorum_votes;
	uint32_t device_votes;
	bool listened; /* votequorum's listener was seen while connected */
	int32_t corosync_pid;
	uint64_t corosync_start;      /* of /proc/PID/stat: tells a pid from its successor */
	char other_device[NAME_SIZE]; /* registered in the place of ours; empty: none known */
};

struct note_record {
	uint64_t now_ms;
	uint32_t arbiter_index;
	struct note note;
};

struct hello_record {
	uint32_t arbiter_index;
	struct event_hello hello;
};

/* All that the fence bridge has told, as states: a fresh decider is told all of it again. */
struct bridge_record {
	struct bridge_facts facts;
	uint32_t report_count;
	struct evict_report report[EVICT_ORDERS_MAX];
	uint32_t fenced_count;
	struct {
		uint32_t node_id;
		uint64_t at_ms[FENCING_RESULT_COUNT]; /* of the latest of each; 0: none */
	} fenced[NODES_MAX];
};

struct say_record {
	uint64_t now_ms;
	uint32_t level;
	char text[SHM_SAY_SIZE];
};

/* What the service has told of what is told once, or once a minute: one that is started each second
 * goes on where the one before it was. */
struct shm_told {
	bool starting; /* it starts, or died of it */
	struct throttle throttle;
	uint64_t dropped[PROC_SOURCES];
	uint64_t notes_dropped;
};

struct shm {
	/* main, before the first fork */
	bool foreground;
	bool debug;
	int wake_fd[PROC_SOURCES]; /* eventfd by enum proc_id */
	int life_fd;		   /* read end of a pipe whose other end only the guardian holds */
	uint8_t *buffer[ARBITERS_MAX]; /* SHM_BUFFER_SIZE each: to write, then to read */
	int ghost_fd;		       /* of ghost_open() */

	_Atomic uint32_t warned; /* what proc_realtime() has told */

	/* guardian */
	struct shm_proc proc[PROC_COUNT];
	_Atomic uint32_t leaving;     /* SIGTERM came: leave cleanly */
	_Atomic uint32_t ending;      /* finish at once and exit */
	_Atomic uint32_t watchdog_ms; /* timeout of the watchdog that is to be told of; 0: none */

	/* service */
	PAGE_OF(struct config, config);
	_Atomic uint32_t wait_for_all;	/* enum ipc_wait_for_all */
	_Atomic uint64_t report_wanted; /* counts requests */
	RING_OF(1 << 14, hellos);	/* to the decider */
	PAGE_OF(struct leases, leases); /* weights of what runs here */
	_Atomic uint64_t
		snapshot_wanted; /* counts requests for a line that a trace can begin with */
	PAGE_OF(struct bridge_record, bridge);
	struct shm_told told;
	RING_OF(1 << 12, asks); /* struct evict_request, to the decider */

	/* voter */
	_Atomic uint64_t poll_started_ms; /* 0: no poll is outstanding */
	struct event_poll open_poll;	  /* the one that is; only a voter's successor reads it */
	PAGE_OF(struct voter_report, voter);
	RING_OF(1 << 16, polls); /* struct event_poll, to the decider */

	/* decider */
	PAGE_OF(struct publication, publication);
	PAGE_OF(struct arb_status, report);
	_Atomic uint64_t report_done;	      /* the request that the report answers */
	_Atomic uint32_t left;		      /* the clean stop is complete */
	_Atomic uint32_t unwatched;	      /* all slots say that no watchdog is armed */
	RING_OF(1 << 15, notes);	      /* to the service */
	PAGE_OF(struct evict_orders, orders); /* in force, to the service */
	RING_OF(1 << 12, verdicts);	      /* struct evict_verdict, to the service */
	_Atomic uint64_t alive_until_ms;      /* arb_alive_until_ms(), to the guardian's watchdog */
	_Atomic uint32_t self_wanted;	      /* enum self_act, to the guardian; never taken back */
	PAGE_OF(struct hello_record, hello[ARBITERS_MAX]); /* to the service's cluster thread */
	RING_OF(SHM_TRACE_SIZE, trace); /* lines for the flight recorder, to the service */

	struct shm_port port[ARBITERS_MAX];
	RING_OF(1 << 13, says[PROC_SOURCES]); /* each source's log lines, to the service */
};

/* returns: the mapping with its eventfds, NULL when memory or descriptors are missing. */
struct shm *shm_create(void);
/* Give up the buffers of all disks but `keep` (ARBITERS_MAX: none is kept; below `from` all are
 * kept), so that locking memory does not lock what this process never uses. */
void shm_keep_buffers(struct shm *m, uint32_t from, uint32_t keep);
/* Bring in every page that the decider works with, with the buffers of that many disks. */
void shm_touch(struct shm *m, uint32_t disks);
void shm_wake(const struct shm *m, uint32_t source);
/* Empty a wake-up descriptor. */
void shm_drain(int fd);
/* returns: whether the guardian is gone or wants this process to end. */
bool shm_must_end(const struct shm *m);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the shared disk, the paths to it, reads and writes under way. */
#ifndef QARB_SIM_DISK_H
#define QARB_SIM_DISK_H

#include "core/arb.h"
#include "wire/slotwire.h"

struct ev;
struct node;
struct world;

enum { PEERS = NODES_MAX };

/* One content of a copy, shared by reference.  whole: exactly what one write submitted. */
struct blob {
	struct blob *next; /* free list */
	uint32_t refs;
	uint32_t node; /* writer */
	uint32_t boot; /* and which life of its machine */
	bool whole;
	bool encoded; /* bytes are valid */
	uint8_t slot_index, copy;
	uint64_t submit_ms; /* by its writer's clock */
	uint64_t map_at;    /* the read by which its slot map was decided began */
	struct slot slot;
	uint8_t bytes[SLOTWIRE_SIZE];
};

struct store {
	uint8_t uuid[UUID_SIZE];
	struct blob *copy[PEERS][2];
};

enum path { PATH_OK, PATH_ERROR, PATH_HANG };
enum write_fault {
	WF_NONE,
	WF_FAIL,
	WF_FAIL_LATE,
	WF_TORN,
	WF_UNKNOWN_LANDS,
	WF_UNKNOWN_FAILS,
	WF_LOST, /* reported done, and never lands */
	WF_STRAY /* reported done, and lands in another place */
};
enum wr_state { WR_FREE, WR_POLL_HELD, WR_QUEUED, WR_ACTIVE, WR_GHOST };

struct wr {
	enum wr_state state;
	uint32_t serial; /* tells a reused entry from the old one */
	uint32_t node, depoch;
	uint64_t token;
	struct blob *blob;
	uint64_t start_us, start_ms;
	uint64_t unknown_at;
	uint64_t land_at; /* NEVER: never lands */
	bool parked;	  /* the path hangs: fate open */
	bool torn;
	bool stray;
	bool settled; /* it landed, or never will */
	bool unknown; /* was reported unknown */
	bool end_due; /* finished while the worker was stopped or dying */
	enum io_outcome outcome;
};

struct rd {
	bool used, parked, queued, end_due, failing;
	uint32_t serial;
	uint32_t node, depoch;
	uint64_t token, mask, pass; /* pass: slots read in this pass */
	uint64_t start_ms;
	uint64_t start_us;
	uint32_t samples_left;
	struct blob *seen[PEERS][2];
	uint64_t fingerprint[PEERS];
	uint64_t seen_once;
	struct slot_read *slots;
};

/* blob.c */
struct blob *blob_new(struct world *w);
/* For the place of another; the caller gives it bytes that no write submitted there. */
struct blob *blob_damaged(struct world *w, uint32_t node, uint8_t slot_index, uint8_t copy);
/* The production codec's choice between the two copies of a slot. */
enum rc blob_choose(const struct world *w, const struct store *s, struct blob *const copies[2],
		    uint32_t slot_index, struct slot_read *out, uint64_t *fingerprint);
struct blob *blob_get(struct blob *b);
void blob_put(struct world *w, struct blob *b);
const uint8_t *blob_bytes(const struct store *s, struct blob *b);

/* disk.c */
void disk_init(struct world *w);
void disk_free(struct world *w);
void disk_submit_write(struct world *w, struct node *n, const struct action *a,
		       const struct slot *s);
void disk_submit_read(struct world *w, struct node *n, const struct action *a);
void disk_release_held(struct world *w, struct node *n); /* the poll returned, the worker runs */
void disk_power_lost(struct world *w, struct node *n);
void disk_worker_kill(struct world *w, struct node *n);
void disk_worker_run(struct world *w, struct node *n); /* started or continued */
void disk_decider_gone(struct world *w, struct node *n);
/* n's clock stood still for us. */
void disk_paused(struct world *w, struct node *n, uint64_t us);
void disk_path_ok(struct world *w, struct node *n);
bool disk_quiet(const struct world *w, const struct node *n); /* nothing of it can still land */
bool disk_writing(const struct world *w, const struct node *n);
void disk_event(struct world *w, const struct ev *e);

bool disk_worker_runs(const struct node *n);
uint64_t latency_io(struct world *w, const struct node *n); /* of one transfer, µs */

/* read.c */
struct rd *read_of_node(struct world *w, const struct node *n); /* READS_EACH entries */
void read_pass(struct world *w, struct rd *rd);
void read_end(struct world *w, struct rd *rd);
void read_free(struct world *w, struct rd *rd);
void read_event(struct world *w, const struct ev *e);

#endif

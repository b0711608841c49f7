/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence bridge: the deciding part.  Which order is asked of Pacemaker's fencer, when it is asked
 * again, when it is given up, and what the daemon is told.  Pure: no clock, no library; the caller
 * tells what happened and then takes actions with bridge_next() until there is none.
 *
 * Whoever may be evicted is qarbd's decision (doc/protocol.md section 8).  What is decided here:
 *  - one incarnation of a node is fenced once, whatever is lost on the way: before each request the
 *    fencer's history is asked, and a fencing that ended after the order was given is its end;
 *  - an order counts only while qarbd repeats it and holds the vote;
 *  - a failed request is repeated with a growing pause, until the order's deadline.
 * Times are CLOCK_BOOTTIME milliseconds, as in the messages.
 */
#ifndef QARB_FENCE_BRIDGE_BRIDGE_H
#define QARB_FENCE_BRIDGE_BRIDGE_H

#include "fence-bridge/facts.h"
#include "fence-bridge/underway.h"
#include "wire/evictwire.h"

enum {
	BRIDGE_ENTRIES = NODES_MAX,
	BRIDGE_SEEN_MAX = 128, /* fencings not yet told */
	BRIDGE_STALE_MS = 2 * EVICTWIRE_SYNC_MS,
	BRIDGE_PAUSE_MS = 1000, /* after the first failure; doubled after each further one */
	BRIDGE_PAUSE_MS_MAX = 8000,
	BRIDGE_ANSWER_MS =
		15000, /* beyond the fencer's own timeout: how long its answer may take */
	BRIDGE_ORPHAN_MS = UNDERWAY_AGENT_MS,
	BRIDGE_NAME_MS = 5000, /* a name that Pacemaker lacks for so long stays unknown */
};

enum bridge_phase {
	BRIDGE_FREE = 0,
	BRIDGE_WAITING, /* for the fencer, a fact, or the end of a pause */
	BRIDGE_LOOKING, /* the history was asked for; token 0: it was seen, ask for fencing */
	BRIDGE_ASKED,	/* the fencer works on it */
	BRIDGE_DONE,	/* fenced, by whomever */
	BRIDGE_GIVEN_UP,
	BRIDGE_WITHDRAWN, /* by the daemon, and nothing is under way */
};

struct bridge_entry {
	enum bridge_phase phase;
	struct evict_order order; /* as it was listed last */
	bool listed;		  /* qarbd's last answer has it */
	uint64_t since_ms;	  /* of the order, as far as is known here */
	uint64_t phase_ms;	  /* when the phase began */
	uint64_t next_ms;	  /* WAITING: not before */
	uint64_t token;		  /* of the outstanding question or request */
	uint32_t asked_count;	  /* requests made */
	uint32_t failed_count;
	bool pending_elsewhere;	    /* a fencing of the node is under way */
	char text[EVICT_TEXT_SIZE]; /* why it waits, failed last or was given up; may be empty */
};

/* One fencing, as the fencer's history or a notification tells it; Pacemaker knows names. */
struct bridge_seen {
	char name[NAME_SIZE];
	char origin[NAME_SIZE];	     /* the node whose fencer leads it; empty: not told */
	struct fencing_seen fencing; /* node_id is filled in when it is told */
};

struct bridge {
	bool fencer;	      /* connected */
	bool feed;	      /* qarbd is there and has answered */
	uint64_t answered_ms; /* when */
	uint64_t token;
	bool look_at_all; /* the whole history is to be asked for */
	uint64_t look_ms; /* not before */
	struct facts facts;
	struct evict_answer answer;
	struct bridge_entry entry[BRIDGE_ENTRIES];
	uint32_t seen_count;
	uint32_t told_count; /* of them, in the sync that was made last */
	struct bridge_seen seen[BRIDGE_SEEN_MAX];
	struct underway underway;
};

enum bridge_action_type {
	BRIDGE_NOTHING = 0,
	BRIDGE_ASK_HISTORY, /* of name, or of all if it is empty; bridge_see() each, then
			       bridge_history() */
	BRIDGE_ASK_FENCE,   /* answered by bridge_result() */
};

struct bridge_action {
	enum bridge_action_type type;
	uint64_t token;
	char name[NAME_SIZE];
	enum fence_action fence;
	uint32_t timeout_s;
	uint32_t tolerance_s; /* a fencing that ended so lately is good enough */
};

void bridge_init(struct bridge *b);
void bridge_take_facts(struct bridge *b, const struct facts *f);
/* qarbd's answer with RC_OK. */
void bridge_take_answer(struct bridge *b, uint64_t now_ms, const struct evict_answer *a);
/* The connection to qarbd is gone: nothing new is asked. */
void bridge_lose_feed(struct bridge *b);
void bridge_set_fencer(struct bridge *b, uint64_t now_ms, bool connected);
/* The history changed in some way that was not told. */
void bridge_look(struct bridge *b);
/* The answer to BRIDGE_ASK_FENCE. */
void bridge_result(struct bridge *b, uint64_t now_ms, uint64_t token, bool ok, const char *text);
/* Somebody's fencing, from a notification or from the history. */
void bridge_see(struct bridge *b, uint64_t now_ms, const struct bridge_seen *s);
/* The answer to BRIDGE_ASK_HISTORY is complete, or failed. */
void bridge_history(struct bridge *b, uint64_t now_ms, uint64_t token, bool ok);

/* returns: the next thing to do, BRIDGE_NOTHING when there is none now. */
struct bridge_action bridge_next(struct bridge *b, uint64_t now_ms);
/* returns: call bridge_next() no later than this, UINT64_MAX: nothing waits for time. */
uint64_t bridge_deadline_ms(const struct bridge *b);
/* out: s, all that is known.  Answered: bridge_take_answer() forgets the fencings it told. */
void bridge_make_sync(struct bridge *b, struct evict_sync *s);

/* in: name that corosync gives a node with this id.  returns: NULL when Pacemaker agrees, else a
 * line that says what is wrong. */
const char *bridge_name_problem(const struct facts *f, const char *name, uint32_t node_id);

#endif

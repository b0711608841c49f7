/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what the deciding process publishes for the voter, and the voter's own judgement of it.
 * The judgement is pure so that the simulator runs the very same one (doc/protocol.md section 5,
 * One poller).  Times are CLOCK_BOOTTIME milliseconds of the own node.
 */
#ifndef QARB_MODEL_VOTE_H
#define QARB_MODEL_VOTE_H

#include "model/node.h"

enum answer {
	ANSWER_SILENT = 0, /* do not poll: corosync's sync waits for the decision */
	ANSWER_NO,
	ANSWER_YES,
};

struct publication {
	uint64_t generation; /* grows by one with each change of answer, ring or host life */
	enum answer answer;
	struct ring_id ring; /* the ring that was decided */
	uint64_t host_life;  /* of the corosync that was decided for */
	uint64_t until_ms;   /* of a yes or a silence: from then on poll "no"; ignored for a no */
	uint32_t poll_ms;    /* P */
	uint32_t repeat_ms;  /* polls of one answer are at most this far apart (timeout / 3) */
};

/* What the voter knows of its own corosync connection and polls. */
struct voter_state {
	uint64_t host_life;  /* 0: not connected */
	bool registered;     /* device registered */
	struct ring_id ring; /* votequorum's newest */
	bool polled;	     /* at least one poll on this connection and ring since `host_life` */
	uint64_t polled_generation; /* of the last poll that returned */
	enum answer polled_answer;  /* of it */
	uint64_t polled_ms;	    /* when it started */
	bool forced_no; /* that poll was the voter's own "no", not the publication's answer */
};

struct voter_order {
	enum answer answer; /* SILENT: nothing to poll now */
	bool forced_no;	    /* the voter's own: hold passed, wrong ring, decider gone */
	uint64_t again_ms;  /* judge again at this time at the latest */
};

/* What to poll now.  in: the publication as just read, own state, the time. */
struct voter_order vote_judge(const struct publication *p, const struct voter_state *s,
			      uint64_t now_ms);

/* After a poll that started at start_ms and returned at end_ms with a yes: must "no" follow at
 * once, because the poll took longer than P or the hold passed meanwhile? in: the publication as
 * read again after the return. */
bool vote_overran(const struct publication *p, uint64_t start_ms, uint64_t end_ms);

#endif

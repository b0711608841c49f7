/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: facts that the core tells on edges.  The log sink renders them; tests never read the text.
 */
#ifndef QARB_MODEL_NOTE_H
#define QARB_MODEL_NOTE_H

#include <stdint.h>

enum note_id {
	NOTE_VOTE_YES = 0, /* a: ring seq */
	NOTE_VOTE_NO,	   /* a: ring seq, b: enum vote_reason */
	NOTE_VOTE_SILENT,  /* a: ring seq */
	NOTE_LEADING,	   /* a: ballot counter */
	NOTE_LEADER,	   /* a: node id of the new leader (0: none), b: ballot counter */
	NOTE_DEPOSED,	   /* a: node id of the higher ballot */
	NOTE_REVOKED,	   /* a: ballot counter, b: k, c: pending set, d: heir's ring seq */
	NOTE_GRANTED,	   /* a: ballot counter, b: k, c: set, d: ring seq */
	NOTE_WAITING,	   /* a: set of slots that may still cast, b: ms until X at most */
	NOTE_PEER_UP,	   /* a: node id, b: incarnation */
	NOTE_PEER_DEAD,	   /* a: node id, b: ms since its last change */
	NOTE_PEER_LEFT,	   /* a: node id */
	NOTE_DISK_OPENED,
	NOTE_DISK_CLOSED,   /* a: enum rc */
	NOTE_DISK_READY,    /* a: own slot index; beats begin */
	NOTE_DISK_LOST,	    /* a: ms since the last completed beat, or since beats began: the hold
			       passed */
	NOTE_DISK_BACK,	    /* a: ms since the beat before */
	NOTE_WRITE_UNKNOWN, /* a: ms outstanding */
	NOTE_WRITE_FAILED,
	NOTE_READ_FAILED,
	NOTE_SLOT_UNREADABLE,	/* a: slot index, b: enum rc */
	NOTE_SLOT_FOREIGN,	/* a: own slot index: it changes by another hand: refused */
	NOTE_SLOT_LOST,		/* a: own slot index: no copy verifies: needs disk repair */
	NOTE_NO_SLOT,		/* a: own node id: not in the slot map */
	NOTE_DISK_ROLLED_BACK,	/* a: slot index */
	NOTE_OWN_NOT_READ_BACK, /* a: sequence written, b: sequence read */
	NOTE_NOT_SHARED,	/* a: node id that is in the ring but not on this disk */
	NOTE_SHARED_AGAIN,
	NOTE_POLL_LATE,	  /* a: ms the poll took */
	NOTE_COROSYNC_UP, /* a: host life */
	NOTE_COROSYNC_GONE,
	NOTE_CONFIG_DIFFERS, /* a: node id with another configuration hash */
	NOTE_HOLD_CARRIED,   /* a: ms left: a restarted daemon must resume or stop until then */
	NOTE_LEFT,
	NOTE_SLOT_GIVEN,      /* a: node id, b: slot index, c: node id that had it before */
	NOTE_SLOTS_FULL,      /* a: node id that gets no slot (0: all have one now), b: slots */
	NOTE_EVICT_ORDERED,   /* a: node id, b: incarnation, c: enum evict_why */
	NOTE_EVICT_HELD,      /* a: node id, b: enum evict_why, c: enum evict_gate */
	NOTE_EVICT_WITHDRAWN, /* a: node id, b: incarnation */
	NOTE_EVICT_DONE,      /* a: node id, b: incarnation, c: ms since the order */
	NOTE_EVICT_FAILED,    /* a: node id, b: incarnation, c: attempts */
	NOTE_EVICT_GAVE_UP,   /* a: node id, b: incarnation, c: attempts */
	NOTE_POISONED,	      /* a: node id that ordered it, b: enum self_act */
	NOTE_VOTE_LOST,	      /* a: ms without the vote, b: enum self_act */
	NOTE_BRIDGE_UP,
	NOTE_BRIDGE_GONE,
	NOTE_ARBITERS_DIFFER, /* a: node id that has more arbiters, b: the number of one of them */
	NOTE_COUNT
};

enum vote_reason {
	REASON_NONE = 0,
	REASON_STARTING,     /* no grant was ever accepted */
	REASON_NOT_GRANTED,  /* the accepted grant does not name this node */
	REASON_REVOKED,	     /* the accepted value is a revocation for another ring */
	REASON_HOLD_PASSED,  /* no completed beat within H */
	REASON_SYNC_TIMEOUT, /* no decision in time for corosync's sync */
	REASON_NO_ARBITER,   /* no majority of arbiters is reachable */
	REASON_UNFIT,
	REASON_LEAVING,
	REASON_POISONED,
	REASON_NOT_SHARED,
	REASON_UNDECIDED,
	REASON_GRANTED,
	REASON_ARBITERS_DIFFER, /* another node of the ring has more arbiters than this one */
	REASON_COUNT
};

struct note {
	enum note_id id;
	uint64_t a, b, c, d;
};

#endif

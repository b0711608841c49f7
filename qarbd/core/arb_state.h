/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core: the state behind the door.  No pointers, no padding that matters: memset at arb_init().
 * Only files of qarbd/core look inside.  All times are milliseconds of the own CLOCK_BOOTTIME;
 * a time of 0 means "not set".
 */
#ifndef QARB_CORE_ARB_STATE_H
#define QARB_CORE_ARB_STATE_H

#include "model/action.h"
#include "model/config.h"
#include "model/status.h"

/* One slot of one disk, as this node has read it (core/liveness.c). */
struct peer {
	bool read;	       /* ever verified */
	bool classified;       /* known to be live or dead */
	bool alive;	       /* changed within T */
	bool noted_up;	       /* edge memory of the notes */
	uint64_t starting_ms;  /* since when it has been starting without running once; 0: not */
	uint64_t heard_ms;     /* like first_end_ms, moved on by the time this node did not look */
	uint64_t back_ms;      /* end of the first read that showed it after a silence of T, or in
				* this life */
	uint64_t first_end_ms; /* end of the first read that showed this (incarnation, sequence) */
	uint64_t unseen_ms;    /* it may have been written so long before that read; 0: just now */
	uint64_t view_ms;      /* since when it shows the ring that it is in */
	uint64_t watch_ms;     /* since when it is being classified */
	bool returns;	       /* it had been before, as dead */
	uint64_t watch_beats;  /* its beats counter then */
	uint64_t watch_incarnation;
	uint64_t differs_ms; /* since when its configuration differs; 0: it does not */
	bool differs_noted;
	/* an unmatched hello (S6); since 0: none */
	uint64_t hello_since_ms;
	uint64_t hello_incarnation;
	uint64_t heard_incarnation; /* of its last hello */
	uint64_t hello_sequence;
	bool matched; /* a hello of its present incarnation was found on the disk */
	/* eviction (core/evict.c) */
	uint64_t ran_incarnation; /* seen running by this daemon */
	uint64_t joined_ms;	  /* it came into the own ring, or registered its device */
	uint64_t defy_beats;	  /* its beats when it was first seen casting what excludes it */
	uint64_t defy_incarnation;
	uint64_t unfit_since_ms; /* 0: fit */
	uint64_t poison_seen_ms; /* since when its slot holds a poison order; 0: none */
	struct slot slot;
};

enum beat_phase {
	BEAT_IDLE = 0,
	BEAT_WRITING,
	BEAT_LATE, /* a write failed: nothing is written until it cannot land any more */
	BEAT_READING,
	BEAT_READ_WAIT, /* the read failed or was incomplete: repeated alone */
};

enum lead_phase {
	LEAD_NONE = 0,
	LEAD_PREPARE, /* mbal written: the read of that beat finds the current value */
	LEAD_COMMIT,  /* a value was proposed: the read of the beat that writes it commits it */
	LEAD_STEADY,
};

/* The highest of everything one complete read showed (core/register.c). */
struct scan {
	uint64_t start_ms;
	uint64_t end_ms;
	struct ballot mbal;
	uint8_t mbal_slot;
	struct number bal;
	uint8_t bal_slot;
	struct number seen;
};

/* One disk arbiter: its own instance of slots, register, grants. */
struct disk {
	enum disk_phase phase;
	bool not_shared;
	bool own_older; /* the last read of the own slot showed less than the last write */
	uint8_t rolled_back_reads; /* reads in a row that showed less than was seen before */
	uint8_t own_slot;
	struct disk_facts facts;
	/* beat */
	enum beat_phase beat;
	bool verify; /* the read outstanding tells whether a failed write landed */
	bool look;   /* the read outstanding tells whether the own slot is still ours to write */
	bool again;  /* beat again as soon as this one is complete */
	bool unreadable_noted;
	bool lost_noted;
	uint8_t copy_complete; /* holds the newest known-complete block */
	uint64_t token;	       /* of the I/O outstanding */
	uint64_t mask;	       /* slots of the read outstanding */
	uint64_t due_ms;       /* of the next write or read, when none is outstanding */
	uint64_t write_ms;     /* the last write was emitted */
	uint64_t ready_ms;     /* the own slot was taken over, and beats began */
	uint64_t complete_ms;  /* write_ms of the last completed beat */
	uint64_t complete_end_ms;
	uint64_t complete_read_ms; /* its read was submitted */
	uint64_t looked_ms;	   /* the last such read */
	uint64_t unseen_ms; /* this node did not look for so long before the last complete read */
	uint64_t found_ms;  /* what that one found may have been written so long before; 0: just now
			     */
	uint64_t timings_due_ms; /* longer timings of before end */
	struct timings told;	 /* by the last completed beat */
	uint64_t hurry_until_ms; /* beats follow each other at once until then */
	uint64_t late_until_ms;	 /* a write was outstanding when the device vanished */
	uint64_t adopt_since_ms;
	uint64_t adopt_sequence;
	uint64_t adopt_incarnation;
	struct slot own;     /* what the next write will say */
	struct slot written; /* what the last write said */
	struct peer peer[NODES_MAX];
	struct scan scan;      /* of the last complete read */
	struct number map_bal; /* of the value that holds the map below */
	struct slot_map map;   /* of the highest value ever read */
	/* register: a value seen in one read, waiting for a second one (Accept) */
	bool candidate_valid;
	struct number candidate_bal;
	struct value candidate;
	bool accepted_valid;
	struct number accepted_bal;
	struct value accepted;
	struct grant newest; /* of those accepted the last that names anybody */
	struct grant older;  /* that of the ring before */
	/* election */
	enum lead_phase lead;
	uint64_t elect_at_ms;
	struct ballot elect_mbal; /* the highest mbal when the back-off began */
	uint32_t noted_leader;
	uint32_t noted_without;	 /* a node for which there is no slot */
	uint64_t stuck_since_ms; /* the leader wants to decide and cannot */
	/* leader's decision (core/grant.c) */
	uint64_t unsettled_ms;	   /* since when live members contradict each other */
	struct ring_id first_ring; /* the ring that waits for its first grant (S6) */
	uint64_t first_ring_ms;
	uint64_t wait_until_ms; /* X of an old holder elapses */
	struct ring_id rival;	/* leads the ranking against the heir */
	uint64_t rival_since_ms;
	uint64_t accept_ms;   /* the accepted grant's number is known since then */
	uint32_t shown_count; /* poison orders that the last completed beat showed */
	struct poison shown[POISON_MAX];
	/* own casting (core/cast.c) */
	bool granted;		/* the full sequence was completed for the current ring and holds */
	uint64_t stop_ms;	/* casting was stopped: only a beat begun later counts */
	uint64_t hold_until_ms; /* of the votes counted because of this disk; 0: none */
	bool view_visible;	/* a completed beat wrote the present view */
	struct number view_bal; /* highest bal in the read of that beat */
	uint64_t hello_due_ms;
	/* for status */
	enum wait_kind waiting;
	uint64_t waiting_slots;
	uint64_t waiting_until_ms;
	struct number
		proposed_number; /* of the grant that `proposed` led to; none: not proposed yet */
	struct decision_status proposed; /* by this node as leader */
	struct decision_status decision; /* the last one */
};

/* One eviction, from the order to its end; kept for status until its target's next incarnation. */
struct eviction {
	struct evict_order order; /* id 0: this place is free */
	uint64_t ordered_ms;
	uint32_t shown; /* disks, by bit, of which a completed beat shows the poison */
	uint32_t attempts;
	bool sent;  /* told to the bridge */
	bool ended; /* the bridge is done with it, or never heard of it */
	enum evict_progress progress;
	char text[EVICT_TEXT_SIZE];
};

/* What is known of a node's fencing, by whomever; times of the own clock, 0: never. */
struct fenced {
	uint32_t node_id; /* 0: free */
	uint64_t started_ms;
	uint64_t done_ms;
	uint64_t failed_ms;
};

/* A node that is due and held up by a gate: edge memory of the notes, and status. */
struct held {
	uint32_t node_id; /* 0: free */
	enum evict_why why;
	enum evict_gate gate;
	uint64_t incarnation;
	uint64_t since_ms;
};

struct evictor {
	struct bridge_facts facts;
	struct eviction eviction[EVICT_ORDERS_MAX];
	struct fenced fenced[NODES_MAX];
	struct held held[NODES_MAX];
	uint64_t last_id;
	bool poisoned; /* the own poison was read: sticky for this incarnation */
	uint32_t watchdog_ms;
	bool held_vote;	  /* a yes was granted to this daemon since corosync came */
	uint64_t lost_ms; /* the vote was lost then; 0: it was not */
	bool acted;	  /* on_loss was done for this loss */
};

struct arb {
	uint32_t node_id;
	uint64_t incarnation;
	uint64_t start_ms;
	uint64_t last_ms; /* time of the last event */
	uint64_t gap_ms;  /* the loop slept too long until then: only beats begun later count */
	uint64_t token_last;
	bool configured;
	struct policy policy; /* in use */
	struct policy wanted; /* configured; longer times wait until the slots tell of them */
	bool times_wait;
	uint64_t old_d_ms; /* a longer D: votequorum's timer may have been armed with it */
	uint64_t old_d_until_ms;
	struct nodelist nodes;
	/* corosync */
	uint64_t host_life; /* 0: not connected */
	bool registered;
	bool quorate;
	bool fit;
	uint32_t score, score_max;
	uint32_t weight;
	struct view view;		 /* incarnation 0: none */
	uint64_t view_ms;		 /* noticed */
	struct members registered_peers; /* by votequorum's flags */
	bool leaving;
	bool left;
	bool told; /* EVENT_PUBLICATION arrived: nothing is published before it */
	/* the own vote (core/majority.c) */
	struct publication publication;
	enum vote_reason reason;
	uint64_t yes_ended_ms; /* no poll of the yes that was withdrawn last ends later */
	/* a node of the own ring that has more arbiters; 0: none has */
	uint32_t other_list_node_id;
	uint64_t other_list_incarnation;
	bool counting;		  /* votequorum may be counting a yes of this node */
	uint64_t counting_life;	  /* of the corosync that may count it */
	uint64_t lapsed_life;	  /* the same, ended by time alone; 0: by a "no", or it counts */
	uint64_t life_generation; /* publications below it were for an earlier corosync */
	uint64_t no_generation;	  /* a "no" polled under this or a later publication ends it */
	uint64_t poll_end_ms;	  /* return of the last poll */
	uint64_t restart_hold_ms; /* predecessor's vote: without an own yes until then, "no" */
	struct evictor evictor;	  /* core/evict.c, core/selfact.c */
	struct disk disk[ARBITERS_MAX];
};

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core: what the files of this room call of each other.  Nothing outside includes this. */
#ifndef QARB_CORE_CORE_H
#define QARB_CORE_CORE_H

#include "base/check.h"
#include "base/mutant.h"
#include "core/arb.h"
#include "model/timing.h"

/* One call of arb_step(). */
struct step {
	struct arb *a;
	struct actions *out;
	uint64_t now_ms;
	uint64_t entropy;
	uint32_t arbiter_index; /* the disk being worked on */
	bool voting;		/* the answer published before this step was yes */
	bool early;		/* deciding by an older read: may revoke, must not grant */
};

/* --- arb.c */
struct action *step_action(struct step *st, enum action_type type);
void step_note(struct step *st, enum note_id id, uint64_t a, uint64_t b);
void step_note4(struct step *st, enum note_id id, const uint64_t v[4]);
uint64_t earlier(uint64_t a, uint64_t b);
uint64_t later(uint64_t a, uint64_t b);

/* --- times.c: a configuration that changes while votes rest on its times */
void times_config(struct step *st, const struct policy *p);
/* in: a beat of d was completed. */
void times_complete(struct step *st, struct disk *d);
/* Use the longer times as soon as every slot that matters tells of them. */
void times_run(struct step *st);
struct timings times_longest(const struct timings *a, const struct timings *b);
/* votequorum may have been armed with this D. */
void times_old_d(struct step *st, uint64_t old_d_ms);
/* D to reckon with: what votequorum may have been armed with. */
uint64_t times_d_ms(const struct arb *a);
/* What the own slot is to say of the watchdog (T7), with the times that it tells of. */
uint32_t times_watchdog_ms(const struct arb *a, const struct slot *own);

/* --- beat.c: writes and reads of one disk */
void beat_open(struct step *st, struct disk *d, const struct disk_facts *facts);
void beat_close(struct step *st, struct disk *d, enum rc rc);
void beat_run(struct step *st, struct disk *d);
void beat_write_done(struct step *st, struct disk *d, const struct event_io *io);
void beat_read_done(struct step *st, struct disk *d, const struct event_io *io);
/* Write again as soon as possible: something in d->own is news to the others. */
void beat_urgent(struct step *st, struct disk *d);
/* Let beats follow each other at once until this time. */
void beat_hurry(struct disk *d, uint64_t until_ms);
void beat_out(struct step *st, struct disk *d);
/* returns: a slot in use that could not be verified, or SLOT_NONE. */
uint8_t beat_unverified(const struct disk *d, const struct event_io *io, uint64_t used,
			const struct slot_map *map);
bool beat_usable(const struct disk *d);
/* When the write of the last completed beat began; before the first one, when beats began. */
uint64_t beat_last_ms(const struct disk *d);

/* --- adopt.c: from an opened disk to the first own beat */
void adopt_read(struct step *st, struct disk *d, const struct event_io *io);

/* --- liveness.c */
/* in: one complete read. */
void liveness_update(struct step *st, struct disk *d, const struct event_io *io, uint64_t used);
bool peer_live(const struct disk *d, uint8_t i);
bool peer_available(const struct disk *d, uint8_t i);
/* Must a leader wait for this slot to be classified? */
bool peer_unclassified(const struct disk *d, uint8_t i);
/* The slowest recent beat of any live slot. */
uint32_t liveness_beat_ms_max(const struct step *st, const struct disk *d);
/* X of slot i from its own timings. */
uint64_t peer_x_ms(const struct step *st, const struct disk *d, uint8_t i);
void liveness_hello(struct step *st, struct disk *d, const struct event_hello *h);
/* Is every registered peer of the own ring known to be on this disk? */
bool liveness_ring_matched(const struct step *st, const struct disk *d);

/* Did a member of the own ring tell of itself what this disk does not show (yet)? */
bool liveness_hello_pending(const struct step *st, const struct disk *d);

/* --- register.c: ballots */
/* Find the highest mbal, bal and seen among the slots of mask. */
void register_scan(const struct event_io *io, uint64_t mask, struct scan *scan);
/* Take one complete read: accept, commit, be deposed. */
void register_read(struct step *st, struct disk *d);
void register_lead(struct step *st, struct disk *d);
void register_resign(struct step *st, struct disk *d);
void register_propose(struct step *st, struct disk *d, const struct value *v);
/* The value with the highest bal of the last complete read. */
const struct value *register_best(const struct disk *d);

/* Judge one complete read of a disk on which this node has no slot of its own yet: is the highest
 * value agreed on?  out: value, on true. */
bool register_agreed(struct disk *d, const struct event_io *io, struct value *value);

/* --- slots.c: which node has which slot */
/* Has the owner of slot i, by map, never written it?  in: s, what the slot shows. */
bool slots_unwritten(const struct disk *d, const struct slot_map *map, const struct slot *s,
		     uint8_t i);
/* As leader: give a slot to each node of the node list that has none. */
void slots_run(struct step *st, struct disk *d);
void slots_note(struct step *st, const struct slot_map *before, const struct slot_map *now);

/* --- election.c */
void election_run(struct step *st, struct disk *d);

/* --- choice.c: contenders and ranking */
struct contender {
	struct view view;
	uint64_t set; /* live, available nodes that report exactly this view */
	uint64_t votes;
	uint64_t weight;
	uint32_t active;
	uint32_t low, high; /* lowest and highest node id in set */
	bool listed;	    /* one of them is in the node list */
	bool consistent;    /* every live listed member reports it */
	bool superseded;    /* a member of it is in a newer ring that another node reports */
};
struct choice {
	uint32_t count;
	bool settled;	 /* every live view is consistent */
	uint64_t before; /* slots of those who are active: in the grant before, in this life */
	struct contender contender[NODES_MAX];
};
void choice_collect(const struct step *st, const struct disk *d, struct choice *c);
/* returns: index of the best contender or -1.  in: whether settle still runs. */
int choice_best(const struct step *st, const struct choice *c, enum rank_step *step);
bool choice_contends(const struct step *st, const struct contender *c);
/* returns: the step by which a and b differ in rank. */
enum rank_step choice_differ(const struct step *st, const struct contender *a,
			     const struct contender *b);
/* returns: false for a node that was removed from the node list; it has no votes. */
bool choice_node_votes(const struct arb *a, uint32_t node_id, uint32_t *votes);
uint64_t choice_all_votes(const struct arb *a);
/* The last granted set, less who lives another host life since. */
uint64_t choice_before(const struct disk *d);
const struct contender *choice_find(const struct choice *c, const struct ring_id *ring,
				    const struct members *members);

/* --- grant.c: what a leader decides */
void grant_run(struct step *st, struct disk *d);
/* The own ring changed: revoke in the same write that tells of it, where that is clear already. */
void grant_view_changed(struct step *st, struct disk *d);

/* --- decision.c: why, for status */
/* A leader proposes a revocation in favour of w, a grant to w, or the growth of w's.
 * in: best, the first of the ranking, NULL when there was none. */
void decision_propose(const struct step *st, struct disk *d, const struct choice *c,
		      const struct contender *w, const struct contender *best,
		      enum decision_kind kind);
/* A grant is about to be accepted. */
void decision_accept(const struct step *st, struct disk *d, const struct value *v);

/* --- cast.c: own casting because of one disk */
void cast_beat(struct step *st, struct disk *d);
void cast_stop(struct step *st, struct disk *d);
void cast_view_changed(struct step *st, struct disk *d);
void cast_clear(struct step *st, struct disk *d);
/* The accepted decision of this disk for the current ring. */
enum vote_reason cast_verdict(const struct step *st, const struct disk *d);

/* --- evict.c: who is evicted, by whom, and why not */
/* A node came into the own ring, or registered its device: what its slot shows of before says
 * nothing of it. */
void evict_joined(struct step *st, uint32_t node_id);
/* in: one complete read of this disk. */
void evict_read(struct step *st, struct disk *d);
void evict_run(struct step *st);
void evict_bridge(struct step *st, const struct bridge_facts *f);
void evict_report(struct step *st, const struct evict_report *r);
void evict_fenced(struct step *st, const struct fencing_seen *f);
void evict_ask(struct step *st, const struct evict_request *q);
void evict_status(const struct arb *a, uint64_t now_ms, struct evict_status *s);

/* --- gate.c: what forbids an eviction */
/* What the disks show of one node. */
struct target {
	uint32_t node_id;
	uint32_t disks;	  /* usable, shared, own last beat fresh */
	uint32_t matched; /* of these: known to be shared with the node */
	uint32_t silent;  /* of these: for evict_after_ms and X */
	uint32_t defying;
	uint32_t unfit;
	bool known; /* has a slot */
	bool ran;   /* seen running by this daemon */
	bool outweighed;
	bool other_evicts; /* another evictor's poison for this incarnation is young */
	enum slot_state state;
	uint64_t incarnation; /* the one that wrote last */
	uint64_t last_ms;     /* end of the first read of its last write */
	uint64_t due_ms;      /* since when it is due */
};
void gate_survey(const struct step *st, uint32_t node_id, struct target *t);
/* returns: whether t gives a reason of its own. */
bool gate_due(const struct step *st, const struct target *t, enum evict_why *why);
enum evict_gate gate_judge(const struct step *st, const struct target *t, enum evict_why why);
/* Disk arbiters that must agree: more than half of those configured; 0: there are none. */
uint32_t gate_majority(const struct arb *a);
const struct node_facts *gate_facts(const struct arb *a, uint32_t node_id);

/* --- poison.c: the poison orders in the own slots */
bool poison_has(const struct poison *list, uint32_t count, uint32_t node_id, uint64_t incarnation);
/* returns: whether every own slot has room for one more. */
bool poison_room(const struct arb *a);
/* Into every own slot that can be written; the beats that show it are hurried. */
void poison_write(struct step *st, uint32_t node_id, uint64_t incarnation);
/* A victim's next incarnation, and a victim without a slot, end its poison. */
void poison_expire(struct step *st, struct disk *d);
void poison_status(const struct arb *a, struct evict_status *s);

/* --- selfact.c: the node that loses */
/* in: one complete read: is the own poison in it? */
void selfact_read(struct step *st, struct disk *d);
void selfact_run(struct step *st);

/* --- majority.c: the own vote from all disks */
void majority_run(struct step *st);
/* Do enough disks grant the present ring now? */
bool majority_granted(const struct step *st);
void majority_view_changed(struct arb *a);
void majority_poll_done(struct step *st, const struct event_poll *p);
void majority_corosync(struct step *st, uint64_t host_life);
void majority_hello(struct step *st, uint32_t arbiter_index, const struct event_hello *h);
void majority_publication(struct step *st, const struct publication *p);
uint64_t majority_deadline(const struct arb *a);

#endif

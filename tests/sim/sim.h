/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: a deterministic world around the production core, voter judgement and slot codec.
 *
 * One thread, one virtual clock in microseconds, one random seed.  Everything that can happen is an
 * event in one queue; equal times are ordered by their making.  Nodes have clocks of their own.
 * The checkers see disk bytes, polls and what votequorum counts, never the inside of the core.
 */
#ifndef QARB_SIM_H
#define QARB_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/arb.h"
#include "tests/sim/config.h"
#include "tests/sim/cover.h"
#include "tests/sim/disk.h"
#include "tests/sim/judge.h"
#include "tests/sim/op.h"
#include "wire/slotwire.h"

#define MS ((uint64_t)1000)
#define SEC ((uint64_t)1000000)
#define NEVER UINT64_MAX

enum { RINGS = 4096, WRITES_EACH = 16, READS_EACH = 32, FORMS = 256 };

/* ---- randomness ---- */
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n);		     /* 0 .. n-1; n > 0 */
uint64_t rng_range(struct rng *r, uint64_t lo, uint64_t hi); /* both included */
bool rng_chance(struct rng *r, uint32_t percent_hundredths); /* 10000: always */

/* ---- the queue ---- */
enum ev_kind {
	EV_DECIDER_TIMER,
	EV_DECIDER_EVENT,
	EV_DECIDER_START,
	EV_DISK_OPEN,
	EV_VOTER_START,
	EV_VOTER_CONNECT,
	EV_VOTER_NOTIFY,
	EV_VOTER_WAKE,
	EV_VOTER_ORPHAN,
	EV_POLL_SEND,
	EV_POLL_HANDLE,
	EV_POLL_RETURN,
	EV_WORKER_START,
	EV_SERVICE_START,
	EV_DAEMON_START,
	EV_WRITE_HALF,
	EV_WRITE_LAND,
	EV_WRITE_END,
	EV_WRITE_UNKNOWN,
	EV_READ_SAMPLE,
	EV_READ_END,
	EV_CS_START,
	EV_RING_FORM,
	EV_RING_INSTALL,
	EV_RING_INFO,
	EV_RING_ACTIVATE,
	EV_NODEINFO,
	EV_QDEVICE_TIMER,
	EV_REGISTERED,
	EV_HELLO,
	EV_CONT,
	EV_PATH_OK,
	EV_FAULT,
	EV_PHASE,
	EV_FENCE, /* the bridge's next attempt */
	EV_POWER_ON,
	EV_SELF, /* the node ends itself */
	EV_DOG,
	EV_DOG_CHECK,
};

enum { EV_ORDER_BITS = 34 };

/* key: when, in us, and which of those of one instant: one comparison puts two events in order. */
struct ev {
	uint64_t key;
	uint64_t arg;
	uint32_t epoch;
	uint16_t node;
	uint16_t kind;
};

/* ---- corosync ---- */
struct ring {
	struct ring_id id;
	uint64_t members; /* by node index */
	uint64_t installed;
	bool missed; /* by one that was cut off when it was to install it */
	bool info_sent, informed, activating, active;
};

struct vq {
	bool up, frozen;
	uint32_t epoch;
	uint64_t life;
	uint64_t life_at; /* it started */
	int ring;	  /* index of w->ring, -1: none yet */
	int kept_ring;	  /* the one that it came into with the vote, + 1; 0: none */
	uint64_t seq;	  /* highest ring seq known, kept on its disk */
	bool registered, alive, cast;
	bool waits_for_all;   /* wait_for_all: not quorate before everybody was seen */
	uint64_t timer_at;    /* 0: not set */
	uint64_t timer_event; /* the event under way; 0: none */
	bool timer_due;	      /* ran out while frozen */
	uint64_t timer_left;  /* what it goes on with, its clock having stood still; 0: nothing */
	bool sync, wait;
	uint64_t counted; /* members whose nodeinfo counts */
	uint64_t peers_registered;
	bool quorate; /* getinfo */
	bool told;    /* libquorum's notification */
	/* for the checkers */
	int yes_ring; /* ring of the last accepted yes */
	struct number yes_number;
	uint32_t rings_since_poll;
	uint64_t ring_at;
	uint64_t poll_at;
	uint64_t d_until;    /* poll_at and D; a reload after that changes nothing of it */
	uint32_t armed_d_ms; /* D of the configuration when the timer was armed last */
	bool late;	     /* the yes that counts was accepted later than H + P after its check */
	bool overdue;	     /* ... or later than P after the end of the hold that was checked */
	uint64_t
		thawed_at; /* or, after a pause, sighted: a poll that begins later is judged anew */
	bool paused;	   /* it was a pause */
	uint64_t thawed_until;
	/* Its clock stood still, and what it judges rests on a beat from before. */
	enum { SIGHTED, BLIND, BLIND_WROTE, BLIND_READ } blind;
	uint64_t stood_us; /* how long in all, since the beat or the poll that counts */
};

/* ---- processes ---- */
enum proc_id { PROC_DECIDER, PROC_VOTER, PROC_WORKER, PROC_SERVICE, PROC_GUARDIAN, PROC_COUNT };

struct proc {
	bool alive, stopped;
	uint32_t epoch;
};

struct known { /* what the voter last told, for a restarted decider */
	uint64_t life;
	int ring;
	bool registered, quorate;
	uint64_t peers_registered;
};

struct poll {
	bool active, send_due, handling, handle_due, return_due;
	struct ring_id ring;
	enum answer answer;
	bool forced, ok;
	uint64_t generation, start_ms, start_us, end_us, until_ms;
};

struct node {
	uint32_t index, id;
	uint8_t slot_index; /* SLOT_NONE: it has none */
	struct {
		uint8_t slot_index; /* that it had, until at_ms of its clock; SLOT_NONE: none */
		uint64_t at_ms;
	} gone;
	int64_t offset_us;
	int32_t ppm;
	enum still still;      /* while vq.frozen */
	uint64_t still_at;     /* since when */
	uint64_t paused_until; /* the last time; 0: never */
	bool power;
	bool absent;	     /* the daemon is not installed here */
	bool unregistered;   /* votequorum has another device here */
	uint64_t away_until; /* its device is not configured; 0: it was not since it registered */
	int away_ring;
	uint32_t short_lives, long_lives; /* of its deciders, one after the other */
	bool forgets;			  /* the number of its ring, when its corosync ends next */
	bool impaired;			  /* will lose its path to the disk for good */
	bool lied_to;			  /* the disk lost a write that it had reported done */
	bool lost;			  /* has lost it */
	uint32_t votes, weight;
	struct conf conf; /* its own corosync.conf */
	bool unfit;	  /* its heuristics fail */
	uint32_t boot;
	struct vq vq;
	struct proc proc[PROC_COUNT];
	/* decider */
	struct arb *arb;
	uint64_t incarnation;
	uint64_t timer_at;
	uint64_t deadline_ms, deadline_at; /* the last one that was computed */
	uint32_t *inbox;
	uint32_t inbox_count, inbox_room;
	uint64_t channel_at[4];
	bool opened, open_due, leaving;
	/* voter */
	struct publication page;
	struct voter_state vs;
	struct known known;
	struct poll poll;
	bool poll_marked; /* the page's mark: a poll is outstanding since poll_mark_us */
	uint64_t poll_mark_us;
	bool hello_due; /* waits for the service or for the ring */
	struct action hello;
	bool notify_due, notify_sent, connect_due, orphan, left;
	uint64_t wake_at;
	uint64_t decider_on_at; /* it went on after it was stopped */
	uint64_t voter_at;	/* it was started */
	uint64_t voter_on_at;	/* it went on after it was stopped, or after it was kept out */
	uint64_t hung_until;	/* end of what was armed while its last call hung */
	/* worker */
	uint32_t disk;
	enum path path;
	uint64_t stall_until;
	enum write_fault next_write;
	bool worker_dying, worker_fresh;
	uint32_t rd_last;     /* the entry of its last read */
	uint32_t writes_open; /* entries of its writes that are not free */
	uint64_t ipc_hang_until;
	uint64_t hello_lost_until;
	uint32_t slow_us; /* of every answer of the disk */
	uint64_t read_only_until;
	/* checkers */
	struct blob *submitted, *landed; /* newest by sequence */
	bool has_submitted, has_landed;
	uint64_t submitted_inc;
	struct {
		bool any;
		uint8_t copy;
		uint64_t sequence;
	} done;
	uint64_t failed_ms;	/* local; 0: none */
	uint64_t lost_at;	/* when the quorate flag went to 0 */
	uint64_t excused_until; /* the fault script's own victim */
	uint64_t back_by;	/* until when it may have lost its quorum once */
	bool was_quorate;
	struct {		    /* shown.c; times of its own clock */
		uint64_t submit_ms; /* of its newest block */
		uint64_t read_ms;   /* its last read ended; 0: none in this life */
		uint64_t read_at;   /* and began, by the world's clock */
		uint64_t before_at; /* the one before it began */
		uint64_t look_ms;   /* it began */
		struct shorter {
			uint64_t at_ms;
			uint64_t x_ms; /* of what its slot told then */
		} shorter[SHORTER_COUNT];
		uint64_t published_by; /* the decider that published last */
		uint64_t spoiled_at;   /* when the disk lost something last before its start */
		bool wrote;	       /* since that read */
		bool denied;	       /* the disk does not show its newest block */
	} shown;
	struct { /* evict.c */
		struct evict_order order[EVICT_ORDERS_MAX];
		uint64_t order_at[EVICT_ORDERS_MAX];
		uint64_t incarnation; /* the one that was fenced last, when, and for whom */
		uint64_t at;
		uint32_t by;
		uint32_t count;
		uint64_t landed_at;  /* its newest block */
		uint64_t started_at; /* its decider */
		uint64_t steady_at;  /* its blocks have followed each other since then */
		uint64_t quorate_at; /* its flag changed */
		uint64_t peers_at;   /* whose device is registered changed */
		uint64_t fit_at;     /* its blocks say since then that it is fit; 0: they do not */
		uint64_t cast_at;    /* its newest block that casts anything */
		uint32_t evicts;     /* whom, in this step */
		uint64_t poison_at;  /* poison of its present incarnation landed; 0: none */
		bool dog_held, dog_armed;
		uint64_t dog_at, dog_due;
	} fence;
};

/* ---- checkers ---- */
extern const char *const cover_name[COVER_COUNT];

struct granted {
	struct grant grant;
	uint64_t pending;
};

enum kind { CLASS_WILD, CLASS_DIRECTED, CLASS_GENTLE, CLASS_FREEZE, CLASS_PRIVATE, CLASS_STORY };

struct form {
	bool used;
	uint64_t mask;
	uint32_t serial;
	bool again; /* a ring of some of them was formed first */
};

struct world {
	uint64_t seed, now, order, steps;
	struct rng rng;	  /* latencies */
	struct rng frng;  /* the fault script */
	struct rng rough; /* rough.c */
	struct rng spoil; /* spoil.c */
	struct rng clock; /* clock.c */
	bool still;	  /* some nodes are suspended or paused instead of frozen */
	struct rng ringid;
	bool forgetful; /* what nodes know of rings is lost now and then */
	struct ev *heap;
	uint32_t heap_count, heap_room;
	uint32_t nodes;
	struct node *node;
	struct policy policy;
	bool wait_for_all, slower; /* slower: some nodes have longer times */
	uint64_t x_ms;		   /* the longest of any node */
	uint32_t interval_ms;	   /* as well */
	uint32_t timing;	   /* of a story */
	enum kind class;
	struct store store[PEERS];
	uint32_t stores;
	uint64_t stall_until;
	uint64_t peak_until; /* of a gentle disk, no other begins before */
	uint32_t lat_class;  /* 0 fast .. 2 slow */
	uint32_t jitter_class;
	struct wr *wr; /* WRITES_EACH a node */
	struct rd *rd; /* READS_EACH a node */
	uint32_t serial;
	struct blob *saved[PEERS][2];
	bool spoiled; /* a slot shows something else than its node wrote last */
	uint64_t spoiled_at;
	struct {
		struct number bal, agreed_bal;
		struct slot_map map, agreed;
		uint32_t writer[PEERS]; /* of its newest block, by node index */
	} slot; /* slots.c: the newest map on the disk, the newest that was accepted */
	struct blob *blobs;
	struct slot_map map;
	uint32_t slots;		/* of the disk */
	uint64_t unlisted;	/* not in the node list as it shall be, by node index */
	struct change change;	/* of the node list */
	struct slot_map header; /* what disk init knew of it: a node may have been added since */
	/* network */
	uint32_t part[PEERS];
	struct ring *ring;
	uint32_t ring_count;
	struct form form[FORMS];
	bool leave_announced;	     /* the next corosync that ends says goodbye */
	bool quick_loss;	     /* the next loss is an announced one */
	bool calm;		     /* no more faults: latencies stay ordinary */
	uint64_t install_delay_node; /* one node + 1 that installs its next ring late */
	/* an operation placed around the moment when node hook_node - 1 gets its next ring */
	struct {
		uint32_t node; /* + 1 */
		enum op op;
		uint32_t target, param;
		int64_t before_us;
		uint64_t after_us;
	} hook[4];
	struct {
		uint32_t v, u, x;
	} late;
	uint32_t swarm; /* operations this schedule uses */
	uint64_t gap_us;
	/* posted decider events */
	struct event *post;
	uint32_t *post_free;
	uint32_t post_room, post_free_count;
	/* checkers */
	struct granted *granted;
	uint32_t granted_count, granted_room;
	uint64_t cover[COVER_COUNT];
	uint64_t excused[5];
	struct {
		uint64_t pair, at;
	} told; /* the last of them */
	bool failed;
	char why[400];
	uint64_t failed_at;
	uint64_t failed_step;
	uint64_t yes_polls, codec_tick;
	struct {
		struct rng rng;
		bool maintenance, disabled; /* disabled: stonith-enabled is false */
		bool fabric;		    /* fencing that succeeds and kills nobody */
		bool reborn;		    /* somebody ended itself after everything was healed */
		uint32_t dog_ms;	    /* timeout of every node's watchdog; 0: there is none */
	} evict;
	/* phases of a random schedule */
	uint64_t end_at, heal_at, bound_us;
	uint32_t phase;
	uint64_t final_at; /* of the last thing that happens */
	bool final;
	bool standing;	       /* gentle: faults while a split stands */
	uint64_t standing_set; /* who casts meanwhile */
	/* trace */
	bool verbose;
	bool story;	   /* a directed one: nothing random but small latencies */
	FILE *trace;	   /* NULL: none */
	struct tape *tape; /* NULL: nobody asks which faults there are */
};

/* world.c */
void world_open(struct world *w, uint64_t seed, uint32_t nodes);
void world_close(struct world *w);
void world_push(struct world *w, uint64_t at, enum ev_kind kind, uint32_t node, uint32_t epoch,
		uint64_t arg);
/* Run until `until` or the first violation. */
void world_run(struct world *w, uint64_t until);
__attribute__((format(printf, 2, 3))) void trace(struct world *w, const char *format, ...);
__attribute__((format(printf, 2, 3))) void fail(struct world *w, const char *format, ...);
#define TRACE(w, ...)                                                                              \
	do {                                                                                       \
		if ((w)->trace != NULL)                                                            \
			trace((w), __VA_ARGS__);                                                   \
	} while (0)
uint64_t latency_ipc(struct world *w); /* a message between two processes, µs */

/* clock.c: the clocks of the nodes */
void clock_open(struct world *w);
enum still clock_still(struct world *w); /* how the next one stands still */
bool clock_paused(const struct node *n); /* it stands still, and its clocks too */
/* n stands still from now on; n goes on, CLOCK_BOOTTIME with it. */
void clock_stop(struct world *w, struct node *n, enum still still);
void clock_go(struct world *w, struct node *n);
/* returns: for how long, in us, its CLOCK_MONOTONIC has stood still. */
uint64_t clock_stood_us(const struct world *w, const struct node *n);
uint64_t clock_local_us(const struct node *n, uint64_t at);
uint64_t clock_local_ms(const struct world *w, const struct node *n);
uint64_t clock_global_us(const struct node *n, uint64_t local_ms);
/* returns: how long, in us, a timer takes that counts so many ms by the node's CLOCK_MONOTONIC. */
uint64_t clock_span_us(const struct node *n, uint64_t ms);

/* ringid.c: ring ids that are used again */
void ringid_open(struct world *w);
void ringid_days(struct world *w);
/* n's corosync ends.  returns: the ring sequence that it goes on from. */
uint64_t ringid_kept(struct world *w, struct node *n);
void ringid_formed(struct world *w, const struct ring *r);

/* vq.c */
void vq_start(struct world *w, struct node *n);
void vq_stop(struct world *w, struct node *n, bool announced);
bool vq_poll(struct world *w, struct node *n, const struct ring_id *ring, bool yes);
void vq_register(struct world *w, struct node *n);
void vq_unregister(struct world *w, struct node *n);
/* Its configuration has no quorum.device for ms, then it has one again. */
void vq_take_away(struct world *w, struct node *n, uint32_t ms);
void vq_freeze(struct world *w, struct node *n, bool frozen);
void vq_event(struct world *w, const struct ev *e);

/* totem.c */
void totem_topology(struct world *w); /* connectivity changed */
bool totem_reachable(const struct world *w, uint32_t i);
/* Does the token pass: every member is there, in this ring, and nothing is cut? */
bool totem_ring_intact(const struct world *w, int ring);
uint64_t totem_component(const struct world *w, const struct node *n);
uint64_t totem_rotation_us(struct world *w);
void totem_form(struct world *w, const struct ev *e); /* EV_RING_FORM */
struct members totem_members(const struct world *w, uint64_t mask);
const char *totem_ring_text(const struct world *w, int ring); /* of the last four calls */

/* proc.c */
void proc_power(struct world *w, struct node *n, bool on);
void proc_kill(struct world *w, struct node *n, enum proc_id p);
void proc_kill_all(struct world *w, struct node *n);
void proc_stop(struct world *w, struct node *n, enum proc_id p, uint64_t for_us);
void proc_stop_all(struct world *w, struct node *n, uint64_t for_us);
void proc_freeze(struct world *w, struct node *n, enum still still, uint64_t for_us);
void proc_cont(struct world *w, struct node *n, enum proc_id p);
void proc_start_daemon(struct world *w, struct node *n);
void proc_leave(struct world *w, struct node *n);
void proc_corosync_restart(struct world *w, struct node *n, uint64_t after_us);
void proc_notify_voter(struct world *w, struct node *n);
void proc_post(struct world *w, struct node *n, struct event *e, uint32_t channel);
void proc_worker_died(struct world *w, struct node *n);
void proc_event(struct world *w, const struct ev *e);
void proc_try_open(struct world *w, struct node *n);
extern const char *const proc_name[PROC_COUNT];

bool proc_runs(const struct node *n, enum proc_id p);
void proc_left(struct world *w, struct node *n); /* the clean leave is complete */

/* decider.c; channels: 0 and 1 the worker's writes and reads, 2 and 3 the voter's news and polls */
void decider_start(struct world *w, struct node *n);
void decider_continue(struct world *w, struct node *n);
void decider_tick(struct world *w, struct node *n);
void decider_leave(struct world *w, struct node *n);
void decider_event(struct world *w, struct node *n, const struct ev *e);
void decider_open_disk(struct world *w, struct node *n, uint32_t epoch);
void decider_take_hello(struct world *w, struct node *n, uint32_t post);
void decider_flush_hello(struct world *w, struct node *n);
void decider_drop_inbox(struct world *w, struct node *n);
/* Tell which devices of others are registered; now: at a start, not as mail. */
void decider_tell_weight(struct world *w, struct node *n);
/* Its heuristics failed, or are well again. */
void decider_tell_fit(struct world *w, struct node *n);
/* Its configuration was reloaded. */
void decider_tell_config(struct world *w, struct node *n);
void decider_tell_peers(struct world *w, struct node *n, uint64_t changed, bool now);

/* voter.c */
void voter_start(struct world *w, struct node *n);
void voter_continue(struct world *w, struct node *n);
void voter_wake(struct world *w, struct node *n);
void voter_event(struct world *w, struct node *n, const struct ev *e);
void voter_poll_handled(struct world *w, struct node *n, const struct ev *e);
void voter_poll_over(struct world *w, struct node *n);

uint64_t all_nodes(const struct world *w); /* by node index */
/* A random schedule to which any bad day may come: configuration, ring ids, a disk that forgets. */
static inline bool class_any_day(const struct world *w)
{
	return !w->story && (w->class == CLASS_WILD || w->class == CLASS_DIRECTED);
}

/* shape.c: what cluster it is, and when what is to happen */
enum { SHAPE_TIMINGS = 4 };
void shape_open(struct world *w);
void shape_plan(struct world *w); /* a whole random schedule, into the queue */

/* goal.c: who must win; the phases of a random schedule */
uint64_t goal_winner(struct world *w); /* the nodes that must cast, the network being as it is */
void goal_phase(struct world *w, bool first_deadline);
void goal_stand(struct world *w);
enum phase { PHASE_BOOT, PHASE_FAULTS, PHASE_HEALED, PHASE_FINAL, PHASE_END };

/* pattern.c */
void pattern(struct world *w);
void pattern_late_hooks(struct world *w);

/* rough.c: schedules with bad days */
/* returns: how much later, in us, the ordinary faults begin. */
uint64_t rough_open(struct world *w);
void rough_day(struct world *w);
/* For what a run must have come across: a decider, or a whole daemon, is about to be killed; a node
 * is about to die. */
void rough_killed(struct world *w, struct node *n, bool whole);
void rough_death(struct world *w, const struct node *u);
void rough_back(struct world *w);

/* chance.c */
uint32_t chance_duration(struct world *w); /* ms: short of an interval to beyond X */
void chance_fault(struct world *w);
void chance_gentle(struct world *w); /* one after which nothing may be lost */

/* fault.c */
void fault_event(struct world *w, const struct ev *e);
void fault_heal(struct world *w);
/* part: a number for each node; equal numbers can talk to each other. */
void fault_split(struct world *w, const uint32_t *part);
void fault_impair(struct world *w);
void fault_later(struct world *w, uint64_t at, enum op op, uint32_t node, uint32_t param);
/* Place an operation around the moment when node `watched` gets its next ring. */
void fault_hook(struct world *w, uint32_t watched, enum op op, uint32_t target, uint32_t param,
		int64_t before_us, uint64_t after_us);
void fault_do(struct world *w, enum op op, struct node *n, uint32_t param);
/* A ring with these members will form at `at`: place what waits for it. */
void fault_ring(struct world *w, uint64_t members, uint64_t at);

/* evict.c */
void evict_policy(struct world *w);
void evict_start(struct world *w, struct node *n);
void evict_tell_dog(struct world *w, struct node *n);
void evict_order(struct world *w, struct node *n, const struct action *a);
void evict_self(struct world *w, struct node *n, enum self_act act);
void evict_alive(struct world *w, struct node *n);
void evict_landed(struct world *w, struct node *n, const struct blob *b);
void evict_poll(struct world *w, struct node *n, uint64_t start_us);
/* clean: it has left; else its watchdog goes on ticking. */
void evict_daemon_gone(struct node *n, bool clean);
void evict_event(struct world *w, const struct ev *e);
/* A block of n is submitted: whom does it poison? */
void evict_submit(struct world *w, struct node *n, const struct slot *s);
/* n has learnt of its new ring: somebody fences who is not in it. */
void evict_ring(struct world *w, struct node *n, uint64_t members);

/* What the bridges tell of Pacemaker. */
void evict_allowed(struct world *w, bool maintenance, bool fencing);
/* Exactly these nodes were fenced until now, each once. */
void evict_expect(struct world *w, uint64_t mask, const char *when);

/* scene.c */
void scene_nodelist(struct world *w, uint64_t listed);
void scene_do(struct world *w, enum op op, struct node *n, uint32_t param);

/* spoil.c: a disk that does not keep what was written */
void spoil_plan(struct world *w);
void spoil_do(struct world *w, enum op op, const struct node *n, uint32_t param);
void spoil_stray(struct world *w, struct blob *written);
bool spoil_lost(struct world *w); /* it must be repaired, or made anew */
void spoil_free(struct world *w);

/* slots.c */
void slots_open(struct world *w);
/* Before b is n's newest block. */
void slots_submit(const struct node *n, struct blob *b);
void slots_landed(struct world *w, const struct node *n, const struct blob *b);
bool slots_may_write(const struct node *n, uint8_t slot_index);
uint64_t slots_bit(const struct node *n); /* of its slot; 0: it has none */

/* script.c */
const char *script_word(enum op op); /* for it, in a story; NULL: there is none */
bool script_of_all(enum op op);	     /* it happens to no one node */
int script_run(const char *path, const char *golden, bool update, bool verbose);

/* selftest.c */
int selftest_run(void);

#endif

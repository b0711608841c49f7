/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: one disk, three nodes, the register, casting and the change of a grant, without time
 * (doc/protocol.md sections 1 to 5).  README.md beside this file names for each step the function of
 * qarbd/core that it stands for, and what was left out.
 *
 * Bounds and variants, by -D:
 *   LEADERS  nodes that may stand for election: 0 .. LEADERS-1 (2 or 3)
 *   BALLOTS  ballots each of them may begin
 *   KMAX     proposals within one ballot; the first is the current value
 *   RING1, RING2  member masks of the rings that can follow ring 0, which is all nodes
 *   RESTARTS restarts of the deciding process, of all nodes together
 *   SILENCES times that X may pass for a node, of all nodes together
 *   DEAD     mask of nodes whose deciding process has died: they write nothing, their vote counts on
 *   EMPTY    begin with the value of disk init, else with ring 0 granted to all and everybody casting
 *   ONE_CASTS  that grant holds node 2 alone
 *   DOWNWARD  a read takes the slots from the highest to the lowest; ANY_ORDER  in any order
 *   SUBSETS  the leader may take for dead or unfit any of the nodes that report the winning view
 *   no_second_read, no_pending, restart_cast_none, vote_before_write  deliberate faults
 */

#ifndef LEADERS
#define LEADERS 2
#endif
#ifndef BALLOTS
#define BALLOTS 2
#endif
#ifndef KMAX
#define KMAX 3
#endif
#ifndef RING1
#define RING1 1
#endif
#ifndef RING2
#define RING2 6
#endif
#ifndef RESTARTS
#define RESTARTS 1
#endif
#ifndef SILENCES
#define SILENCES 1
#endif

#ifndef DEAD
#define DEAD 0
#endif

#define NODES 3
#define ALL 7
#define BIT(i) (1 << (i))

/* A ballot is (counter, node), in one number that keeps their order; 0: none. */
#define BALLOT_MAX (LEADERS * BALLOTS)
#define COUNTER(b) (((b) + LEADERS - 1) / LEADERS)
#define BALLOT_AFTER(b, node) (COUNTER(b) * LEADERS + (node) + 1)

/* A proposal is (ballot, k), likewise; 0: what the disk shows in the beginning. */
#define NUMBER(b, k) (((b) - 1) * KMAX + (k))
#define BALLOT_OF(n) (((n) + KMAX - 1) / KMAX)
#define IS_LAST(n) ((n) % KMAX == 0)
#define NUMBERS (BALLOT_MAX * KMAX + 1)

/* A value is {grant: number, ring, set; pending}. Whoever proposes (b, k) gives it one value for
 * good, so slots hold the number and the values are in one table. */
#define RING_NONE 3
#define VALUE(number, ring, set, pending) \
	((number) | ((ring) << 6) | ((set) << 8) | ((pending) << 11))
#define GRANT_NUMBER(v) ((v) & 63)
#define GRANT_RING(v) (((v) >> 6) & 3)
#define GRANT_SET(v) (((v) >> 8) & ALL)
#define PENDING(v) (((v) >> 11) & ALL)
#define OLD(v) (GRANT_SET(v) | PENDING(v))

/* cast, the published and the newest polled grant: its number + 1; 0: none. */
#define CAST_UNKNOWN 63
#define NAMED(n) ((n) + 1)

#define MEMBERS(ring) ((ring) == 0 -> ALL : ((ring) == 1 -> RING1 : RING2))

/* lead */
#define NONE 0
#define PREPARE 1
#define COMMIT 2
#define STEADY 3

/* What everything begins with. */
#ifdef EMPTY
#define FIRST_VALUE VALUE(0, RING_NONE, 0, ALL)
#define FIRST_CAST CAST_UNKNOWN
#define FIRST 0
#define FIRST_PAIR 0
#else
#define FIRST_VALUE VALUE(0, 0, (BIT(2) | (FIRST_PAIR * 3)), 0)
#define FIRST_CAST NAMED(0)
#define FIRST 1 /* the grant above, accepted, published and counted */
#ifdef ONE_CASTS
#define FIRST_PAIR 0
#else
#define FIRST_PAIR 1
#endif
#endif

typedef slot {
	unsigned mbal : 4;
	unsigned bal : 6;
	unsigned cast : 6 = FIRST_CAST;
	unsigned view : 2;
	unsigned silent : 1; /* shown unchanged for X: the node is certainly not casting */
}

slot disk[NODES];
short value[NUMBERS] = FIRST_VALUE;
bit yes[NODES] = { FIRST_PAIR, FIRST_PAIR, FIRST }; /* votequorum counts a yes of this node */
byte newest = FIRST; /* the newest grant because of which a yes was polled */
byte restarts = RESTARTS;
byte silences = SILENCES;

byte view[NODES];

#define CASTING (yes[0] | (yes[1] << 1) | (yes[2] << 2))

/* S1: everybody who casts is inside the set of the newest grant that was polled for, and counts in a
 * ring that shares a member with that grant's ring. */
#define MEETS(i, v) (!yes[i] || (MEMBERS(view[i]) & MEMBERS(GRANT_RING(v))) != 0)
#define S1 \
	(newest == 0 || \
	 ((CASTING & ~GRANT_SET(value[newest - 1])) == 0 && MEETS(0, value[newest - 1]) && \
	  MEETS(1, value[newest - 1]) && MEETS(2, value[newest - 1])))

/* cast of slot j is none, or of a grant first proposed at or after the value of this leader; or X. */
#define STOPPED(j, v) \
	(disk[j].silent || disk[j].cast == 0 || \
	 (disk[j].cast != CAST_UNKNOWN && disk[j].cast >= NAMED(GRANT_NUMBER(v))))

#define NAMES_ME(v) ((GRANT_SET(v) & BIT(me)) != 0 && GRANT_RING(v) == view[me])
#define ACCEPTED value[accepted - 1]
#define ACCEPTED_NAMES_ME (accepted != 0 && NAMES_ME(ACCEPTED))

/* cast_clear() */
#define MAY_CLEAR (cast != 0 && !granted && !ACCEPTED_NAMES_ME)

/* What the read of this beat can be good for; the rest is not remembered, so that states meet. */
#define START_PENDING \
	(!granted && cast != 0 && ACCEPTED_NAMES_ME && cast == NAMED(GRANT_NUMBER(ACCEPTED)))
#define MAY_STAND (me < LEADERS && BALLOT_AFTER(mbal, me) <= BALLOT_MAX)
#ifdef no_second_read
#define WANTS_MBAL true
#else
#define WANTS_MBAL (lead != NONE || candidate != 0 || START_PENDING || MAY_STAND)
#endif
#define WANTS_BAL(n) (lead == PREPARE || (n) + 1 > accepted)

/* A beat that neither writes nor can learn anything new is left out (README.md says why it may). */
#define NEW_BLOCK \
	(disk[me].mbal != mbal || disk[me].bal != bal || disk[me].cast != cast || \
	 disk[me].view != view[me])
#define NEW_BAL \
	(disk[0].bal + 1 > accepted || disk[1].bal + 1 > accepted || disk[2].bal + 1 > accepted)
#define NEW_MBAL_AT(j) (disk[j].mbal > mbal && disk[j].mbal > read_mbal)
#define NEW_MBAL \
	((lead != NONE || MAY_STAND) && (NEW_MBAL_AT(0) || NEW_MBAL_AT(1) || NEW_MBAL_AT(2)))
#define USEFUL (NEW_BLOCK || NEW_BAL || NEW_MBAL || START_PENDING || DECIDES)

/* submit_write() */
inline write()
{
	disk[me].mbal = mbal;
	disk[me].bal = bal;
	disk[me].cast = cast;
	disk[me].view = view[me];
	disk[me].silent = 0;
	stale = 0;
	unread = ALL & ~BIT(me);
	read_mbal = (WANTS_MBAL -> mbal : 0);
	read_bal = (WANTS_BAL(bal) -> bal : 0);
	read_view = 0;
	read_stopped = 0;
	note(me)
}

/* What only a leader looks at in slot j. */
inline note(j)
{
	if
	:: lead >= COMMIT ->
		read_view = read_view | (disk[j].view << (2 * (j)));
		if
		:: STOPPED(j, value[bal]) -> read_stopped = read_stopped | BIT(j)
		:: else
		fi
	:: else
	fi
}

inline read(j)
{
	if
	:: disk[j].mbal > read_mbal && WANTS_MBAL -> read_mbal = disk[j].mbal
	:: else
	fi;
	if
	:: disk[j].bal > read_bal && WANTS_BAL(disk[j].bal) -> read_bal = disk[j].bal
	:: else
	fi;
	note(j);
	unread = unread & ~BIT(j);
	if
	:: unread == 0 -> complete()
	:: else
	fi
}

inline accept(n)
{
	if
	:: accepted < (n) + 1 -> accepted = (n) + 1
	:: else
	fi
}

/* register_read(), then cast_beat(); grant_run() and election_run() come with the next write. */
inline complete()
{
#ifdef no_second_read
	if
	:: read_mbal <= BALLOT_OF(read_bal) -> accept(read_bal)
	:: else
	fi;
#endif
	if
	:: candidate != 0 && read_mbal <= BALLOT_OF(candidate - 1) -> accept(candidate - 1)
	:: else
	fi;
	candidate = (read_bal + 1 > accepted -> read_bal + 1 : 0);
	if
	:: lead != NONE && read_mbal > mbal -> lead = NONE
	:: lead == PREPARE && read_mbal <= mbal -> commit_current()
	:: lead == COMMIT && read_mbal <= mbal ->
		lead = STEADY;
		accept(bal);
		candidate = (candidate > accepted -> candidate : 0)
	:: else
	fi;
	cast_beat();
	/* What nobody asks for any more shall not make states differ. */
	if
	:: lead != STEADY || IS_LAST(bal) -> read_view = 0; read_stopped = 0
	:: else
	fi;
	if
	:: lead != NONE || me >= LEADERS || BALLOT_AFTER(read_mbal, me) > BALLOT_MAX ->
		read_mbal = 0
	:: else
	fi;
	read_bal = 0;
	stale = 0
}

inline commit_current()
{
	bal = NUMBER(mbal, 1);
	value[bal] = value[read_bal];
#ifdef EMPTY
	if
	:: read_bal == 0 -> value[bal] = VALUE(bal, RING_NONE, 0, ALL)
	:: else
	fi;
#endif
	lead = COMMIT
}

inline cast_beat()
{
	if
	:: ACCEPTED_NAMES_ME -> start()
	:: else -> granted = 0
	fi
}

/* What is published may be polled at any later moment, so it counts from now on. */
inline yes_polled()
{
	yes[me] = 1;
	if
	:: newest < NAMED(GRANT_NUMBER(ACCEPTED)) -> newest = NAMED(GRANT_NUMBER(ACCEPTED))
	:: else
	fi;
	assert(S1)
}

inline start()
{
#ifdef vote_before_write
	cast = NAMED(GRANT_NUMBER(ACCEPTED));
	granted = 1;
	yes_polled()
#else
	if
	:: cast != NAMED(GRANT_NUMBER(ACCEPTED)) -> cast = NAMED(GRANT_NUMBER(ACCEPTED))
	:: else ->
		if
		:: !granted && disk[me].cast == cast && !stale &&
		   read_mbal <= BALLOT_OF(accepted - 1) && read_bal <= accepted - 1 ->
			granted = 1
		:: else
		fi
	fi;
	if
	:: granted -> yes_polled()
	:: else
	fi
#endif
}

#define REPORTS(j, r) (((read_view >> (2 * (j))) & 3) == (r))
#define REPORTERS(r) \
	((REPORTS(0, r) -> 1 : 0) | (REPORTS(1, r) -> 2 : 0) | (REPORTS(2, r) -> 4 : 0))
#ifdef SUBSETS
#define MAY_WIN(r, set) (((set) & ~REPORTERS(r)) == 0)
#else
#define MAY_WIN(r, set) ((set) == REPORTERS(r))
#endif
#define IS_DEAD ((DEAD & BIT(me)) != 0)
#define DECIDES (unread == 0 && lead == STEADY && !IS_LAST(bal))
#define V value[bal]
#define LEFT(set) (OLD(V) & ~(set))
/* grow(): who is granted in this ring stays in the set. */
#define GROWN(r, set) ((set) | (GRANT_RING(V) == (r) -> GRANT_SET(V) : 0))

/* propose_grant(): all who may cast are in the new set, or are known to have stopped since the
 * revocation in favour of this ring. */
#ifdef no_pending
#define MAY_GRANT(r, set) true
#else
#define MAY_GRANT(r, set) \
	(LEFT(set) == 0 || \
	 (GRANT_SET(V) == 0 && GRANT_RING(V) == (r) && (LEFT(set) & ~read_stopped) == 0))
#endif
#define NEWS(r, set) (GRANT_SET(V) == 0 || GRANT_RING(V) != (r) || ((set) & ~GRANT_SET(V)) != 0)
#define MAY_REVOKE(r, set) (LEFT(set) != 0 && (GRANT_SET(V) != 0 || GRANT_RING(V) != (r)))

/* hand_over() and grow(), then the write that makes the proposal. */
#define DECIDE(r, set) \
	:: d_step { DECIDES && MAY_WIN(r, set) && NEWS(r, set) && MAY_GRANT(r, GROWN(r, set)) -> \
		value[bal + 1] = VALUE(bal + 1, r, GROWN(r, set), 0); \
		bal = bal + 1; lead = COMMIT; write() } \
	:: d_step { DECIDES && MAY_WIN(r, set) && MAY_REVOKE(r, set) -> \
		value[bal + 1] = VALUE(bal + 1, r, 0, OLD(value[bal])); \
		bal = bal + 1; lead = COMMIT; write() }
#define DECIDE_RING(r) \
	DECIDE(r, 1) DECIDE(r, 2) DECIDE(r, 3) DECIDE(r, 4) DECIDE(r, 5) DECIDE(r, 6) DECIDE(r, 7)

#define VIEW_CHANGES(r) \
	:: d_step { view[me] < (r) && (MEMBERS(r) & BIT(me)) != 0 -> \
		view[me] = (r); granted = 0; stale = (unread != 0); assert(S1) }

#ifdef DOWNWARD
#define IN_ORDER(before, after) ((unread & (after)) == 0)
#elif defined(ANY_ORDER)
#define IN_ORDER(before, after) true
#else
#define IN_ORDER(before, after) ((unread & (before)) == 0)
#endif

active [NODES] proctype node()
{
	/* what the deciding process remembers */
	unsigned mbal : 4, bal : 6, cast : 6 = (_pid == 2 -> FIRST : FIRST_PAIR);
	unsigned accepted : 6 = FIRST, candidate : 6; /* number + 1; 0: none */
	unsigned lead : 2;
	bit granted = (_pid == 2 -> FIRST : FIRST_PAIR);
	/* the beat: slots not read yet, and what was found; stale: begun before the last stop */
	unsigned unread : 3, read_mbal : 4, read_bal : 6, read_view : 6, read_stopped : 3;
	bit stale;
	byte me = _pid;

end:	do
	/* a beat: the write, then the other slots one by one (IN_ORDER) */
	:: d_step { !IS_DEAD && unread == 0 && USEFUL -> write() }
	:: d_step { (unread & 1) != 0 && IN_ORDER(0, 6) -> read(0) }
	:: d_step { (unread & 2) != 0 && IN_ORDER(1, 4) -> read(1) }
	:: d_step { (unread & 4) != 0 && IN_ORDER(3, 0) -> read(2) }
	/* register_lead(), then the write that says so */
	:: d_step { !IS_DEAD && unread == 0 && lead == NONE && me < LEADERS &&
		    BALLOT_AFTER((read_mbal > mbal -> read_mbal : mbal), me) <= BALLOT_MAX ->
		mbal = BALLOT_AFTER((read_mbal > mbal -> read_mbal : mbal), me);
		lead = PREPARE;
		write() }
	DECIDE_RING(0)
	DECIDE_RING(1)
	DECIDE_RING(2)
	/* the same when the voter polled "no" and it was reported, or D has passed */
	:: d_step { !IS_DEAD && unread == 0 && MAY_CLEAR -> yes[me] = 0; cast = 0; write() }
	VIEW_CHANGES(1)
	VIEW_CHANGES(2)
	/* X passed since the last write of this node, so its hold and D passed too */
	:: d_step { silences > 0 && !disk[me].silent ->
		silences--;
		disk[me].silent = 1;
		granted = 0; yes[me] = 0;
		stale = (unread != 0) }
	/* the deciding process restarts: what the slot says is carried over, the voter lives on */
	:: d_step { !IS_DEAD && restarts > 0 ->
		restarts--;
		mbal = disk[me].mbal; bal = disk[me].bal; cast = disk[me].cast;
		accepted = 0; candidate = 0; lead = NONE;
		granted = 0;
		unread = 0; read_mbal = 0; read_bal = 0; read_view = 0; read_stopped = 0; stale = 0;
#ifdef restart_cast_none
		cast = 0
#endif
		}
	od
}

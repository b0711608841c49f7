/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: everything that can be made to happen. */
#ifndef QARB_SIM_OP_H
#define QARB_SIM_OP_H

/* What a fault, a story's line or a directed pattern does. */
enum op {
	OP_RANDOM,
	OP_PATTERN,
	OP_SPLIT, /* param: seed of a random partition of the network */
	OP_MERGE,
	OP_RESPLIT, /* the same, of a network that merges just now */
	OP_FLAP,    /* a node's link goes and comes */
	OP_APART,   /* two nodes do not hear each other, the others hear both */
	OP_POWER_OFF,
	OP_POWER_ON,
	OP_KILL, /* param: process */
	OP_KILL_ALL,
	OP_START,
	OP_STOP,     /* param: process + 8 * ms */
	OP_STOP_ALL, /* param: ms, of this and of those below */
	OP_FREEZE,
	OP_CS_RESTART, /* starts again after ms */
	OP_HANG_IPC,
	OP_LEAVE,
	OP_STALL_NODE,
	OP_STALL_ALL,
	OP_PATH_ERROR,
	OP_PATH_HANG,
	OP_WRITE_FAULT, /* param: enum write_fault */
	OP_HELLO_LOST,
	OP_DELAY_INSTALL,
	OP_WEIGHT, /* param: the node's workload */
	OP_UNFIT,  /* its heuristics fail for ms; 0: they are well again */
	OP_RANDOM_LAST = OP_UNFIT,
	OP_ISOLATE,   /* this node can talk to nobody */
	OP_APART_NOW, /* param: node | other << 8 | where the rest is << 16 */
	OP_PATH_LOST, /* for good */
	OP_STAND,     /* the split that stands while others die */
	OP_BACK,      /* nothing happens: who was to have its quorum back has it */
	OP_CS_LEAVE,  /* late.v is cut off, corosync says goodbye, starts after ms */
	OP_RELOAD,    /* the corosync.conf of this node has longer times: param, enum longer */
	OP_DEVICE,    /* its quorum.device is not configured for ms */
	OP_ROUGH,     /* rough_day() */
	OP_LIST,      /* from here: of the node list, config.c */
	OP_ENLIST,
	OP_ENTER,
	OP_RETIRE,
	OP_DELIST,
	OP_DISK_SAVE, /* spoil.c: what the disk holds ... */
	OP_DISK_BACK, /* ... is there again */
	OP_SLOT_BACK, /* ... of this node alone */
	OP_ROT,	      /* its slot does not verify: param, enum rot */
	/* of stories only: scene.c */
	OP_INSTALL,   /* the daemon, where there was none */
	OP_SLOW,      /* param: ms that every answer of its disk comes late */
	OP_READ_ONLY, /* param: ms in which its writes fail */
	OP_MAINTENANCE,
	OP_FENCING, /* param: 0: stonith-enabled is false */
	OP_TAPE,    /* faults of a tape are due */
	OP_SUSPEND, /* param: ms */
	OP_PAUSE,   /* param: ms */
	OP_FORGET,  /* the sequence of its rings is lost when its corosync ends */
	OP_HOOK,    /* what pattern_late_member() places around the next ring */
	OP_COUNT
};

/* Which copies of a slot. */
enum rot { ROT_BOTH, ROT_NEWER, ROT_OLDER };

/* A node stands still.  What else does? */
enum still {
	STILL_FROZEN,	 /* nothing: it is given no time */
	STILL_SUSPENDED, /* CLOCK_MONOTONIC, and so votequorum's timer */
	STILL_PAUSED,	 /* a guest: CLOCK_BOOTTIME as well */
};

#endif

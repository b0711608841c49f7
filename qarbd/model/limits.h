/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: sizes that every room agrees on.  All memory of the deciding process follows from them. */
#ifndef QARB_MODEL_LIMITS_H
#define QARB_MODEL_LIMITS_H

/* Less than 64 in one build alone: the simulator's long runs of small clusters copy less then.  Its
 * disks have a format of their own. */
#ifndef QARB_NODES_MAX
#define QARB_NODES_MAX 64
#endif

enum {
	/* nodes of a cluster, slots of a disk; a set of slots is a uint64_t */
	NODES_MAX = QARB_NODES_MAX,
	ARBITERS_MAX = 7, /* arbiters of a cluster */
	POISON_MAX = 16,  /* orders one node has outstanding */
	NAME_SIZE = 64,	  /* arbiter, cluster, label and node names with their NUL */
	UUID_SIZE = 16,
	SLOT_NONE = 255, /* "no slot index" in a uint8_t */
};

#endif

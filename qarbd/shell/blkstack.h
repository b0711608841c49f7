/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: what a block device is built on.  A quorum disk must be one place for all nodes, and must
 * not need quorum itself; some drivers between the name and the storage break that.
 */
#ifndef QARB_SHELL_BLKSTACK_H
#define QARB_SHELL_BLKSTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From harmless to worst. */
enum blkstack_kind {
	BLKSTACK_PLAIN, /* disks, partitions, multipath, encryption, loop devices */
	BLKSTACK_LVM,	/* works, but whoever moves or snapshots the volume moves the quorum disk */
	BLKSTACK_ZRAM,	/* memory of this node */
	BLKSTACK_MD,	/* members and bitmaps are each node's own */
	BLKSTACK_BCACHE,     /* a cache that the other nodes do not see */
	BLKSTACK_DRBD,	     /* a replica, which follows; and it wants quorum or fencing itself */
	BLKSTACK_LVM_SHARED, /* a lock manager activates it, which waits for quorum */
	BLKSTACK_COUNT
};

enum { BLKSTACK_NAME_SIZE = 64 };

struct blkstack {
	enum blkstack_kind kind;       /* the worst that was found */
	char name[BLKSTACK_NAME_SIZE]; /* the kernel's name of the device that is it */
};

/* Walk from a device down to all that it is made of.
 * in: root, in front of /sys and /dev: "" but in tests; dev, the device number of blkdev_inspect().
 * out: s; BLKSTACK_PLAIN also where sysfs says nothing.  May block: it reads the headers of
 * physical volumes. */
void blkstack_look(const char *root, uint64_t dev, struct blkstack *s);

/* Must a quorum disk not be on it? */
bool blkstack_refused(enum blkstack_kind kind);

/* returns: what it is and why it matters, as the end of a sentence that begins with its name. */
const char *blkstack_text(enum blkstack_kind kind);

/* Does the LVM metadata at the beginning of a physical volume name a lock manager?
 * in: the first size bytes of the volume. */
bool blkstack_lvm_is_shared(const uint8_t *start, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: block devices, and regular files in their place (laboratories).  All I/O goes past the
 * page cache and is durable when it returns: O_DIRECT and O_DSYNC, with buffers of blkdev_buffer().
 * Every call may block for as long as the device likes.
 */
#ifndef QARB_SHELL_BLKDEV_H
#define QARB_SHELL_BLKDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/headwire.h"

enum {
	BLKDEV_ALIGN = 4096, /* of buffers, offsets and sizes */
	BLKDEV_PATH_SIZE = 256,
};

/* Where a regular file lies. */
enum blkdev_home {
	BLKDEV_HOME_LOCAL,
	BLKDEV_HOME_NFS,
	BLKDEV_HOME_SHARED, /* another network or cluster filesystem, or one in user space */
};

struct blkdev_facts {
	uint64_t size;
	uint64_t dev;	       /* device number: of the device itself, or of a file's filesystem */
	uint32_t block_size;   /* logical; of a file BLKDEV_ALIGN */
	bool regular;	       /* a regular file */
	enum blkdev_home home; /* of a regular file */
	bool readonly;
};

/* Where a call ends with RC_IO errno says more.
 *
 * Open for reading and writing, or for reading alone.
 * out: fd, for the caller to close.
 * returns: RC_OK | RC_NOTFOUND | RC_REFUSED: not permitted, or read-only | RC_BUSY: somebody holds
 * it exclusively | RC_BADVALUE: neither a block device nor a regular file, or it takes no O_DIRECT
 * | RC_IO. */
RC_MUST_CHECK enum rc blkdev_open(const char *path, int *fd);
RC_MUST_CHECK enum rc blkdev_open_reading(const char *path, int *fd);

/* Is it in use as a mounted filesystem, swap, or part of a device-mapper or md device, whatever the
 * mount namespace?  returns: RC_OK: no | RC_BUSY: yes | as blkdev_open(). */
RC_MUST_CHECK enum rc blkdev_check_unused(const char *path);

/* The same, and keep others from mounting it and from holding it as long as the descriptor is open;
 * others that just open it are not kept from that.  A regular file is held against other holders.
 * out: fd, for the caller to close; -1 unless RC_OK.  returns: as blkdev_check_unused(). */
RC_MUST_CHECK enum rc blkdev_hold(const char *path, int *fd);

/* returns: RC_OK | RC_BADVALUE | RC_IO. */
RC_MUST_CHECK enum rc blkdev_inspect(int fd, struct blkdev_facts *facts);

/* in: f_type of statfs(2). */
enum blkdev_home blkdev_home_of(uint64_t f_type);

/* Whole blocks at a multiple of BLKDEV_ALIGN.  returns: RC_OK | RC_TOOSMALL: beyond the end |
 * RC_IO. */
RC_MUST_CHECK enum rc blkdev_read(int fd, void *buffer, size_t size, uint64_t offset);
RC_MUST_CHECK enum rc blkdev_write(int fd, const void *buffer, size_t size, uint64_t offset);

/* returns: size bytes for blkdev_read() and blkdev_write(), zeroed, to be freed with free(); NULL
 * when there is no memory. */
void *blkdev_buffer(size_t size);

/* Read and choose the header.  returns: as headwire_choose(), RC_TOOSMALL, RC_IO. */
RC_MUST_CHECK enum rc blkdev_read_header(int fd, struct disk_header *h);

/* The most lasting name of a block device: out: path, from /dev/disk/by-id where there is one.
 * returns: RC_OK | RC_NOTFOUND: no by-id name. */
RC_MUST_CHECK enum rc blkdev_by_id(uint64_t dev, char *path, size_t size);

struct blkdev_seen {
	const char *path;
	const char
		*wwid; /* the device's own name, whatever the path to it; empty if it tells none */
	const struct disk_header *header;
};

/* Look at every block device that is not part of another one (multipath) and is large enough.
 * in: root, in front of /sys and /dev: "" but in tests.
 * `see` gets each that holds a header; the walk ends when it returns false. */
typedef bool blkdev_see(void *context, const struct blkdev_seen *d);
void blkdev_scan(const char *root, blkdev_see *see, void *context);

/* Paths to one device are one disk; a copy of it, such as a snapshot, is another.
 * in: root, as above.
 * out: path of the device whose header has this label, size bytes.
 * returns: RC_OK | RC_NOTFOUND | RC_BUSY: two disks have it; the second is in `other`. */
RC_MUST_CHECK enum rc blkdev_find_label(const char *root, const char *label, char *path,
					char *other, size_t size);

#endif

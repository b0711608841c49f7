/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/blkstack.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "shell/blkdev.h"

enum {
	STACK_DEVICES_MAX = 64,
	STACK_PATH_SIZE = 512,
	LVM_LOOK_SIZE = 1024 * 1024, /* label, header and the usual first metadata area */
	LVM_SECTOR = 512,
	LVM_LABEL_SECTORS = 4,
	LVM_LOCATIONS_MAX = 16,
};

bool blkstack_refused(enum blkstack_kind kind)
{
	return kind > BLKSTACK_LVM;
}

const char *blkstack_text(enum blkstack_kind kind)
{
	switch (kind) {
	case BLKSTACK_PLAIN:
		return "a plain device";
	case BLKSTACK_LVM:
		return "an LVM volume: a snapshot, a move or a conversion of it stops the vote, "
		       "and "
		       "every node must have it active";
	case BLKSTACK_ZRAM:
		return "zram, memory of this node alone: no other node can share it";
	case BLKSTACK_MD:
		return "an MD array: its nodes do not agree on which member is in it";
	case BLKSTACK_BCACHE:
		return "bcache: what is in a cache of this node the others do not see";
	case BLKSTACK_DRBD:
		return "DRBD, a replica: in a split each side has its own";
	case BLKSTACK_LVM_SHARED:
		return "an LVM volume shared by lvmlockd: it is there only when there is quorum, "
		       "which it is to give";
	case BLKSTACK_COUNT:
		break;
	}
	return "?";
}

/* ---- LVM's metadata, as far as the lock manager's name ---- */

static uint64_t le64(const uint8_t *p)
{
	uint64_t value = 0;

	for (unsigned int i = 8; i > 0; i--)
		value = value << 8 | p[i - 1];
	return value;
}

/* The header of a physical volume is named by a label in one of the first sectors.
 * returns: its offset, 0 if there is none. */
static size_t lvm_header(const uint8_t *start, size_t size)
{
	for (size_t at = 0; at < (size_t)LVM_LABEL_SECTORS * LVM_SECTOR; at += LVM_SECTOR) {
		uint32_t offset;

		if (at + LVM_SECTOR > size)
			break;
		if (memcmp(start + at, "LABELONE", 8) != 0 ||
		    memcmp(start + at + 24, "LVM2 001", 8) != 0)
			continue;
		offset = (uint32_t)le64(start + at + 20);
		return offset < LVM_SECTOR ? at + offset : 0;
	}
	return 0;
}

/* Behind uuid and size of the header are two lists of (offset, size), each ended by zeros: data,
 * then metadata.  returns: offset of the first metadata area, 0 if it is not within size. */
static size_t lvm_metadata(const uint8_t *start, size_t size)
{
	size_t at = lvm_header(start, size);
	bool data = true;

	if (at == 0)
		return 0;
	at += 40;
	for (unsigned int i = 0; i < LVM_LOCATIONS_MAX && at + 16 <= size; i++, at += 16) {
		uint64_t offset = le64(start + at);

		if (data) {
			data = offset != 0;
			continue;
		}
		return size >= LVM_SECTOR && offset <= size - LVM_SECTOR ? (size_t)offset : 0;
	}
	return 0;
}

/* Is it text with a lock_type other than none?  The text is circular: it may go on behind the
 * area's own header. */
static bool lvm_text_is_shared(const uint8_t *area, size_t area_size, size_t from, size_t size)
{
	static const char key[] = "lock_type = \"";
	static const char none[] = "none\"";
	size_t matched = 0, compared = 0;
	bool value = false, differs = false;

	for (size_t i = 0; i < size; i++) {
		size_t at = from + i;
		char c;

		if (at >= area_size)
			at = at - area_size + LVM_SECTOR;
		if (at >= area_size)
			return false;
		c = (char)area[at];
		if (value) {
			differs = differs || c != none[compared];
			if (c == '"')
				return differs;
			if (compared + 1 < sizeof(none) - 1)
				compared++;
			continue;
		}
		matched = c == key[matched] ? matched + 1 : c == key[0] ? 1 : 0;
		value = key[matched] == 0;
	}
	return false;
}

bool blkstack_lvm_is_shared(const uint8_t *start, size_t size)
{
	size_t at = lvm_metadata(start, size);
	uint64_t area_size;
	uint64_t from;
	uint64_t text_size;

	if (at == 0 || memcmp(start + at + 4, " LVM2 x[5A%r0N*>", 16) != 0)
		return false;
	area_size = le64(start + at + 32);
	from = le64(start + at + 40);
	text_size = le64(start + at + 48);
	if (area_size > size - at)
		area_size = size - at;
	if (from < LVM_SECTOR || from >= area_size || text_size > area_size)
		return false;
	return lvm_text_is_shared(start + at, (size_t)area_size, (size_t)from, (size_t)text_size);
}

/* ---- the walk ---- */

struct walk {
	const char *root;
	char name[STACK_DEVICES_MAX][BLKSTACK_NAME_SIZE];
	bool below_lvm[STACK_DEVICES_MAX];
	unsigned int count;
	struct blkstack *found;
};

static void walk_add(struct walk *w, const char *name, bool below_lvm)
{
	for (unsigned int i = 0; i < w->count; i++) {
		if (strcmp(w->name[i], name) == 0)
			return;
	}
	if (w->count == STACK_DEVICES_MAX || strlen(name) >= BLKSTACK_NAME_SIZE)
		return;
	(void)snprintf(w->name[w->count], BLKSTACK_NAME_SIZE, "%s", name);
	w->below_lvm[w->count++] = below_lvm;
}

static void walk_found(struct walk *w, enum blkstack_kind kind, const char *name)
{
	if (kind <= w->found->kind)
		return;
	w->found->kind = kind;
	(void)snprintf(w->found->name, sizeof(w->found->name), "%s", name);
}

static bool sys_path(const struct walk *w, const char *name, const char *what, char *path)
{
	return snprintf(path, STACK_PATH_SIZE, "%s/sys/class/block/%s/%s", w->root, name, what) <
	       STACK_PATH_SIZE;
}

static bool sys_has(const struct walk *w, const char *name, const char *what)
{
	char path[STACK_PATH_SIZE];

	return sys_path(w, name, what, path) && access(path, F_OK) == 0;
}

static bool is_lvm(const struct walk *w, const char *name)
{
	char path[STACK_PATH_SIZE];
	char uuid[8] = "";
	FILE *f;

	if (!sys_path(w, name, "dm/uuid", path))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	if (!fgets(uuid, sizeof(uuid), f))
		uuid[0] = 0;
	(void)fclose(f);
	return strncmp(uuid, "LVM-", 4) == 0;
}

static bool is_shared_volume(const struct walk *w, const char *name)
{
	char path[STACK_PATH_SIZE];
	uint8_t *start;
	bool shared = false;
	int fd;

	if (snprintf(path, sizeof(path), "%s/dev/%s", w->root, name) >= (int)sizeof(path) ||
	    blkdev_open_reading(path, &fd) != RC_OK)
		return false;
	start = blkdev_buffer(LVM_LOOK_SIZE);
	if (start && blkdev_read(fd, start, LVM_LOOK_SIZE, 0) == RC_OK)
		shared = blkstack_lvm_is_shared(start, LVM_LOOK_SIZE);
	free(start);
	(void)close(fd);
	return shared;
}

static enum blkstack_kind kind_by_name(const struct walk *w, const char *name)
{
	if (strncmp(name, "drbd", 4) == 0)
		return BLKSTACK_DRBD;
	/* A backing device of a cache has this folder too. */
	if (strncmp(name, "bcache", 6) == 0 || sys_has(w, name, "bcache"))
		return BLKSTACK_BCACHE;
	if (strncmp(name, "zram", 4) == 0)
		return BLKSTACK_ZRAM;
	return sys_has(w, name, "md") ? BLKSTACK_MD : BLKSTACK_PLAIN;
}

/* A partition is made of the disk whose folder its own is in. */
static void walk_to_disk(struct walk *w, const char *name, bool below_lvm)
{
	char path[STACK_PATH_SIZE];
	char real[PATH_MAX];
	char *end;

	if (!sys_has(w, name, "partition") || !sys_path(w, name, "", path) || !realpath(path, real))
		return;
	end = strrchr(real, '/');
	if (!end)
		return;
	*end = 0;
	end = strrchr(real, '/');
	if (end)
		walk_add(w, end + 1, below_lvm);
}

static void walk_to_slaves(struct walk *w, const char *name, bool below_lvm)
{
	char path[STACK_PATH_SIZE];
	const struct dirent *entry;
	DIR *dir;

	if (!sys_path(w, name, "slaves", path))
		return;
	dir = opendir(path);
	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			walk_add(w, entry->d_name, below_lvm);
	}
	(void)closedir(dir);
}

void blkstack_look(const char *root, uint64_t dev, struct blkstack *s)
{
	struct walk w = { .root = root, .found = s };
	char path[STACK_PATH_SIZE];
	char real[PATH_MAX];
	const char *base;

	memset(s, 0, sizeof(*s));
	(void)snprintf(path, sizeof(path), "%s/sys/dev/block/%u:%u", root, major(dev), minor(dev));
	if (!realpath(path, real))
		return;
	base = strrchr(real, '/');
	walk_add(&w, base ? base + 1 : real, false);
	/* What is added meanwhile is walked too. */
	for (unsigned int i = 0; i < w.count; i++) {
		const char *name = w.name[i];
		bool lvm = is_lvm(&w, name);

		walk_found(&w, lvm ? BLKSTACK_LVM : kind_by_name(&w, name), name);
		if (!lvm && w.below_lvm[i] && is_shared_volume(&w, name))
			walk_found(&w, BLKSTACK_LVM_SHARED, name);
		walk_to_disk(&w, name, lvm || w.below_lvm[i]);
		walk_to_slaves(&w, name, lvm || w.below_lvm[i]);
	}
}

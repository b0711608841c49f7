/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/blkdev.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BY_ID "/dev/disk/by-id"
#define SYS_BLOCK "/sys/class/block"

/* The longest that the kernel writes; a name that does not fit is none. */
enum { BLKDEV_WWID_SIZE = 300 };

static enum rc rc_of_errno(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ENXIO:
	case ENODEV:
	case ENOMEDIUM:
		return RC_NOTFOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return RC_REFUSED;
	case EBUSY:
	case ETXTBSY:
		return RC_BUSY;
	case EINVAL:
	case EISDIR:
		return RC_BADVALUE;
	default:
		return RC_IO;
	}
}

static enum rc open_with(const char *path, int flags, int *fd)
{
	struct stat st;

	*fd = -1;
	/* Looked at first: to open a device that is neither may have effects of its own. */
	if (stat(path, &st) != 0)
		return rc_of_errno(errno);
	if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode))
		return RC_BADVALUE;
	*fd = open(path, flags | O_CLOEXEC);
	return *fd >= 0 ? RC_OK : rc_of_errno(errno);
}

enum rc blkdev_open(const char *path, int *fd)
{
	enum rc rc = open_with(path, O_RDWR | O_DIRECT | O_DSYNC, fd);
	int readonly = 0;

	/* Some kernels open a read-only device for writing, and refuse each write. */
	if (rc == RC_OK && ioctl(*fd, BLKROGET, &readonly) == 0 && readonly != 0) {
		(void)close(*fd);
		rc = RC_REFUSED;
	}
	return rc;
}

enum rc blkdev_open_reading(const char *path, int *fd)
{
	return open_with(path, O_RDONLY | O_DIRECT, fd);
}

enum rc blkdev_hold(const char *path, int *fd)
{
	struct stat st;
	enum rc rc;

	*fd = -1;
	if (stat(path, &st) != 0)
		return rc_of_errno(errno);
	/* The kernel gives a block device exclusively to one holder only: a filesystem (of any
	 * namespace), swap, device-mapper, md.  On a whole disk that counts its partitions too. */
	if (S_ISBLK(st.st_mode))
		return open_with(path, O_RDONLY | O_EXCL, fd);
	/* A network filesystem gives a lock to who may write alone. */
	rc = open_with(path, O_RDWR, fd);
	if (rc == RC_OK && flock(*fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		(void)close(*fd);
		*fd = -1;
		rc = RC_BUSY;
	}
	return rc;
}

enum rc blkdev_check_unused(const char *path)
{
	struct stat st;
	enum rc rc;
	int fd;

	if (stat(path, &st) != 0)
		return rc_of_errno(errno);
	if (!S_ISBLK(st.st_mode))
		return RC_OK;
	rc = blkdev_hold(path, &fd);
	if (rc == RC_OK)
		(void)close(fd);
	return rc;
}

enum blkdev_home blkdev_home_of(uint64_t f_type)
{
	static const uint32_t shared[] = {
		0x0000517b, /* smb */ 0xff534d42,   /* cifs */ 0xfe534d42, /* smb2 */
		0x00c36400, /* ceph */ 0x65735546,  /* fuse */ 0x01021997, /* 9p */
		0x7461636f, /* ocfs2 */ 0x01161970, /* gfs2 */ 0x0bd00bd0, /* lustre */
		0x5346414f, /* afs */ 0x47504653,   /* gpfs */ 0x19830326, /* beegfs */
	};

	if ((uint32_t)f_type == 0x00006969)
		return BLKDEV_HOME_NFS;
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		if ((uint32_t)f_type == shared[i])
			return BLKDEV_HOME_SHARED;
	}
	return BLKDEV_HOME_LOCAL;
}

enum rc blkdev_inspect(int fd, struct blkdev_facts *facts)
{
	struct statfs fs;
	struct stat st;
	int value = 0;

	memset(facts, 0, sizeof(*facts));
	if (fstat(fd, &st) != 0)
		return RC_IO;
	if (S_ISREG(st.st_mode)) {
		if (fstatfs(fd, &fs) != 0)
			return RC_IO;
		facts->regular = true;
		facts->home = blkdev_home_of((uint64_t)fs.f_type);
		facts->size = (uint64_t)st.st_size;
		facts->dev = st.st_dev;
		facts->block_size = BLKDEV_ALIGN;
		return RC_OK;
	}
	if (!S_ISBLK(st.st_mode))
		return RC_BADVALUE;
	facts->dev = st.st_rdev;
	if (ioctl(fd, BLKGETSIZE64, &facts->size) != 0 || ioctl(fd, BLKSSZGET, &value) != 0)
		return RC_IO;
	facts->block_size = (uint32_t)value;
	if (ioctl(fd, BLKROGET, &value) != 0)
		return RC_IO;
	facts->readonly = value != 0;
	return RC_OK;
}

enum rc blkdev_read(int fd, void *buffer, size_t size, uint64_t offset)
{
	ssize_t n;

	do
		n = pread(fd, buffer, size, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EINVAL ? RC_BADVALUE : RC_IO;
	return (size_t)n == size ? RC_OK : RC_TOOSMALL;
}

enum rc blkdev_write(int fd, const void *buffer, size_t size, uint64_t offset)
{
	ssize_t n;

	do
		n = pwrite(fd, buffer, size, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EINVAL ? RC_BADVALUE : RC_IO;
	/* A part of it says no more than that. */
	errno = (size_t)n == size ? errno : EIO;
	return (size_t)n == size ? RC_OK : RC_IO;
}

void *blkdev_buffer(size_t size)
{
	void *buffer = NULL;

	if (posix_memalign(&buffer, BLKDEV_ALIGN, size) != 0)
		return NULL;
	memset(buffer, 0, size);
	return buffer;
}

enum rc blkdev_read_header(int fd, struct disk_header *h)
{
	uint8_t *buffer = blkdev_buffer((size_t)HEADWIRE_COPIES * HEADWIRE_SIZE);
	enum rc rc = RC_IO;

	if (!buffer)
		return rc;
	rc = blkdev_read(fd, buffer, (size_t)HEADWIRE_COPIES * HEADWIRE_SIZE, 0);
	if (rc == RC_OK)
		rc = headwire_choose(buffer, h);
	free(buffer);
	return rc;
}

/* The world wide name is the device's own; device-mapper's uuid names a multipath device as a
 * whole. */
static int by_id_rank(const char *name)
{
	static const char *const best[] = { "dm-uuid-", "wwn-", "nvme-eui.", "scsi-" };
	int count = (int)(sizeof(best) / sizeof(best[0]));

	for (int i = 0; i < count; i++) {
		if (strncmp(name, best[i], strlen(best[i])) == 0)
			return i;
	}
	return count;
}

enum rc blkdev_by_id(uint64_t dev, char *path, size_t size)
{
	DIR *dir = opendir(BY_ID);
	const struct dirent *entry;
	char found[256] = "";

	if (!dir)
		return RC_NOTFOUND;
	while ((entry = readdir(dir)) != NULL) {
		struct stat st;
		int order;

		if (fstatat(dirfd(dir), entry->d_name, &st, 0) != 0 || !S_ISBLK(st.st_mode) ||
		    st.st_rdev != dev)
			continue;
		order = by_id_rank(entry->d_name) - by_id_rank(found);
		if (order == 0)
			order = strcmp(entry->d_name, found);
		if (found[0] == 0 || order < 0)
			(void)snprintf(found, sizeof(found), "%s", entry->d_name);
	}
	(void)closedir(dir);
	if (found[0] == 0 || (size_t)snprintf(path, size, BY_ID "/%s", found) >= size)
		return RC_NOTFOUND;
	return RC_OK;
}

/* in: a name of SYS_BLOCK and an attribute.  out: its line, empty if it is not there. */
static void sys_line(const char *root, const char *name, const char *attribute,
		     char line[BLKDEV_WWID_SIZE])
{
	char path[512];
	FILE *f = NULL;

	line[0] = 0;
	if ((size_t)snprintf(path, sizeof(path), "%s" SYS_BLOCK "/%s/%s", root, name, attribute) <
	    sizeof(path))
		f = fopen(path, "re");
	if (!f)
		return;
	if (!fgets(line, BLKDEV_WWID_SIZE, f) || strlen(line) == BLKDEV_WWID_SIZE - 1)
		line[0] = 0;
	(void)fclose(f);
	line[strcspn(line, "\n")] = 0;
}

/* A partition's folder is in that of its disk: ".." of it is what the partition is a part of.
 * out: number, empty for what is no partition. */
static void sys_partition(const char *root, const char *name, char number[BLKDEV_WWID_SIZE])
{
	sys_line(root, name, "partition", number);
}

/* NVMe has the name of a namespace at the block device, SCSI that of a unit at the device behind
 * it, and device-mapper one for what it has made. */
static void sys_wwid(const char *root, const char *name, char wwid[BLKDEV_WWID_SIZE])
{
	static const char *const places[][2] = { { "wwid", "../wwid" },
						 { "device/wwid", "../device/wwid" },
						 { "dm/uuid", "../dm/uuid" } };
	char number[BLKDEV_WWID_SIZE];
	size_t length;

	wwid[0] = 0;
	sys_partition(root, name, number);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && wwid[0] == 0; i++)
		sys_line(root, name, places[i][number[0] != 0], wwid);
	length = strlen(wwid);
	if (length != 0 && number[0] != 0 &&
	    (size_t)snprintf(wwid + length, BLKDEV_WWID_SIZE - length, "/%s", number) >=
		    BLKDEV_WWID_SIZE - length)
		wwid[0] = 0;
}

static bool sys_has_holder(const char *root, const char *name, const char *folder)
{
	char path[512];
	const struct dirent *entry;
	bool held = false;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s" SYS_BLOCK "/%s/%s", root, name, folder);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			held = true;
	}
	(void)closedir(dir);
	return held;
}

/* Is it one path of a multipath device, or part of another device, or on a disk that is? */
static bool sys_held(const char *root, const char *name)
{
	char number[BLKDEV_WWID_SIZE];

	sys_partition(root, name, number);
	return sys_has_holder(root, name, "holders") ||
	       (number[0] != 0 && sys_has_holder(root, name, "../holders"));
}

/* returns: whether the walk goes on. */
static bool scan_one(const char *root, const char *name, blkdev_see *see, void *context)
{
	struct disk_header h;
	struct blkdev_facts facts;
	char path[BLKDEV_PATH_SIZE];
	char wwid[BLKDEV_WWID_SIZE];
	struct blkdev_seen seen = { path, wwid, &h };
	size_t before = strlen(root) + sizeof("/dev/") - 1;
	enum rc rc;
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/dev/%s", root, name) >= sizeof(path))
		return true;
	/* The kernel writes ! for a / inside a device's name. */
	for (char *p = path + before; *p; p++) {
		if (*p == '!')
			*p = '/';
	}
	sys_line(root, name, "size", wwid);
	if (strtoull(wwid, NULL, 10) * 512 < HEADWIRE_DISK_SIZE || sys_held(root, name))
		return true;
	if (blkdev_open_reading(path, &fd) != RC_OK)
		return true;
	rc = blkdev_inspect(fd, &facts);
	if (rc == RC_OK)
		rc = blkdev_read_header(fd, &h);
	(void)close(fd);
	if (rc != RC_OK && rc != RC_PARTIAL)
		return true;
	sys_wwid(root, name, wwid);
	if (!facts.regular)
		(void)!blkdev_by_id(facts.dev, path, sizeof(path));
	return see(context, &seen);
}

void blkdev_scan(const char *root, blkdev_see *see, void *context)
{
	char path[BLKDEV_PATH_SIZE];
	struct dirent **entry;
	bool more = true;
	int count;

	(void)snprintf(path, sizeof(path), "%s" SYS_BLOCK, root);
	count = scandir(path, &entry, NULL, versionsort);
	for (int i = 0; i < count; i++) {
		if (more && entry[i]->d_name[0] != '.')
			more = scan_one(root, entry[i]->d_name, see, context);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}

struct label_search {
	const char *label;
	char *path;
	char *other;
	size_t size;
	uint8_t uuid[UUID_SIZE];
	char wwid[BLKDEV_WWID_SIZE];
	enum rc rc;
};

static bool see_label(void *context, const struct blkdev_seen *d)
{
	struct label_search *s = context;
	const uint8_t *uuid = d->header->facts.uuid;

	if (strcmp(d->header->label, s->label) != 0)
		return true;
	/* The same device by another path is no second disk.  A copy of it has its UUID, too. */
	if (s->rc == RC_OK && memcmp(s->uuid, uuid, UUID_SIZE) == 0 && s->wwid[0] != 0 &&
	    strcmp(s->wwid, d->wwid) == 0)
		return true;
	if (s->rc == RC_OK) {
		s->rc = RC_BUSY;
		(void)snprintf(s->other, s->size, "%s", d->path);
		return false;
	}
	memcpy(s->uuid, uuid, UUID_SIZE);
	(void)snprintf(s->wwid, sizeof(s->wwid), "%s", d->wwid);
	s->rc = (size_t)snprintf(s->path, s->size, "%s", d->path) < s->size ? RC_OK : RC_NOTFOUND;
	return true;
}

enum rc blkdev_find_label(const char *root, const char *label, char *path, char *other, size_t size)
{
	struct label_search s = {
		.label = label, .path = path, .other = other, .size = size, .rc = RC_NOTFOUND
	};

	blkdev_scan(root, see_label, &s);
	return s.rc;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files in the place of devices, and loop devices for what only a block device can be.  Loop
 * devices need root and /dev/loop-control; tests that need them are skipped without.
 */
#ifndef QARB_TESTS_FIXTURE_DEVICE_H
#define QARB_TESTS_FIXTURE_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/blkdev.h"

static char fixture_folder[200];

static inline void fixture_path(const char *name, char path[BLKDEV_PATH_SIZE])
{
	(void)snprintf(path, BLKDEV_PATH_SIZE, "%s/%s", fixture_folder, name);
}

/* A file of zeros.  out: path. */
static inline bool fixture_file(const char *name, uint64_t size, char path[BLKDEV_PATH_SIZE])
{
	int fd;
	bool ok;

	fixture_path(name, path);
	(void)unlink(path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = ftruncate(fd, (off_t)size) == 0;
	(void)close(fd);
	return ok;
}

/* A folder on a filesystem that takes direct I/O. */
static inline bool fixture_folder_make(void)
{
	const char *const places[] = { getenv("TMPDIR"), "/var/tmp", "/tmp", "build", "." };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[BLKDEV_PATH_SIZE];
		int fd;

		if (!places[i] ||
		    (size_t)snprintf(fixture_folder, sizeof(fixture_folder), "%s/qarb-unit-XXXXXX",
				     places[i]) >= sizeof(fixture_folder))
			continue;
		if (!mkdtemp(fixture_folder))
			continue;
		if (fixture_file("probe", 4096, path) && blkdev_open(path, &fd) == RC_OK) {
			(void)close(fd);
			(void)unlink(path);
			return true;
		}
		(void)unlink(path);
		(void)rmdir(fixture_folder);
	}
	return false;
}

static inline void fixture_folder_remove(const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[BLKDEV_PATH_SIZE];

		fixture_path(names[i], path);
		(void)unlink(path);
	}
	(void)rmdir(fixture_folder);
}

static inline bool fixture_put(const char *path, const void *data, size_t size, uint64_t offset)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && pwrite(fd, data, size, (off_t)offset) == (ssize_t)size;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

/* A loop device over a file, gone when the descriptor is closed.
 * out: path.  returns: the descriptor, -1 if there can be none here. */
static inline int fixture_loop(const char *file, bool readonly, uint32_t block_size,
			       char path[BLKDEV_PATH_SIZE])
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int backing = open(file, (readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	int fd = -1;

	/* Others may take the free number before us. */
	for (int attempt = 0; attempt < 20 && control >= 0 && backing >= 0 && fd < 0; attempt++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);
		struct loop_config config;

		(void)snprintf(path, BLKDEV_PATH_SIZE, "/dev/loop%d", number);
		fd = number < 0 ? -1 : open(path, (readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
		if (fd < 0)
			break;
		memset(&config, 0, sizeof(config));
		config.fd = (uint32_t)backing;
		config.block_size = block_size;
		config.info.lo_flags = LO_FLAGS_AUTOCLEAR | (readonly ? LO_FLAGS_READ_ONLY : 0);
		if (ioctl(fd, LOOP_CONFIGURE, &config) != 0) {
			(void)close(fd);
			fd = -1;
			if (errno != EBUSY)
				break;
		}
	}
	if (control >= 0)
		(void)close(control);
	if (backing >= 0)
		(void)close(backing);
	return fd;
}

#endif

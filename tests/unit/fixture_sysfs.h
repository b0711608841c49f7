/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root folder with a /sys and a /dev of a test's own: folders, texts and links below it. */
#ifndef QARB_TESTS_FIXTURE_SYSFS_H
#define QARB_TESTS_FIXTURE_SYSFS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>

#include "fixture_device.h"

static inline void in_root(const char *what, char path[BLKDEV_PATH_SIZE])
{
	assert_true(snprintf(path, BLKDEV_PATH_SIZE, "%s/%s", fixture_folder, what) <
		    BLKDEV_PATH_SIZE);
}

static inline void folder(const char *what)
{
	char path[BLKDEV_PATH_SIZE];

	in_root(what, path);
	for (char *p = path + strlen(fixture_folder) + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*p = '/';
	}
	assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
}

static inline void text(const char *what, const char *content)
{
	char path[BLKDEV_PATH_SIZE];
	FILE *f;

	in_root(what, path);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(content, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline void link_to(const char *what, const char *target)
{
	char path[BLKDEV_PATH_SIZE];
	char to[BLKDEV_PATH_SIZE];

	in_root(what, path);
	in_root(target, to);
	assert_int_equal(symlink(to, path), 0);
}

static inline int make_root(void **state)
{
	(void)state;
	return fixture_folder_make() ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int remove_root(void **state)
{
	(void)state;
	return nftw(fixture_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crm-snippets/crm.h"

enum { SCRATCH_FILES = 8 };

int scratch_make(char folder[SCRATCH_SIZE])
{
	const char *parent = secure_getenv("TMPDIR");

	if (parent == NULL || parent[0] != '/')
		parent = "/tmp";
	if (strlen(parent) + sizeof("/qarb-crm.XXXXXX") + 30 > SCRATCH_SIZE) {
		crm_say("TMPDIR is too long");
		folder[0] = 0;
		return CRM_FAILED;
	}
	(void)snprintf(folder, SCRATCH_SIZE, "%s/qarb-crm.XXXXXX", parent);
	if (mkdtemp(folder) != NULL)
		return CRM_DONE;
	crm_say("%s: %s", folder, strerror(errno));
	folder[0] = 0;
	return CRM_FAILED;
}

const char *scratch_path(const char folder[SCRATCH_SIZE], const char *name, char path[SCRATCH_SIZE])
{
	if (snprintf(path, SCRATCH_SIZE, "%s/%s", folder, name) >= SCRATCH_SIZE)
		abort();
	return path;
}

static int remove_one(const char *path, const struct stat *unused, int type, struct FTW *place)
{
	(void)unused;
	(void)type;
	(void)place;
	return remove(path);
}

void scratch_remove(const char folder[SCRATCH_SIZE])
{
	if (folder[0] != 0 &&
	    nftw(folder, remove_one, SCRATCH_FILES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0)
		crm_say("%s cannot be removed (%s): copies of the CIB are in it", folder,
			strerror(errno));
}

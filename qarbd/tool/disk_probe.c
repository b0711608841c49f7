/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <blkid/blkid.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tool/disk.h"

static void want_everything(blkid_probe probe)
{
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE |
							 BLKID_SUBLKS_MAGIC);
	blkid_probe_enable_partitions(probe, 1);
	blkid_probe_set_partitions_flags(probe, BLKID_PARTS_MAGIC);
}

static void describe(blkid_probe probe, char *what, size_t size)
{
	const char *type = "";
	const char *usage = "";

	if (blkid_probe_lookup_value(probe, "PTTYPE", &type, NULL) == 0) {
		(void)snprintf(what, size, "a %s partition table", type);
		return;
	}
	(void)blkid_probe_lookup_value(probe, "TYPE", &type, NULL);
	(void)blkid_probe_lookup_value(probe, "USAGE", &usage, NULL);
	if (strcmp(usage, "filesystem") == 0)
		(void)snprintf(what, size, "a filesystem (%s)", type);
	else
		(void)snprintf(what, size, "a signature (%s)", type);
}

enum rc disk_probe_look(const char *device, char *what, size_t size)
{
	blkid_probe probe = blkid_new_probe_from_filename(device);
	int found;

	what[0] = 0;
	if (!probe)
		return RC_IO;
	want_everything(probe);
	found = blkid_do_probe(probe);
	if (found == 0)
		describe(probe, what, size);
	blkid_free_probe(probe);
	if (found == 0)
		return RC_BUSY;
	return found == 1 ? RC_OK : RC_IO;
}

enum rc disk_probe_wipe(const char *device)
{
	blkid_probe probe = blkid_new_probe();
	int fd = open(device, O_RDWR | O_CLOEXEC);
	enum rc rc = RC_IO;
	int found;

	if (!probe || fd < 0 || blkid_probe_set_device(probe, fd, 0, 0) != 0)
		goto out;
	want_everything(probe);
	while ((found = blkid_do_probe(probe)) == 0) {
		if (blkid_do_wipe(probe, 0) != 0)
			goto out;
	}
	if (found == 1 && fsync(fd) == 0)
		rc = RC_OK;
out:
	if (fd >= 0)
		(void)close(fd);
	if (probe)
		blkid_free_probe(probe);
	return rc;
}

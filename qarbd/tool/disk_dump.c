/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/blkdev.h"
#include "tool/disk.h"
#include "tool/disk_show.h"
#include "wire/slotwire.h"

static const char command[] = "dump";

/* in: disk, HEADWIRE_DISK_SIZE bytes with header h.  out: s, which slots there are and what they
 * say.  A slot that is not mapped and all zero is not there. */
static void read_slots(const uint8_t *disk, const struct disk_header *h, struct disk_slots *s)
{
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		const uint8_t *blocks = disk + headwire_slot_offset(h, i, 0);
		struct disk_slot *one = &s->slot[i];
		struct slot ignored;
		uint64_t fingerprint;

		for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++)
			one->copy_rc[copy] = slotwire_decode(blocks + (size_t)copy * SLOTWIRE_SIZE,
							     h->facts.uuid, i, copy, &ignored);
		(void)!slotwire_choose(blocks, h->facts.uuid, i, &one->read, &fingerprint);
		one->there = (i < h->facts.map.count && h->facts.map.node_id[i] != 0) ||
			     one->copy_rc[0] != RC_BADMAGIC || one->copy_rc[1] != RC_BADMAGIC;
	}
}

static int dump(const char *device, enum disk_output output)
{
	static struct disk_slots slots;
	struct disk_header h;
	uint8_t *disk = blkdev_buffer(HEADWIRE_DISK_SIZE);
	int exit_code = DISK_EXIT_DONE;
	int fd = -1;
	enum rc rc;

	if (!disk)
		return disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	rc = blkdev_open_reading(device, &fd);
	if (rc == RC_OK)
		rc = blkdev_read(fd, disk, HEADWIRE_DISK_SIZE, 0);
	if (rc != RC_OK) {
		exit_code = disk_refuse_rc(rc, command, device);
		goto out;
	}
	rc = headwire_choose(disk, &h);
	if (rc != RC_OK && rc != RC_PARTIAL) {
		exit_code = disk_refuse(DISK_EXIT_FAILED, command, device, "no quorum disk: %s",
					disk_content_why(disk, rc));
		goto out;
	}
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		struct disk_header ignored;

		slots.header_rc[copy] = headwire_decode(disk + (size_t)copy * HEADWIRE_SIZE, copy,
							&ignored);
	}
	read_slots(disk, &h, &slots);
	if (output == DISK_OUTPUT_JSON)
		disk_show_json(&h, &slots);
	else
		disk_show_text(&h, &slots);
out:
	if (fd >= 0)
		(void)close(fd);
	free(disk);
	return exit_code;
}

int disk_dump_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output-as", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	enum disk_output output = DISK_OUTPUT_TEXT;
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (c == 'h') {
			disk_usage(stdout);
			return DISK_EXIT_DONE;
		}
		if (c == '?')
			return disk_refuse(DISK_EXIT_USAGE, command, NULL,
					   "unknown option, or one without its value: %s",
					   argv[optind - 1]);
		if (!disk_output_parse(optarg, &output))
			return disk_refuse(DISK_EXIT_USAGE, command, NULL,
					   "'%s': known is --output-as=text or json",
					   argv[optind - 1]);
	}
	if (optind + 1 != argc)
		return disk_refuse(DISK_EXIT_USAGE, command, NULL, "one DEVICE is needed");
	return dump(argv[optind], output);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/blkdev.h"
#include "tool/disk.h"
#include "tool/disk_json.h"

static const char command[] = "list";

struct list {
	enum disk_output output;
	struct disk_json json;
	unsigned count;
};

static void show(struct list *l, const char *path, const struct disk_header *h)
{
	char uuid[DISK_UUID_TEXT_SIZE];

	disk_uuid_text(h->facts.uuid, uuid);
	if (l->output == DISK_OUTPUT_JSON) {
		disk_json_open(&l->json, NULL, '{');
		disk_json_text(&l->json, "label", h->label);
		disk_json_text(&l->json, "cluster", h->cluster_name);
		disk_json_text(&l->json, "device", path);
		disk_json_text(&l->json, "uuid", uuid);
		disk_json_number(&l->json, "nodes", h->facts.map.count);
		disk_json_bool(&l->json, "lab", h->lab);
		disk_json_close(&l->json, '}');
	} else {
		if (l->count == 0)
			(void)printf("%-16s %-16s %-36s %5s %s\n", "LABEL", "CLUSTER", "UUID",
				     "NODES", "DEVICE");
		(void)printf("%-16s %-16s %-36s %5u %s%s\n", h->label,
			     h->cluster_name[0] ? h->cluster_name : "-", uuid, h->facts.map.count,
			     path, h->lab ? " (laboratory)" : "");
	}
	l->count++;
}

static bool show_seen(void *context, const struct blkdev_seen *d)
{
	show(context, d->path, d->header);
	return true;
}

/* in: head, the header's two copies.  returns: the exit code of this one device. */
static int show_open(struct list *l, const char *path, int fd, uint8_t *head)
{
	struct blkdev_facts facts;
	struct disk_header h;
	enum rc rc = blkdev_inspect(fd, &facts);

	if (rc == RC_OK)
		rc = blkdev_read(fd, head, HEADWIRE_SLOT_OFFSET, 0);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, path);
	rc = headwire_choose(head, &h);
	if (rc != RC_OK && rc != RC_PARTIAL)
		return disk_refuse(DISK_EXIT_FAILED, command, path, "no quorum disk: %s",
				   disk_content_why(head, rc));
	if (facts.size < HEADWIRE_DISK_SIZE)
		return disk_refuse(DISK_EXIT_FAILED, command, path,
				   "cut off: %llu bytes, a quorum disk has %d",
				   (unsigned long long)facts.size, HEADWIRE_DISK_SIZE);
	show(l, path, &h);
	return DISK_EXIT_DONE;
}

static int show_named(struct list *l, const char *path)
{
	uint8_t *head;
	int exit_code;
	enum rc rc;
	int fd;

	rc = blkdev_open_reading(path, &fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, path);
	head = blkdev_buffer(HEADWIRE_SLOT_OFFSET);
	exit_code = head ? show_open(l, path, fd, head)
			 : disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	free(head);
	(void)close(fd);
	return exit_code;
}

int disk_list_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output-as", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct list l;
	int exit_code = DISK_EXIT_DONE;
	int c;

	memset(&l, 0, sizeof(l));
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
		if (!disk_output_parse(optarg, &l.output))
			return disk_refuse(DISK_EXIT_USAGE, command, NULL,
					   "'%s': known is --output-as=text or json",
					   argv[optind - 1]);
	}
	if (optind == argc && geteuid() != 0)
		return disk_refuse(DISK_EXIT_NOT_PERMITTED, command, NULL,
				   "not permitted to read block devices: this needs root");
	if (l.output == DISK_OUTPUT_JSON) {
		disk_json_begin(&l.json, stdout);
		disk_json_open(&l.json, NULL, '{');
		disk_json_open(&l.json, "disks", '[');
	}
	if (optind == argc)
		blkdev_scan("", show_seen, &l);
	for (int i = optind; i < argc; i++) {
		int one = show_named(&l, argv[i]);

		if (one != DISK_EXIT_DONE)
			exit_code = one;
	}
	if (l.output == DISK_OUTPUT_JSON) {
		disk_json_close(&l.json, ']');
		disk_json_close(&l.json, '}');
		disk_json_end(&l.json);
	} else if (l.count == 0 && optind == argc) {
		(void)puts("no quorum disk found");
	}
	return exit_code;
}

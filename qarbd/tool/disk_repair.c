/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: `qarbctl disk repair`: the one command that writes what others wrote (doc/protocol.md S4).
 */
#include "tool/disk_repair.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "model/timing.h"
#include "shell/blkdev.h"
#include "tool/disk.h"

enum { BYTES_SHOWN = 64, LOOKS_PER_INTERVAL = 2, LOOK_MS_MIN = 20, LOOK_MS_MAX = 500 };

static const char command[] = "repair";

struct repair {
	const char *device;
	bool header;
	bool clear;
	uint32_t node_id;
	bool confirmed;
	bool all_stopped;
	int fd;
	struct disk_header h;
	struct disk_repair_found found;
	uint8_t *now;  /* HEADWIRE_DISK_SIZE bytes */
	uint8_t *then; /* the same */
};

static int usage(const char *text, const char *word)
{
	(void)fprintf(stderr, "qarbctl disk repair: %s%s (see qarbctl disk --help)\n", text, word);
	return DISK_EXIT_USAGE;
}

static bool parse_node(struct repair *r, const char *text)
{
	unsigned long long id;
	char *end;

	errno = 0;
	id = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != 0 || errno != 0 || id == 0 || id > UINT32_MAX)
		return false;
	r->clear = true;
	r->node_id = (uint32_t)id;
	return true;
}

static int parse_options(struct repair *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "header", no_argument, NULL, 'H' },
		{ "clear-slot", required_argument, NULL, 'c' },
		{ "confirm", no_argument, NULL, 'y' },
		{ "all-nodes-stopped", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	if (!disk_written_out(command, argc, argv, "--confirm", "--all-nodes-stopped"))
		return DISK_EXIT_USAGE;
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h') {
			disk_usage(stdout);
			return -1;
		}
		if (c == '?')
			return usage("unknown option, or one without its value: ",
				     argv[optind - 1]);
		if (c == 'c' && !parse_node(r, optarg))
			return usage("--clear-slot: a node id above 0: ", optarg);
		r->header = r->header || c == 'H';
		r->confirmed = r->confirmed || c == 'y';
		r->all_stopped = r->all_stopped || c == 'a';
	}
	if ((r->confirmed || r->all_stopped) && !r->clear)
		return usage("--confirm and --all-nodes-stopped are for --clear-slot", "");
	if (r->header && r->clear)
		return usage("--header and --clear-slot are two steps: the header first", "");
	if (optind + 1 != argc)
		return usage(optind == argc ? "which DEVICE?" : "one DEVICE only: ",
			     optind == argc ? "" : argv[optind + 1]);
	r->device = argv[optind];
	return DISK_EXIT_DONE;
}

static const uint8_t *block_of(const struct repair *r, const uint8_t *disk, uint32_t slot_index,
			       uint32_t copy)
{
	return disk + headwire_slot_offset(&r->h, slot_index, copy);
}

static enum rc verify(const struct repair *r, const uint8_t *disk, uint32_t slot_index,
		      uint32_t copy)
{
	struct slot ignored;

	return slotwire_decode(block_of(r, disk, slot_index, copy), r->h.facts.uuid, slot_index,
			       copy, &ignored);
}

/* Given to a node that was added later and has not come yet. */
static bool unwritten(const struct repair *r, const uint8_t *disk, uint32_t slot_index)
{
	return r->h.facts.map.node_id[slot_index] == 0 && verify(r, disk, slot_index, 1) != RC_OK &&
	       slotwire_blank(block_of(r, disk, slot_index, 0));
}

static bool rotten(const struct repair *r, const uint8_t *disk, uint32_t slot_index)
{
	return !unwritten(r, disk, slot_index) && verify(r, disk, slot_index, 0) != RC_OK &&
	       verify(r, disk, slot_index, 1) != RC_OK;
}

/* ---- the report ---- */

static int report(const struct repair *r)
{
	const struct slot_map *map = &r->found.map;
	uint32_t bad = 0;

	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		struct disk_header ignored;
		enum rc rc = headwire_decode(r->now + (size_t)copy * HEADWIRE_SIZE, copy, &ignored);

		if (rc == RC_OK)
			continue;
		bad++;
		if (r->h.version != HEADWIRE_VERSION)
			(void)printf("header copy %u: %s: a disk of format %u: only a program of "
				     "that format mends its header\n",
				     copy, rc_text(rc), r->h.version);
		else
			(void)printf("header copy %u: %s: --header writes it anew from the other\n",
				     copy, rc_text(rc));
	}
	for (uint32_t i = 0; i < map->count; i++) {
		enum rc a = verify(r, r->now, i, 0);
		enum rc b = verify(r, r->now, i, 1);

		if (map->node_id[i] == 0 || (a == RC_OK && b == RC_OK))
			continue;
		if (unwritten(r, r->now, i)) {
			if (!bytes_all_zero(block_of(r, r->now, i, 1), SLOTWIRE_SIZE))
				(void)printf("slot %u of node %u: its first block does not verify "
					     "(%s): a blank slot; where daemons say "
					     "disk-shows-an-older-state they have seen that block "
					     "whole: start all daemons anew\n",
					     i, map->node_id[i], rc_text(b));
			continue;
		}
		if (a == RC_OK || b == RC_OK) {
			(void)printf("slot %u of node %u: copy %u: %s: its owner mends it with its "
				     "next writes, nothing to do\n",
				     i, map->node_id[i], a == RC_OK ? 1U : 0U,
				     rc_text(a == RC_OK ? b : a));
			continue;
		}
		bad++;
		(void)printf("slot %u of node %u: no copy verifies (%s; %s): a daemon that ran "
			     "before mends it by itself; of a node that is dead, or whose daemon "
			     "says own-slot-unreadable: --clear-slot %u\n",
			     i, map->node_id[i], rc_text(a), rc_text(b), map->node_id[i]);
	}
	if (bad != 0)
		return DISK_EXIT_FAILED;
	(void)printf("%s: quorum disk '%s': nothing to repair\n", r->device, r->h.label);
	return DISK_EXIT_DONE;
}

/* ---- the header ---- */

static int repair_header(struct repair *r)
{
	uint32_t good = 0;
	uint32_t bad = 0;
	uint32_t count = 0;
	enum rc rc;

	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		if (headwire_decode(r->now + (size_t)copy * HEADWIRE_SIZE, copy, &r->h) == RC_OK) {
			good = copy;
			count++;
		} else {
			bad = copy;
		}
	}
	if (count == HEADWIRE_COPIES) {
		(void)printf("%s: both copies of the header are good\n", r->device);
		return DISK_EXIT_DONE;
	}
	if (headwire_decode(r->now + (size_t)good * HEADWIRE_SIZE, good, &r->h) != RC_OK)
		return disk_refuse(DISK_EXIT_FAILED, command, r->device, "no header left");
	/* What this program does not know of the format it would write away. */
	if (r->h.version != HEADWIRE_VERSION)
		return disk_refuse(DISK_EXIT_FAILED, command, r->device,
				   "a disk of format %u: this program writes format %d: mend its "
				   "header with a later one",
				   r->h.version, HEADWIRE_VERSION);
	headwire_encode(&r->h, bad, r->then);
	rc = blkdev_write(r->fd, r->then, HEADWIRE_SIZE, (uint64_t)bad * HEADWIRE_SIZE);
	if (rc == RC_OK)
		rc = blkdev_read(r->fd, r->now, HEADWIRE_SIZE, (uint64_t)bad * HEADWIRE_SIZE);
	if (rc == RC_OK && memcmp(r->now, r->then, HEADWIRE_SIZE) != 0)
		rc = RC_BADSUM;
	if (rc != RC_OK)
		return disk_refuse(DISK_EXIT_FAILED, command, r->device,
				   "header copy %u could not be written: %s", bad,
				   disk_rc_text(rc));
	(void)printf("%s: header copy %u written anew from copy %u\n", r->device, bad, good);
	return DISK_EXIT_DONE;
}

/* ---- a slot ---- */

static void show_rotten(const struct repair *r, uint32_t slot_index)
{
	(void)printf("%s: quorum disk '%s', slot %u of node %u\n", r->device, r->h.label,
		     slot_index, r->node_id);
	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++) {
		const uint8_t *p = block_of(r, r->now, slot_index, copy);

		(void)printf("copy %u at byte %llu: %s\n", copy,
			     (unsigned long long)headwire_slot_offset(&r->h, slot_index, copy),
			     rc_text(verify(r, r->now, slot_index, copy)));
		for (uint32_t i = 0; i < BYTES_SHOWN; i++)
			(void)printf("%s%02x%s", i % 16 == 0 ? "  " : "", p[i],
				     i % 16 == 15 ? "\n" : " ");
	}
	(void)fflush(stdout);
}

/* The owner must be out of the ring; where nothing tells who is in it, the operator answers for
 * all.  The ring of another cluster says nothing of the nodes of this disk, and that it runs here
 * says that this is the wrong machine or the wrong disk. */
static int check_ring(const struct repair *r)
{
	struct disk_ring ring;
	enum rc rc = disk_ring_ask(r->node_id, &ring);

	if (ring.runs && strcmp(ring.cluster_name, r->h.cluster_name) != 0)
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "this node's corosync is of cluster '%s', the disk of '%s': run "
				   "this on a node of that cluster",
				   ring.cluster_name, r->h.cluster_name);
	if (rc != RC_OK)
		return r->all_stopped
			       ? DISK_EXIT_DONE
			       : disk_refuse(
					 DISK_EXIT_UNSAFE, command, r->device,
					 "no corosync here tells whether node %u is in its ring: "
					 "run this on a member, or stop every node and give "
					 "--all-nodes-stopped",
					 r->node_id);
	if (ring.joined)
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "node %u is in corosync's ring: a daemon that ran before mends "
				   "its slot by itself; where it says own-slot-unreadable, stop "
				   "corosync on node %u, clear the slot from here, and start both "
				   "there again",
				   r->node_id, r->node_id);
	return DISK_EXIT_DONE;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* While the slot does not verify no node completes a beat, so that after X of it nobody casts a
 * grant of this disk, not even one that this command cannot see. */
static int watch(struct repair *r, uint32_t slot_index)
{
	uint64_t x_ms = timing_x_ms(&r->found.times);
	uint64_t look_ms = r->found.times.interval_ms / LOOKS_PER_INTERVAL;
	uint64_t end_ms = now_ms() + x_ms;
	size_t offset = (size_t)headwire_slot_offset(&r->h, slot_index, 0);
	struct timespec pause;

	look_ms = look_ms < LOOK_MS_MIN ? LOOK_MS_MIN : look_ms;
	look_ms = look_ms > LOOK_MS_MAX ? LOOK_MS_MAX : look_ms;
	pause = (struct timespec){ 0, (long)look_ms * 1000000 };
	(void)printf("watching it for X = %llu ms\n", (unsigned long long)x_ms);
	(void)fflush(stdout);
	for (;;) {
		/* The last look begins when X is over. */
		bool last = now_ms() >= end_ms;
		enum rc rc = blkdev_read(r->fd, r->then + offset,
					 (size_t)SLOTWIRE_COPIES * SLOTWIRE_SIZE, offset);

		if (rc != RC_OK)
			return disk_refuse_rc(rc, command, r->device);
		if (memcmp(r->then + offset, r->now + offset,
			   (size_t)SLOTWIRE_COPIES * SLOTWIRE_SIZE) != 0)
			return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
					   "slot %u changed: node %u runs", slot_index, r->node_id);
		if (last)
			return DISK_EXIT_DONE;
		(void)nanosleep(&pause, NULL);
	}
}

static int write_slot(struct repair *r, uint32_t slot_index)
{
	size_t offset = (size_t)headwire_slot_offset(&r->h, slot_index, 0);
	size_t size = (size_t)SLOTWIRE_COPIES * SLOTWIRE_SIZE;
	struct slot s;
	enum rc rc;

	/* Others may have led meanwhile: what is found must be what is there now. */
	rc = blkdev_read(r->fd, r->now, HEADWIRE_DISK_SIZE, 0);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, r->device);
	if (memcmp(r->now + offset, r->then + offset, size) != 0)
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "slot %u changed: node %u runs", slot_index, r->node_id);
	disk_repair_find(r->now, &r->h, &r->found);
	if (slot_map_find(&r->found.map, r->node_id) != slot_index)
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "the slot map changed: node %u has another slot now",
				   r->node_id);
	disk_repair_make(&r->found, r->node_id, (uint64_t)time(NULL), &s);
	for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++)
		slotwire_encode(&s, r->h.facts.uuid, slot_index, copy,
				r->then + offset + (size_t)copy * SLOTWIRE_SIZE);
	rc = blkdev_write(r->fd, r->then + offset, size, offset);
	if (rc == RC_OK)
		rc = blkdev_read(r->fd, r->now + offset, size, offset);
	if (rc == RC_OK && memcmp(r->now + offset, r->then + offset, size) != 0)
		rc = RC_BADSUM;
	if (rc != RC_OK)
		return disk_refuse(DISK_EXIT_FAILED, command, r->device,
				   "slot %u could not be written: %s", slot_index,
				   disk_rc_text(rc));
	(void)printf("slot %u of node %u cleared: nothing granted, all nodes pending, ballot "
		     "%llu.%u\n",
		     slot_index, r->node_id, (unsigned long long)s.mbal.counter, s.mbal.node_id);
	return DISK_EXIT_DONE;
}

static int clear_slot(struct repair *r)
{
	uint32_t slot_index = slot_map_find(&r->found.map, r->node_id);
	int exit_code;

	if (slot_index == SLOT_NONE)
		return disk_refuse(DISK_EXIT_FAILED, command, r->device,
				   "node %u has no slot on this disk", r->node_id);
	if (!rotten(r, r->now, slot_index))
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "slot %u of node %u verifies: only a rotten one is cleared",
				   slot_index, r->node_id);
	show_rotten(r, slot_index);
	exit_code = check_ring(r);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code;
	if (!r->confirmed)
		return disk_refuse(DISK_EXIT_UNSAFE, command, r->device,
				   "nothing was changed: --confirm clears this slot, when node %u "
				   "is dead",
				   r->node_id);
	exit_code = watch(r, slot_index);
	/* It may have joined while it was watched. */
	if (exit_code == DISK_EXIT_DONE)
		exit_code = check_ring(r);
	return exit_code == DISK_EXIT_DONE ? write_slot(r, slot_index) : exit_code;
}

static int repair(struct repair *r)
{
	bool writes = r->header || (r->clear && r->confirmed);
	int exit_code;
	enum rc rc;

	rc = writes ? blkdev_open(r->device, &r->fd) : blkdev_open_reading(r->device, &r->fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, r->device);
	rc = blkdev_read(r->fd, r->now, HEADWIRE_DISK_SIZE, 0);
	if (rc == RC_OK && writes)
		rc = blkdev_check_unused(r->device);
	if (rc != RC_OK) {
		exit_code = disk_refuse_rc(rc, command, r->device);
	} else {
		rc = headwire_choose(r->now, &r->h);
		if (disk_content_two(r->now))
			exit_code = disk_refuse(DISK_EXIT_UNSAFE, command, r->device, "%s",
						disk_content_why(r->now, rc));
		else if (rc != RC_OK && rc != RC_PARTIAL)
			exit_code = disk_refuse(DISK_EXIT_FAILED, command, r->device,
						"no copy of a header verifies (%s): nothing to "
						"repair from, see qarbctl disk init",
						rc_text(rc));
		else if (r->header)
			exit_code = repair_header(r);
		else {
			disk_repair_find(r->now, &r->h, &r->found);
			exit_code = r->clear ? clear_slot(r) : report(r);
		}
	}
	(void)close(r->fd);
	return exit_code;
}

int disk_repair_main(int argc, char **argv)
{
	struct repair r;
	int exit_code;

	memset(&r, 0, sizeof(r));
	exit_code = parse_options(&r, argc, argv);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code < 0 ? DISK_EXIT_DONE : exit_code;
	r.now = blkdev_buffer(HEADWIRE_DISK_SIZE);
	r.then = blkdev_buffer(HEADWIRE_DISK_SIZE);
	exit_code = r.now && r.then ? repair(&r)
				    : disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	free(r.now);
	free(r.then);
	return exit_code;
}

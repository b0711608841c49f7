/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "model/timing.h"
#include "shell/blkdev.h"
#include "shell/blkstack.h"
#include "shell/config.h"
#include "tool/disk.h"
#include "wire/slotwire.h"

enum {
	INTERVAL_MS_UNKNOWN = 1000, /* of a disk whose slots say none */
	INTERVALS_WATCHED = 3,
	WATCH_SAID_MS = 2000, /* a longer wait is explained */
};

static const char command[] = "init";
static const char config_otherwise[] = "/etc/corosync/corosync.conf";

struct init {
	const char *device;
	const char *config;
	const char *label;
	const char *cluster;
	const char *nodes;
	bool force;
	bool while_running;
	bool lab;
	bool timings_given;
	struct disk_header header;
	int hold_fd;  /* -1: not held yet */
	uint8_t *now; /* HEADWIRE_DISK_SIZE bytes: what is there */
	uint8_t *then;
};

static int usage(const char *text, const char *word)
{
	(void)fprintf(stderr, "qarbctl disk init: %s%s (see qarbctl disk --help)\n", text, word);
	return DISK_EXIT_USAGE;
}

/* returns: -1: help was asked for. */
static int parse_options(struct init *i, int argc, char **argv)
{
	static const struct option options[] = {
		{ "label", required_argument, NULL, 'l' },
		{ "cluster", required_argument, NULL, 'c' },
		{ "nodes", required_argument, NULL, 'n' },
		{ "config", required_argument, NULL, 'f' },
		{ "force", no_argument, NULL, 'F' },
		{ "while-running", no_argument, NULL, 'W' },
		{ "lab", no_argument, NULL, 'L' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	if (!disk_written_out(command, argc, argv, "--force", "--while-running"))
		return DISK_EXIT_USAGE;
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			i->label = optarg;
			break;
		case 'c':
			i->cluster = optarg;
			break;
		case 'n':
			i->nodes = optarg;
			break;
		case 'f':
			i->config = optarg;
			break;
		case 'F':
			i->force = true;
			break;
		case 'W':
			i->while_running = true;
			break;
		case 'L':
			i->lab = true;
			break;
		case 'h':
			disk_usage(stdout);
			return -1;
		default:
			return usage("unknown option, or one without its value: ",
				     argv[optind - 1]);
		}
	}
	if (!i->label)
		return usage("--label NAME is needed", "");
	if (!headwire_label_allowed(i->label))
		return usage(
			"--label: at most 63 letters, digits, '.', '_' or '-', the first a letter "
			"or digit: ",
			i->label);
	if (optind + 1 != argc)
		return usage(optind == argc ? "which DEVICE?" : "one DEVICE only: ",
			     optind == argc ? "" : argv[optind + 1]);
	i->device = argv[optind];
	return DISK_EXIT_DONE;
}

static bool parse_nodes(const char *text, struct members *m)
{
	memset(m, 0, sizeof(*m));
	for (;;) {
		unsigned long long id;
		char *end;

		errno = 0;
		id = strtoull(text, &end, 10);
		if (text[0] < '0' || text[0] > '9' || errno != 0 || id == 0 || id > UINT32_MAX ||
		    (*end != 0 && *end != ','))
			return false;
		if (members_contain(m, (uint32_t)id) || !members_add(m, (uint32_t)id))
			return false;
		if (*end == 0)
			return true;
		text = end + 1;
	}
}

/* Everything of the header but its UUID and time, from the options and corosync.conf. */
static int fill_header(struct init *i)
{
	struct disk_header *h = &i->header;
	const char *path = i->config ? i->config : config_otherwise;
	struct disk_defaults d;
	char error[2 * CONFIG_LINE_SIZE];
	/* What the options say need not be in the file. */
	bool required = i->config || !i->cluster || !i->nodes;
	enum rc rc = disk_defaults_read(path, required, &d, error, sizeof(error));

	if (rc != RC_OK)
		return disk_refuse(rc == RC_REFUSED ? DISK_EXIT_NOT_PERMITTED : DISK_EXIT_FAILED,
				   command, NULL, "%s", error);
	if (i->nodes && !parse_nodes(i->nodes, &d.nodes))
		return usage("--nodes: up to 64 different node ids above 0, with commas between: ",
			     i->nodes);
	if (d.nodes.count == 0)
		return disk_refuse(DISK_EXIT_FAILED, command, NULL,
				   "%s: no nodelist: give --nodes ID,...", path);
	/* A name that would break the line is not shown. */
	if (i->cluster && !config_copy_name(d.cluster_name, sizeof(d.cluster_name), i->cluster))
		return usage("--cluster: up to 63 characters without blanks: ",
			     strpbrk(i->cluster, "\r\n") ? "" : i->cluster);
	memset(h, 0, sizeof(*h));
	h->version = HEADWIRE_VERSION;
	h->version_oldest = HEADWIRE_VERSION;
	(void)snprintf(h->label, sizeof(h->label), "%s", i->label);
	(void)snprintf(h->cluster_name, sizeof(h->cluster_name), "%s", d.cluster_name);
	h->block_size = HEADWIRE_BLOCK_SIZE;
	h->slot_offset = HEADWIRE_SLOT_OFFSET;
	h->lab = i->lab;
	h->facts.slot_count = NODES_MAX;
	h->facts.timings = d.timings;
	i->timings_given = d.timings_given;
	h->facts.map.count = d.nodes.count;
	memcpy(h->facts.map.node_id, d.nodes.node_id, sizeof(h->facts.map.node_id));
	return DISK_EXIT_DONE;
}

static int check_stack(const struct init *i, uint64_t dev)
{
	struct blkstack s;

	blkstack_look("", dev, &s);
	if (blkstack_refused(s.kind))
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device, "%s is %s", s.name,
				   blkstack_text(s.kind));
	if (s.kind != BLKSTACK_PLAIN)
		(void)fprintf(stderr, "qarbctl disk init: warning: %s: %s is %s\n", i->device,
			      s.name, blkstack_text(s.kind));
	return DISK_EXIT_DONE;
}

/* What no option overrides. */
static int check_device(struct init *i, int fd)
{
	struct blkdev_facts facts;
	enum rc rc = blkdev_inspect(fd, &facts);

	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, i->device);
	if (facts.regular && facts.home == BLKDEV_HOME_SHARED)
		return disk_refuse(
			DISK_EXIT_UNSAFE, command, i->device,
			"a file on a network or cluster filesystem other than NFS: what it "
			"promises of "
			"writes is not known, and some need the quorum that they would give");
	if (facts.regular && facts.home == BLKDEV_HOME_NFS && i->lab)
		return disk_refuse(DISK_EXIT_USAGE, command, i->device,
				   "a file on NFS: --lab is for local files");
	if (facts.regular && facts.home == BLKDEV_HOME_NFS)
		(void)fprintf(
			stderr,
			"qarbctl disk init: warning: %s: a file on NFS is experimental: it was "
			"never tested what a write is worth there when server or network fail\n",
			i->device);
	else if (facts.regular && !i->lab)
		return disk_refuse(
			DISK_EXIT_UNSAFE, command, i->device,
			"a regular file, which no other node can share (--lab allows it, for "
			"laboratories)");
	if (!facts.regular && i->lab)
		return disk_refuse(DISK_EXIT_USAGE, command, i->device,
				   "a block device: --lab is for regular files");
	if (facts.readonly)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device, "read-only");
	if (facts.block_size != 512 && facts.block_size != 4096)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device,
				   "logical block size %u: only 512 and 4096 are supported",
				   facts.block_size);
	if (facts.size < HEADWIRE_DISK_SIZE)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device,
				   "too small: %llu bytes, a quorum disk needs %d",
				   (unsigned long long)facts.size, HEADWIRE_DISK_SIZE);
	/* From here to the end: of two that begin at once, the second finds what the first made. */
	rc = blkdev_hold(i->device, &i->hold_fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, i->device);
	return facts.regular ? DISK_EXIT_DONE : check_stack(i, facts.dev);
}

static uint8_t *block_of(uint8_t *disk, uint32_t slot_index, uint32_t copy)
{
	return disk + HEADWIRE_SLOT_OFFSET + (size_t)(slot_index * 2 + copy) * HEADWIRE_BLOCK_SIZE;
}

/* libblkid knows neither sbd nor those who keep their data on the bare device. */
static int check_unknown(const struct init *i)
{
	size_t at = 0;

	if (disk_content_sbd(i->now))
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device,
				   "holds an sbd device (--force overwrites it)");
	while (at < HEADWIRE_DISK_SIZE && i->now[at] == 0)
		at++;
	if (at < HEADWIRE_DISK_SIZE)
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device,
				   "holds data of an unknown kind, at byte %zu (--force overwrites "
				   "it)",
				   at);
	return DISK_EXIT_DONE;
}

/* What --force overrides. */
static int check_content(const struct init *i)
{
	struct disk_header h;
	char what[100];
	enum rc rc = headwire_choose(i->now, &h);

	if (rc == RC_OK || rc == RC_PARTIAL) {
		if (i->force)
			return DISK_EXIT_DONE;
		if (strcmp(h.cluster_name, i->header.cluster_name) != 0)
			return disk_refuse(
				DISK_EXIT_UNSAFE, command, i->device,
				"quorum disk '%s' of another cluster, '%s' (--force overwrites it)",
				h.label, h.cluster_name);
		return disk_refuse(
			DISK_EXIT_UNSAFE, command, i->device,
			"already quorum disk '%s' of this cluster (--force overwrites it)",
			h.label);
	}
	if (rc == RC_BADVERSION && !i->force)
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device,
				   "quorum disk of a later format (--force overwrites it)");
	if (disk_content_remains(i->now) && !i->force)
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device,
				   "quorum disk with a damaged header (--force overwrites it)");
	rc = disk_probe_look(i->device, what, sizeof(what));
	if (rc == RC_BUSY && !i->force)
		return disk_refuse(DISK_EXIT_UNSAFE, command, i->device,
				   "holds %s (--force overwrites it)", what);
	if (rc == RC_IO)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device,
				   "cannot be searched for filesystems");
	return i->force ? DISK_EXIT_DONE : check_unknown(i);
}

/* The longest interval of any slot that is there.  returns: 0 if none is.  A block is believed to
 * be of its own disk: the header may be the part that was lost. */
static uint32_t longest_interval_ms(uint8_t *disk)
{
	uint32_t longest = 0;

	for (uint32_t n = 0; n < NODES_MAX * 2; n++) {
		const uint8_t *block = block_of(disk, n / 2, n % 2);
		struct slot s;
		uint32_t interval_ms = INTERVAL_MS_UNKNOWN;

		if (memcmp(block, "QARBSLOT", 8) != 0)
			continue;
		if (slotwire_decode(block, block + 16, n / 2, n % 2, &s) == RC_OK)
			interval_ms = s.timings.interval_ms;
		if (interval_ms > longest)
			longest = interval_ms;
		if (longest == 0)
			longest = 1;
	}
	return longest;
}

static void sleep_ms(uint64_t ms)
{
	struct timespec t = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* A slot that changes belongs to a node that uses the disk now: --force alone is not enough. */
static int check_silent(struct init *i, int fd)
{
	uint64_t wait_ms = longest_interval_ms(i->now);
	struct disk_header h;
	enum rc rc;

	if (wait_ms == 0 || i->while_running)
		return DISK_EXIT_DONE;
	rc = headwire_choose(i->now, &h);
	if ((rc == RC_OK || rc == RC_PARTIAL) && h.facts.timings.interval_ms > wait_ms)
		wait_ms = h.facts.timings.interval_ms;
	/* No daemon beats more slowly, whatever a slot says. */
	if (wait_ms > DEAD_MS_MAX / 3)
		wait_ms = DEAD_MS_MAX / 3;
	/* A node that starts may not have written its interval yet. */
	wait_ms = wait_ms * INTERVALS_WATCHED + INTERVALS_WATCHED * 50;
	if (wait_ms > WATCH_SAID_MS)
		(void)fprintf(stderr, "qarbctl disk init: %s: watching its slots for %llu ms\n",
			      i->device, (unsigned long long)wait_ms);
	sleep_ms(wait_ms);
	rc = blkdev_read(fd, i->then, HEADWIRE_DISK_SIZE, 0);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, i->device);
	for (uint32_t n = 0; n < NODES_MAX * 2; n++) {
		if (memcmp(block_of(i->now, n / 2, n % 2), block_of(i->then, n / 2, n % 2),
			   HEADWIRE_BLOCK_SIZE) == 0)
			continue;
		return disk_refuse(
			DISK_EXIT_UNSAFE, command, i->device,
			"slot %u changed within %llu ms: a running cluster uses this disk (only "
			"--while-running overwrites it)",
			n / 2, (unsigned long long)wait_ms);
	}
	return DISK_EXIT_DONE;
}

/* out: disk, all HEADWIRE_DISK_SIZE bytes: the empty grant with all nodes pending, nobody known not
 * to cast (doc/protocol.md section 4). */
static void make_image(const struct disk_header *h, uint8_t *disk)
{
	const struct slot_map *map = &h->facts.map;
	struct slot s;

	memset(disk, 0, HEADWIRE_DISK_SIZE);
	memset(&s, 0, sizeof(s));
	s.state = SLOT_NEVER;
	s.cast = CAST_UNKNOWN;
	s.value.pending = slot_map_used(map);
	s.value.map = *map;
	for (uint32_t n = 0; n < map->count; n++) {
		s.node_id = map->node_id[n];
		for (uint32_t copy = 0; copy < SLOTWIRE_COPIES; copy++)
			slotwire_encode(&s, h->facts.uuid, n, copy, block_of(disk, n, copy));
	}
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++)
		headwire_encode(h, copy, disk + (size_t)copy * HEADWIRE_SIZE);
}

/* The header goes last: a disk that was half written is no quorum disk. */
static enum rc write_image(struct init *i, int fd)
{
	const size_t head = HEADWIRE_SLOT_OFFSET;
	enum rc rc;

	make_image(&i->header, i->now);
	memset(i->then, 0, head);
	rc = blkdev_write(fd, i->then, head, 0);
	if (rc == RC_OK)
		rc = blkdev_write(fd, i->now + head, HEADWIRE_DISK_SIZE - head, head);
	if (rc == RC_OK)
		rc = blkdev_read(fd, i->then + head, HEADWIRE_DISK_SIZE - head, head);
	if (rc == RC_OK && memcmp(i->now + head, i->then + head, HEADWIRE_DISK_SIZE - head) != 0)
		rc = RC_BADSUM;
	if (rc == RC_OK)
		rc = blkdev_write(fd, i->now, head, 0);
	if (rc == RC_OK)
		rc = blkdev_read(fd, i->then, HEADWIRE_DISK_SIZE, 0);
	if (rc == RC_OK && memcmp(i->now, i->then, HEADWIRE_DISK_SIZE) != 0)
		rc = RC_BADSUM;
	return rc;
}

/* Until a node has written its own times into its slot, the header's are reckoned with. */
static void warn_of_timings(const struct init *i)
{
	uint64_t x_ms = timing_x_ms(&i->header.facts.timings);

	if (!i->timings_given)
		(void)fprintf(stderr,
			      "qarbctl disk init: warning: quorum.device.timeout and sync_timeout "
			      "are not in %s: with votequorum's own a node that starts before the "
			      "others ever did waits %llu.%llu s for them (give --config)\n",
			      i->config ? i->config : config_otherwise,
			      (unsigned long long)x_ms / 1000,
			      (unsigned long long)x_ms % 1000 / 100);
}

static int write_disk(struct init *i)
{
	struct disk_header *h = &i->header;
	char uuid[DISK_UUID_TEXT_SIZE];
	enum rc rc;
	int fd;

	if (getrandom(h->facts.uuid, UUID_SIZE, 0) != UUID_SIZE)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device, "no random numbers");
	/* Version 4, variant 1: what a random UUID says of itself. */
	h->facts.uuid[6] = (uint8_t)((h->facts.uuid[6] & 0x0f) | 0x40);
	h->facts.uuid[8] = (uint8_t)((h->facts.uuid[8] & 0x3f) | 0x80);
	h->created_s = (uint64_t)time(NULL);

	errno = 0;
	if (i->force && disk_probe_wipe(i->device) != RC_OK)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device,
				   "what others keep on it could not be removed: %s",
				   disk_rc_text(RC_IO));
	rc = blkdev_open(i->device, &fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, i->device);
	rc = write_image(i, fd);
	(void)close(fd);
	if (rc == RC_BADSUM)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device,
				   "does not read back what was written");
	if (rc != RC_OK)
		return disk_refuse(DISK_EXIT_FAILED, command, i->device, "writing: %s",
				   disk_rc_text(rc));
	warn_of_timings(i);
	disk_uuid_text(h->facts.uuid, uuid);
	(void)printf("%s: quorum disk '%s' of cluster '%s', %u nodes, uuid %s\n", i->device,
		     h->label, h->cluster_name, h->facts.map.count, uuid);
	return DISK_EXIT_DONE;
}

static int check_and_write(struct init *i)
{
	enum rc rc;
	int exit_code;
	int fd;

	rc = blkdev_open_reading(i->device, &fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, i->device);
	exit_code = check_device(i, fd);
	if (exit_code == DISK_EXIT_DONE) {
		rc = blkdev_read(fd, i->now, HEADWIRE_DISK_SIZE, 0);
		if (rc != RC_OK)
			exit_code = disk_refuse_rc(rc, command, i->device);
	}
	if (exit_code == DISK_EXIT_DONE)
		exit_code = check_content(i);
	if (exit_code == DISK_EXIT_DONE)
		exit_code = check_silent(i, fd);
	(void)close(fd);
	if (exit_code == DISK_EXIT_DONE)
		exit_code = write_disk(i);
	if (i->hold_fd >= 0)
		(void)close(i->hold_fd);
	return exit_code;
}

int disk_init_main(int argc, char **argv)
{
	struct init i;
	int exit_code;

	memset(&i, 0, sizeof(i));
	i.hold_fd = -1;
	exit_code = parse_options(&i, argc, argv);
	if (exit_code < 0)
		return DISK_EXIT_DONE;
	if (exit_code == DISK_EXIT_DONE)
		exit_code = fill_header(&i);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code;
	i.now = blkdev_buffer(HEADWIRE_DISK_SIZE);
	i.then = blkdev_buffer(HEADWIRE_DISK_SIZE);
	if (i.now && i.then)
		exit_code = check_and_write(&i);
	else
		exit_code = disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	free(i.now);
	free(i.then);
	return exit_code;
}

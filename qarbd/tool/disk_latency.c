/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: `qarbctl disk probe`: how long a device takes for what a beat asks of it. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shell/blkdev.h"
#include "tool/disk.h"
#include "tool/disk_json.h"
#include "tool/disk_latency.h"

enum {
	SECONDS_DEFAULT = 60,
	SECONDS_MAX = 86400,
	PACE_MS = 20, /* from the end of one beat to the next: denser than any daemon's */
	BLOCK = HEADWIRE_BLOCK_SIZE,
};

static const char command[] = "probe";

struct probe {
	const char *device;
	enum disk_output output;
	uint64_t seconds;
	bool write;
	bool scratch_given;
	uint64_t scratch; /* byte offset of the block that --write writes back */
	bool quorum_disk;
	struct disk_header header;
	uint64_t read_offset;
	size_t read_size;
	uint8_t *block;
	uint8_t *slots;
	struct disk_latency read, written, beat;
	uint64_t worst_gap_us; /* between two completions; a pause of PACE_MS is part of it */
	uint64_t failed;
	uint64_t last_end_us;
};

static volatile sig_atomic_t probe_ended;

static void end_early(int number)
{
	(void)number;
	probe_ended = 1;
}

static uint64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void disk_latency_add(struct disk_latency *s, uint64_t us)
{
	uint32_t bucket = 0;

	while (bucket + 1 < DISK_LATENCY_BUCKETS && us >= disk_latency_bucket_us(bucket))
		bucket++;
	s->bucket[bucket]++;
	s->count++;
	s->sum_us += us;
	if (us > s->worst_us)
		s->worst_us = us;
}

uint64_t disk_latency_bucket_us(uint32_t bucket)
{
	return (uint64_t)DISK_LATENCY_FIRST_US << bucket;
}

uint64_t disk_latency_within_us(const struct disk_latency *s, uint32_t per_mille)
{
	uint64_t wanted = (s->count * per_mille + 999) / 1000;
	uint64_t seen = 0;

	for (uint32_t i = 0; i < DISK_LATENCY_BUCKETS; i++) {
		seen += s->bucket[i];
		if (seen >= wanted && i + 1 < DISK_LATENCY_BUCKETS &&
		    disk_latency_bucket_us(i) < s->worst_us)
			return disk_latency_bucket_us(i);
		if (seen >= wanted)
			break;
	}
	return s->worst_us;
}

/* A yes lasts H = T/2 from the start of the write of the last complete beat, and the next beat is
 * complete T/8 and its own duration later: it may last 3T/8. */
uint64_t disk_latency_least_dead_ms(uint64_t beat_us)
{
	uint64_t ms = (beat_us * 8 + 2999) / 3000;

	return ms < DEAD_MS_MIN ? DEAD_MS_MIN : ms;
}

/* Twice the worst that was seen, because a measurement rarely sees the worst. */
uint64_t disk_latency_advised_dead_ms(uint64_t beat_us)
{
	uint64_t ms = (disk_latency_least_dead_ms(2 * beat_us) + 49) / 50 * 50;

	return ms < DEAD_MS_MIN ? DEAD_MS_MIN : ms;
}

void disk_latency_tell(uint64_t beat_us, char *text, size_t size)
{
	uint64_t least = disk_latency_least_dead_ms(beat_us);
	uint64_t advised = disk_latency_advised_dead_ms(beat_us);

	if (least > DEAD_MS_MAX)
		(void)snprintf(text, size, "it bears no dead_ms: the longest that is allowed is %d",
			       DEAD_MS_MAX);
	else if (advised > DEAD_MS_MAX)
		(void)snprintf(text, size,
			       "it bears dead_ms: %" PRIu64 "; advised: none, for that would be "
			       "longer than %d, the longest that is allowed",
			       least, DEAD_MS_MAX);
	else
		(void)snprintf(text, size,
			       "it bears dead_ms: %" PRIu64 "; advised: %" PRIu64 " or more", least,
			       advised);
}

static int usage(const char *text, const char *word)
{
	(void)fprintf(stderr, "qarbctl disk probe: %s%s (see qarbctl disk --help)\n", text, word);
	return DISK_EXIT_USAGE;
}

static bool number(const char *text, uint64_t max, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0 && *n <= max;
}

static int parse_options(struct probe *p, int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "write", no_argument, NULL, 'w' },
		{ "scratch", required_argument, NULL, 'a' },
		{ "output-as", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	p->seconds = SECONDS_DEFAULT;
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (c == 's' && (!number(optarg, SECONDS_MAX, &p->seconds) || p->seconds == 0))
			return usage("--seconds: a whole number from 1 to 86400: ", optarg);
		if (c == 'a' &&
		    (!number(optarg, INT64_MAX, &p->scratch) || p->scratch % BLOCK != 0))
			return usage("--scratch: a byte offset, a multiple of 4096: ", optarg);
		if (c == 'o' && !disk_output_parse(optarg, &p->output))
			return usage("--output-as: known are text and json: ", optarg);
		if (c == '?')
			return usage("unknown option, or one without its value: ",
				     argv[optind - 1]);
		if (c == 'h') {
			disk_usage(stdout);
			return -1;
		}
		p->write = p->write || c == 'w';
		p->scratch_given = p->scratch_given || c == 'a';
	}
	if (p->scratch_given && !p->write)
		return usage("--scratch is for --write", "");
	if (optind + 1 != argc)
		return usage(optind == argc ? "which DEVICE?" : "one DEVICE only: ",
			     optind == argc ? "" : argv[optind + 1]);
	p->device = argv[optind];
	return DISK_EXIT_DONE;
}

/* in: size of the device.  Where a quorum disk has its slots, a daemon may still write though the
 * header is damaged, and a block written back late would be one that was there before: to a node
 * that reads it, a state that was given up. */
static int check_slots(const struct probe *p, int fd, uint64_t size)
{
	uint8_t *disk = blkdev_buffer(HEADWIRE_DISK_SIZE);
	size_t there = HEADWIRE_DISK_SIZE;
	const char *what = NULL;
	enum rc rc;

	if (!disk)
		return disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	if (size < there)
		there = (size_t)size / BLOCK * BLOCK;
	rc = blkdev_read(fd, disk, there, 0);
	if (rc == RC_OK && disk_content_remains(disk))
		what = "a quorum disk with a damaged header";
	else if (rc == RC_OK && disk_content_sbd(disk))
		what = "an sbd device";
	free(disk);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, p->device);
	if (what == NULL)
		return DISK_EXIT_DONE;
	return disk_refuse(DISK_EXIT_UNSAFE, command, p->device,
			   "--scratch %" PRIu64 " is within %s: from %d on a block may be written",
			   p->scratch, what, HEADWIRE_DISK_SIZE);
}

/* What is written is what was read there, so that a probe destroys nothing even where somebody is
 * wrong about an area being free.  Other writers of that block it would undo: hence the gates. */
static int choose_scratch(struct probe *p, int fd, uint64_t size)
{
	int exit_code = DISK_EXIT_DONE;
	enum rc rc;

	if (!p->quorum_disk && !p->scratch_given)
		return disk_refuse(DISK_EXIT_UNSAFE, command, p->device,
				   "no quorum disk: --write needs --scratch OFFSET, a block that "
				   "nothing uses");
	if (!p->scratch_given)
		p->scratch = HEADWIRE_DISK_SIZE;
	if (p->quorum_disk && p->scratch < HEADWIRE_DISK_SIZE)
		return disk_refuse(DISK_EXIT_UNSAFE, command, p->device,
				   "--scratch %" PRIu64 " is within the quorum disk's header and "
				   "slots, which end at %d",
				   p->scratch, HEADWIRE_DISK_SIZE);
	if (size < BLOCK || p->scratch > size - BLOCK)
		return disk_refuse(DISK_EXIT_FAILED, command, p->device,
				   "no block to write at offset %" PRIu64
				   ": the device ends at %" PRIu64,
				   p->scratch, size);
	if (p->scratch < HEADWIRE_DISK_SIZE)
		exit_code = check_slots(p, fd, size);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code;
	rc = blkdev_check_unused(p->device);
	return rc == RC_OK ? DISK_EXIT_DONE : disk_refuse_rc(rc, command, p->device);
}

static int prepare(struct probe *p, int fd)
{
	struct blkdev_facts facts;
	enum rc rc = blkdev_inspect(fd, &facts);

	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, p->device);
	if (facts.size < BLOCK)
		return disk_refuse(DISK_EXIT_FAILED, command, p->device, "too small to be read");
	rc = facts.size >= HEADWIRE_DISK_SIZE ? blkdev_read_header(fd, &p->header) : RC_TOOSMALL;
	p->quorum_disk = rc == RC_OK || rc == RC_PARTIAL;
	p->read_size = BLOCK;
	if (p->quorum_disk) {
		p->read_offset = headwire_slot_offset(&p->header, 0, 0);
		p->read_size = (size_t)p->header.facts.map.count * 2 * BLOCK;
		if (p->read_size == 0)
			p->read_size = BLOCK;
	}
	return p->write ? choose_scratch(p, fd, facts.size) : DISK_EXIT_DONE;
}

static bool timed(struct probe *p, struct disk_latency *s, enum rc rc, uint64_t start_us)
{
	uint64_t end_us = now_us();

	if (rc != RC_OK) {
		p->failed++;
		return false;
	}
	disk_latency_add(s, end_us - start_us);
	if (end_us - p->last_end_us > p->worst_gap_us)
		p->worst_gap_us = end_us - p->last_end_us;
	p->last_end_us = end_us;
	return true;
}

/* Write and then read all slots, as a beat does. */
static void one_beat(struct probe *p, int fd)
{
	uint64_t start_us = now_us();
	uint64_t read_us;
	bool good = true;

	if (p->write)
		good = timed(p, &p->written, blkdev_write(fd, p->block, BLOCK, p->scratch),
			     start_us);
	read_us = now_us();
	if (!timed(p, &p->read, blkdev_read(fd, p->slots, p->read_size, p->read_offset), read_us))
		good = false;
	if (good)
		disk_latency_add(&p->beat, now_us() - start_us);
}

static int measure(struct probe *p, int fd)
{
	static const struct timespec pace = { 0, PACE_MS * 1000000L };
	struct sigaction action, before;
	uint64_t end_us;
	enum rc rc = RC_OK;

	if (p->write)
		rc = blkdev_read(fd, p->block, BLOCK, p->scratch);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, p->device);
	memset(&action, 0, sizeof(action));
	action.sa_handler = end_early;
	probe_ended = 0;
	(void)sigaction(SIGINT, &action, &before);
	p->last_end_us = now_us();
	end_us = p->last_end_us + p->seconds * 1000000;
	while (!probe_ended && now_us() < end_us) {
		one_beat(p, fd);
		(void)nanosleep(&pace, NULL);
	}
	(void)sigaction(SIGINT, &before, NULL);
	if (p->beat.count == 0)
		return disk_refuse(DISK_EXIT_FAILED, command, p->device,
				   "not one beat was complete, %" PRIu64 " reads or writes failed",
				   p->failed);
	return DISK_EXIT_DONE;
}

static void histogram(const char *name, const struct disk_latency *s)
{
	if (s->count == 0)
		return;
	(void)printf("%s: %" PRIu64 ", mean %.3f ms, 99 %% within %.3f ms, worst %.3f ms\n", name,
		     s->count, (double)s->sum_us / (double)s->count / 1000,
		     (double)disk_latency_within_us(s, 990) / 1000, (double)s->worst_us / 1000);
	for (uint32_t i = 0; i < DISK_LATENCY_BUCKETS; i++) {
		if (s->bucket[i] == 0)
			continue;
		if (i + 1 < DISK_LATENCY_BUCKETS)
			(void)printf("  below %10.3f ms  %10" PRIu64 "\n",
				     (double)disk_latency_bucket_us(i) / 1000, s->bucket[i]);
		else
			(void)printf("  longer            %10" PRIu64 "\n", s->bucket[i]);
	}
}

/* Without writes their share of a beat is not known: a write is taken to last as long as a read. */
static uint64_t judged_beat_us(const struct probe *p)
{
	return p->write ? p->beat.worst_us : 2 * p->read.worst_us;
}

static uint64_t header_room_ms(const struct probe *p)
{
	const struct timings *t = &p->header.facts.timings;

	return t->hold_ms > t->interval_ms ? t->hold_ms - t->interval_ms : 0;
}

static void show_text(const struct probe *p)
{
	uint64_t beat_us = judged_beat_us(p);
	char line[200];

	(void)printf("%s: %s, reading %zu bytes at %" PRIu64, p->device,
		     p->quorum_disk ? "quorum disk" : "no quorum disk", p->read_size,
		     p->read_offset);
	if (p->write)
		(void)printf(", writing back 4096 bytes at %" PRIu64 "\n", p->scratch);
	else
		(void)printf(", writing nothing\n");
	histogram("read", &p->read);
	histogram("write", &p->written);
	(void)printf("worst gap between two completions: %.3f ms, failed: %" PRIu64 "\n",
		     (double)p->worst_gap_us / 1000, p->failed);
	(void)printf("worst beat: %.3f ms%s\n", (double)beat_us / 1000,
		     p->write ? "" : " (twice the worst read: nothing was written)");
	disk_latency_tell(beat_us, line, sizeof(line));
	(void)printf("%s\n", line);
	(void)printf("  why: a yes is held dead_ms/2 and beats begin dead_ms/8 apart, so a beat "
		     "may last 3/8 of dead_ms;\n  advised is room for twice the worst one seen. A "
		     "path failover counts only if there was one meanwhile.\n");
	if (p->quorum_disk)
		(void)printf("the header's hold of %u ms leaves a beat %" PRIu64 " ms: %s\n",
			     p->header.facts.timings.hold_ms, header_room_ms(p),
			     beat_us / 1000 < header_room_ms(p) ? "borne" : "NOT borne");
}

static void sample_json(struct disk_json *j, const char *key, const struct disk_latency *s)
{
	disk_json_open(j, key, '{');
	disk_json_number(j, "count", s->count);
	disk_json_number(j, "mean_us", s->count == 0 ? 0 : s->sum_us / s->count);
	disk_json_number(j, "within_99_percent_us", disk_latency_within_us(s, 990));
	disk_json_number(j, "worst_us", s->worst_us);
	disk_json_open(j, "histogram", '[');
	for (uint32_t i = 0; i < DISK_LATENCY_BUCKETS; i++) {
		if (s->bucket[i] == 0)
			continue;
		disk_json_open(j, NULL, '{');
		if (i + 1 < DISK_LATENCY_BUCKETS)
			disk_json_number(j, "below_us", disk_latency_bucket_us(i));
		disk_json_number(j, "count", s->bucket[i]);
		disk_json_close(j, '}');
	}
	disk_json_close(j, ']');
	disk_json_close(j, '}');
}

static void dead_ms_json(struct disk_json *j, const char *key, uint64_t dead_ms)
{
	if (dead_ms > DEAD_MS_MAX)
		disk_json_null(j, key);
	else
		disk_json_number(j, key, dead_ms);
}

static void show_json(const struct probe *p)
{
	uint64_t beat_us = judged_beat_us(p);
	struct disk_json j;

	disk_json_begin(&j, stdout);
	disk_json_open(&j, NULL, '{');
	disk_json_text(&j, "device", p->device);
	disk_json_bool(&j, "quorum_disk", p->quorum_disk);
	disk_json_bool(&j, "written", p->write);
	sample_json(&j, "read", &p->read);
	sample_json(&j, "write", &p->written);
	disk_json_number(&j, "worst_gap_us", p->worst_gap_us);
	disk_json_number(&j, "failed", p->failed);
	disk_json_number(&j, "worst_beat_us", beat_us);
	dead_ms_json(&j, "bears_dead_ms", disk_latency_least_dead_ms(beat_us));
	dead_ms_json(&j, "advised_dead_ms", disk_latency_advised_dead_ms(beat_us));
	disk_json_close(&j, '}');
	disk_json_end(&j);
}

static int probe_device(struct probe *p)
{
	int exit_code;
	enum rc rc;
	int fd;

	rc = p->write ? blkdev_open(p->device, &fd) : blkdev_open_reading(p->device, &fd);
	if (rc != RC_OK)
		return disk_refuse_rc(rc, command, p->device);
	exit_code = prepare(p, fd);
	if (exit_code == DISK_EXIT_DONE) {
		p->block = blkdev_buffer(BLOCK);
		p->slots = blkdev_buffer(p->read_size);
		exit_code = p->block && p->slots
				    ? measure(p, fd)
				    : disk_refuse(DISK_EXIT_FAILED, command, NULL, "no memory");
	}
	(void)close(fd);
	free(p->block);
	free(p->slots);
	return exit_code;
}

int disk_latency_main(int argc, char **argv)
{
	struct probe p;
	int exit_code;

	memset(&p, 0, sizeof(p));
	exit_code = parse_options(&p, argc, argv);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code < 0 ? DISK_EXIT_DONE : exit_code;
	exit_code = probe_device(&p);
	if (exit_code != DISK_EXIT_DONE)
		return exit_code;
	if (p.output == DISK_OUTPUT_JSON)
		show_json(&p);
	else
		show_text(&p);
	return DISK_EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl disk`, called as a user calls it: what it prints, its exit code, what is on the disk. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fixture_disk.h"
#include "fixture_tool.h"
#include "tool/disk.h"
#include "tool/disk_json.h"

static char path[BLKDEV_PATH_SIZE];

/* Run `qarbctl disk` with these words, ended by NULL. */
#define disk(...) call(disk_main, "disk", __VA_ARGS__)

static void make_disk(void)
{
	assert_true(fixture_file("disk", 1024 * 1024, path));
	if (disk("init", "--lab", "--label", "unit", "--config", conf, path, NULL) != 0)
		fail_msg("%s", err);
}

static void wrong_words_are_explained_in_one_line(void **state)
{
	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, path));
	refused(disk("frobnicate", NULL), 2, "unknown command 'frobnicate'");
	refused(disk("init", path, NULL), 2, "--label NAME is needed");
	refused(disk("init", "--label", "a b", path, NULL), 2, "--label: at most 63 letters");
	refused(disk("init", "--label", NULL), 2, "one without its value: --label");
	refused(disk("init", "--labels", "x", path, NULL), 2, "--labels");
	refused(disk("init", "--label", "x", NULL), 2, "which DEVICE?");
	refused(disk("init", "--label", "x", path, path, NULL), 2, "one DEVICE only");
	refused(disk("init", "--label", "x", "--config", conf, "--nodes", "1,,2", path, NULL), 2,
		"--nodes");
	refused(disk("init", "--label", "x", "--config", conf, "--nodes", "1,1", path, NULL), 2,
		"--nodes");
	refused(disk("init", "--label", "x", "--config", conf, "--nodes", "4294967296", path, NULL),
		2, "--nodes");
	refused(disk("init", "--label", "x", "--config", conf, "--cluster", "a\nb", path, NULL), 2,
		"--cluster: up to 63 characters without blanks");
	refused(disk("init", "--label", "x", "--config", conf, "--cluster", "my cluster", path,
		     NULL),
		2, "--cluster: up to 63 characters without blanks: my cluster");
	refused(disk("init", "--label", "x", "--config", conf, "--cluster", "", path, NULL), 2,
		"--cluster: up to 63 characters without blanks");
	refused(disk("dump", NULL), 2, "one DEVICE");
	refused(disk("dump", "--output-as=xml", path, NULL), 2, "--output-as=text or json");
	refused(disk("list", "--output-as", "yaml", NULL), 2, "--output-as=text or json");
	refused(disk("list", "-x", NULL), 2, "unknown option, or one without its value: -x");
	refused(disk("dump", "--output-as", NULL), 2, "one without its value: --output-as");
	assert_int_equal(disk(NULL), 2);
	assert_non_null(strstr(err, "Usage:"));
	assert_int_equal(disk("--help", NULL), 0);
	assert_non_null(strstr(out, "Exit codes:"));
}

static void devices_that_cannot_hold_a_quorum_disk_are_refused(void **state)
{
	(void)state;
	refused(disk("init", "--label", "x", "--config", conf, "/dev/nonexistent", NULL), 1,
		"no such device");
	refused(disk("init", "--label", "x", "--config", conf, "/dev/null", NULL), 1,
		"not a block device");
	refused(disk("init", "--label", "x", "--lab", "--config", conf, "/proc/self/status", NULL),
		1, "O_DIRECT");
	assert_true(fixture_file("disk", HEADWIRE_DISK_SIZE - 1, path));
	refused(disk("init", "--label", "x", "--lab", "--config", conf, path, NULL), 1,
		"too small");
	assert_true(fixture_file("disk", HEADWIRE_DISK_SIZE, path));
	refused(disk("init", "--label", "x", "--config", conf, path, NULL), 4,
		"a regular file, which no other node can share");
	assert_int_equal(disk("init", "--label", "x", "--lab", "--config", conf, path, NULL), 0);
}

static void block_devices_that_cannot_be_used_are_refused_even_by_force(void **state)
{
	char file[BLKDEV_PATH_SIZE];
	int loop;
	int holder;

	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, file));
	loop = fixture_loop(file, true, 512, path);
	if (loop < 0)
		skip();
	refused(disk("init", "--force", "--label", "x", "--config", conf, path, NULL), 1,
		"read-only");
	(void)close(loop);
	loop = fixture_loop(file, false, 1024, path);
	assert_true(loop >= 0);
	refused(disk("init", "--force", "--label", "x", "--config", conf, path, NULL), 1,
		"logical block size 1024");
	(void)close(loop);
	loop = fixture_loop(file, false, 512, path);
	assert_true(loop >= 0);
	refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 2,
		"--lab is for regular files");
	/* What a mount does to a device. */
	holder = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	assert_true(holder >= 0);
	refused(disk("init", "--force", "--label", "x", "--config", conf, path, NULL), 4,
		"in use: mounted");
	(void)close(holder);
	assert_int_equal(disk("init", "--label", "x", "--config", conf, path, NULL), 0);
	assert_non_null(strstr(out, "quorum disk 'x' of cluster 'demo', 2 nodes"));
	(void)close(loop);
}

/* To root nothing is missing but a device that can be written. */
static void a_read_only_device_is_not_said_to_need_root(void **state)
{
	char file[BLKDEV_PATH_SIZE];
	int loop;

	(void)state;
	assert_true(fixture_file("disk", 1024 * 1024, file));
	loop = geteuid() == 0 ? fixture_loop(file, true, 512, path) : -1;
	if (loop < 0)
		skip();
	refused(disk("probe", "--write", "--scratch", "0", path, NULL), 1,
		"read-only, or not permitted");
	(void)close(loop);
}

/* ENOSPC and the like: what the system says is what helps. */
static void what_the_system_says_is_told(void **state)
{
	struct rlimit before;
	struct rlimit less;
	int exit_code;

	(void)state;
	fixture_path("disk", path);
	(void)unlink(path);
	assert_int_equal(symlink(path, path), 0);
	refused(disk("list", path, NULL), 1, strerror(ELOOP));
	assert_true(fixture_file("disk", 1024 * 1024, path));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	less = before;
	less.rlim_cur = 8192;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	exit_code = disk("init", "--lab", "--label", "x", "--config", conf, path, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	(void)signal(SIGXFSZ, SIG_DFL);
	refused(exit_code, 1, strerror(EFBIG));
}

static bool put_text(const char *path_to, const char *text)
{
	FILE *f = fopen(path_to, "w");

	return f != NULL && (fputs(text, f) >= 0) + (fclose(f) == 0) == 2;
}

static void a_real_zram_device_is_refused_even_by_force(void **state)
{
	char size_path[100];
	char number[16] = "";
	FILE *f = fopen("/sys/class/zram-control/hot_add", "r");
	unsigned int n = 0;
	bool sized;

	(void)state;
	if (f == NULL || fgets(number, sizeof(number), f) == NULL || sscanf(number, "%u", &n) != 1)
		skip();
	(void)fclose(f);
	(void)snprintf(size_path, sizeof(size_path), "/sys/block/zram%u/disksize", n);
	(void)snprintf(path, sizeof(path), "/dev/zram%u", n);
	sized = put_text(size_path, "4M");
	if (sized && access(path, F_OK) == 0)
		refused(disk("init", "--force", "--label", "x", "--config", conf, path, NULL), 4,
			"memory of this node alone");
	assert_true(put_text("/sys/class/zram-control/hot_remove", number));
	assert_true(sized);
}

static void what_others_keep_on_a_device_is_overwritten_by_force_alone(void **state)
{
	/* One partition of type Linux in a table of MS-DOS; a swap area; a filesystem. */
	static const uint8_t entry[16] = { 0x80, 0, 1, 0, 0x83, 0, 2, 0, 1, 0, 0, 0, 100, 0, 0, 0 };
	static const uint8_t swap_head[] = { 1, 0, 0, 0, 9, 0, 0, 0 };
	static const char *const phrase[] = { "a dos partition table", "a signature (swap)",
					      "a filesystem (romfs)" };
	char what[100];

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		assert_true(fixture_file("disk", 1024 * 1024, path));
		if (kind == 0) {
			assert_true(fixture_put(path, entry, sizeof(entry), 446));
			assert_true(fixture_put(path, "\x55\xaa", 2, 510));
		} else if (kind == 1) {
			assert_true(fixture_put(path, "SWAPSPACE2", 10, 4086));
			assert_true(fixture_put(path, swap_head, sizeof(swap_head), 1024));
		} else {
			assert_true(fixture_put(path, "-rom1fs-\0\0\4\0", 12, 0));
		}
		refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 4,
			phrase[kind]);
		assert_int_equal(disk("init", "--force", "--lab", "--label", "x", "--config", conf,
				      path, NULL),
				 0);
		assert_int_equal(disk_probe_look(path, what, sizeof(what)), RC_OK);
	}
}

/* libblkid knows neither sbd nor what an application keeps on a device without a filesystem. */
static void data_of_no_known_kind_is_overwritten_by_force_alone(void **state)
{
	static const struct {
		const char *data;
		uint64_t at;
		const char *phrase;
	} kind[] = {
		{ "SBD_SBD_", 0, "holds an sbd device" },
		{ "x", 511, "holds data of an unknown kind, at byte 511" },
		{ "y", HEADWIRE_DISK_SIZE - 1, "holds data of an unknown kind" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		assert_true(fixture_file("disk", 1024 * 1024, path));
		assert_true(fixture_put(path, kind[i].data, strlen(kind[i].data), kind[i].at));
		refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 4,
			kind[i].phrase);
		assert_int_equal(disk("init", "--force", "--lab", "--label", "x", "--config", conf,
				      path, NULL),
				 0);
	}
	/* What is not overwritten is not looked at. */
	assert_true(fixture_file("disk", 1024 * 1024, path));
	assert_true(fixture_put(path, "z", 1, HEADWIRE_DISK_SIZE));
	assert_int_equal(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 0);
}

static void another_clusters_disk_is_overwritten_by_force_alone(void **state)
{
	(void)state;
	make_disk();
	refused(disk("init", "--lab", "--label", "x", "--cluster", "other", "--config", conf, path,
		     NULL),
		4, "quorum disk 'unit' of another cluster, 'demo'");
	refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 4,
		"already quorum disk 'unit' of this cluster");
	assert_true(fixture_put(path, "x", 1, 50));
	assert_true(fixture_put(path, "x", 1, 5050));
	refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 4,
		"damaged header");
	assert_true(fixture_put(path, "xxxxxxxx", 8, 0));
	assert_true(fixture_put(path, "xxxxxxxx", 8, 4096));
	refused(disk("init", "--lab", "--label", "x", "--config", conf, path, NULL), 4,
		"damaged header");
	assert_int_equal(disk("init", "--force", "--lab", "--label", "x", "--cluster", "other",
			      "--config", conf, path, NULL),
			 0);
	assert_int_equal(disk("list", path, NULL), 0);
	assert_non_null(strstr(out, "other"));
}

/* A node that beats on slot 1 every 20 ms, until killed. */
static pid_t beating_node(const uint8_t *uuid)
{
	pid_t pid = fork();
	struct slot s;

	if (pid != 0)
		return pid;
	memset(&s, 0, sizeof(s));
	s.node_id = 2;
	s.state = SLOT_RUNNING;
	s.timings = (struct timings){ 450, 90, 1350, 50 };
	for (;;) {
		uint8_t block[SLOTWIRE_SIZE];

		s.sequence++;
		slotwire_encode(&s, uuid, 1, s.sequence & 1, block);
		(void)fixture_put(path, block, sizeof(block),
				  HEADWIRE_SLOT_OFFSET + (2 + (s.sequence & 1)) * SLOTWIRE_SIZE);
		(void)usleep(20000);
	}
}

static void a_running_cluster_needs_its_own_flag_even_with_force(void **state)
{
	struct disk_header h;
	pid_t node;
	int with_force;
	int with_flag;
	int fd;
	char said[OUTPUT_SIZE];

	(void)state;
	make_disk();
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &h), RC_OK);
	(void)close(fd);
	node = beating_node(h.facts.uuid);
	assert_true(node > 0);
	(void)usleep(100000);
	with_force = disk("init", "--force", "--lab", "--label", "x", "--config", conf, path, NULL);
	memcpy(said, err, sizeof(said));
	with_flag = disk("init", "--force", "--while-running", "--lab", "--label", "x", "--config",
			 conf, path, NULL);
	(void)kill(node, SIGKILL);
	(void)waitpid(node, NULL, 0);
	assert_int_equal(with_force, 4);
	assert_non_null(strstr(said, "slot 1 changed within"));
	assert_non_null(strstr(said, "only --while-running"));
	/* It writes on while the disk is made: what is read back may be the node's, so the outcome
	 * is left open, but it was not refused as unsafe. */
	assert_int_not_equal(with_flag, 4);
}

static void a_disk_without_a_running_cluster_is_made_anew_by_force(void **state)
{
	struct disk_header first;
	struct disk_header second;
	int fd;

	(void)state;
	make_disk();
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &first), RC_OK);
	assert_int_equal(disk("init", "--force", "--lab", "--label", "unit", "--config", conf, path,
			      NULL),
			 0);
	assert_int_equal(blkdev_read_header(fd, &second), RC_OK);
	(void)close(fd);
	assert_memory_not_equal(first.facts.uuid, second.facts.uuid, UUID_SIZE);
}

static void every_byte_of_a_new_disk_is_as_the_format_says(void **state)
{
	uint8_t *now = blkdev_buffer(1024 * 1024);
	uint8_t *want = blkdev_buffer(1024 * 1024);
	struct disk_header h;
	struct slot s;
	int fd;

	(void)state;
	assert_true(now && want);
	make_disk();
	/* Old bytes all over it. */
	memset(now, 0xee, 1024 * 1024);
	assert_true(fixture_put(path, now, 1024 * 1024, 0));
	assert_int_equal(disk("init", "--force", "--lab", "--label", "unit", "--config", conf, path,
			      NULL),
			 0);
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read(fd, now, 1024 * 1024, 0), RC_OK);
	assert_int_equal(headwire_choose(now, &h), RC_OK);
	(void)close(fd);
	assert_string_equal(h.label, "unit");
	assert_string_equal(h.cluster_name, "demo");
	assert_true(h.lab);
	assert_int_equal(h.facts.timings.hold_ms, 125);
	assert_int_equal(h.facts.timings.poll_ms, 25);
	assert_int_equal(h.facts.timings.d_ms, 375);
	assert_int_equal(h.facts.timings.interval_ms, 32);

	memset(want, 0xee, 1024 * 1024);
	memset(want, 0, HEADWIRE_DISK_SIZE);
	memset(&s, 0, sizeof(s));
	s.cast = CAST_UNKNOWN;
	s.value.pending = 3;
	s.value.map.count = 2;
	s.value.map.node_id[0] = 1;
	s.value.map.node_id[1] = 2;
	for (uint32_t copy = 0; copy < 2; copy++) {
		headwire_encode(&h, copy, want + (size_t)copy * HEADWIRE_SIZE);
		for (uint32_t n = 0; n < 2; n++) {
			s.node_id = n + 1;
			slotwire_encode(&s, h.facts.uuid, n, copy,
					want + headwire_slot_offset(&h, n, copy));
		}
	}
	assert_memory_equal(now, want, 1024 * 1024);
	free(now);
	free(want);
}

static void list_names_the_disk_and_says_why_another_is_none(void **state)
{
	(void)state;
	make_disk();
	assert_int_equal(disk("list", path, NULL), 0);
	assert_non_null(strstr(out, "unit"));
	assert_non_null(strstr(out, path));
	assert_non_null(strstr(out, "(laboratory)"));
	assert_true(fixture_file("disk", 1024 * 1024, path));
	refused(disk("list", path, NULL), 1, "no quorum disk: no qarb block");
}

static void headers_of_two_disks_are_told_by_all_who_read_them(void **state)
{
	uint8_t block[HEADWIRE_SIZE];
	struct disk_header h;
	int fd;

	(void)state;
	make_disk();
	assert_int_equal(blkdev_open_reading(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &h), RC_OK);
	(void)close(fd);
	h.facts.uuid[0] ^= 1;
	headwire_encode(&h, 1, block);
	assert_true(fixture_put(path, block, sizeof(block), HEADWIRE_SIZE));
	refused(disk("dump", path, NULL), 1, "the two copies of the header are of different disks");
	refused(disk("list", path, NULL), 1, "the two copies of the header are of different disks");
	/* What is out of range is no disk, and not two. */
	h.facts.uuid[0] ^= 1;
	for (uint32_t copy = 0; copy < HEADWIRE_COPIES; copy++) {
		headwire_encode(&h, copy, block);
		bytes_store_u32(block + HEAD_AT_SLOT_COUNT, 0);
		bytes_store_u32(block + HEAD_AT_SUM, crc32c_sum(block, HEAD_AT_SUM));
		assert_true(fixture_put(path, block, sizeof(block), copy * HEADWIRE_SIZE));
	}
	refused(disk("dump", path, NULL), 1, "value out of range");
	refused(disk("list", path, NULL), 1, "value out of range");
	refused(disk("repair", path, NULL), 1, "value out of range");
}

static void list_does_not_show_what_is_cut_off(void **state)
{
	(void)state;
	make_disk();
	assert_int_equal(truncate(path, 300000), 0);
	refused(disk("list", path, NULL), 1, "cut off: 300000 bytes, a quorum disk has 532480");
}

static void dump_shows_the_fullest_slot_and_a_slot_that_does_not_verify(void **state)
{
	uint8_t block[SLOTWIRE_SIZE];
	struct disk_header h;
	struct slot s;
	int fd;

	(void)state;
	make_disk();
	assert_int_equal(blkdev_open(path, &fd), RC_OK);
	assert_int_equal(blkdev_read_header(fd, &h), RC_OK);
	(void)close(fd);
	fixture_slot(&s);
	slotwire_encode(&s, h.facts.uuid, 1, 1, block);
	assert_true(fixture_put(path, block, sizeof(block), headwire_slot_offset(&h, 1, 1)));
	assert_true(fixture_put(path, "x", 1, headwire_slot_offset(&h, 0, 0) + 100));
	assert_true(fixture_put(path, "x", 1, headwire_slot_offset(&h, 0, 1) + 100));
	assert_int_equal(disk("dump", path, NULL), 0);
	assert_non_null(
		strstr(out, "slot 0: no copy verifies (checksum mismatch; checksum mismatch)"));
	assert_non_null(strstr(out, "slot 1, node 4026597377: leaving"));
	assert_non_null(strstr(out, "poisons node"));
	assert_int_equal(disk("dump", "--output-as=json", path, NULL), 0);
	assert_non_null(strstr(out, "\"incarnation\": \"f002000200020002\""));
	assert_non_null(strstr(out, "\"verified\": false"));
	assert_true(fixture_file("disk", 1024 * 1024, path));
	refused(disk("dump", path, NULL), 1, "no quorum disk");
	assert_true(fixture_file("disk", 4096, path));
	refused(disk("dump", path, NULL), 1, "too small");
}

static void json_is_json_whatever_a_name_holds(void **state)
{
	static const struct {
		const char *text;
		const char *json;
	} table[] = {
		{ "plain", "\"plain\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
		{ "\x01\n\t\x7f", "\"\\u0001\\u000a\\u0009\\u007f\"" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		  "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "\xff", "\"\\ufffd\"" },
		{ "\xc3", "\"\\ufffd\"" },
		{ "\xc0\x80", "\"\\ufffd\\ufffd\"" },			    /* overlong */
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },	    /* a surrogate */
		{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },			    /* cut short */
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" }, /* beyond U+10FFFF */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[200] = "";
		FILE *f = fmemopen(text, sizeof(text), "w");
		struct disk_json j;

		assert_non_null(f);
		disk_json_begin(&j, f);
		disk_json_text(&j, NULL, table[i].text);
		(void)fclose(f);
		assert_string_equal(text, table[i].json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_words_are_explained_in_one_line),
		cmocka_unit_test(devices_that_cannot_hold_a_quorum_disk_are_refused),
		cmocka_unit_test(block_devices_that_cannot_be_used_are_refused_even_by_force),
		cmocka_unit_test(a_read_only_device_is_not_said_to_need_root),
		cmocka_unit_test(what_the_system_says_is_told),
		cmocka_unit_test(a_real_zram_device_is_refused_even_by_force),
		cmocka_unit_test(what_others_keep_on_a_device_is_overwritten_by_force_alone),
		cmocka_unit_test(data_of_no_known_kind_is_overwritten_by_force_alone),
		cmocka_unit_test(another_clusters_disk_is_overwritten_by_force_alone),
		cmocka_unit_test(a_running_cluster_needs_its_own_flag_even_with_force),
		cmocka_unit_test(a_disk_without_a_running_cluster_is_made_anew_by_force),
		cmocka_unit_test(every_byte_of_a_new_disk_is_as_the_format_says),
		cmocka_unit_test(list_names_the_disk_and_says_why_another_is_none),
		cmocka_unit_test(headers_of_two_disks_are_told_by_all_who_read_them),
		cmocka_unit_test(list_does_not_show_what_is_cut_off),
		cmocka_unit_test(dump_shows_the_fullest_slot_and_a_slot_that_does_not_verify),
		cmocka_unit_test(json_is_json_whatever_a_name_holds),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

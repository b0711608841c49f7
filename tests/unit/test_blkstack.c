/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/sysmacros.h>

#include "fixture_sysfs.h"
#include "shell/blkstack.h"

/*
 * A sysfs of our own, laid out as the kernel's: the folder of a device is below devices/, that of a
 * partition in its disk's; class/block and dev/block are links to them.
 * in: where below devices/ its folder is; minor of major 8.
 */
static void device(const char *where, unsigned int number)
{
	const char *name = strrchr(where, '/') ? strrchr(where, '/') + 1 : where;
	char real[BLKDEV_PATH_SIZE];
	char alias[BLKDEV_PATH_SIZE];

	(void)snprintf(real, sizeof(real), "sys/devices/%s", where);
	folder(real);
	(void)snprintf(alias, sizeof(alias), "sys/class/block/%s", name);
	link_to(alias, real);
	(void)snprintf(alias, sizeof(alias), "sys/dev/block/8:%u", number);
	link_to(alias, real);
}

/* in: sys/devices/WHERE and a path in it, which becomes a folder. */
static void inside(const char *where, const char *what)
{
	char path[BLKDEV_PATH_SIZE];

	(void)snprintf(path, sizeof(path), "sys/devices/%s/%s", where, what);
	folder(path);
}

static void inside_text(const char *where, const char *what, const char *content)
{
	char path[BLKDEV_PATH_SIZE];

	(void)snprintf(path, sizeof(path), "sys/devices/%s/%s", where, what);
	text(path, content);
}

static void put_le64(uint8_t *p, uint64_t value)
{
	for (unsigned int i = 0; i < 8; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

enum { AREA = 4096, AREA_SIZE = 64 * 1024, VOLUME_SIZE = 1024 * 1024 };

/* The beginning of a physical volume: label, header, one metadata area with this text at an offset
 * within it; the text goes on behind the area's header where the area ends. */
static void physical_volume(uint8_t *start, const char *meta, size_t from)
{
	uint8_t *label = start + 512;
	uint8_t *area = start + AREA;

	memset(start, 0, VOLUME_SIZE);
	memcpy(label, "LABELONE", 8);
	put_le64(label + 8, 1);
	put_le64(label + 20, 32);
	memcpy(label + 24, "LVM2 001", 8);
	put_le64(label + 32 + 32, VOLUME_SIZE);
	put_le64(label + 32 + 40, 512 * 1024); /* data, and the end of that list */
	put_le64(label + 32 + 72, AREA);       /* metadata */
	put_le64(label + 32 + 80, AREA_SIZE);
	memcpy(area + 4, " LVM2 x[5A%r0N*>", 16);
	area[20] = 1;
	put_le64(area + 24, AREA);
	put_le64(area + 32, AREA_SIZE);
	put_le64(area + 40, from);
	put_le64(area + 48, strlen(meta));
	for (size_t i = 0; i < strlen(meta); i++) {
		size_t at = from + i;

		area[at < AREA_SIZE ? at : at - AREA_SIZE + 512] = (uint8_t)meta[i];
	}
}

#define META(lock)                                                                                 \
	"vg0 {\nid = \"x\"\nseqno = 7\nformat = \"lvm2\"\nstatus = [\"READ\"]\n" lock "}\n"

static uint8_t volume[VOLUME_SIZE];

static void a_lock_manager_is_read_from_the_metadata(void **state)
{
	static const struct {
		const char *meta;
		size_t from;
		bool shared;
	} cases[] = {
		{ META(""), 512, false },
		{ META("lock_type = \"none\"\n"), 512, false },
		{ META("lock_type = \"dlm\"\nlock_args = \"1.0.0:lab\"\n"), 512, true },
		{ META("lock_type = \"sanlock\"\n"), 4096, true },
		{ META("lock_type = \"nonesuch\"\n"), 4096, true },
		/* Around the end of the area. */
		{ META("lock_type = \"dlm\"\n"), AREA_SIZE - 70, true },
		{ META("lock_type = \"none\"\n"), AREA_SIZE - 70, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		physical_volume(volume, cases[i].meta, cases[i].from);
		assert_int_equal(blkstack_lvm_is_shared(volume, sizeof(volume)), cases[i].shared);
	}
}

static void rotten_metadata_is_read_within_its_bounds(void **state)
{
	static const uint64_t wrong[] = { 0,	       1,	   511,	       AREA_SIZE,
					  VOLUME_SIZE, UINT32_MAX, UINT64_MAX, UINT64_MAX - 511 };
	static const size_t fields[] = { 512 + 20,  512 + 32 + 40, 512 + 32 + 72,
					 AREA + 32, AREA + 40,	   AREA + 48 };

	(void)state;
	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
		for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
			physical_volume(volume, META("lock_type = \"dlm\"\n"), 512);
			put_le64(volume + fields[f], wrong[i]);
			(void)blkstack_lvm_is_shared(volume, sizeof(volume));
			(void)blkstack_lvm_is_shared(volume, AREA + 600);
			(void)blkstack_lvm_is_shared(volume, 700);
		}
	}
	assert_false(blkstack_lvm_is_shared(volume, 0));
}

static void expect(unsigned int number, enum blkstack_kind kind, const char *name)
{
	struct blkstack s;

	blkstack_look(fixture_folder, makedev(8, number), &s);
	assert_int_equal(s.kind, kind);
	assert_string_equal(s.name, name);
}

static void what_a_device_is_made_of_is_found(void **state)
{
	(void)state;
	folder("sys/class/block");
	folder("sys/dev/block");
	/* A disk and its partition. */
	device("sda", 0);
	device("sda/sda1", 1);
	inside_text("sda/sda1", "partition", "1\n");
	expect(0, BLKSTACK_PLAIN, "");
	expect(1, BLKSTACK_PLAIN, "");
	/* Multipath over two disks, and a partition of it that device-mapper made. */
	device("sdb", 16);
	device("dm-0", 50);
	inside("dm-0", "dm");
	inside_text("dm-0", "dm/uuid", "mpath-3600140\n");
	inside("dm-0", "slaves/sda");
	inside("dm-0", "slaves/sdb");
	expect(50, BLKSTACK_PLAIN, "");
	/* MD by itself, a partition on it, and MD below multipath's look. */
	device("md0", 60);
	inside("md0", "md");
	inside("md0", "slaves/sda1");
	expect(60, BLKSTACK_MD, "md0");
	device("md0/md0p1", 61);
	inside_text("md0/md0p1", "partition", "1\n");
	expect(61, BLKSTACK_MD, "md0");
	device("dm-1", 51);
	inside("dm-1", "dm");
	inside_text("dm-1", "dm/uuid", "CRYPT-LUKS2-0\n");
	inside("dm-1", "slaves/md0p1");
	expect(51, BLKSTACK_MD, "md0");
	device("drbd3", 70);
	expect(70, BLKSTACK_DRBD, "drbd3");
	device("bcache0", 71);
	expect(71, BLKSTACK_BCACHE, "bcache0");
	device("sdc", 32);
	inside("sdc", "bcache");
	expect(32, BLKSTACK_BCACHE, "sdc");
	device("zram0", 72);
	expect(72, BLKSTACK_ZRAM, "zram0");
	/* What sysfs does not know. */
	expect(99, BLKSTACK_PLAIN, "");
}

static void put_volume(const char *name, const char *meta)
{
	char what[40];
	char path[BLKDEV_PATH_SIZE];

	folder("dev");
	(void)snprintf(what, sizeof(what), "dev/%s", name);
	physical_volume(volume, meta, 512);
	assert_true(fixture_file(what, VOLUME_SIZE, path));
	assert_true(fixture_put(path, volume, VOLUME_SIZE, 0));
}

static void plain_lvm_is_told_from_shared_lvm(void **state)
{
	(void)state;
	put_volume("sdd1", META(""));
	put_volume("dm-5", META("lock_type = \"dlm\"\n"));
	device("sdd", 40);
	device("sdd/sdd1", 41);
	inside_text("sdd/sdd1", "partition", "1\n");
	device("dm-6", 56);
	inside("dm-6", "dm");
	inside_text("dm-6", "dm/uuid", "LVM-abc\n");
	inside("dm-6", "slaves/sdd1");
	expect(56, BLKSTACK_LVM, "dm-6");
	assert_false(blkstack_refused(BLKSTACK_LVM));
	/* A mirrored volume over multipath: the physical volume is two steps down. */
	device("dm-5", 55);
	inside("dm-5", "dm");
	inside_text("dm-5", "dm/uuid", "mpath-36\n");
	device("dm-7", 57);
	inside("dm-7", "dm");
	inside_text("dm-7", "dm/uuid", "LVM-def\n");
	inside("dm-7", "slaves/dm-5");
	device("dm-8", 58);
	inside("dm-8", "dm");
	inside_text("dm-8", "dm/uuid", "LVM-ghi\n");
	inside("dm-8", "slaves/dm-7");
	expect(58, BLKSTACK_LVM_SHARED, "dm-5");
	/* The disk below is not to blame when it is used by itself. */
	expect(55, BLKSTACK_PLAIN, "");
}

static void a_loop_in_sysfs_ends(void **state)
{
	(void)state;
	device("sde", 80);
	device("sdf", 81);
	inside("sde", "slaves/sdf");
	inside("sdf", "slaves/sde");
	expect(80, BLKSTACK_PLAIN, "");
}

static void what_is_refused_has_a_reason(void **state)
{
	(void)state;
	for (int k = BLKSTACK_PLAIN; k < BLKSTACK_COUNT; k++) {
		assert_true(strlen(blkstack_text((enum blkstack_kind)k)) > 5);
		assert_int_equal(blkstack_refused((enum blkstack_kind)k),
				 k != BLKSTACK_PLAIN && k != BLKSTACK_LVM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotten_metadata_is_read_within_its_bounds),
		cmocka_unit_test(a_lock_manager_is_read_from_the_metadata),
		cmocka_unit_test(what_a_device_is_made_of_is_found),
		cmocka_unit_test(plain_lvm_is_told_from_shared_lvm),
		cmocka_unit_test(a_loop_in_sysfs_ends),
		cmocka_unit_test(what_is_refused_has_a_reason),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchdogs that cannot be disarmed: what is told before they are armed, and when they are not. */
#include "fixture_sysfs.h"

#include <linux/watchdog.h>
#include <sys/ioctl.h>

#include "shell/nowayout.h"
#include "shell/watchdog.h"

static struct config_problems warnings;
static struct config config;
static int refusal; /* errno of WDIOC_SETOPTIONS; 0: it disarms */

int __wrap_ioctl(int fd, unsigned long request, void *argument);
int __wrap_selfend_find(const char *name);

int __wrap_ioctl(int fd, unsigned long request, void *argument)
{
	(void)fd;
	if (request == WDIOC_GETSUPPORT)
		memset(argument, 0, sizeof(struct watchdog_info));
	if (request == WDIOC_GETTIMEOUT)
		*(int *)argument = 7;
	if (request != WDIOC_SETOPTIONS || refusal == 0)
		return 0;
	errno = refusal;
	return -1;
}

int __wrap_selfend_find(const char *name)
{
	(void)name;
	return 0;
}

static uint32_t warned(const char *device)
{
	char class[BLKDEV_PATH_SIZE];

	in_root("class", class);
	(void)snprintf(config.watchdog, sizeof(config.watchdog), "%s", device);
	warnings.count = 0;
	nowayout_warn(class, &config, &warnings);
	return warnings.count;
}

static void a_driver_that_does_not_disarm_is_warned_of(void **state)
{
	char device[BLKDEV_PATH_SIZE];

	(void)state;
	folder("class/watchdog0");
	folder("class/watchdog1");
	folder("dev");
	text("class/watchdog0/nowayout", "1\n");
	text("class/watchdog1/nowayout", "0\n");
	text("dev/watchdog0", "");
	text("dev/watchdog1", "");
	link_to("dev/ipmi", "dev/watchdog0");
	assert_int_equal(warned("/dev/watchdog0"), 1);
	assert_ptr_equal(strstr(warnings.line[0], "quorum.device.qarb.watchdog = /dev/watchdog0: "),
			 warnings.line[0]);
	/* The first has a second name, and udev's links have others. */
	assert_int_equal(warned("/dev/watchdog"), 1);
	in_root("dev/ipmi", device);
	assert_int_equal(warned(device), 1);
	assert_int_equal(warned("/dev/watchdog1"), 0);
	assert_int_equal(warned("/dev/watchdog2"), 0);
	assert_int_equal(warned(""), 0);
}

static void a_disarming_that_the_driver_refuses_is_none(void **state)
{
	static const struct {
		int refusal;
		enum rc rc;
	} table[] = {
		{ 0, RC_OK },
		{ EBUSY, RC_REFUSED },
		/* Old drivers know the magic character alone. */
		{ ENOTTY, RC_OK },
		{ EOPNOTSUPP, RC_OK },
	};
	struct watchdog w;
	char device[BLKDEV_PATH_SIZE];
	char why[160];

	(void)state;
	in_root("dev/watchdog1", device);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		refusal = table[i].refusal;
		assert_int_equal(watchdog_arm(&w, device, 5000, why, sizeof(why)), RC_OK);
		assert_int_equal(w.timeout_ms, 7000);
		assert_int_equal(watchdog_disarm(&w), table[i].rc);
		assert_int_equal(w.fd, -1);
		assert_int_equal(watchdog_disarm(&w), RC_OK);
	}
	/* One that knows nothing else, and of which the kernel tells that it is such a one. */
	refusal = ENOTTY;
	assert_int_equal(watchdog_arm(&w, device, 5000, why, sizeof(why)), RC_OK);
	assert_false(w.nowayout);
	w.nowayout = true;
	assert_int_equal(watchdog_disarm(&w), RC_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_that_does_not_disarm_is_warned_of),
		cmocka_unit_test(a_disarming_that_the_driver_refuses_is_none),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}

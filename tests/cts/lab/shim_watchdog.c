/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded into qarbd in a laboratory node: /dev/watchdog-lab is a watchdog that fires for real.
 * Its timer is a process of its own, which no stop or death of qarbd reaches; when it is not fed in
 * time it reboots the node, which inside a pid namespace kills that namespace and nothing else.
 * As with a hardware watchdog, closing it without the magic character leaves it armed. One open
 * of the device is one timer. /dev/watchdog-lab-nowayout is one that nothing disarms.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <linux/watchdog.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct timer {
	_Atomic uint64_t fed_ms;
	_Atomic uint32_t timeout_s;
	_Atomic int armed;
};

static struct timer *timer;
static int timer_fd = -1;
static int nowayout;

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void run_timer(void)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	(void)prctl(PR_SET_NAME, "labwatchdog");
	(void)setsid();
	for (int fd = 0; fd < 1024; fd++)
		(void)syscall(SYS_close, fd);
	while (atomic_load(&timer->armed)) {
		if (now_ms() > atomic_load(&timer->fed_ms) + atomic_load(&timer->timeout_s) * 1000)
			(void)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
				      LINUX_REBOOT_CMD_RESTART, NULL);
		(void)nanosleep(&pause, NULL);
	}
	_exit(0);
}

static int open_timer(int flags)
{
	pid_t pid;

	if (timer_fd >= 0) {
		errno = EBUSY;
		return -1;
	}
	timer = mmap(NULL, sizeof(*timer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (timer == MAP_FAILED)
		return -1;
	atomic_store(&timer->fed_ms, now_ms());
	atomic_store(&timer->timeout_s, 60);
	atomic_store(&timer->armed, 1);
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		if (fork() == 0)
			run_timer();
		_exit(0);
	}
	(void)waitpid(pid, NULL, 0);
	timer_fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", flags, 0);
	return timer_fd;
}

int open(const char *path, int flags, ...)
{
	va_list list;
	int mode;

	va_start(list, flags);
	mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(list, int) : 0;
	va_end(list);
	nowayout = nowayout || strcmp(path, "/dev/watchdog-lab-nowayout") == 0;
	if (strcmp(path, "/dev/watchdog-lab") == 0 ||
	    strcmp(path, "/dev/watchdog-lab-nowayout") == 0)
		return open_timer(flags);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	void *argument;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (fd < 0 || fd != timer_fd)
		return (int)syscall(SYS_ioctl, fd, request, argument);
	switch (request) {
	case WDIOC_GETSUPPORT:
		memset(argument, 0, sizeof(struct watchdog_info));
		return 0;
	case WDIOC_SETTIMEOUT:
		atomic_store(&timer->timeout_s, (uint32_t) * (int *)argument);
		return 0;
	case WDIOC_GETTIMEOUT:
		*(int *)argument = (int)atomic_load(&timer->timeout_s);
		return 0;
	case WDIOC_KEEPALIVE:
		atomic_store(&timer->fed_ms, now_ms());
		return 0;
	case WDIOC_SETOPTIONS:
		if (nowayout) {
			errno = EBUSY;
			return -1;
		}
		if (*(int *)argument & WDIOS_DISABLECARD)
			atomic_store(&timer->armed, 0);
		return 0;
	default:
		errno = ENOTTY;
		return -1;
	}
}

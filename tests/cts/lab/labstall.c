/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writes down when the machine itself stood still: a virtual machine whose hypervisor does not run
 * it for a second. On each CPU a thread of the highest real-time priority sleeps 20 ms at a time
 * and writes down when it was late by STALL_NS_MIN. Several programs of that priority, such as
 * corosync, can do that to one CPU while they spin: whoever reads this wants all CPUs to be late at
 * once, or much of the time to be stolen.
 *
 * usage: labstall FILE       appends until it is told to end, or its parent ends
 * line:  cpus COUNT         the first
 * line:  FROM TO CPU STEAL   ns of CLOCK_MONOTONIC, as in the laboratories' events; STEAL: ms that
 *                            the hypervisor admits for that CPU (/proc/stat), -1 if it does not say
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define SLEEP_NS 20000000u
#define STALL_NS_MIN 400000000u
#define CPU_COUNT_MAX 256

static FILE *out;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* The eighth number of the CPU's line. */
static long steal_ms(size_t cpu)
{
	char line[512], name[16];
	long steal = -1;
	FILE *f = fopen("/proc/stat", "r");

	if (!f)
		return -1;
	snprintf(name, sizeof(name), "cpu%zu ", cpu);
	while (fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0 &&
		    sscanf(line, "%*s %*u %*u %*u %*u %*u %*u %*u %ld", &steal) == 1)
			break;
	fclose(f);
	return steal < 0 ? -1 : steal * 1000 / sysconf(_SC_CLK_TCK);
}

static void *watch(void *arg)
{
	size_t cpu = (size_t)(uintptr_t)arg;
	struct timespec nap = { .tv_nsec = SLEEP_NS };
	uint64_t last = now_ns();
	long steal = steal_ms(cpu);

	for (unsigned int i = 0;; i++) {
		uint64_t now;

		nanosleep(&nap, NULL);
		now = now_ns();
		if (now - last >= SLEEP_NS + STALL_NS_MIN) {
			long more = steal_ms(cpu);

			fprintf(out, "%" PRIu64 " %" PRIu64 " %zu %ld\n", last, now, cpu,
				more < 0 ? -1 : more - steal);
			fflush(out);
			now = now_ns();
		}
		if (i % 50 == 0)
			steal = steal_ms(cpu);
		last = now;
	}
	return NULL;
}

/* Without the priority a busy machine would look like one that stands still. */
static int start(size_t cpu)
{
	struct sched_param param = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };
	pthread_attr_t attr;
	pthread_t thread;
	cpu_set_t set;
	int rc;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	rc = pthread_create(&thread, &attr, watch, (void *)(uintptr_t)cpu);
	pthread_attr_destroy(&attr);
	return rc;
}

int main(int argc, char **argv)
{
	cpu_set_t allowed;
	int rc = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: labstall FILE\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	out = fopen(argv[1], "ae");
	if (!out || mlockall(MCL_CURRENT | MCL_FUTURE) != 0 ||
	    sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
		fprintf(stderr, "labstall: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	fprintf(out, "cpus %d\n", CPU_COUNT(&allowed));
	fflush(out);
	for (size_t cpu = 0; cpu < CPU_COUNT_MAX && rc == 0; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			rc = start(cpu);
	if (rc != 0) {
		fprintf(stderr, "labstall: no thread of real-time priority: %s\n", strerror(rc));
		return 1;
	}
	for (;;)
		pause();
}

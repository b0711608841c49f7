/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "shell/tracer.h"
#include "tool/ctl.h"

static struct shm *shm;
static struct tracer *tracer;
static struct arb *arb;
static struct actions actions;
static char line[TRACELINE_SIZE + 1];
static char path[64];
static FILE *file;

/* Everything that waits in the ring, as the recorder would write it. */
static void record(void)
{
	uint32_t length;

	while ((length = ring_take(&shm->trace.ring, line, TRACELINE_SIZE)) != 0)
		assert_int_equal(fwrite(line, 1, length, file), length);
}

static void step(struct event *e, uint64_t now_ms)
{
	e->now_ms = now_ms;
	e->entropy = now_ms * 7919;
	actions.count = actions.notes_dropped = 0;
	arb_step(arb, e, &actions);
	tracer_step(tracer, arb, e, &actions);
}

static void configure(void)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_CONFIG;
	e.u.policy = (struct policy){ .timeout_ms = 450,
				      .sync_timeout_ms = 900,
				      .token_ms = 1000,
				      .consensus_ms = 1200,
				      .dead_ms = 900,
				      .interval_ms = 113,
				      .hold_ms = 450,
				      .poll_ms = 90,
				      .settle_ms = 450,
				      .late_ms = 1800,
				      .up_beats = 3,
				      .margin_ms = 180,
				      .arbiter_count = 1 };
	step(&e, 5000);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_PUBLICATION;
	step(&e, 5001);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_COROSYNC;
	e.u.host_life = 0xabcdef;
	step(&e, 5001);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DEVICE;
	e.u.device.registered = true;
	step(&e, 5002);
}

/* Enough for notes, publications and a disk that is being adopted. */
static void live(uint64_t from_ms)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.type = EVENT_VIEW;
	e.u.view.ring = (struct ring_id){ .seq = from_ms, .node_id = 1 };
	e.u.view.members = (struct members){ .count = 2, .node_id = { 1, 2 } };
	step(&e, from_ms);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_DISK_OPENED;
	e.u.facts.slot_count = NODES_MAX;
	e.u.facts.uuid[3] = 9;
	e.u.facts.timings = (struct timings){ 450, 90, 1350, 113 };
	e.u.facts.map = (struct slot_map){ .count = 2, .node_id = { 1, 2 } };
	step(&e, from_ms + 1);
	for (uint64_t t = from_ms + 10; t < from_ms + 2000; t += 50) {
		memset(&e, 0, sizeof(e));
		e.type = EVENT_TICK;
		step(&e, t);
	}
	record();
}

static int start(void **state)
{
	struct identity me = { .node_id = 1, .incarnation = 77, .now_ms = 4900 };
	int fd;

	(void)state;
	if (shm == NULL) {
		shm = shm_create();
		tracer = calloc(1, sizeof(*tracer));
		arb = calloc(1, sizeof(*arb));
	}
	assert_true(shm != NULL && tracer != NULL && arb != NULL);
	RING_INIT(&shm->trace);
	atomic_store(&shm->snapshot_wanted, 0);
	(void)snprintf(path, sizeof(path), "/tmp/test_tracer.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	arb_init(arb, &me);
	tracer_start(tracer, shm, &me);
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (file != NULL)
		(void)fclose(file);
	file = NULL;
	(void)unlink(path);
	return 0;
}

static int replay(void)
{
	char name[] = "replay";
	char *argv[] = { name, path, NULL };

	(void)fflush(file);
	return replay_main(2, argv);
}

/* Rewrite the file with the first occurrence of a text replaced by another one as long. */
static void forge(const char *from, const char *to)
{
	static char text[1 << 22];
	FILE *f = fopen(path, "r+");
	size_t size;
	char *at;

	memset(text, 0, sizeof(text));
	assert_non_null(f);
	assert_int_equal(strlen(from), strlen(to));
	(void)fflush(file);
	size = fread(text, 1, (1 << 22) - 1, f);
	at = strstr(text, from);
	assert_non_null(at);
	memcpy(at, to, strlen(to));
	rewind(f);
	assert_int_equal(fwrite(text, 1, size, f), size);
	(void)fclose(f);
}

static void a_trace_from_the_start_replays(void **state)
{
	(void)state;
	configure();
	live(6000);
	assert_int_equal(replay(), CTL_DONE);
}

static void an_action_that_differs_is_found(void **state)
{
	(void)state;
	configure();
	live(6000);
	forge("action publish arbiter=0 token=0 generation=1 ",
	      "action publish arbiter=0 token=0 generation=9 ");
	assert_int_equal(replay(), CTL_FAILED);
}

static void an_event_that_differs_is_found(void **state)
{
	(void)state;
	configure();
	live(6000);
	forge("life=0xabcdef", "life=0xabcdee");
	assert_int_equal(replay(), CTL_FAILED);
}

static void a_trace_without_a_beginning_is_refused(void **state)
{
	(void)state;
	(void)ring_take(&shm->trace.ring, line, TRACELINE_SIZE);
	configure();
	live(6000);
	assert_int_equal(replay(), CTL_FAILED);
}

static void a_trace_from_a_snapshot_on_replays(void **state)
{
	struct event e;

	(void)state;
	configure();
	live(6000);
	rewind(file);
	assert_int_equal(ftruncate(fileno(file), 0), 0);
	atomic_store(&shm->snapshot_wanted, 1);
	memset(&e, 0, sizeof(e));
	e.type = EVENT_TICK;
	step(&e, 9000);
	/* The lines of this step come before the snapshot. */
	do {
		uint32_t length = ring_take(&shm->trace.ring, line, TRACELINE_SIZE);

		assert_int_not_equal(length, 0);
		if (strncmp(line, "snapshot ", 9) == 0) {
			assert_int_equal(fwrite(line, 1, length, file), length);
			break;
		}
	} while (true);
	live(9100);
	assert_int_equal(replay(), CTL_DONE);
	forge("snapshot version=", "snapshot versioN=");
	assert_int_equal(replay(), CTL_FAILED);
}

static void a_full_ring_ends_the_trace_until_a_snapshot(void **state)
{
	uint32_t snapshots = 0;
	uint32_t length;

	(void)state;
	configure();
	record();
	for (uint64_t t = 6000; !tracer->broken && t < 6000000; t += 50) {
		struct event e;

		memset(&e, 0, sizeof(e));
		e.type = EVENT_QUORATE;
		e.u.quorate = t % 100 == 0;
		step(&e, t);
	}
	assert_true(tracer->broken);
	record();
	live(7000000);
	assert_false(tracer->broken);
	live(7010000);
	(void)fflush(file);
	assert_int_equal(replay(), CTL_DONE);
	/* The gap is bridged by exactly one snapshot. */
	rewind(file);
	file = freopen(path, "r+", file);
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		length = (uint32_t)strlen(line);
		if (length > 9 && strncmp(line, "snapshot ", 9) == 0)
			snapshots++;
	}
	assert_int_equal(snapshots, 1);
}

static void a_line_cut_by_a_crash_ends_the_trace(void **state)
{
	(void)state;
	configure();
	live(6000);
	assert_true(fputs("event tick now=9", file) >= 0);
	assert_int_equal(replay(), CTL_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_trace_from_the_start_replays, start, end),
		cmocka_unit_test_setup_teardown(an_action_that_differs_is_found, start, end),
		cmocka_unit_test_setup_teardown(an_event_that_differs_is_found, start, end),
		cmocka_unit_test_setup_teardown(a_trace_without_a_beginning_is_refused, start, end),
		cmocka_unit_test_setup_teardown(a_trace_from_a_snapshot_on_replays, start, end),
		cmocka_unit_test_setup_teardown(a_full_ring_ends_the_trace_until_a_snapshot, start,
						end),
		cmocka_unit_test_setup_teardown(a_line_cut_by_a_crash_ends_the_trace, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture_disk.h"
#include "fixture_trace.h"

static char again[TRACELINE_SIZE];

static void events_of_every_type_with_every_field_set_are_read_back(void **state)
{
	struct event e;

	(void)state;
	for (uint32_t type = 0; type < EVENT_TYPE_COUNT; type++) {
		some_event(&e, (enum event_type)type);
		switch ((enum event_type)type) {
		case EVENT_CONFIG:
			e.u.policy = (struct policy){ .algorithm = ALGORITHM_FFSPLIT,
						      .tie_breaker = TIE_NODE,
						      .tie_node_id = 77,
						      .workload = true,
						      .timeout_ms = 1,
						      .sync_timeout_ms = 2,
						      .token_ms = 3,
						      .consensus_ms = 4,
						      .dead_ms = 5,
						      .interval_ms = 6,
						      .hold_ms = 7,
						      .poll_ms = 8,
						      .settle_ms = 9,
						      .late_ms = 10,
						      .up_beats = 11,
						      .margin_ms = 12,
						      .arbiter_count = ARBITERS_MAX,
						      .evict = true,
						      .evict_in_maintenance = true,
						      .evict_on_score = true,
						      .evict_action = FENCE_OFF,
						      .evict_after_ms = 13,
						      .on_loss = SELF_STOP,
						      .on_poison = SELF_REBOOT,
						      .hash = 0xffffffffffffffff };
			e.u.policy.arbiter_type[6] = ARBITER_QNETD;
			break;
		case EVENT_NODELIST:
			e.u.nodelist.count = NODES_MAX;
			for (uint32_t i = 0; i < NODES_MAX; i++) {
				e.u.nodelist.node_id[i] = 0xffffff00 + i;
				e.u.nodelist.votes[i] = i;
			}
			break;
		case EVENT_COROSYNC:
			e.u.host_life = 0x8000000000000001;
			break;
		case EVENT_VIEW:
			fixture_ring(&e.u.view.ring, &e.u.view.members, 3);
			break;
		case EVENT_PEER_DEVICE:
			e.u.device.node_id = 9;
			e.u.device.registered = true;
			break;
		case EVENT_DEVICE:
			e.u.device.registered = true;
			break;
		case EVENT_QUORATE:
			e.u.quorate = true;
			break;
		case EVENT_FITNESS:
			e.u.fitness.score = 1;
			e.u.fitness.score_max = 2;
			e.u.fitness.fit = true;
			break;
		case EVENT_WEIGHT:
			e.u.weight = 0xffffffff;
			break;
		case EVENT_DISK_OPENED: {
			struct disk_header h;

			fixture_header(&h);
			e.u.facts = h.facts;
			e.u.facts.map.node_id[5] = 0;
			break;
		}
		case EVENT_DISK_CLOSED:
			e.u.rc = RC_GONE;
			break;
		case EVENT_WRITE_DONE:
			e.u.io = (struct event_io){ 1, IO_UNKNOWN, 2, 3, 0, NULL };
			break;
		case EVENT_READ_DONE:
			e.u.io = (struct event_io){ 1, IO_FAILED, 2, 3, 5, NULL };
			break;
		case EVENT_POLL_DONE:
			e.u.poll.generation = 1;
			e.u.poll.ring.seq = 2;
			e.u.poll.ring.node_id = 3;
			e.u.poll.answer = ANSWER_YES;
			e.u.poll.ok = true;
			e.u.poll.start_ms = 4;
			e.u.poll.end_ms = 5;
			break;
		case EVENT_PUBLICATION:
			e.u.publication = (struct publication){
				.generation = 1,
				.answer = ANSWER_NO,
				.ring = { 2, 3, 0 },
				.host_life = 4,
				.until_ms = UINT64_MAX,
				.poll_ms = 5,
				.repeat_ms = 6,
			};
			break;
		case EVENT_HELLO:
			e.u.hello.node_id = 1;
			fixture_uuid(e.u.hello.uuid);
			e.u.hello.incarnation = 2;
			e.u.hello.sequence = 3;
			break;
		case EVENT_BRIDGE:
			e.u.bridge.connected = e.u.bridge.known = e.u.bridge.maintenance = true;
			e.u.bridge.count = NODES_MAX;
			for (uint32_t i = 0; i < NODES_MAX; i++) {
				e.u.bridge.node[i].node_id = 0xffffff00 + i;
				e.u.bridge.node[i].known = i % 2 != 0;
				e.u.bridge.node[i].maintenance = i % 3 != 0;
				e.u.bridge.node[i].shutting_down = i % 5 != 0;
			}
			break;
		case EVENT_EVICT_REPORT:
			e.u.report.id = UINT64_MAX;
			e.u.report.incarnation = UINT64_MAX - 1;
			e.u.report.node_id = 2;
			e.u.report.progress = EVICT_GAVE_UP;
			e.u.report.attempts = 3;
			break;
		case EVENT_FENCED:
			e.u.fencing.node_id = 4;
			e.u.fencing.action = FENCE_OFF;
			e.u.fencing.result = FENCING_FAILED;
			e.u.fencing.at_ms = UINT64_MAX;
			break;
		case EVENT_ASK:
			e.u.ask.number = UINT64_MAX;
			e.u.ask.node_id = 5;
			e.u.ask.ask = EVICT_ASK_POISON;
			break;
		case EVENT_WATCHDOG:
			e.u.watchdog_ms = UINT32_MAX;
			break;
		case EVENT_TICK:
		case EVENT_LEAVE:
		case EVENT_TYPE_COUNT:
			break;
		}
		pass_event(&e);
		/* Unknown and failed reads bring no slots. */
		if (type == EVENT_READ_DONE)
			item.event.u.io.slots = NULL;
		if (type == EVENT_WRITE_DONE)
			assert_null(item.event.u.io.slots);
		assert_memory_equal(&item.event, &e, sizeof(e));
	}
}

static void actions_of_every_type_are_read_back(void **state)
{
	struct action a;
	struct slot block;
	uint32_t column;
	size_t length;

	(void)state;
	fixture_slot(&block);
	for (uint32_t type = 0; type < ACTION_TYPE_COUNT; type++) {
		memset(&a, 0, sizeof(a));
		a.type = (enum action_type)type;
		a.arbiter_index = 2;
		a.token = UINT64_MAX;
		switch ((enum action_type)type) {
		case ACTION_WRITE_SLOT:
			a.u.write.copy = 1;
			a.u.write.slot_index = 63;
			break;
		case ACTION_READ:
			a.u.mask = UINT64_MAX;
			break;
		case ACTION_PUBLISH:
			a.u.publication.generation = 7;
			a.u.publication.answer = ANSWER_YES;
			a.u.publication.until_ms = 8;
			break;
		case ACTION_HELLO:
			a.u.hello.node_id = 3;
			fixture_uuid(a.u.hello.uuid);
			a.u.hello.incarnation = 4;
			a.u.hello.sequence = 5;
			break;
		case ACTION_EVICT:
			a.u.evict.place = EVICT_ORDERS_MAX - 1;
			a.u.evict.order = (struct evict_order){ .id = 3,
								.incarnation = 4,
								.deadline_ms = UINT64_MAX,
								.node_id = 5,
								.action = FENCE_OFF,
								.why = EVICT_ADMIN,
								.withdrawn = true };
			break;
		case ACTION_VERDICT:
			a.u.verdict.number = 6;
			a.u.verdict.gate = EVICT_GATE_NOT_DUE;
			break;
		case ACTION_SELF:
			a.u.self = SELF_REBOOT;
			break;
		case ACTION_NOTE:
			a.u.note = (struct note){ NOTE_GRANTED, 1, 2, 3, UINT64_MAX };
			break;
		case ACTION_LEFT:
		case ACTION_TYPE_COUNT:
			break;
		}
		length = traceline_write_action(&writer, &a, &block, line, sizeof(line));
		assert_int_not_equal(length, 0);
		assert_int_equal(traceline_read(&reader, line, length, &item, &column), RC_OK);
		assert_int_equal(item.kind, TRACE_ACTION);
		assert_memory_equal(&item.action, &a, sizeof(a));
		if (type == ACTION_WRITE_SLOT)
			assert_memory_equal(&item.block, &block, sizeof(block));
	}
}

static void the_beginning_is_read_back(void **state)
{
	static const struct trace_begin b = { 5, 0xffffffffffffffff, 77 };
	uint32_t column;
	size_t length;

	(void)state;
	length = traceline_write_begin(&b, line, sizeof(line));
	assert_int_equal(traceline_read(&reader, line, length, &item, &column), RC_OK);
	assert_int_equal(item.kind, TRACE_BEGIN);
	assert_memory_equal(&item.begin, &b, sizeof(b));
}

static void every_note_has_a_name(void **state)
{
	struct action a = { .type = ACTION_NOTE };

	(void)state;
	for (uint32_t id = 0; id < NOTE_COUNT; id++) {
		size_t length;

		a.u.note.id = (enum note_id)id;
		length = traceline_write_action(&writer, &a, NULL, line, sizeof(line));
		assert_int_not_equal(length, 0);
		assert_null(memchr(line, '#', length));
	}
}

static void read_event(struct event *e, uint64_t mask)
{
	some_event(e, EVENT_READ_DONE);
	e->u.io.token = 4;
	e->u.io.mask = mask;
	e->u.io.slots = slots;
}

static void nothing_is_written_beyond_a_short_buffer(void **state)
{
	struct event e;
	char small[64];

	(void)state;
	fixture_slot(&slots[0].slot);
	read_event(&e, 1);
	for (size_t size = 0; size < sizeof(small); size++) {
		memset(small, 0x7e, sizeof(small));
		assert_int_equal(traceline_write_event(&writer, &e, small, size), 0);
		for (size_t i = size; i < sizeof(small); i++)
			assert_int_equal(small[i], 0x7e);
	}
	/* The failures left no trace in the state. */
	pass_event(&e);
	assert_memory_equal(&item.event.u.io.slots[0], &slots[0], sizeof(slots[0]));
}

static void wrong_lines_are_refused_at_the_column_of_the_fault(void **state)
{
	static const struct {
		const char *text;
		uint32_t column;
	} wrong[] = {
		{ "", 1 },
		{ "Event tick now=1 entropy=0x0 arbiter=0", 1 },
		{ "event", 1 },
		{ "event tock now=1 entropy=0x0 arbiter=0", 7 },
		{ "event tick", 11 },
		{ "event tick  now=1 entropy=0x0 arbiter=0", 12 },
		{ "event tick now= entropy=0x0 arbiter=0", 16 },
		{ "event tick now=-1 entropy=0x0 arbiter=0", 16 },
		{ "event tick now=01 entropy=0x0 arbiter=0", 17 },
		{ "event tick now=18446744073709551616 entropy=0x0 arbiter=0", 35 },
		{ "event tick now=1 entropy=0xG arbiter=0", 28 },
		{ "event tick now=1 entropy=0xA arbiter=0", 28 },
		{ "event tick now=1 entropy=0x0 arbiter=7", 39 },
		{ "event tick now=1 entropy=0x0 arbiter=0 ", 39 },
		{ "event tick now=1 entropy=0x0 arbiter=0 x=1", 39 },
		{ "event quorate now=1 entropy=0x0 arbiter=0 quorate=2", 51 },
		{ "event weight now=1 entropy=0x0 arbiter=0 weight=4294967296", 58 },
		{ "event view now=1 entropy=0x0 arbiter=0 ring=1.1 members=2,1", 60 },
		{ "event view now=1 entropy=0x0 arbiter=0 ring=1.1 members=0", 58 },
		{ "event view now=1 entropy=0x0 arbiter=0 ring=1.1 members=", 57 },
		{ "event disk_closed now=1 entropy=0x0 arbiter=0 rc=fine", 50 },
		{ "begin format=2 node=1 incarnation=0x1 start=1", 14 },
		{ "action note arbiter=0 token=0 id=#1 a=0 b=0 c=0 d=0", 36 },
		{ "action note arbiter=0 token=0 id=#99 a=0 b=0 c=0 d=0", 36 },
	};
	uint32_t column;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		size_t length = strlen(wrong[i].text);

		column = 0;
		traceline_init(&reader);
		assert_int_equal(traceline_read(&reader, wrong[i].text, length, &item, &column),
				 RC_SYNTAX);
		if (column != wrong[i].column)
			fail_msg("entry %zu: column %u", i, column);
	}
}

static void a_line_cut_short_anywhere_is_refused_or_is_another_line(void **state)
{
	struct event e;
	size_t length;
	uint32_t column;

	(void)state;
	some_event(&e, EVENT_PUBLICATION);
	e.u.publication.generation = 12;
	e.u.publication.repeat_ms = 7;
	length = traceline_write_event(&writer, &e, line, sizeof(line));
	for (size_t cut = 0; cut < length; cut++) {
		traceline_init(&reader);
		assert_int_equal(traceline_read(&reader, line, cut, &item, &column), RC_SYNTAX);
		assert_in_range(column, 1, cut + 1);
	}
	assert_int_equal(traceline_read(&reader, line, length, &item, &column), RC_OK);
}

static void what_was_read_is_written_again_letter_by_letter(void **state)
{
	struct event e;
	size_t length;
	size_t length_again;
	uint32_t column;
	static struct traceline third;

	(void)state;
	traceline_init(&third);
	fixture_slot(&slots[7].slot);
	for (uint32_t step = 0; step < 20; step++) {
		slots[7].slot.sequence += 1 + step * 0x10000;
		slots[7].slot.other[step % 7].k = step;
		read_event(&e, slot_bit(7));
		length = traceline_write_event(&writer, &e, line, sizeof(line));
		assert_int_equal(traceline_read(&reader, line, length, &item, &column), RC_OK);
		length_again = traceline_write_event(&third, &item.event, again, sizeof(again));
		assert_int_equal(length, length_again);
		assert_memory_equal(line, again, length);
	}
}

/* If one of these fails, the model has changed: teach the walk the new field, then mend the size.
 */
static void the_walk_knows_the_model_of_today(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct policy), 128);
	assert_int_equal(sizeof(struct publication), 56);
	assert_int_equal(sizeof(struct event_poll), 48);
	assert_int_equal(sizeof(struct disk_facts), 296);
	assert_int_equal(sizeof(struct event_hello), 40);
	assert_int_equal(sizeof(struct event_io), 48);
	assert_int_equal(sizeof(struct event), 552);
	assert_int_equal(sizeof(struct action), 72);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(wrong_lines_are_refused_at_the_column_of_the_fault,
				       fresh_state),
		cmocka_unit_test_setup(a_line_cut_short_anywhere_is_refused_or_is_another_line,
				       fresh_state),
		cmocka_unit_test_setup(nothing_is_written_beyond_a_short_buffer, fresh_state),
		cmocka_unit_test_setup(events_of_every_type_with_every_field_set_are_read_back,
				       fresh_state),
		cmocka_unit_test_setup(actions_of_every_type_are_read_back, fresh_state),
		cmocka_unit_test_setup(the_beginning_is_read_back, fresh_state),
		cmocka_unit_test_setup(every_note_has_a_name, fresh_state),
		cmocka_unit_test_setup(what_was_read_is_written_again_letter_by_letter,
				       fresh_state),
		cmocka_unit_test(the_walk_knows_the_model_of_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

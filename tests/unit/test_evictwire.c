/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "wire/evictwire.h"

static uint8_t message[EVICTWIRE_SIZE];
static struct evict_sync sync_sent;
static struct evict_sync sync_got;
static struct evict_answer answer_sent;
static struct evict_answer answer_got;

static void fill_text(char *text, size_t size, char c)
{
	memset(text, c, size - 1);
	text[size - 1] = 0;
}

/* Every field another value, every list full. */
static void fullest_sync(struct evict_sync *s)
{
	memset(s, 0, sizeof(*s));
	s->facts.fencer = s->facts.known = s->facts.fencing_enabled = s->facts.maintenance = true;
	s->facts.count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		s->facts.node[i].node_id = 1000 + i;
		s->facts.node[i].known = i % 2 != 0;
		s->facts.node[i].maintenance = i % 3 != 0;
		s->facts.node[i].shutting_down = i % 5 != 0;
	}
	s->report_count = EVICT_ORDERS_MAX;
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct evict_report *r = &s->report[i];

		r->id = UINT64_MAX - i;
		r->incarnation = UINT64_MAX / 3 + i;
		r->node_id = 2000 + i;
		r->progress = (enum evict_progress)(i % EVICT_PROGRESS_COUNT);
		r->attempts = 3000 + i;
		fill_text(r->text, sizeof(r->text), (char)('a' + i));
	}
	s->fencing_count = EVICT_FENCINGS_MAX;
	for (uint32_t i = 0; i < EVICT_FENCINGS_MAX; i++) {
		struct fencing_seen *f = &s->fencing[i];

		f->node_id = 4000 + i;
		f->action = (enum fence_action)(i % FENCE_ACTION_COUNT);
		f->result = (enum fencing_result)(i % FENCING_RESULT_COUNT);
		f->at_ms = UINT64_MAX / 7 + i;
		fill_text(f->client, sizeof(f->client), (char)('A' + i));
	}
}

static void fullest_answer(struct evict_answer *a)
{
	memset(a, 0, sizeof(*a));
	a->rc = RC_AGAIN;
	fill_text(a->text, sizeof(a->text), 't');
	a->evict = a->voting = true;
	a->own_node_id = 5;
	a->node_count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		a->node[i].node_id = 6000 + i;
		a->node[i].gone = i % 3 == 0;
		fill_text(a->node[i].name, sizeof(a->node[i].name), (char)('0' + i));
	}
	a->orders.count = EVICT_ORDERS_MAX;
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct evict_order *o = &a->orders.order[i];

		o->id = 7000 + i;
		o->incarnation = UINT64_MAX - i;
		o->deadline_ms = UINT64_MAX / 5 + i;
		o->node_id = 8000 + i;
		o->action = i % 2 != 0 ? FENCE_OFF : FENCE_REBOOT;
		o->why = (enum evict_why)(i % EVICT_WHY_COUNT);
		o->withdrawn = i % 3 != 0;
	}
}

static void rejects_what_is_no_message(void **state)
{
	size_t size;

	(void)state;
	memset(&sync_sent, 0, sizeof(sync_sent));
	size = evictwire_encode_sync(&sync_sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_not_equal(evictwire_decode_sync(message, cut, &sync_got), RC_OK);
	/* Each kind is what it says: a request is no answer. */
	assert_int_equal(evictwire_decode_answer(message, size, &answer_got), RC_BADVALUE);
	bytes_store_u32(message + 4, EVICTWIRE_VERSION + 1);
	assert_int_equal(evictwire_decode_sync(message, size, &sync_got), RC_BADVERSION);
	message[0] ^= 1;
	assert_int_equal(evictwire_decode_sync(message, size, &sync_got), RC_BADMAGIC);
}

static void a_message_cut_short_or_lengthened_anywhere_is_refused(void **state)
{
	size_t size;

	(void)state;
	fullest_sync(&sync_sent);
	size = evictwire_encode_sync(&sync_sent, message, sizeof(message));
	for (size_t cut = EVICTWIRE_HEADER_SIZE; cut < size; cut++) {
		bytes_store_u32(message + 12, (uint32_t)cut);
		assert_int_equal(evictwire_decode_sync(message, cut, &sync_got), RC_BADVALUE);
	}
	bytes_store_u32(message + 12, (uint32_t)size + 1);
	message[size] = 0;
	assert_int_equal(evictwire_decode_sync(message, size + 1, &sync_got), RC_BADVALUE);
	assert_int_equal(evictwire_encode_sync(&sync_sent, message, size - 1), 0);
	fullest_answer(&answer_sent);
	size = evictwire_encode_answer(&answer_sent, message, sizeof(message));
	for (size_t cut = EVICTWIRE_HEADER_SIZE; cut < size; cut++) {
		bytes_store_u32(message + 12, (uint32_t)cut);
		assert_int_equal(evictwire_decode_answer(message, cut, &answer_got), RC_BADVALUE);
	}
	assert_int_equal(evictwire_encode_answer(&answer_sent, message, size - 1), 0);
}

static void values_out_of_range_are_not_sent(void **state)
{
	(void)state;
	fullest_sync(&sync_sent);
	sync_sent.fencing_count = EVICT_FENCINGS_MAX + 1;
	assert_int_equal(evictwire_encode_sync(&sync_sent, message, sizeof(message)), 0);
	fullest_sync(&sync_sent);
	sync_sent.report[3].progress = EVICT_PROGRESS_COUNT;
	assert_int_equal(evictwire_encode_sync(&sync_sent, message, sizeof(message)), 0);
	fullest_sync(&sync_sent);
	memset(sync_sent.report[0].text, 'x', sizeof(sync_sent.report[0].text));
	assert_int_equal(evictwire_encode_sync(&sync_sent, message, sizeof(message)), 0);
	fullest_answer(&answer_sent);
	answer_sent.orders.count = EVICT_ORDERS_MAX + 1;
	assert_int_equal(evictwire_encode_answer(&answer_sent, message, sizeof(message)), 0);
}

static void an_order_to_switch_on_or_without_a_number_is_refused(void **state)
{
	(void)state;
	fullest_answer(&answer_sent);
	answer_sent.orders.order[1].action = FENCE_ON;
	assert_int_equal(evictwire_encode_answer(&answer_sent, message, sizeof(message)), 0);
	fullest_answer(&answer_sent);
	answer_sent.orders.order[1].id = 0;
	assert_int_equal(evictwire_encode_answer(&answer_sent, message, sizeof(message)), 0);
}

static void the_fullest_messages_fit_and_are_read_back(void **state)
{
	size_t size;

	(void)state;
	fullest_sync(&sync_sent);
	size = evictwire_encode_sync(&sync_sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	memset(&sync_got, 0xff, sizeof(sync_got));
	assert_int_equal(evictwire_decode_sync(message, size, &sync_got), RC_OK);
	assert_memory_equal(&sync_got, &sync_sent, sizeof(sync_got));
	fullest_answer(&answer_sent);
	size = evictwire_encode_answer(&answer_sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	memset(&answer_got, 0xff, sizeof(answer_got));
	assert_int_equal(evictwire_decode_answer(message, size, &answer_got), RC_OK);
	assert_memory_equal(&answer_got, &answer_sent, sizeof(answer_got));
}

static void whether_a_bridge_is_connected_is_the_daemons_to_know(void **state)
{
	size_t size;

	(void)state;
	memset(&sync_sent, 0, sizeof(sync_sent));
	sync_sent.facts.connected = true;
	size = evictwire_encode_sync(&sync_sent, message, sizeof(message));
	assert_int_equal(evictwire_decode_sync(message, size, &sync_got), RC_OK);
	assert_false(sync_got.facts.connected);
}

static void every_word_has_its_text(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < EVICT_GATE_COUNT; i++)
		assert_string_not_equal(evict_gate_text((enum evict_gate)i), "?");
	for (uint32_t i = 0; i < EVICT_WHY_COUNT; i++)
		assert_string_not_equal(evict_why_text((enum evict_why)i), "?");
	for (uint32_t i = 0; i < EVICT_PROGRESS_COUNT; i++)
		assert_string_not_equal(evict_progress_text((enum evict_progress)i), "?");
	for (uint32_t i = 0; i < FENCE_ACTION_COUNT; i++)
		assert_string_not_equal(fence_action_text((enum fence_action)i), "?");
	assert_string_equal(evict_gate_text(EVICT_GATE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejects_what_is_no_message),
		cmocka_unit_test(a_message_cut_short_or_lengthened_anywhere_is_refused),
		cmocka_unit_test(values_out_of_range_are_not_sent),
		cmocka_unit_test(an_order_to_switch_on_or_without_a_number_is_refused),
		cmocka_unit_test(the_fullest_messages_fit_and_are_read_back),
		cmocka_unit_test(whether_a_bridge_is_connected_is_the_daemons_to_know),
		cmocka_unit_test(every_word_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

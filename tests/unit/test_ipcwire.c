/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "fixture_disk.h"
#include "wire/ipcwire.h"

static uint8_t message[IPCWIRE_RESPONSE_SIZE];
static struct ipc_response sent;
static struct ipc_response got;

static void fill_text(char *text, size_t size, char c)
{
	memset(text, c, size - 1);
	text[size - 1] = 0;
}

/* Every field another value, every list full. */
static void fullest_status(struct ipc_response *r)
{
	struct ipc_status *s = &r->status;
	struct slot slot;

	memset(r, 0, sizeof(*r));
	fixture_slot(&slot);
	r->type = IPC_STATUS;
	fill_text(r->text, sizeof(r->text), 't');
	fill_text(s->cluster_name, sizeof(s->cluster_name), 'c');
	fill_text(s->other_device, sizeof(s->other_device), 'o');
	s->wait_for_all = IPC_WFA_WAITING;
	s->node_count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		s->node[i].node_id = fixture_u32(i);
		fill_text(s->node[i].name, sizeof(s->node[i].name), (char)('0' + i));
	}
	s->arb.now_ms = 1;
	s->arb.node_id = 2;
	s->arb.incarnation = 3;
	s->arb.host_life = 4;
	s->arb.view = slot.view;
	s->arb.registered = true;
	s->arb.quorate = true;
	s->arb.leaving = true;
	s->arb.publication = (struct publication){ 5, ANSWER_YES, { 6, 7, 0 }, 8, 9, 10, 11 };
	s->arb.reason = REASON_GRANTED;
	s->arb.arbiter_count = ARBITERS_MAX;
	s->arb.grants = ARBITERS_MAX;
	s->arb.policy = (struct policy){ .algorithm = ALGORITHM_FFSPLIT,
					 .tie_breaker = TIE_NODE,
					 .tie_node_id = 12,
					 .workload = true,
					 .timeout_ms = 13,
					 .sync_timeout_ms = 14,
					 .token_ms = 15,
					 .consensus_ms = 16,
					 .dead_ms = 17,
					 .interval_ms = 18,
					 .hold_ms = 19,
					 .poll_ms = 20,
					 .settle_ms = 21,
					 .late_ms = 22,
					 .up_beats = 23,
					 .margin_ms = 24,
					 .arbiter_count = ARBITERS_MAX,
					 .evict = true,
					 .evict_in_maintenance = true,
					 .evict_on_score = true,
					 .evict_action = FENCE_OFF,
					 .evict_after_ms = 45,
					 .on_loss = SELF_STOP,
					 .on_poison = SELF_REBOOT,
					 .hash = UINT64_MAX };
	s->arb.evict = (struct evict_status){ .bridge = true,
					      .fencer = true,
					      .known = true,
					      .fencing_enabled = true,
					      .maintenance = true,
					      .poisoned = true,
					      .watchdog_ms = 46,
					      .count = EVICT_ORDERS_MAX,
					      .poison_count = POISON_MAX };
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		struct evict_item *e = &s->arb.evict.item[i];

		e->node_id = fixture_u32(i);
		e->why = EVICT_ADMIN;
		e->incarnation = fixture_u64(i);
		e->ordered = i % 2 != 0;
		e->gate = EVICT_GATE_NOT_DUE;
		e->progress = EVICT_WITHDRAWN;
		e->attempts = 47;
		e->since_ms = 48;
		fill_text(e->text, sizeof(e->text), 'e');
		s->arb.evict.poison[i] = (struct poison_item){ fixture_u32(i), true,
							       fixture_u64(i) };
	}
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		struct disk_status *d = &s->arb.disk[i];
		struct ipc_disk *k = &s->disk[i];

		s->arb.policy.arbiter_type[i] = ARBITER_QNETD;
		d->phase = DISK_OUT;
		d->shared = true;
		d->beats = fixture_u64(i);
		d->beat_age_ms = UINT64_MAX;
		d->leader_node_id = 25;
		d->leading = true;
		d->accepted = slot.value;
		d->accepted_bal = slot.bal;
		d->casting = true;
		d->hold_until_ms = 26;
		d->write_outstanding = true;
		d->write_age_ms = 27;
		d->own_slot = SLOT_NONE;
		for (uint32_t n = 0; n < NODES_MAX; n++) {
			d->peer[n] = (struct peer_status){
				n + 1,
				SLOT_LEAVING,
				true,
				true,
				true,
				true,
				true,
				fixture_u64(n),
				fixture_u64(n + 1),
				28,
				fixture_u64(n),
				{ 29, 30, 0 },
				31,
				CAST_UNKNOWN,
				true,
				UINT32_MAX,
				true,
				true,
				fixture_u64(n + 1),
				fixture_u32(n),
			};
		}
		d->waiting = WAIT_HOLDERS;
		d->waiting_slots = fixture_u64(i);
		d->waiting_until_ms = 45;
		d->decision.at_ms = 32;
		d->decision.step = RANK_TIE_BREAKER;
		d->decision.ring.seq = 33;
		d->decision.ring.node_id = 34;
		d->decision.set = 35;
		d->decision.own = true;
		d->decision.kind = DECISION_GROWTH;
		d->decision.by_node_id = 46;
		d->decision.heir_kept = true;
		fill_text(k->name, sizeof(k->name), 'n');
		fill_text(k->label, sizeof(k->label), 'l');
		fill_text(k->device, sizeof(k->device), 'd');
		fixture_uuid(k->uuid);
		k->rc = RC_AGAIN;
		k->read = (struct ipc_latency){ 36, 37, 38, 39, 40 };
		k->write = (struct ipc_latency){ 41, 42, 43, 44, UINT64_MAX };
	}
}

static void fullest_inputs(struct decision_status *n)
{
	n->asked_ms = 47;
	n->algorithm = ALGORITHM_FFSPLIT;
	n->tie_breaker = TIE_NODE;
	n->tie_node_id = 48;
	n->workload = true;
	n->votes_all = UINT64_MAX;
	n->before = fixture_u64(1);
	n->live = fixture_u64(2);
	n->available = fixture_u64(3);
	n->winner = NODES_MAX;
	n->count = NODES_MAX;
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		n->view[i] = (struct decision_view){ { fixture_u64(i), fixture_u32(i), 0 },
						     fixture_u64(i + 1),
						     fixture_u64(i + 2),
						     fixture_u64(i + 3),
						     fixture_u64(i + 4),
						     NODES_MAX,
						     i,
						     fixture_u32(i + 5),
						     fixture_u32(i + 6),
						     true,
						     true,
						     true,
						     RANK_TIE_BREAKER };
		n->node_id[i] = fixture_u32(i + 7);
		n->votes[i] = fixture_u32(i + 8);
		n->weight[i] = fixture_u32(i + 9);
	}
}

/* Of a why, only what it carries. */
static void fullest_why(struct ipc_response *r)
{
	static struct ipc_response whole;
	struct ipc_status *s = &r->status;
	const struct ipc_status *w = &whole.status;

	fullest_status(&whole);
	memset(r, 0, sizeof(*r));
	r->type = IPC_WHY;
	memcpy(r->text, whole.text, sizeof(r->text));
	memcpy(s->cluster_name, w->cluster_name, sizeof(s->cluster_name));
	s->node_count = w->node_count;
	memcpy(s->node, w->node, sizeof(s->node));
	s->arb.now_ms = w->arb.now_ms;
	s->arb.node_id = w->arb.node_id;
	s->arb.view = w->arb.view;
	s->arb.quorate = true;
	s->arb.publication = w->arb.publication;
	s->arb.reason = w->arb.reason;
	s->arb.arbiter_count = w->arb.arbiter_count;
	for (uint32_t i = 0; i < ARBITERS_MAX; i++) {
		struct disk_status *d = &s->arb.disk[i];
		const struct disk_status *of = &w->arb.disk[i];

		memcpy(s->disk[i].name, w->disk[i].name, sizeof(s->disk[i].name));
		d->phase = of->phase;
		d->shared = of->shared;
		d->leader_node_id = of->leader_node_id;
		d->leading = of->leading;
		d->accepted = of->accepted;
		d->accepted_bal = of->accepted_bal;
		d->decision = of->decision;
		fullest_inputs(&d->decision);
	}
}

static void rejects_what_is_no_message(void **state)
{
	struct ipc_request q = { .type = IPC_STATUS };
	size_t size;

	(void)state;
	size = ipcwire_encode_request(&q, message, sizeof(message));
	assert_int_equal(size, IPCWIRE_HEADER_SIZE);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_not_equal(ipcwire_decode_request(message, cut, &q), RC_OK);
	message[0] ^= 1;
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADMAGIC);
}

static void rejects_another_version_an_unknown_type_and_a_wrong_size(void **state)
{
	struct ipc_request q = { .type = IPC_STATUS };
	size_t size;

	(void)state;
	size = ipcwire_encode_request(&q, message, sizeof(message));
	bytes_store_u32(message + 4, IPCWIRE_VERSION + 1);
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADVERSION);
	bytes_store_u32(message + 4, IPCWIRE_VERSION);
	bytes_store_u32(message + 8, 0);
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADVALUE);
	bytes_store_u32(message + 8, IPC_TYPE_END);
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADVALUE);
	bytes_store_u32(message + 8, IPC_STATUS);
	bytes_store_u32(message + 12, IPCWIRE_HEADER_SIZE + 1);
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADVALUE);
	/* Said rightly, but a status request has nothing behind its header. */
	message[size] = 0;
	assert_int_equal(ipcwire_decode_request(message, size + 1, &q), RC_BADVALUE);
}

static void every_request_is_read_back(void **state)
{
	(void)state;
	for (uint32_t type = IPC_STATUS; type < IPC_TYPE_END; type++) {
		struct ipc_request q;
		struct ipc_request back;
		size_t size;

		memset(&q, 0, sizeof(q));
		q.type = (enum ipc_type)type;
		if (type == IPC_WEIGHT) {
			fill_text(q.u.weight.name, sizeof(q.u.weight.name), 'w');
			q.u.weight.value = UINT32_MAX;
			q.u.weight.lease_ms = 7;
		} else if (type == IPC_WEIGHT_CLEAR) {
			fill_text(q.u.weight.name, sizeof(q.u.weight.name), 'w');
		} else if (type == IPC_EVICT || type == IPC_POISON) {
			q.u.evict.node_id = 9;
		}
		size = ipcwire_encode_request(&q, message, IPCWIRE_REQUEST_SIZE);
		assert_int_not_equal(size, 0);
		assert_int_equal(ipcwire_decode_request(message, size, &back), RC_OK);
		assert_memory_equal(&q, &back, sizeof(q));
		assert_int_equal(ipcwire_encode_request(&q, message, size - 1), 0);
	}
}

static void a_name_with_a_nul_inside_is_refused(void **state)
{
	struct ipc_request q = { .type = IPC_WEIGHT };
	size_t size;

	(void)state;
	memcpy(q.u.weight.name, "abc", 3);
	size = ipcwire_encode_request(&q, message, sizeof(message));
	message[IPCWIRE_HEADER_SIZE + 2] = 0;
	assert_int_equal(ipcwire_decode_request(message, size, &q), RC_BADVALUE);
}

static void a_name_without_its_nul_is_not_sent(void **state)
{
	struct ipc_request q = { .type = IPC_WEIGHT };

	(void)state;
	memset(q.u.weight.name, 'a', sizeof(q.u.weight.name));
	assert_int_equal(ipcwire_encode_request(&q, message, sizeof(message)), 0);
}

static void the_fullest_status_fits_and_is_read_back(void **state)
{
	size_t size;

	(void)state;
	fullest_status(&sent);
	size = ipcwire_encode_response(&sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	memset(&got, 0xff, sizeof(got));
	assert_int_equal(ipcwire_decode_response(message, size, &got), RC_OK);
	assert_memory_equal(&got.status.arb, &sent.status.arb, sizeof(got.status.arb));
	assert_memory_equal(&got, &sent, sizeof(got));
}

static void the_fullest_list_of_weights_fits_and_is_read_back(void **state)
{
	size_t size;

	(void)state;
	memset(&sent, 0, sizeof(sent));
	sent.type = IPC_WEIGHT_LIST;
	sent.weights.sum = UINT32_MAX;
	sent.weights.count = LEASES_MAX;
	for (uint32_t i = 0; i < LEASES_MAX; i++) {
		struct ipc_weight *w = &sent.weights.weight[i];

		fill_text(w->name, sizeof(w->name), 'i');
		w->value = fixture_u32(i);
		w->left_ms = fixture_u64(i);
	}
	size = ipcwire_encode_response(&sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	memset(&got, 0xff, sizeof(got));
	assert_int_equal(ipcwire_decode_response(message, size, &got), RC_OK);
	assert_memory_equal(&got, &sent, sizeof(got));
	sent.weights.count = LEASES_MAX + 1;
	assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), 0);
}

static void the_fullest_why_fits_and_is_read_back(void **state)
{
	size_t size;

	(void)state;
	fullest_why(&sent);
	size = ipcwire_encode_response(&sent, message, sizeof(message));
	assert_int_not_equal(size, 0);
	memset(&got, 0xff, sizeof(got));
	assert_int_equal(ipcwire_decode_response(message, size, &got), RC_OK);
	assert_memory_equal(&got, &sent, sizeof(got));
	/* A winner beyond the contenders. */
	sent.status.arb.disk[3].decision.count = 2;
	sent.status.arb.disk[3].decision.winner = 3;
	assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), 0);
	/* Cut short anywhere. */
	for (size_t cut = IPCWIRE_HEADER_SIZE; cut < size; cut += 97) {
		fullest_why(&sent);
		assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), size);
		bytes_store_u32(message + 12, (uint32_t)cut);
		assert_int_equal(ipcwire_decode_response(message, cut, &got), RC_BADVALUE);
	}
}

static void a_status_cut_short_or_lengthened_anywhere_is_refused(void **state)
{
	size_t size;

	(void)state;
	fullest_status(&sent);
	size = ipcwire_encode_response(&sent, message, sizeof(message));
	for (size_t cut = IPCWIRE_HEADER_SIZE; cut < size; cut += 97) {
		bytes_store_u32(message + 12, (uint32_t)cut);
		assert_int_equal(ipcwire_decode_response(message, cut, &got), RC_BADVALUE);
	}
	bytes_store_u32(message + 12, (uint32_t)size + 1);
	message[size] = 0;
	assert_int_equal(ipcwire_decode_response(message, size + 1, &got), RC_BADVALUE);
	assert_int_equal(ipcwire_encode_response(&sent, message, size - 1), 0);
}

static void values_out_of_range_are_neither_sent_nor_changed(void **state)
{
	(void)state;
	fullest_status(&sent);
	sent.status.arb.view.members.count = NODES_MAX + 1;
	assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), 0);
	assert_int_equal(sent.status.arb.view.members.count, NODES_MAX + 1);
	fullest_status(&sent);
	sent.status.arb.arbiter_count = 1000;
	assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), 0);
	fullest_status(&sent);
	sent.status.arb.reason = REASON_COUNT;
	assert_int_equal(ipcwire_encode_response(&sent, message, sizeof(message)), 0);
}

static void a_refusal_carries_its_reason_and_no_status(void **state)
{
	size_t size;

	(void)state;
	fullest_status(&sent);
	sent.rc = RC_REFUSED;
	size = ipcwire_encode_response(&sent, message, sizeof(message));
	assert_int_equal(size, IPCWIRE_HEADER_SIZE + 1 + 1 + sizeof(sent.text) - 1);
	assert_int_equal(ipcwire_decode_response(message, size, &got), RC_OK);
	assert_int_equal(got.rc, RC_REFUSED);
	assert_string_equal(got.text, sent.text);
	assert_int_equal(got.status.node_count, 0);
}

/* If one of these fails, the model has changed: teach the walk the new field, then mend the size.
 */
static void the_walk_knows_the_model_of_today(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct policy), 128);
	assert_int_equal(sizeof(struct evict_status), 2968);
	assert_int_equal(sizeof(struct peer_status), 104);
	assert_int_equal(sizeof(struct decision_view), 72);
	assert_int_equal(sizeof(struct decision_status) - NODES_MAX * sizeof(struct decision_view),
			 880);
	assert_int_equal(sizeof(struct value), 1096);
	assert_int_equal(sizeof(struct disk_status) - NODES_MAX * sizeof(struct peer_status) -
				 sizeof(struct decision_status),
			 1216);
	assert_int_equal(sizeof(struct arb_status) - ARBITERS_MAX * sizeof(struct disk_status),
			 3496);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejects_what_is_no_message),
		cmocka_unit_test(rejects_another_version_an_unknown_type_and_a_wrong_size),
		cmocka_unit_test(a_name_with_a_nul_inside_is_refused),
		cmocka_unit_test(a_name_without_its_nul_is_not_sent),
		cmocka_unit_test(a_status_cut_short_or_lengthened_anywhere_is_refused),
		cmocka_unit_test(values_out_of_range_are_neither_sent_nor_changed),
		cmocka_unit_test(every_request_is_read_back),
		cmocka_unit_test(the_fullest_status_fits_and_is_read_back),
		cmocka_unit_test(the_fullest_list_of_weights_fits_and_is_read_back),
		cmocka_unit_test(the_fullest_why_fits_and_is_read_back),
		cmocka_unit_test(a_refusal_carries_its_reason_and_no_status),
		cmocka_unit_test(the_walk_knows_the_model_of_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

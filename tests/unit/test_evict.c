/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is evicted, by whom, and every gate that forbids it (doc/protocol.md sections 8 and 9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_arb.h"

static const uint32_t all[] = { 1, 2, 3, 4 };

static void tell(struct lab *l, uint32_t i, struct event *e)
{
	lab_step(l, &l->node[i], e);
}

static void tell_facts(struct lab *l, uint32_t i, const struct bridge_facts *f)
{
	struct event e = { .type = EVENT_BRIDGE };

	e.u.bridge = *f;
	tell(l, i, &e);
}

static struct bridge_facts good_facts(const struct lab *l)
{
	struct bridge_facts f = { .connected = true,
				  .fencer = true,
				  .known = true,
				  .fencing_enabled = true,
				  .count = l->count };

	for (uint32_t i = 0; i < l->count; i++) {
		f.node[i].node_id = i + 1;
		f.node[i].known = true;
	}
	return f;
}

static void tell_device(struct lab *l, uint32_t i, uint32_t node_id, bool registered)
{
	struct event e = { .type = EVENT_PEER_DEVICE };

	e.u.device.node_id = node_id;
	e.u.device.registered = registered;
	tell(l, i, &e);
}

static void tell_quorate(struct lab *l, uint32_t i, bool quorate)
{
	struct event e = { .type = EVENT_QUORATE };

	e.u.quorate = quorate;
	tell(l, i, &e);
}

static void tell_fenced(struct lab *l, uint32_t i, uint32_t node_id, enum fencing_result result,
			uint64_t at_ms)
{
	struct event e = { .type = EVENT_FENCED };

	e.u.fencing.node_id = node_id;
	e.u.fencing.result = result;
	e.u.fencing.at_ms = at_ms;
	tell(l, i, &e);
}

/* The nodes' hellos, as CPG would bring them. */
static void greet(struct lab *l, uint32_t i)
{
	for (uint32_t k = 0; k < l->count; k++) {
		struct event e = { .type = EVENT_HELLO };

		if (k == i || !l->node[k].up)
			continue;
		e.u.hello.node_id = k + 1;
		e.u.hello.incarnation = l->node[k].arb.incarnation;
		e.u.hello.sequence = l->disk[k].sequence;
		tell(l, i, &e);
	}
}

static void introduce(struct lab *l, uint32_t i)
{
	struct bridge_facts f = good_facts(l);

	lab_view(l, i, 5, all, l->count);
	tell_quorate(l, i, true);
	for (uint32_t k = 0; k < l->count; k++)
		if (k != i)
			tell_device(l, i, k + 1, true);
	tell_facts(l, i, &f);
}

/* All in one ring, casting, quorate, with a bridge each. */
static struct lab *lab_of(uint32_t count)
{
	struct lab *l = lab_new(count);

	l->policy.evict = true;
	l->policy.on_poison = SELF_REBOOT;
	for (uint32_t i = 0; i < count; i++)
		lab_start(l, i, 101 + i);
	for (uint32_t i = 0; i < count; i++)
		introduce(l, i);
	lab_run(l, 4000);
	for (uint32_t i = 0; i < count; i++)
		greet(l, i);
	lab_run(l, 300);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(l->node[i].last_poll, ANSWER_YES);
	return l;
}

/* returns: an order with id 0 where there is none. */
static const struct evict_order *order_for(const struct one *n, uint32_t node_id)
{
	static const struct evict_order none;

	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++)
		if (n->order[i].id != 0 && n->order[i].node_id == node_id)
			return &n->order[i];
	return &none;
}

static void lose_disk(struct lab *l, uint32_t i)
{
	l->node[i].path = false;
}

/* Long enough for a node whose disk is lost now to be evicted, if it may be. */
static void wait_evict(struct lab *l)
{
	lab_run(l, l->policy.evict_after_ms + 500);
}

static enum evict_gate held(const struct one *n, uint64_t now_ms, uint32_t node_id)
{
	static struct arb_status s;

	arb_report(&n->arb, now_ms, &s);
	for (uint32_t i = 0; i < s.evict.count; i++)
		if (s.evict.item[i].node_id == node_id && !s.evict.item[i].ordered)
			return s.evict.item[i].gate;
	return EVICT_GATE_OPEN;
}

static enum evict_gate ask(struct lab *l, uint32_t i, uint32_t node_id, enum evict_ask what)
{
	struct event e = { .type = EVENT_ASK };

	l->node[i].verdict.number = 0;
	e.u.ask.number = 77;
	e.u.ask.node_id = node_id;
	e.u.ask.ask = what;
	tell(l, i, &e);
	assert_int_equal(l->node[i].verdict.number, 77);
	return l->node[i].verdict.gate;
}

static void a_node_dead_on_the_disk_is_evicted_once_in_time_and_poisoned(void **state)
{
	struct lab *l = lab_of(2);
	uint64_t incarnation = l->node[1].arb.incarnation;
	uint64_t lost_ms = l->now_ms;
	const struct evict_order *o;

	(void)state;
	lose_disk(l, 1);
	while (l->node[0].orders == 0 && l->now_ms < lost_ms + 60000)
		lab_run(l, 1);
	assert_in_range(l->now_ms - lost_ms, l->policy.evict_after_ms - l->policy.interval_ms,
			l->policy.evict_after_ms + 500);
	o = order_for(&l->node[0], 2);
	assert_true(o->id != 0);
	assert_true(o->incarnation == incarnation);
	assert_int_equal(o->why, EVICT_DEAD);
	assert_int_equal(o->action, FENCE_REBOOT);
	assert_false(o->withdrawn);
	/* The record came first. */
	assert_int_equal(l->disk[0].poison_count, 1);
	assert_int_equal(l->disk[0].poison[0].node_id, 2);
	assert_true(l->disk[0].poison[0].incarnation == incarnation);
	lab_run(l, 40000);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void nobody_is_evicted_with_evict_off(void **state)
{
	struct lab *l = lab_of(2);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.evict = false;
	e.u.policy = l->policy;
	tell(l, 0, &e);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->disk[0].poison_count, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_OFF);
	free(l);
}

static void without_quorum_or_vote_nobody_is_evicted(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_quorate(l, 0, false);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_QUORATE);
	tell_quorate(l, 0, true);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void all_disks_lost_by_all_nodes_evicts_nobody(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 0);
	lose_disk(l, 1);
	lab_run(l, 30000);
	assert_int_equal(l->node[0].orders + l->node[1].orders, 0);
	/* Who comes back first knows nothing of what the other did meanwhile. */
	l->node[0].path = true;
	lab_run(l, 2000);
	l->node[1].path = true;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].orders + l->node[1].orders, 0);
	free(l);
}

static void a_path_that_is_back_in_time_saves_its_node(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	lab_run(l, 5000);
	l->node[1].path = true;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->node[1].last_poll, ANSWER_YES);
	free(l);
}

static void who_left_cleanly_or_is_starting_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	tell(l, 1, &leave);
	lab_run(l, 100);
	assert_true(l->node[1].left);
	l->node[1].up = false;
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_LEAVING);
	/* Its next daemon dies while it starts. */
	l->node[1].up = true;
	lab_start(l, 1, 102);
	while (l->disk[1].state != SLOT_STARTING)
		lab_run(l, 1);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	free(l);
}

static void a_node_that_this_daemon_never_saw_running_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	l->node[1].up = false;
	lab_run(l, 200);
	lab_start(l, 0, 101);
	introduce(l, 0);
	lab_run(l, 30000);
	assert_int_equal(l->node[0].orders, 0);
	free(l);
}

static void a_node_without_a_matched_hello_is_left_alone(void **state)
{
	struct lab *l = lab_new(2);

	(void)state;
	l->policy.evict = true;
	lab_start(l, 0, 101);
	lab_start(l, 1, 102);
	introduce(l, 0);
	introduce(l, 1);
	/* The first grant of a ring waits for hellos until settle is over. */
	lab_run(l, 8000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_SHARED);
	free(l);
}

static void a_member_without_a_device_is_left_alone(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_device(l, 0, 2, false);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_UNREGISTERED);
	free(l);
}

static void who_is_not_in_the_ring_is_pacemakers_business(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	l->node[1].up = false;
	lab_run(l, 2200);
	lab_view(l, 0, 6, all, 1);
	wait_evict(l);
	lab_run(l, 3500);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_IN_RING);
	free(l);
}

static void the_dead_that_outweigh_the_living_are_left_alone(void **state)
{
	struct lab *l = lab_of(3);

	(void)state;
	lose_disk(l, 1);
	lose_disk(l, 2);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_OUTWEIGHED);
	free(l);
}

static void without_a_bridge_or_its_facts_nobody_is_evicted(void **state)
{
	struct lab *l = lab_of(2);
	struct bridge_facts f = good_facts(l);

	(void)state;
	f.connected = false;
	tell_facts(l, 0, &f);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NO_BRIDGE);
	f = good_facts(l);
	f.known = false;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_FACTS_UNKNOWN);
	f = good_facts(l);
	f.fencing_enabled = false;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NO_FENCING);
	f = good_facts(l);
	f.maintenance = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_MAINTENANCE);
	f = good_facts(l);
	f.node[1].maintenance = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_MAINTENANCE);
	f = good_facts(l);
	f.node[1].shutting_down = true;
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_SHUTTING_DOWN);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(l->disk[0].poison_count, 0);
	f = good_facts(l);
	tell_facts(l, 0, &f);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void maintenance_protects_unless_it_is_configured_otherwise(void **state)
{
	struct lab *l = lab_of(2);
	struct bridge_facts f = good_facts(l);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.evict_in_maintenance = true;
	e.u.policy = l->policy;
	tell(l, 0, &e);
	f.maintenance = true;
	tell_facts(l, 0, &f);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void who_is_or_was_fenced_since_its_last_beat_is_not_fenced_again(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	lab_run(l, 3000);
	tell_fenced(l, 0, 2, FENCING_STARTED, l->now_ms);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_FENCING);
	tell_fenced(l, 0, 2, FENCING_DONE, l->now_ms);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_FENCED);
	free(l);
}

static void a_fencing_before_its_last_beat_says_nothing(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	tell_fenced(l, 0, 2, FENCING_DONE, l->now_ms - 3000);
	tell_fenced(l, 0, 2, FENCING_FAILED, l->now_ms);
	lab_run(l, 3000);
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void exactly_the_lowest_asks_and_the_next_takes_over(void **state)
{
	struct lab *l = lab_of(3);

	(void)state;
	lose_disk(l, 2);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	assert_int_equal(l->node[1].orders, 0);
	assert_int_equal(held(&l->node[1], l->now_ms, 3), EVICT_GATE_NOT_ELECTED);
	/* It fences nobody, and stays alive. */
	lab_run(l, EVICT_TAKEOVER_MS - 5000);
	assert_int_equal(l->node[1].orders, 0);
	lab_run(l, 20000);
	assert_int_equal(l->node[1].orders, 1);
	free(l);
}

static void the_next_takes_over_soon_when_the_evictor_dies(void **state)
{
	struct lab *l = lab_of(4);

	(void)state;
	lose_disk(l, 3);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	l->node[0].up = false;
	lab_run(l, l->policy.dead_ms + 1000);
	/* Its bridge may still be trying. */
	assert_int_equal(l->node[1].orders, 0);
	lab_run(l, 4000);
	assert_true(order_for(&l->node[1], 4)->id != 0);
	assert_true(order_for(&l->node[2], 4)->id == 0);
	free(l);
}

static void the_next_does_not_fence_who_is_fenced_by_now(void **state)
{
	struct lab *l = lab_of(4);

	(void)state;
	lose_disk(l, 3);
	wait_evict(l);
	l->node[0].up = false;
	tell_fenced(l, 1, 4, FENCING_DONE, l->now_ms);
	tell_fenced(l, 2, 4, FENCING_DONE, l->now_ms);
	lab_run(l, 100000);
	assert_true(order_for(&l->node[1], 4)->id == 0);
	assert_true(order_for(&l->node[2], 4)->id == 0);
	free(l);
}

static void report(struct lab *l, uint32_t i, const struct evict_order *o,
		   enum evict_progress progress, uint32_t attempts)
{
	struct event e = { .type = EVENT_EVICT_REPORT };

	e.u.report.id = o->id;
	e.u.report.node_id = o->node_id;
	e.u.report.incarnation = o->incarnation;
	e.u.report.progress = progress;
	e.u.report.attempts = attempts;
	tell(l, i, &e);
}

static void an_order_that_failed_is_told_and_ends_when_it_is_given_up(void **state)
{
	static struct arb_status s;
	struct lab *l = lab_of(2);
	struct evict_order o;

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	o = *order_for(&l->node[0], 2);
	report(l, 0, &o, EVICT_FAILED, 2);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_int_equal(s.evict.count, 1);
	assert_int_equal(s.evict.item[0].progress, EVICT_FAILED);
	assert_int_equal(s.evict.item[0].attempts, 2);
	report(l, 0, &o, EVICT_GAVE_UP, 3);
	assert_true(order_for(&l->node[0], 2)->id == 0);
	lab_run(l, 100000);
	assert_int_equal(l->node[0].orders, 1);
	/* An administrator may try again. */
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_OPEN);
	lab_run(l, 300);
	assert_int_equal(l->node[0].orders, 2);
	report(l, 0, order_for(&l->node[0], 2), EVICT_DONE, 1);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_EVICT), EVICT_GATE_TWICE);
	free(l);
}

static void a_bridge_that_says_nothing_is_given_up_at_the_deadline(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	assert_true(order_for(&l->node[0], 2)->id != 0);
	lab_run(l, EVICT_DEADLINE_MS + 6000);
	assert_true(order_for(&l->node[0], 2)->id == 0);
	assert_true(lab_noted(&l->node[0], NOTE_EVICT_GAVE_UP));
	free(l);
}

static void an_order_is_withdrawn_by_the_targets_next_life_and_its_poison_ends(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	lab_start(l, 1, 202);
	introduce(l, 1);
	lab_run(l, 8000);
	assert_true(order_for(&l->node[0], 2)->id == 0 || order_for(&l->node[0], 2)->withdrawn);
	assert_true(lab_noted(&l->node[0], NOTE_EVICT_WITHDRAWN));
	assert_int_equal(l->disk[0].poison_count, 0);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	free(l);
}

static void an_order_is_withdrawn_with_the_vote(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	lose_disk(l, 0);
	lab_run(l, 3000);
	assert_true(order_for(&l->node[0], 2)->withdrawn);
	free(l);
}

static void a_new_ring_takes_back_what_the_fencer_was_not_asked_yet(void **state)
{
	struct lab *l = lab_of(3);

	(void)state;
	lose_disk(l, 2);
	wait_evict(l);
	assert_false(order_for(&l->node[0], 3)->withdrawn);
	/* It may have left and come back with another life between the rings. */
	for (uint32_t i = 0; i < 3; i++)
		lab_view(l, i, 90, all, 3);
	lab_run(l, 100);
	assert_true(order_for(&l->node[0], 3)->withdrawn);
	wait_evict(l);
	wait_evict(l);
	assert_false(order_for(&l->node[0], 3)->withdrawn);
	free(l);
}

static void poison_outlives_the_evictors_restart(void **state)
{
	struct lab *l = lab_of(2);
	uint64_t incarnation = l->node[1].arb.incarnation;

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	memset(l->node[0].order, 0, sizeof(l->node[0].order));
	lab_start(l, 0, 101);
	introduce(l, 0);
	for (int i = 0; i < 3000; i++) {
		lab_run(l, 1);
		assert_int_equal(l->disk[0].poison_count, 1);
	}
	assert_true(l->disk[0].poison[0].incarnation == incarnation);
	free(l);
}

/* Node 1 has ordered the eviction of node 2 and is restarted; it forgets what it saw. */
static struct lab *restarted_evictor(void)
{
	struct lab *l = lab_of(2);

	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->node[0].orders, 1);
	memset(l->node[0].order, 0, sizeof(l->node[0].order));
	l->node[0].orders = 0;
	lab_start(l, 0, 101);
	return l;
}

static void a_restarted_evictor_orders_again_after_the_whole_time(void **state)
{
	struct lab *l = restarted_evictor();
	uint64_t incarnation = l->node[1].arb.incarnation;

	(void)state;
	introduce(l, 0);
	lab_run(l, l->policy.evict_after_ms);
	assert_int_equal(l->node[0].orders, 0);
	lab_run(l, 10000);
	assert_int_equal(l->node[0].orders, 1);
	assert_true(order_for(&l->node[0], 2)->incarnation == incarnation);
	free(l);
}

/* The target may have left and come back since, with a slot that shows its life before. */
static void a_restarted_evictor_in_another_ring_orders_nothing(void **state)
{
	struct lab *l = restarted_evictor();

	(void)state;
	introduce(l, 0);
	lab_view(l, 0, 9, all, 2);
	lab_run(l, 4000);
	greet(l, 0);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_SEEN);
	free(l);
}

static void a_restarted_evictor_does_not_order_whom_the_history_shows_fenced(void **state)
{
	struct lab *l = restarted_evictor();

	(void)state;
	introduce(l, 0);
	tell_fenced(l, 0, 2, FENCING_DONE, l->now_ms - 20000);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_FENCED);
	free(l);
}

/* Orders outlive the bridge: its successor is told of them. */
static void an_order_outlives_the_bridge(void **state)
{
	struct lab *l = lab_of(2);
	struct bridge_facts f = good_facts(l);

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	f.connected = false;
	tell_facts(l, 0, &f);
	lab_run(l, 5000);
	assert_true(order_for(&l->node[0], 2)->id != 0);
	f.connected = true;
	tell_facts(l, 0, &f);
	lab_run(l, 5000);
	assert_false(order_for(&l->node[0], 2)->withdrawn);
	assert_int_equal(l->node[0].orders, 1);
	free(l);
}

static void who_reads_its_poison_stops_casting_and_does_as_configured(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	lose_disk(l, 1);
	wait_evict(l);
	assert_int_equal(l->disk[0].poison_count, 1);
	/* The path is back: the first complete read shows the poison. */
	l->node[1].path = true;
	lab_run(l, 500);
	assert_int_equal(l->node[1].self, SELF_REBOOT);
	assert_int_equal(l->node[1].pub.answer, ANSWER_NO);
	assert_int_equal(l->node[1].arb.reason, REASON_POISONED);
	lab_run(l, 10000);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	/* Nothing may keep it alive. */
	assert_true(arb_alive_ms(&l->node[1].arb) == 0);
	assert_true(arb_alive_ms(&l->node[0].arb) + 500 > l->now_ms);
	free(l);
}

static void an_administrator_passes_the_same_gates(void **state)
{
	struct lab *l = lab_of(3);
	struct bridge_facts f = good_facts(l);

	(void)state;
	assert_int_equal(ask(l, 0, 1, EVICT_ASK_EVICT), EVICT_GATE_SELF);
	assert_int_equal(ask(l, 0, 9, EVICT_ASK_EVICT), EVICT_GATE_UNKNOWN_NODE);
	f.maintenance = true;
	tell_facts(l, 1, &f);
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_MAINTENANCE);
	f.maintenance = false;
	tell_facts(l, 1, &f);
	/* Any node may be asked, not the elected one alone; a live node may be named. */
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_OPEN);
	assert_int_equal(ask(l, 1, 3, EVICT_ASK_EVICT), EVICT_GATE_FENCING);
	lab_run(l, 300);
	assert_int_equal(l->node[1].orders, 1);
	assert_int_equal(order_for(&l->node[1], 3)->why, EVICT_ADMIN);
	/* Two administrators do not fence it twice. */
	assert_int_equal(ask(l, 0, 3, EVICT_ASK_EVICT), EVICT_GATE_NOT_ELECTED);
	assert_int_equal(l->node[2].self, SELF_REBOOT);
	free(l);
}

static void poison_by_hand_needs_no_vote_and_a_beat_of_ones_own(void **state)
{
	static struct arb_status s;
	struct lab *l = lab_of(2);

	(void)state;
	tell_quorate(l, 0, false);
	assert_int_equal(ask(l, 0, 1, EVICT_ASK_POISON), EVICT_GATE_SELF);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_POISON), EVICT_GATE_OPEN);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_int_equal(s.evict.poison_count, 1);
	assert_false(s.evict.poison[0].written);
	lab_run(l, 300);
	arb_report(&l->node[0].arb, l->now_ms, &s);
	assert_true(s.evict.poison[0].written);
	assert_int_equal(l->node[1].self, SELF_REBOOT);
	assert_int_equal(l->node[0].orders, 0);
	lose_disk(l, 0);
	lab_run(l, 1000);
	assert_int_equal(ask(l, 0, 2, EVICT_ASK_POISON), EVICT_GATE_OWN_BEAT);
	free(l);
}

static void on_loss_acts_once_after_the_vote_was_lost_for_long(void **state)
{
	struct lab *l = lab_of(2);
	struct event e = { .type = EVENT_CONFIG };

	(void)state;
	l->policy.on_loss = SELF_STOP;
	e.u.policy = l->policy;
	tell(l, 1, &e);
	lose_disk(l, 1);
	lab_run(l, l->policy.hold_ms + l->policy.dead_ms - 250);
	assert_int_equal(l->node[1].last_poll, ANSWER_NO);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	lab_run(l, 500);
	assert_int_equal(l->node[1].self, SELF_STOP);
	l->node[1].self = SELF_NOTHING;
	lab_run(l, 3000);
	assert_int_equal(l->node[1].self, SELF_NOTHING);
	/* By default nothing is done. */
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
}

static void on_loss_does_not_mean_who_never_had_the_vote_or_leaves(void **state)
{
	struct lab *l = lab_new(2);
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	l->policy.on_loss = SELF_REBOOT;
	lab_start(l, 0, 101);
	lab_view(l, 0, 5, all, 2);
	l->node[0].path = false;
	lab_run(l, 20000);
	assert_int_equal(l->node[0].last_poll, ANSWER_NO);
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
	l = lab_of(2);
	l->policy.on_loss = SELF_REBOOT;
	tell(l, 0, &leave);
	lab_run(l, 5000);
	assert_int_equal(l->node[0].self, SELF_NOTHING);
	free(l);
}

static void a_disobedient_node_is_evicted_and_one_that_stops_is_not(void **state)
{
	struct lab *l = lab_of(3);
	const struct evict_order *o;

	(void)state;
	/* Node 3 goes on casting the first grant while the others agree on one without it. */
	lab_view(l, 0, 6, all, 2);
	lab_view(l, 1, 6, all, 2);
	lab_run(l, 3000);
	assert_int_equal(l->node[0].last_poll, ANSWER_YES);
	assert_int_equal(l->disk[2].cast, CAST_NONE);
	lab_run(l, 20000);
	assert_true(order_for(&l->node[0], 3)->id == 0);
	/* What a faulty daemon would write: a beat goes on, its cast stays what it was. */
	l->node[2].up = false;
	for (int i = 0; i < 40 && order_for(&l->node[0], 3)->id == 0; i++) {
		l->disk[2].cast = CAST_GRANT;
		l->disk[2].cast_number.ballot.counter = 1;
		l->disk[2].cast_number.ballot.node_id = 1;
		l->disk[2].cast_number.k = 1;
		l->disk[2].sequence++;
		l->disk[2].beats++;
		lab_run(l, 112);
	}
	o = order_for(&l->node[0], 3);
	assert_true(o->id != 0);
	assert_int_equal(o->why, EVICT_DISOBEDIENT);
	free(l);
}

static void a_node_that_comes_back_is_given_the_time_to_start(void **state)
{
	struct lab *l = lab_of(2);

	(void)state;
	/* Power is lost and nobody fences; its corosync is back long before its daemon writes. */
	l->node[1].up = false;
	lab_run(l, 2200);
	lab_view(l, 0, 6, all, 1);
	tell_device(l, 0, 2, false);
	lab_run(l, 60000);
	lab_view(l, 0, 7, all, 2);
	lab_run(l, 1000);
	tell_device(l, 0, 2, true);
	lab_run(l, 60000);
	assert_int_equal(l->node[0].orders, 0);
	assert_int_equal(held(&l->node[0], l->now_ms, 2), EVICT_GATE_NOT_SEEN);
	free(l);
}

static void a_watchdog_stays_armed_while_the_disk_says_so(void **state)
{
	struct lab *l = lab_of(2);
	struct event armed = { .type = EVENT_WATCHDOG };
	struct event closed = { .type = EVENT_DISK_CLOSED };
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	armed.u.watchdog_ms = 6000;
	tell(l, 1, &armed);
	lab_run(l, 200);
	assert_true(l->disk[1].watchdog_armed);
	closed.u.rc = RC_GONE;
	tell(l, 1, &closed);
	tell(l, 1, &leave);
	lab_run(l, 3000);
	assert_true(l->node[1].left);
	assert_false(arb_unwatched(&l->node[1].arb));
	free(l);
}

static void the_watchdog_is_declared_and_taken_back_before_the_end(void **state)
{
	struct lab *l = lab_of(2);
	struct event armed = { .type = EVENT_WATCHDOG };
	struct event leave = { .type = EVENT_LEAVE };

	(void)state;
	armed.u.watchdog_ms = 6000;
	tell(l, 1, &armed);
	lab_run(l, 200);
	assert_true(l->disk[1].watchdog_armed);
	assert_int_equal(l->disk[1].watchdog_ms, 6000);
	lose_disk(l, 1);
	lab_run(l, 1000);
	assert_true(arb_alive_ms(&l->node[1].arb) + l->policy.hold_ms < l->now_ms);
	l->node[1].path = true;
	lab_run(l, 1000);
	tell(l, 1, &leave);
	lab_run(l, 200);
	assert_true(l->node[1].left);
	assert_false(l->disk[1].watchdog_armed);
	assert_true(arb_unwatched(&l->node[1].arb));
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_evicted_with_evict_off),
		cmocka_unit_test(without_quorum_or_vote_nobody_is_evicted),
		cmocka_unit_test(all_disks_lost_by_all_nodes_evicts_nobody),
		cmocka_unit_test(a_path_that_is_back_in_time_saves_its_node),
		cmocka_unit_test(who_left_cleanly_or_is_starting_is_left_alone),
		cmocka_unit_test(a_node_that_this_daemon_never_saw_running_is_left_alone),
		cmocka_unit_test(a_node_without_a_matched_hello_is_left_alone),
		cmocka_unit_test(a_member_without_a_device_is_left_alone),
		cmocka_unit_test(who_is_not_in_the_ring_is_pacemakers_business),
		cmocka_unit_test(the_dead_that_outweigh_the_living_are_left_alone),
		cmocka_unit_test(without_a_bridge_or_its_facts_nobody_is_evicted),
		cmocka_unit_test(maintenance_protects_unless_it_is_configured_otherwise),
		cmocka_unit_test(who_is_or_was_fenced_since_its_last_beat_is_not_fenced_again),
		cmocka_unit_test(a_fencing_before_its_last_beat_says_nothing),
		cmocka_unit_test(exactly_the_lowest_asks_and_the_next_takes_over),
		cmocka_unit_test(the_next_takes_over_soon_when_the_evictor_dies),
		cmocka_unit_test(the_next_does_not_fence_who_is_fenced_by_now),
		cmocka_unit_test(a_node_dead_on_the_disk_is_evicted_once_in_time_and_poisoned),
		cmocka_unit_test(an_order_that_failed_is_told_and_ends_when_it_is_given_up),
		cmocka_unit_test(a_bridge_that_says_nothing_is_given_up_at_the_deadline),
		cmocka_unit_test(
			an_order_is_withdrawn_by_the_targets_next_life_and_its_poison_ends),
		cmocka_unit_test(an_order_is_withdrawn_with_the_vote),
		cmocka_unit_test(a_new_ring_takes_back_what_the_fencer_was_not_asked_yet),
		cmocka_unit_test(poison_outlives_the_evictors_restart),
		cmocka_unit_test(a_restarted_evictor_orders_again_after_the_whole_time),
		cmocka_unit_test(a_restarted_evictor_in_another_ring_orders_nothing),
		cmocka_unit_test(a_restarted_evictor_does_not_order_whom_the_history_shows_fenced),
		cmocka_unit_test(an_order_outlives_the_bridge),
		cmocka_unit_test(who_reads_its_poison_stops_casting_and_does_as_configured),
		cmocka_unit_test(an_administrator_passes_the_same_gates),
		cmocka_unit_test(poison_by_hand_needs_no_vote_and_a_beat_of_ones_own),
		cmocka_unit_test(on_loss_acts_once_after_the_vote_was_lost_for_long),
		cmocka_unit_test(on_loss_does_not_mean_who_never_had_the_vote_or_leaves),
		cmocka_unit_test(a_disobedient_node_is_evicted_and_one_that_stops_is_not),
		cmocka_unit_test(a_node_that_comes_back_is_given_the_time_to_start),
		cmocka_unit_test(a_watchdog_stays_armed_while_the_disk_says_so),
		cmocka_unit_test(the_watchdog_is_declared_and_taken_back_before_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

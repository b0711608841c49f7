/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/grant.h"

static void ballots_and_numbers_are_ordered_by_counter_node_and_change(void **state)
{
	/* Ascending; unused bytes never count. */
	static const struct number ascending[] = {
		{ { 0, 0, 0 }, 0 },
		{ { 0, 0, 0 }, 1 },
		{ { 0, 1, 0 }, 0 },
		{ { 1, 1, 0 }, 0 },
		{ { 1, 1, 0 }, 1 },
		{ { 1, 1, 0 }, UINT64_MAX },
		{ { 1, 2, 0 }, 0 },
		{ { 2, 1, 0 }, 0 },
		{ { 0xffffffff, UINT32_MAX, 0 }, 5 },
		{ { 0x100000000, 1, 0 }, 0 },
		{ { UINT64_MAX, 1, 0 }, 0 },
		{ { UINT64_MAX, UINT32_MAX, 0 }, UINT64_MAX },
	};
	const int count = (int)(sizeof(ascending) / sizeof(ascending[0]));

	(void)state;
	for (int i = 0; i < count; i++) {
		for (int j = 0; j < count; j++) {
			int order = number_compare(&ascending[i], &ascending[j]);
			int ballots = ballot_compare(&ascending[i].ballot, &ascending[j].ballot);
			struct number other = ascending[j];

			if (i < j)
				assert_true(order < 0 && ballots <= 0);
			else if (i > j)
				assert_true(order > 0 && ballots >= 0);
			else
				assert_true(order == 0 && ballots == 0);
			other.ballot.unused = 77;
			assert_int_equal(number_compare(&ascending[i], &other), order);
		}
		assert_true(number_none(&ascending[i]) == (i == 0));
		assert_true(ballot_none(&ascending[i].ballot) == (i < 2));
	}
}

struct naming {
	struct grant grant;
	struct view view;
	uint64_t host_life;
	uint8_t slot_index;
};

static void named(struct naming *n)
{
	memset(n, 0, sizeof(*n));
	n->slot_index = 63;
	n->host_life = 0xabc;
	n->view.ring.seq = 12;
	n->view.ring.node_id = 1;
	n->view.members.count = 2;
	n->view.members.node_id[0] = 1;
	n->view.members.node_id[1] = 2;
	n->view.incarnation = 5;
	n->grant.ring = n->view.ring;
	n->grant.members = n->view.members;
	n->grant.set = slot_bit(63) | slot_bit(0);
	n->grant.host_life[63] = 0xabc;
	n->grant.host_life[0] = 0xdef;
}

static bool names(const struct naming *n)
{
	return grant_names(&n->grant, n->slot_index, &n->view, n->host_life);
}

static void a_grant_names_nobody_outside_its_set(void **state)
{
	struct naming n;

	(void)state;
	named(&n);
	n.grant.set = slot_bit(0);
	assert_false(names(&n));
	named(&n);
	n.slot_index = 62;
	assert_false(names(&n));
	n.slot_index = NODES_MAX;
	assert_false(names(&n));
	n.slot_index = SLOT_NONE;
	assert_false(names(&n));
}

static void a_grant_names_nobody_of_another_host_life(void **state)
{
	struct naming n;

	(void)state;
	named(&n);
	n.host_life ^= 1;
	assert_false(names(&n));
	/* Of the same life as another slot. */
	n.host_life = 0xdef;
	assert_false(names(&n));
	/* No life at all is no life in common. */
	named(&n);
	n.host_life = 0;
	n.grant.host_life[63] = 0;
	assert_false(names(&n));
}

static void a_grant_names_nobody_in_another_ring_or_member_list(void **state)
{
	struct naming n;

	(void)state;
	named(&n);
	n.view.ring.seq++;
	assert_false(names(&n));
	named(&n);
	n.view.ring.node_id++;
	assert_false(names(&n));
	named(&n);
	n.view.members.node_id[1] = 3;
	assert_false(names(&n));
	named(&n);
	n.view.members.count = 1;
	assert_false(names(&n));
	/* A node without a ring is named by nothing, not even by a grant without one. */
	named(&n);
	memset(&n.view.ring, 0, sizeof(n.view.ring));
	n.grant.ring = n.view.ring;
	assert_false(names(&n));
}

static void a_grant_names_a_node_whose_ring_members_and_life_it_holds(void **state)
{
	struct naming n;

	(void)state;
	named(&n);
	assert_true(names(&n));
	n.view.incarnation = 99;
	assert_true(names(&n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_grant_names_nobody_outside_its_set),
		cmocka_unit_test(a_grant_names_nobody_of_another_host_life),
		cmocka_unit_test(a_grant_names_nobody_in_another_ring_or_member_list),
		cmocka_unit_test(a_grant_names_a_node_whose_ring_members_and_life_it_holds),
		cmocka_unit_test(ballots_and_numbers_are_ordered_by_counter_node_and_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

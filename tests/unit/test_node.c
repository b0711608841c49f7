/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/node.h"

static struct members list(uint32_t count, const uint32_t *ids)
{
	struct members m;

	memset(&m, 0, sizeof(m));
	for (uint32_t i = 0; i < count; i++)
		(void)members_add(&m, ids[i]);
	return m;
}

static void a_full_list_takes_no_more_but_still_takes_a_double(void **state)
{
	struct members m;
	struct members before;

	(void)state;
	memset(&m, 0, sizeof(m));
	for (uint32_t i = 0; i < NODES_MAX; i++)
		assert_true(members_add(&m, 1000 - 2 * i));
	before = m;
	assert_false(members_add(&m, 1));
	assert_false(members_add(&m, 901));
	assert_false(members_add(&m, 2000));
	assert_memory_equal(&m, &before, sizeof(m));
	assert_true(members_add(&m, 1000));
	assert_true(members_add(&m, 874));
	assert_memory_equal(&m, &before, sizeof(m));
}

static void members_are_kept_in_order_without_doubles(void **state)
{
	static const uint32_t ids[] = { 7, 3, 0xffffffff, 3, 1, 7, 5 };
	static const uint32_t sorted[] = { 1, 3, 5, 7, 0xffffffff, 0 };
	struct members m = list(7, ids);

	(void)state;
	assert_int_equal(m.count, 5);
	assert_memory_equal(m.node_id, sorted, sizeof(sorted));
}

static void a_node_that_is_no_member_is_not_found(void **state)
{
	static const uint32_t ids[] = { 1, 3 };
	struct members m = list(2, ids);

	(void)state;
	assert_false(members_contain(&m, 0));
	assert_false(members_contain(&m, 2));
	assert_false(members_contain(&m, 4));
	assert_true(members_contain(&m, 1));
	assert_true(members_contain(&m, 3));
	/* What lies behind the count is no member. */
	m.count = 1;
	assert_false(members_contain(&m, 3));
}

static void lists_differ_by_one_member_or_by_count(void **state)
{
	static const uint32_t ids[] = { 1, 3, 4 };
	static const uint32_t others[] = { 1, 2, 4 };
	struct members a = list(3, ids);
	struct members b = list(2, ids);
	struct members c = list(3, others);
	struct members d = list(3, ids);

	(void)state;
	assert_false(members_same(&a, &b));
	assert_false(members_same(&b, &a));
	assert_false(members_same(&a, &c));
	assert_true(members_same(&a, &d));
}

static void rings_differ_by_sequence_or_by_representative(void **state)
{
	struct ring_id a = { 8, 1, 0 };
	struct ring_id b = { 8, 2, 0 };
	struct ring_id c = { 12, 1, 0 };
	struct ring_id d = { 8, 1, 99 };
	struct ring_id none = { 0, 0, 0 };
	struct ring_id first = { 0, 1, 0 };

	(void)state;
	assert_false(ring_same(&a, &b));
	assert_false(ring_same(&a, &c));
	assert_true(ring_same(&a, &d));
	assert_true(ring_none(&none));
	assert_false(ring_none(&first));
	assert_false(ring_none(&a));
}

static void a_free_slot_is_nobodys(void **state)
{
	struct slot_map map;

	(void)state;
	memset(&map, 0, sizeof(map));
	assert_int_equal(slot_map_find(&map, 0), SLOT_NONE);
	map.count = 3;
	map.node_id[0] = 5;
	map.node_id[2] = 9;
	assert_int_equal(slot_map_find(&map, 0), SLOT_NONE);
	assert_int_equal(slot_map_find(&map, 1), SLOT_NONE);
	assert_int_equal(slot_map_find(&map, 5), 0);
	assert_int_equal(slot_map_find(&map, 9), 2);
	map.count = 2;
	assert_int_equal(slot_map_find(&map, 9), SLOT_NONE);
}

static void the_used_slots_are_those_with_a_node(void **state)
{
	struct slot_map map;

	(void)state;
	memset(&map, 0, sizeof(map));
	assert_true(slot_map_used(&map) == 0);
	map.count = NODES_MAX;
	map.node_id[0] = 5;
	map.node_id[2] = 9;
	map.node_id[63] = 1;
	assert_true(slot_map_used(&map) == 0x8000000000000005);
	assert_int_equal(slot_map_find(&map, 1), 63);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_list_takes_no_more_but_still_takes_a_double),
		cmocka_unit_test(a_node_that_is_no_member_is_not_found),
		cmocka_unit_test(lists_differ_by_one_member_or_by_count),
		cmocka_unit_test(members_are_kept_in_order_without_doubles),
		cmocka_unit_test(rings_differ_by_sequence_or_by_representative),
		cmocka_unit_test(a_free_slot_is_nobodys),
		cmocka_unit_test(the_used_slots_are_those_with_a_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

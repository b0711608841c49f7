/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/lease.h"

static struct leases leases;

static int empty(void **state)
{
	(void)state;
	memset(&leases, 0, sizeof(leases));
	return 0;
}

static void refuses_names_and_leases_that_are_not_allowed(void **state)
{
	char longest[NAME_SIZE + 1];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[NAME_SIZE] = 0;
	assert_int_equal(lease_set(&leases, "", 1, 0, 0), RC_BADVALUE);
	assert_int_equal(lease_set(&leases, "two words", 1, 0, 0), RC_BADVALUE);
	assert_int_equal(lease_set(&leases, "line\n", 1, 0, 0), RC_BADVALUE);
	assert_int_equal(lease_set(&leases, longest, 1, 0, 0), RC_BADVALUE);
	assert_int_equal(lease_set(&leases, "a", 1, LEASE_MS_MIN - 1, 0), RC_BADVALUE);
	assert_int_equal(lease_set(&leases, "a", 1, LEASE_MS_MAX + 1, 0), RC_BADVALUE);
	assert_int_equal(leases.count, 0);
	longest[NAME_SIZE - 1] = 0;
	assert_int_equal(lease_set(&leases, longest, 1, LEASE_MS_MAX, 0), RC_OK);
	assert_string_equal(leases.lease[0].name, longest);
}

static void weights_of_instances_add_up_and_the_last_word_of_each_counts(void **state)
{
	(void)state;
	assert_int_equal(lease_sum(&leases, 0), 0);
	assert_int_equal(lease_set(&leases, "web", 10, 0, 0), RC_OK);
	assert_int_equal(lease_set(&leases, "db", 5, 1000, 0), RC_OK);
	assert_int_equal(lease_sum(&leases, 0), 15);
	assert_int_equal(lease_set(&leases, "web", 3, 0, 0), RC_OK);
	assert_int_equal(lease_sum(&leases, 0), 8);
	assert_true(lease_clear(&leases, "web"));
	assert_false(lease_clear(&leases, "web"));
	assert_int_equal(lease_sum(&leases, 0), 5);
}

static void a_sum_beyond_what_a_slot_holds_is_the_most_it_holds(void **state)
{
	(void)state;
	assert_int_equal(lease_set(&leases, "a", UINT32_MAX, 0, 0), RC_OK);
	assert_int_equal(lease_set(&leases, "b", 2, 0, 0), RC_OK);
	assert_int_equal(lease_sum(&leases, 0), UINT32_MAX);
}

static void a_lease_holds_until_its_end_and_no_longer(void **state)
{
	struct lease gone;

	(void)state;
	assert_int_equal(lease_deadline_ms(&leases), UINT64_MAX);
	assert_int_equal(lease_set(&leases, "for-ever", 1, 0, 1000), RC_OK);
	assert_int_equal(lease_set(&leases, "web", 10, 500, 1000), RC_OK);
	assert_int_equal(lease_deadline_ms(&leases), 1500);
	assert_int_equal(lease_sum(&leases, 1499), 11);
	assert_false(lease_lapse(&leases, 1499, &gone));
	assert_int_equal(lease_sum(&leases, 1500), 1);
	assert_true(lease_lapse(&leases, 1500, &gone));
	assert_string_equal(gone.name, "web");
	assert_int_equal(gone.weight, 10);
	assert_false(lease_lapse(&leases, 1500, &gone));
	assert_int_equal(leases.count, 1);
	assert_false(lease_lapse(&leases, UINT64_MAX - 1, &gone));
}

static void a_renewal_moves_the_end_both_ways(void **state)
{
	(void)state;
	assert_int_equal(lease_set(&leases, "web", 10, 500, 1000), RC_OK);
	assert_int_equal(lease_set(&leases, "web", 10, 500, 1400), RC_OK);
	assert_int_equal(lease_sum(&leases, 1899), 10);
	assert_int_equal(lease_set(&leases, "web", 10, 100, 1500), RC_OK);
	assert_int_equal(lease_sum(&leases, 1600), 0);
	assert_int_equal(leases.count, 1);
}

static void a_full_table_refuses_one_more_until_one_lapses(void **state)
{
	char name[NAME_SIZE];

	(void)state;
	for (int i = 0; i < LEASES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "service-%d", i);
		assert_int_equal(lease_set(&leases, name, 1, i == 7 ? 100 : 0, 0), RC_OK);
	}
	assert_int_equal(lease_set(&leases, "one-more", 1, 0, 99), RC_TOOSMALL);
	assert_int_equal(lease_set(&leases, "service-3", 2, 0, 99), RC_OK);
	assert_int_equal(lease_set(&leases, "one-more", 1, 0, 100), RC_OK);
	assert_int_equal(lease_sum(&leases, 100), LEASES_MAX + 1);
	assert_int_equal(leases.count, LEASES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(refuses_names_and_leases_that_are_not_allowed, empty),
		cmocka_unit_test_setup(weights_of_instances_add_up_and_the_last_word_of_each_counts,
				       empty),
		cmocka_unit_test_setup(a_sum_beyond_what_a_slot_holds_is_the_most_it_holds, empty),
		cmocka_unit_test_setup(a_lease_holds_until_its_end_and_no_longer, empty),
		cmocka_unit_test_setup(a_renewal_moves_the_end_both_ways, empty),
		cmocka_unit_test_setup(a_full_table_refuses_one_more_until_one_lapses, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MUTANT_ENABLE
#define MUTANT_ENABLE 1
#endif
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* The unit is compiled in here, so that it is tested in builds that hold no faults. */
#include "../../qarbd/base/mutant.c"

static int faulty(void)
{
	if (MUTANT(test_first))
		return 1;
	if (MUTANT(test_second))
		return 2;
	return 0;
}

static void refuses_a_name_that_no_code_has(void **state)
{
	(void)state;
	assert_true(mutant_select("test_first"));
	assert_false(mutant_select("test_firs"));
	assert_int_equal(faulty(), 0);
	assert_false(mutant_select("test_firstt"));
	assert_false(mutant_select(""));
	assert_int_equal(faulty(), 0);
}

static void switches_on_the_selected_fault_only(void **state)
{
	(void)state;
	assert_true(mutant_select(NULL));
	assert_int_equal(faulty(), 0);
	assert_true(mutant_select("test_first"));
	assert_int_equal(faulty(), 1);
	assert_true(mutant_select("test_second"));
	assert_int_equal(faulty(), 2);
	assert_true(mutant_select(NULL));
	assert_int_equal(faulty(), 0);
}

static void switches_on_each_of_several(void **state)
{
	(void)state;
	assert_true(mutant_select("test_second,test_first"));
	assert_int_equal(faulty(), 1);
	assert_true(mutant_is("test_second"));
	assert_false(mutant_is("test"));
	assert_false(mutant_select("test_first,"));
	assert_false(mutant_select(",test_first"));
	assert_false(mutant_select("test_first,test_sec"));
	assert_false(mutant_select("test_first,test_second,test_third"));
	assert_int_equal(faulty(), 0);
}

static void lists_every_name(void **state)
{
	const char *name = NULL;
	unsigned int found = 0;

	(void)state;
	while ((name = mutant_next(name))) {
		assert_true(mutant_select(name));
		found++;
	}
	assert_int_equal(found, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_name_that_no_code_has),
		cmocka_unit_test(switches_on_the_selected_fault_only),
		cmocka_unit_test(switches_on_each_of_several),
		cmocka_unit_test(lists_every_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shell/svcweight.h"

static struct shm *shm;
static struct ipc_response answer;

static int open_shm(void **state)
{
	(void)state;
	shm = shm_create();
	if (shm != NULL)
		svcweight_open(shm);
	return shm == NULL;
}

static enum rc ask(enum ipc_type type, const char *name, uint32_t value, uint32_t lease_ms,
		   uint64_t now_ms)
{
	struct ipc_request q;

	memset(&q, 0, sizeof(q));
	q.type = type;
	(void)snprintf(q.u.weight.name, sizeof(q.u.weight.name), "%s", name);
	q.u.weight.value = value;
	q.u.weight.lease_ms = lease_ms;
	svcweight_answer(&q, now_ms, &answer);
	return answer.rc;
}

/* What the deciding process reads. */
static uint32_t told(uint64_t now_ms)
{
	struct leases t;

	memset(&t, 0, sizeof(t));
	(void)PAGE_GET(&shm->leases, &t);
	return lease_sum(&t, now_ms);
}

static void a_refusal_says_why_and_tells_nothing(void **state)
{
	char name[NAME_SIZE];

	(void)state;
	assert_int_equal(ask(IPC_WEIGHT, "two words", 1, 0, 0), RC_BADVALUE);
	assert_string_not_equal(answer.text, "");
	assert_int_equal(PAGE_COUNT(&shm->leases), 0);
	for (int i = 0; i < LEASES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "service-%d", i);
		assert_int_equal(ask(IPC_WEIGHT, name, 1, 0, 0), RC_OK);
	}
	assert_int_equal(ask(IPC_WEIGHT, "one-more", 1, 0, 0), RC_TOOSMALL);
	assert_non_null(strstr(answer.text, "64"));
	assert_int_equal(told(0), LEASES_MAX);
}

static void what_is_set_and_cleared_reaches_the_decider(void **state)
{
	uint64_t count;

	(void)state;
	assert_int_equal(ask(IPC_WEIGHT, "web", 10, 3000, 1000), RC_OK);
	assert_int_equal(ask(IPC_WEIGHT, "db", 5, 0, 1000), RC_OK);
	assert_int_equal(told(1000), 15);
	assert_int_equal(told(4000), 5);
	assert_int_equal(ask(IPC_WEIGHT_CLEAR, "db", 0, 0, 1000), RC_OK);
	assert_int_equal(told(1000), 10);
	count = PAGE_COUNT(&shm->leases);
	assert_int_equal(ask(IPC_WEIGHT_CLEAR, "db", 0, 0, 1000), RC_OK);
	assert_int_equal(PAGE_COUNT(&shm->leases), count);
}

static void the_list_names_what_holds(void **state)
{
	(void)state;
	assert_int_equal(ask(IPC_WEIGHT, "web", 10, 3000, 1000), RC_OK);
	assert_int_equal(ask(IPC_WEIGHT, "gone", 7, 500, 1000), RC_OK);
	assert_int_equal(ask(IPC_WEIGHT, "db", 5, 0, 1000), RC_OK);
	assert_int_equal(ask(IPC_WEIGHT_LIST, "", 0, 0, 2000), RC_OK);
	assert_int_equal(answer.weights.count, 2);
	assert_int_equal(answer.weights.sum, 15);
	assert_string_equal(answer.weights.weight[0].name, "web");
	assert_int_equal(answer.weights.weight[0].left_ms, 2000);
	assert_string_equal(answer.weights.weight[1].name, "db");
	assert_true(answer.weights.weight[1].left_ms == UINT64_MAX);
}

static void a_killed_service_forgets_nothing(void **state)
{
	(void)state;
	assert_int_equal(ask(IPC_WEIGHT, "web", 10, 3000, 1000), RC_OK);
	svcweight_open(shm);
	assert_int_equal(ask(IPC_WEIGHT, "db", 5, 0, 1000), RC_OK);
	assert_int_equal(told(1000), 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_refusal_says_why_and_tells_nothing, open_shm),
		cmocka_unit_test_setup(what_is_set_and_cleared_reaches_the_decider, open_shm),
		cmocka_unit_test_setup(the_list_names_what_holds, open_shm),
		cmocka_unit_test_setup(a_killed_service_forgets_nothing, open_shm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is made of corosync's answers: only "there is no such key" is a key that is not set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <corosync/cmap.h>

#include "shell/confmap.h"

/* A map of a few keys; of one of them no value can be had. */
static const struct {
	const char *key;
	const char *text; /* NULL: a number of 8 bits, set to `flag` */
} map[] = {
	{ "quorum.device.model", "qarb" },     { "nodelist.node.0.nodeid", "1" },
	{ "totem.cluster_name", "lab" },       { "totem.token", "1000" },
	{ "config.reload_in_progress", NULL }, { "runtime.votequorum.wait_for_all_status", NULL },
};

enum { MAP_COUNT = sizeof(map) / sizeof(map[0]) };

static uint8_t flag;
static const char *failing; /* this key's value, with `error` */
static cs_error_t error;
static const char *prefix;
static size_t next_key;
static struct config_items items;
static struct config_problems problems;
static struct config config;

cs_error_t __wrap_cmap_initialize(cmap_handle_t *handle);
cs_error_t __wrap_cmap_finalize(cmap_handle_t handle);
cs_error_t __wrap_cmap_fd_get(cmap_handle_t handle, int *fd);
cs_error_t __wrap_cmap_track_add(cmap_handle_t handle, const char *key, int32_t type,
				 cmap_notify_fn_t notify, void *user, cmap_track_handle_t *track);
cs_error_t __wrap_cmap_get(cmap_handle_t handle, const char *key, void *value, size_t *size,
			   cmap_value_types_t *type);
cs_error_t __wrap_cmap_get_uint8(cmap_handle_t handle, const char *key, uint8_t *value);
cs_error_t __wrap_cmap_iter_init(cmap_handle_t handle, const char *of, cmap_iter_handle_t *iter);
cs_error_t __wrap_cmap_iter_next(cmap_handle_t handle, cmap_iter_handle_t iter, char key[],
				 size_t *size, cmap_value_types_t *type);
cs_error_t __wrap_cmap_iter_finalize(cmap_handle_t handle, cmap_iter_handle_t iter);
bool __wrap_peer_trusted(int fd);

cs_error_t __wrap_cmap_initialize(cmap_handle_t *handle)
{
	*handle = 1;
	return CS_OK;
}

cs_error_t __wrap_cmap_finalize(cmap_handle_t handle)
{
	(void)handle;
	return CS_OK;
}

cs_error_t __wrap_cmap_fd_get(cmap_handle_t handle, int *fd)
{
	(void)handle;
	*fd = 0;
	return CS_OK;
}

cs_error_t __wrap_cmap_track_add(cmap_handle_t handle, const char *key, int32_t type,
				 cmap_notify_fn_t notify, void *user, cmap_track_handle_t *track)
{
	(void)handle;
	(void)key;
	(void)type;
	(void)notify;
	(void)user;
	*track = 1;
	return CS_OK;
}

bool __wrap_peer_trusted(int fd)
{
	(void)fd;
	return true;
}

static size_t find(const char *key)
{
	size_t i = 0;

	while (i < MAP_COUNT && strcmp(map[i].key, key) != 0)
		i++;
	return i;
}

cs_error_t __wrap_cmap_get(cmap_handle_t handle, const char *key, void *value, size_t *size,
			   cmap_value_types_t *type)
{
	size_t i = find(key);

	(void)handle;
	if (failing != NULL && strcmp(failing, key) == 0)
		return error;
	if (i == MAP_COUNT)
		return CS_ERR_NOT_EXIST;
	assert_non_null(map[i].text);
	assert_true(strlen(map[i].text) < *size);
	(void)snprintf(value, *size, "%s", map[i].text);
	*type = CMAP_VALUETYPE_STRING;
	return CS_OK;
}

cs_error_t __wrap_cmap_get_uint8(cmap_handle_t handle, const char *key, uint8_t *value)
{
	(void)handle;
	if (failing != NULL && strcmp(failing, key) == 0)
		return error;
	if (find(key) == MAP_COUNT)
		return CS_ERR_NOT_EXIST;
	*value = flag;
	return CS_OK;
}

cs_error_t __wrap_cmap_iter_init(cmap_handle_t handle, const char *of, cmap_iter_handle_t *iter)
{
	(void)handle;
	prefix = of;
	next_key = 0;
	*iter = 1;
	return CS_OK;
}

cs_error_t __wrap_cmap_iter_next(cmap_handle_t handle, cmap_iter_handle_t iter, char key[],
				 size_t *size, cmap_value_types_t *type)
{
	(void)handle;
	(void)iter;
	(void)size;
	(void)type;
	while (next_key < MAP_COUNT) {
		const char *name = map[next_key++].key;

		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		(void)snprintf(key, CMAP_KEYNAME_MAXLEN + 1, "%s", name);
		return CS_OK;
	}
	return CS_ERR_NO_SECTIONS;
}

cs_error_t __wrap_cmap_iter_finalize(cmap_handle_t handle, cmap_iter_handle_t iter)
{
	(void)handle;
	(void)iter;
	return CS_OK;
}

static int connect_to_map(void **state)
{
	(void)state;
	flag = 0;
	failing = NULL;
	return confmap_connect() == RC_OK ? 0 : -1;
}

static int leave_map(void **state)
{
	(void)state;
	confmap_close();
	return 0;
}

static void all_keys_are_read_and_those_not_set_left_out(void **state)
{
	(void)state;
	assert_int_equal(confmap_read(&items), RC_OK);
	assert_int_equal(items.count, 4);
	assert_string_equal(config_find(&items, "totem.cluster_name"), "lab");
	assert_string_equal(config_find(&items, "nodelist.node.0.nodeid"), "1");
	assert_null(config_find(&items, "totem.consensus"));
	/* A key that went between its name and its value. */
	failing = "quorum.device.model";
	error = CS_ERR_NOT_EXIST;
	assert_int_equal(confmap_read(&items), RC_OK);
	assert_int_equal(items.count, 3);
}

static void a_reload_under_way_is_waited_for(void **state)
{
	(void)state;
	flag = 1;
	assert_int_equal(confmap_read(&items), RC_AGAIN);
	failing = "config.reload_in_progress";
	error = CS_ERR_NOT_EXIST;
	assert_int_equal(confmap_read(&items), RC_OK);
}

/* corosync ends, or is busy, between two keys: what was read is no configuration. */
static void a_value_that_cannot_be_had_is_not_one_that_is_not_set(void **state)
{
	static const char *const keys[] = { "quorum.device.model", "nodelist.node.0.nodeid",
					    "totem.cluster_name",  "totem.token",
					    "totem.consensus",	   "config.reload_in_progress" };
	static const cs_error_t errors[] = { CS_ERR_LIBRARY, CS_ERR_TRY_AGAIN, CS_ERR_BAD_HANDLE,
					     CS_ERR_NO_MEMORY };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++) {
			failing = keys[i];
			error = errors[e];
			if (confmap_read(&items) == RC_OK)
				fail_msg("%s with error %d: the read counts as good", keys[i],
					 (int)error);
		}
	}
}

/* As in corosync.conf, where it is refused: what is cut, or left out, is another configuration. */
static void a_value_that_is_too_long_is_named_and_refused(void **state)
{
	(void)state;
	failing = "nodelist.node.0.nodeid";
	error = CS_ERR_INVALID_PARAM; /* as corosync says that the room is too small */
	assert_int_equal(confmap_read(&items), RC_OK);
	assert_int_equal(config_parse(&items, &config, &problems), RC_REFUSED);
	for (uint32_t i = 0; i < problems.count; i++)
		if (strncmp(problems.line[i], "nodelist.node.0.nodeid = ", 25) == 0 &&
		    strstr(problems.line[i], "allowed are 255 characters") != NULL)
			failing = NULL;
	assert_null(failing);
	assert_int_equal(confmap_read(&items), RC_OK);
	assert_int_equal(items.too_long[0], 0);
}

static void what_votequorum_waits_for_is_not_guessed(void **state)
{
	uint32_t waits = 7;

	(void)state;
	assert_int_equal(confmap_wait_for_all(&waits), RC_OK);
	assert_int_equal(waits, 1);
	flag = 1;
	assert_int_equal(confmap_wait_for_all(&waits), RC_OK);
	assert_int_equal(waits, 2);
	failing = "runtime.votequorum.wait_for_all_status";
	error = CS_ERR_NOT_EXIST;
	assert_int_equal(confmap_wait_for_all(&waits), RC_OK);
	assert_int_equal(waits, 0);
	waits = 7;
	error = CS_ERR_LIBRARY;
	assert_int_equal(confmap_wait_for_all(&waits), RC_GONE);
	assert_int_equal(waits, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_keys_are_read_and_those_not_set_left_out,
						connect_to_map, leave_map),
		cmocka_unit_test_setup_teardown(a_reload_under_way_is_waited_for, connect_to_map,
						leave_map),
		cmocka_unit_test_setup_teardown(
			a_value_that_cannot_be_had_is_not_one_that_is_not_set, connect_to_map,
			leave_map),
		cmocka_unit_test_setup_teardown(a_value_that_is_too_long_is_named_and_refused,
						connect_to_map, leave_map),
		cmocka_unit_test_setup_teardown(what_votequorum_waits_for_is_not_guessed,
						connect_to_map, leave_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

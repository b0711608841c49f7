/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzers begin with is what their decoders take: a seed of an older format is refused at
 * its first byte or line, and leads to nothing behind it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>

#include "wire/evictwire.h"
#include "wire/headwire.h"
#include "wire/ipcwire.h"
#include "wire/slotwire.h"
#include "wire/slotwire_layout.h"
#include "wire/traceline.h"

enum { SEED_SIZE_MAX = 128 * 1024 };

static uint8_t seed[SEED_SIZE_MAX];
static size_t seed_size;

/* Each file of the corpus of this decoder, through take().  Run from the top folder, as all are. */
static void each_seed(const char *stem, void (*take)(const char *name))
{
	char path[512];
	uint32_t count = 0;
	struct dirent *entry;
	DIR *folder;

	(void)snprintf(path, sizeof(path), "tests/fuzz/corpus/%s", stem);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "tests/fuzz/corpus/%s/%s", stem, entry->d_name);
		f = fopen(path, "re");
		assert_non_null(f);
		seed_size = fread(seed, 1, sizeof(seed), f);
		(void)fclose(f);
		take(path);
		count++;
	}
	(void)closedir(folder);
	assert_int_not_equal(count, 0);
}

static void take_evict(const char *name)
{
	static struct evict_sync sync;
	static struct evict_answer answer;

	if (evictwire_decode_sync(seed, seed_size, &sync) != RC_OK &&
	    evictwire_decode_answer(seed, seed_size, &answer) != RC_OK)
		fail_msg("%s is no message", name);
}

static void messages_of_the_bridge(void **state)
{
	(void)state;
	each_seed("evict", take_evict);
}

static uint32_t requests, responses;

static void take_ipc(const char *name)
{
	static struct ipc_request request;
	static struct ipc_response response;

	if (ipcwire_decode_request(seed, seed_size, &request) == RC_OK)
		requests |= 1U << request.type;
	else if (ipcwire_decode_response(seed, seed_size, &response) == RC_OK)
		responses |= response.rc == RC_OK ? 1U << response.type : 0;
	else
		fail_msg("%s is no message", name);
}

static void requests_of_every_type_and_the_answers_with_a_body(void **state)
{
	(void)state;
	each_seed("ipc", take_ipc);
	assert_int_equal(requests, (1U << IPC_TYPE_END) - (1U << IPC_STATUS));
	assert_int_equal(responses & (1U << IPC_STATUS | 1U << IPC_WHY | 1U << IPC_WEIGHT_LIST),
			 1U << IPC_STATUS | 1U << IPC_WHY | 1U << IPC_WEIGHT_LIST);
}

static void take_slot(const char *name)
{
	static struct slot_read chosen;
	uint64_t fingerprint;

	assert_int_equal(seed_size, SLOTWIRE_COPIES * SLOTWIRE_SIZE);
	if (slotwire_choose(seed, seed + AT_UUID, seed[AT_SLOT], &chosen, &fingerprint) != RC_OK)
		fail_msg("%s is no slot", name);
}

static void slots(void **state)
{
	(void)state;
	each_seed("slot", take_slot);
}

static void take_header(const char *name)
{
	struct disk_header h;

	assert_int_equal(seed_size, HEADWIRE_COPIES * HEADWIRE_SIZE);
	if (headwire_choose(seed, &h) != RC_OK)
		fail_msg("%s is no header", name);
}

static void headers(void **state)
{
	(void)state;
	each_seed("header", take_header);
}

static uint64_t events, actions;

static void take_trace(const char *name)
{
	static struct traceline reader;
	static struct trace_item item;
	const char *text = (const char *)seed;
	uint32_t column;

	traceline_init(&reader);
	for (size_t at = 0, length; at < seed_size; at += length + 1) {
		const char *end = memchr(text + at, '\n', seed_size - at);

		length = end != NULL ? (size_t)(end - text) - at : seed_size - at;
		if (traceline_read(&reader, text + at, length, &item, &column) != RC_OK)
			fail_msg("%s: column %u of %.*s", name, column, (int)length, text + at);
		if (item.kind == TRACE_EVENT)
			events |= UINT64_C(1) << item.event.type;
		else if (item.kind == TRACE_ACTION)
			actions |= UINT64_C(1) << item.action.type;
	}
}

static void trace_lines_of_every_event_and_action(void **state)
{
	(void)state;
	each_seed("trace", take_trace);
	assert_int_equal(events, (UINT64_C(1) << EVENT_TYPE_COUNT) - 1);
	assert_int_equal(actions, (UINT64_C(1) << ACTION_TYPE_COUNT) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_the_bridge),
		cmocka_unit_test(requests_of_every_type_and_the_answers_with_a_body),
		cmocka_unit_test(slots),
		cmocka_unit_test(headers),
		cmocka_unit_test(trace_lines_of_every_event_and_action),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

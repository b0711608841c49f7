/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer and a reader of trace lines, and events that pass from one to the other. */
#ifndef QARB_TESTS_FIXTURE_TRACE_H
#define QARB_TESTS_FIXTURE_TRACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/traceline.h"

static struct traceline writer;
static struct traceline reader;
static struct trace_item item;
static char line[TRACELINE_SIZE];
static struct slot_read slots[NODES_MAX];

static inline int fresh_state(void **state)
{
	(void)state;
	traceline_init(&writer);
	traceline_init(&reader);
	memset(slots, 0, sizeof(slots));
	memset(&item, 0xff, sizeof(item));
	return 0;
}

/* Write e and read it back into item. */
static inline void pass_event(const struct event *e)
{
	uint32_t column = 0;
	size_t length = traceline_write_event(&writer, e, line, sizeof(line));

	assert_int_not_equal(length, 0);
	if (traceline_read(&reader, line, length, &item, &column) != RC_OK)
		fail_msg("column %u of %.*s", column, (int)length, line);
	assert_int_equal(item.kind, TRACE_EVENT);
}

static inline void some_event(struct event *e, enum event_type type)
{
	memset(e, 0, sizeof(*e));
	e->type = type;
	e->arbiter_index = ARBITERS_MAX - 1;
	e->now_ms = 123456789012;
	e->entropy = 0xfedcba9876543210;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every line that is read is written again, reads as the same, and is then written letter by letter
 * alike.  (The first reading may differ in letters alone: bytes of a slot told needlessly.)
 */
#include <stdlib.h>
#include <string.h>

#include "wire/traceline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIRST, SECOND, THIRD, FOURTH, STATES };

static struct traceline state[STATES];
static char line[TRACELINE_SIZE];
static char again[TRACELINE_SIZE];
static struct trace_item item;
static struct trace_item back;

static size_t write_item(struct traceline *t, const struct trace_item *i, char *out)
{
	switch (i->kind) {
	case TRACE_BEGIN:
		return traceline_write_begin(&i->begin, out, TRACELINE_SIZE);
	case TRACE_EVENT:
		return traceline_write_event(t, &i->event, out, TRACELINE_SIZE);
	case TRACE_ACTION:
		return traceline_write_action(t, &i->action, &i->block, out, TRACELINE_SIZE);
	}
	abort();
}

static bool has_slots(const struct trace_item *i)
{
	return i->kind == TRACE_EVENT && i->event.type == EVENT_READ_DONE &&
	       i->event.u.io.outcome == IO_DONE;
}

static void compare(void)
{
	if (has_slots(&item)) {
		for (uint32_t i = 0; i < NODES_MAX; i++) {
			if ((item.event.u.io.mask & slot_bit(i)) != 0 &&
			    memcmp(&item.event.u.io.slots[i], &back.event.u.io.slots[i],
				   sizeof(struct slot_read)) != 0)
				abort();
		}
		back.event.u.io.slots = item.event.u.io.slots;
	}
	if (memcmp(&item, &back, sizeof(item)) != 0)
		abort();
}

/* returns: whether the line was one. */
static bool check(const char *text, size_t length)
{
	uint32_t column = 0;
	size_t written;

	if (traceline_read(&state[FIRST], text, length, &item, &column) != RC_OK) {
		if (column == 0 || column > length + 1)
			abort();
		return false;
	}
	written = write_item(&state[SECOND], &item, line);
	if (written == 0 || traceline_read(&state[THIRD], line, written, &back, &column) != RC_OK)
		abort();
	if (write_item(&state[FOURTH], &back, again) != written ||
	    memcmp(line, again, written) != 0)
		abort();
	compare();
	return true;
}

static void begin(void)
{
	for (int i = 0; i < STATES; i++)
		traceline_init(&state[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	begin();
	while (size != 0) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;

		/* After a fault the state is good for nothing more: the next line begins anew. */
		if (!check(text, length))
			begin();
		length += end ? 1 : 0;
		text += length;
		size -= length;
	}
	return 0;
}

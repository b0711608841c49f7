/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire: one line of text for each event that the core took and each action it asked for, full
 * enough that feeding the events again reproduces the run bit for bit.
 *
 *	begin format=1 node=1 incarnation=0x1f start=5000
 *	event read_done now=5130 entropy=0x7 arbiter=0 token=3 ... s0=ok,1,38:0a/40:02
 *	action read arbiter=0 token=4 mask=0x3
 *
 * Of a slot only those bytes of its block are written that differ from what the last read on the
 * same arbiter showed, so writer and reader keep the same state and neither may skip a line.
 */
#ifndef QARB_WIRE_TRACELINE_H
#define QARB_WIRE_TRACELINE_H

#include <stddef.h>

#include "model/action.h"
#include "model/event.h"

enum {
	TRACELINE_FORMAT = 1,
	/* The longest line: a read in which every byte of every slot changed. */
	TRACELINE_SIZE = 4096 + NODES_MAX * 4200,
};

/* What was said before on each arbiter.  About 1 MiB: no automatic variable. */
struct traceline {
	struct slot_read read[ARBITERS_MAX][NODES_MAX];
	struct slot written[ARBITERS_MAX];
};

enum trace_kind { TRACE_BEGIN = 0, TRACE_EVENT, TRACE_ACTION };

/* What arb_init() was given. */
struct trace_begin {
	uint32_t node_id;
	uint64_t incarnation;
	uint64_t start_ms;
};

struct trace_item {
	enum trace_kind kind;
	struct trace_begin begin;
	struct event event; /* u.io.slots points into the codec state: until the next line */
	struct action action;
	struct slot block; /* of ACTION_WRITE_SLOT */
};

void traceline_init(struct traceline *t);

/* out: line, at most size bytes, not terminated.
 * returns: its length without newline; 0 when it did not fit (never with TRACELINE_SIZE) or when a
 * value is outside its range; the state is then as before. */
size_t traceline_write_begin(const struct trace_begin *b, char *line, size_t size);
size_t traceline_write_event(struct traceline *t, const struct event *e, char *line, size_t size);
/* in: block, of ACTION_WRITE_SLOT, else not looked at and may be NULL. */
size_t traceline_write_action(struct traceline *t, const struct action *a, const struct slot *block,
			      char *line, size_t size);

/* in: line, length bytes without newline.  Empty lines and comments (#) are for the caller.
 * out: item; on failure column, counted from 1, of the first byte that was not expected.
 * returns: RC_OK | RC_SYNTAX, after which this state is good for nothing more. */
RC_MUST_CHECK enum rc traceline_read(struct traceline *t, const char *line, size_t length,
				     struct trace_item *item, uint32_t *column);

#endif

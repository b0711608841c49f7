/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire: slots in a trace line, told as the bytes that changed since the line before. */
#ifndef QARB_WIRE_TRACESLOT_H
#define QARB_WIRE_TRACESLOT_H

#include "model/event.h"
#include "wire/linewalk.h"

/* in and out: old, the slot of the line before; reading: becomes what the line tells.
 * in: s, what is to be told; reading: not looked at. */
void traceslot_walk(struct linewalk *l, struct slot *old, const struct slot *s);

/* The slots of a read.  in and out: last, NODES_MAX of them, what the reads before showed. */
void traceslot_read(struct slot_read *last, struct linewalk *l, struct event *e);
void traceslot_write(struct slot_read *last, struct linewalk *l, const struct event *e);

#endif

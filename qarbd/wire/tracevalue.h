/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire: each value of the model as words of a trace line, for both directions. */
#ifndef QARB_WIRE_TRACEVALUE_H
#define QARB_WIRE_TRACEVALUE_H

#include <string.h>

#include "model/action.h"
#include "model/event.h"
#include "wire/linewalk.h"

/* Enums are walked as numbers; the compiler chooses the width of an enum. */
#define TRACEVALUE_ENUM(l, key, names, field)                                                      \
	do {                                                                                       \
		uint32_t number_ = (uint32_t)(field);                                              \
                                                                                                   \
		linewalk_key(l, key);                                                              \
		linewalk_name(l, names, sizeof(names) / sizeof((names)[0]), &number_);             \
		memcpy(&(field), &number_, sizeof(field));                                         \
		_Static_assert(sizeof(field) == sizeof(number_), "an enum of another width");      \
	} while (0)

/* in: ascending, whether the model wants the list sorted (a map is not; 0 is a free slot). */
void tracevalue_nodes(struct linewalk *l, const char *key, uint32_t *count, uint32_t *node_id,
		      uint32_t *votes, bool ascending);
void tracevalue_ring(struct linewalk *l, struct ring_id *r);
void tracevalue_policy(struct linewalk *l, struct policy *p);
void tracevalue_facts(struct linewalk *l, struct disk_facts *f);
void tracevalue_publication(struct linewalk *l, struct publication *p);
void tracevalue_poll(struct linewalk *l, struct event_poll *p);
void tracevalue_hello(struct linewalk *l, uint32_t *node_id, uint8_t *uuid, uint64_t *incarnation,
		      uint64_t *sequence);
void tracevalue_bridge(struct linewalk *l, struct bridge_facts *f);
void tracevalue_report(struct linewalk *l, struct evict_report *r);
void tracevalue_fencing(struct linewalk *l, struct fencing_seen *f);
void tracevalue_order(struct linewalk *l, struct action *a);
void tracevalue_note(struct linewalk *l, struct note *n);

#endif

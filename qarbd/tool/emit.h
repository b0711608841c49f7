/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: one description of an answer, written as JSON or as XML, so that the two cannot differ.
 *
 * An object's plain values are JSON members or XML attributes; they come before the objects and
 * lists inside it.  A list is a JSON array, or an XML element with one element an item.  What is
 * not known is null in JSON and left out in XML.
 */
#ifndef QARB_TOOL_EMIT_H
#define QARB_TOOL_EMIT_H

#include "tool/ctl.h"
#include "tool/disk_json.h"

enum { EMIT_DEPTH_MAX = 12 };

struct emit {
	bool xml;
	FILE *f;
	struct disk_json json;
	uint32_t depth;
	const char *name[EMIT_DEPTH_MAX]; /* of what is open; literals */
	bool list[EMIT_DEPTH_MAX];
	bool in_tag; /* XML: attributes can still be added */
};

/* in: form, CTL_JSON or CTL_XML; command, of qarbctl. */
void emit_begin(struct emit *e, enum ctl_output form, FILE *f, const char *command);
void emit_end(struct emit *e);

/* In a list, name is that of the item's XML element. */
void emit_object(struct emit *e, const char *name);
void emit_list(struct emit *e, const char *name);
/* Close the innermost object or list. */
void emit_close(struct emit *e);

void emit_text(struct emit *e, const char *key, const char *text);
void emit_number(struct emit *e, const char *key, uint64_t number);
void emit_bool(struct emit *e, const char *key, bool value);
/* A number that may be unknown. */
void emit_optional(struct emit *e, const char *key, uint64_t number, bool known);
/* 64-bit ids, "0x...": many readers keep numbers as floating point. */
void emit_hex(struct emit *e, const char *key, uint64_t id);
/* An item of a list of node ids. */
void emit_node_id(struct emit *e, uint32_t node_id);

#endif

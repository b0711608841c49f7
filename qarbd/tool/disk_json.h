/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: writes JSON (RFC 8259) of two spaces a level.  Text that is no UTF-8 becomes U+FFFD byte by
 * byte, so that the output is JSON whatever a disk says.  64-bit ids are written as hexadecimal
 * strings, because many readers keep numbers as floating point.
 */
#ifndef QARB_TOOL_DISK_JSON_H
#define QARB_TOOL_DISK_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct disk_json {
	FILE *f;
	int depth;
	bool first; /* nothing was written in the present level yet */
};

void disk_json_begin(struct disk_json *j, FILE *f);
/* in: key, NULL inside an array.  bracket: '{' or '['. */
void disk_json_open(struct disk_json *j, const char *key, char bracket);
void disk_json_close(struct disk_json *j, char bracket);
void disk_json_text(struct disk_json *j, const char *key, const char *text);
void disk_json_number(struct disk_json *j, const char *key, uint64_t number);
void disk_json_id(struct disk_json *j, const char *key, uint64_t id);
void disk_json_bool(struct disk_json *j, const char *key, bool value);
void disk_json_null(struct disk_json *j, const char *key);
void disk_json_end(struct disk_json *j);

#endif

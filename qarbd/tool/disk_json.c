/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/disk_json.h"

#include <stddef.h>

/* returns: the length of the UTF-8 sequence at p, 0 if there is none: overlong ones, surrogates and
 * numbers beyond U+10FFFF are none. */
static size_t sequence_length(const unsigned char *p)
{
	size_t length;
	unsigned char low = 0x80;
	unsigned char high = 0xbf;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		length = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		length = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	}
	return length;
}

static void string(struct disk_json *j, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	(void)fputc('"', j->f);
	while (*p != 0) {
		size_t length = sequence_length(p);

		if (length == 0) {
			(void)fputs("\\ufffd", j->f);
			length = 1;
		} else if (*p == '"' || *p == '\\') {
			(void)fprintf(j->f, "\\%c", *p);
		} else if (*p < 0x20 || *p == 0x7f) {
			(void)fprintf(j->f, "\\u%04x", *p);
		} else {
			(void)fwrite(p, 1, length, j->f);
		}
		p += length;
	}
	(void)fputc('"', j->f);
}

static void begin_value(struct disk_json *j, const char *key)
{
	if (j->depth != 0)
		(void)fputs(j->first ? "\n" : ",\n", j->f);
	(void)fprintf(j->f, "%*s", 2 * j->depth, "");
	j->first = false;
	if (key) {
		string(j, key);
		(void)fputs(": ", j->f);
	}
}

void disk_json_begin(struct disk_json *j, FILE *f)
{
	j->f = f;
	j->depth = 0;
	j->first = true;
}

void disk_json_open(struct disk_json *j, const char *key, char bracket)
{
	begin_value(j, key);
	(void)fputc(bracket, j->f);
	j->depth++;
	j->first = true;
}

void disk_json_close(struct disk_json *j, char bracket)
{
	j->depth--;
	if (!j->first)
		(void)fprintf(j->f, "\n%*s", 2 * j->depth, "");
	(void)fputc(bracket, j->f);
	j->first = false;
}

void disk_json_text(struct disk_json *j, const char *key, const char *text)
{
	begin_value(j, key);
	string(j, text);
}

void disk_json_number(struct disk_json *j, const char *key, uint64_t number)
{
	begin_value(j, key);
	(void)fprintf(j->f, "%llu", (unsigned long long)number);
}

void disk_json_id(struct disk_json *j, const char *key, uint64_t id)
{
	begin_value(j, key);
	(void)fprintf(j->f, "\"%016llx\"", (unsigned long long)id);
}

void disk_json_bool(struct disk_json *j, const char *key, bool value)
{
	begin_value(j, key);
	(void)fputs(value ? "true" : "false", j->f);
}

void disk_json_end(struct disk_json *j)
{
	(void)fputc('\n', j->f);
}

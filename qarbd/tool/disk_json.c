/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/disk_json.h"

#include "tool/utf8.h"

static void string(struct disk_json *j, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	(void)fputc('"', j->f);
	while (*p != 0) {
		size_t length = utf8_length((const char *)p);

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

void disk_json_null(struct disk_json *j, const char *key)
{
	begin_value(j, key);
	(void)fputs("null", j->f);
}

void disk_json_end(struct disk_json *j)
{
	(void)fputc('\n', j->f);
}

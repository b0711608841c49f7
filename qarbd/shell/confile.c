/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/confile.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CONFILE_DEPTH_MAX = 16,
	CONFILE_KEY_MIN = 3,
	CONFILE_LINE_SIZE = 1024,
	CONFILE_FILE_MAX = 1024 * 1024,
};

struct confile {
	struct config_items *items;
	char *error;
	size_t error_size;
	unsigned line_number;
	unsigned depth;
	size_t prefix_length[CONFILE_DEPTH_MAX]; /* of the sections around each depth */
	char prefix[CONFIG_KEY_SIZE];		 /* "quorum.device." */
	unsigned node_count;			 /* nodelist.node sections so far */
};

static enum rc confile_fault(struct confile *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static enum rc confile_fault(struct confile *f, const char *format, ...)
{
	va_list arguments;
	int n = snprintf(f->error, f->error_size, "line %u: ", f->line_number);

	va_start(arguments, format);
	if (n > 0 && (size_t)n < f->error_size)
		(void)vsnprintf(f->error + n, f->error_size - (size_t)n, format, arguments);
	va_end(arguments);
	return RC_SYNTAX;
}

/* in and out: p, a text.  returns: it without white space at both ends. */
static char *trimmed(char *p)
{
	size_t length;

	while (isspace((unsigned char)*p))
		p++;
	length = strlen(p);
	while (length != 0 && isspace((unsigned char)p[length - 1]))
		p[--length] = 0;
	return p;
}

static enum rc open_section(struct confile *f, const char *name)
{
	size_t length = strlen(f->prefix);
	int n;

	if (name[0] == 0)
		return confile_fault(f, "'{' without a section's name");
	if (f->depth == CONFILE_DEPTH_MAX)
		return confile_fault(f, "sections are nested deeper than %d", CONFILE_DEPTH_MAX);
	f->prefix_length[f->depth++] = length;
	if (strcmp(f->prefix, "nodelist.") == 0 && strcmp(name, "node") == 0)
		n = snprintf(f->prefix + length, sizeof(f->prefix) - length, "node.%u.",
			     f->node_count++);
	else
		n = snprintf(f->prefix + length, sizeof(f->prefix) - length, "%s.", name);
	if (n < 0 || (size_t)n >= sizeof(f->prefix) - length)
		return confile_fault(f, "the sections' names are too long");
	return RC_OK;
}

/* corosync takes the last one, in silence.  A key of two values is the one to be shown: where a
 * block was copied the others may well be the same. */
static void note_twice(struct config_items *items, const char *key, const char *value)
{
	const char *before = config_find(items, key);

	if (before == NULL || strncmp(key, "quorum.device.", 14) != 0)
		return;
	if (items->twice[0] == 0 || strcmp(before, value) != 0)
		(void)snprintf(items->twice, sizeof(items->twice), "%s", key);
}

/* What corosync's cmap takes for a key: with any other, corosync does not start. */
static enum rc check_key(struct confile *f, const char *key)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-/:";

	if (strlen(key) < CONFILE_KEY_MIN)
		return confile_fault(f, "the key '%s' is shorter than %d characters", key,
				     CONFILE_KEY_MIN);
	if (key[strspn(key, allowed)] != 0)
		return confile_fault(f,
				     "the key %s has a character that is no letter, digit or one "
				     "of . _ - / :",
				     key);
	return RC_OK;
}

static enum rc take_key(struct confile *f, const char *name, const char *value)
{
	char key[CONFIG_KEY_SIZE];
	uint32_t dropped = f->items->dropped;
	enum rc rc;
	int n = snprintf(key, sizeof(key), "%s%s", f->prefix, name);

	if (name[0] == 0)
		return confile_fault(f, "':' without a key");
	if (n < 0 || (size_t)n >= sizeof(key))
		return confile_fault(f, "the key is longer than %d characters",
				     CONFIG_KEY_SIZE - 1);
	rc = check_key(f, key);
	if (rc != RC_OK)
		return rc;
	if (strlen(value) >= CONFIG_VALUE_SIZE)
		return confile_fault(f, "the value of %s is longer than %d characters", key,
				     CONFIG_VALUE_SIZE - 1);
	note_twice(f->items, key, value);
	config_add(f->items, key, value);
	if (f->items->dropped != dropped)
		return confile_fault(f, "more than %d keys", CONFIG_ITEMS_MAX);
	return RC_OK;
}

/* As corosync reads a line: a brace that opens counts first, then a colon, then one that closes. */
static enum rc take_line(struct confile *f, char *raw)
{
	char *line = trimmed(raw);
	char *mark;

	if (line[0] == 0 || line[0] == '#')
		return RC_OK;
	mark = strchr(line, '{');
	if (mark) {
		*mark = 0;
		if (trimmed(mark + 1)[0] != 0)
			return confile_fault(f, "text behind '{'");
		return open_section(f, trimmed(line));
	}
	mark = strchr(line, ':');
	if (mark) {
		*mark = 0;
		return take_key(f, trimmed(line), trimmed(mark + 1));
	}
	if (strcmp(line, "}") == 0) {
		if (f->depth == 0)
			return confile_fault(f, "'}' closes no section");
		f->prefix[f->prefix_length[--f->depth]] = 0;
		return RC_OK;
	}
	return confile_fault(f, "neither 'key: value' nor 'section {' nor '}'");
}

enum rc confile_parse(const char *text, size_t size, struct config_items *items, char *error,
		      size_t error_size)
{
	struct confile f = { .items = items, .error = error, .error_size = error_size };
	enum rc rc = RC_OK;
	size_t at = 0;

	memset(items, 0, sizeof(*items));
	error[0] = 0;
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		f.line_number = 1;
		return confile_fault(&f, "a byte order mark (UTF-8 BOM), which corosync refuses");
	}
	while (rc == RC_OK && at < size) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - (text + at)) : size - at;
		char line[CONFILE_LINE_SIZE];

		f.line_number++;
		if (length >= sizeof(line))
			return confile_fault(&f, "longer than %d bytes", CONFILE_LINE_SIZE - 1);
		if (memchr(text + at, 0, length))
			return confile_fault(&f, "a NUL byte: this is no text");
		memcpy(line, text + at, length);
		line[length] = 0;
		rc = take_line(&f, line);
		at += length + 1;
	}
	if (rc == RC_OK && f.depth != 0)
		return confile_fault(&f, "the section %.*s is not closed",
				     (int)strlen(f.prefix) - 1, f.prefix);
	return rc;
}

enum rc confile_read(const char *path, struct config_items *items, char *error, size_t error_size)
{
	char fault[CONFIG_LINE_SIZE];
	enum rc rc = RC_IO;
	char *file_text;
	size_t size;
	FILE *file;

	memset(items, 0, sizeof(*items));
	error[0] = 0;
	file = fopen(path, "re");
	if (!file) {
		if (errno == ENOENT || errno == ENOTDIR)
			rc = RC_NOTFOUND;
		else if (errno == EACCES || errno == EPERM)
			rc = RC_REFUSED;
		(void)snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return rc;
	}
	/* Not static: what a process that locks its memory never uses would be locked with it. */
	file_text = malloc(CONFILE_FILE_MAX + 1);
	size = file_text ? fread(file_text, 1, CONFILE_FILE_MAX + 1, file) : 0;
	if (!file_text || ferror(file)) {
		(void)snprintf(error, error_size, "%s: %s", path, strerror(errno));
	} else if (size > CONFILE_FILE_MAX) {
		(void)snprintf(error, error_size, "%s: longer than %d bytes", path,
			       CONFILE_FILE_MAX);
		rc = RC_SYNTAX;
	} else {
		rc = confile_parse(file_text, size, items, fault, sizeof(fault));
		if (rc != RC_OK)
			(void)snprintf(error, error_size, "%s: %s", path, fault);
	}
	free(file_text);
	(void)fclose(file);
	return rc;
}

void confile_show(FILE *f, const char *what, const struct config_problems *p)
{
	uint32_t shown = p->count < CONFIG_PROBLEMS_MAX ? p->count : CONFIG_PROBLEMS_MAX;

	for (uint32_t i = 0; i < shown; i++)
		(void)fprintf(f, "%s%s\n", what, p->line[i]);
	if (shown < p->count)
		(void)fprintf(f, "and %u more\n", p->count - shown);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/emit.h"

#include <inttypes.h>

#include "base/check.h"
#include "tool/utf8.h"

enum { EMIT_API_VERSION = 1 };

/* Characters that XML 1.0 has no way to write become U+FFFD, as does what is no UTF-8. */
static void xml_text(FILE *f, const char *text)
{
	while (*text != 0) {
		size_t length = utf8_length(text);
		unsigned char c = (unsigned char)*text;

		if (length == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
			(void)fputs("&#xfffd;", f);
			length = 1;
		} else if (c < 0x20 || c == '&' || c == '<' || c == '>' || c == '"') {
			(void)fprintf(f, "&#%u;", c);
		} else if (length == 3 && c == 0xef && (unsigned char)text[1] == 0xbf &&
			   (unsigned char)text[2] >= 0xbe) {
			(void)fputs("&#xfffd;", f); /* U+FFFE, U+FFFF */
		} else {
			(void)fwrite(text, 1, length, f);
		}
		text += length;
	}
}

static void xml_finish_tag(struct emit *e)
{
	if (e->in_tag)
		(void)fputs(">\n", e->f);
	e->in_tag = false;
}

static void push(struct emit *e, const char *name, bool list)
{
	CHECK(e->depth < EMIT_DEPTH_MAX);
	e->name[e->depth] = name;
	e->list[e->depth] = list;
	e->depth++;
}

static bool in_list(const struct emit *e)
{
	return e->depth != 0 && e->list[e->depth - 1];
}

static void open_element(struct emit *e, const char *name, bool list)
{
	if (e->xml) {
		xml_finish_tag(e);
		(void)fprintf(e->f, "%*s<%s", 2 * (int)e->depth, "", name);
		e->in_tag = true;
	} else {
		disk_json_open(&e->json, in_list(e) ? NULL : name, list ? '[' : '{');
	}
	push(e, name, list);
}

void emit_begin(struct emit *e, enum ctl_output form, FILE *f, const char *command)
{
	e->xml = form == CTL_XML;
	e->f = f;
	e->depth = 0;
	e->in_tag = false;
	if (e->xml) {
		(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", f);
		open_element(e, "qarb-result", false);
	} else {
		disk_json_begin(&e->json, f);
		disk_json_open(&e->json, NULL, '{');
		push(e, NULL, false);
	}
	emit_number(e, "api_version", EMIT_API_VERSION);
	emit_text(e, "command", command);
}

void emit_end(struct emit *e)
{
	emit_close(e);
	CHECK(e->depth == 0);
	if (!e->xml)
		disk_json_end(&e->json);
}

void emit_object(struct emit *e, const char *name)
{
	open_element(e, name, false);
}

void emit_list(struct emit *e, const char *name)
{
	open_element(e, name, true);
}

void emit_close(struct emit *e)
{
	CHECK(e->depth != 0);
	e->depth--;
	if (!e->xml) {
		disk_json_close(&e->json, e->list[e->depth] ? ']' : '}');
	} else if (e->in_tag) {
		(void)fputs("/>\n", e->f);
		e->in_tag = false;
	} else {
		(void)fprintf(e->f, "%*s</%s>\n", 2 * (int)e->depth, "", e->name[e->depth]);
	}
}

static void attribute(struct emit *e, const char *key, const char *text)
{
	CHECK(e->in_tag);
	(void)fprintf(e->f, " %s=\"", key);
	xml_text(e->f, text);
	(void)fputc('"', e->f);
}

void emit_text(struct emit *e, const char *key, const char *text)
{
	if (e->xml)
		attribute(e, key, text);
	else
		disk_json_text(&e->json, key, text);
}

void emit_number(struct emit *e, const char *key, uint64_t number)
{
	char text[24];

	if (!e->xml) {
		disk_json_number(&e->json, key, number);
		return;
	}
	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	attribute(e, key, text);
}

void emit_bool(struct emit *e, const char *key, bool value)
{
	if (e->xml)
		attribute(e, key, value ? "true" : "false");
	else
		disk_json_bool(&e->json, key, value);
}

void emit_optional(struct emit *e, const char *key, uint64_t number, bool known)
{
	if (known)
		emit_number(e, key, number);
	else if (!e->xml)
		disk_json_null(&e->json, key);
}

void emit_hex(struct emit *e, const char *key, uint64_t id)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "0x%" PRIx64, id);
	emit_text(e, key, text);
}

void emit_node_id(struct emit *e, uint32_t node_id)
{
	if (!e->xml) {
		disk_json_number(&e->json, NULL, node_id);
		return;
	}
	open_element(e, "node", false);
	emit_number(e, "node_id", node_id);
	emit_close(e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>

#include "crm-snippets/facts.h"

static const char *const finding_severities[] = { "info", "warning", "error" };

const char *finding_severity_text(enum severity severity)
{
	return finding_severities[severity];
}

struct finding *finding_new(struct findings *all, const char *rule, enum severity severity)
{
	struct finding *f;

	all->finding = facts_grow(all->finding, all->count + 1, sizeof(*all->finding));
	f = &all->finding[all->count++];
	memset(f, 0, sizeof(*f));
	f->rule = rule;
	f->severity = severity;
	return f;
}

void finding_add_id(struct finding *f, const char *xml_id)
{
	if (xml_id == NULL)
		return;
	for (size_t i = 0; i < f->id_count; i++)
		if (strcmp(f->xml_id[i], xml_id) == 0)
			return;
	f->xml_id = facts_grow(f->xml_id, f->id_count + 1, sizeof(*f->xml_id));
	f->xml_id[f->id_count] = strdup(xml_id);
	if (f->xml_id[f->id_count] == NULL)
		abort();
	f->id_count++;
}

static char *finding_text(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));

static char *finding_text(const char *format, va_list ap)
{
	char *text;

	if (vasprintf(&text, format, ap) < 0)
		abort();
	return text;
}

void finding_set_reason(struct finding *f, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	free(f->reason);
	f->reason = finding_text(format, ap);
	va_end(ap);
}

void finding_set_remedy(struct finding *f, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	free(f->remedy);
	f->remedy = finding_text(format, ap);
	va_end(ap);
}

void findings_free(struct findings *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct finding *f = &all->finding[i];

		for (size_t k = 0; k < f->id_count; k++)
			free(f->xml_id[k]);
		free(f->xml_id);
		free(f->reason);
		free(f->remedy);
	}
	free(all->finding);
	memset(all, 0, sizeof(*all));
}

static size_t finding_count(const struct findings *all, enum severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < all->count; i++)
		n += all->finding[i].severity == severity;
	return n;
}

static void print_text(const struct findings *all, FILE *to)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->finding[i];

		(void)fprintf(to, "%s: %s\n", finding_severity_text(f->severity), f->rule);
		(void)fprintf(to, "  at:     ");
		for (size_t k = 0; k < f->id_count; k++)
			(void)fprintf(to, "%s%s", k == 0 ? "" : ", ", f->xml_id[k]);
		(void)fprintf(to, "%s\n", f->id_count == 0 ? "-" : "");
		(void)fprintf(to, "  reason: %s\n  remedy: %s\n", f->reason, f->remedy);
	}
	(void)fprintf(to, "%zu errors, %zu warnings, %zu notes\n",
		      finding_count(all, SEVERITY_ERROR), finding_count(all, SEVERITY_WARNING),
		      finding_count(all, SEVERITY_INFO));
}

static void print_json_string(const char *text, FILE *to)
{
	(void)fputc('"', to);
	for (const unsigned char *p = (const unsigned char *)text; *p != 0; p++) {
		if (*p == '"' || *p == '\\')
			(void)fprintf(to, "\\%c", *p);
		else if (*p < 0x20)
			(void)fprintf(to, "\\u%04x", *p);
		else
			(void)fputc(*p, to);
	}
	(void)fputc('"', to);
}

static void print_json(const struct findings *all, FILE *to)
{
	(void)fprintf(to, "{\n  \"findings\": [");
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->finding[i];

		(void)fprintf(to, "%s\n    {\n      \"rule\": ", i == 0 ? "" : ",");
		print_json_string(f->rule, to);
		(void)fprintf(to, ",\n      \"severity\": \"%s\",\n      \"xml_ids\": [",
			      finding_severity_text(f->severity));
		for (size_t k = 0; k < f->id_count; k++) {
			(void)fputs(k == 0 ? "" : ", ", to);
			print_json_string(f->xml_id[k], to);
		}
		(void)fprintf(to, "],\n      \"reason\": ");
		print_json_string(f->reason, to);
		(void)fprintf(to, ",\n      \"remedy\": ");
		print_json_string(f->remedy, to);
		(void)fprintf(to, "\n    }");
	}
	(void)fprintf(to, "%s],\n  \"errors\": %zu,\n  \"warnings\": %zu,\n  \"notes\": %zu\n}\n",
		      all->count == 0 ? "" : "\n  ", finding_count(all, SEVERITY_ERROR),
		      finding_count(all, SEVERITY_WARNING), finding_count(all, SEVERITY_INFO));
}

static void print_xml(const struct findings *all, FILE *to)
{
	xmlDoc *doc = xmlNewDoc(facts_xml("1.0"));
	xmlNode *root = xmlNewNode(NULL, facts_xml("qarb-result"));

	if (doc == NULL || root == NULL)
		abort();
	xmlDocSetRootElement(doc, root);
	xmlNewProp(root, facts_xml("request"), facts_xml("qarb-crm check"));
	for (size_t i = 0; i < all->count; i++) {
		const struct finding *f = &all->finding[i];
		xmlNode *x = xmlNewChild(root, NULL, facts_xml("finding"), NULL);

		xmlNewProp(x, facts_xml("rule"), facts_xml(f->rule));
		xmlNewProp(x, facts_xml("severity"), facts_xml(finding_severity_text(f->severity)));
		for (size_t k = 0; k < f->id_count; k++)
			xmlNewProp(xmlNewChild(x, NULL, facts_xml("element"), NULL),
				   facts_xml("xml-id"), facts_xml(f->xml_id[k]));
		xmlNewTextChild(x, NULL, facts_xml("reason"), facts_xml(f->reason));
		xmlNewTextChild(x, NULL, facts_xml("remedy"), facts_xml(f->remedy));
	}
	(void)xmlDocFormatDump(to, doc, 1);
	xmlFreeDoc(doc);
}

void findings_print(const struct findings *all, enum output as, FILE *to)
{
	switch (as) {
	case OUTPUT_TEXT:
		print_text(all, to);
		break;
	case OUTPUT_JSON:
		print_json(all, to);
		break;
	case OUTPUT_XML:
		print_xml(all, to);
		break;
	}
}

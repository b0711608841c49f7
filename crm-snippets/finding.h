/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: what the rules have found, and how it is shown. */
#ifndef QARB_CRM_FINDING_H
#define QARB_CRM_FINDING_H

#include <stddef.h>
#include <stdio.h>

enum severity { SEVERITY_INFO = 0, SEVERITY_WARNING, SEVERITY_ERROR };
enum output { OUTPUT_TEXT = 0, OUTPUT_XML, OUTPUT_JSON };

struct finding {
	const char *rule;
	enum severity severity;
	char *reason;
	char *remedy;
	char **xml_id;
	size_t id_count;
};

struct findings {
	struct finding *finding;
	size_t count;
};

/* returns: an empty finding, valid until the next call. */
struct finding *finding_new(struct findings *all, const char *rule, enum severity severity);
/* NULL and what is there already are left out. */
void finding_add_id(struct finding *f, const char *xml_id);
void finding_set_reason(struct finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_set_remedy(struct finding *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *finding_severity_text(enum severity severity);
void findings_free(struct findings *all);
void findings_print(const struct findings *all, enum output as, FILE *to);

#endif

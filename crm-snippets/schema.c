/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/schema.h"

#include <stdlib.h>
#include <string.h>

#include "crm-snippets/facts.h"

enum { PROMOTED_MAJOR = 3, PROMOTED_MINOR = 7 };

const char *schema_name(const xmlNode *cib)
{
	const char *name = facts_attribute(cib, "validate-with");

	return name != NULL ? name : "none";
}

bool schema_has_promoted(const xmlNode *cib)
{
	const char *version = strchr(schema_name(cib), '-');
	char *end;
	long major;

	if (version == NULL) /* "none" allows everything */
		return true;
	major = strtol(version + 1, &end, 10);
	if (end == version + 1) /* pacemaker-next */
		return true;
	if (major != PROMOTED_MAJOR || *end != '.')
		return major > PROMOTED_MAJOR;
	return strtol(end + 1, NULL, 10) >= PROMOTED_MINOR;
}

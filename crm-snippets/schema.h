/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: what the schema that a CIB is validated with allows. */
#ifndef QARB_CRM_SCHEMA_H
#define QARB_CRM_SCHEMA_H

#include <stdbool.h>

#include <libxml/tree.h>

/* The schema's name; "none" if the CIB names none. */
const char *schema_name(const xmlNode *cib);
/* Has it the role Promoted?  Before pacemaker-3.7 there is Master alone. */
bool schema_has_promoted(const xmlNode *cib);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: a changed CIB becomes the cluster's, all of it or nothing. */
#ifndef QARB_CRM_APPLY_H
#define QARB_CRM_APPLY_H

#include <libxml/tree.h>

/* returns: the patch from old to next as text, with both versions in it, to be freed; NULL: failed,
 * said already. */
char *apply_patch(xmlNode *old, xmlNode *next);

/* The patch is first tried in a shadow CIB, which crm_verify must accept, and only then given to
 * the CIB manager, which takes it as a whole, and not at all if the CIB is another than old, be it
 * in its status alone.  in: path, of the CIB's file, NULL: the live one. returns: an exit code,
 * said already; CRM_CHANGED, not said: it is another. */
int apply_plan(const char *path, xmlNode *old, xmlNode *next);

#endif

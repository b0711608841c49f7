/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: one resource goes to another node because an administrator said so: what would
 * happen, what speaks against it, the move itself.
 */
#ifndef QARB_CRM_FAILBACK_H
#define QARB_CRM_FAILBACK_H

#include "crm-snippets/crm.h"

enum { FAILBACK_NAME_SIZE = 256, FAILBACK_LINE_SIZE = 512 };

struct failback {
	const char *rsc; /* a primitive outside of groups, a group, a promotable clone */
	const char *to;
	const char *cib; /* NULL: the live one */
	unsigned int timeout_s;
	bool promotable;
	struct facts *f;
	xmlNode *xml; /* of the resource */
};

/* Where the resource is, as one look at the cluster shows it. */
struct failback_place {
	char node[FAILBACK_NAME_SIZE]; /* all of it that is to run does so there; "": no */
	bool settled;		       /* no operation of it is under way */
	char text[FAILBACK_LINE_SIZE]; /* for people */
};

/* ---- failback_look.c ---- */

/* What crm_mon shows, or of a CIB in a file.  out: doc, to be freed.  returns: an exit code. */
int failback_look(const char *cib, xmlDoc **doc);
/* in: root, an element that holds a <resources> of Pacemaker's tools. */
void failback_place(const struct failback *b, xmlNode *root, struct failback_place *p);
/* Is a primitive not to run (not to be promoted), by its target-role? */
bool failback_is_off(const struct failback *b, const xmlNode *primitive);
/* The first element of this name below root, root included; NULL if none. */
xmlNode *failback_child(xmlNode *root, const char *name);
/* Of the node the resource is to go to, or any: its <node> below <nodes>; NULL if unknown. */
xmlNode *failback_node(xmlNode *root, const char *name);

/* ---- failback_try.c ---- */

/* Simulate the move and then the end of its constraint; prints what would be done in its order.
 * out: all, what speaks against it.  returns: CRM_DONE or an exit code, said already. */
int failback_try(const struct failback *b, struct findings *all);
/* Put the resource to its target by a constraint that ends by itself; take that away again.
 * in: cib, a file to do it in, NULL: the live CIB.  returns: an exit code, said already. */
int failback_constrain(const struct failback *b, const char *cib);
int failback_release(const struct failback *b, const char *cib);

/* ---- failback_judge.c ---- */

/* Everything that speaks against the target, and that needs no simulation. */
void failback_judge(const struct failback *b, xmlNode *shown, struct findings *all);

#endif

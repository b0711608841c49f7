/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: from a wish for one resource to the changes of the CIB that fulfil it. */
#ifndef QARB_CRM_PLAN_H
#define QARB_CRM_PLAN_H

#include "crm-snippets/facts.h"
#include "crm-snippets/finding.h"

enum plan_policy { PLAN_STICKY = 0, PLAN_FOLLOW };
enum plan_kind { PLAN_ADD_LOCATION = 0, PLAN_REMOVE_LOCATION, PLAN_SET_STICKINESS };

struct plan_change {
	enum plan_kind kind;
	char *id; /* of the constraint; of the nvpair */
	char *node;
	int score;
	char *before;	 /* of the stickiness, NULL: none */
	const char *rsc; /* whose stickiness it is: of p->rsc or a member of it, in p->cib */
};

struct plan {
	const char *rsc;
	enum plan_policy policy;
	const char *prefer; /* "node2,node1", NULL: not given */
	bool promoted;	    /* the preferences are of the promoted role */
	const char *role;   /* what the CIB's schema calls that */
	xmlNode *cib;	    /* the new one: old with all changes made */
	struct plan_change *change;
	size_t count;
};

/* in: f, of the old CIB; p with rsc, policy and prefer.  out: p->cib, to be given to plan_free();
 * p->change, none if all is well; error, one line, on anything but RC_OK.
 * returns: RC_OK | RC_NOTFOUND: no such resource or node | RC_REFUSED: it would contradict the
 * arbitration. */
RC_MUST_CHECK enum rc plan_make(const struct facts *f, struct plan *p, char *error,
				size_t error_size);
void plan_free(struct plan *p);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: which fencing devices are meant for which node. */
#ifndef QARB_CRM_FENCING_H
#define QARB_CRM_FENCING_H

#include "crm-snippets/facts.h"
#include "crm-snippets/finding.h"

struct fencing {
	size_t devices;		 /* that may fence the node */
	size_t qarb_devices;	 /* among them, of the agent fence_qarb */
	bool topology;		 /* the node has levels: nothing outside them is used */
	struct fact_list device; /* the devices themselves */
	struct fact_list level;	 /* the fencing_level elements of the node */
};

/* in: f, a node's name.  What only a device itself can tell (dynamic lists) counts as "may".
 * out: x, to be given to fencing_free(). */
void fencing_of(const struct facts *f, const char *node, struct fencing *x);
void fencing_free(struct fencing *x);
/* Hand each node of the CIB to a rule, with its devices; no node where fencing is switched off. */
void fencing_judge(const struct facts *f,
		   void (*judge)(const struct fact_node *node, const struct fencing *x,
				 struct findings *out),
		   struct findings *out);
/* The ids of a node, its devices and levels. */
void fencing_add_ids(struct finding *found, const struct fact_node *node, const struct fencing *x);
/* Watchdog self-fencing (sbd) stands in for a device. */
bool fencing_by_watchdog(const struct facts *f);

#endif

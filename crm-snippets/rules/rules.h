/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: the rules of `qarb-crm check`, one a file. */
#ifndef QARB_CRM_RULES_H
#define QARB_CRM_RULES_H

#include "crm-snippets/facts.h"
#include "crm-snippets/finding.h"

struct rule {
	const char *id;
	enum severity severity; /* the highest it reports */
	const char *title;
	void (*judge)(const struct facts *f, struct findings *out);
};

extern const struct rule rule_fence_qarb_alone;
extern const struct rule rule_fencing_delay;
extern const struct rule rule_infinity_preference;
extern const struct rule rule_move_leftover;
extern const struct rule rule_no_quorum_ignore;
extern const struct rule rule_node_names;
extern const struct rule rule_node_unfenced;
extern const struct rule rule_sbd_timeout;
extern const struct rule rule_stickiness_failback;
extern const struct rule rule_stonith_disabled;
extern const struct rule rule_tie_breaker_location;
extern const struct rule rule_workload_colocation;

/* When a constraint that a move or ban has left ends; NULL: never. */
const char *move_leftover_end(const xmlNode *constraint);
bool move_leftover_is_over(const char *end);

#endif

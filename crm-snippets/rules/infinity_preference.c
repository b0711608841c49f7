/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INFINITY is no preference: nothing outweighs it, and bans on all other nodes leave no place to
 * fail over to. */
#include <string.h>

#include "crm-snippets/rules/rules.h"

static bool may_run(const struct facts *f, const char *rsc, const struct fact_node *n,
		    bool symmetric)
{
	int score = facts_preference(f, rsc, n->name, false);

	return symmetric ? score > -SCORE_INFINITY : score > 0;
}

static void add_ids(const struct facts *f, const char *rsc, int score, struct finding *x)
{
	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];

		if (strcmp(l->rsc, rsc) == 0 && !l->moved && l->score == score)
			finding_add_id(x, l->xml_id);
	}
}

static void judge_resource(const struct facts *f, const char *rsc, struct findings *out)
{
	bool symmetric = facts_property_true(f, "symmetric-cluster", true);
	const xmlNode *xml = facts_resource(f, rsc);
	const struct fact_node *wanted = NULL, *last = NULL;
	size_t places = 0;
	struct finding *x;

	if (xml == NULL || facts_is_fencing(f, xml))
		return;
	for (size_t i = 0; i < f->node_count; i++) {
		const struct fact_node *n = &f->node[i];

		if (facts_preference(f, rsc, n->name, false) >= SCORE_INFINITY)
			wanted = n;
		if (may_run(f, rsc, n, symmetric)) {
			last = n;
			places++;
		}
	}
	if (f->node_count > 1 && places == 1) {
		x = finding_new(out, rule_infinity_preference.id, SEVERITY_ERROR);
		add_ids(f, rsc, SCORE_INFINITY, x);
		add_ids(f, rsc, -SCORE_INFINITY, x);
		finding_set_reason(x, "%s may run on %s alone: there is nowhere to fail over to",
				   rsc, last->name);
		finding_set_remedy(x, "replace INFINITY by finite scores (1000, 500, ...), so that "
				      "another node is allowed");
	} else if (wanted != NULL) {
		x = finding_new(out, rule_infinity_preference.id, SEVERITY_WARNING);
		add_ids(f, rsc, SCORE_INFINITY, x);
		finding_set_reason(
			x,
			"%s prefers %s by INFINITY, which no stickiness outweighs: it moves "
			"back by itself when %s returns",
			rsc, wanted->name, wanted->name);
		finding_set_remedy(x, "replace INFINITY by a finite score, and set "
				      "resource-stickiness above it");
	}
}

static void judge(const struct facts *f, struct findings *out)
{
	for (size_t i = 0; i < f->location_count; i++) {
		size_t k = 0;

		while (k < i && strcmp(f->location[k].rsc, f->location[i].rsc) != 0)
			k++;
		if (k == i && !f->location[i].promoted)
			judge_resource(f, f->location[i].rsc, out);
	}
}

const struct rule rule_infinity_preference = {
	.id = "infinity-preference",
	.severity = SEVERITY_ERROR,
	.title = "INFINITY preferences that defeat failover",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* INFINITY is no preference: nothing outweighs it, and bans on all other nodes leave no place to
 * fail over to. */
#include <string.h>

#include "crm-snippets/rules/rules.h"

struct places {
	bool symmetric; /* where nothing is said a resource may run */
	size_t count;
	const char *last;
	size_t wanted_count; /* by INFINITY */
	const char *wanted;
};

static void add_place(const struct facts *f, const char *rsc, const char *node, struct places *p)
{
	int score = facts_preference(f, rsc, node, false);

	if (score >= SCORE_INFINITY) {
		p->wanted = node;
		p->wanted_count++;
	}
	if (p->symmetric ? score > -SCORE_INFINITY : score > 0) {
		p->last = node;
		p->count++;
	}
}

static struct places places_of(const struct facts *f, const char *rsc, const xmlNode *xml)
{
	struct places p = { .symmetric = facts_property_true(f, "symmetric-cluster", true) };

	for (size_t i = 0; i < f->node_count; i++)
		add_place(f, rsc, f->node[i].name, &p);
	for (size_t i = 0; i < f->remote_count && !facts_is_connection(f, xml); i++)
		add_place(f, rsc, f->remote[i].name, &p);
	return p;
}

static void add_ids(const struct facts *f, const char *rsc, int score, struct finding *x)
{
	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];

		if (strcmp(l->rsc, rsc) == 0 && !l->promoted && !l->moved && l->score == score)
			finding_add_id(x, l->xml_id);
	}
}

static void judge_resource(const struct facts *f, const char *rsc, struct findings *out)
{
	const xmlNode *xml = facts_resource(f, rsc);
	struct places p;
	struct finding *x;

	if (xml == NULL || facts_is_fencing(f, xml))
		return;
	p = places_of(f, rsc, xml);
	if (f->node_count > 1 && p.count == 1) {
		x = finding_new(out, rule_infinity_preference.id, SEVERITY_ERROR);
		add_ids(f, rsc, SCORE_INFINITY, x);
		add_ids(f, rsc, -SCORE_INFINITY, x);
		finding_set_reason(x, "%s may run on %s alone: there is nowhere to fail over to",
				   rsc, p.last);
		finding_set_remedy(x, "replace INFINITY by finite scores (1000, 500, ...), so that "
				      "another node is allowed");
	} else if (p.wanted_count == 1 && !facts_is_everywhere(f, xml)) {
		/* Between several of the same score it stays where it is. */
		x = finding_new(out, rule_infinity_preference.id, SEVERITY_WARNING);
		add_ids(f, rsc, SCORE_INFINITY, x);
		finding_set_reason(
			x,
			"%s prefers %s by INFINITY, which no stickiness outweighs: it moves "
			"back by itself when %s returns",
			rsc, p.wanted, p.wanted);
		finding_set_remedy(x, "replace INFINITY by a finite score, and set "
				      "resource-stickiness above it");
	}
}

static void judge(const struct facts *f, struct findings *out)
{
	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];
		size_t k = 0;

		while (k < i &&
		       (f->location[k].promoted || strcmp(f->location[k].rsc, l->rsc) != 0))
			k++;
		if (k == i && !l->promoted)
			judge_resource(f, l->rsc, out);
	}
}

const struct rule rule_infinity_preference = {
	.id = "infinity-preference",
	.severity = SEVERITY_ERROR,
	.title = "INFINITY preferences that defeat failover",
	.judge = judge,
};

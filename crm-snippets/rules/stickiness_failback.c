/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A service moves back by itself as soon as a node returns whose score is higher by more than the
 * stickiness: a second interruption for one failure. */
#include <string.h>

#include "crm-snippets/rules/rules.h"

struct spread {
	int low;
	int high;
	const struct fact_node *low_node;
	const struct fact_node *high_node;
};

/* Bans and INFINITY preferences are other rules' business. */
static struct spread spread_of(const struct facts *f, const char *rsc)
{
	struct spread s = { 0, 0, NULL, NULL };

	for (size_t i = 0; i < f->node_count; i++) {
		const struct fact_node *n = &f->node[i];
		int score = facts_preference(f, rsc, n->name, false);

		if (score <= -SCORE_INFINITY || score >= SCORE_INFINITY)
			continue;
		if (s.low_node == NULL || score < s.low) {
			s.low = score;
			s.low_node = n;
		}
		if (s.high_node == NULL || score > s.high) {
			s.high = score;
			s.high_node = n;
		}
	}
	return s;
}

static void judge_resource(const struct facts *f, const char *rsc, struct findings *out)
{
	const xmlNode *xml = facts_resource(f, rsc);
	const char *stickiness_id;
	struct spread s;
	struct finding *x;
	int stickiness;

	if (xml == NULL || facts_is_fencing(f, xml))
		return;
	s = spread_of(f, rsc);
	stickiness = facts_stickiness(f, xml, &stickiness_id);
	if (s.high_node == NULL || s.high == s.low || s.high - s.low < stickiness)
		return;
	x = finding_new(out, rule_stickiness_failback.id, SEVERITY_WARNING);
	for (size_t i = 0; i < f->location_count; i++)
		if (strcmp(f->location[i].rsc, rsc) == 0 && !f->location[i].moved &&
		    !f->location[i].promoted)
			finding_add_id(x, f->location[i].xml_id);
	finding_add_id(x, stickiness_id);
	if (s.high - s.low == stickiness)
		finding_set_reason(
			x,
			"the stickiness of %s (%d) only equals the difference of its scores "
			"(%d on %s, %d on %s): other resources decide whether it moves back "
			"when %s returns",
			rsc, stickiness, s.high, s.high_node->name, s.low, s.low_node->name,
			s.high_node->name);
	else
		finding_set_reason(
			x,
			"the stickiness of %s (%d) is below the difference of its scores (%d "
			"on %s, %d on %s): it moves back by itself when %s returns",
			rsc, stickiness, s.high, s.high_node->name, s.low, s.low_node->name,
			s.high_node->name);
	finding_set_remedy(x, "set resource-stickiness of %s above %d", rsc, s.high - s.low);
}

static void judge(const struct facts *f, struct findings *out)
{
	for (size_t i = 0; i < f->location_count; i++) {
		size_t k = 0;

		while (k < i && strcmp(f->location[k].rsc, f->location[i].rsc) != 0)
			k++;
		if (k == i)
			judge_resource(f, f->location[i].rsc, out);
	}
}

const struct rule rule_stickiness_failback = {
	.id = "stickiness-failback",
	.severity = SEVERITY_WARNING,
	.title = "stickiness not above a difference of scores: failback that nobody asked for",
	.judge = judge,
};

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

/* Does a location say where these are to run? */
static bool counts(const struct fact_location *l, const struct fact_list *together)
{
	return !l->moved && !l->promoted && facts_list_has(together, l->outermost);
}

/* What runs together goes where the sum of all its scores is highest.  Bans and INFINITY
 * preferences are other rules' business. */
static struct spread spread_of(const struct facts *f, const struct fact_list *together)
{
	struct spread s = { 0, 0, NULL, NULL };

	for (size_t i = 0; i < f->node_count; i++) {
		const struct fact_node *n = &f->node[i];
		int score = 0;

		for (size_t k = 0; k < f->location_count; k++)
			if (counts(&f->location[k], together) &&
			    facts_name_is(f->location[k].node, n->name))
				score = facts_score_add(score, f->location[k].score);
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

static int stickiness_of(const struct facts *f, const struct fact_list *together, struct finding *x)
{
	int sum = 0;

	for (size_t i = 0; i < together->count; i++) {
		const char *id;

		sum = facts_score_add(sum, facts_stickiness(f, together->node[i], &id));
		if (x != NULL)
			finding_add_id(x, id);
	}
	return sum;
}

static void report(const struct facts *f, const char *rsc, const struct fact_list *together,
		   const struct spread *s, struct findings *out)
{
	struct finding *x = finding_new(out, rule_stickiness_failback.id, SEVERITY_WARNING);
	bool alone = together->count == 1;
	int stickiness;

	for (size_t i = 0; i < f->location_count; i++)
		if (counts(&f->location[i], together))
			finding_add_id(x, f->location[i].xml_id);
	stickiness = stickiness_of(f, together, x);
	if (s->high - s->low == stickiness)
		finding_set_reason(
			x,
			"the stickiness of %s%s (%d) only equals the difference of %s scores "
			"(%d on %s, %d on %s): other resources decide whether it moves back "
			"when %s returns",
			rsc, alone ? "" : " and what runs with it", stickiness,
			alone ? "its" : "their", s->high, s->high_node->name, s->low,
			s->low_node->name, s->high_node->name);
	else
		finding_set_reason(
			x,
			"the stickiness of %s%s (%d) is below the difference of %s scores (%d "
			"on %s, %d on %s): it moves back by itself when %s returns",
			rsc, alone ? "" : " and what runs with it", stickiness,
			alone ? "its" : "their", s->high, s->high_node->name, s->low,
			s->low_node->name, s->high_node->name);
	finding_set_remedy(x, "set resource-stickiness of %s above %d", rsc, s->high - s->low);
}

/* The first of what runs together is told. */
static void judge_location(const struct facts *f, size_t l, struct findings *out)
{
	xmlNode *top = f->location[l].outermost;
	struct fact_list together;
	struct spread s;
	size_t k = 0;

	if (facts_is_fencing(f, top) || facts_is_everywhere(f, top))
		return;
	together = facts_together(f, top);
	while (k < l && !counts(&f->location[k], &together))
		k++;
	s = spread_of(f, &together);
	if (k == l && counts(&f->location[l], &together) && s.high != s.low &&
	    s.high - s.low >= stickiness_of(f, &together, NULL))
		report(f, f->location[l].rsc, &together, &s, out);
	facts_list_free(&together);
}

static void judge(const struct facts *f, struct findings *out)
{
	for (size_t i = 0; i < f->location_count; i++)
		judge_location(f, i, out);
}

const struct rule rule_stickiness_failback = {
	.id = "stickiness-failback",
	.severity = SEVERITY_WARNING,
	.title = "stickiness not above a difference of scores: failback that nobody asked for",
	.judge = judge,
};

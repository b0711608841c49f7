/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a split of equal halves the tie-breaker's side lives on: where the service prefers the other
 * side it is stopped there and started anew, although nothing was wrong with it. */
#include <string.h>

#include "crm-snippets/rules/rules.h"

static void judge_pair(const struct facts *f, const char *rsc, bool promoted,
		       const struct fact_node *liked, const struct fact_node *winner,
		       struct findings *out)
{
	char like_text[16], win_text[16], tie_text[32];
	struct finding *x = finding_new(out, rule_tie_breaker_location.id, SEVERITY_WARNING);
	int like = facts_preference(f, rsc, liked->name, promoted);
	int win = facts_preference(f, rsc, winner->name, promoted);

	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];

		if (strcmp(l->rsc, rsc) == 0 && l->promoted == promoted && !l->moved &&
		    (facts_name_is(l->node, liked->name) || facts_name_is(l->node, winner->name)))
			finding_add_id(x, l->xml_id);
	}
	finding_set_reason(
		x,
		"%s%s prefers %s (%s) to %s (%s), but tie_breaker (%s) decides a tie between "
		"them for %s",
		rsc, promoted ? " (promoted)" : "", liked->name,
		facts_score_text(like, like_text, sizeof(like_text)), winner->name,
		facts_score_text(win, win_text, sizeof(win_text)),
		facts_tie_text(f, tie_text, sizeof(tie_text)), winner->name);
	finding_set_remedy(
		x,
		"let the scores fall in tie_breaker's direction (qarb-crm generate "
		"--resource %s --policy follow-tie-breaker), or bind an ocf:qarb:workload to "
		"%s so that ties follow it",
		rsc, rsc);
}

/* The first pair that disagrees tells the story of the resource. */
static void judge_resource(const struct facts *f, const char *rsc, bool promoted,
			   struct findings *out)
{
	xmlNode *xml = facts_resource(f, rsc);

	if (xml == NULL || facts_is_fencing(f, xml))
		return;
	if (f->workload && facts_workload_of(f, xml) != NULL)
		return;
	for (size_t a = 0; a < f->node_count; a++) {
		for (size_t b = 0; b < f->node_count; b++) {
			const struct fact_node *liked = &f->node[a];
			const struct fact_node *winner = &f->node[b];

			if (!facts_tie_prefers(f, winner, liked) ||
			    facts_preference(f, rsc, liked->name, promoted) <=
				    facts_preference(f, rsc, winner->name, promoted))
				continue;
			judge_pair(f, rsc, promoted, liked, winner, out);
			return;
		}
	}
}

static void judge(const struct facts *f, struct findings *out)
{
	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];
		size_t k = 0;

		while (k < i && (strcmp(f->location[k].rsc, l->rsc) != 0 ||
				 f->location[k].promoted != l->promoted))
			k++;
		if (k == i)
			judge_resource(f, l->rsc, l->promoted, out);
	}
}

const struct rule rule_tie_breaker_location = {
	.id = "tie-breaker-location",
	.severity = SEVERITY_WARNING,
	.title = "location scores against the direction of tie_breaker",
	.judge = judge,
};

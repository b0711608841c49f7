/* SPDX-License-Identifier: GPL-2.0-or-later */
/* priority-fencing-delay gives the node with the important resources a head start.  Where the
 * arbiter prefers the other half, the winner's fencing is delayed for nothing: a longer outage. */
#include <stdio.h>
#include <string.h>

#include <crm/common/util.h>

#include "crm-snippets/ranking.h"
#include "crm-snippets/rules/rules.h"

static void name_side(const struct ranking *r, unsigned side, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (size_t i = 0; i < r->count; i++) {
		int n;

		if (!(side & 1U << i))
			continue;
		n = snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ",",
			     r->node[i]->name);
		if (n < 0 || (size_t)n >= size - used)
			return;
		used += (size_t)n;
	}
}

static void add_priority_ids(const struct facts *f, struct finding *x)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");

	for (size_t i = 0; i < list.count; i++) {
		const char *id = NULL;
		const char *priority = facts_meta(f, list.node[i], "priority", &id);

		if (priority != NULL && char2score(priority) != 0)
			finding_add_id(x, id);
	}
	facts_list_free(&list);
}

static void report(const struct facts *f, const struct ranking *r, unsigned side, const char *id,
		   const char *delay, struct findings *out)
{
	struct finding *x = finding_new(out, rule_fencing_delay.id, SEVERITY_WARNING);
	char winner[256], loser[256];

	name_side(r, side, winner, sizeof(winner));
	name_side(r, ((1U << r->count) - 1) & ~side, loser, sizeof(loser));
	finding_add_id(x, id);
	add_priority_ids(f, x);
	finding_set_reason(x,
			   "in the split %s | %s the arbiter prefers %s, while "
			   "priority-fencing-delay favours %s: the winner fences %s later",
			   winner, loser, winner, loser, delay);
	finding_set_remedy(x, "bind an ocf:qarb:workload with the same weight to each resource "
			      "that has a priority, or let its scores follow tie_breaker, or "
			      "remove priority-fencing-delay: with an arbiter only one half "
			      "fences");
}

static void judge(const struct facts *f, struct findings *out)
{
	const char *id;
	const char *delay = facts_property(f, "priority-fencing-delay", &id);
	struct ranking r;

	if (delay == NULL || crm_get_msec(delay) <= 0 || f->tie == FACT_TIE_NONE ||
	    ranking_take(f, &r) != RC_OK || r.count < 2 || r.count % 2 != 0)
		return;
	for (unsigned side = 1; side < (1U << r.count) - 1; side++) {
		if ((size_t)__builtin_popcount(side) != r.count / 2 || !ranking_wins(f, &r, side) ||
		    !ranking_delayed(&r, side))
			continue;
		report(f, &r, side, id, delay, out);
		return;
	}
}

const struct rule rule_fencing_delay = {
	.id = "fencing-delay",
	.severity = SEVERITY_WARNING,
	.title = "priority-fencing-delay contradicts the arbiter's ranking",
	.judge = judge,
};

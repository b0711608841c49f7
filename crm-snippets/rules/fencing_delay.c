/* SPDX-License-Identifier: GPL-2.0-or-later */
/* priority-fencing-delay gives the node with the important resources a head start.  Where the
 * arbiter prefers another part, the winner's fencing is delayed for nothing: a longer outage.
 *
 * Between parts of equal votes weights and tie_breaker can be brought in line with the priorities:
 * a warning.  A larger part wins whatever runs elsewhere, and where two nodes have the highest
 * priority each delays the fencing of the other: a note, as only the delay itself can be removed.
 */
#include <stdio.h>
#include <string.h>

#include <crm/common/util.h>

#include "crm-snippets/rules/rules.h"
#include "crm-snippets/split.h"

enum { FENCING_DELAY_TEXT = 1024 };

struct names {
	char text[FENCING_DELAY_TEXT];
	size_t used;
};

static void add_text(struct names *n, const char *more)
{
	int length = snprintf(n->text + n->used, sizeof(n->text) - n->used, "%s", more);

	if (length > 0 && (size_t)length < sizeof(n->text) - n->used)
		n->used += (size_t)length;
}

static void add_part(struct names *n, const struct ranking *r, unsigned part)
{
	const char *gap = "";

	for (size_t i = 0; i < r->count; i++) {
		if (!(part & 1U << i))
			continue;
		add_text(n, gap);
		add_text(n, r->node[i]->name);
		gap = ",";
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

static void report(const struct facts *f, const struct ranking *r, const struct split *s,
		   size_t winner, enum severity severity, struct findings *out)
{
	struct finding *x = finding_new(out, rule_fencing_delay.id, severity);
	struct names parts = { .used = 0 }, first = { .used = 0 }, others = { .used = 0 };
	const char *id, *delay = facts_property(f, "priority-fencing-delay", &id);
	bool favoured = split_favoured(r, s->part[winner]);

	add_part(&first, r, s->part[winner]);
	add_part(&parts, r, s->part[winner]);
	for (size_t k = 0; k < s->count; k++) {
		if (k == winner)
			continue;
		add_text(&parts, " | ");
		add_part(&parts, r, s->part[k]);
	}
	add_part(&others, r, split_delayed(r, s->part[winner]));
	finding_add_id(x, id);
	add_priority_ids(f, x);
	finding_set_reason(x,
			   "in the split %s the arbiter prefers %s, while priority-fencing-delay "
			   "favours %s%s: the winner fences %s later",
			   parts.text, first.text, others.text, favoured ? " as well" : "", delay);
	if (severity == SEVERITY_WARNING)
		finding_set_remedy(x, "bind an ocf:qarb:workload with the same weight to each "
				      "resource that has a priority, or let its scores follow "
				      "tie_breaker, or remove priority-fencing-delay: with an "
				      "arbiter only one part fences");
	else
		finding_set_remedy(x, "remove priority-fencing-delay if that is too long: with an "
				      "arbiter only one part fences");
}

/* The arbiter and the delay favour different parts of a split into equal ones. */
static bool judge_even(const struct facts *f, const struct ranking *r, struct findings *out)
{
	struct split_walk w;

	split_walk_start(&w, r);
	while (split_walk_next(&w)) {
		size_t winner = split_winner(f, r, &w.split);

		if (winner == w.split.count || split_favoured(r, w.split.part[winner]) ||
		    split_delayed(r, w.split.part[winner]) == 0)
			continue;
		report(f, r, &w.split, winner, SEVERITY_WARNING, out);
		return true;
	}
	return false;
}

/* The winner of some split has its fencing delayed, although (favoured) it has a node of the
 * highest priority itself. */
static bool judge_any(const struct facts *f, const struct ranking *r, bool favoured,
		      struct findings *out)
{
	struct split s;

	for (unsigned part = 1; part < (1U << r->count) - 1; part++) {
		if (split_delayed(r, part) == 0 || split_favoured(r, part) != favoured ||
		    !split_won_by(f, r, part, &s))
			continue;
		report(f, r, &s, 0, SEVERITY_INFO, out);
		return true;
	}
	return false;
}

static void judge(const struct facts *f, struct findings *out)
{
	const char *delay = facts_property(f, "priority-fencing-delay", NULL);
	struct ranking r;

	if (delay == NULL || crm_get_msec(delay) <= 0 || f->tie == FACT_TIE_NONE ||
	    ranking_take(f, &r) != RC_OK || r.count < 2)
		return;
	if (!judge_even(f, &r, out) && !judge_any(f, &r, false, out))
		(void)judge_any(f, &r, true, out);
}

const struct rule rule_fencing_delay = {
	.id = "fencing-delay",
	.severity = SEVERITY_WARNING,
	.title = "priority-fencing-delay contradicts the arbiter's ranking",
	.judge = judge,
};

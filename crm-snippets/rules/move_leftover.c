/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm_resource --move and --ban (and crm, pcs through it) leave a constraint behind, which stays
 * until somebody clears it, unless it was given a lifetime. */
#include <string.h>

#include <crm/common/iso8601.h>

#include "crm-snippets/rules/rules.h"

static bool is_leftover(const char *id)
{
	return id != NULL &&
	       (strncmp(id, "cli-prefer-", 11) == 0 || strncmp(id, "cli-ban-", 8) == 0 ||
		strncmp(id, "cli-standby-", 12) == 0);
}

const char *move_leftover_end(const xmlNode *constraint)
{
	for (const xmlNode *rule = constraint->children; rule != NULL; rule = rule->next)
		for (const xmlNode *x = rule->children; x != NULL; x = x->next)
			if (x->type == XML_ELEMENT_NODE &&
			    strcmp((const char *)x->name, "date_expression") == 0)
				return facts_attribute(x, "end");
	return NULL;
}

bool move_leftover_is_over(const char *end)
{
	crm_time_t *now = crm_time_new(NULL);
	crm_time_t *then = crm_time_new(end);
	bool passed = then != NULL && crm_time_compare(then, now) < 0;

	crm_time_free(now);
	crm_time_free(then);
	return passed;
}

static void judge(const struct facts *f, struct findings *out)
{
	struct fact_list list = facts_find(f, "/cib/configuration/constraints/rsc_location");

	for (size_t i = 0; i < list.count; i++) {
		const char *id = facts_xml_id(list.node[i]);
		const char *rsc = facts_attribute(list.node[i], "rsc");
		const char *end = move_leftover_end(list.node[i]);
		struct finding *x;

		if (!is_leftover(id) || rsc == NULL || (end != NULL && !move_leftover_is_over(end)))
			continue;
		x = finding_new(out, rule_move_leftover.id, end ? SEVERITY_INFO : SEVERITY_WARNING);
		finding_add_id(x, id);
		if (end != NULL)
			finding_set_reason(
				x, "a move or ban of %s left this behind; its lifetime ended at %s",
				rsc, end);
		else
			finding_set_reason(
				x,
				"a move or ban of %s left this behind, and it has no lifetime: it "
				"outweighs every preference until it is cleared",
				rsc);
		finding_set_remedy(x, "crm_resource --clear --resource %s%s", rsc,
				   end ? " --expired" : "");
	}
	facts_list_free(&list);
}

const struct rule rule_move_leftover = {
	.id = "move-leftover",
	.severity = SEVERITY_WARNING,
	.title = "location constraints left behind by a move",
	.judge = judge,
};

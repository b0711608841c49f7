/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who ignores the lack of quorum does not need an arbiter: both halves go on. */
#include <string.h>

#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	const char *id;
	const char *value = facts_property(f, "no-quorum-policy", &id);
	struct finding *x;

	if (value == NULL || strcmp(value, "ignore") != 0)
		return;
	x = finding_new(out, rule_no_quorum_ignore.id, SEVERITY_ERROR);
	finding_add_id(x, id);
	finding_set_reason(x,
			   "no-quorum-policy=ignore: the half that loses the vote goes on with its "
			   "services and fences the winner");
	finding_set_remedy(x,
			   "remove no-quorum-policy (its default is stop), or choose stop, freeze, "
			   "demote or suicide");
}

const struct rule rule_no_quorum_ignore = {
	.id = "no-quorum-ignore",
	.severity = SEVERITY_ERROR,
	.title = "no-quorum-policy=ignore",
	.judge = judge,
};

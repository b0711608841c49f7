/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vote says who may go on, not that the other has stopped: only fencing does. */
#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	const char *id;
	const char *value = facts_property(f, "stonith-enabled", &id);
	struct finding *x;

	if (value == NULL || facts_property_true(f, "stonith-enabled", true))
		return;
	x = finding_new(out, rule_stonith_disabled.id, SEVERITY_ERROR);
	finding_add_id(x, id);
	finding_set_reason(
		x,
		"stonith-enabled=%s: services are started on the winner's side before the "
		"loser is known to have stopped",
		value);
	finding_set_remedy(x, "configure fencing devices and remove stonith-enabled");
}

const struct rule rule_stonith_disabled = {
	.id = "stonith-disabled",
	.severity = SEVERITY_ERROR,
	.title = "fencing is switched off",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence_qarb asks the victim to reset itself and waits for its watchdog: good as a last level, no
 * replacement for a device that cuts the power from outside. */
#include "crm-snippets/fencing.h"
#include "crm-snippets/rules/rules.h"

static void judge_node(const struct fact_node *n, const struct fencing *x, struct findings *out)
{
	struct finding *found;

	if (x->devices == 0 || x->devices != x->qarb_devices)
		return;
	found = finding_new(out, rule_fence_qarb_alone.id, SEVERITY_WARNING);
	fencing_add_ids(found, n, x);
	finding_set_reason(found,
			   "fence_qarb is all that fences %s; the old rule holds: \"a watchdog is "
			   "not fencing\"",
			   n->name);
	finding_set_remedy(found,
			   "fence %s at level 1 by a device outside of it (IPMI, PDU, hypervisor) "
			   "and keep fence_qarb for level 2",
			   n->name);
}

static void judge(const struct facts *f, struct findings *out)
{
	fencing_judge(f, judge_node, out);
}

const struct rule rule_fence_qarb_alone = {
	.id = "fence-qarb-alone",
	.severity = SEVERITY_WARNING,
	.title = "fence_qarb is a node's only fencing",
	.judge = judge,
};

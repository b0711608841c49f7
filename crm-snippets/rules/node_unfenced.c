/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A node that nothing can fence blocks the recovery of everything that ran on it. */
#include "crm-snippets/fencing.h"
#include "crm-snippets/rules/rules.h"

static void judge_node(const struct fact_node *n, const struct fencing *x, struct findings *out)
{
	struct finding *found;

	if (x->devices != 0)
		return;
	found = finding_new(out, rule_node_unfenced.id, SEVERITY_ERROR);
	fencing_add_ids(found, n, x);
	finding_set_reason(found,
			   "no fencing device %s %s: when it fails, its services are never "
			   "recovered",
			   x->topology ? "of its levels can fence" : "can fence", n->name);
	finding_set_remedy(found, "add a device whose pcmk_host_list or pcmk_host_map names %s",
			   n->name);
}

static void judge(const struct facts *f, struct findings *out)
{
	if (!fencing_by_watchdog(f))
		fencing_judge(f, judge_node, out);
}

const struct rule rule_node_unfenced = {
	.id = "node-unfenced",
	.severity = SEVERITY_ERROR,
	.title = "a node without a fencing device",
	.judge = judge,
};

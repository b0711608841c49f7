/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A node that nothing can fence blocks the recovery of everything that ran on it. */
#include "crm-snippets/fencing.h"
#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	if (!facts_property_true(f, "stonith-enabled", true) || fencing_by_watchdog(f))
		return;
	for (size_t i = 0; i < f->node_count; i++) {
		const struct fact_node *n = &f->node[i];
		struct fencing fencing;
		struct finding *x;

		if (!n->in_cib)
			continue;
		fencing_of(f, n->name, &fencing);
		if (fencing.devices == 0) {
			x = finding_new(out, rule_node_unfenced.id, SEVERITY_ERROR);
			finding_add_id(x, n->xml_id);
			for (size_t k = 0; k < fencing.level.count; k++)
				finding_add_id(x, facts_xml_id(fencing.level.node[k]));
			finding_set_reason(
				x,
				"no fencing device %s %s: when it fails, its services are "
				"never recovered",
				fencing.topology ? "of its levels can fence" : "can fence",
				n->name);
			finding_set_remedy(x,
					   "add a device whose pcmk_host_list or pcmk_host_map "
					   "names %s",
					   n->name);
		}
		fencing_free(&fencing);
	}
}

const struct rule rule_node_unfenced = {
	.id = "node-unfenced",
	.severity = SEVERITY_ERROR,
	.title = "a node without a fencing device",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence_qarb asks the victim to reset itself and waits for its watchdog: good as a last level, no
 * replacement for a device that cuts the power from outside. */
#include "crm-snippets/fencing.h"
#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	if (!facts_property_true(f, "stonith-enabled", true))
		return;
	for (size_t i = 0; i < f->node_count; i++) {
		const struct fact_node *n = &f->node[i];
		struct fencing fencing;
		struct finding *x;

		if (!n->in_cib)
			continue;
		fencing_of(f, n->name, &fencing);
		if (fencing.devices != 0 && fencing.devices == fencing.qarb_devices) {
			x = finding_new(out, rule_fence_qarb_alone.id, SEVERITY_WARNING);
			finding_add_id(x, n->xml_id);
			for (size_t k = 0; k < fencing.device.count; k++)
				finding_add_id(x, facts_xml_id(fencing.device.node[k]));
			for (size_t k = 0; k < fencing.level.count; k++)
				finding_add_id(x, facts_xml_id(fencing.level.node[k]));
			finding_set_reason(
				x,
				"fence_qarb is all that fences %s; the old rule holds: \"a "
				"watchdog is not fencing\"",
				n->name);
			finding_set_remedy(
				x,
				"fence %s at level 1 by a device outside of it (IPMI, PDU, "
				"hypervisor) and keep fence_qarb for level 2",
				n->name);
		}
		fencing_free(&fencing);
	}
}

const struct rule rule_fence_qarb_alone = {
	.id = "fence-qarb-alone",
	.severity = SEVERITY_WARNING,
	.title = "fence_qarb is a node's only fencing",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arbiter, evictions and fencing devices speak of nodes by id and by name: both books must agree.
 */
#include "crm-snippets/rules/rules.h"

static void judge_node(const struct fact_node *n, struct findings *out)
{
	struct finding *x;

	if (n->in_cib && n->in_corosync &&
	    (n->corosync_name == NULL || facts_name_is(n->name, n->corosync_name)))
		return;
	/* A node that has never joined is not in the CIB yet: nothing contradicts. */
	if (!n->in_cib)
		return;
	x = finding_new(out, rule_node_names.id,
			n->in_corosync ? SEVERITY_ERROR : SEVERITY_WARNING);
	finding_add_id(x, n->xml_id);
	if (n->in_corosync) {
		finding_set_reason(x, "node %u is %s in the CIB and %s in corosync.conf", n->id,
				   n->name, n->corosync_name);
		finding_set_remedy(x,
				   "use one name: that of corosync.conf's nodelist is what "
				   "Pacemaker takes at its next start; then crm_node --remove %s",
				   n->name);
	} else {
		finding_set_reason(x,
				   "%s (node %u) is in the CIB but not in corosync.conf's nodelist",
				   n->name, n->id);
		finding_set_remedy(x,
				   "add it to the nodelist, or crm_node --remove %s if it has gone "
				   "for good",
				   n->name);
	}
}

static void judge(const struct facts *f, struct findings *out)
{
	bool listed = false;

	for (size_t i = 0; i < f->node_count; i++)
		listed = listed || f->node[i].in_corosync;
	for (size_t i = 0; i < f->node_count && listed; i++)
		judge_node(&f->node[i], out);
}

const struct rule rule_node_names = {
	.id = "node-names",
	.severity = SEVERITY_ERROR,
	.title = "node names of CIB and corosync.conf differ",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arbiter, evictions and fencing devices speak of nodes by id and by name: both books must agree.
 */
#include "crm-snippets/rules/rules.h"

/* Matched by name: no node of the CIB has the id. */
static void judge_id(const struct fact_node *n, struct findings *out)
{
	struct finding *x;

	if (!n->in_cib || n->corosync_id == 0 || n->corosync_id == n->id)
		return;
	x = finding_new(out, rule_node_names.id, SEVERITY_ERROR);
	finding_add_id(x, n->xml_id);
	finding_set_reason(x, "%s is node %u in the CIB and node %u in corosync.conf", n->name,
			   n->id, n->corosync_id);
	finding_set_remedy(x,
			   "give it back its nodeid in corosync.conf; or stop Pacemaker on it and "
			   "crm_node --remove %s, before it joins by the new one",
			   n->name);
}

static void judge_nameless(const struct facts *f, struct findings *out)
{
	struct finding *x;

	if (f->nameless_count == 0)
		return;
	x = finding_new(out, rule_node_names.id, SEVERITY_WARNING);
	for (size_t i = 0; i < f->node_count; i++)
		if (f->node[i].in_corosync && f->node[i].corosync_name == NULL)
			finding_add_id(x, f->node[i].xml_id);
	finding_set_reason(x,
			   "corosync.conf's nodelist has %u node%s without a name: evictions and "
			   "fence_qarb, which know nodes by name, cannot tell which that is",
			   f->nameless_count, f->nameless_count == 1 ? "" : "s");
	finding_set_remedy(x, "add \"name:\", the name that Pacemaker has (crm_node --name on the "
			      "node), to each node, and corosync-cfgtool -R");
}

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
	for (size_t i = 0; i < f->node_count && listed; i++) {
		judge_node(&f->node[i], out);
		judge_id(&f->node[i], out);
	}
	judge_nameless(f, out);
}

const struct rule rule_node_names = {
	.id = "node-names",
	.severity = SEVERITY_ERROR,
	.title = "node names of CIB and corosync.conf differ",
	.judge = judge,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workload agent tells where the service runs only as long as it runs there itself, and only as
 * long as its monitor renews the weight. */
#include "crm-snippets/rules/rules.h"

static struct finding *report(const xmlNode *agent, enum severity severity, const xmlNode *service,
			      struct findings *out)
{
	struct finding *x = finding_new(out, rule_workload_colocation.id, severity);

	finding_add_id(x, facts_xml_id(agent));
	if (service != NULL)
		finding_add_id(x, facts_xml_id(service));
	return x;
}

static void judge_bond(const struct facts *f, xmlNode *agent, struct findings *out)
{
	enum fact_bond bond;
	const xmlNode *service = facts_service_of(f, agent, &bond);
	const char *id = facts_xml_id(agent);
	struct finding *x;

	switch (bond) {
	case FACT_BOND_NONE:
		x = report(agent, SEVERITY_ERROR, NULL, out);
		finding_set_reason(x,
				   "the workload agent %s is bound to no service: ties follow the "
				   "agent, not the service",
				   id);
		finding_set_remedy(x, "put it into the service's group behind the service, or "
				      "colocate it with the service by INFINITY");
		break;
	case FACT_BOND_ROLE:
		x = report(agent, SEVERITY_WARNING, service, out);
		finding_set_reason(x,
				   "the workload agent %s is not colocated with the promoted role "
				   "of %s: it may run, and pull ties, beside a copy that is not "
				   "promoted",
				   id, facts_xml_id(service));
		finding_set_remedy(x, "colocate it with the role Promoted of %s by INFINITY",
				   facts_xml_id(service));
		break;
	case FACT_BOND_FINITE:
		x = report(agent, SEVERITY_WARNING, service, out);
		finding_set_reason(x,
				   "the workload agent %s is colocated with %s by a finite score: "
				   "it may run, and pull ties, elsewhere",
				   id, facts_xml_id(service));
		finding_set_remedy(x, "give the colocation the score INFINITY, or put both into "
				      "one group");
		break;
	case FACT_BOND_FIRM:
		break;
	}
}

static void judge_monitor(const struct facts *f, const xmlNode *agent, struct findings *out)
{
	struct finding *x;

	if (facts_is_monitored(f, agent))
		return;
	x = report(agent, SEVERITY_WARNING, NULL, out);
	finding_set_reason(x,
			   "the workload agent %s has no recurring monitor, which renews its "
			   "weight: it lapses soon after the start (start_lease), and ties then "
			   "follow nothing",
			   facts_xml_id(agent));
	finding_set_remedy(x, "give it \"op monitor interval=10s\"");
}

static void judge(const struct facts *f, struct findings *out)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");

	for (size_t i = 0; i < list.count; i++) {
		if (!facts_is_agent(f, list.node[i], "ocf", "qarb", "workload"))
			continue;
		judge_bond(f, list.node[i], out);
		judge_monitor(f, list.node[i], out);
	}
	facts_list_free(&list);
}

const struct rule rule_workload_colocation = {
	.id = "workload-colocation",
	.severity = SEVERITY_ERROR,
	.title = "workload agent that does not follow its service, or is not monitored",
	.judge = judge,
};

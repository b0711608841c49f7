/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workload agent tells where the service runs only as long as it runs there itself, and only as
 * long as its monitor renews the weight. */
#include <strings.h>

#include <crm/common/util.h>

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

/* A service is to do without its agent, whose failure would be the service's else.
 * returns: has the service been seen to need it? */
static bool judge_dependent(const struct facts *f, xmlNode *agent, struct findings *out)
{
	const xmlNode *by;
	const xmlNode *service = facts_dependent_of(f, agent, &by);
	const char *id = facts_xml_id(agent);
	struct finding *x;

	if (service == NULL)
		return false;
	x = report(agent, SEVERITY_WARNING, service, out);
	finding_add_id(x, facts_xml_id(by));
	finding_set_reason(
		x,
		"%s needs the workload agent %s, by %s: where the agent does not run, the "
		"service does not",
		facts_xml_id(service), id, facts_xml_id(by));
	if (facts_is_named(by, "group"))
		finding_set_remedy(x, "put %s behind the service in the group", id);
	else if (facts_is_named(by, "rsc_order"))
		finding_set_remedy(x, "order it the other way round: %s, then %s",
				   facts_xml_id(service), id);
	else
		finding_set_remedy(x, "colocate it the other way round: %s with %s", id,
				   facts_xml_id(service));
	return true;
}

/* By Pacemaker's own default what is colocated by INFINITY moves together when one of it fails. */
static void judge_critical(const struct facts *f, const xmlNode *agent, const xmlNode *service,
			   struct findings *out)
{
	const char *critical = facts_meta(f, agent, "critical", NULL);
	const char *missing = facts_nvpair(f, agent, "instance_attributes", "on_missing", NULL);
	struct finding *x;

	if (critical != NULL && crm_is_true(critical) == FALSE)
		return;
	/* Somebody wants the service to follow the agent. */
	if (missing != NULL && strcasecmp(missing, "error") == 0)
		return;
	x = report(agent, SEVERITY_WARNING, service, out);
	finding_set_reason(x,
			   "the workload agent %s is critical: where it fails, Pacemaker moves or "
			   "stops %s as well",
			   facts_xml_id(agent), facts_xml_id(service));
	finding_set_remedy(x,
			   "give it \"meta critical=false\"; or on_missing=error, if the service "
			   "is not to run where its weight cannot be told");
}

static void judge_role(const struct facts *f, const xmlNode *agent, struct findings *out)
{
	const char *role = facts_nvpair(f, agent, "meta_attributes", "target-role", NULL);
	struct finding *x;

	if (role == NULL || strcasecmp(role, "Stopped") != 0)
		return;
	x = report(agent, SEVERITY_WARNING, NULL, out);
	finding_set_reason(x,
			   "the workload agent %s is stopped by its target-role: no weight is told",
			   facts_xml_id(agent));
	finding_set_remedy(x, "start it, or remove it");
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
		if (!judge_dependent(f, agent, out))
			judge_critical(f, agent, service, out);
		return;
	}
	(void)judge_dependent(f, agent, out);
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
		judge_role(f, list.node[i], out);
	}
	facts_list_free(&list);
}

const struct rule rule_workload_colocation = {
	.id = "workload-colocation",
	.severity = SEVERITY_ERROR,
	.title = "workload agent that does not follow its service, or that its service needs",
	.judge = judge,
};

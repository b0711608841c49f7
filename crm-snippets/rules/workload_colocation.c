/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workload agent tells where the service runs only as long as it runs there itself. */
#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");

	for (size_t i = 0; i < list.count; i++) {
		const char *id = facts_xml_id(list.node[i]);
		const xmlNode *service;
		struct finding *x;
		bool finite;

		if (!facts_is_agent(f, list.node[i], "ocf", "qarb", "workload"))
			continue;
		service = facts_service_of(f, list.node[i], &finite);
		if (service != NULL && !finite)
			continue;
		x = finding_new(out, rule_workload_colocation.id,
				service ? SEVERITY_WARNING : SEVERITY_ERROR);
		finding_add_id(x, id);
		if (service != NULL) {
			finding_add_id(x, facts_xml_id(service));
			finding_set_reason(
				x,
				"the workload agent %s is colocated with %s by a finite score: "
				"it may run, and pull ties, elsewhere",
				id, facts_xml_id(service));
			finding_set_remedy(x, "give the colocation the score INFINITY, or put both "
					      "into one group");
		} else {
			finding_set_reason(
				x,
				"the workload agent %s is bound to no service: ties follow the "
				"agent, not the service",
				id);
			finding_set_remedy(x,
					   "put it into the service's group behind the service, or "
					   "colocate it with the service by INFINITY");
		}
	}
	facts_list_free(&list);
}

const struct rule rule_workload_colocation = {
	.id = "workload-colocation",
	.severity = SEVERITY_ERROR,
	.title = "workload agent not bound to a service",
	.judge = judge,
};

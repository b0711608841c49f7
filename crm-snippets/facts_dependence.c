/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: what cannot be without a workload agent. */
#include <string.h>

#include <crm/common/util.h>

#include "crm-snippets/facts.h"

/* How a kind of constraint names two resources, and which of its sets needs the other. */
struct kind {
	const char *path;
	const char *needer;
	const char *needed;
	bool earlier_needs; /* set: that which stands before */
};

static const struct kind kinds[] = {
	{ "/cib/configuration/constraints/rsc_colocation", "rsc", "with-rsc", true },
	{ "/cib/configuration/constraints/rsc_order", "then", "first", false },
};

static bool is_agents(const struct facts *f, xmlNode *rsc, xmlNode *agent)
{
	return rsc == agent || (rsc == facts_outermost(agent) && !facts_is_service(f, rsc));
}

static bool names_agent(const struct facts *f, const char *name, xmlNode *agent)
{
	struct fact_list list = facts_named(f, name);
	bool found = false;

	for (size_t i = 0; i < list.count; i++)
		found = found || is_agents(f, list.node[i], agent);
	facts_list_free(&list);
	return found;
}

/* A service by this name that is not the agent's own. */
static xmlNode *service_named(const struct facts *f, const char *name, xmlNode *agent)
{
	struct fact_list list = facts_named(f, name);
	xmlNode *found = NULL;

	for (size_t i = 0; i < list.count && found == NULL; i++)
		if (!is_agents(f, list.node[i], agent) && facts_is_service(f, list.node[i]))
			found = list.node[i];
	facts_list_free(&list);
	return found;
}

static bool is_mandatory(const xmlNode *constraint)
{
	const char *score = facts_attribute(constraint, "score");
	const char *kind = facts_attribute(constraint, "kind");
	const char *action = facts_attribute(constraint, "first-action");

	if (facts_is_named(constraint, "rsc_colocation"))
		return score != NULL && char2score(score) >= SCORE_INFINITY;
	if (action != NULL && strcmp(action, "start") != 0)
		return false;
	return kind != NULL ? strcmp(kind, "Mandatory") == 0
			    : score == NULL || char2score(score) > 0;
}

/* Within a set each needs those before it, unless they have no order. */
static bool needs_in_set(const xmlNode *ref, const xmlNode *agent_ref)
{
	const char *order = facts_attribute(ref->parent, "sequential");

	if (order != NULL && crm_is_true(order) == FALSE)
		return false;
	while (ref != NULL && ref != agent_ref)
		ref = ref->prev;
	return ref != NULL;
}

static bool stands_before(const xmlNode *a, const xmlNode *b)
{
	while (b != NULL && b != a)
		b = b->prev;
	return b != NULL;
}

static const xmlNode *agent_ref_of(const struct facts *f, const xmlNode *constraint, xmlNode *agent)
{
	for (const xmlNode *set = constraint->children; set != NULL; set = set->next)
		for (const xmlNode *ref = set->children; ref != NULL; ref = ref->next)
			if (facts_is_named(ref, "resource_ref") && facts_xml_id(ref) != NULL &&
			    names_agent(f, facts_xml_id(ref), agent))
				return ref;
	return NULL;
}

static xmlNode *dependent_in_sets(const struct facts *f, const struct kind *k,
				  const xmlNode *constraint, xmlNode *agent)
{
	const xmlNode *own = agent_ref_of(f, constraint, agent);
	xmlNode *found = NULL;

	for (const xmlNode *set = own != NULL ? constraint->children : NULL; set != NULL;
	     set = set->next)
		for (const xmlNode *ref = set->children; ref != NULL && found == NULL;
		     ref = ref->next) {
			if (!facts_is_named(ref, "resource_ref") || facts_xml_id(ref) == NULL)
				continue;
			if (set == own->parent
				    ? needs_in_set(ref, own)
				    : stands_before(set, own->parent) == k->earlier_needs)
				found = service_named(f, facts_xml_id(ref), agent);
		}
	return found;
}

static xmlNode *dependent_by(const struct facts *f, const struct kind *k, const xmlNode *constraint,
			     xmlNode *agent)
{
	const char *needer = facts_attribute(constraint, k->needer);
	const char *needed = facts_attribute(constraint, k->needed);

	if (!is_mandatory(constraint))
		return NULL;
	if (needer == NULL || needed == NULL)
		return dependent_in_sets(f, k, constraint, agent);
	return names_agent(f, needed, agent) ? service_named(f, needer, agent) : NULL;
}

xmlNode *facts_dependent_of(const struct facts *f, xmlNode *agent, const xmlNode **by)
{
	xmlNode *found = NULL;

	*by = agent->parent;
	for (xmlNode *x = facts_is_named(*by, "group") ? agent->next : NULL; x != NULL; x = x->next)
		if (facts_is_named(x, "primitive") && facts_is_service(f, x))
			return x;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]) && found == NULL; k++) {
		struct fact_list list = facts_find(f, kinds[k].path);

		for (size_t i = 0; i < list.count && found == NULL; i++) {
			*by = list.node[i];
			found = dependent_by(f, &kinds[k], list.node[i], agent);
		}
		facts_list_free(&list);
	}
	return found;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: what runs together. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/util.h>

#include "crm-snippets/facts.h"

/* One resource that a colocation names, and the role it is about, if any. */
struct member {
	xmlNode *rsc;
	const char *role;
};

struct colocated {
	struct member *member;
	size_t count;
	bool apart; /* of one set without order: they depend on others, not on each other */
};

static void add_members(const struct facts *f, const char *name, const char *role,
			struct colocated *m)
{
	struct fact_list list = facts_named(f, name);

	for (size_t i = 0; i < list.count; i++) {
		m->member = facts_grow(m->member, m->count + 1, sizeof(*m->member));
		m->member[m->count++] = (struct member){ list.node[i], role };
	}
	facts_list_free(&list);
}

/* in: constraint, an rsc_colocation.  out: m, to be given to free(m->member). */
static void colocated_of(const struct facts *f, const xmlNode *constraint, struct colocated *m)
{
	const char *first = facts_attribute(constraint, "rsc");
	const char *second = facts_attribute(constraint, "with-rsc");
	size_t sets = 0;

	memset(m, 0, sizeof(*m));
	if (first != NULL && second != NULL) {
		add_members(f, first, facts_attribute(constraint, "rsc-role"), m);
		add_members(f, second, facts_attribute(constraint, "with-rsc-role"), m);
		return;
	}
	for (const xmlNode *set = constraint->children; set != NULL; set = set->next) {
		const char *order;

		if (!facts_is_named(set, "resource_set"))
			continue;
		order = facts_attribute(set, "sequential");
		m->apart = ++sets == 1 && order != NULL && crm_is_true(order) == FALSE;
		for (const xmlNode *ref = set->children; ref != NULL; ref = ref->next)
			if (facts_is_named(ref, "resource_ref") && facts_xml_id(ref) != NULL)
				add_members(f, facts_xml_id(ref), facts_attribute(set, "role"), m);
	}
}

/* Pacemaker's, which without a score does nothing. */
static int score_of(const xmlNode *constraint)
{
	const char *text = facts_attribute(constraint, "score");

	return text != NULL ? char2score(text) : 0;
}

static bool is_clone(const xmlNode *rsc)
{
	return facts_is_named(rsc, "clone") || facts_is_named(rsc, "master") ||
	       facts_is_named(rsc, "bundle");
}

static bool is_promoted(const char *role)
{
	return role != NULL &&
	       (strcasecmp(role, "Promoted") == 0 || strcasecmp(role, "Master") == 0);
}

/* Is it where one of the list is, and the list where it is?  There is one promoted instance, while
 * the others of a clone are on many nodes. */
static bool is_place(const struct member *m)
{
	return !is_clone(facts_outermost(m->rsc)) || is_promoted(m->role);
}

/* returns: has the list grown? */
static bool add_together(const struct colocated *m, struct fact_list *list)
{
	bool some = false, grown = false;

	for (size_t i = 0; i < m->count && !m->apart; i++)
		some = some || (is_place(&m->member[i]) &&
				facts_list_has(list, facts_outermost(m->member[i].rsc)));
	for (size_t i = 0; i < m->count && some; i++) {
		xmlNode *top = facts_outermost(m->member[i].rsc);

		if (!is_place(&m->member[i]) || facts_list_has(list, top))
			continue;
		facts_list_add(list, top);
		grown = true;
	}
	return grown;
}

struct fact_list facts_together(const struct facts *f, xmlNode *rsc)
{
	struct fact_list all = facts_find(f, "/cib/configuration/constraints/rsc_colocation");
	struct fact_list list = { NULL, 0 };
	bool grown = true;

	facts_list_add(&list, facts_outermost(rsc));
	while (grown) {
		grown = false;
		for (size_t i = 0; i < all.count; i++) {
			struct colocated m;

			if (score_of(all.node[i]) < SCORE_INFINITY)
				continue;
			colocated_of(f, all.node[i], &m);
			grown = add_together(&m, &list) || grown;
			free(m.member);
		}
	}
	facts_list_free(&all);
	return list;
}

/* The weight of a promotable service belongs to its promoted role; where several may be promoted,
 * perhaps all of them are. */
static bool is_followed(const struct facts *f, const struct member *service)
{
	const char *most;

	if (!facts_is_promotable(f, service->rsc) || is_promoted(service->role))
		return true;
	most = facts_nvpair(f, facts_outermost(service->rsc), "meta_attributes", "promoted-max",
			    NULL);
	return service->role == NULL && most != NULL && strtoul(most, NULL, 10) > 1;
}

/* in: own, the outermost around an agent.  out: better than before, bond and service by what one
 * colocation says of it. */
static void bind_by(const struct facts *f, const xmlNode *constraint, const xmlNode *own,
		    enum fact_bond *bond, xmlNode **service)
{
	enum fact_bond firm = score_of(constraint) < SCORE_INFINITY ? FACT_BOND_FINITE
								    : FACT_BOND_FIRM;
	bool named = false;
	struct colocated m;

	colocated_of(f, constraint, &m);
	for (size_t i = 0; i < m.count; i++)
		named = named || facts_outermost(m.member[i].rsc) == own;
	for (size_t i = 0; i < m.count && named && !m.apart; i++) {
		const struct member *x = &m.member[i];
		enum fact_bond own_bond = is_followed(f, x) ? firm : FACT_BOND_ROLE;

		if (own_bond <= *bond || facts_outermost(x->rsc) == own ||
		    !facts_is_service(f, x->rsc))
			continue;
		*bond = own_bond;
		*service = x->rsc;
	}
	free(m.member);
}

xmlNode *facts_service_of(const struct facts *f, xmlNode *agent, enum fact_bond *bond)
{
	struct fact_list list;
	xmlNode *found = NULL;
	xmlNode *top = facts_outermost(agent);

	*bond = FACT_BOND_FIRM;
	if (facts_is_named(top, "group") && facts_is_service(f, top))
		return top;
	*bond = FACT_BOND_NONE;
	list = facts_find(f, "/cib/configuration/constraints/rsc_colocation");
	for (size_t i = 0; i < list.count; i++)
		if (score_of(list.node[i]) > 0)
			bind_by(f, list.node[i], top, bond, &found);
	facts_list_free(&list);
	return found;
}

xmlNode *facts_workload_of(const struct facts *f, xmlNode *rsc)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");
	const xmlNode *top = facts_outermost(rsc);
	xmlNode *found = NULL;

	for (size_t i = 0; i < list.count && found == NULL; i++) {
		xmlNode *service;
		enum fact_bond bond;

		if (!facts_is_agent(f, list.node[i], "ocf", "qarb", "workload") ||
		    !facts_is_monitored(f, list.node[i]))
			continue;
		service = facts_service_of(f, list.node[i], &bond);
		if (bond == FACT_BOND_FIRM && facts_outermost(service) == top)
			found = list.node[i];
	}
	facts_list_free(&list);
	return found;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: attributes of resources and of the cluster as they take effect. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/util.h>

#include "crm-snippets/facts.h"

bool facts_is_named(const xmlNode *xml, const char *name)
{
	return xml != NULL && xml->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)xml->name, name) == 0;
}

static bool is_resource(const xmlNode *xml)
{
	return facts_is_named(xml, "primitive") || facts_is_named(xml, "group") ||
	       facts_is_named(xml, "clone") || facts_is_named(xml, "master") ||
	       facts_is_named(xml, "bundle");
}

static xmlNode *element_with_id(const struct facts *f, const char *xpath, const char *id)
{
	struct fact_list list = facts_find(f, xpath);
	xmlNode *found = NULL;

	for (size_t i = 0; i < list.count && found == NULL; i++) {
		const char *own = facts_xml_id(list.node[i]);

		if (own != NULL && strcmp(own, id) == 0)
			found = list.node[i];
	}
	facts_list_free(&list);
	return found;
}

xmlNode *facts_resource(const struct facts *f, const char *id)
{
	xmlNode *found = element_with_id(f, "/cib/configuration/resources//*", id);

	return is_resource(found) ? found : NULL;
}

void facts_list_add(struct fact_list *list, xmlNode *xml)
{
	list->node = facts_grow(list->node, list->count + 1, sizeof(xmlNode *));
	list->node[list->count++] = xml;
}

bool facts_list_has(const struct fact_list *list, const xmlNode *xml)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->node[i] == xml)
			return true;
	return false;
}

static void add_tagged(const struct facts *f, const char *id, struct fact_list *found)
{
	const xmlNode *tag = element_with_id(f, "/cib/configuration/tags/tag", id);
	const xmlNode *x = tag != NULL ? tag->children : NULL;

	for (; x != NULL; x = x->next) {
		const char *own = facts_is_named(x, "obj_ref") ? facts_xml_id(x) : NULL;
		xmlNode *rsc = own != NULL ? facts_resource(f, own) : NULL;

		if (rsc != NULL)
			facts_list_add(found, rsc);
	}
}

struct fact_list facts_named(const struct facts *f, const char *id)
{
	struct fact_list all, found = { NULL, 0 };
	xmlNode *rsc = facts_resource(f, id);

	if (rsc != NULL) {
		facts_list_add(&found, rsc);
		return found;
	}
	all = facts_find(f, "/cib/configuration/resources//primitive");
	for (size_t i = 0; i < all.count; i++) {
		const char *template = facts_attribute(all.node[i], "template");

		if (template != NULL && strcmp(template, id) == 0)
			facts_list_add(&found, all.node[i]);
	}
	facts_list_free(&all);
	if (found.count == 0)
		add_tagged(f, id, &found);
	return found;
}

static bool has_rule(const xmlNode *set)
{
	for (const xmlNode *x = set->children; x != NULL; x = x->next)
		if (facts_is_named(x, "rule"))
			return true;
	return false;
}

/* The value of one nvpair of a set, or NULL.  It may be written by reference to another's, under
 * its name or an own one. */
static const char *pair_in_set(const struct facts *f, const xmlNode *set, const char *name,
			       const char **xml_id)
{
	for (const xmlNode *x = set->children; x != NULL; x = x->next) {
		const char *reference = facts_is_named(x, "nvpair") ? facts_attribute(x, "id-ref")
								    : NULL;
		const xmlNode *pair = x;
		const char *own;

		if (!facts_is_named(x, "nvpair"))
			continue;
		if (reference != NULL)
			pair = element_with_id(f, "/cib//nvpair", reference);
		if (pair == NULL)
			continue;
		own = facts_attribute(x, "name");
		own = own != NULL ? own : facts_attribute(pair, "name");
		if (own == NULL || strcmp(own, name) != 0)
			continue;
		if (xml_id != NULL)
			*xml_id = facts_xml_id(pair);
		return facts_attribute(pair, "value");
	}
	return NULL;
}

/* Among the sets below an element the one with the highest score decides; one named
 * cib-bootstrap-options comes before all. */
static const char *pair_below(const struct facts *f, const xmlNode *parent, const char *set_name,
			      const char *name, const char **xml_id)
{
	const char *best = NULL;
	int best_score = 0;

	for (const xmlNode *x = parent->children; x != NULL; x = x->next) {
		const xmlNode *set = x;
		const char *reference = facts_attribute(x, "id-ref");
		const char *value;
		const char *value_id = NULL;
		const char *id;
		int score;

		if (!facts_is_named(x, set_name))
			continue;
		if (reference != NULL)
			set = element_with_id(f, "/cib/configuration//*", reference);
		if (set == NULL || has_rule(set))
			continue;
		id = facts_xml_id(set);
		score = char2score(facts_attribute(set, "score"));
		if (id != NULL && strcmp(id, "cib-bootstrap-options") == 0)
			score = SCORE_INFINITY + 1;
		value = pair_in_set(f, set, name, &value_id);
		if (value == NULL || (best != NULL && score <= best_score))
			continue;
		best = value;
		best_score = score;
		if (xml_id != NULL)
			*xml_id = value_id;
	}
	return best;
}

const char *facts_property(const struct facts *f, const char *name, const char **xml_id)
{
	struct fact_list list = facts_find(f, "/cib/configuration/crm_config");
	const char *value = NULL;

	if (xml_id != NULL)
		*xml_id = NULL;
	if (list.count != 0)
		value = pair_below(f, list.node[0], "cluster_property_set", name, xml_id);
	facts_list_free(&list);
	return value;
}

bool facts_property_true(const struct facts *f, const char *name, bool otherwise)
{
	const char *value = facts_property(f, name, NULL);
	int truth = 0;

	if (value == NULL || crm_str_to_boolean(value, &truth) < 0)
		return otherwise;
	return truth != 0;
}

static const xmlNode *template_of(const struct facts *f, const xmlNode *rsc)
{
	const char *name = facts_attribute(rsc, "template");

	return name ? element_with_id(f, "/cib/configuration/resources/template", name) : NULL;
}

const char *facts_nvpair(const struct facts *f, const xmlNode *rsc, const char *set,
			 const char *name, const char **xml_id)
{
	const char *value;
	const xmlNode *template;

	if (xml_id != NULL)
		*xml_id = NULL;
	value = pair_below(f, rsc, set, name, xml_id);
	template = template_of(f, rsc);
	if (value == NULL && template != NULL)
		value = pair_below(f, template, set, name, xml_id);
	return value;
}

const char *facts_meta(const struct facts *f, const xmlNode *rsc, const char *name,
		       const char **xml_id)
{
	struct fact_list list;
	const char *value = NULL;

	for (const xmlNode *x = rsc; is_resource(x) && value == NULL; x = x->parent)
		value = facts_nvpair(f, x, "meta_attributes", name, xml_id);
	if (value != NULL)
		return value;
	list = facts_find(f, "/cib/configuration/rsc_defaults");
	if (list.count != 0)
		value = pair_below(f, list.node[0], "meta_attributes", name, xml_id);
	facts_list_free(&list);
	return value;
}

bool facts_is_agent(const struct facts *f, const xmlNode *rsc, const char *class,
		    const char *provider, const char *type)
{
	const char *own;

	if (!facts_is_named(rsc, "primitive"))
		return false;
	if (facts_attribute(rsc, "type") == NULL)
		rsc = template_of(f, rsc);
	if (rsc == NULL)
		return false;
	own = facts_attribute(rsc, "class");
	if (own == NULL || strcmp(own, class) != 0)
		return false;
	own = facts_attribute(rsc, "provider");
	if (provider != NULL && (own == NULL || strcmp(own, provider) != 0))
		return false;
	own = facts_attribute(rsc, "type");
	return type == NULL || (own != NULL && strcmp(own, type) == 0);
}

/* Where a resource runs, a monitor for the role Stopped does not watch it. */
static bool is_recurring_monitor(const xmlNode *op)
{
	const char *name = facts_attribute(op, "name");
	const char *interval = facts_attribute(op, "interval");
	const char *enabled = facts_attribute(op, "enabled");
	const char *role = facts_attribute(op, "role");
	int truth = 1;

	if (enabled != NULL)
		(void)crm_str_to_boolean(enabled, &truth);
	return name != NULL && strcmp(name, "monitor") == 0 && interval != NULL &&
	       crm_parse_interval_spec(interval) > 0 && truth != 0 &&
	       (role == NULL || strcasecmp(role, "Stopped") != 0);
}

static bool has_monitor(const struct facts *f, const xmlNode *rsc)
{
	for (const xmlNode *x = rsc->children; x != NULL; x = x->next) {
		const char *reference = facts_attribute(x, "id-ref");
		const xmlNode *operations = x;

		if (!facts_is_named(x, "operations"))
			continue;
		if (reference != NULL)
			operations = element_with_id(f, "/cib//operations", reference);
		if (operations == NULL)
			continue;
		for (const xmlNode *op = operations->children; op != NULL; op = op->next)
			if (facts_is_named(op, "op") && is_recurring_monitor(op))
				return true;
	}
	return false;
}

bool facts_is_monitored(const struct facts *f, const xmlNode *rsc)
{
	const xmlNode *template = template_of(f, rsc);

	return has_monitor(f, rsc) || (template != NULL && has_monitor(f, template));
}

static bool is_within(const xmlNode *xml, const xmlNode *around)
{
	while (xml != NULL && xml != around)
		xml = xml->parent;
	return xml != NULL;
}

bool facts_is_fencing(const struct facts *f, const xmlNode *rsc)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");
	bool found = false;

	for (size_t i = 0; i < list.count && !found; i++)
		found = is_within(list.node[i], rsc) &&
			facts_is_agent(f, list.node[i], "stonith", NULL, NULL);
	facts_list_free(&list);
	return found;
}

/* A meta attribute of its own that is there and true. */
static bool meta_is_true(const struct facts *f, const xmlNode *rsc, const char *name)
{
	const char *text = facts_nvpair(f, rsc, "meta_attributes", name, NULL);
	int truth = 0;

	return text != NULL && crm_str_to_boolean(text, &truth) > 0 && truth != 0;
}

bool facts_is_promotable(const struct facts *f, const xmlNode *rsc)
{
	while (is_resource(rsc) && !facts_is_named(rsc, "clone") && !facts_is_named(rsc, "master"))
		rsc = rsc->parent;
	return is_resource(rsc) &&
	       (facts_is_named(rsc, "master") || meta_is_true(f, rsc, "promotable"));
}

bool facts_is_everywhere(const struct facts *f, const xmlNode *rsc)
{
	const char *most = facts_nvpair(f, rsc, "meta_attributes", "clone-max", NULL);

	return (facts_is_named(rsc, "clone") || facts_is_named(rsc, "master")) &&
	       !facts_is_promotable(f, rsc) && !meta_is_true(f, rsc, "globally-unique") &&
	       (most == NULL || strtoul(most, NULL, 10) >= f->node_count);
}

bool facts_is_connection(const struct facts *f, const xmlNode *rsc)
{
	for (size_t i = 0; i < f->remote_count; i++)
		if (is_within(f->remote[i].connection, rsc))
			return true;
	return false;
}

static int own_stickiness(const struct facts *f, const xmlNode *rsc, int otherwise,
			  const char **xml_id)
{
	const char *value = facts_meta(f, rsc, "resource-stickiness", xml_id);

	return value ? char2score(value) : otherwise;
}

/* Members each add theirs; instances of a clone stay where they are by a default of 1. */
static int sum_stickiness(const struct facts *f, const xmlNode *group, int otherwise,
			  const char **xml_id)
{
	int sum = 0;

	for (const xmlNode *x = group->children; x != NULL; x = x->next)
		if (facts_is_named(x, "primitive"))
			sum = facts_score_add(sum, own_stickiness(f, x, otherwise, xml_id));
	return sum;
}

int facts_stickiness(const struct facts *f, const xmlNode *rsc, const char **xml_id)
{
	*xml_id = NULL;
	if (facts_is_named(rsc, "group"))
		return sum_stickiness(f, rsc, 0, xml_id);
	if (!facts_is_named(rsc, "clone") && !facts_is_named(rsc, "master"))
		return own_stickiness(f, rsc, 0, xml_id);
	for (const xmlNode *x = rsc->children; x != NULL; x = x->next) {
		if (facts_is_named(x, "group"))
			return sum_stickiness(f, x, 1, xml_id);
		if (facts_is_named(x, "primitive"))
			return own_stickiness(f, x, 1, xml_id);
	}
	return 0;
}

xmlNode *facts_outermost(xmlNode *rsc)
{
	while (rsc != NULL && is_resource(rsc->parent))
		rsc = rsc->parent;
	return rsc;
}

bool facts_is_service(const struct facts *f, const xmlNode *rsc)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");
	bool found = facts_is_named(rsc, "bundle");

	for (size_t i = 0; i < list.count && !found; i++)
		found = is_within(list.node[i], rsc) &&
			!facts_is_agent(f, list.node[i], "ocf", "qarb", "workload") &&
			!facts_is_agent(f, list.node[i], "stonith", NULL, NULL);
	facts_list_free(&list);
	return found;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: rules of location constraints, as far as they say the same at all times. */
#include <string.h>
#include <strings.h>

#include "crm-snippets/facts.h"

/* One comparison of a node's name or kind, the attributes that never change. */
static bool names_nodes(const xmlNode *expression)
{
	const char *what = facts_attribute(expression, "attribute");
	const char *how = facts_attribute(expression, "operation");
	const char *source = facts_attribute(expression, "value-source");

	return strcmp((const char *)expression->name, "expression") == 0 && what != NULL &&
	       how != NULL && (strcmp(what, "#uname") == 0 || strcmp(what, "#kind") == 0) &&
	       (strcmp(how, "eq") == 0 || strcmp(how, "ne") == 0) &&
	       (source == NULL || strcmp(source, "literal") == 0) &&
	       facts_attribute(expression, "value") != NULL;
}

bool facts_rule_is_fixed(const xmlNode *rule)
{
	bool some = false;

	if (rule->type != XML_ELEMENT_NODE || strcmp((const char *)rule->name, "rule") != 0 ||
	    facts_attribute(rule, "score") == NULL)
		return false;
	for (const xmlNode *x = rule->children; x != NULL; x = x->next) {
		if (x->type != XML_ELEMENT_NODE)
			continue;
		if (!names_nodes(x))
			return false;
		some = true;
	}
	return some;
}

bool facts_rule_holds(const xmlNode *rule, const char *node, const char *kind)
{
	const char *op = facts_attribute(rule, "boolean-op");
	bool any = op != NULL && strcasecmp(op, "or") == 0; /* else all must hold */

	for (const xmlNode *x = rule->children; x != NULL; x = x->next) {
		bool by_kind, equal, holds;

		if (x->type != XML_ELEMENT_NODE)
			continue;
		by_kind = strcmp(facts_attribute(x, "attribute"), "#kind") == 0;
		equal = strcasecmp(facts_attribute(x, "value"), by_kind ? kind : node) == 0;
		holds = equal == (strcmp(facts_attribute(x, "operation"), "eq") == 0);
		if (holds == any)
			return any;
	}
	return !any;
}

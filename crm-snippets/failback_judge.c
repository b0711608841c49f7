/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/util.h>
#include <crm/common/xml.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "crm-snippets/failback.h"
#include "crm-snippets/rules/rules.h"
#include "crm-snippets/runner.h"

static const char judge_id[] = "failback";

static bool is_true(const xmlNode *x, const char *name)
{
	const char *value = x != NULL ? facts_attribute(x, name) : NULL;

	return value != NULL && strcmp(value, "true") == 0;
}

static struct finding *object(struct findings *all, enum severity severity)
{
	return finding_new(all, judge_id, severity);
}

static void judge_node(const struct failback *b, xmlNode *shown, struct findings *all)
{
	const xmlNode *dc = failback_child(shown, "current_dc");
	const xmlNode *node = failback_node(shown, b->to);

	if (dc == NULL || !is_true(dc, "with_quorum"))
		finding_set_reason(object(all, SEVERITY_ERROR), "the cluster has no quorum here");
	if (!is_true(node, "online") || is_true(node, "unclean") || is_true(node, "pending"))
		finding_set_reason(object(all, SEVERITY_ERROR), "%s is not online", b->to);
	else if (is_true(node, "shutdown"))
		finding_set_reason(object(all, SEVERITY_ERROR), "%s is being shut down", b->to);
	if (is_true(node, "standby") || is_true(node, "standby_onfail"))
		finding_set_reason(object(all, SEVERITY_ERROR), "%s is in standby", b->to);
	if (is_true(node, "maintenance"))
		finding_set_reason(object(all, SEVERITY_ERROR), "%s is in maintenance", b->to);
}

/* in: pair, of a node's attributes.  out: transient, it lives until the node leaves. */
static const char *attribute_node(const xmlNode *pair, bool *transient)
{
	const xmlNode *owner = pair->parent->parent;

	*transient = strcmp((const char *)owner->name, "transient_attributes") == 0;
	return facts_attribute(*transient ? owner->parent : owner, "uname");
}

/* Is this permanent attribute of the target outweighed by a transient one? */
static bool is_hidden(const struct failback *b, const struct fact_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *other = facts_attribute(list->node[i], "name");
		bool transient;
		const char *node = attribute_node(list->node[i], &transient);

		if (transient && node != NULL && other != NULL && facts_name_is(node, b->to) &&
		    strcmp(other, name) == 0)
			return true;
	}
	return false;
}

/* Value of an attribute of the target; in: prefix, its name begins so; skip, so many others.
 * out: rest, of the name (may be NULL). */
static const char *attribute_of(const struct failback *b, const char *prefix, size_t skip,
				const char **rest)
{
	struct fact_list list = facts_find(
		b->f, "/cib/status/node_state/transient_attributes/instance_attributes"
		      "/nvpair | /cib/configuration/nodes/node"
		      "/instance_attributes[not(rule)]/nvpair");
	const char *value = NULL;
	size_t n = strlen(prefix);

	for (size_t i = 0; i < list.count && value == NULL; i++) {
		const char *name = facts_attribute(list.node[i], "name");
		bool transient;
		const char *node = attribute_node(list.node[i], &transient);

		if (node == NULL || name == NULL || !facts_name_is(node, b->to) ||
		    strncmp(name, prefix, n) != 0 || (!transient && is_hidden(b, &list, name)))
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		value = facts_attribute(list.node[i], "value");
		if (rest != NULL)
			*rest = name + n;
	}
	facts_list_free(&list);
	return value;
}

/* What health agents have written, whether a strategy of the cluster looks at it or not. */
static void judge_health(const struct failback *b, struct findings *all)
{
	const char *value, *rest = NULL;

	for (size_t i = 0; (value = attribute_of(b, "#health", i, &rest)) != NULL; i++) {
		bool red = strcasecmp(value, "red") == 0 || char2score(value) < 0;

		if (red || strcasecmp(value, "yellow") == 0)
			finding_set_reason(object(all, red ? SEVERITY_ERROR : SEVERITY_WARNING),
					   "the health of %s is %s (#health%s)", b->to, value,
					   rest);
	}
}

static bool is_member(const struct failback *b, const char *id, size_t length)
{
	for (xmlNode *x = failback_child(b->xml, "primitive"); x != NULL; x = x->next) {
		const char *own = x->type == XML_ELEMENT_NODE ? facts_xml_id(x) : NULL;

		if (own != NULL && strlen(own) == length && strncmp(own, id, length) == 0)
			return true;
		if (x == b->xml)
			break;
	}
	return false;
}

/* fail-count-RESOURCE[:INSTANCE][#OPERATION_INTERVAL] */
static void judge_failures(const struct failback *b, struct findings *all)
{
	const char *value, *rest = NULL;

	for (size_t i = 0; (value = attribute_of(b, "fail-count-", i, &rest)) != NULL; i++) {
		size_t length = strcspn(rest, ":#");

		if (!is_member(b, rest, length) || char2score(value) == 0)
			continue;
		finding_set_reason(object(all, SEVERITY_WARNING),
				   "%.*s has failed on %s before (fail count %s); crm_resource "
				   "--cleanup forgets it",
				   (int)length, rest, b->to, value);
	}
}

static void judge_promotion(const struct failback *b, struct findings *all)
{
	const char *value, *rest = NULL;
	bool found = false;

	if (!b->promotable)
		return;
	for (size_t i = 0; (value = attribute_of(b, "master-", i, &rest)) != NULL; i++) {
		if (!is_member(b, rest, strcspn(rest, ":")))
			continue;
		found = true;
		if (char2score(value) < 0)
			finding_set_reason(object(all, SEVERITY_ERROR),
					   "the promotion score of %s on %s is %s", b->rsc, b->to,
					   value);
	}
	if (!found)
		finding_set_reason(object(all, SEVERITY_ERROR), "%s has no promotion score on %s",
				   b->rsc, b->to);
}

/* The arbiter knows nodes by corosync's names. */
static bool is_target(const struct failback *b, const char *name)
{
	const struct fact_node *n = facts_node(b->f, b->to);

	return facts_name_is(name, b->to) ||
	       (n != NULL && n->corosync_name != NULL && facts_name_is(name, n->corosync_name));
}

/* Does qarbd here see the target live and able to vote on its arbiters?
 * returns: 1 yes, 0 no, -1: qarbd does not tell. */
static int ask_qarbd(const struct failback *b)
{
	static const char *const command[] = { "qarbctl", "status", "--output-as=xml", NULL };
	char *text = NULL;
	int rc = runner_run(command, NULL, RUNNER_LOOKS, &text);
	xmlDoc *doc = text == NULL ? NULL
				   : xmlReadMemory(text, (int)strlen(text), "qarbctl.xml", NULL,
						   XML_PARSE_NONET | XML_PARSE_NOERROR |
							   XML_PARSE_NOWARNING);
	xmlXPathContext *context = doc == NULL ? NULL : xmlXPathNewContext(doc);
	xmlXPathObject *found = NULL;
	int answer = -1;

	if (rc == 0 && context != NULL)
		found = xmlXPathEvalExpression((const xmlChar *)"//arbiter/nodes/node", context);
	if (found != NULL) {
		int count = found->nodesetval == NULL ? 0 : found->nodesetval->nodeNr;
		int shown = 0, available = 0;

		for (int i = 0; i < count; i++) {
			const xmlNode *n = found->nodesetval->nodeTab[i];
			const char *name = crm_element_value(n, "name");

			if (name == NULL || !is_target(b, name))
				continue;
			shown++;
			available += crm_is_true(crm_element_value(n, "available")) ? 1 : 0;
		}
		answer = shown != 0 && shown == available;
	}
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	xmlFreeDoc(doc);
	free(text);
	return answer;
}

static void judge_arbiters(const struct failback *b, struct findings *all)
{
	const char *vote = attribute_of(b, "qarb-vote", 0, NULL);
	int available;

	if (vote != NULL && strcmp(vote, "0") == 0)
		finding_set_reason(object(all, SEVERITY_ERROR),
				   "%s does not have the arbiters' vote", b->to);
	if (vote != NULL || b->cib != NULL || b->f->model == NULL ||
	    strcmp(b->f->model, "qarb") != 0)
		return;
	available = ask_qarbd(b);
	if (available == 0)
		finding_set_reason(object(all, SEVERITY_ERROR),
				   "%s is not available on the arbiters, see qarbctl status",
				   b->to);
	else if (available < 0)
		finding_set_reason(object(all, SEVERITY_WARNING),
				   "qarbd here does not tell whether %s reaches the arbiters",
				   b->to);
}

/* The node that a constraint of crm_resource is about: it has two ways to write one. */
static const char *leftover_node(xmlNode *constraint)
{
	const xmlNode *uname = failback_child(constraint, "expression");

	return facts_attribute(uname != NULL ? uname : constraint,
			       uname != NULL ? "value" : "node");
}

/* Our move takes away an earlier one, and a ban from the target: not behind anybody's back. */
static void judge_timed(const struct failback *b, xmlNode *constraint, const char *end,
			struct findings *all)
{
	const char *id = facts_xml_id(constraint);
	const char *node = leftover_node(constraint);
	bool target = node != NULL && facts_name_is(node, b->to);

	if (strncmp(id, "cli-ban-", 8) == 0 && target)
		finding_set_reason(object(all, SEVERITY_ERROR),
				   "%s is banned from %s by %s until %s; crm_resource --clear "
				   "--resource %s --node %s removes it",
				   b->rsc, b->to, id, end, b->rsc, b->to);
	else if (strncmp(id, "cli-prefer-", 11) == 0 && node != NULL && !target)
		finding_set_reason(object(all, SEVERITY_WARNING),
				   "an earlier move keeps %s on %s until %s, which this one ends",
				   b->rsc, node, end);
}

/* What an earlier move or ban has left: without an end it would fight with ours. */
static void judge_leftovers(const struct failback *b, struct findings *all)
{
	struct fact_list list = facts_find(b->f, "/cib/configuration/constraints/rsc_location");

	for (size_t i = 0; i < list.count; i++) {
		const char *id = facts_xml_id(list.node[i]);
		const char *rsc = facts_attribute(list.node[i], "rsc");
		const char *end = move_leftover_end(list.node[i]);

		if (id == NULL || strncmp(id, "cli-", 4) != 0 || rsc == NULL ||
		    strcmp(rsc, b->rsc) != 0)
			continue;
		if (end == NULL)
			finding_set_reason(object(all, SEVERITY_ERROR),
					   "an earlier move or ban has left %s; crm_resource "
					   "--clear --resource %s removes it",
					   id, rsc);
		else if (!move_leftover_is_over(end))
			judge_timed(b, list.node[i], end, all);
	}
	facts_list_free(&list);
}

static void judge_managed(const struct failback *b, xmlNode *shown, struct findings *all)
{
	const char *managed = facts_meta(b->f, b->xml, "is-managed", NULL);
	const char *maintenance = facts_meta(b->f, b->xml, "maintenance", NULL);
	const xmlNode *options = failback_child(shown, "cluster_options");
	const xmlNode *first = failback_child(b->xml, "primitive");
	int truth = 0;

	if (first != NULL && failback_is_off(b, first))
		finding_set_reason(object(all, SEVERITY_ERROR),
				   "%s is switched off (target-role is %s)", b->rsc,
				   facts_meta(b->f, first, "target-role", NULL));

	if (is_true(options, "maintenance-mode"))
		finding_set_reason(object(all, SEVERITY_ERROR), "the cluster is in maintenance");
	else if ((managed != NULL && crm_str_to_boolean(managed, &truth) > 0 && truth == 0) ||
		 (maintenance != NULL && crm_str_to_boolean(maintenance, &truth) > 0 && truth != 0))
		finding_set_reason(object(all, SEVERITY_ERROR), "%s is not managed", b->rsc);
}

void failback_judge(const struct failback *b, xmlNode *shown, struct findings *all)
{
	judge_node(b, shown, all);
	judge_managed(b, shown, all);
	judge_leftovers(b, all);
	judge_health(b, all);
	judge_arbiters(b, all);
	judge_failures(b, all);
	judge_promotion(b, all);
}

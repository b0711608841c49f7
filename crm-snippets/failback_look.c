/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/results.h>
#include <libxml/parser.h>

#include "crm-snippets/failback.h"
#include "crm-snippets/runner.h"

/* The next element in document order, at or below root. */
static xmlNode *next_element(xmlNode *root, xmlNode *x)
{
	if (x->children != NULL)
		return x->children;
	while (x != root && x->next == NULL)
		x = x->parent;
	return x == root ? NULL : x->next;
}

xmlNode *failback_child(xmlNode *root, const char *name)
{
	for (xmlNode *x = root; x != NULL; x = next_element(root, x))
		if (facts_is_named(x, name))
			return x;
	return NULL;
}

xmlNode *failback_node(xmlNode *root, const char *name)
{
	xmlNode *nodes = failback_child(root, "nodes");

	if (nodes == NULL)
		return NULL;
	for (xmlNode *x = nodes->children; x != NULL; x = x->next) {
		const char *own = facts_is_named(x, "node") ? facts_attribute(x, "name") : NULL;

		if (own != NULL && facts_name_is(own, name))
			return x;
	}
	return NULL;
}

int failback_look(const char *cib, xmlDoc **doc)
{
	static const char *const command[] = { "crm_mon", "-1", "--output-as=xml", NULL };
	char environment[FAILBACK_NAME_SIZE + 16];
	char *text = NULL;
	int rc;

	(void)snprintf(environment, sizeof(environment), "CIB_file=%s", cib != NULL ? cib : "");
	rc = runner_run(command, cib != NULL ? environment : NULL, RUNNER_LOOKS, &text);
	*doc = text == NULL ? NULL
			    : xmlReadMemory(text, (int)strlen(text), "crm_mon.xml", NULL,
					    XML_PARSE_NOBLANKS | XML_PARSE_NONET |
						    XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	free(text);
	if (rc == 0 && *doc != NULL && xmlDocGetRootElement(*doc) != NULL)
		return CRM_DONE;
	if (*doc != NULL)
		xmlFreeDoc(*doc);
	*doc = NULL;
	if (rc == CRM_EX_INSUFFICIENT_PRIV)
		return CRM_NOT_PERMITTED;
	return rc == CRM_EX_DISCONNECT || rc == CRM_EX_UNAVAILABLE ? CRM_NOT_RUNNING : CRM_FAILED;
}

/* Is it the primitive, or an instance of it? */
static bool is_instance(const char *shown, const char *id)
{
	size_t n = strlen(id);

	return strncmp(shown, id, n) == 0 && (shown[n] == 0 || shown[n] == ':');
}

static void add_text(struct failback_place *p, const char *id, const char *what, const char *node)
{
	size_t used = strlen(p->text);

	(void)snprintf(p->text + used, sizeof(p->text) - used, "%s%s %s%s%s", used != 0 ? ", " : "",
		       id, what, node != NULL ? " on " : "", node != NULL ? node : "");
}

/* One <resource> as the tools show it: where it is, if that counts. */
static const char *place_of_one(const struct failback *b, const xmlNode *shown, const char *id,
				struct failback_place *p)
{
	const char *role = facts_attribute(shown, "role");
	const char *active = facts_attribute(shown, "active");
	const char *pending = facts_attribute(shown, "pending");
	const char *node = NULL;

	for (const xmlNode *x = shown->children; x != NULL; x = x->next)
		if (facts_is_named(x, "node"))
			node = facts_attribute(x, "name");
	if (pending != NULL) {
		p->settled = false;
		add_text(p, id, pending, node);
	}
	if (role == NULL || active == NULL || strcmp(active, "true") != 0 || node == NULL)
		return NULL;
	if (b->promotable && strcmp(role, "Promoted") != 0 && strcmp(role, "Master") != 0)
		return NULL;
	if (pending == NULL)
		add_text(p, id, b->promotable ? "promoted" : "started", node);
	return node;
}

/* in: id, of a primitive of the resource.  Of several active instances none counts. */
static void place_of_primitive(const struct failback *b, xmlNode *root, const char *id,
			       struct failback_place *p, bool first)
{
	const char *found = NULL;
	size_t count = 0;

	for (xmlNode *x = root; x != NULL; x = next_element(root, x)) {
		const char *shown = facts_is_named(x, "resource") ? facts_attribute(x, "id") : NULL;
		const char *node;

		if (shown == NULL || !is_instance(shown, id))
			continue;
		node = place_of_one(b, x, id, p);
		if (node != NULL) {
			found = node;
			count++;
		}
	}
	if (count == 0 && p->settled)
		add_text(p, id, b->promotable ? "not promoted" : "stopped", NULL);
	if (count != 1 || (!first && strcmp(p->node, found) != 0))
		p->node[0] = 0;
	else if (first)
		(void)snprintf(p->node, sizeof(p->node), "%s", found);
}

bool failback_is_off(const struct failback *b, const xmlNode *primitive)
{
	const char *role = facts_meta(b->f, primitive, "target-role", NULL);

	return role != NULL && (strcasecmp(role, "Stopped") == 0 ||
				(b->promotable && (strcasecmp(role, "Unpromoted") == 0 ||
						   strcasecmp(role, "Slave") == 0)));
}

void failback_place(const struct failback *b, xmlNode *root, struct failback_place *p)
{
	xmlNode *resources = failback_child(root, "resources");
	bool first = true, off = false;

	memset(p, 0, sizeof(*p));
	p->settled = true;
	for (xmlNode *x = b->xml; x != NULL && resources != NULL; x = next_element(b->xml, x)) {
		if (!facts_is_named(x, "primitive"))
			continue;
		/* Members of a group run only after all that are before them. */
		off = off || failback_is_off(b, x);
		if (off && !first)
			continue;
		place_of_primitive(b, resources, facts_xml_id(x), p, first);
		first = false;
	}
}

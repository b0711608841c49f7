/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/cibfacts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/crm.h>
#include <crm/common/xml.h>
#include <libxml/tree.h>

enum { CIBFACTS_STONITH_TIMEOUT_MS = 60000 }; /* Pacemaker's default */

static bool cibfacts_is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

static xmlNode *cibfacts_child(const xmlNode *parent, const char *name)
{
	if (parent == NULL)
		return NULL;
	for (xmlNode *n = parent->children; n != NULL; n = n->next)
		if (cibfacts_is(n, name))
			return n;
	return NULL;
}

/* The value of a name in one set of nvpairs, or NULL. */
static const char *cibfacts_value(const xmlNode *set, const char *name)
{
	if (set == NULL)
		return NULL;
	for (xmlNode *n = set->children; n != NULL; n = n->next) {
		const char *key = cibfacts_is(n, "nvpair") ? crm_element_value(n, "name") : NULL;

		if (key != NULL && strcmp(key, name) == 0)
			return crm_element_value(n, "value");
	}
	return NULL;
}

/* Of several sets Pacemaker takes its own bootstrap set first, then those of higher score. */
static const char *cibfacts_property(const xmlNode *sets, const char *kind, const char *name)
{
	const char *best = NULL;
	long best_score = 0;

	if (sets == NULL)
		return NULL;
	for (xmlNode *s = sets->children; s != NULL; s = s->next) {
		const char *value = cibfacts_is(s, kind) ? cibfacts_value(s, name) : NULL;
		const char *score = value == NULL ? NULL : crm_element_value(s, "score");
		const char *id = value == NULL ? NULL : crm_element_value(s, "id");
		long points = score == NULL ? 0 : (long)char2score(score);

		if (value == NULL)
			continue;
		if (id != NULL && strcmp(id, "cib-bootstrap-options") == 0)
			return value;
		if (best == NULL || points > best_score) {
			best = value;
			best_score = points;
		}
	}
	return best;
}

static struct facts_node *cibfacts_node(struct facts *f, const char *uname)
{
	for (uint32_t i = 0; i < f->node_count; i++)
		if (strcmp(f->node[i].name, uname) == 0)
			return &f->node[i];
	return NULL;
}

static void cibfacts_read_nodes(const xmlNode *nodes, struct facts *f)
{
	if (nodes == NULL)
		return;
	for (xmlNode *n = nodes->children; n != NULL; n = n->next) {
		const char *uname = cibfacts_is(n, "node") ? crm_element_value(n, "uname") : NULL;
		const char *id = uname == NULL ? NULL : crm_element_value(n, "id");
		const char *type = uname == NULL ? NULL : crm_element_value(n, "type");
		struct facts_node *fact;

		if (uname == NULL || strlen(uname) >= NAME_SIZE || f->node_count == NODES_MAX)
			continue;
		/* Remote and guest nodes are no members of corosync. */
		if (type != NULL && strcmp(type, "member") != 0 && strcmp(type, "normal") != 0)
			continue;
		fact = &f->node[f->node_count++];
		(void)snprintf(fact->name, sizeof(fact->name), "%s", uname);
		fact->node_id = id == NULL ? 0 : (uint32_t)strtoul(id, NULL, 10);
		fact->maintenance = f->maintenance ||
				    crm_is_true(cibfacts_property(n, "instance_attributes",
								  "maintenance"));
	}
}

/* Before Pacemaker 2.1.7 a word, since then the time of joining, 0 for not there. */
static bool cibfacts_there(const char *value)
{
	return value != NULL && (strcmp(value, "online") == 0 || strtoll(value, NULL, 10) > 0);
}

static void cibfacts_read_state(const xmlNode *state, bool all_maintained, struct facts_node *fact)
{
	const xmlNode *transient = cibfacts_child(state, "transient_attributes");
	const char *expected = crm_element_value(state, "expected");
	const char *shutdown = cibfacts_property(transient, "instance_attributes", "shutdown");
	const char *maintenance = cibfacts_property(transient, "instance_attributes",
						    "maintenance");

	/* To Pacemaker what lasts until the node is booted comes first, whatever it says. */
	if (maintenance != NULL)
		fact->maintenance = all_maintained || crm_is_true(maintenance);
	fact->shutting_down = shutdown != NULL && strtoll(shutdown, NULL, 10) > 0;
	/* A controller that crashed is still expected: Pacemaker fences that node by itself. */
	fact->controller_left = !cibfacts_there(crm_element_value(state, "crmd")) &&
				(expected == NULL || strcmp(expected, "member") != 0);
}

void cibfacts_read(struct _xmlNode *cib, struct facts *f)
{
	const xmlNode *configuration;
	const xmlNode *status;
	const xmlNode *properties;
	const char *value;
	long long timeout_ms = -1;

	memset(f, 0, sizeof(*f));
	if (cib == NULL || !cibfacts_is(cib, "cib"))
		return;
	configuration = cibfacts_child(cib, "configuration");
	if (configuration == NULL)
		return;
	properties = cibfacts_child(configuration, "crm_config");
	value = cibfacts_property(properties, "cluster_property_set", "stonith-enabled");
	f->stonith_enabled = value == NULL || crm_is_true(value);
	f->maintenance = crm_is_true(
		cibfacts_property(properties, "cluster_property_set", "maintenance-mode"));
	value = cibfacts_property(properties, "cluster_property_set", "stonith-timeout");
	if (value != NULL)
		timeout_ms = crm_get_msec(value);
	f->stonith_timeout_ms = timeout_ms > 0 && timeout_ms < 86400000
					? (uint32_t)timeout_ms
					: CIBFACTS_STONITH_TIMEOUT_MS;
	cibfacts_read_nodes(cibfacts_child(configuration, "nodes"), f);
	status = cibfacts_child(cib, "status");
	for (uint32_t i = 0; i < f->node_count; i++)
		f->node[i].controller_left = true; /* until its state says otherwise */
	for (xmlNode *n = status == NULL ? NULL : status->children; n != NULL; n = n->next) {
		const char *uname = cibfacts_is(n, "node_state") ? crm_element_value(n, "uname")
								 : NULL;
		struct facts_node *fact = uname == NULL ? NULL : cibfacts_node(f, uname);

		if (fact != NULL)
			cibfacts_read_state(n, f->maintenance, fact);
	}
	f->known = true;
}

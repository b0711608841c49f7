/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/facts.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/util.h>
#include <libxml/xpath.h>

enum {
	FACTS_SYNC_TIMEOUT_MS = 30000, /* votequorum's own default */
	FACTS_KEY_SIZE = 64,
};

void *facts_grow(void *array, size_t count, size_t size)
{
	void *grown = reallocarray(array, count, size);

	if (grown == NULL)
		abort();
	return grown;
}

struct fact_list facts_find(const struct facts *f, const char *xpath)
{
	struct fact_list list = { NULL, 0 };
	xmlXPathContext *context = xmlXPathNewContext(f->cib->doc);
	xmlXPathObject *found;

	if (context == NULL)
		abort();
	found = xmlXPathEvalExpression(facts_xml(xpath), context);
	if (found == NULL)
		abort(); /* the expressions are our own */
	if (found->nodesetval != NULL && found->nodesetval->nodeNr > 0) {
		list.count = (size_t)found->nodesetval->nodeNr;
		list.node = facts_grow(NULL, list.count, sizeof(xmlNode *));
		for (size_t i = 0; i < list.count; i++)
			list.node[i] = found->nodesetval->nodeTab[i];
	}
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	return list;
}

void facts_list_free(struct fact_list *list)
{
	free(list->node);
	list->node = NULL;
	list->count = 0;
}

const char *facts_attribute(const xmlNode *xml, const char *name)
{
	for (const xmlAttr *a = xml->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return a->children ? (const char *)a->children->content : "";
	return NULL;
}

const char *facts_xml_id(const xmlNode *xml)
{
	return facts_attribute(xml, "id");
}

bool facts_name_is(const char *a, const char *b)
{
	/* Pacemaker compares node names without regard to case. */
	return strcasecmp(a, b) == 0;
}

struct fact_node *facts_node(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->node_count; i++)
		if (facts_name_is(f->node[i].name, name))
			return &f->node[i];
	return NULL;
}

int facts_score_add(int a, int b)
{
	if (a <= -SCORE_INFINITY || b <= -SCORE_INFINITY)
		return -SCORE_INFINITY;
	if (a >= SCORE_INFINITY || b >= SCORE_INFINITY || a + b >= SCORE_INFINITY)
		return SCORE_INFINITY;
	return a + b <= -SCORE_INFINITY ? -SCORE_INFINITY : a + b;
}

const char *facts_score_text(int score, char *text, size_t size)
{
	if (score >= SCORE_INFINITY)
		return "INFINITY";
	if (score <= -SCORE_INFINITY)
		return "-INFINITY";
	(void)snprintf(text, size, "%d", score);
	return text;
}

static struct fact_node *add_node(struct facts *f)
{
	struct fact_node *n;

	f->node = facts_grow(f->node, f->node_count + 1, sizeof(*f->node));
	n = &f->node[f->node_count++];
	memset(n, 0, sizeof(*n));
	return n;
}

static uint32_t number_of(const char *text)
{
	char *end;
	unsigned long value;

	if (text == NULL || !isdigit((unsigned char)text[0]))
		return 0;
	errno = 0;
	value = strtoul(text, &end, 10);
	return errno != 0 || *end != 0 || value > UINT32_MAX ? 0 : (uint32_t)value;
}

static void take_cib_nodes(struct facts *f)
{
	struct fact_list list = facts_find(f, "/cib/configuration/nodes/node");

	for (size_t i = 0; i < list.count; i++) {
		const char *type = facts_attribute(list.node[i], "type");
		const char *name = facts_attribute(list.node[i], "uname");
		struct fact_node *n;

		if (name == NULL || (type != NULL && strcmp(type, "remote") == 0))
			continue;
		n = add_node(f);
		n->name = name;
		n->xml_id = facts_xml_id(list.node[i]);
		n->id = number_of(n->xml_id);
		n->in_cib = true;
	}
	facts_list_free(&list);
}

static const char *corosync_key(const struct facts *f, unsigned number, const char *key)
{
	char text[FACTS_KEY_SIZE];

	(void)snprintf(text, sizeof(text), "nodelist.node.%u.%s", number, key);
	return config_find(f->corosync, text);
}

/* Not by their elements among the nodes: bundles have such too, and nothing else runs there. */
static void take_remotes(struct facts *f)
{
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");

	for (size_t i = 0; i < list.count; i++) {
		bool remote = facts_is_agent(f, list.node[i], "ocf", "pacemaker", "remote");
		const char *name = remote ? facts_xml_id(list.node[i])
					  : facts_nvpair(f, list.node[i], "meta_attributes",
							 "remote-node", NULL);
		struct fact_remote *r;

		if (name == NULL)
			continue;
		f->remote = facts_grow(f->remote, f->remote_count + 1, sizeof(*f->remote));
		r = &f->remote[f->remote_count++];
		r->name = name;
		r->kind = remote ? "remote" : "container";
		r->connection = list.node[i];
	}
	facts_list_free(&list);
}

/* Nodes are matched by id, which cannot be written in two ways, else by name. */
static void take_corosync_nodes(struct facts *f)
{
	for (unsigned i = 0;; i++) {
		const char *name = corosync_key(f, i, "name");
		const char *votes = corosync_key(f, i, "quorum_votes");
		uint32_t id = number_of(corosync_key(f, i, "nodeid"));
		struct fact_node *n = NULL;

		if (name == NULL && id == 0 && corosync_key(f, i, "ring0_addr") == NULL)
			return;
		if (name == NULL)
			f->nameless_count++;
		for (size_t k = 0; k < f->node_count && id != 0 && n == NULL; k++)
			if (f->node[k].id == id)
				n = &f->node[k];
		if (n == NULL && name != NULL)
			n = facts_node(f, name);
		if (n == NULL && name == NULL)
			continue;
		if (n == NULL) {
			n = add_node(f);
			n->name = name;
			n->id = id;
		}
		if (n->id == 0)
			n->id = id;
		n->corosync_name = name;
		n->corosync_id = id;
		n->votes = votes != NULL ? number_of(votes) : 1;
		n->in_corosync = true;
	}
}

static void take_device(struct facts *f)
{
	char key[FACTS_KEY_SIZE + CONFIG_VALUE_SIZE];
	const char *text;
	bool known = false;

	f->sync_timeout_ms = FACTS_SYNC_TIMEOUT_MS;
	f->model = config_find(f->corosync, "quorum.device.model");
	if (f->model == NULL)
		return;
	text = config_find(f->corosync, "quorum.device.sync_timeout");
	if (number_of(text) != 0)
		f->sync_timeout_ms = number_of(text);
	(void)snprintf(key, sizeof(key), "quorum.device.%s.algorithm", f->model);
	text = config_find(f->corosync, key);
	f->halves = text != NULL && strcmp(text, "ffsplit") == 0;
	(void)snprintf(key, sizeof(key), "quorum.device.%s.tie_breaker", f->model);
	text = config_find(f->corosync, key);
	f->tie = FACT_TIE_LOWEST;
	if (text != NULL && strcmp(text, "highest") == 0) {
		f->tie = FACT_TIE_HIGHEST;
	} else if (number_of(text) != 0) {
		f->tie = FACT_TIE_NODE;
		f->tie_node = number_of(text);
	}
	/* As the arbiter does for a node that nobody has. */
	for (size_t i = 0; i < f->node_count && !known; i++)
		known = f->node[i].id == f->tie_node;
	if (f->tie == FACT_TIE_NODE && !known)
		f->tie = FACT_TIE_LOWEST;
	if (strcmp(f->model, "qarb") == 0) {
		text = config_find(f->corosync, "quorum.device.qarb.workload");
		f->workload = text == NULL || strcmp(text, "on") == 0;
	}
}

static void add_location(struct facts *f, const xmlNode *constraint, xmlNode *rsc, const char *node,
			 int score, bool promoted)
{
	struct fact_location *l;
	const char *id = facts_xml_id(constraint);

	f->location = facts_grow(f->location, f->location_count + 1, sizeof(*f->location));
	l = &f->location[f->location_count++];
	l->rsc = facts_xml_id(rsc);
	l->outermost = facts_outermost(rsc);
	l->node = node;
	l->xml_id = id;
	l->score = score;
	l->promoted = promoted;
	l->moved = id != NULL &&
		   (strncmp(id, "cli-prefer-", 11) == 0 || strncmp(id, "cli-ban-", 8) == 0 ||
		    strncmp(id, "cli-standby-", 12) == 0);
}

/* returns: does a role's constraint matter here?  out: promoted. */
static bool take_role(const char *role, bool *promoted)
{
	*promoted = role != NULL &&
		    (strcasecmp(role, "Promoted") == 0 || strcasecmp(role, "Master") == 0);
	return role == NULL || *promoted || strcasecmp(role, "Started") == 0;
}

/* The score of a rule, on each node where it holds. */
static void take_rule(struct facts *f, const xmlNode *constraint, const xmlNode *rule, xmlNode *rsc,
		      bool promoted)
{
	int score = char2score(facts_attribute(rule, "score"));

	for (size_t i = 0; i < f->node_count; i++)
		if (facts_rule_holds(rule, f->node[i].name, "cluster"))
			add_location(f, constraint, rsc, f->node[i].name, score, promoted);
	for (size_t i = 0; i < f->remote_count; i++)
		if (facts_rule_holds(rule, f->remote[i].name, f->remote[i].kind))
			add_location(f, constraint, rsc, f->remote[i].name, score, promoted);
}

/* The nodes that one resource of a constraint is scored on. */
static void take_scores(struct facts *f, const xmlNode *constraint, xmlNode *rsc, bool promoted)
{
	const char *node = facts_attribute(constraint, "node");

	if (node != NULL) {
		add_location(f, constraint, rsc, node,
			     char2score(facts_attribute(constraint, "score")), promoted);
		return;
	}
	for (const xmlNode *rule = constraint->children; rule != NULL; rule = rule->next) {
		const char *role = facts_attribute(rule, "role");
		bool rule_promoted;

		if (facts_rule_is_fixed(rule) && take_role(role, &rule_promoted))
			take_rule(f, constraint, rule, rsc, promoted || rule_promoted);
	}
}

static void take_named(struct facts *f, const xmlNode *constraint, const char *name, bool promoted)
{
	struct fact_list list = facts_named(f, name);

	for (size_t i = 0; i < list.count; i++)
		take_scores(f, constraint, list.node[i], promoted);
	facts_list_free(&list);
}

static void take_pattern(struct facts *f, const xmlNode *constraint, const char *pattern,
			 bool promoted)
{
	bool inverted = pattern[0] == '!';
	struct fact_list all;
	regex_t regex;

	if (regcomp(&regex, pattern + inverted, REG_EXTENDED | REG_NOSUB) != 0)
		return; /* Pacemaker ignores the constraint too */
	all = facts_find(f, "/cib/configuration/resources//primitive"
			    "|/cib/configuration/resources//group"
			    "|/cib/configuration/resources//clone"
			    "|/cib/configuration/resources//master"
			    "|/cib/configuration/resources//bundle");
	for (size_t i = 0; i < all.count; i++) {
		const char *id = facts_xml_id(all.node[i]);

		if (id != NULL && (regexec(&regex, id, 0, NULL, 0) == 0) != inverted)
			take_scores(f, constraint, all.node[i], promoted);
	}
	facts_list_free(&all);
	regfree(&regex);
}

static void take_locations(struct facts *f)
{
	struct fact_list list = facts_find(f, "/cib/configuration/constraints/rsc_location");

	for (size_t i = 0; i < list.count; i++) {
		const xmlNode *x = list.node[i];
		const char *rsc = facts_attribute(x, "rsc");
		const char *pattern = facts_attribute(x, "rsc-pattern");
		bool promoted;

		if (!take_role(facts_attribute(x, "role"), &promoted))
			continue;
		if (rsc != NULL)
			take_named(f, x, rsc, promoted);
		else if (pattern != NULL)
			take_pattern(f, x, pattern, promoted);
		for (const xmlNode *set = x->children; set != NULL; set = set->next) {
			if (set->type != XML_ELEMENT_NODE ||
			    strcmp((const char *)set->name, "resource_set") != 0 ||
			    !take_role(facts_attribute(set, "role"), &promoted))
				continue;
			for (const xmlNode *ref = set->children; ref != NULL; ref = ref->next)
				if (ref->type == XML_ELEMENT_NODE && facts_xml_id(ref) != NULL)
					take_named(f, x, facts_xml_id(ref), promoted);
		}
	}
	facts_list_free(&list);
}

enum rc facts_take(xmlNode *cib, const struct config_items *corosync, struct facts *f)
{
	memset(f, 0, sizeof(*f));
	if (cib == NULL || strcmp((const char *)cib->name, "cib") != 0)
		return RC_SYNTAX;
	f->cib = cib;
	f->corosync = corosync;
	take_cib_nodes(f);
	take_remotes(f);
	if (corosync != NULL) {
		take_corosync_nodes(f);
		take_device(f);
	}
	take_locations(f);
	return RC_OK;
}

void facts_free(struct facts *f)
{
	free(f->node);
	free(f->remote);
	free(f->location);
	memset(f, 0, sizeof(*f));
}

/* The value that a line assigns to key, behind its quote, or NULL. */
static const char *assigned(const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0 || line[n] != '=')
		return NULL;
	line += n + 1;
	return line + (*line == '"' || *line == '\'');
}

enum rc facts_take_sbd(struct facts *f, const char *path)
{
	char line[512];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return RC_NOTFOUND;
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *timeout = assigned(line, "SBD_WATCHDOG_TIMEOUT");
		const char *device = assigned(line, "SBD_DEVICE");

		if (timeout != NULL)
			f->sbd_watchdog_ms = (uint32_t)strtoul(timeout, NULL, 10) * 1000;
		if (device != NULL)
			f->sbd_disk = strchr("\"' \t\r\n", *device) == NULL; /* not empty */
	}
	(void)fclose(file);
	return RC_OK;
}

int facts_preference(const struct facts *f, const char *rsc, const char *node, bool promoted)
{
	int score = 0;

	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];

		if (!l->moved && l->promoted == promoted && strcmp(l->rsc, rsc) == 0 &&
		    facts_name_is(l->node, node))
			score = facts_score_add(score, l->score);
	}
	return score;
}

bool facts_tie_prefers(const struct facts *f, const struct fact_node *a, const struct fact_node *b)
{
	if (a->id == 0 || b->id == 0)
		return false;
	switch (f->tie) {
	case FACT_TIE_NONE:
		return false;
	case FACT_TIE_LOWEST:
		return a->id < b->id;
	case FACT_TIE_HIGHEST:
		return a->id > b->id;
	case FACT_TIE_NODE:
		return a->id == f->tie_node && b->id != f->tie_node;
	}
	return false;
}

const char *facts_tie_text(const struct facts *f, char *text, size_t size)
{
	switch (f->tie) {
	case FACT_TIE_NONE:
		return "none";
	case FACT_TIE_LOWEST:
		return "lowest";
	case FACT_TIE_HIGHEST:
		return "highest";
	case FACT_TIE_NODE:
		(void)snprintf(text, size, "node %u", f->tie_node);
		return text;
	}
	return text;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/util.h>
#include <crm/common/xml.h>

#include "crm-snippets/rules/rules.h"
#include "crm-snippets/schema.h"

enum {
	PLAN_FIRST = 1000,	/* the first node's score; then 500, 400, 300, 200, 100, 99, ... */
	PLAN_STICKINESS = 2000, /* above every difference of these */
	PLAN_NODES_MAX = 100,
};

struct wish {
	size_t count;
	const struct fact_node *node[PLAN_NODES_MAX];
};

static enum rc plan_fault(char *error, size_t size, enum rc rc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static enum rc plan_fault(char *error, size_t size, enum rc rc, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(error, size, format, ap);
	va_end(ap);
	return rc;
}

/* Scores of the promoted role are added to those of the agent, which must go on to decide: one for
 * each place. */
static int wish_score(const struct plan *p, const struct wish *w, size_t place)
{
	if (p->promoted)
		return (int)(w->count - place);
	if (place == 0)
		return PLAN_FIRST;
	return place <= 5 ? 600 - (int)place * 100 : 105 - (int)place;
}

static struct plan_change *add_change(struct plan *p, enum plan_kind kind, char *id)
{
	struct plan_change *c;

	p->change = facts_grow(p->change, p->count + 1, sizeof(*p->change));
	c = &p->change[p->count++];
	memset(c, 0, sizeof(*c));
	c->kind = kind;
	c->id = id;
	return c;
}

/* The nodes in the tie-breaker's order; after a named node by id. */
static void wish_by_tie(const struct facts *f, struct wish *w)
{
	w->count = 0;
	for (size_t i = 0; i < f->node_count && w->count < PLAN_NODES_MAX; i++) {
		size_t at = w->count++;

		for (; at > 0; at--) {
			const struct fact_node *before = w->node[at - 1];
			bool first = facts_tie_prefers(f, &f->node[i], before) ||
				     (!facts_tie_prefers(f, before, &f->node[i]) &&
				      f->node[i].id < before->id);

			if (!first)
				break;
			w->node[at] = before;
		}
		w->node[at] = &f->node[i];
	}
}

static enum rc wish_by_list(const struct facts *f, const char *list, struct wish *w, char *error,
			    size_t error_size)
{
	w->count = 0;
	while (*list != 0) {
		size_t length = strcspn(list, ",");
		char name[256];
		const struct fact_node *n;

		(void)snprintf(name, sizeof(name), "%.*s", (int)(length < 255 ? length : 255),
			       list);
		n = facts_node(f, name);
		if (n == NULL)
			return plan_fault(error, error_size, RC_NOTFOUND,
					  "--prefer: the cluster has no node '%s'", name);
		for (size_t i = 0; i < w->count; i++)
			if (w->node[i] == n)
				return plan_fault(error, error_size, RC_NOTFOUND,
						  "--prefer names %s twice", name);
		if (w->count < PLAN_NODES_MAX)
			w->node[w->count++] = n;
		list += length + (list[length] == ',');
	}
	return RC_OK;
}

/* Its origin is in the id: who made it, for which resource and node. */
static char *location_id(const struct plan *p, const char *node)
{
	char *id = crm_strdup_printf("qarb-%s-%s-%s", p->promoted ? "promoted" : "location", p->rsc,
				     node);

	crm_xml_sanitize_id(id);
	return id;
}

/* A fixed preference for this resource alone, which the wish replaces.  Bans, what depends on time
 * or attributes, what is about another role, and leftovers of moves stay. */
static bool is_replaced(const struct facts *f, const xmlNode *constraint, const struct plan *p)
{
	const char *own = facts_attribute(constraint, "rsc");
	const char *id = facts_xml_id(constraint);
	bool preference = false;

	if (own == NULL || id == NULL || strcmp(own, p->rsc) != 0)
		return false;
	for (size_t i = 0; i < f->location_count; i++) {
		const struct fact_location *l = &f->location[i];

		if (l->xml_id == NULL || strcmp(l->xml_id, id) != 0)
			continue;
		if (l->moved || l->promoted != p->promoted || l->score <= -SCORE_INFINITY)
			return false;
		preference = true;
	}
	return preference;
}

/* Who made it, and how it is written, does not matter where it says what is wished of one node.
 * returns: its place in the wish, else w->count. */
static size_t wished_place(const struct facts *f, const xmlNode *constraint, const struct plan *p,
			   const struct wish *w)
{
	const struct fact_location *said = NULL;
	size_t count = 0, i = 0;

	for (size_t k = 0; k < f->location_count; k++) {
		const struct fact_location *l = &f->location[k];

		if (l->xml_id == NULL || strcmp(l->xml_id, facts_xml_id(constraint)) != 0)
			continue;
		said = l;
		count++;
	}
	while (i < w->count && (count != 1 || !facts_name_is(said->node, w->node[i]->name) ||
				said->score != wish_score(p, w, i)))
		i++;
	return i;
}

static void add_location(struct plan *p, xmlNode *section, const struct fact_node *node, int score)
{
	char *id = location_id(p, node->name);
	struct plan_change *c = add_change(p, PLAN_ADD_LOCATION, id);
	xmlNode *x = create_xml_node(section, "rsc_location");
	char text[16];

	c->node = strdup(node->name);
	c->score = score;
	crm_xml_add(x, "id", id);
	crm_xml_add(x, "rsc", p->rsc);
	if (p->promoted)
		crm_xml_add(x, "role", p->role);
	crm_xml_add(x, "node", node->name);
	crm_xml_add(x, "score", facts_score_text(score, text, sizeof(text)));
}

/* in: f, of the new CIB as it still equals the old. */
static void plan_locations(const struct facts *f, struct plan *p, const struct wish *w)
{
	struct fact_list section = facts_find(f, "/cib/configuration/constraints");
	struct fact_list old = facts_find(f, "/cib/configuration/constraints/rsc_location");
	bool kept[PLAN_NODES_MAX] = { false };
	size_t removed = 0;

	for (size_t i = 0; i < old.count; i++) {
		size_t place;

		if (!is_replaced(f, old.node[i], p))
			continue;
		place = wished_place(f, old.node[i], p, w);
		if (place < w->count && !kept[place]) {
			kept[place] = true;
			continue;
		}
		(void)add_change(p, PLAN_REMOVE_LOCATION, strdup(facts_xml_id(old.node[i])));
		old.node[removed++] = old.node[i];
	}
	/* Not before: f points into them. */
	for (size_t i = 0; i < removed; i++)
		free_xml(old.node[i]);
	for (size_t i = 0; i < w->count && section.count != 0; i++)
		if (!kept[i])
			add_location(p, section.node[0], w->node[i], wish_score(p, w, i));
	facts_list_free(&old);
	facts_list_free(&section);
}

static int score_spread(const struct facts *f, const char *rsc)
{
	int low = 0, high = 0;

	for (size_t i = 0; i < f->node_count; i++) {
		int score = facts_preference(f, rsc, f->node[i].name, false);

		if (score <= -SCORE_INFINITY || score >= SCORE_INFINITY)
			continue;
		if (i == 0 || score < low)
			low = score;
		if (i == 0 || score > high)
			high = score;
	}
	return high - low;
}

/* Has a set a pair with this id, or (attribute: "id-ref") a reference to it? */
static bool has_pair(xmlNode *set, const char *attribute, const char *id)
{
	for (xmlNode *x = first_named_child(set, "nvpair"); x != NULL && id != NULL;
	     x = crm_next_same_xml(x)) {
		const char *own = facts_attribute(x, attribute);

		if (own != NULL && strcmp(own, id) == 0)
			return true;
	}
	return false;
}

/* The set of a resource that a meta attribute is put into: where it is now (xml_id), else one that
 * is in force at all times; never one that is shared with others.  NULL: there is none, or a shared
 * one would still decide. */
static xmlNode *own_set(xmlNode *rsc, const char *xml_id)
{
	xmlNode *first = NULL;
	bool shared = false;

	for (xmlNode *x = first_named_child(rsc, "meta_attributes"); x != NULL;
	     x = crm_next_same_xml(x)) {
		if (facts_attribute(x, "id-ref") != NULL || has_pair(x, "id-ref", xml_id))
			shared = true;
		else if (has_pair(x, "id", xml_id))
			return x;
		else if (first == NULL && first_named_child(x, "rule") == NULL)
			first = x;
	}
	return shared && xml_id != NULL ? NULL : first;
}

/* A new one; above all others, one of which may be shared and say otherwise. */
static xmlNode *add_set(xmlNode *rsc)
{
	bool others = first_named_child(rsc, "meta_attributes") != NULL;
	xmlNode *set = create_xml_node(rsc, "meta_attributes");

	crm_xml_set_id(set, "%s%s-meta_attributes", others ? "qarb-" : "", facts_xml_id(rsc));
	if (others)
		crm_xml_add(set, "score", "INFINITY");
	return set;
}

/* The nvpair of a set that says the stickiness; a new one if there is none. */
static xmlNode *take_pair(xmlNode *set, const char *rsc)
{
	xmlNode *pair = NULL;

	for (xmlNode *x = first_named_child(set, "nvpair"); x != NULL; x = crm_next_same_xml(x)) {
		const char *name = facts_attribute(x, "name");

		if (name != NULL && strcmp(name, "resource-stickiness") == 0 &&
		    facts_xml_id(x) != NULL)
			pair = x;
	}
	if (pair == NULL) {
		pair = create_xml_node(set, "nvpair");
		crm_xml_set_id(pair, "qarb-%s-resource-stickiness", rsc);
		crm_xml_add(pair, "name", "resource-stickiness");
	}
	return pair;
}

/* Set what one resource, group or clone itself says; nothing where it says this already. */
static void set_stickiness(const struct facts *f, struct plan *p, xmlNode *rsc, int wanted)
{
	const char *before_id = NULL;
	const char *before = facts_nvpair(f, rsc, "meta_attributes", "resource-stickiness",
					  &before_id);
	struct plan_change *c;
	xmlNode *set, *pair;
	char text[16];

	if (before != NULL && char2score(before) == wanted)
		return;
	set = own_set(rsc, before_id);
	if (set == NULL)
		set = add_set(rsc);
	pair = take_pair(set, facts_xml_id(rsc));
	c = add_change(p, PLAN_SET_STICKINESS, strdup(facts_xml_id(pair)));
	c->rsc = facts_xml_id(rsc);
	c->before = before != NULL ? strdup(before) : NULL; /* what follows overwrites it */
	c->score = wanted;
	crm_xml_add(pair, "value", facts_score_text(wanted, text, sizeof(text)));
}

/* The innermost of a primitive and what is around it, up to rsc, that says a stickiness; else rsc.
 */
static xmlNode *stickiness_holder(const struct facts *f, xmlNode *primitive, xmlNode *rsc)
{
	xmlNode *x = primitive;

	while (x != rsc &&
	       facts_nvpair(f, x, "meta_attributes", "resource-stickiness", NULL) == NULL)
		x = x->parent;
	return x;
}

static bool is_sticky(const struct facts *f, const struct plan *p, const xmlNode *rsc)
{
	const char *id;
	int now = facts_stickiness(f, rsc, &id);

	return now >= SCORE_INFINITY || (p->policy == PLAN_FOLLOW && now > score_spread(f, p->rsc));
}

/* What a member says itself counts, and not what its group or clone says: that is set where one at
 * least heeds it, and then what the others say where that is not enough.
 * in: f, of the new CIB with its new locations. */
static enum rc plan_stickiness(const struct facts *f, struct plan *p, xmlNode *rsc, char *error,
			       size_t error_size)
{
	int wanted = p->policy == PLAN_STICKY ? SCORE_INFINITY : PLAN_STICKINESS;
	struct fact_list list = facts_find(f, "/cib/configuration/resources//primitive");
	char now[16], then[16];
	const char *id;

	/* Of a bundle, what it contains has no say. */
	if (strcmp((const char *)rsc->name, "bundle") == 0 && !is_sticky(f, p, rsc))
		set_stickiness(f, p, rsc, wanted);
	for (int others = 0; others < 2 && !is_sticky(f, p, rsc); others++) {
		for (size_t i = 0; i < list.count; i++) {
			xmlNode *around = list.node[i];
			xmlNode *holder;

			while (around != NULL && around != rsc)
				around = around->parent;
			if (around == NULL)
				continue;
			holder = stickiness_holder(f, list.node[i], rsc);
			if ((holder != rsc) == (others != 0))
				set_stickiness(f, p, holder, wanted);
		}
	}
	facts_list_free(&list);
	if (is_sticky(f, p, rsc))
		return RC_OK;
	return plan_fault(error, error_size, RC_REFUSED,
			  "the stickiness of %s would be %s, not %s: a shared set of meta "
			  "attributes says so, or one that has a higher score",
			  p->rsc, facts_score_text(facts_stickiness(f, rsc, &id), now, sizeof(now)),
			  facts_score_text(wanted, then, sizeof(then)));
}

/* What would be made is judged by the very rules of check, for this resource alone. */
static enum rc plan_judge(const struct config_items *corosync, const struct plan *p, char *error,
			  size_t error_size)
{
	struct findings all = { NULL, 0 };
	enum rc rc = RC_OK;
	struct facts f;
	size_t n = 0;

	if (facts_take(p->cib, corosync, &f) != RC_OK)
		return RC_SYNTAX;
	for (size_t i = 0; i < f.location_count; i++)
		if (strcmp(f.location[i].rsc, p->rsc) == 0)
			f.location[n++] = f.location[i];
	f.location_count = n;
	rule_tie_breaker_location.judge(&f, &all);
	rule_stickiness_failback.judge(&f, &all);
	rule_infinity_preference.judge(&f, &all);
	if (all.count != 0)
		rc = plan_fault(error, error_size, RC_REFUSED, "%s: %s; %s", all.finding[0].rule,
				all.finding[0].reason, all.finding[0].remedy);
	findings_free(&all);
	facts_free(&f);
	return rc;
}

enum rc plan_make(const struct facts *f, struct plan *p, char *error, size_t error_size)
{
	const xmlNode *old = facts_resource(f, p->rsc);
	struct wish w = { 0 };
	struct facts next;
	enum rc rc = RC_OK;

	if (old == NULL)
		return plan_fault(error, error_size, RC_NOTFOUND, "the CIB has no resource '%s'",
				  p->rsc);
	if (facts_is_fencing(f, old))
		return plan_fault(error, error_size, RC_REFUSED,
				  "%s is a fencing device: it fences from wherever it can", p->rsc);
	if (p->prefer != NULL)
		rc = wish_by_list(f, p->prefer, &w, error, error_size);
	else if (p->policy == PLAN_FOLLOW && f->tie == FACT_TIE_NONE)
		rc = plan_fault(error, error_size, RC_REFUSED,
				"corosync.conf has no quorum device, so there is no tie_breaker to "
				"follow");
	else if (p->policy == PLAN_FOLLOW)
		wish_by_tie(f, &w);
	if (rc != RC_OK)
		return rc;
	p->promoted = facts_is_promotable(f, old);
	p->role = schema_has_promoted(f->cib) ? "Promoted" : "Master";
	p->cib = copy_xml(f->cib);
	if (facts_take(p->cib, f->corosync, &next) != RC_OK)
		return RC_SYNTAX;
	if (w.count != 0)
		plan_locations(&next, p, &w);
	facts_free(&next);
	if (facts_take(p->cib, f->corosync, &next) != RC_OK)
		return RC_SYNTAX;
	rc = plan_stickiness(&next, p, facts_resource(&next, p->rsc), error, error_size);
	facts_free(&next);
	return rc != RC_OK ? rc : plan_judge(f->corosync, p, error, error_size);
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->change[i].id);
		free(p->change[i].node);
		free(p->change[i].before);
	}
	free(p->change);
	if (p->cib != NULL)
		free_xml(p->cib);
	p->change = NULL;
	p->count = 0;
	p->cib = NULL;
}

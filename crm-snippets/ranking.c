/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/util.h>

enum { RANKING_WEIGHT = 1 }; /* of a workload agent that names none */

static size_t index_of(const struct ranking *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (name != NULL && facts_name_is(r->node[i]->name, name))
			return i;
	return r->count;
}

enum run { RUN_NOT = 0, RUN_STARTED, RUN_PROMOTED };

/* The last operation of a resource on a node tells whether it runs there. */
static enum run last_run(const xmlNode *history)
{
	const char *operation = NULL, *code = NULL;
	long newest = -1;

	for (const xmlNode *x = history->children; x != NULL; x = x->next) {
		const char *call = facts_is_named(x, "lrm_rsc_op") ? facts_attribute(x, "call-id")
								   : NULL;

		if (call == NULL || strtol(call, NULL, 10) < newest)
			continue;
		newest = strtol(call, NULL, 10);
		operation = facts_attribute(x, "operation");
		code = facts_attribute(x, "rc-code");
	}
	if (operation == NULL || code == NULL || strcmp(operation, "stop") == 0)
		return RUN_NOT;
	if (strcmp(code, "8") == 0)
		return RUN_PROMOTED;
	if (strcmp(code, "0") != 0)
		return RUN_NOT;
	return strcmp(operation, "promote") == 0 ? RUN_PROMOTED : RUN_STARTED;
}

/* How a primitive, or an instance of it, runs on each node. */
static void runs_of(const struct facts *f, const struct ranking *r, const xmlNode *primitive,
		    enum run *runs)
{
	struct fact_list list = facts_find(f,
					   "/cib/status/node_state/lrm/lrm_resources/lrm_resource");
	const char *id = facts_xml_id(primitive);
	size_t n = id != NULL ? strlen(id) : 0;

	for (size_t i = 0; i < r->count; i++)
		runs[i] = RUN_NOT;
	for (size_t i = 0; i < list.count && id != NULL; i++) {
		const xmlNode *state = list.node[i]->parent->parent->parent;
		size_t place = index_of(r, facts_attribute(state, "uname"));
		const char *own = facts_xml_id(list.node[i]);

		if (place == r->count || own == NULL || strncmp(own, id, n) != 0 ||
		    (own[n] != 0 && own[n] != ':'))
			continue;
		if (last_run(list.node[i]) > runs[place])
			runs[place] = last_run(list.node[i]);
	}
	facts_list_free(&list);
}

/* A group and a clone are where their first member is. */
static const xmlNode *first_primitive(const xmlNode *rsc)
{
	const xmlNode *x = facts_is_named(rsc, "primitive") ? rsc : rsc->children;

	while (x != NULL && !facts_is_named(x, "primitive"))
		x = facts_is_named(x, "group") ? x->children : x->next;
	return x;
}

/* Instances of a clone are on several nodes, but its promoted one is on one. */
static const xmlNode *clone_of(const xmlNode *rsc)
{
	for (const xmlNode *x = rsc; x != NULL; x = x->parent)
		if (facts_is_named(x, "clone") || facts_is_named(x, "master") ||
		    facts_is_named(x, "bundle"))
			return x;
	return NULL;
}

static size_t place_by_status(const struct facts *f, const struct ranking *r, const xmlNode *rsc)
{
	const xmlNode *primitive = first_primitive(rsc);
	enum run least = facts_is_promotable(f, rsc) ? RUN_PROMOTED : RUN_STARTED;
	enum run runs[RANKING_NODES_MAX];
	size_t place = 0;

	if (primitive == NULL)
		return r->count;
	runs_of(f, r, primitive, runs);
	while (place < r->count && runs[place] < least)
		place++;
	return place;
}

static size_t place_by_score(const struct facts *f, const struct ranking *r, const xmlNode *rsc)
{
	bool promoted = facts_is_promotable(f, rsc);
	size_t place = r->count;
	int best = 0;

	for (const xmlNode *x = rsc; x != NULL && place == r->count; x = x->parent) {
		const char *id = facts_xml_id(x);

		for (size_t i = 0; i < r->count && id != NULL; i++) {
			int score = facts_preference(f, id, r->node[i]->name, promoted);

			if (score > best) {
				best = score;
				place = i;
			}
		}
	}
	return place;
}

/* Does a constraint mean this one, or what is around it, by a name? */
static bool is_meant(const struct facts *f, const xmlNode *rsc, const char *name)
{
	struct fact_list list = facts_named(f, name);
	bool meant = false;

	for (const xmlNode *x = rsc; x != NULL; x = x->parent)
		for (size_t i = 0; i < list.count; i++)
			meant = meant || list.node[i] == x;
	facts_list_free(&list);
	return meant;
}

/* The resource that this one, or what is around it, must run with. */
static const xmlNode *companion(const struct facts *f, const xmlNode *rsc)
{
	struct fact_list list = facts_find(f, "/cib/configuration/constraints/rsc_colocation");
	const xmlNode *found = NULL;

	for (size_t i = 0; i < list.count && found == NULL; i++) {
		const char *score = facts_attribute(list.node[i], "score");
		const char *dependent = facts_attribute(list.node[i], "rsc");
		const char *with = facts_attribute(list.node[i], "with-rsc");

		struct fact_list named;

		if (dependent == NULL || with == NULL || score == NULL ||
		    char2score(score) < SCORE_INFINITY || !is_meant(f, rsc, dependent))
			continue;
		named = facts_named(f, with);
		if (named.count != 0)
			found = named.node[0];
		facts_list_free(&named);
	}
	facts_list_free(&list);
	return found;
}

/* Nothing tells where it runs: suppose the place that contradicts if any does. */
static size_t place_last(const struct facts *f, const struct ranking *r)
{
	size_t last = 0;

	for (size_t i = 1; i < r->count; i++)
		if (facts_tie_prefers(f, r->node[last], r->node[i]))
			last = i;
	return last;
}

static size_t place_of(const struct facts *f, const struct ranking *r, const xmlNode *rsc)
{
	size_t place = place_by_status(f, r, rsc);

	for (unsigned hops = 0; rsc != NULL && place == r->count && hops < 8; hops++) {
		place = place_by_score(f, r, rsc);
		rsc = companion(f, rsc);
		if (rsc != NULL && place == r->count)
			place = place_by_status(f, r, rsc);
	}
	return place == r->count ? place_last(f, r) : place;
}

/* Pacemaker adds the priority of each instance to its node, and one more for a promoted one. Before
 * a clone has started it counts as even, but for the promoted instance. */
static void add_clone(const struct facts *f, struct ranking *r, const xmlNode *rsc, long priority)
{
	enum run runs[RANKING_NODES_MAX];
	bool started = false;

	runs_of(f, r, rsc, runs);
	for (size_t i = 0; i < r->count; i++) {
		if (runs[i] == RUN_NOT)
			continue;
		started = true;
		r->priority[i] += priority + (runs[i] == RUN_PROMOTED ? 1 : 0);
	}
	if (!started && facts_is_promotable(f, rsc))
		r->priority[place_of(f, r, rsc)]++;
}

static void add_resource(const struct facts *f, struct ranking *r, const xmlNode *rsc)
{
	const char *text = facts_meta(f, rsc, "priority", NULL);
	long priority = text != NULL ? char2score(text) : 0;

	if (clone_of(rsc) != NULL) {
		if (priority != 0)
			add_clone(f, r, rsc, priority);
		return;
	}
	if (priority != 0)
		r->priority[place_of(f, r, rsc)] += priority;
	if (!facts_is_agent(f, rsc, "ocf", "qarb", "workload"))
		return;
	text = facts_nvpair(f, rsc, "instance_attributes", "weight", NULL);
	r->weight[place_of(f, r, rsc)] += text ? strtol(text, NULL, 10) : RANKING_WEIGHT;
}

enum rc ranking_take(const struct facts *f, struct ranking *r)
{
	struct fact_list list;

	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < f->node_count; i++) {
		if (!f->node[i].in_corosync || f->node[i].id == 0)
			continue;
		if (r->count == RANKING_NODES_MAX)
			return RC_REFUSED;
		r->votes[r->count] = (long)f->node[i].votes;
		r->node[r->count++] = &f->node[i];
	}
	if (r->count == 0)
		return RC_OK;
	list = facts_find(f, "/cib/configuration/resources//primitive");
	for (size_t i = 0; i < list.count; i++)
		add_resource(f, r, list.node[i]);
	facts_list_free(&list);
	return RC_OK;
}

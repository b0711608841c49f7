/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/util.h>

enum { RANKING_WEIGHT = 1 }; /* of a workload agent that names none */

static bool is_named(const xmlNode *xml, const char *name)
{
	return xml != NULL && xml->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)xml->name, name) == 0;
}

static size_t index_of(const struct ranking *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (name != NULL && facts_name_is(r->node[i]->name, name))
			return i;
	return r->count;
}

/* The last operation of a resource on a node tells whether it runs there. */
static bool ran_last(const xmlNode *history)
{
	const char *operation = NULL, *code = NULL;
	long newest = -1;

	for (const xmlNode *x = history->children; x != NULL; x = x->next) {
		const char *call = is_named(x, "lrm_rsc_op") ? facts_attribute(x, "call-id") : NULL;

		if (call == NULL || strtol(call, NULL, 10) < newest)
			continue;
		newest = strtol(call, NULL, 10);
		operation = facts_attribute(x, "operation");
		code = facts_attribute(x, "rc-code");
	}
	return operation != NULL && code != NULL && strcmp(operation, "stop") != 0 &&
	       (strcmp(code, "0") == 0 || strcmp(code, "8") == 0);
}

static size_t place_by_status(const struct facts *f, const struct ranking *r, const char *id)
{
	struct fact_list list = facts_find(f,
					   "/cib/status/node_state/lrm/lrm_resources/lrm_resource");
	size_t place = r->count;

	for (size_t i = 0; i < list.count && place == r->count; i++) {
		const xmlNode *state = list.node[i]->parent->parent->parent;
		const char *own = facts_xml_id(list.node[i]);

		if (own != NULL && strcmp(own, id) == 0 && ran_last(list.node[i]))
			place = index_of(r, facts_attribute(state, "uname"));
	}
	facts_list_free(&list);
	return place;
}

static size_t place_by_score(const struct facts *f, const struct ranking *r, const xmlNode *rsc)
{
	size_t place = r->count;
	int best = 0;

	for (const xmlNode *x = rsc; x != NULL && place == r->count; x = x->parent) {
		const char *id = facts_xml_id(x);

		for (size_t i = 0; i < r->count && id != NULL; i++) {
			int score = facts_preference(f, id, r->node[i]->name, false);

			if (score > best) {
				best = score;
				place = i;
			}
		}
	}
	return place;
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

		if (dependent == NULL || with == NULL ||
		    (score != NULL && char2score(score) < SCORE_INFINITY))
			continue;
		for (const xmlNode *x = rsc; x != NULL; x = x->parent)
			if (facts_xml_id(x) != NULL && strcmp(facts_xml_id(x), dependent) == 0)
				found = facts_resource(f, with);
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
	size_t place = place_by_status(f, r, facts_xml_id(rsc));

	for (unsigned hops = 0; rsc != NULL && place == r->count && hops < 8; hops++) {
		place = place_by_score(f, r, rsc);
		rsc = companion(f, rsc);
		if (rsc != NULL && place == r->count)
			place = place_by_status(f, r, facts_xml_id(rsc));
	}
	return place == r->count ? place_last(f, r) : place;
}

/* Instances of a clone are everywhere and weigh the same everywhere. */
static bool is_cloned(const xmlNode *rsc)
{
	for (const xmlNode *x = rsc; x != NULL; x = x->parent)
		if (is_named(x, "clone") || is_named(x, "master") || is_named(x, "bundle"))
			return true;
	return false;
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
	for (size_t i = 0; i < list.count; i++) {
		const xmlNode *rsc = list.node[i];
		const char *priority = facts_meta(f, rsc, "priority", NULL);
		const char *weight;

		if (is_cloned(rsc))
			continue;
		if (priority != NULL && char2score(priority) != 0)
			r->priority[place_of(f, r, rsc)] += char2score(priority);
		if (!facts_is_agent(f, rsc, "ocf", "qarb", "workload"))
			continue;
		weight = facts_nvpair(f, rsc, "instance_attributes", "weight", NULL);
		r->weight[place_of(f, r, rsc)] += weight ? strtol(weight, NULL, 10)
							 : RANKING_WEIGHT;
	}
	facts_list_free(&list);
	return RC_OK;
}

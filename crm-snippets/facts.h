/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm-snippets: what the rules and the generator need to know of a cluster, taken from its CIB and
 * its corosync.conf.  Strings point into the CIB or the items and live as long as these.
 */
#ifndef QARB_CRM_FACTS_H
#define QARB_CRM_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "base/rc.h"
#include "shell/config.h"

enum { SCORE_INFINITY = 1000000 }; /* Pacemaker's */

struct fact_node {
	const char *name;	   /* as the CIB has it, else as corosync has it */
	const char *corosync_name; /* NULL: not given */
	const char *xml_id;	   /* of the CIB's <node>, NULL if there is none */
	uint32_t id;
	uint32_t corosync_id; /* 0: not given */
	uint32_t votes;	      /* as corosync counts it */
	bool in_cib;
	bool in_corosync;
};

/* A node without corosync: a remote node, or the guest in a resource. */
struct fact_remote {
	const char *name;
	const char *kind;	   /* as rules call it: "remote" or "container" */
	const xmlNode *connection; /* the resource that makes it a node */
};

/* One resource's score on one node, from a constraint that holds at all times. */
struct fact_location {
	const char *rsc;
	xmlNode *outermost; /* resource around rsc, or itself */
	const char *node;
	const char *xml_id; /* of the rsc_location */
	int score;
	bool promoted; /* for the promoted role alone */
	bool moved;    /* left by a move or ban of crm_resource, crm or pcs */
};

enum fact_tie { FACT_TIE_NONE = 0, FACT_TIE_LOWEST, FACT_TIE_HIGHEST, FACT_TIE_NODE };

struct facts {
	xmlNode *cib;
	const struct config_items *corosync; /* NULL: unknown */
	struct fact_node *node;		     /* cluster members alone, no remote ones */
	size_t node_count;
	uint32_t nameless_count; /* in corosync.conf's nodelist */
	struct fact_remote *remote;
	size_t remote_count;
	struct fact_location *location;
	size_t location_count;
	const char *model; /* of the quorum device, NULL: none */
	enum fact_tie tie;
	uint32_t tie_node;
	bool workload;		  /* weights decide ties first */
	bool halves;		  /* below half of all votes nobody wins */
	uint32_t sync_timeout_ms; /* of the quorum device */
	uint32_t sbd_watchdog_ms; /* from sbd's own configuration, 0: unknown */
	bool sbd_disk;		  /* its timeouts are in the disk's header, unknown here */
};

/* A list of XML elements in document order; empty when nothing matches. */
struct fact_list {
	xmlNode **node;
	size_t count;
};

/* in: cib, a whole <cib>; corosync may be NULL.  out: f.  returns: RC_OK | RC_SYNTAX: not a CIB. */
RC_MUST_CHECK enum rc facts_take(xmlNode *cib, const struct config_items *corosync,
				 struct facts *f);
void facts_free(struct facts *f);
/* Read SBD_WATCHDOG_TIMEOUT and SBD_DEVICE of sbd's configuration file.
 * returns: RC_OK | RC_NOTFOUND. */
RC_MUST_CHECK enum rc facts_take_sbd(struct facts *f, const char *path);

struct fact_list facts_find(const struct facts *f, const char *xpath);
void facts_list_free(struct fact_list *list);
void facts_list_add(struct fact_list *list, xmlNode *xml);
bool facts_list_has(const struct fact_list *list, const xmlNode *xml);
/* Is xml, which may be NULL, an element of this name? */
bool facts_is_named(const xmlNode *xml, const char *name);

/* An attribute; NULL if it is not there. */
const char *facts_attribute(const xmlNode *xml, const char *name);
const char *facts_xml_id(const xmlNode *xml);
/* A cluster property that is set without a rule.  out: xml_id (may be NULL), of its nvpair. */
const char *facts_property(const struct facts *f, const char *name, const char **xml_id);
bool facts_property_true(const struct facts *f, const char *name, bool otherwise);
/* The primitive, group, clone or bundle with this id. */
xmlNode *facts_resource(const struct facts *f, const char *id);
/* What a constraint means by a name: a resource, those of a template, or those of a tag. */
struct fact_list facts_named(const struct facts *f, const char *id);
/* The resource itself, or the outermost of those around it. */
xmlNode *facts_outermost(xmlNode *rsc);
/* Is the resource, or anything in it, a service that somebody uses? */
bool facts_is_service(const struct facts *f, const xmlNode *rsc);
/* A resource's own instance attribute or meta attribute.  set: instance_attributes or
 * meta_attributes.  Templates count; surrounding resources do not. */
const char *facts_nvpair(const struct facts *f, const xmlNode *rsc, const char *set,
			 const char *name, const char **xml_id);
/* A meta attribute as it takes effect: own, of the group or clone around it, rsc_defaults. */
const char *facts_meta(const struct facts *f, const xmlNode *rsc, const char *name,
		       const char **xml_id);
/* class, provider and type of a primitive, of its template if it has one. */
bool facts_is_agent(const struct facts *f, const xmlNode *rsc, const char *class,
		    const char *provider, const char *type);
/* Is it, or any resource around it, a fencing device? */
bool facts_is_fencing(const struct facts *f, const xmlNode *rsc);
/* Is it, or the clone around it, one of which instances are promoted? */
bool facts_is_promotable(const struct facts *f, const xmlNode *rsc);
/* Is it a clone of which each node has one like the others?  These do not move.  Not a promotable
 * one: its promoted role does, and goes by the scores of all roles. */
bool facts_is_everywhere(const struct facts *f, const xmlNode *rsc);
/* Is it, or any resource in it, what makes another node of Pacemaker's?  It cannot run on one. */
bool facts_is_connection(const struct facts *f, const xmlNode *rsc);
/* Stickiness of a group is the sum of its members'. */
int facts_stickiness(const struct facts *f, const xmlNode *rsc, const char **xml_id);

/* Does a rule of a location have a score, and name nodes or their kind and nothing else?  What
 * depends on time or on changing attributes is no fixed preference. */
bool facts_rule_is_fixed(const xmlNode *rule);
/* in: rule, a fixed one; kind, of the node: "cluster", "remote" or "container".
 * returns: does it hold on this node? */
bool facts_rule_holds(const xmlNode *rule, const char *node, const char *kind);

/* The sum of the locations that hold at all times and are nobody's leftover. */
int facts_preference(const struct facts *f, const char *rsc, const char *node, bool promoted);
struct fact_node *facts_node(const struct facts *f, const char *name);
/* Does the tie-breaker decide for a where a and b are on different sides? */
bool facts_tie_prefers(const struct facts *f, const struct fact_node *a, const struct fact_node *b);
/* The tie_breaker as the configuration reads: "lowest", "highest" or "node 2". */
const char *facts_tie_text(const struct facts *f, char *text, size_t size);
int facts_score_add(int a, int b);
/* A score as Pacemaker writes it. */
const char *facts_score_text(int score, char *text, size_t size);
bool facts_name_is(const char *a, const char *b);
/* What runs where a resource runs, that itself included, by its mandatory colocations; each the
 * outermost.  Not what is colocated with just any instance of a clone. */
struct fact_list facts_together(const struct facts *f, xmlNode *rsc);
/* How a workload agent is bound to a service, the best of all ways last. */
enum fact_bond {
	FACT_BOND_NONE = 0,
	FACT_BOND_ROLE,	  /* to any instance of a promotable clone, not to the promoted one */
	FACT_BOND_FINITE, /* by a finite score */
	FACT_BOND_FIRM,
};

/* The service that a workload agent is bound to.  returns: NULL for FACT_BOND_NONE. */
xmlNode *facts_service_of(const struct facts *f, xmlNode *agent, enum fact_bond *bond);
/* A workload agent that follows rsc: firmly bound (group or mandatory colocation), and monitored,
 * as its weight lapses otherwise.  Or NULL. */
xmlNode *facts_workload_of(const struct facts *f, xmlNode *rsc);
/* A service that needs a workload agent: it starts only where, or when, the agent has.  by: the
 * constraint, or the group of both, that says so.  returns: the service, or NULL. */
xmlNode *facts_dependent_of(const struct facts *f, xmlNode *agent, const xmlNode **by);
/* Has a primitive, or its template, a recurring monitor for where it runs? */
bool facts_is_monitored(const struct facts *f, const xmlNode *rsc);

/* Text as libxml2 types it: UTF-8 bytes. */
static inline const xmlChar *facts_xml(const char *text)
{
	return (const xmlChar *)text;
}

/* Memory that is there or ends the program. */
void *facts_grow(void *array, size_t count, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: qarb-crm failback. */
#include "crm-snippets/failback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <crm/common/util.h>

#include "crm-snippets/options.h"
#include "crm-snippets/runner.h"
#include "crm-snippets/schema.h"

enum {
	FAILBACK_LOOK_MS = 100,
	FAILBACK_TIMEOUT_S = 300,
	FAILBACK_TIMEOUT_MIN_S = 10,
	FAILBACK_TIMEOUT_MAX_S = 86400,
};

static const char failback_help[] =
	"Usage: qarb-crm failback RESOURCE [OPTION]...\n"
	"Move a resource because you say so: show what would happen, check the target, move, "
	"wait.\n"
	"\n"
	"  --to=NODE         the target (default: the node that its location scores prefer)\n"
	"  --dry-run         show and check, and change nothing\n"
	"  --force           do it in spite of warnings; errors stay refusals\n"
	"  --timeout=SEC     give up waiting after so long (default 300); the constraint that "
	"moves\n"
	"                    the resource ends then by itself, whatever becomes of this program\n"
	"  --cib=FILE        a CIB in a file instead of the live one, with --dry-run alone\n"
	"  --config=FILE     corosync.conf (default /etc/corosync/corosync.conf)\n"
	"  -h, --help        print this and exit\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage, 3 cluster not running, 4 refused because unsafe,\n"
	"5 not permitted.\n";

struct failback_options {
	struct crm_input in;
	const char *rsc;
	const char *to;
	unsigned int timeout_s;
	bool dry_run;
	bool force;
};

static bool take_timeout(const char *text, struct failback_options *o)
{
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != 0 || n < FAILBACK_TIMEOUT_MIN_S ||
	    n > FAILBACK_TIMEOUT_MAX_S) {
		crm_say("--timeout=%s: allowed is %d to %d seconds", text,
			(int)FAILBACK_TIMEOUT_MIN_S, (int)FAILBACK_TIMEOUT_MAX_S);
		return false;
	}
	o->timeout_s = (unsigned int)n;
	return true;
}

static bool take_option(int letter, const char *value, void *options)
{
	struct failback_options *o = options;

	if (letter == 't')
		o->to = value;
	if (letter == 'd')
		o->dry_run = true;
	if (letter == 'f')
		o->force = true;
	return letter != 'w' || take_timeout(value, o);
}

/* returns: -1 to go on, else the exit code. */
static int take_options(int argc, char **argv, struct failback_options *o)
{
	static const struct option own[] = {
		{ "to", required_argument, NULL, 't' },
		{ "dry-run", no_argument, NULL, 'd' },
		{ "force", no_argument, NULL, 'f' },
		{ "timeout", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct crm_command command = { "failback", failback_help, own, take_option };
	int code = options_read(&command, argc, argv, &o->in, o);

	if (code >= 0)
		return code;
	if (optind + 1 != argc)
		crm_say("failback needs one resource");
	else if (o->in.cib != NULL && !o->dry_run)
		crm_say("--cib: a CIB in a file can only be tried, with --dry-run");
	else {
		o->rsc = argv[optind];
		return -1;
	}
	return options_hint(&command);
}

static bool is_a(const xmlNode *xml, const char *name)
{
	return strcmp((const char *)xml->name, name) == 0;
}

/* Is it something that is in one place?  returns: CRM_DONE or the exit code, said already. */
static int take_resource(struct failback *b)
{
	b->xml = facts_resource(b->f, b->rsc);
	if (b->xml == NULL) {
		crm_say("%s: no such resource", b->rsc);
		return CRM_FAILED;
	}
	if (is_a(b->xml, "bundle") || is_a(b->xml->parent, "bundle")) {
		crm_say("%s is %s: bundles cannot be moved", b->rsc,
			is_a(b->xml, "bundle") ? "a bundle" : "in a bundle");
		return CRM_FAILED;
	}
	if (is_a(b->xml->parent, "group") || is_a(b->xml->parent, "clone")) {
		crm_say("%s is part of %s: name that instead", b->rsc,
			facts_xml_id(b->xml->parent));
		return CRM_FAILED;
	}
	if (is_a(b->xml, "primitive") || is_a(b->xml, "group"))
		return CRM_DONE;
	b->promotable = facts_is_promotable(b->f, b->xml);
	if (b->promotable && !schema_has_promoted(b->f->cib)) {
		crm_say("refused: the CIB's schema %s has no role Promoted, which crm_resource "
			"moves: cibadmin --upgrade --force gives it a newer one",
			schema_name(b->f->cib));
		return CRM_REFUSED;
	}
	if (b->promotable)
		return CRM_DONE;
	crm_say("%s runs on several nodes: there is nothing to move", b->rsc);
	return CRM_FAILED;
}

/* The node with the highest score, if there is one. */
static const char *preferred_node(const struct failback *b)
{
	const char *best = NULL;
	int best_score = 0;
	bool alone = false;

	for (size_t i = 0; i < b->f->node_count; i++) {
		int score = facts_preference(b->f, b->rsc, b->f->node[i].name, b->promotable);

		if (best == NULL || score > best_score) {
			best = b->f->node[i].name;
			best_score = score;
			alone = true;
		} else if (score == best_score) {
			alone = false;
		}
	}
	return alone ? best : NULL;
}

static int take_target(struct failback *b)
{
	const struct fact_node *node;

	if (b->to == NULL) {
		b->to = preferred_node(b);
		if (b->to != NULL)
			return CRM_DONE;
		crm_say("the scores of %s prefer no node: name one by --to", b->rsc);
		return CRM_FAILED;
	}
	node = facts_node(b->f, b->to);
	if (node != NULL) {
		b->to = node->name; /* as the CIB writes it: so do Pacemaker's tools */
		return CRM_DONE;
	}
	crm_say("%s: no such node", b->to);
	return CRM_FAILED;
}

/* returns: CRM_DONE, or CRM_REFUSED with the reasons said. */
static int weigh(const struct findings *all, bool force)
{
	int code = CRM_DONE;
	bool warned = false;

	for (size_t i = 0; i < all->count; i++) {
		const struct finding *x = &all->finding[i];

		crm_say("%s: %s", x->severity == SEVERITY_ERROR ? "refused" : "warning", x->reason);
		if (x->severity == SEVERITY_ERROR)
			code = CRM_REFUSED;
		else
			warned = true;
	}
	if (code == CRM_DONE && warned && !force) {
		crm_say("refused because of the warnings; --force does it all the same");
		code = CRM_REFUSED;
	}
	return code;
}

static void rest(void)
{
	struct timespec t = { 0, FAILBACK_LOOK_MS * 1000000L };

	(void)nanosleep(&t, NULL);
}

struct failback_watch {
	uint64_t start_ms;
	uint64_t served_ms; /* begin of the last look that saw all of it elsewhere */
	uint64_t up_ms;	    /* end of the look that saw all of it at the target */
	char told[FAILBACK_LINE_SIZE];
};

static bool watch_once(const struct failback *b, struct failback_watch *w)
{
	struct failback_place p;
	xmlDoc *doc;
	uint64_t at_ms = runner_now_ms();

	if (failback_look(NULL, &doc) == CRM_DONE) {
		failback_place(b, xmlDocGetRootElement(doc), &p);
		xmlFreeDoc(doc);
	} else {
		memset(&p, 0, sizeof(p));
		if (!runner_stopped())
			(void)snprintf(p.text, sizeof(p.text), "crm_mon does not show the cluster");
	}
	if (p.text[0] != 0 && strcmp(p.text, w->told) != 0) {
		memcpy(w->told, p.text, sizeof(w->told));
		(void)printf("%6.1f s  %s\n", (double)(at_ms - w->start_ms) / 1000, p.text);
		(void)fflush(stdout);
	}
	if (p.settled && p.node[0] != 0 && !facts_name_is(p.node, b->to))
		w->served_ms = at_ms;
	w->up_ms = runner_now_ms();
	return p.settled && p.node[0] != 0 && facts_name_is(p.node, b->to);
}

/* Whatever has become of the move: what of it is in the CIB.  in: code, of constraining; cleared,
 * of releasing. */
static void tell_end(const struct failback *b, const char *why, int code, int cleared)
{
	char line[FAILBACK_LINE_SIZE];

	if (cleared != CRM_DONE)
		(void)snprintf(line, sizeof(line),
			       "the constraint may be left: it ends by itself within %u s; "
			       "crm_resource --clear --resource %s --node %s removes it",
			       b->timeout_s, b->rsc, b->to);
	else if (code == CRM_DONE || runner_stopped())
		(void)snprintf(line, sizeof(line), "the constraint was removed");
	else
		(void)snprintf(line, sizeof(line), "no constraint is left");
	if (why != NULL)
		crm_say("%s: %s was not yet on %s; %s", why, b->rsc, b->to, line);
	else if (cleared != CRM_DONE)
		crm_say("%s", line);
}

static int move(const struct failback *b)
{
	struct failback_watch w = { .start_ms = runner_now_ms(), .served_ms = runner_now_ms() };
	bool there = false;
	int code, cleared;

	if (runner_stopped())
		return runner_say("crm_resource", RUNNER_STOPPED);
	code = failback_constrain(b, NULL);
	if (code == CRM_NOT_PERMITTED) /* for what comes first, so nothing was done */
		return code;
	while (code == CRM_DONE && !there && !runner_stopped() &&
	       runner_now_ms() - w.start_ms < (uint64_t)b->timeout_s * 1000) {
		there = watch_once(b, &w);
		if (!there)
			rest();
	}
	if (runner_stopped() && !there)
		crm_say("interrupted: removing the constraint");
	/* Also if it failed: that tells of the tool, not of the CIB. */
	cleared = failback_release(b, NULL);
	if (there)
		(void)printf("%s runs on %s; it was down for at most %.1f s\n", b->rsc, b->to,
			     (double)(w.up_ms - w.served_ms) / 1000);
	if (there)
		tell_end(b, NULL, code, cleared);
	else if (runner_stopped())
		tell_end(b, "interrupted", code, cleared);
	else
		tell_end(b, code == CRM_DONE ? "given up" : "failed", code, cleared);
	return there ? cleared : CRM_FAILED;
}

static int failback(struct failback *b, const struct failback_options *o)
{
	struct findings all = { NULL, 0 };
	struct failback_place p;
	xmlDoc *doc = NULL;
	int code = take_resource(b);

	if (code == CRM_DONE)
		code = take_target(b);
	if (code != CRM_DONE)
		return code;
	code = failback_look(b->cib, &doc);
	if (code != CRM_DONE && runner_stopped())
		return runner_say("crm_mon", RUNNER_STOPPED);
	if (code != CRM_DONE) {
		crm_say("crm_mon does not show the cluster");
		return code;
	}
	failback_place(b, xmlDocGetRootElement(doc), &p);
	(void)printf("%s: %s\n", b->rsc, p.text);
	if (p.node[0] != 0 && p.settled && facts_name_is(p.node, b->to)) {
		(void)printf("%s is on %s already: nothing to do\n", b->rsc, b->to);
	} else {
		failback_judge(b, xmlDocGetRootElement(doc), &all);
		code = failback_try(b, &all);
		(void)fflush(stdout);
		if (code == CRM_DONE)
			code = weigh(&all, o->force);
		if (code == CRM_DONE && !o->dry_run)
			code = move(b);
	}
	findings_free(&all);
	xmlFreeDoc(doc);
	return code;
}

int failback_main(int argc, char **argv)
{
	struct failback_options o = { .timeout_s = FAILBACK_TIMEOUT_S };
	struct failback b = { 0 };
	struct config_items *items;
	struct facts f;
	xmlNode *cib = NULL;
	int code = take_options(argc, argv, &o);

	if (code >= 0)
		return code;
	runner_catch();
	code = source_read_config(o.in.config, &items);
	if (code == CRM_DONE)
		code = source_read_cib(o.in.cib, &cib);
	if (code != CRM_DONE)
		return code;
	b.rsc = o.rsc;
	b.to = o.to;
	b.cib = o.in.cib;
	b.timeout_s = o.timeout_s;
	if (facts_take(cib, items, &f) == RC_OK) {
		b.f = &f;
		code = failback(&b, &o);
		facts_free(&f);
	} else {
		code = CRM_FAILED;
	}
	xmlFreeDoc(cib->doc);
	return code;
}

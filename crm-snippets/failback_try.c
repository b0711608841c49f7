/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>
#include <libxml/parser.h>

#include "crm-snippets/failback.h"
#include "crm-snippets/runner.h"
#include "crm-snippets/scratch.h"

struct try_files {
	char folder[SCRATCH_SIZE];
	char before[SCRATCH_SIZE];
	char after[SCRATCH_SIZE];
};

static int run_tool(const char *const command[], const char *cib)
{
	char environment[SCRATCH_SIZE + 16];
	unsigned int flags = RUNNER_ERRORS | (cib == NULL ? RUNNER_CHANGES : 0);
	char *output;
	int rc;

	(void)snprintf(environment, sizeof(environment), "CIB_file=%s", cib != NULL ? cib : "");
	rc = runner_run(command, cib != NULL ? environment : NULL, flags, &output);
	if (rc == 0) {
		free(output);
		return CRM_DONE;
	}
	if (rc > 0)
		runner_complain(output);
	free(output);
	/* What became of the live CIB is for the caller to say. */
	return cib == NULL && rc == RUNNER_STOPPED ? CRM_FAILED : runner_say(command[0], rc);
}

int failback_constrain(const struct failback *b, const char *cib)
{
	char lifetime[32];
	const char *const command[] = { "crm_resource",
					"--move",
					"--resource",
					b->rsc,
					"--node",
					b->to,
					"--lifetime",
					lifetime,
					b->promotable ? "--promoted" : NULL,
					NULL };

	(void)snprintf(lifetime, sizeof(lifetime), "PT%uS", b->timeout_s);
	return run_tool(command, cib);
}

int failback_release(const struct failback *b, const char *cib)
{
	/* Without a node it would take the bans of all other nodes as well. */
	const char *const command[] = { "crm_resource", "--clear", "--resource", b->rsc,
					"--node",	b->to,	   NULL };

	return run_tool(command, cib);
}

/* out: doc, what crm_simulate shows, to be freed.  returns: an exit code, said already. */
static int simulate(const char *from, const char *to, xmlDoc **doc)
{
	const char *const command[] = { "crm_simulate",	 "--simulate", "--xml-file",	  from,
					"--save-output", to,	       "--output-as=xml", NULL };
	char *text = NULL;
	int rc = runner_run(command, NULL, 0, &text);

	*doc = NULL;
	if (rc == 0 && text != NULL)
		*doc = xmlReadMemory(text, (int)strlen(text), "crm_simulate.xml", NULL,
				     XML_PARSE_NOBLANKS | XML_PARSE_NONET | XML_PARSE_NOERROR |
					     XML_PARSE_NOWARNING);
	free(text);
	if (*doc != NULL && xmlDocGetRootElement(*doc) != NULL)
		return CRM_DONE;
	if (*doc != NULL)
		xmlFreeDoc(*doc);
	(void)runner_say("crm_simulate", rc);
	return CRM_FAILED;
}

static bool is_step(const char *op)
{
	static const char *const steps[] = { "start",  "stop",	     "promote",
					     "demote", "migrate_to", "migrate_from" };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (op != NULL && strcmp(op, steps[i]) == 0)
			return true;
	return false;
}

static void print_steps(xmlNode *transition)
{
	int n = 0;

	for (xmlNode *x = transition->children; x != NULL; x = x->next) {
		const char *op = x->type == XML_ELEMENT_NODE ? facts_attribute(x, "op") : NULL;
		const char *rsc = op != NULL ? facts_attribute(x, "resource") : NULL;
		const char *node = op != NULL ? facts_attribute(x, "node") : NULL;

		if (rsc != NULL && node != NULL && is_step(op))
			(void)printf("  %d. %s %s on %s\n", ++n, op, rsc, node);
		else if (op != NULL && node != NULL &&
			 strcmp((const char *)x->name, "fencing") == 0)
			(void)printf("  %d. fence %s (%s)\n", ++n, node, op);
	}
	if (n == 0)
		(void)printf("  nothing is started or stopped\n");
}

static void place_after(const struct failback *b, xmlDoc *doc, struct failback_place *p)
{
	xmlNode *after = failback_child(xmlDocGetRootElement(doc), "revised_cluster_status");

	memset(p, 0, sizeof(*p));
	if (after != NULL)
		failback_place(b, after, p);
}

static int try_move(const struct failback *b, const struct try_files *t, struct findings *all)
{
	struct failback_place p;
	xmlNode *transition;
	xmlDoc *doc;
	int code = failback_constrain(b, t->before);

	if (code == CRM_DONE)
		code = simulate(t->before, t->after, &doc);
	if (code != CRM_DONE)
		return code;
	transition = failback_child(xmlDocGetRootElement(doc), "transition");
	(void)printf("moving %s to %s would:\n", b->rsc, b->to);
	if (transition != NULL)
		print_steps(transition);
	place_after(b, doc, &p);
	if (p.node[0] == 0 || !facts_name_is(p.node, b->to))
		finding_set_reason(finding_new(all, "failback", SEVERITY_ERROR),
				   "Pacemaker would not put %s there: constraints, bans or "
				   "failures forbid it (%s)",
				   b->rsc, p.text);
	xmlFreeDoc(doc);
	return CRM_DONE;
}

/* The constraint is taken away when the resource is there: does it stay? */
static int try_release(const struct failback *b, const struct try_files *t, struct findings *all)
{
	struct failback_place p;
	xmlDoc *doc;
	int code = failback_release(b, t->after);

	if (code == CRM_DONE)
		code = simulate(t->after, t->before, &doc);
	if (code != CRM_DONE)
		return code;
	place_after(b, doc, &p);
	if (p.node[0] != 0 && !facts_name_is(p.node, b->to))
		finding_set_reason(finding_new(all, "failback", SEVERITY_WARNING),
				   "%s would go to %s again as soon as the move is over: its "
				   "stickiness is not above the difference of its scores",
				   b->rsc, p.node);
	xmlFreeDoc(doc);
	return CRM_DONE;
}

static int save_cib(const struct failback *b, const struct try_files *t)
{
	if (xmlSaveFile(t->before, b->f->cib->doc) >= 0)
		return CRM_DONE;
	crm_say("%s: cannot be written", t->before);
	return CRM_FAILED;
}

int failback_try(const struct failback *b, struct findings *all)
{
	struct try_files t;
	size_t errors = 0;
	int code = scratch_make(t.folder);

	if (code != CRM_DONE)
		return code;
	(void)scratch_path(t.folder, "before.xml", t.before);
	(void)scratch_path(t.folder, "after.xml", t.after);
	code = save_cib(b, &t);
	if (code == CRM_DONE)
		code = try_move(b, &t, all);
	for (size_t i = 0; i < all->count; i++)
		errors += all->finding[i].severity == SEVERITY_ERROR;
	/* Where it does not get there, there is nothing to go back from. */
	if (code == CRM_DONE && errors == 0)
		code = try_release(b, &t, all);
	scratch_remove(t.folder);
	return code;
}

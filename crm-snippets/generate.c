/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: qarb-crm generate. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/xml.h>

#include "crm-snippets/apply.h"
#include "crm-snippets/crm.h"
#include "crm-snippets/options.h"
#include "crm-snippets/plan.h"
#include "crm-snippets/runner.h"

static const char generate_help[] =
	"Usage: qarb-crm generate --resource=R --policy=POLICY [OPTION]...\n"
	"Print what puts a resource's constraints in line with the arbiter, or do it.\n"
	"\n"
	"  --resource=R      the resource, group or clone\n"
	"  --policy=POLICY   sticky: it stays where it runs until an administrator moves it\n"
	"                    follow-tie-breaker: it prefers the nodes in tie_breaker's order\n"
	"  --prefer=LIST     nodes in this order, as node2,node1\n"
	"  --format=FORM     crmsh (default), pcs or xml (a patch for cibadmin --patch)\n"
	"  --apply           change the cluster, atomically, after crm_verify in a shadow CIB\n"
	"  --cib=FILE        a CIB in a file instead of the live one; --apply then changes the "
	"file\n"
	"  --config=FILE     corosync.conf (default /etc/corosync/corosync.conf)\n"
	"  -h, --help        print this and exit\n"
	"\n"
	"Exit status: 0 done, 1 failed, 2 usage, 3 cluster not running, 4 refused because it "
	"would\n"
	"contradict the arbitration, 5 not permitted.\n";

enum { GENERATE_LOOKS = 5 }; /* at a CIB that others change before the change of it is made */

enum format { FORMAT_CRMSH = 0, FORMAT_PCS, FORMAT_XML };

struct generate_options {
	struct crm_input in;
	enum format format;
	enum plan_policy policy;
	bool policy_given;
	bool apply;
	const char *rsc;
	const char *prefer;
};

/* in: allowed, the known ones as they are told. */
static int take_word(const char *option, const char *word, const char *const known[],
		     const char *allowed)
{
	for (int i = 0; known[i] != NULL; i++)
		if (strcmp(word, known[i]) == 0)
			return i;
	crm_say("--%s=%s: allowed is %s", option, word, allowed);
	return -1;
}

static bool take_option(int letter, const char *value, void *options)
{
	static const char *const policies[] = { "sticky", "follow-tie-breaker", NULL };
	static const char *const formats[] = { "crmsh", "pcs", "xml", NULL };
	struct generate_options *o = options;
	int word = 0;

	switch (letter) {
	case 'r':
		o->rsc = value;
		break;
	case 'e':
		o->prefer = value;
		break;
	case 'a':
		o->apply = true;
		break;
	case 'p':
		word = take_word("policy", value, policies, "sticky or follow-tie-breaker");
		o->policy = word > 0 ? PLAN_FOLLOW : PLAN_STICKY;
		o->policy_given = true;
		break;
	case 'f':
		word = take_word("format", value, formats, "crmsh, pcs or xml");
		o->format = word > 0 ? (enum format)word : FORMAT_CRMSH;
		break;
	default:
		break;
	}
	return word >= 0;
}

/* returns: -1 to go on, else the exit code. */
static int take_options(int argc, char **argv, struct generate_options *o)
{
	static const struct option own[] = {
		{ "resource", required_argument, NULL, 'r' },
		{ "prefer", required_argument, NULL, 'e' },
		{ "policy", required_argument, NULL, 'p' },
		{ "format", required_argument, NULL, 'f' },
		{ "apply", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct crm_command command = { "generate", generate_help, own, take_option };
	int code = options_read(&command, argc, argv, &o->in, o);

	if (code >= 0)
		return code;
	if (optind < argc)
		crm_say("%s: not an option", argv[optind]);
	else if (o->rsc == NULL || !o->policy_given)
		crm_say("generate needs --resource and --policy");
	else
		return -1;
	return options_hint(&command);
}

enum summary { SUMMARY_TEXT = 0, SUMMARY_SHELL, SUMMARY_XML };

static void print_line(enum summary form, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One line, as a comment where commands or a patch follow. */
static void print_line(enum summary form, const char *format, ...)
{
	char line[2048];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	(void)fputs(form == SUMMARY_XML ? "<!-- " : form == SUMMARY_SHELL ? "# " : "", stdout);
	for (const char *c = line; *c != 0; c++) {
		(void)putchar(*c);
		/* XML allows no two in a row there, and names may have them. */
		if (form == SUMMARY_XML && c[0] == '-' && c[1] == '-')
			(void)putchar(' ');
	}
	(void)puts(form == SUMMARY_XML ? " -->" : "");
}

static void print_summary(const struct plan *p, enum summary form)
{
	char text[16];

	if (p->count == 0)
		print_line(form, "%s is as it should be: nothing to change", p->rsc);
	for (size_t i = 0; i < p->count; i++) {
		const struct plan_change *c = &p->change[i];
		const char *score = facts_score_text(c->score, text, sizeof(text));

		switch (c->kind) {
		case PLAN_ADD_LOCATION:
			print_line(form, "adds %s: %s%s on %s scores %s", c->id, p->rsc,
				   p->promoted ? " promoted" : "", c->node, score);
			break;
		case PLAN_REMOVE_LOCATION:
			print_line(form, "removes %s", c->id);
			break;
		case PLAN_SET_STICKINESS:
			print_line(form, "changes %s: resource-stickiness of %s from %s to %s",
				   c->id, c->rsc, c->before ? c->before : "none", score);
			break;
		}
	}
}

static void print_location(const struct plan *p, const struct plan_change *c, const char *score,
			   bool crmsh)
{
	if (crmsh)
		(void)printf("crm configure location %s %s %s%s%s%s: %s\n", c->id, p->rsc,
			     p->promoted ? "role=" : "", p->promoted ? p->role : "",
			     p->promoted ? " " : "", score, c->node);
	else if (p->promoted) /* pcs knows roles in rules alone */
		(void)printf("pcs constraint location %s rule constraint-id=%s role=%s "
			     "score=%s '#uname' eq %s\n",
			     p->rsc, c->id, p->role, score, c->node);
	else
		(void)printf("pcs constraint location add %s %s %s %s\n", c->id, p->rsc, c->node,
			     score);
}

static void print_commands(const struct plan *p, enum format format)
{
	bool crmsh = format == FORMAT_CRMSH;
	char text[16];

	for (size_t i = 0; i < p->count; i++) {
		const struct plan_change *c = &p->change[i];
		const char *score = facts_score_text(c->score, text, sizeof(text));

		switch (c->kind) {
		case PLAN_ADD_LOCATION:
			print_location(p, c, score, crmsh);
			break;
		case PLAN_REMOVE_LOCATION:
			(void)printf("%s %s\n",
				     crmsh ? "crm configure delete" : "pcs constraint delete",
				     c->id);
			break;
		case PLAN_SET_STICKINESS:
			(void)printf(crmsh ? "crm resource meta %s set resource-stickiness %s\n"
					   : "pcs resource meta %s resource-stickiness=%s\n",
				     c->rsc, score);
			break;
		}
	}
}

static int generate(const struct generate_options *o, const struct facts *f, struct plan *p)
{
	char error[1024];
	char *patch;
	enum rc rc = plan_make(f, p, error, sizeof(error));
	int code = CRM_DONE;

	if (rc == RC_REFUSED) {
		crm_say("refused: %s", error);
		return CRM_REFUSED;
	}
	if (rc != RC_OK) {
		crm_say("%s", error);
		return CRM_FAILED;
	}
	if (o->apply) {
		print_summary(p, SUMMARY_TEXT);
		return p->count == 0 ? CRM_DONE : apply_plan(o->in.cib, f->cib, p->cib);
	}
	if (o->format == FORMAT_XML) {
		print_summary(p, SUMMARY_XML);
		patch = p->count == 0 ? NULL : apply_patch(f->cib, p->cib);
		if (patch != NULL)
			(void)fputs(patch, stdout);
		else if (p->count != 0)
			code = CRM_FAILED;
		free(patch);
		return code;
	}
	print_summary(p, SUMMARY_SHELL);
	print_commands(p, o->format);
	return CRM_DONE;
}

/* Read the CIB and generate from it.  returns: an exit code, or CRM_CHANGED. */
static int look_and_generate(const struct generate_options *o, struct config_items *items)
{
	struct plan p = { .rsc = o->rsc, .policy = o->policy, .prefer = o->prefer };
	struct facts f;
	xmlNode *cib = NULL;
	int code = source_read_cib(o->in.cib, &cib);

	if (code != CRM_DONE)
		return code;
	if (facts_take(cib, items, &f) == RC_OK) {
		code = generate(o, &f, &p);
		plan_free(&p);
		facts_free(&f);
	} else {
		code = CRM_FAILED;
	}
	xmlFreeDoc(cib->doc);
	return code;
}

int generate_main(int argc, char **argv)
{
	struct generate_options o = { .format = FORMAT_CRMSH };
	struct config_items *items;
	int code = take_options(argc, argv, &o);

	if (code >= 0)
		return code;
	runner_catch();
	code = source_read_config(o.in.config, &items);
	if (code == CRM_DONE && items == NULL) {
		crm_say("/etc/corosync/corosync.conf: not there; --config FILE names another");
		return CRM_FAILED;
	}
	if (code != CRM_DONE)
		return code;
	/* Each result of a monitor makes the CIB another one. */
	for (int looks = 1; (code = look_and_generate(&o, items)) == CRM_CHANGED; looks++) {
		if (looks == GENERATE_LOOKS) {
			crm_say("the CIB was changed %d times while it was looked at: nothing was "
				"changed",
				looks);
			return CRM_FAILED;
		}
		crm_say("the CIB was changed meanwhile: looking at it again");
	}
	return code;
}

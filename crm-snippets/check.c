/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: qarb-crm check. */
#include <string.h>

#include <crm/common/xml.h>

#include "crm-snippets/crm.h"
#include "crm-snippets/options.h"
#include "crm-snippets/rules/rules.h"

static const char check_help[] =
	"Usage: qarb-crm check [OPTION]... [RULE]...\n"
	"Look for contradictions between a cluster's CIB and its arbitration; RULE: only these.\n"
	"\n"
	"  --cib=FILE        a CIB in a file instead of the live one\n"
	"  --config=FILE     corosync.conf (default /etc/corosync/corosync.conf)\n"
	"  --sbd=FILE        sbd's configuration (default /etc/default/sbd, /etc/sysconfig/sbd)\n"
	"  --output-as=FORM  text (default), xml or json\n"
	"  --list            print the rules and exit\n"
	"  -h, --help        print this and exit\n"
	"\n"
	"Exit status: 0 nothing above a note, 6 warnings, 7 errors; 1 failed, 2 usage, 3 cluster "
	"not\n"
	"running, 5 not permitted.\n";

static const struct rule *const check_rules[] = {
	&rule_stonith_disabled,	    &rule_no_quorum_ignore,    &rule_node_unfenced,
	&rule_fence_qarb_alone,	    &rule_sbd_timeout,	       &rule_node_names,
	&rule_tie_breaker_location, &rule_stickiness_failback, &rule_infinity_preference,
	&rule_move_leftover,	    &rule_workload_colocation, &rule_fencing_delay,
};
enum { CHECK_RULES = sizeof(check_rules) / sizeof(check_rules[0]) };

struct check_options {
	struct crm_input in;
	enum output output;
	bool list;
};

static bool take_option(int letter, const char *value, void *options)
{
	static const char *const forms[] = { "text", "xml", "json" };
	struct check_options *o = options;

	if (letter == 's')
		o->in.sbd = value;
	if (letter == 'l')
		o->list = true;
	if (letter != 'o')
		return true;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(value, forms[i]) == 0) {
			o->output = (enum output)i;
			return true;
		}
	}
	crm_say("--output-as=%s: allowed is text, xml or json", value);
	return false;
}

/* returns: -1 to go on, else the exit code. */
static int take_options(int argc, char **argv, struct check_options *o)
{
	static const struct option own[] = {
		{ "sbd", required_argument, NULL, 's' },
		{ "output-as", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	static const struct crm_command command = { "check", check_help, own, take_option };
	int code = options_read(&command, argc, argv, &o->in, o);

	if (code >= 0)
		return code;
	for (int i = optind; i < argc; i++) {
		size_t k = 0;

		while (k < CHECK_RULES && strcmp(check_rules[k]->id, argv[i]) != 0)
			k++;
		if (k == CHECK_RULES) {
			crm_say("%s: no such rule, see qarb-crm check --list", argv[i]);
			return CRM_USAGE;
		}
	}
	return -1;
}

static int list_rules(void)
{
	for (size_t i = 0; i < CHECK_RULES; i++)
		(void)printf("%-20s %-8s %s\n", check_rules[i]->id,
			     finding_severity_text(check_rules[i]->severity),
			     check_rules[i]->title);
	return CRM_DONE;
}

static bool is_wanted(const char *id, char *const *wanted)
{
	if (*wanted == NULL)
		return true;
	for (; *wanted != NULL; wanted++)
		if (strcmp(id, *wanted) == 0)
			return true;
	return false;
}

static int exit_code(const struct findings *all)
{
	int code = CRM_DONE;

	for (size_t i = 0; i < all->count; i++) {
		if (all->finding[i].severity == SEVERITY_ERROR)
			return CRM_FOUND_ERROR;
		if (all->finding[i].severity == SEVERITY_WARNING)
			code = CRM_FOUND_WARNING;
	}
	return code;
}

static int take_sbd(struct facts *f, const char *path)
{
	if (path != NULL && facts_take_sbd(f, path) != RC_OK) {
		crm_say("%s: cannot be read", path);
		return CRM_FAILED;
	}
	/* Debian's place, then that of the others; sbd may also not be there at all. */
	if (path == NULL && facts_take_sbd(f, "/etc/default/sbd") != RC_OK &&
	    facts_take_sbd(f, "/etc/sysconfig/sbd") != RC_OK)
		f->sbd_watchdog_ms = 0;
	return CRM_DONE;
}

int check_main(int argc, char **argv)
{
	struct check_options o = { .output = OUTPUT_TEXT };
	struct findings all = { NULL, 0 };
	struct config_items *items;
	struct facts f;
	xmlNode *cib = NULL;
	int code = take_options(argc, argv, &o);

	if (code >= 0)
		return code;
	if (o.list)
		return list_rules();
	code = source_read_config(o.in.config, &items);
	if (code == CRM_DONE)
		code = source_read_cib(o.in.cib, &cib);
	if (code != CRM_DONE)
		return code;
	/* The rules know one schema: the newest. */
	if (!cli_config_update(&cib, NULL, FALSE)) {
		crm_say("the CIB does not follow its schema, see crm_verify");
		code = CRM_FAILED;
	} else if (facts_take(cib, items, &f) == RC_OK) {
		code = take_sbd(&f, o.in.sbd);
		if (items == NULL)
			crm_say("no corosync.conf: rules about tie_breaker and node names are "
				"silent");
		for (size_t i = 0; i < CHECK_RULES && code == CRM_DONE; i++)
			if (is_wanted(check_rules[i]->id, argv + optind))
				check_rules[i]->judge(&f, &all);
		if (code == CRM_DONE) {
			findings_print(&all, o.output, stdout);
			code = exit_code(&all);
		}
		findings_free(&all);
		facts_free(&f);
	} else {
		code = CRM_FAILED;
	}
	xmlFreeDoc(cib->doc);
	return code;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "fence-bridge/cibfacts.h"

static struct facts facts;

static void read_text(const char *text)
{
	xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "cib", NULL, 0);

	assert_non_null(doc);
	cibfacts_read(xmlDocGetRootElement(doc), &facts);
	xmlFreeDoc(doc);
}

/* in: properties and sets of properties, attributes of node 2, the status section. */
static void read_cib(const char *properties, const char *node, const char *status)
{
	char text[4096];

	(void)snprintf(text, sizeof(text),
		       "<cib><configuration><crm_config>%s</crm_config><nodes>"
		       "<node id='1' uname='alpha'/>"
		       "<node id='2' uname='beta'><instance_attributes id='a'>%s"
		       "</instance_attributes></node>"
		       "<node id='far' uname='far' type='remote'/>"
		       "</nodes></configuration><status>%s</status></cib>",
		       properties, node, status);
	read_text(text);
}

#define UP                                                                                         \
	"<node_state id='1' uname='alpha' in_ccm='true' crmd='online' join='member' "              \
	"expected='member'/>"
#define JOINED "in_ccm='true' crmd='online' join='member' expected='member'"
#define STATE(words, more)                                                                         \
	"<node_state id='2' uname='beta' " words ">"                                               \
	"<transient_attributes id='2'><instance_attributes id='t'>" more                           \
	"</instance_attributes></transient_attributes></node_state>"
#define NVPAIR(name, value) "<nvpair id='" name "-x' name='" name "' value='" value "'/>"

static void what_is_no_cib_is_not_known(void **state)
{
	(void)state;
	read_text("<failed/>");
	assert_false(facts.known);
	read_text("<cib/>");
	assert_false(facts.known);
	cibfacts_read(NULL, &facts);
	assert_false(facts.known);
}

static void pacemakers_defaults(void **state)
{
	(void)state;
	read_cib("", "", UP);
	assert_true(facts.known);
	assert_true(facts.stonith_enabled);
	assert_false(facts.maintenance);
	assert_int_equal(facts.stonith_timeout_ms, 60000);
	assert_int_equal(facts.node_count, 2);
	assert_string_equal(facts.node[1].name, "beta");
	assert_int_equal(facts.node[1].node_id, 2);
}

static void properties_of_the_cluster(void **state)
{
	(void)state;
	read_cib("<cluster_property_set id='p'>" NVPAIR("stonith-enabled", "off")
			 NVPAIR("maintenance-mode", "yes")
				 NVPAIR("stonith-timeout", "2min") "</cluster_property_set>",
		 "", UP);
	assert_false(facts.stonith_enabled);
	assert_true(facts.maintenance);
	assert_int_equal(facts.stonith_timeout_ms, 120000);
	/* Maintenance of the cluster is maintenance of every node. */
	assert_true(facts.node[0].maintenance);
}

static void the_bootstrap_set_comes_first_then_the_higher_score(void **state)
{
	(void)state;
	read_cib(
		"<cluster_property_set id='low' score='1'>" NVPAIR("stonith-enabled", "true")
			NVPAIR("maintenance-mode",
			       "false") "</cluster_property_set>"
					"<cluster_property_set id='high' score='INFINITY'>" NVPAIR(
						"stonith-enabled", "true")
						NVPAIR("maintenance-mode",
						       "true") "</cluster_property_set>"
							       "<cluster_property_set "
							       "id='cib-bootstrap-options'>" NVPAIR(
								       "stonith-enabled",
								       "false") "</"
										"cluster_property_"
										"set>",
		"", UP);
	assert_false(facts.stonith_enabled);
	assert_true(facts.maintenance);
}

static void maintenance_of_one_node(void **state)
{
	(void)state;
	read_cib("", NVPAIR("maintenance", "on"), UP);
	assert_false(facts.maintenance);
	assert_false(facts.node[0].maintenance);
	assert_true(facts.node[1].maintenance);
}

/* As crm_simulate shows it. */
static void maintenance_until_the_node_is_booted_comes_first(void **state)
{
	(void)state;
	read_cib("", "", UP STATE(JOINED, NVPAIR("maintenance", "Yes")));
	assert_false(facts.node[0].maintenance);
	assert_true(facts.node[1].maintenance);
	read_cib("", NVPAIR("maintenance", "true"),
		 UP STATE(JOINED, NVPAIR("maintenance", "false")));
	assert_false(facts.node[1].maintenance);
	read_cib("", NVPAIR("maintenance", "true"), UP STATE(JOINED, NVPAIR("shutdown", "0")));
	assert_true(facts.node[1].maintenance);
	/* That of the whole cluster is another thing. */
	read_cib("<cluster_property_set id='p'>" NVPAIR("maintenance-mode",
							"true") "</cluster_property_set>",
		 "", UP STATE(JOINED, NVPAIR("maintenance", "false")));
	assert_true(facts.node[1].maintenance);
}

static void a_clean_shutdown_is_seen_in_each_of_its_stages(void **state)
{
	static const struct {
		const char *status;
		bool shutting_down, controller_left;
	} cases[] = {
		{ STATE("in_ccm='true' crmd='online' join='member' expected='member'", ""), false,
		  false },
		{ STATE("in_ccm='true' crmd='online' join='member' expected='member'",
			NVPAIR("shutdown", "0")),
		  false, false },
		{ STATE("in_ccm='true' crmd='online' join='member' expected='member'",
			NVPAIR("shutdown", "1795370000")),
		  true, false },
		{ STATE("in_ccm='true' crmd='offline' join='down' expected='down'", ""), false,
		  true },
		{ STATE("in_ccm='false' crmd='offline' join='down' expected='down'", ""), false,
		  true },
		/* It crashed. */
		{ STATE("in_ccm='true' crmd='offline' join='down' expected='member'", ""), false,
		  false },
		{ STATE("in_ccm='false' crmd='offline' join='down' expected='member'", ""), false,
		  false },
		/* Pacemaker from 2.1.7 on writes times. */
		{ STATE("in_ccm='1795370000' crmd='1795370001' join='member' expected='member'",
			""),
		  false, false },
		{ STATE("in_ccm='1795370000' crmd='0' join='down' expected='down'", ""), false,
		  true },
		/* Never there. */
		{ "", false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_cib("", "", cases[i].status);
		assert_int_equal(facts.node_count, 2);
		assert_int_equal(facts.node[1].shutting_down, cases[i].shutting_down);
		assert_int_equal(facts.node[1].controller_left, cases[i].controller_left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_cib_is_not_known),
		cmocka_unit_test(pacemakers_defaults),
		cmocka_unit_test(properties_of_the_cluster),
		cmocka_unit_test(the_bootstrap_set_comes_first_then_the_higher_score),
		cmocka_unit_test(maintenance_of_one_node),
		cmocka_unit_test(maintenance_until_the_node_is_booted_comes_first),
		cmocka_unit_test(a_clean_shutdown_is_seen_in_each_of_its_stages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "fence-bridge/agent/metadata.h"
#include "fence-bridge/agent/options.h"

static struct agent_options options;
static char error[200];

static enum rc line(const char *text)
{
	return options_line(&options, text, error, sizeof(error));
}

static void refuses_what_it_cannot_mean(void **state)
{
	static const char *const bad[] = {
		"action=destroy",
		"action=",
		"action=Off",
		"power_timeout=0",
		"power_timeout=",
		"power_timeout=-3",
		"power_timeout=10s",
		"power_timeout=86401",
		"power_timeout=99999999999999999999",
		"unsafe_silence=yes",
		"nothing",
		"=off",
		"plug=0123456789012345678901234567890123456789012345678901234567890123",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		options_init(&options);
		assert_int_not_equal(line(bad[i]), RC_OK);
		assert_true(error[0] != 0);
		assert_null(strchr(error, '\n'));
	}
}

static void takes_what_pacemaker_gives(void **state)
{
	(void)state;
	options_init(&options);
	assert_int_equal(options.action, AGENT_REBOOT);
	assert_int_equal(options.power_timeout_s, 50);
	assert_int_equal(options.unsafe_silence_s, 0);
	assert_int_equal(line("# a remark"), RC_OK);
	assert_int_equal(line(""), RC_OK);
	assert_int_equal(line("  action=off"), RC_OK);
	assert_int_equal(line("nodename=alpha"), RC_OK);
	assert_int_equal(line("port=beta"), RC_OK);
	assert_int_equal(line("power_timeout=86400"), RC_OK);
	assert_int_equal(line("unsafe_silence=0"), RC_OK);
	assert_int_equal(
		line("a_name_that_is_longer_than_any_of_ours_and_belongs_to_someone_else=1"),
		RC_OK);
	assert_int_equal(options.action, AGENT_OFF);
	assert_string_equal(options.plug, "beta");
	assert_int_equal(options.power_timeout_s, 86400);
}

static void verbose_is_what_fence_agents_call_true(void **state)
{
	static const char *const yes[] = { "verbose=1", "verbose=yes", "verbose=True",
					   "verbose=on" };
	static const char *const no[] = { "verbose=0", "verbose=no", "verbose=false", "verbose=off",
					  "verbose=" };

	(void)state;
	options_init(&options);
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		options.verbose = false;
		assert_int_equal(line(yes[i]), RC_OK);
		assert_true(options.verbose);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		options.verbose = true;
		assert_int_equal(line(no[i]), RC_OK);
		assert_false(options.verbose);
	}
}

/* Every action of the metadata is known, and every parameter is taken. */
static void the_metadata_describe_it(void **state)
{
	xmlDoc *doc = xmlReadMemory(metadata_xml, (int)strlen(metadata_xml), "metadata", NULL, 0);
	int actions = 0, parameters = 0;

	(void)state;
	assert_non_null(doc);
	for (xmlNode *n = xmlDocGetRootElement(doc)->children; n != NULL; n = n->next) {
		for (xmlNode *k = n->children; k != NULL; k = k->next) {
			xmlChar *name = xmlGetProp(k, (const xmlChar *)"name");

			if (name == NULL)
				continue;
			options_init(&options);
			if (strcmp((const char *)n->name, "actions") == 0) {
				assert_int_equal(options_set(&options, "action", (char *)name,
							     error, sizeof(error)),
						 RC_OK);
				actions++;
			} else {
				parameters++;
			}
			xmlFree(name);
		}
	}
	assert_int_equal(actions, AGENT_ACTIONS);
	assert_true(parameters >= 5);
	assert_non_null(strstr(metadata_xml, "UNSAFE"));
	xmlFreeDoc(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_it_cannot_mean),
		cmocka_unit_test(takes_what_pacemaker_gives),
		cmocka_unit_test(verbose_is_what_fence_agents_call_true),
		cmocka_unit_test(the_metadata_describe_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

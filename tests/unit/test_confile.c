/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/confile.h"

static struct config_items items;
static char error[200];

static enum rc parse(const char *text)
{
	return confile_parse(text, strlen(text), &items, error, sizeof(error));
}

static void faults_in_corosync_conf_name_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *begin;
	} wrong[] = {
		{ "abc: 1\nb\n", "line 2: neither" },
		/* corosync's cmap takes no such keys, and corosync does not start. */
		{ "\xef\xbb\xbftotem {\n version: 2\n}\n", "line 1: a byte order mark" },
		{ "totem {\n}\ny: 1\n", "line 3: the key 'y' is shorter than 3" },
		{ "totem {\n cluster name: a\n}\n", "line 2: the key totem.cluster name has" },
		{ "totem {\n x\xc3\xa4: a\n}\n", "line 2: the key totem.x\xc3\xa4 has" },
		{ "my section {\n x: a\n}\n", "line 2: the key my section.x has" },
		{ "}\n", "line 1: '}' closes" },
		{ "\n\n{\n", "line 3: '{' without" },
		{ "a {\nb {\n}\n", "line 3: the section a is not closed" },
		{ "a { b: 1 }\n", "line 1: text behind" },
		{ "a {\n : 1\n}\n", "line 2: ':' without" },
	};
	char text[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(wrong[i].text), RC_SYNTAX);
		if (strncmp(error, wrong[i].begin, strlen(wrong[i].begin)) != 0)
			fail_msg("entry %zu: %s", i, error);
	}
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(parse(text), RC_SYNTAX);
	assert_int_equal(confile_parse("a: \0b", 5, &items, error, sizeof(error)), RC_SYNTAX);
	/* Sections deeper than any real file, and names longer than any key. */
	for (size_t i = 0; i < 100; i++)
		memcpy(text + 4 * i, "a {\n", 5);
	assert_int_equal(parse(text), RC_SYNTAX);
	for (size_t i = 0; i < 10; i++)
		memcpy(text + 43 * i, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa {\n", 44);
	assert_int_equal(parse(text), RC_SYNTAX);
}

static void sections_become_keys_with_dots(void **state)
{
	(void)state;
	assert_int_equal(
		parse("# a comment: not a key\n"
		      "totem {\n\tcluster_name:  the cluster \n\n}\n"
		      "quorum {\n device {\n  model: qarb\n  qarb {\n   disk: /dev/a:b\n  }\n"
		      "  timeout: 450\n }\n}\n"
		      "nodelist {\nnode {\nnodeid: 5\n}\n  node  {\nnodeid: 7\n}\n}\n"
		      "last: 1"),
		RC_OK);
	assert_string_equal(error, "");
	assert_int_equal(items.count, 7);
	assert_string_equal(config_find(&items, "totem.cluster_name"), "the cluster");
	assert_string_equal(config_find(&items, "quorum.device.model"), "qarb");
	assert_string_equal(config_find(&items, "quorum.device.qarb.disk"), "/dev/a:b");
	assert_string_equal(config_find(&items, "quorum.device.timeout"), "450");
	assert_string_equal(config_find(&items, "nodelist.node.0.nodeid"), "5");
	assert_string_equal(config_find(&items, "nodelist.node.1.nodeid"), "7");
	assert_string_equal(config_find(&items, "last"), "1");
	assert_null(config_find(&items, "timeout"));
}

static void a_missing_corosync_conf_is_told_by_its_name(void **state)
{
	char path[] = "/tmp/qarb-unit-XXXXXX";
	int fd;

	(void)state;
	assert_int_equal(confile_read("/nonexistent/c.conf", &items, error, sizeof(error)),
			 RC_NOTFOUND);
	assert_non_null(strstr(error, "/nonexistent/c.conf"));
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "totem {\n", 8), 8);
	(void)close(fd);
	assert_int_equal(confile_read(path, &items, error, sizeof(error)), RC_SYNTAX);
	assert_non_null(strstr(error, ": line 1: the section totem is not closed"));
	assert_int_equal(strncmp(error, path, strlen(path)), 0);
	(void)unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_in_corosync_conf_name_their_line),
		cmocka_unit_test(a_missing_corosync_conf_is_told_by_its_name),
		cmocka_unit_test(sections_become_keys_with_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

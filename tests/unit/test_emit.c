/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture_tool.h"
#include "tool/emit.h"

static const char *shown;

static int show(int argc, char **argv)
{
	struct emit e;

	(void)argc;
	emit_begin(&e, argv[1][0] == 'x' ? CTL_XML : CTL_JSON, stdout, "test");
	emit_text(&e, "text", shown);
	emit_number(&e, "most", UINT64_MAX);
	emit_hex(&e, "id", 0xfedcba9876543210u);
	emit_bool(&e, "yes", true);
	emit_optional(&e, "unknown", 5, false);
	emit_optional(&e, "known", 5, true);
	emit_list(&e, "none");
	emit_close(&e);
	emit_list(&e, "nodes");
	emit_node_id(&e, 1);
	emit_node_id(&e, 2);
	emit_close(&e);
	emit_object(&e, "inside");
	emit_number(&e, "n", 1);
	emit_list(&e, "items");
	emit_object(&e, "item");
	emit_number(&e, "n", 2);
	emit_close(&e);
	emit_close(&e);
	emit_close(&e);
	emit_end(&e);
	return 0;
}

static void what_is_described_once_comes_out_in_both_forms(void **state)
{
	(void)state;
	shown = "plain";
	assert_int_equal(call(show, "show", "xml", NULL), 0);
	assert_string_equal(
		out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		     "<qarb-result api_version=\"1\" command=\"test\" text=\"plain\" "
		     "most=\"18446744073709551615\" id=\"0xfedcba9876543210\" yes=\"true\" "
		     "known=\"5\">\n"
		     "  <none/>\n"
		     "  <nodes>\n    <node node_id=\"1\"/>\n    <node node_id=\"2\"/>\n  </nodes>\n"
		     "  <inside n=\"1\">\n    <items>\n      <item n=\"2\"/>\n    </items>\n"
		     "  </inside>\n"
		     "</qarb-result>\n");
	assert_int_equal(call(show, "show", "json", NULL), 0);
	assert_string_equal(
		out, "{\n  \"api_version\": 1,\n  \"command\": \"test\",\n  \"text\": \"plain\",\n"
		     "  \"most\": 18446744073709551615,\n  \"id\": \"0xfedcba9876543210\",\n"
		     "  \"yes\": true,\n  \"unknown\": null,\n  \"known\": 5,\n  \"none\": [],\n"
		     "  \"nodes\": [\n    1,\n    2\n  ],\n"
		     "  \"inside\": {\n    \"n\": 1,\n    \"items\": [\n      {\n        \"n\": 2\n"
		     "      }\n    ]\n  }\n}\n");
}

static void text_of_any_bytes_is_well_formed(void **state)
{
	static const struct {
		const char *text, *xml, *json;
	} table[] = {
		{ "<&>\"'", "\"&#60;&#38;&#62;&#34;'\"", "\"<&>\\\"'\"" },
		{ "a\tb\nc", "\"a&#9;b&#10;c\"", "\"a\\u0009b\\u000ac\"" },
		{ "\x01\x1b", "\"&#xfffd;&#xfffd;\"", "\"\\u0001\\u001b\"" },
		{ "\xc3\xa4", "\"\xc3\xa4\"", "\"\xc3\xa4\"" },
		/* Alone, overlong, a surrogate, beyond the last, cut short. */
		{ "\xa4", "\"&#xfffd;\"", "\"\\ufffd\"" },
		{ "\xc0\xaf", "\"&#xfffd;&#xfffd;\"", "\"\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", "\"&#xfffd;&#xfffd;&#xfffd;\"", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", "\"&#xfffd;&#xfffd;&#xfffd;&#xfffd;\"",
		  "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82", "\"&#xfffd;&#xfffd;\"", "\"\\ufffd\\ufffd\"" },
		/* U+FFFE is no character of XML. */
		{ "\xef\xbf\xbe", "\"&#xfffd;\"", "\"\xef\xbf\xbe\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		shown = table[i].text;
		assert_int_equal(call(show, "show", "xml", NULL), 0);
		if (strstr(out, table[i].xml) == NULL)
			fail_msg("entry %zu: no %s in:\n%s", i, table[i].xml, out);
		assert_int_equal(call(show, "show", "json", NULL), 0);
		if (strstr(out, table[i].json) == NULL)
			fail_msg("entry %zu: no %s in:\n%s", i, table[i].json, out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_described_once_comes_out_in_both_forms),
		cmocka_unit_test(text_of_any_bytes_is_well_formed),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

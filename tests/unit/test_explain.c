/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `qarbctl explain`: the deciding code's winner of every split is the one that the page of the
 * protocol ranks first, worked out here once more. */
#include "fixture_tool.h"
#include "tool/ctl.h"
#include "tool/explain.h"

static void cluster(uint32_t nodes, const char *qarb, const char *more_device)
{
	static char text[4096];
	size_t at;

	at = (size_t)snprintf(text, sizeof(text),
			      "totem {\n cluster_name: demo\n token: 1000\n}\nquorum {\n"
			      " provider: corosync_votequorum\n device {\n  model: qarb\n"
			      "  timeout: 450\n  sync_timeout: 900\n  %s\n  qarb {\n   disk: san1\n"
			      "   %s\n  }\n }\n}\nnodelist {\n",
			      more_device, qarb);
	for (uint32_t i = 1; i <= nodes; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       " node {\n  nodeid: %u\n  name: n%u\n }\n", i * 10, i);
	(void)snprintf(text + at, sizeof(text) - at, "}\n");
	write_conf(text);
}

static uint32_t lines_of(const char *text)
{
	uint32_t n = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		n++;
	return n;
}

static void bad_words_are_refused_in_one_line(void **state)
{
	(void)state;
	cluster(4, "", "");
	refused(call(explain_main, "explain", "-c", conf, "--frob", NULL), 2, "'--frob'");
	refused(call(explain_main, "explain", "-c", conf, "10/20", NULL), 2, "'10/20'");
	refused(call(explain_main, "explain", "-c", conf, "-s", "10/50", NULL), 2,
		"'50' is no node");
	refused(call(explain_main, "explain", "-c", conf, "-s", "10/,20", NULL), 2,
		"'' is no node");
	refused(call(explain_main, "explain", "-c", conf, "-s", "10,20/n1", NULL), 2,
		"node 10 is given twice");
	refused(call(explain_main, "explain", "-c", conf, "-w", "10", NULL), 2, "'10' is not ID=N");
	refused(call(explain_main, "explain", "-c", conf, "-w", "10=x", NULL), 2, "is not ID=N");
	refused(call(explain_main, "explain", "-c", conf, "-w", "11=1", NULL), 2, "is not ID=N");
	refused(call(explain_main, "explain", "-c", conf, "-o", "xml", NULL), 2,
		"--output-as=xml: allowed is text or json");
	cluster(7, "", "");
	refused(call(explain_main, "explain", "-c", conf, NULL), 2, "7 nodes");
	cluster(1, "", "");
	refused(call(explain_main, "explain", "-c", conf, NULL), 2, "1 nodes");
	cluster(2, "dead_ms: 1", "");
	refused(call(explain_main, "explain", "-c", conf, NULL), 1, "dead_ms = 1");
}

static void a_word_that_means_two_nodes_is_refused(void **state)
{
	static const char two[] = "totem {\n cluster_name: demo\n token: 1000\n}\nquorum {\n"
				  " provider: corosync_votequorum\n device {\n  model: qarb\n"
				  "  timeout: 450\n  sync_timeout: 900\n  qarb {\n   disk: san1\n"
				  "  }\n }\n}\nnodelist {\n node {\n  nodeid: 1\n  name: %s\n }\n"
				  " node {\n  nodeid: 2\n  name: %s\n }\n}\n";
	char text[1024];

	(void)state;
	(void)snprintf(text, sizeof(text), two, "one", "1");
	write_conf(text);
	refused(call(explain_main, "explain", "-c", conf, "-s", "1/2", NULL), 2,
		"'1' is the name of node 2 and the id of node 1");
	refused(call(explain_main, "explain", "-c", conf, "-w", "1=5", NULL), 2,
		"'1' is the name of node 2 and the id of node 1");
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "one/2", NULL), 0);
	(void)snprintf(text, sizeof(text), two, "twin", "twin");
	write_conf(text);
	refused(call(explain_main, "explain", "-c", conf, "-s", "twin/2", NULL), 2,
		"'twin' is the name of node 1 and of node 2");
}

/* ---- every split, by another way of counting ---- */

struct rules {
	bool highest;
	uint32_t heavy; /* node with weight 5, 0: none */
};

static uint32_t high(const struct members *m)
{
	return m->node_id[m->count - 1];
}

static bool beats(const struct rules *r, const struct members *a, const struct members *b)
{
	if (a->count != b->count)
		return a->count > b->count;
	if (r->heavy != 0 && members_contain(a, r->heavy) != members_contain(b, r->heavy))
		return members_contain(a, r->heavy);
	return r->highest ? high(a) > high(b) : a->node_id[0] < b->node_id[0];
}

/* in: line, "10,20/30   10,20 wins ...".  out: s; winner, its words. */
static void read_line(const char *line, struct explain_split *s, struct members *winner)
{
	const char *at = line;
	char *end;

	memset(s, 0, sizeof(*s));
	memset(winner, 0, sizeof(*winner));
	s->count = 1;
	for (;;) {
		assert_true(members_add(&s->part[s->count - 1], (uint32_t)strtoul(at, &end, 10)));
		if (*end == ' ')
			break;
		s->count += *end == '/' ? 1 : 0;
		at = end + 1;
	}
	for (at = end; *at == ' ' || *at == ',';) {
		if (*at == ' ' && winner->count != 0)
			break;
		while (*at == ' ' || *at == ',')
			at++;
		if (*at < '0' || *at > '9')
			break;
		assert_true(members_add(winner, (uint32_t)strtoul(at, &end, 10)));
		at = end;
	}
}

static void every_line_has_the_first_of_the_ranking(const struct rules *r, uint32_t splits)
{
	assert_int_equal(lines_of(out), splits);
	for (const char *line = out; *line != 0; line = strchr(line, '\n') + 1) {
		struct explain_split s;
		struct members winner;
		const struct members *best;

		read_line(line, &s, &winner);
		best = &s.part[0];
		for (uint32_t k = 1; k < s.count; k++)
			if (beats(r, &s.part[k], best))
				best = &s.part[k];
		if (!members_same(best, &winner))
			fail_msg("not node %u's part: %.100s", best->node_id[0], line);
	}
	assert_null(strstr(out, "NOT quorate"));
	assert_null(strstr(out, "but not every"));
}

static void every_split_of_two_to_six_nodes_has_its_winner(void **state)
{
	/* The numbers of Bell, less the one where nothing is split. */
	static const uint32_t splits[] = { 0, 0, 1, 4, 14, 51, 202 };
	struct rules r = { false, 0 };

	(void)state;
	for (uint32_t n = 2; n <= 6; n++) {
		cluster(n, "", "");
		assert_int_equal(call(explain_main, "explain", "-c", conf, NULL), 0);
		every_line_has_the_first_of_the_ranking(&r, splits[n]);
	}
}

static void tie_breaker_and_weight_are_asked_in_their_order(void **state)
{
	struct rules r = { true, 0 };

	(void)state;
	cluster(5, "tie_breaker: highest", "");
	assert_int_equal(call(explain_main, "explain", "-c", conf, NULL), 0);
	every_line_has_the_first_of_the_ranking(&r, 51);
	r.heavy = 20;
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-w", "n2=5", NULL), 0);
	every_line_has_the_first_of_the_ranking(&r, 51);
	assert_non_null(strstr(out, "by workload"));
	/* Switched off, weights decide nothing. */
	r.heavy = 0;
	cluster(4, "tie_breaker: highest\n   workload: off", "");
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-w", "20=5", NULL), 0);
	every_line_has_the_first_of_the_ranking(&r, 14);
	cluster(2, "tie_breaker: 20", "");
	assert_int_equal(call(explain_main, "explain", "-c", conf, NULL), 0);
	assert_non_null(strstr(out, " 20 wins by tie_breaker"));
}

static void ffsplit_grants_nothing_below_half(void **state)
{
	(void)state;
	cluster(4, "algorithm: ffsplit", "votes: 1");
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "30,40/10,20", NULL), 0);
	assert_non_null(strstr(out, " 10,20 wins by tie_breaker"));
	assert_non_null(strstr(out, "3 of 5 votes, quorate"));
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "10/20/30/40", NULL), 0);
	assert_non_null(strstr(out, "nobody is granted the vote"));
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "10", NULL), 0);
	assert_non_null(strstr(out, "nobody is granted the vote"));
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "10,20/30", NULL), 0);
	assert_non_null(strstr(out, " 10,20 wins by "));
}

static void the_dead_are_waited_for(void **state)
{
	const char *after;

	(void)state;
	cluster(8, "", "");
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-s", "n8", NULL), 0);
	assert_non_null(strstr(out, "80 wins by being the only contender"));
	assert_non_null(strstr(out, "8 of 15 votes, quorate"));
	after = strstr(out, "vote after ");
	assert_non_null(after);
	/* X is 2043 ms, from a last beat that was up to an interval ago. */
	assert_in_range(strtoul(after + 11, NULL, 10), 2043 - 113 - 10, 2043 + 2 * 113 + 50);
	assert_int_equal(call(explain_main, "explain", "-c", conf, "-o", "json", "-s",
			      "10,20/30,40", NULL),
			 0);
	assert_non_null(strstr(out, "\"winner\": 0"));
	assert_non_null(strstr(out, "\"step\": \"tie_breaker\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_words_are_refused_in_one_line),
		cmocka_unit_test(a_word_that_means_two_nodes_is_refused),
		cmocka_unit_test(every_split_of_two_to_six_nodes_has_its_winner),
		cmocka_unit_test(tie_breaker_and_weight_are_asked_in_their_order),
		cmocka_unit_test(ffsplit_grants_nothing_below_half),
		cmocka_unit_test(the_dead_are_waited_for),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

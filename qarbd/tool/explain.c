/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl explain. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/ctl.h"
#include "tool/disk_json.h"
#include "tool/explain.h"
#include "tool/nodeword.h"
#include "tool/statustext.h"

enum {
	EXPLAIN_ALL_MAX = 6, /* nodes whose every split is shown */
};

static const char explain_help[] =
	"Usage: qarbctl explain [--split=PARTS] [OPTION]...\n"
	"Show who would win each split of the cluster, by the deciding code itself, with a\n"
	"faultless disk and all nodes casting before.  Without --split every split of up to 6\n"
	"nodes is shown.\n"
	"\n"
	"  -s, --split=PARTS     such as 1,2/3,4: node ids or names; a node of no part has lost\n"
	"                        its power\n"
	"  -w, --weight=ID=N     weight of the workload on a node, 0 if not given\n"
	"  -c, --config=FILE     (default /etc/corosync/corosync.conf)\n"
	"  -o, --output-as=FORM  text (default) or json\n";

struct explain_order {
	const char *config;
	const char *split;
	const char *weight[NODES_MAX];
	uint32_t weights;
	enum ctl_output output;
	struct disk_json json;
	struct config *c;
	struct explain *x;
	bool wrong;
};

/* in: option, which the word is of.  out: index of the node of this id or name, the count of nodes
 * if there is none.  returns: an exit status. */
static int find_node(const struct config *c, const char *option, const char *word, uint32_t *index)
{
	struct nodeword w;
	uint32_t node_id = 0;
	char why[200];

	nodeword_begin(&w, word);
	for (uint32_t i = 0; i < c->nodes.count; i++)
		nodeword_see(&w, c->nodes.node_id[i], c->node_name[i]);
	if (nodeword_end(&w, &node_id, why, sizeof(why)) == NODEWORD_TWO) {
		ctl_error("%s: %s", option, why);
		return CTL_USAGE;
	}
	*index = 0;
	while (*index < c->nodes.count && c->nodes.node_id[*index] != node_id)
		(*index)++;
	return CTL_DONE;
}

/* in: text, one part.  returns: an exit status. */
static int parse_part(const struct config *c, char *text, struct explain_split *s)
{
	struct members *part = &s->part[s->count];

	for (char *at = text; at != NULL;) {
		char *word = at;
		uint32_t i;

		at = strchr(at, ',');
		if (at != NULL)
			*at++ = 0;
		if (find_node(c, "--split", word, &i) != CTL_DONE)
			return CTL_USAGE;
		if (i == c->nodes.count) {
			ctl_error("--split: '%s' is no node of the node list", word);
			return CTL_USAGE;
		}
		for (uint32_t k = 0; k <= s->count; k++) {
			if (!members_contain(&s->part[k], c->nodes.node_id[i]))
				continue;
			ctl_error("--split: node %u is given twice", c->nodes.node_id[i]);
			return CTL_USAGE;
		}
		(void)members_add(part, c->nodes.node_id[i]);
	}
	s->count++;
	return CTL_DONE;
}

static int parse_split(const struct config *c, const char *text, struct explain_split *s)
{
	char *copy = strdup(text);
	int status = CTL_DONE;

	memset(s, 0, sizeof(*s));
	if (copy == NULL)
		return CTL_FAILED;
	/* Each part takes a node, so that there are never more than NODES_MAX. */
	for (char *at = copy; at != NULL && status == CTL_DONE;) {
		char *part = at;

		at = strchr(at, '/');
		if (at != NULL)
			*at++ = 0;
		status = parse_part(c, part, s);
	}
	free(copy);
	return status;
}

static int parse_weights(const struct explain_order *o, uint32_t weight[NODES_MAX])
{
	for (uint32_t k = 0; k < o->weights; k++) {
		char word[NAME_SIZE];
		const char *value = strrchr(o->weight[k], '=');
		unsigned long long n = 0;
		char *end = NULL;
		uint32_t i = o->c->nodes.count;

		if (value != NULL) {
			(void)snprintf(word, sizeof(word), "%.*s", (int)(value - o->weight[k]),
				       o->weight[k]);
			if (find_node(o->c, "--weight", word, &i) != CTL_DONE)
				return CTL_USAGE;
			errno = 0;
			n = strtoull(value + 1, &end, 10);
		}
		if (i == o->c->nodes.count || value[1] < '0' || value[1] > '9' || *end != 0 ||
		    errno != 0 || n > UINT32_MAX) {
			ctl_error("--weight: '%s' is not ID=N with a node of the node list",
				  o->weight[k]);
			return CTL_USAGE;
		}
		weight[i] = (uint32_t)n;
	}
	return CTL_DONE;
}

static uint32_t votes_of(const struct config *c, const struct members *m)
{
	uint32_t votes = 0;

	for (uint32_t i = 0; i < c->nodes.count; i++)
		if (m == NULL || members_contain(m, c->nodes.node_id[i]))
			votes += c->nodes.votes[i];
	return votes;
}

/* Left out, votequorum derives it from the number of nodes. */
static uint32_t device_votes(const struct config *c)
{
	if (c->device_votes != 0)
		return c->device_votes;
	return c->nodes.count > 1 ? votes_of(c, NULL) - 1 : 1;
}

static void part_text(const struct members *m, char *text, size_t size)
{
	size_t at = 0;

	text[0] = 0;
	for (uint32_t i = 0; i < m->count && at + 12 < size; i++)
		at += (size_t)snprintf(text + at, size - at, "%s%u", i == 0 ? "" : ",",
				       m->node_id[i]);
}

static void split_text(const struct explain_split *s, char *text, size_t size)
{
	size_t at = 0;

	text[0] = 0;
	for (uint32_t k = 0; k < s->count && at + 16 < size; k++) {
		if (k != 0)
			text[at++] = '/';
		part_text(&s->part[k], text + at, size - at);
		at += strlen(text + at);
	}
}

static void show_text(const struct explain_order *o, const struct explain_split *s,
		      const struct explain_result *r)
{
	uint32_t total = votes_of(o->c, NULL) + device_votes(o->c);
	uint32_t quorum = total / 2 + 1;
	char text[NODES_MAX * 12];
	uint32_t votes;

	split_text(s, text, sizeof(text));
	(void)printf("%-24s ", text);
	if (r->winner == s->count) {
		(void)printf("nobody is granted the vote\n");
		return;
	}
	part_text(&s->part[r->winner], text, sizeof(text));
	votes = votes_of(o->c, &s->part[r->winner]) + device_votes(o->c);
	(void)printf("%s wins by %s; vote after %" PRIu64 " ms, %u of %u votes, %s\n", text,
		     status_rank(r->step), r->after_ms, votes, total,
		     votes >= quorum ? "quorate" : "NOT quorate");
	if (!r->whole)
		(void)printf("  but not every node of it casts\n");
}

static void show_json(struct explain_order *o, const struct explain_split *s,
		      const struct explain_result *r)
{
	struct disk_json *j = &o->json;

	disk_json_open(j, NULL, '{');
	disk_json_open(j, "parts", '[');
	for (uint32_t k = 0; k < s->count; k++) {
		disk_json_open(j, NULL, '[');
		for (uint32_t i = 0; i < s->part[k].count; i++)
			disk_json_number(j, NULL, s->part[k].node_id[i]);
		disk_json_close(j, ']');
	}
	disk_json_close(j, ']');
	disk_json_bool(j, "granted", r->winner != s->count);
	if (r->winner != s->count) {
		disk_json_number(j, "winner", r->winner);
		disk_json_bool(j, "whole", r->whole);
		disk_json_text(j, "step", status_rank(r->step));
		disk_json_number(j, "after_ms", r->after_ms);
		disk_json_number(j, "votes",
				 votes_of(o->c, &s->part[r->winner]) + device_votes(o->c));
	}
	disk_json_number(j, "expected_votes", votes_of(o->c, NULL) + device_votes(o->c));
	disk_json_close(j, '}');
}

static void explain_one(struct explain_order *o, const struct explain_split *s)
{
	struct explain_result r;

	explain_run(o->x, s, &r);
	o->wrong = o->wrong || r.doubled;
	if (o->output == CTL_JSON)
		show_json(o, s, &r);
	else
		show_text(o, s, &r);
}

/* Every way to part the nodes, by the part that each one is in: a node is in the part of one before
 * it, or opens the next one. */
static void explain_all(struct explain_order *o)
{
	const struct nodelist *list = &o->c->nodes;
	uint32_t in[EXPLAIN_ALL_MAX] = { 0 };
	uint32_t i;

	do {
		static struct explain_split s;

		memset(&s, 0, sizeof(s));
		for (i = 0; i < list->count; i++) {
			(void)members_add(&s.part[in[i]], list->node_id[i]);
			if (in[i] == s.count)
				s.count++;
		}
		if (s.count > 1)
			explain_one(o, &s);
		for (i = list->count; i-- > 1;) {
			uint32_t highest = 0;

			for (uint32_t k = 0; k < i; k++)
				highest = in[k] > highest ? in[k] : highest;
			if (in[i] <= highest) {
				in[i]++;
				break;
			}
			in[i] = 0;
		}
	} while (i != 0 && i < list->count);
}

/* returns: -1 to go on, else the exit status. */
static int parse_options(struct explain_order *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "split", required_argument, NULL, 's' },
		{ "weight", required_argument, NULL, 'w' },
		{ "config", required_argument, NULL, 'c' },
		{ "output-as", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "s:w:c:o:h", longs, NULL)) != -1) {
		if (c == 's') {
			o->split = optarg;
		} else if (c == 'w' && o->weights < NODES_MAX) {
			o->weight[o->weights++] = optarg;
		} else if (c == 'c') {
			o->config = optarg;
		} else if (c == 'o' && strcmp(optarg, "json") == 0) {
			o->output = CTL_JSON;
		} else if (c == 'o' && strcmp(optarg, "text") == 0) {
			o->output = CTL_TEXT;
		} else if (c == 'o') {
			ctl_error("--output-as=%s: allowed is text or json", optarg);
			return CTL_USAGE;
		} else if (c == 'h') {
			(void)fputs(explain_help, stdout);
			return CTL_DONE;
		} else {
			break;
		}
	}
	if (c == -1 && optind == argc)
		return -1;
	ctl_error("explain: '%s' is not understood: try 'qarbctl explain --help'",
		  argv[c == -1 ? optind : optind - 1]);
	return CTL_USAGE;
}

static int explain_config(struct explain_order *o)
{
	static struct explain_split s;
	uint32_t weight[NODES_MAX] = { 0 };
	int status = parse_weights(o, weight);

	if (status == CTL_DONE && o->split != NULL)
		status = parse_split(o->c, o->split, &s);
	if (status != CTL_DONE)
		return status;
	if (o->split == NULL && (o->c->nodes.count < 2 || o->c->nodes.count > EXPLAIN_ALL_MAX)) {
		ctl_error("%u nodes: every split is shown of 2 to %d: give one by --split",
			  o->c->nodes.count, EXPLAIN_ALL_MAX);
		return CTL_USAGE;
	}
	if (o->c->policy.arbiter_count == 0) {
		ctl_error("no arbiter is configured: nobody is ever granted the vote");
		return CTL_FAILED;
	}
	o->x = explain_new(o->c, weight);
	if (o->x == NULL) {
		ctl_error("the nodes do not come to cast in one ring, or there is no memory");
		return CTL_FAILED;
	}
	if (o->output == CTL_JSON) {
		disk_json_begin(&o->json, stdout);
		disk_json_open(&o->json, NULL, '[');
	}
	if (o->split != NULL)
		explain_one(o, &s);
	else
		explain_all(o);
	if (o->output == CTL_JSON) {
		disk_json_close(&o->json, ']');
		disk_json_end(&o->json);
	}
	explain_free(o->x);
	if (!o->wrong)
		return CTL_DONE;
	ctl_error("two parts of a split cast at once: this is a fault of qarb, please report it");
	return CTL_FAILED;
}

int explain_main(int argc, char **argv)
{
	static struct config config;
	struct explain_order o;
	int status;

	memset(&o, 0, sizeof(o));
	o.c = &config;
	status = parse_options(&o, argc, argv);
	if (status >= 0)
		return status;
	status = ctl_config(o.config, &config);
	return status == CTL_DONE ? explain_config(&o) : status;
}

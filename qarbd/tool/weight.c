/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl weight, what agents tell the daemon of what runs on this node. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/ctl.h"
#include "tool/disk_json.h"

static const char weight_help[] =
	"Usage: qarbctl weight set INSTANCE NUMBER [--lease=MS]\n"
	"       qarbctl weight clear INSTANCE\n"
	"       qarbctl weight list [--output-as=FORM]\n"
	"Weights of what runs on this node.  Where a split leaves partitions of the same size, "
	"the\n"
	"heavier one is granted the vote; a healthy cluster is not touched by them.\n"
	"\n"
	"  set    tell the weight of one instance, 0 to 4294967295; those of several add up\n"
	"  clear  take it back\n"
	"  list   print what the daemon was told and still holds\n"
	"\n"
	"  -l, --lease=MS        forget it after MS milliseconds, 100 to 86400000, unless it is "
	"set\n"
	"                        again (default: it stays until it is cleared or qarbd ends)\n"
	"  -o, --output-as=FORM  text (default) or json\n"
	"  -h, --help            print this and exit\n";

struct weight_options {
	uint32_t lease_ms;
	bool lease;
	bool json;
	bool form;
};

/* returns: whether text is a whole number from least to most. */
static bool weight_number(const char *text, uint32_t least, uint32_t most, uint32_t *value)
{
	char *end = NULL;
	unsigned long long n;

	if (text[0] < '0' || text[0] > '9')
		return false;
	n = strtoull(text, &end, 10);
	if (*end != 0 || n < least || n > most)
		return false;
	*value = (uint32_t)n;
	return true;
}

/* returns: -1 to go on, else the exit status. */
static int weight_options(int argc, char **argv, struct weight_options *o)
{
	static const struct option longs[] = {
		{ "lease", required_argument, NULL, 'l' },
		{ "output-as", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	memset(o, 0, sizeof(*o));
	optind = 1;
	while ((c = ctl_getopt(argc, argv, "l:o:h", longs)) != -1) {
		if (c == 'h') {
			(void)fputs(weight_help, stdout);
			return CTL_DONE;
		} else if (c == 'l') {
			o->lease = true;
			if (!weight_number(optarg, LEASE_MS_MIN, LEASE_MS_MAX, &o->lease_ms)) {
				ctl_error("--lease=%s: allowed is 100 to 86400000", optarg);
				return CTL_USAGE;
			}
		} else if (c == 'o') {
			o->form = true;
			o->json = strcmp(optarg, "json") == 0;
			if (!o->json && strcmp(optarg, "text") != 0) {
				ctl_error("--output-as=%s: allowed is text or json", optarg);
				return CTL_USAGE;
			}
		} else {
			(void)fputs("Try 'qarbctl weight --help'.\n", stderr);
			return CTL_USAGE;
		}
	}
	return -1;
}

static int weight_out_of_range(const char *word)
{
	ctl_error("weight %s: allowed is 0 to 4294967295", word);
	return CTL_USAGE;
}

static bool weight_take_name(struct ipc_request *q, const char *name)
{
	if (!lease_name_valid(name)) {
		ctl_error("weight: an instance has 1 to %d characters and no blanks",
			  NAME_SIZE - 1);
		return false;
	}
	memcpy(q->u.weight.name, name, strlen(name) + 1);
	return true;
}

static void weight_print_json(const struct ipc_weights *w)
{
	struct disk_json j;

	disk_json_begin(&j, stdout);
	disk_json_open(&j, NULL, '{');
	disk_json_number(&j, "sum", w->sum);
	disk_json_open(&j, "weights", '[');
	for (uint32_t i = 0; i < w->count; i++) {
		disk_json_open(&j, NULL, '{');
		disk_json_text(&j, "instance", w->weight[i].name);
		disk_json_number(&j, "weight", w->weight[i].value);
		if (w->weight[i].left_ms == UINT64_MAX)
			disk_json_null(&j, "left_ms");
		else
			disk_json_number(&j, "left_ms", w->weight[i].left_ms);
		disk_json_close(&j, '}');
	}
	disk_json_close(&j, ']');
	disk_json_close(&j, '}');
	disk_json_end(&j);
}

static void weight_print(const struct ipc_weights *w)
{
	for (uint32_t i = 0; i < w->count; i++) {
		(void)printf("%-24s %10u  ", w->weight[i].name, w->weight[i].value);
		if (w->weight[i].left_ms == UINT64_MAX)
			(void)printf("until it is cleared\n");
		else
			(void)printf("%" PRIu64 " ms left\n", w->weight[i].left_ms);
	}
	(void)printf("%-24s %10u\n", "sum", w->sum);
}

static int weight_usage(const char *what)
{
	ctl_error("weight %s", what);
	(void)fputs("Try 'qarbctl weight --help'.\n", stderr);
	return CTL_USAGE;
}

static int weight_set(char **words, int count, const struct weight_options *o,
		      struct ipc_request *q)
{
	if (count != 2 || o->form)
		return weight_usage("set: an instance and a number are needed, and no other option "
				    "than --lease");
	if (!weight_take_name(q, words[0]))
		return CTL_USAGE;
	if (!weight_number(words[1], 0, UINT32_MAX, &q->u.weight.value))
		return weight_out_of_range(words[1]);
	q->type = IPC_WEIGHT;
	q->u.weight.lease_ms = o->lease_ms;
	return -1;
}

static int weight_clear(char **words, int count, const struct weight_options *o,
			struct ipc_request *q)
{
	if (count != 1 || o->form || o->lease)
		return weight_usage("clear: one instance is needed, and no option");
	q->type = IPC_WEIGHT_CLEAR;
	return weight_take_name(q, words[0]) ? -1 : CTL_USAGE;
}

static int weight_list(int count, const struct weight_options *o, struct ipc_request *q)
{
	if (count != 0 || o->lease)
		return weight_usage("list: no argument, and no other option than --output-as");
	q->type = IPC_WEIGHT_LIST;
	return -1;
}

int weight_main(int argc, char **argv)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct weight_options o;
	char **words;
	int count;
	const char *negative = ctl_negative(argc, argv);
	int status;

	if (negative != NULL)
		return weight_out_of_range(negative);
	status = weight_options(argc, argv, &o);
	if (status >= 0)
		return status;
	memset(&q, 0, sizeof(q));
	words = argv + optind;
	count = argc - optind;
	if (count > 0 && strcmp(words[0], "set") == 0)
		status = weight_set(words + 1, count - 1, &o, &q);
	else if (count > 0 && strcmp(words[0], "clear") == 0)
		status = weight_clear(words + 1, count - 1, &o, &q);
	else if (count > 0 && strcmp(words[0], "list") == 0)
		status = weight_list(count - 1, &o, &q);
	else
		status = weight_usage("needs one of set, clear and list");
	if (status >= 0)
		return status;
	status = ctl_ask(&q, &r);
	if (status != CTL_DONE || q.type != IPC_WEIGHT_LIST)
		return status;
	if (o.json)
		weight_print_json(&r.weights);
	else
		weight_print(&r.weights);
	return CTL_DONE;
}

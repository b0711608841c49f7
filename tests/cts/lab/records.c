/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads what a laboratory left behind; nothing is judged here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"

#define WORD_COUNT_MAX 24

static struct records *out;

_Noreturn void records_die(const char *what, const char *detail)
{
	fprintf(stderr, "labaudit: %s: %s\n", what, detail);
	exit(2);
}

static unsigned int split(char *line, char **words)
{
	unsigned int count = 0;
	char *rest, *word = strtok_r(line, " \n", &rest);

	while (word && count < WORD_COUNT_MAX) {
		words[count++] = word;
		word = strtok_r(NULL, " \n", &rest);
	}
	return count;
}

static const char *value_of(char **words, unsigned int count, const char *key)
{
	size_t len = strlen(key);

	for (unsigned int i = 0; i < count; i++)
		if (strncmp(words[i], key, len) == 0 && words[i][len] == '=')
			return words[i] + len + 1;
	return NULL;
}

static uint64_t parse_ring(const char *text)
{
	char *rest;
	uint64_t rep = text ? strtoull(text, &rest, 10) : 0;

	return text && *rest == '.' ? rep << 48 | strtoull(rest + 1, NULL, 10) : 0;
}

static uint64_t parse_members(const char *text)
{
	uint64_t members = 0;

	while (text && *text >= '0' && *text <= '9') {
		char *rest;
		unsigned long id = strtoul(text, &rest, 10);

		if (id < 64)
			members |= (uint64_t)1 << id;
		text = *rest == ',' ? rest + 1 : NULL;
	}
	return members;
}

static bool parse_sample(char *line, struct sample *s)
{
	char *words[WORD_COUNT_MAX];
	unsigned int count = split(line, words);
	const char *flags, *quorate;

	memset(s, 0, sizeof(*s));
	if (count < 2 || strlen(words[0]) != 1)
		return false;
	s->t0 = s->t1 = strtoull(words[1], NULL, 10);
	s->ring = parse_ring(value_of(words, count, "ring"));
	s->members = parse_members(value_of(words, count, "members"));
	switch (words[0][0]) {
	case 'I':
		flags = value_of(words, count, "flags");
		if (count < 4 || !flags)
			return false;
		s->kind = K_INFO;
		s->t1 = strtoull(words[2], NULL, 10);
		s->flags = (unsigned int)strtoul(flags, NULL, 10);
		return s->t1 >= s->t0;
	case 'N':
		s->kind = K_RING;
		return s->ring != 0;
	case 'Q':
		s->kind = K_QUORUM;
		quorate = value_of(words, count, "quorate");
		s->flags = quorate && *quorate == '1' ? FLAG_QUORATE : 0;
		return quorate && s->ring != 0;
	case 'U':
		s->kind = K_UP;
		return true;
	case 'L':
		s->kind = K_LOST;
		return true;
	default:
		return false;
	}
}

/* A line cut short by the node's death is the last of its boot; the next one then begins in the
 * middle of it. Such a line is passed over, another bad one is an error. */
static void read_samples(const char *dir, unsigned int id)
{
	struct node *n = &out->nodes[id];
	char path[LINE_SIZE], line[LINE_SIZE];
	size_t room = 0, bad = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/samples/node%u", dir, id);
	f = fopen(path, "r");
	if (!f)
		return;
	n->seen = true;
	while (fgets(line, sizeof(line), f)) {
		struct sample s;

		if (line[0] == 'V')
			continue;
		if (!strchr(line, '\n') || !parse_sample(line, &s)) {
			bad++;
			continue;
		}
		if (n->sample_count == room) {
			room = room ? room * 2 : 4096;
			n->samples = realloc(n->samples, room * sizeof(*n->samples));
			if (!n->samples)
				records_die(path, "out of memory");
		}
		n->samples[n->sample_count++] = s;
	}
	fclose(f);
	if (bad > 8)
		records_die(path, "too many lines that are not samples");
}

static unsigned int node_id(const char *name)
{
	unsigned long id = strncmp(name, "node", 4) == 0 ? strtoul(name + 4, NULL, 10) : 0;

	return id >= 1 && id <= NODE_COUNT_MAX ? (unsigned int)id : 0;
}

static void open_window(struct window *w, size_t *count, uint64_t from)
{
	if (*count < 64)
		w[(*count)++] = (struct window){ .from = from, .to = UINT64_MAX };
}

static void close_window(struct window *w, size_t count, uint64_t to)
{
	if (count > 0 && w[count - 1].to == UINT64_MAX)
		w[count - 1].to = to;
}

static void take_fault(uint64_t t, struct node *n, char **words, unsigned int count)
{
	const char *what = words[3];
	const char *sig = count > 5 && strcmp(what, "signal") == 0 ? words[4] : "";
	const char *name = *sig ? words[5] : "";
	bool freeze = strcmp(what, "freeze") == 0, thaw = strcmp(what, "thaw") == 0;
	bool voter = strcmp(name, "qarbd-voter") == 0;

	if (thaw || (strcmp(sig, "CONT") == 0 && strcmp(name, "corosync") == 0))
		open_window(n->resumed, &n->resumed_count, t);
	if (freeze || strcmp(what, "voter-dead") == 0 || (voter && strcmp(sig, "STOP") == 0))
		open_window(n->voterless, &n->voterless_count, t);
	if (thaw || strcmp(what, "voter-alive") == 0 || (voter && strcmp(sig, "CONT") == 0))
		close_window(n->voterless, n->voterless_count, t);
}

/* Within what is judged: the scenario, or one of its rounds. */
static bool in_time(void)
{
	return out->begin_ns && !out->end_ns;
}

static void take_expectation(uint64_t t, char **words, unsigned int count)
{
	for (unsigned int i = 4; i < count; i++) {
		struct node *n = &out->nodes[node_id(words[i])];

		if (strcmp(words[3], "service") == 0) {
			strncat(out->expected_ops, words[i],
				sizeof(out->expected_ops) - strlen(out->expected_ops) - 2);
			strcat(out->expected_ops, " ");
			continue;
		}
		if (n == &out->nodes[0])
			records_die("expectation for an unknown node", words[i]);
		if (strcmp(words[3], "steady") == 0)
			n->steady_from = t;
		else if (strcmp(words[3], "unsteady") == 0)
			n->steady_to = t;
		else if (strcmp(words[3], "novote") == 0)
			n->novote_from = t;
		else if (strcmp(words[3], "mayvote") == 0)
			n->novote_to = t;
		else if (strcmp(words[3], "casting") == 0)
			n->casting_from = t;
		else if (strcmp(words[3], "maycease") == 0)
			n->casting_to = t;
		else if (strcmp(words[3], "voted") == 0)
			n->voted_from = t;
		else if (strcmp(words[3], "voting") == 0)
			n->votes_at_end = true;
		else if (strcmp(words[3], "fenced") == 0)
			n->fenced_expected = 1;
		else if (strcmp(words[3], "mayfence") == 0)
			n->fenced_allowed = 1;
		else
			records_die("unknown expectation", words[3]);
	}
}

static void take_service(uint64_t t, unsigned int id, const char *op)
{
	if (strcmp(op, "start") == 0) {
		for (unsigned int i = 1; i <= NODE_COUNT_MAX && !out->twice_on; i++)
			if (i != id && out->nodes[i].running && (!out->round || in_time())) {
				out->twice_on = id;
				out->twice_beside = i;
				out->twice_ns = t;
			}
		out->nodes[id].running = true;
		out->nodes[id].start_count++;
	} else if (strcmp(op, "stop") == 0) {
		out->nodes[id].running = false;
	} else {
		return;
	}
	if (in_time() && strlen(out->actual_ops) + 64 < sizeof(out->actual_ops))
		sprintf(out->actual_ops + strlen(out->actual_ops), "%s:node%u ", op, id);
}

/* A fencing is an order off, with or without an order on after it, a reset, or an order on alone:
 * the agent sends no off to a node that has no power. */
static void take_bmc(struct node *n, const char *what, const char *value)
{
	bool off = strcmp(what, "power") == 0 && *value == '0';
	bool reset = strcmp(what, "reset") == 0;

	if (in_time() && (off || reset || !n->switched_off)) {
		if (n->fenced_count > 0 && !n->started)
			n->fenced_twice++;
		n->fenced_count++;
		n->started = false;
	}
	n->switched_off = off;
}

static void take_lab(uint64_t t, char **words, unsigned int count)
{
	bool round = strcmp(words[2], "round") == 0 && count > 4;
	const char *edge = round ? words[4] : words[2];

	if (strcmp(words[2], "expect") == 0 && count > 4) {
		if (!out->round || in_time())
			take_expectation(t, words, count);
	} else if (strcmp(words[2], "failed") == 0) {
		/* Whether a round gave up is known to whoever ran it. */
		out->gave_up = out->gave_up || !out->round;
		out->gave_up_ns = t;
	} else if ((round ? (unsigned int)strtoul(words[3], NULL, 10) : 0) == out->round) {
		if (strcmp(edge, "begin") == 0)
			out->begin_ns = t;
		else if (strcmp(edge, "end") == 0)
			out->end_ns = t;
	}
}

static void take_instant(uint64_t t, struct instants *i)
{
	if (in_time() && i->count < sizeof(i->at) / sizeof(i->at[0]))
		i->at[i->count++] = t;
}

static void take_event(char *line)
{
	char *words[WORD_COUNT_MAX];
	unsigned int count = split(line, words), id;
	uint64_t t;

	if (count < 3)
		return;
	t = strtoull(words[0], NULL, 10);
	if (strcmp(words[1], "lab") == 0) {
		take_lab(t, words, count);
		return;
	}
	id = node_id(words[1]);
	if (id == 0 || count < 4)
		return;
	if (strcmp(words[2], "fault") == 0) {
		take_fault(t, &out->nodes[id], words, count);
		take_instant(t, &out->nodes[id].faults);
	}
	if (strcmp(words[2], "corosync") == 0) {
		out->nodes[id].started = true;
		take_instant(t, &out->nodes[id].starts);
	}
	if (strcmp(words[2], "service") == 0)
		take_service(t, id, words[3]);
	else if (strcmp(words[2], "power") == 0 && strcmp(words[3], "off") == 0)
		out->nodes[id].running = false;
	else if (strcmp(words[2], "bmc") == 0)
		take_bmc(&out->nodes[id], words[3], count > 4 ? words[4] : "");
}

static void read_events(const char *dir)
{
	char path[LINE_SIZE], line[LINE_SIZE];
	FILE *f;

	snprintf(path, sizeof(path), "%s/events", dir);
	f = fopen(path, "r");
	if (!f)
		records_die(path, strerror(errno));
	while (fgets(line, sizeof(line), f))
		take_event(line);
	fclose(f);
	if (!out->begin_ns || !out->end_ns)
		records_die(path, "the scenario's begin or end is missing");
}

/* Lines: TIME NODE orders|asks|wants TARGET. */
static void read_requests(const char *dir)
{
	char path[LINE_SIZE], line[LINE_SIZE];
	FILE *f;

	snprintf(path, sizeof(path), "%s/requests", dir);
	f = fopen(path, "r");
	if (!f)
		records_die(path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		char *words[WORD_COUNT_MAX];
		struct request *q = &out->requests[out->request_count];

		if (split(line, words) != 4)
			records_die(path, "a line has not four words");
		q->t = strtoull(words[0], NULL, 10);
		q->by = node_id(words[1]);
		q->kind = strcmp(words[2], "orders") == 0 ? REQUEST_ORDER
			  : strcmp(words[2], "asks") == 0 ? REQUEST_ASK
							  : REQUEST_WANT;
		q->target = node_id(words[3]);
		if (q->t < out->begin_ns || q->t > out->end_ns || !q->by || !q->target)
			continue;
		if (++out->request_count == REQUEST_COUNT_MAX)
			records_die(path, "too many requests");
	}
	fclose(f);
}

void records_read(struct records *r, const char *dir, unsigned int round)
{
	bool any = false;

	memset(r, 0, sizeof(*r));
	out = r;
	out->round = round;
	read_events(dir);
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++) {
		read_samples(dir, id);
		any = any || r->nodes[id].seen;
	}
	if (!any)
		records_die(dir, "no samples");
	if (round)
		read_requests(dir);
}

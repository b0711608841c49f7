/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judges one laboratory run from what was recorded: DIR/events and DIR/samples/nodeN.
 *
 * usage: labaudit DIR            exit: 0 all audits pass, 1 one fails, 2 the records are unusable
 *
 * A node counts the device's vote at an instant if the samples around it, at most GAP_NS_MAX apart
 * and in one ring, both show CAST_VOTE and QUORATE. Its ring is active once libquorum announced it
 * (sync_activate): before that corosync still counts the previous ring's yes while it waits for
 * the first poll, on every side of a split, and nobody outside corosync sees it. Two nodes overlap
 * while both count, and one of them is in an active ring that the other is not in. That includes a
 * node that still believes in an old ring.
 *
 * Windows are opened by events of the fault script alone:
 *	a  after NODE's corosync was continued, until its first new ring (5 s at most)
 *	b  in a ring with a member whose voter is stopped or dead, until that ring is active
 *
 * Other audits: steady, casting, voted, voting, novote, service, fenced, twice; see lab_expect in
 *faults.sh.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODE_COUNT_MAX 16
#define LINE_SIZE 4096
#define WORD_COUNT_MAX 24
#define GAP_NS_MAX 100000000u
#define BLIND_NS_MAX 1000000000u
#define LOOK_BACK_NS 500000000u
#define RATE_HZ_MIN 50u
#define RESUME_NS_MAX 5000000000u
#define FLAG_QUORATE 2u
#define FLAG_CAST 256u

enum kind { K_INFO, K_RING, K_QUORUM, K_UP, K_LOST };

struct sample {
	enum kind kind;
	uint64_t t0, t1;
	uint64_t ring;	  /* representative << 48 | sequence */
	uint64_t members; /* bit i: node id i */
	unsigned int flags;
};

struct span {
	uint64_t from, to;
	uint64_t ring, members;
	bool active;
};

struct window {
	uint64_t from, to;
};

struct node {
	struct sample *samples;
	size_t sample_count;
	struct span *spans;
	size_t span_count;
	struct window resumed[64]; /* a */
	size_t resumed_count;
	struct window voterless[64]; /* b */
	size_t voterless_count;
	uint64_t steady_from, steady_to;
	uint64_t novote_from, novote_to;
	uint64_t casting_from, casting_to;
	uint64_t voted_from;
	bool votes_at_end;
	unsigned int fenced_count, fenced_expected;
	unsigned int start_count; /* of the service, from the laboratory's first instant on */
	bool switched_off; /* its BMC's last order was off */
	bool running;
	bool seen;
};

static struct node nodes[NODE_COUNT_MAX + 1];
static uint64_t begin_ns, end_ns;
static unsigned int failures;
static char expected_ops[LINE_SIZE], actual_ops[LINE_SIZE];

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "labaudit: %s: %s\n", what, detail);
	exit(2);
}

__attribute__((format(printf, 2, 3))) static void fail(const char *audit, const char *format, ...)
{
	va_list args;

	printf("FAIL %s: ", audit);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	failures++;
}

static double seconds(uint64_t ns)
{
	return (double)(int64_t)(ns - begin_ns) / 1e9;
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
	struct node *n = &nodes[id];
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
				die(path, "out of memory");
		}
		n->samples[n->sample_count++] = s;
	}
	fclose(f);
	if (bad > 8)
		die(path, "too many lines that are not samples");
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

static void take_expectation(uint64_t t, char **words, unsigned int count)
{
	for (unsigned int i = 4; i < count; i++) {
		struct node *n = &nodes[node_id(words[i])];

		if (strcmp(words[3], "service") == 0) {
			strncat(expected_ops, words[i],
				sizeof(expected_ops) - strlen(expected_ops) - 2);
			strcat(expected_ops, " ");
			continue;
		}
		if (n == &nodes[0])
			die("expectation for an unknown node", words[i]);
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
		else
			die("unknown expectation", words[3]);
	}
}

static void take_service(uint64_t t, unsigned int id, const char *op)
{
	if (strcmp(op, "start") == 0) {
		for (unsigned int i = 1; i <= NODE_COUNT_MAX; i++)
			if (i != id && nodes[i].running)
				fail("twice",
				     "the service started on node%u at %.3f s while it ran on "
				     "node%u",
				     id, seconds(t), i);
		nodes[id].running = true;
		nodes[id].start_count++;
	} else if (strcmp(op, "stop") == 0) {
		nodes[id].running = false;
	} else {
		return;
	}
	if (begin_ns && !end_ns && strlen(actual_ops) + 64 < sizeof(actual_ops))
		sprintf(actual_ops + strlen(actual_ops), "%s:node%u ", op, id);
}

/* A fencing is an order off, with or without an order on after it, a reset, or an order on alone:
 * the agent sends no off to a node that has no power. */
static void take_bmc(struct node *n, const char *what, const char *value)
{
	bool off = strcmp(what, "power") == 0 && *value == '0';
	bool reset = strcmp(what, "reset") == 0;

	if (begin_ns && !end_ns && (off || reset || !n->switched_off))
		n->fenced_count++;
	n->switched_off = off;
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
		if (strcmp(words[2], "begin") == 0)
			begin_ns = t;
		else if (strcmp(words[2], "end") == 0)
			end_ns = t;
		else if (strcmp(words[2], "expect") == 0 && count > 4)
			take_expectation(t, words, count);
		else if (strcmp(words[2], "failed") == 0)
			fail("scenario", "gave up at %.3f s", seconds(t));
		return;
	}
	id = node_id(words[1]);
	if (id == 0 || count < 4)
		return;
	if (strcmp(words[2], "fault") == 0)
		take_fault(t, &nodes[id], words, count);
	else if (strcmp(words[2], "service") == 0)
		take_service(t, id, words[3]);
	else if (strcmp(words[2], "power") == 0 && strcmp(words[3], "off") == 0)
		nodes[id].running = false;
	else if (strcmp(words[2], "bmc") == 0)
		take_bmc(&nodes[id], words[3], count > 4 ? words[4] : "");
}

static void read_events(const char *dir)
{
	char path[LINE_SIZE], line[LINE_SIZE];
	FILE *f;

	snprintf(path, sizeof(path), "%s/events", dir);
	f = fopen(path, "r");
	if (!f)
		die(path, strerror(errno));
	while (fgets(line, sizeof(line), f))
		take_event(line);
	fclose(f);
	if (!begin_ns || !end_ns)
		die(path, "the scenario's begin or end is missing");
}

/* Window a ends with the first ring that the node reports after it began. */
static void end_resumed_windows(struct node *n)
{
	for (size_t w = 0; w < n->resumed_count; w++) {
		n->resumed[w].to = n->resumed[w].from + RESUME_NS_MAX;
		for (size_t i = 0; i < n->sample_count; i++)
			if (n->samples[i].kind == K_RING &&
			    n->samples[i].t0 >= n->resumed[w].from) {
				if (n->samples[i].t0 < n->resumed[w].to)
					n->resumed[w].to = n->samples[i].t0;
				break;
			}
	}
}

static void build_spans(struct node *n)
{
	const struct sample *last = NULL;
	uint64_t active_ring = 0;

	n->spans = calloc(n->sample_count + 1, sizeof(*n->spans));
	if (!n->spans)
		die("spans", "out of memory");
	for (size_t i = 0; i < n->sample_count; i++) {
		const struct sample *s = &n->samples[i];
		unsigned int both = FLAG_QUORATE | FLAG_CAST;

		if (s->kind == K_QUORUM)
			active_ring = s->ring;
		if (s->kind == K_LOST || s->kind == K_UP)
			last = NULL;
		if (s->kind != K_INFO)
			continue;
		if (last && last->ring == s->ring && (last->flags & s->flags & both) == both &&
		    s->t0 - last->t1 <= GAP_NS_MAX && s->t0 > last->t1)
			n->spans[n->span_count++] = (struct span){ .from = last->t1,
								   .to = s->t0,
								   .ring = s->ring,
								   .members = s->members,
								   .active = active_ring ==
									     s->ring };
		last = s;
	}
	end_resumed_windows(n);
}

static bool in_resumed_window(const struct node *n, uint64_t t)
{
	for (size_t w = 0; w < n->resumed_count; w++)
		if (t >= n->resumed[w].from && t < n->resumed[w].to)
			return true;
	return false;
}

/* Window b, for the side whose ring is not active yet. */
static bool in_voterless_window(const struct span *s)
{
	if (s->active)
		return false;
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++) {
		const struct node *n = &nodes[id];

		if (!(s->members >> id & 1))
			continue;
		for (size_t w = 0; w < n->voterless_count; w++)
			if (s->from >= n->voterless[w].from && s->from < n->voterless[w].to)
				return true;
	}
	return false;
}

struct overlap {
	uint64_t judged_ns, window_ns, waiting_ns, first_ns;
};

static void compare_spans(unsigned int a, const struct span *x, unsigned int b,
			  const struct span *y, struct overlap *o)
{
	uint64_t from = x->from > y->from ? x->from : y->from;
	uint64_t to = x->to < y->to ? x->to : y->to;
	bool b_outside = !(x->members >> b & 1), a_outside = !(y->members >> a & 1);

	if (from < begin_ns)
		from = begin_ns;
	if (to > end_ns)
		to = end_ns;
	if (from >= to || x->ring == y->ring || (!a_outside && !b_outside))
		return;
	if (!(x->active && b_outside) && !(y->active && a_outside)) {
		o->waiting_ns += to - from;
	} else if (in_resumed_window(&nodes[a], from) || in_resumed_window(&nodes[b], from) ||
		   in_voterless_window(x) || in_voterless_window(y)) {
		o->window_ns += to - from;
	} else {
		if (o->judged_ns == 0)
			o->first_ns = from;
		o->judged_ns += to - from;
	}
}

static struct overlap compare_nodes(unsigned int a, unsigned int b)
{
	const struct node *x = &nodes[a], *y = &nodes[b];
	struct overlap o = { 0 };
	size_t i = 0, k = 0;

	while (i < x->span_count && k < y->span_count) {
		compare_spans(a, &x->spans[i], b, &y->spans[k], &o);
		if (x->spans[i].to < y->spans[k].to)
			i++;
		else
			k++;
	}
	return o;
}

static void audit_overlap(void)
{
	struct overlap sum = { 0 };

	for (unsigned int a = 1; a <= NODE_COUNT_MAX; a++)
		for (unsigned int b = a + 1; b <= NODE_COUNT_MAX; b++) {
			struct overlap o = compare_nodes(a, b);

			if (o.judged_ns > 0)
				fail("overlap",
				     "node%u and node%u counted the vote in disjoint "
				     "partitions for %" PRIu64 " ms from %.3f s on",
				     a, b, o.judged_ns / 1000000 + 1, seconds(o.first_ns));
			sum.judged_ns += o.judged_ns;
			sum.window_ns += o.window_ns;
			sum.waiting_ns += o.waiting_ns;
		}
	printf("overlap_ms=%" PRIu64 " in_windows_ms=%" PRIu64 " both_waiting_ms=%" PRIu64 "\n",
	       (sum.judged_ns + 999999) / 1000000, sum.window_ns / 1000000,
	       sum.waiting_ns / 1000000);
}

/* One quorate flag over time, from one source. */
struct flap {
	bool was, fell;
	unsigned int count;
	uint64_t at;
};

static void flap_step(struct flap *f, bool quorate, uint64_t t)
{
	if (f->was && !quorate) {
		f->fell = true;
		f->at = t;
	}
	if (f->fell && quorate && !f->was)
		f->count++;
	f->was = quorate;
}

static void audit_steady(unsigned int id)
{
	const struct node *n = &nodes[id];
	uint64_t to = n->steady_to ? n->steady_to : end_ns, last = n->steady_from, blind = 0;
	struct flap info = { 0 }, quorum = { 0 };
	uint64_t count = 0, quorate_ns = 0;

	for (size_t i = 0; i < n->sample_count; i++) {
		const struct sample *s = &n->samples[i];

		if (s->t1 > to)
			break;
		/* What was true when the audit began is the start of the story. */
		if (s->kind == K_LOST || s->kind == K_INFO)
			flap_step(&info, s->kind == K_INFO && s->flags & FLAG_QUORATE, s->t1);
		if (s->kind == K_LOST || s->kind == K_QUORUM)
			flap_step(&quorum, s->kind == K_QUORUM && s->flags & FLAG_QUORATE, s->t1);
		if (s->t1 < n->steady_from) {
			info.fell = quorum.fell = false;
			info.count = quorum.count = 0;
			continue;
		}
		if (s->kind != K_INFO)
			continue;
		count++;
		if (s->t1 - last > blind)
			blind = s->t1 - last;
		last = s->t1;
		if (s->flags & FLAG_QUORATE)
			quorate_ns = s->t1;
	}
	if (to - last > blind)
		blind = to - last;
	if (info.count > 0 || quorum.count > 0)
		fail("steady",
		     "node%u went 1-0-1: %u times by getinfo, %u times by libquorum, lost at "
		     "%.3f s",
		     id, info.count, quorum.count, seconds(info.fell ? info.at : quorum.at));
	else if (!info.was || quorate_ns == 0)
		fail("steady", "node%u lost its quorum at %.3f s", id, seconds(info.at));
	if (blind > BLIND_NS_MAX)
		fail("blind", "node%u was not sampled for %" PRIu64 " ms", id, blind / 1000000);
	else if (to - n->steady_from > BLIND_NS_MAX &&
		 count * 1000000000u / (to - n->steady_from) < RATE_HZ_MIN)
		fail("blind", "node%u was sampled at only %" PRIu64 " Hz", id,
		     count * 1000000000u / (to - n->steady_from));
}

/* From `from` on every sample shows the vote as given, or not as given. */
static void audit_cast(unsigned int id, const char *audit, bool wanted, uint64_t from, uint64_t to)
{
	const struct node *n = &nodes[id];
	uint64_t seen = 0;

	for (size_t i = 0; i < n->sample_count; i++) {
		const struct sample *s = &n->samples[i];

		if (s->kind != K_INFO || s->t0 < from || s->t1 > (to ? to : end_ns))
			continue;
		seen++;
		if (((s->flags & FLAG_CAST) != 0) != wanted) {
			fail(audit, "node%u %s the device's vote at %.3f s", id,
			     wanted ? "had not" : "had", seconds(s->t1));
			return;
		}
	}
	if (seen == 0)
		fail("blind", "node%u was never sampled while its vote was to be judged", id);
}

/* The last sample, a fresh one, shows the vote. */
static void audit_voting(unsigned int id)
{
	const struct node *n = &nodes[id];
	const struct sample *last = NULL;

	for (size_t i = 0; i < n->sample_count; i++)
		if (n->samples[i].kind == K_INFO && n->samples[i].t1 <= end_ns)
			last = &n->samples[i];
	if (!last || !(last->flags & FLAG_CAST) || end_ns - last->t1 > BLIND_NS_MAX)
		fail("voting", "node%u had not the device's vote at the end", id);
}

static void audit_voted(unsigned int id)
{
	const struct node *n = &nodes[id];

	/* The scenario looks at samples of up to half a second before, and the last ones of a node
	 * that loses power at once are lost. */
	for (size_t i = 0; i < n->sample_count; i++)
		if (n->samples[i].kind == K_INFO &&
		    n->samples[i].t0 + LOOK_BACK_NS >= n->voted_from &&
		    (n->samples[i].flags & FLAG_CAST))
			return;
	fail("voted", "node%u never had the device's vote", id);
}

/* Are the operations those that were expected?  One that ends with ? may be left out. */
static bool ops_as_expected(void)
{
	char expected[LINE_SIZE], actual[LINE_SIZE];
	char *want_rest, *saw_rest;
	char *want = strtok_r(strcpy(expected, expected_ops), " ", &want_rest);
	char *saw = strtok_r(strcpy(actual, actual_ops), " ", &saw_rest);

	while (want) {
		size_t len = strlen(want);
		bool optional = want[len - 1] == '?';

		if (optional)
			want[--len] = 0;
		if (saw && strcmp(saw, want) == 0)
			saw = strtok_r(NULL, " ", &saw_rest);
		else if (!optional)
			return false;
		want = strtok_r(NULL, " ", &want_rest);
	}
	return !saw;
}

static void audit_rest(void)
{
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++) {
		const struct node *n = &nodes[id];

		if (n->steady_from)
			audit_steady(id);
		if (n->novote_from)
			audit_cast(id, "novote", false, n->novote_from, n->novote_to);
		if (n->casting_from)
			audit_cast(id, "casting", true, n->casting_from, n->casting_to);
		if (n->voted_from)
			audit_voted(id);
		if (n->votes_at_end)
			audit_voting(id);
		if (n->fenced_count > 1)
			fail("fenced", "node%u was fenced %u times", id, n->fenced_count);
		else if (n->fenced_count > n->fenced_expected)
			fail("fenced", "node%u was fenced unexpectedly", id);
		if (n->fenced_expected && n->fenced_count == 0)
			fail("fenced", "node%u was not fenced", id);
	}
	if (!ops_as_expected())
		fail("service", "expected [ %s] but saw [ %s]", expected_ops, actual_ops);
}

/* What the service cost: one start in all is a service that nobody noticed anything of. */
static void print_starts(void)
{
	printf("starts");
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++)
		if (nodes[id].start_count > 0)
			printf(" node%u=%u", id, nodes[id].start_count);
	putchar('\n');
}

int main(int argc, char **argv)
{
	bool any = false;

	if (argc != 2) {
		fprintf(stderr, "usage: labaudit DIR\n");
		return 2;
	}
	read_events(argv[1]);
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++) {
		read_samples(argv[1], id);
		any = any || nodes[id].seen;
		build_spans(&nodes[id]);
	}
	if (!any)
		die(argv[1], "no samples");
	audit_overlap();
	print_starts();
	audit_rest();
	puts(failures ? "audits failed" : "audits passed");
	return failures ? 1 : 0;
}

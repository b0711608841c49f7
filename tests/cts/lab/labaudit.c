/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Judges one laboratory run from what was recorded: DIR/events and DIR/samples/nodeN.
 *
 * usage: labaudit [--round K] DIR     exit: 0 all audits pass, 1 one fails, 2 unusable records
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
 * faults.sh.  Of one round of several (rounds.sh) what happened in its time is judged, the starts
 * and stops of the service are not; `voteless` looks at who asked for fencings, and `innocent` at
 *whom qarbd ordered to be evicted.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"

#define GAP_NS_MAX 100000000u
#define BLIND_NS_MAX 1000000000u
#define LOOK_BACK_NS 500000000u
#define RATE_HZ_MIN 50u
#define RESUME_NS_MAX 5000000000u
/* qarb-fence-bridge goes by an answer of qarbd for so long; a request follows at once. */
#define STALE_NS_MAX 2500000000u

static struct records records;
static struct node *const nodes = records.nodes;
static unsigned int failures;

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
	return (double)(int64_t)(ns - records.begin_ns) / 1e9;
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
		records_die("spans", "out of memory");
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

	if (from < records.begin_ns)
		from = records.begin_ns;
	if (to > records.end_ns)
		to = records.end_ns;
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
	uint64_t to = n->steady_to ? n->steady_to : records.end_ns, last = n->steady_from,
		 blind = 0;
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

		if (s->kind != K_INFO || s->t0 < from || s->t1 > (to ? to : records.end_ns))
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
		if (n->samples[i].kind == K_INFO && n->samples[i].t1 <= records.end_ns)
			last = &n->samples[i];
	if (!last || !(last->flags & FLAG_CAST) || records.end_ns - last->t1 > BLIND_NS_MAX)
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
	char *want = strtok_r(strcpy(expected, records.expected_ops), " ", &want_rest);
	char *saw = strtok_r(strcpy(actual, records.actual_ops), " ", &saw_rest);

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

static const char *const request_text[] = {
	[REQUEST_ORDER] = "ordered the eviction",
	[REQUEST_ASK] = "asked for the fencing",
	[REQUEST_WANT] = "wanted the fencing",
};

/* Did the node, so shortly before t, count the device's vote, or, for Pacemaker, have quorum? */
static void audit_request(const struct request *q)
{
	const struct node *n = &nodes[q->by];
	unsigned int need = FLAG_QUORATE | (q->kind == REQUEST_WANT ? 0 : FLAG_CAST);
	uint64_t before = q->kind == REQUEST_ORDER ? LOOK_BACK_NS : STALE_NS_MAX, seen = 0;

	for (size_t i = 0; i < n->sample_count; i++) {
		const struct sample *s = &n->samples[i];

		if (s->kind != K_INFO || s->t1 > q->t || s->t1 + before < q->t)
			continue;
		seen++;
		if ((s->flags & need) == need)
			return;
	}
	if (seen == 0)
		fail("blind", "node%u was not sampled before it %s of node%u", q->by,
		     request_text[q->kind], q->target);
	else
		fail("voteless", "node%u %s of node%u at %.3f s without %s", q->by,
		     request_text[q->kind], q->target, seconds(q->t),
		     q->kind == REQUEST_WANT ? "quorum" : "the vote");
}

static uint64_t last_before(const struct instants *i, uint64_t t)
{
	uint64_t last = 0;

	for (size_t k = 0; k < i->count; k++)
		if (i->at[k] <= t)
			last = i->at[k];
	return last;
}

/* A node that has come back, and that nothing has happened to since, is not evicted: whoever orders
 * it had seen the ring with that new life. */
static void audit_innocent(const struct request *q)
{
	const struct node *by = &nodes[q->by], *target = &nodes[q->target];
	uint64_t start = last_before(&target->starts, q->t);

	if (q->kind != REQUEST_ORDER || start == 0 || last_before(&target->faults, q->t) > start)
		return;
	for (size_t i = 0; i < by->sample_count; i++) {
		const struct sample *s = &by->samples[i];

		if (s->kind != K_RING || s->t0 < start || s->t0 + GAP_NS_MAX > q->t ||
		    !(s->members >> q->target & 1))
			continue;
		fail("innocent",
		     "node%u ordered the eviction of node%u at %.3f s, which had come back at "
		     "%.3f s",
		     q->by, q->target, seconds(q->t), seconds(start));
		return;
	}
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
			fail("fenced",
			     "node%u was fenced %u times, %u of them in a life that had been "
			     "fenced",
			     id, n->fenced_count, n->fenced_twice);
		else if (n->fenced_count > n->fenced_expected + n->fenced_allowed)
			fail("fenced", "node%u was fenced unexpectedly", id);
		if (n->fenced_expected && n->fenced_count == 0)
			fail("fenced", "node%u was not fenced", id);
	}
	if (!records.round && !ops_as_expected())
		fail("service", "expected [ %s] but saw [ %s]", records.expected_ops,
		     records.actual_ops);
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
	unsigned long round = 0;
	char *rest = NULL;

	if (argc == 4 && strcmp(argv[1], "--round") == 0)
		round = strtoul(argv[2], &rest, 10);
	if ((argc != 2 && round == 0) || (rest && *rest) || round > 1000000) {
		fprintf(stderr, "usage: labaudit [--round K] DIR\n");
		return 2;
	}
	records_read(&records, argv[argc - 1], (unsigned int)round);
	for (unsigned int id = 1; id <= NODE_COUNT_MAX; id++)
		build_spans(&nodes[id]);
	if (records.gave_up)
		fail("scenario", "gave up at %.3f s", seconds(records.gave_up_ns));
	if (records.twice_on)
		fail("twice", "the service started on node%u at %.3f s while it ran on node%u",
		     records.twice_on, seconds(records.twice_ns), records.twice_beside);
	audit_overlap();
	if (!records.round)
		print_starts();
	audit_rest();
	for (size_t i = 0; i < records.request_count; i++) {
		audit_request(&records.requests[i]);
		audit_innocent(&records.requests[i]);
	}
	puts(failures ? "audits failed" : "audits passed");
	return failures ? 1 : 0;
}

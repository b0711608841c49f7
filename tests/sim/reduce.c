/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: which faults of a schedule are enough to violate the same rule (sim --reduce), a schedule
 * with some of its faults (--only), and its faults as a story.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "qarb-commit.h"
#include "tests/sim/runs.h"
#include "tests/sim/tape.h"

/* ---- as a story ---- */

/* The network as it is: who is named in no part is in one more. */
static void tell_parts(FILE *out, const struct world *w, uint64_t ms)
{
	uint64_t left = all_nodes(w), part;
	const char *word = "split";

	if (memcmp(w->part, w->part + 1, (w->nodes - 1) * sizeof(w->part[0])) == 0) {
		fprintf(out, "%llu merge\n", (unsigned long long)ms);
		return;
	}
	fprintf(out, "%llu", (unsigned long long)ms);
	while (left != 0) {
		uint32_t first = (uint32_t)__builtin_ctzll(left);

		part = 0;
		for (uint32_t i = first; i < w->nodes; i++)
			if (w->part[i] == w->part[first])
				part |= slot_bit(i);
		left &= ~part;
		if (left == 0)
			break;
		fprintf(out, " %s", word);
		for (uint32_t i = first; i < w->nodes; i++)
			if ((part & slot_bit(i)) != 0)
				fprintf(out, " %u", i + 1);
		word = "/";
	}
	fputc('\n', out);
}

static bool has_number(enum op op)
{
	return op == OP_STOP_ALL || op == OP_FREEZE || op == OP_CS_RESTART || op == OP_HANG_IPC ||
	       op == OP_STALL_NODE || op == OP_STALL_ALL || op == OP_PATH_ERROR ||
	       op == OP_PATH_HANG || op == OP_PATH_LOST || op == OP_WRITE_FAULT ||
	       op == OP_HELLO_LOST || op == OP_WEIGHT || op == OP_UNFIT || op == OP_RELOAD ||
	       op == OP_DEVICE || op == OP_ROT;
}

static bool of_network(enum op op)
{
	return op == OP_SPLIT || op == OP_RESPLIT || op == OP_ISOLATE || op == OP_APART_NOW ||
	       op == OP_STAND || op == OP_MERGE || op == OP_CS_LEAVE;
}

static void tell_fault(FILE *out, const struct world *w, const struct fault *f)
{
	enum op op = f->op == OP_CS_LEAVE ? OP_CS_RESTART : f->op;
	uint64_t ms = w->now / 1000;

	if (of_network(f->op))
		tell_parts(out, w, ms);
	if (of_network(op))
		return;
	if (f->op == OP_CS_LEAVE)
		fputs("# in the schedule the next one says goodbye\n", out);
	if (op == OP_SLOT_BACK)
		fputs("# in the schedule the slot of this node alone\n", out);
	fprintf(out, "%llu %s", (unsigned long long)ms,
		script_word(op == OP_SLOT_BACK ? OP_DISK_BACK : op));
	if (!script_of_all(op))
		fprintf(out, " %u", f->node + 1);
	if (op == OP_KILL)
		fprintf(out, " %s", proc_name[f->param]);
	else if (op == OP_STOP)
		fprintf(out, " %s %u", proc_name[f->param % 8], f->param / 8);
	else if (has_number(op))
		fprintf(out, " %u", f->param);
	fputc('\n', out);
}

static void tell_each(FILE *out, const char *word, const struct world *w,
		      uint32_t (*number)(const struct node *n), uint32_t usual)
{
	bool unusual = false;

	for (uint32_t i = 0; i < w->nodes; i++)
		unusual |= number(&w->node[i]) != usual;
	if (!unusual)
		return;
	fprintf(out, "%s", word);
	for (uint32_t i = 0; i < w->nodes; i++)
		fprintf(out, " %u", number(&w->node[i]));
	fputc('\n', out);
}

static uint32_t votes(const struct node *n)
{
	return n->votes;
}

static uint32_t weight(const struct node *n)
{
	return n->weight;
}

static void tell_those(FILE *out, const char *word, const struct world *w,
		       bool (*is)(const struct node *n))
{
	bool any = false;

	for (uint32_t i = 0; i < w->nodes; i++) {
		if (!is(&w->node[i]))
			continue;
		fprintf(out, "%s %u", any ? "" : word, i + 1);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static bool absent(const struct node *n)
{
	return n->absent;
}

static bool unregistered(const struct node *n)
{
	return n->unregistered;
}

static void tell_policy(FILE *out, const struct world *w)
{
	const struct policy *p = &w->policy;

	if (p->algorithm == ALGORITHM_FFSPLIT)
		fputs("algorithm ffsplit\n", out);
	if (p->tie_breaker == TIE_HIGHEST)
		fputs("tie highest\n", out);
	for (uint32_t i = 0; i < w->nodes && p->tie_breaker == TIE_NODE; i++)
		if (w->node[i].id == p->tie_node_id)
			fprintf(out, "tie %u\n", i + 1);
	if (w->wait_for_all)
		fputs("wait-for-all yes\n", out);
	if (p->evict)
		fprintf(out, "evict %u\n", p->evict_after_ms);
	if (p->evict && p->evict_on_score)
		fputs("evict-on-score yes\n", out);
	if (w->evict.dog_ms != 0)
		fprintf(out, "watchdog %u\n", w->evict.dog_ms);
	if (p->evict && p->on_poison == SELF_STOP)
		fputs("# in the schedule a node stops that reads its poison\n", out);
	if (w->evict.fabric)
		fputs("# in the schedule fencing kills nobody\n", out);
	if (memcmp(&w->header, &w->map, sizeof(w->map)) != 0)
		fputs("# in the schedule a node was added after disk init\n", out);
}

static void tell_cluster(FILE *out, const struct world *w)
{
	fputs("# Latencies, clocks and totem's detection were the schedule's: a story has its "
	      "own,\n"
	      "# and its times may have to be moved.  In the trace of the schedule\n",
	      out);
	for (uint32_t i = 0; i < w->nodes; i++)
		fprintf(out, "# node %u is %u\n", i + 1, w->node[i].id);
	fprintf(out, "nodes %u\n", w->nodes);
	if (w->timing != 0)
		fprintf(out, "timing %u\n", w->timing);
	if (w->class == CLASS_PRIVATE)
		fputs("private yes\n", out);
	tell_policy(out, w);
	tell_each(out, "votes", w, votes, 1);
	tell_each(out, "workload", w, weight, 0);
	tell_those(out, "absent", w, absent);
	tell_those(out, "unregistered", w, unregistered);
	fputs("0 start\n", out);
	if (w->evict.maintenance)
		fputs("0 maintenance 1\n", out);
}

/* Nodes that lose their path to the disk for good with the phase that begins, or had lost it. */
static void tell_lost(FILE *out, const struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->phase == PHASE_BOOT ? w->node[i].lost
					   : w->node[i].impaired && !w->node[i].lost)
			fprintf(out, "%llu path-lost %u %u\n", (unsigned long long)(w->now / 1000),
				i + 1, i % 2);
}

/* What everything healed is, as far as a story has words for it. */
static void tell_heal(FILE *out, const struct world *w)
{
	unsigned long long ms = w->now / 1000;

	fprintf(out, "# from now on no more faults, but a last split or a loss of power\n");
	fprintf(out, "%llu merge\n", ms);
	tell_lost(out, w);
	for (uint32_t i = 0; i < w->nodes; i++) {
		if (w->slower)
			fprintf(out, "%llu reload %u 0\n", ms, i + 1);
		if (!w->node[i].power)
			fprintf(out, "%llu power-on %u\n", ms, i + 1);
		else if (!w->node[i].proc[PROC_GUARDIAN].alive && !w->node[i].absent)
			fprintf(out, "%llu start-daemon %u\n", ms, i + 1);
	}
}

static void tell(struct tape *t, const struct world *w, const struct fault *f)
{
	if (f != NULL) {
		tell_fault(t->out, w, f);
		return;
	}
	switch ((enum phase)w->phase) {
	case PHASE_BOOT:
		tell_cluster(t->out, w);
		tell_lost(t->out, w);
		break;
	case PHASE_FAULTS:
		if (w->class == CLASS_GENTLE)
			tell_lost(t->out, w);
		break;
	case PHASE_HEALED:
		tell_heal(t->out, w);
		break;
	case PHASE_FINAL:
	case PHASE_END:
		break;
	}
}

/* ---- the schedule, whole and in parts ---- */

static struct result result;

/* Run it and write its faults down.  returns: no rule was violated. */
static bool record(struct options *o, struct tape *t)
{
	bool passed;

	o->list = false;
	o->tape = t;
	passed = runs_one(o, o->seed, NULL, false, &result);
	t->play = true;
	t->left_out = calloc(t->numbers + 1, sizeof(*t->left_out));
	CHECK(t->left_out != NULL);
	return passed;
}

static bool play(const struct options *o, FILE *out)
{
	memset(&result, 0, sizeof(result));
	return runs_one(o, o->seed, out, out != NULL, &result);
}

/* The rule is what a message begins with: "S1", "L2", "V". */
static bool same_rule(const char *a, const char *b)
{
	size_t n = strcspn(a, ":");

	return n == strcspn(b, ":") && strncmp(a, b, n) == 0;
}

static void print_numbers(const struct tape *t)
{
	const char *before = "";

	for (uint32_t i = 1; i <= t->numbers; i++) {
		if (t->left_out[i])
			continue;
		printf("%s%u", before, i);
		before = ",";
	}
	if (*before == '\0')
		printf("none");
}

/* ---- --only ---- */

/* "3,17,21", "none" or "all".  returns: false after one line that says what is wrong. */
static bool choose(const struct options *o, struct tape *t)
{
	const char *at = o->only;

	memset(t->left_out, strcmp(at, "all") != 0, t->numbers + 1);
	if (strcmp(at, "all") == 0 || strcmp(at, "none") == 0)
		return true;
	for (;;) {
		char *end;
		unsigned long n = strtoul(at, &end, 10);

		if (*at < '0' || *at > '9' || (*end != ',' && *end != '\0')) {
			fprintf(stderr, "sim: --only %s: not numbers of faults, none or all\n",
				o->only);
			return false;
		}
		if (n < 1 || n > t->numbers) {
			fprintf(stderr, "sim: --only %s: no fault %.*s, seed %llu has %u\n",
				o->only, (int)(end - at), at, (unsigned long long)o->seed,
				t->numbers);
			return false;
		}
		t->left_out[n] = false;
		if (*end == '\0')
			return true;
		at = end + 1;
	}
}

int reduce_only(const struct options *options)
{
	struct options o = *options;
	struct tape t = { 0 };
	int rc = 2;

	(void)record(&o, &t);
	if (choose(&o, &t)) {
		rc = play(&o, o.verbose ? stdout : NULL) ? 0 : 1;
		printf("%s%llu commit %s faults ", rc == 0 ? "seed " : "FAILED seed ",
		       (unsigned long long)o.seed, QARB_COMMIT);
		print_numbers(&t);
		if (rc == 0)
			printf(": passed, %llu events\n", (unsigned long long)result.steps);
		else
			printf(": %s\n", result.why);
	}
	tape_free(&t);
	return rc;
}

/* ---- --reduce ---- */

struct search {
	const struct options *o;
	struct tape *t;
	char rule[sizeof(result.why)];
	uint32_t tried;
};

/* Without these of the numbers that are left, is the rule still violated?  Then they stay out. */
static bool without(struct search *s, const uint32_t *number, uint32_t count)
{
	bool still;

	for (uint32_t i = 0; i < count; i++)
		s->t->left_out[number[i]] = true;
	s->tried++;
	still = !play(s->o, NULL) && same_rule(result.why, s->rule);
	for (uint32_t i = 0; i < count && !still; i++)
		s->t->left_out[number[i]] = false;
	return still;
}

/* Leave out all, then ever smaller parts, at last one by one until each of them is needed. */
static void search(struct search *s)
{
	uint32_t count = s->t->numbers, part = count, *number;
	bool fewer = false;

	number = calloc(count + 1, sizeof(*number));
	CHECK(number != NULL);
	for (uint32_t i = 0; i < count; i++)
		number[i] = i + 1;
	while (count > 0) {
		fewer = false;
		for (uint32_t at = 0; at < count;) {
			uint32_t n = part < count - at ? part : count - at;

			if (!without(s, number + at, n)) {
				at += n;
				continue;
			}
			count -= n;
			memmove(number + at, number + at + n, (count - at) * sizeof(*number));
			fewer = true;
		}
		if (part == 1 && !fewer)
			break;
		part = part > 1 ? (part + 1) / 2 : 1;
	}
	free(number);
}

static uint32_t left(const struct tape *t)
{
	uint32_t n = 0;

	for (uint32_t i = 1; i <= t->numbers; i++)
		n += !t->left_out[i];
	return n;
}

static void print_found(const struct search *s)
{
	unsigned long long seed = s->o->seed;

	s->t->tell = tell;
	s->t->out = stdout;
	printf("# seed %llu commit %s%s%s, faults ", seed, QARB_COMMIT,
	       s->o->mutant != NULL ? " mutant " : "", s->o->mutant != NULL ? s->o->mutant : "");
	print_numbers(s->t);
	printf("\n");
	(void)play(s->o, NULL);
	printf("%llu end\n\n", (unsigned long long)(result.failed_at / 1000 + 1));
	printf("reduced seed %llu commit %s from %u faults to %u, in %u schedules: %s\n", seed,
	       QARB_COMMIT, s->t->numbers, left(s->t), s->tried, result.why);
	printf("repeat: sim --seed %llu --only ", seed);
	print_numbers(s->t);
	printf(" --verbose");
	runs_print_options(s->o);
}

int reduce_run(const struct options *options)
{
	struct options o = *options;
	struct tape t = { 0 };
	struct search s = { .o = &o, .t = &t };
	int rc = 1;

	if (record(&o, &t)) {
		fprintf(stderr, "sim: seed %llu violates no rule: there is nothing to reduce\n",
			(unsigned long long)o.seed);
		rc = 2;
		goto out;
	}
	memcpy(s.rule, result.why, sizeof(s.rule));
	if (!without(&s, NULL, 0)) {
		printf("FAILED: seed %llu violates %.*s, and not with the list of its faults\n",
		       (unsigned long long)o.seed, (int)strcspn(s.rule, ":"), s.rule);
		goto out;
	}
	search(&s);
	print_found(&s);
	rc = 0;
out:
	tape_free(&t);
	return rc;
}

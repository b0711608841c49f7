/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: the command line: one schedule, many, the standing check, a story. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mutant.h"
#include "qarb-commit.h"
#include "tests/sim/runs.h"
#include "tests/sim/tape.h"

static const char *const class_name[] = { "wild", "directed", "gentle", "freeze", "private" };

double runs_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum kind class_of(const struct options *o, uint64_t seed)
{
	struct rng r = { seed ^ 0xc1a55u };
	uint64_t k = rng_below(&r, 100);

	if (o->class >= 0)
		return (enum kind)o->class;
	return k < 40	? CLASS_WILD
	       : k < 75 ? CLASS_DIRECTED
	       : k < 94 ? CLASS_GENTLE
	       : k < 98 ? CLASS_FREEZE
			: CLASS_PRIVATE;
}

/* Mostly small ones: what goes wrong in a large cluster goes wrong in a small one, sooner.  One of
 * 64 nodes takes the time of a thousand: a few in the standing check, one in 10,000 in long runs.
 */
static uint32_t nodes_of(const struct options *o, uint64_t seed)
{
	static const struct {
		uint32_t below, nodes;
	} mix[] = { { 200, 1 },	 { 4400, 2 }, { 7400, 3 },  { 8600, 4 },  { 9300, 5 },
		    { 9650, 6 }, { 9967, 7 }, { 9997, 16 }, { 10000, 64 } };
	struct rng r = { seed ^ 0x2003u };
	uint64_t k = rng_below(&r, 10000);
	uint32_t i = 0;

	if (o->nodes != 0)
		return o->nodes;
	if (o->small)
		return 2 + k % 2;
	if (k >= mix[7].below && k < 9999 && seed > CHECK_RUNS)
		return mix[7].nodes;
	while (k >= mix[i].below)
		i++;
	return mix[i].nodes;
}

/* Not every class can be had with every number of nodes. */
static uint32_t fit_class(struct world *w, uint32_t nodes)
{
	if (nodes == 1 && (w->class == CLASS_DIRECTED || w->class == CLASS_PRIVATE))
		w->class = CLASS_WILD;
	return w->class == CLASS_PRIVATE && nodes > 3 ? 3 : nodes;
}

bool runs_one(const struct options *o, uint64_t seed, FILE *out, bool verbose, struct result *res)
{
	static struct world *w;
	bool failed;

	if (w == NULL)
		w = malloc(sizeof(*w));
	if (w == NULL)
		exit(1);
	memset(w, 0, sizeof(*w));
	w->class = class_of(o, seed);
	w->trace = out;
	w->verbose = verbose;
	world_open(w, seed, fit_class(w, nodes_of(o, seed)));
	shape_plan(w);
	w->tape = o->tape;
	if (w->tape != NULL)
		tape_start(w);
	world_run(w, w->end_at);
	res->runs++;
	res->steps += w->steps;
	res->yes_polls += w->yes_polls;
	for (uint32_t i = 0; i < COVER_COUNT; i++)
		res->cover[i] += w->cover[i];
	for (uint32_t i = 0; i < sizeof(w->excused) / sizeof(w->excused[0]); i++)
		res->excused[i] += w->excused[i];
	failed = w->failed;
	if (failed) {
		if (o->list)
			printf("seed %llu: %s (%s, %u nodes)\n", (unsigned long long)seed, w->why,
			       class_name[w->class], w->nodes);
		res->failures++;
		if (!res->failed) {
			res->failed = true;
			res->failed_seed = seed;
			res->failed_at = w->failed_at;
			snprintf(res->why, sizeof(res->why),
				 "%s (at %llu.%03llu ms, step %llu, %s, %u nodes)", w->why,
				 (unsigned long long)(w->failed_at / 1000),
				 (unsigned long long)(w->failed_at % 1000),
				 (unsigned long long)w->failed_step, class_name[w->class],
				 w->nodes);
		}
	}
	world_close(w);
	return !failed;
}

void runs_print_options(const struct options *o)
{
	if (o->small)
		printf(" --small");
	if (o->nodes != 0)
		printf(" --nodes %u", o->nodes);
	if (o->class >= 0)
		printf(" --class %s", class_name[o->class]);
	if (o->mutant != NULL)
		printf(" --mutant %s", o->mutant);
	printf("\n");
}

/* Replay a failing seed and show the end of its trace. */
static void show_failure(const struct options *o, uint64_t seed, const char *why)
{
	struct options quiet = *o;
	struct result again = { 0 };
	char *text = NULL, *from;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int lines = 0;

	if (f == NULL)
		return;
	quiet.list = false;
	runs_one(&quiet, seed, f, true, &again);
	fclose(f);
	for (from = text + size; from > text && lines < 120; from--)
		lines += from[-1] == '\n';
	printf("%s\n", from);
	printf("FAILED seed %llu commit %s%s%s: %s\n", (unsigned long long)seed, QARB_COMMIT,
	       o->mutant != NULL ? " mutant " : "", o->mutant != NULL ? o->mutant : "", why);
	printf("replay: sim --seed %llu --verbose", (unsigned long long)seed);
	runs_print_options(o);
	printf("reduce: sim --reduce %llu", (unsigned long long)seed);
	runs_print_options(o);
	free(text);
}

static void run_range(const struct options *o, uint64_t first, uint64_t step, uint64_t runs,
		      bool stop_at_failure, struct result *res)
{
	for (uint64_t i = 0; i < runs; i++) {
		uint64_t seed = first + i * step;
		uint32_t nodes = nodes_of(o, seed);

		if (nodes < o->nodes_from || nodes > o->nodes_to)
			continue;
		if (!runs_one(o, seed, NULL, false, res) && stop_at_failure)
			return;
	}
}

/* Share the seeds among processes.  stop: end at the first failure. */
static bool run_many(const struct options *o, bool stop, struct result *total)
{
	int pipes[16][2];
	uint32_t jobs = o->jobs > 16 ? 16 : o->jobs;

	memset(total, 0, sizeof(*total));
	fflush(stdout);
	for (uint32_t j = 0; j < jobs; j++) {
		pid_t pid;

		if (pipe(pipes[j]) != 0 || (pid = fork()) < 0) {
			fprintf(stderr, "sim: %s\n", strerror(errno));
			exit(1);
		}
		if (pid == 0) {
			static struct result res;

			run_range(o, o->first + j, jobs, (o->runs + jobs - 1 - j) / jobs, stop,
				  &res);
			fflush(stdout);
			_exit(write(pipes[j][1], &res, sizeof(res)) == sizeof(res) ? 0 : 1);
		}
		close(pipes[j][1]);
	}
	for (uint32_t j = 0; j < jobs; j++) {
		static struct result res;
		bool whole = read(pipes[j][0], &res, sizeof(res)) == sizeof(res);

		close(pipes[j][0]);
		if (!whole) {
			fprintf(stderr, "sim: a process that ran schedules died\n");
			total->failures++;
			continue;
		}
		total->runs += res.runs;
		total->steps += res.steps;
		total->yes_polls += res.yes_polls;
		total->failures += res.failures;
		for (uint32_t i = 0; i < COVER_COUNT; i++)
			total->cover[i] += res.cover[i];
		for (uint32_t i = 0; i < sizeof(res.excused) / sizeof(res.excused[0]); i++)
			total->excused[i] += res.excused[i];
		if (res.failed && (!total->failed || res.failed_seed < total->failed_seed)) {
			total->failed = true;
			total->failed_seed = res.failed_seed;
			memcpy(total->why, res.why, sizeof(res.why));
		}
	}
	while (wait(NULL) > 0)
		;
	return total->failures == 0;
}

static const char *const excused_name[] = {
	"frozen node",
	"poll held up beyond H + P",
	"timer armed again, voter dead or its call hangs",
	"longer times reloaded, daemon dead",
	"nobody left who saw what the disk lost",
};

static void print_figures(const struct options *o, const struct result *r, double took)
{
	printf("%llu schedules in %.1f s: %.0f a second with %u processes; %llu events, %llu yes "
	       "polls\n",
	       (unsigned long long)r->runs, took, (double)r->runs / took, o->jobs,
	       (unsigned long long)r->steps, (unsigned long long)r->yes_polls);
	for (uint32_t i = 0; i < COVER_COUNT; i++)
		printf("%10llu %s\n", (unsigned long long)r->cover[i], cover_name[i]);
	for (uint32_t i = 0; i < sizeof(excused_name) / sizeof(excused_name[0]); i++)
		printf("%10llu S1 excused: %s\n", (unsigned long long)r->excused[i],
		       excused_name[i]);
}

static bool run_and_print(const struct options *o, bool need_cover)
{
	static struct result r;
	double start = runs_seconds();
	bool ok = run_many(o, false, &r);

	print_figures(o, &r, runs_seconds() - start);
	if (!ok) {
		if (r.failed)
			show_failure(o, r.failed_seed, r.why);
		printf("%llu of %llu schedules failed\n", (unsigned long long)r.failures,
		       (unsigned long long)r.runs);
	}
	for (uint32_t i = 0; i < COVER_COUNT && need_cover; i++)
		if (r.cover[i] == 0) {
			printf("FAILED: never happened: %s\n", cover_name[i]);
			ok = false;
		}
	return ok;
}

static int usage(void)
{
	fputs("usage: sim --seed N [--nodes N] [--class C] [--mutant M] [--verbose] [--only "
	      "K,K,...]\n"
	      "       sim --reduce N [--nodes N] [--class C] [--mutant M]\n"
	      "       sim --runs N [--first-seed S] [--jobs J] [--nodes N] [--class C] [--mutant "
	      "M]\n"
	      "           [--list] [--small] [--nodes-from N] [--nodes-to N]\n"
	      "       sim --check | --mutants [--stories FOLDER] | --bench | --selftest\n"
	      "       sim STORY.txt [--golden FILE] [--update] [--verbose]\n",
	      stderr);
	return 2;
}

static bool number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno == 0 && *text != '\0' && *end == '\0';
}

static bool option_value(struct options *o, const char *name, const char *value)
{
	uint64_t n = 0;

	if (strcmp(name, "--golden") == 0) {
		o->golden = value;
		return true;
	}
	if (strcmp(name, "--stories") == 0) {
		o->stories = value;
		return true;
	}
	if (strcmp(name, "--mutant") == 0) {
		o->mutant = value;
		return true;
	}
	if (strcmp(name, "--only") == 0) {
		o->only = value;
		return true;
	}
	if (strcmp(name, "--class") == 0) {
		for (int i = 0; i <= CLASS_PRIVATE; i++)
			if (strcmp(value, class_name[i]) == 0)
				o->class = i;
		return o->class >= 0;
	}
	if (!number(value, &n))
		return false;
	if (strcmp(name, "--seed") == 0 || strcmp(name, "--reduce") == 0) {
		o->seed = n;
		o->reduce = strcmp(name, "--reduce") == 0;
		o->seeded = true;
	} else if (strcmp(name, "--runs") == 0) {
		o->runs = n;
	} else if (strcmp(name, "--first-seed") == 0) {
		o->first = n;
	} else if (strcmp(name, "--jobs") == 0 && n >= 1 && n <= 16) {
		o->jobs = (uint32_t)n;
	} else if (strcmp(name, "--nodes") == 0 && n >= 1 && n <= NODES_MAX) {
		o->nodes = (uint32_t)n;
	} else if (strcmp(name, "--nodes-from") == 0 && n >= 1 && n <= NODES_MAX) {
		o->nodes_from = (uint32_t)n;
	} else if (strcmp(name, "--nodes-to") == 0 && n >= 1 && n <= NODES_MAX) {
		o->nodes_to = (uint32_t)n;
	} else {
		return false;
	}
	return true;
}

static bool parse(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0)
			o->verbose = true;
		else if (strcmp(argv[i], "--check") == 0)
			o->check = true;
		else if (strcmp(argv[i], "--mutants") == 0)
			o->mutants = true;
		else if (strcmp(argv[i], "--bench") == 0)
			o->bench = true;
		else if (strcmp(argv[i], "--selftest") == 0)
			o->selftest = true;
		else if (strcmp(argv[i], "--list") == 0)
			o->list = true;
		else if (strcmp(argv[i], "--small") == 0)
			o->small = true;
		else if (strcmp(argv[i], "--update") == 0)
			o->update = true;
		else if (argv[i][0] != '-' && o->story == NULL)
			o->story = argv[i];
		else if (i + 1 < argc && option_value(o, argv[i], argv[i + 1]))
			i++;
		else
			return false;
	}
	return true;
}

static int one_seed(const struct options *o)
{
	static struct result r;

	if (runs_one(o, o->seed, o->verbose ? stdout : NULL, o->verbose, &r)) {
		printf("seed %llu commit %s: passed, %llu events\n", (unsigned long long)o->seed,
		       QARB_COMMIT, (unsigned long long)r.steps);
		return 0;
	}
	if (!o->verbose)
		show_failure(o, o->seed, r.why);
	else
		printf("FAILED seed %llu commit %s: %s\n", (unsigned long long)o->seed, QARB_COMMIT,
		       r.why);
	return 1;
}

/* Speed of two-node schedules on one core. */
static int bench(struct options *o)
{
	o->jobs = 1;
	o->nodes = 2;
	o->runs = 1000;
	return run_and_print(o, false) ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options o = { .first = 1,
			     .nodes_to = NODES_MAX,
			     .jobs = 2,
			     .class = -1,
			     .stories = "tests/sim/stories" };
	int passed = 0, failed = 0;

	/* What one schedule gives back the next one needs again: giving it to the kernel, which
	 * zeroes it anew, was a quarter of the time. */
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	if (!parse(&o, argc, argv) || (o.only != NULL && (!o.seeded || o.reduce)))
		return usage();
#ifdef MUTANT_ENABLE
	if (o.mutant != NULL && !mutant_select(o.mutant)) {
		fprintf(stderr, "sim: no mutant is named %s\n", o.mutant);
		return 2;
	}
#else
	if (o.mutant != NULL) {
		fputs("sim: this build has no mutants\n", stderr);
		return 2;
	}
#endif
	if (o.selftest)
		return selftest_run();
	if (o.story != NULL)
		return script_run(o.story, o.golden, o.update, o.verbose);
	if (o.reduce)
		return reduce_run(&o);
	if (o.seeded)
		return o.only != NULL ? reduce_only(&o) : one_seed(&o);
	if (o.bench)
		return bench(&o);
	if (o.check) {
		o.runs = o.runs != 0 ? o.runs : CHECK_RUNS;
		*(run_and_print(&o, true) ? &passed : &failed) += 1;
		teeth_run(&o, &passed, &failed);
		printf("%d passed, %d failed, 0 skipped\n", passed, failed);
		return failed != 0;
	}
	if (o.mutants)
		return teeth_run(&o, &passed, &failed) ? 0 : 1;
	if (o.runs != 0)
		return run_and_print(&o, false) ? 0 : 1;
	return usage();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: a story told by a text file, and its golden trace.
 *
 *	# comment
 *	nodes 2            before everything else; also: seed N, tie lowest|highest|ID, private yes,
 *	                   algorithm ffsplit, votes N N ..., workload N N ..., absent ID ...,
 *	                   unregistered ID ..., wait-for-all yes, evict MS (after such a silence),
 *	                   evict-on-score yes,
 *	                   watchdog MS, on-loss stop|reboot, slots N, unlisted ID ...
 *	0 start            every node: corosync and the daemon
 *	8000 power-off 1   time in ms, what, node id, arguments
 *	20000 expect 2     exactly these nodes cast and are quorate now; none named: nobody;
 *	20000 expect-vote 2   exactly these nodes cast now, quorate or not
 *	20000 expect-fenced 3   exactly these nodes were fenced until now, each once
 *	20000 nodelist 1 2 3    corosync's new list; who is added gets a slot of the disk
 *	21000 split 1 2 / 3   parts of the network; who is in none is in one more
 *	30000 end
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/timing.h"
#include "tests/sim/sim.h"

static const struct {
	const char *name;
	enum op op;
} op_name[] = {
	{ "split", OP_SPLIT },
	{ "merge", OP_MERGE },
	{ "workload", OP_WEIGHT },
	{ "path-lost", OP_PATH_LOST },
	{ "power-off", OP_POWER_OFF },
	{ "power-on", OP_POWER_ON },
	{ "kill", OP_KILL },
	{ "kill-all", OP_KILL_ALL },
	{ "start-daemon", OP_START },
	{ "stop", OP_STOP },
	{ "stop-all", OP_STOP_ALL },
	{ "freeze", OP_FREEZE },
	{ "suspend", OP_SUSPEND },
	{ "pause", OP_PAUSE },
	{ "forget", OP_FORGET },
	{ "corosync-restart", OP_CS_RESTART },
	{ "hang-ipc", OP_HANG_IPC },
	{ "unfit", OP_UNFIT },
	{ "leave", OP_LEAVE },
	{ "stall", OP_STALL_NODE },
	{ "stall-all", OP_STALL_ALL },
	{ "path-error", OP_PATH_ERROR },
	{ "path-hang", OP_PATH_HANG },
	{ "write-fault", OP_WRITE_FAULT },
	{ "hello-lost", OP_HELLO_LOST },
	{ "delay-install", OP_DELAY_INSTALL },
	{ "reload", OP_RELOAD },
	{ "unregister", OP_DEVICE },
	{ "install", OP_INSTALL },
	{ "disk-save", OP_DISK_SAVE },
	{ "disk-put-back", OP_DISK_BACK },
	{ "rot", OP_ROT },
	{ "slow", OP_SLOW },
	{ "read-only", OP_READ_ONLY },
	{ "maintenance", OP_MAINTENANCE },
	{ "fencing", OP_FENCING },
};

const char *script_word(enum op op)
{
	for (size_t i = 0; i < sizeof(op_name) / sizeof(op_name[0]); i++)
		if (op_name[i].op == op)
			return op_name[i].name;
	return NULL;
}

struct story {
	struct world *w;
	const char *path;
	uint32_t line;
	uint32_t nodes, seed, timing, evict_after_ms, watchdog_ms, slots;
	char tie[16];
	uint32_t votes[NODES_MAX], weight[NODES_MAX];
	uint64_t absent, unregistered, unlisted; /* by node id - 1 */
	enum self_act on_loss;
	bool open, ended, private, ffsplit, wait_for_all, on_score;
};

static bool bad(const struct story *s, const char *why, const char *what)
{
	fprintf(stderr, "%s:%u: %s: %s\n", s->path, s->line, why, what);
	return false;
}

static struct node *node_by_id(struct world *w, const char *text)
{
	unsigned long id = text != NULL ? strtoul(text, NULL, 10) : 0;

	for (uint32_t i = 0; i < w->nodes; i++)
		if (w->node[i].id == id)
			return &w->node[i];
	return NULL;
}

static bool mask_of(struct story *s, uint64_t *mask)
{
	char *word;

	*mask = 0;
	while ((word = strtok(NULL, " \t")) != NULL) {
		struct node *n = node_by_id(s->w, word);

		if (n == NULL)
			return bad(s, "no such node", word);
		*mask |= slot_bit(n->index);
	}
	return true;
}

static bool set_up(struct story *s, FILE *out)
{
	struct world *w = s->w;

	if (s->open)
		return true;
	if (s->slots > s->nodes)
		return bad(s, "more slots than nodes", "slots");
	memset(w, 0, sizeof(*w));
	w->class = s->private ? CLASS_PRIVATE : CLASS_STORY;
	w->story = true;
	w->timing = s->timing;
	w->trace = out;
	w->slots = s->slots;
	w->unlisted = s->unlisted;
	world_open(w, s->seed, s->nodes);
	w->phase = 1;
	s->open = true;
	w->wait_for_all = s->wait_for_all;
	w->policy.algorithm = s->ffsplit ? ALGORITHM_FFSPLIT : ALGORITHM_LMS;
	for (uint32_t i = 0; i < w->nodes; i++) {
		w->node[i].votes = s->votes[i] != 0 ? s->votes[i] : 1;
		w->node[i].weight = s->weight[i];
		w->node[i].absent = (s->absent & slot_bit(i)) != 0;
		w->node[i].unregistered = (s->unregistered & slot_bit(i)) != 0;
	}
	config_votes(w);
	w->policy.evict = s->evict_after_ms != 0;
	w->policy.evict_after_ms = s->evict_after_ms;
	w->policy.evict_on_score = s->on_score;
	w->policy.on_poison = SELF_REBOOT;
	w->policy.on_loss = s->on_loss;
	w->evict.dog_ms = s->watchdog_ms;
	if (strcmp(s->tie, "highest") == 0) {
		w->policy.tie_breaker = TIE_HIGHEST;
	} else if (s->tie[0] != '\0' && strcmp(s->tie, "lowest") != 0) {
		w->policy.tie_breaker = TIE_NODE;
		w->policy.tie_node_id = (uint32_t)strtoul(s->tie, NULL, 10);
	}
	return true;
}

/* One number for each node, by node id. */
static bool numbers(uint32_t *to, const char *word)
{
	for (uint32_t i = 0; word != NULL && i < NODES_MAX; i++, word = strtok(NULL, " \t"))
		to[i] = (uint32_t)strtoul(word, NULL, 10);
	return true;
}

static bool ids(struct story *s, uint64_t *mask, const char *word)
{
	for (; word != NULL; word = strtok(NULL, " \t")) {
		unsigned long id = strtoul(word, NULL, 10);

		if (id < 1 || id > NODES_MAX)
			return bad(s, "no such node", word);
		*mask |= slot_bit((uint32_t)id - 1);
	}
	return true;
}

static bool setting(struct story *s, const char *key, const char *value)
{
	if (s->open)
		return bad(s, "too late for a setting", key);
	if (value == NULL)
		return bad(s, "a value is missing", key);
	if (strcmp(key, "nodes") == 0) {
		s->nodes = (uint32_t)strtoul(value, NULL, 10);
		return (s->nodes >= 1 && s->nodes <= NODES_MAX) || bad(s, "1 to 64 nodes", value);
	}
	if (strcmp(key, "timing") == 0) {
		s->timing = (uint32_t)strtoul(value, NULL, 10);
		return s->timing < SHAPE_TIMINGS || bad(s, "no such timing", value);
	}
	if (strcmp(key, "evict") == 0) {
		s->evict_after_ms = (uint32_t)strtoul(value, NULL, 10);
		return s->evict_after_ms > 0 || bad(s, "milliseconds", value);
	}
	if (strcmp(key, "watchdog") == 0) {
		s->watchdog_ms = (uint32_t)strtoul(value, NULL, 10);
		return s->watchdog_ms > 0 || bad(s, "milliseconds", value);
	}
	if (strcmp(key, "slots") == 0) {
		s->slots = (uint32_t)strtoul(value, NULL, 10);
		return s->slots > 0 || bad(s, "not a number of slots", value);
	}
	if (strcmp(key, "on-loss") == 0) {
		s->on_loss = strcmp(value, "stop") == 0 ? SELF_STOP : SELF_REBOOT;
		return true;
	}
	if (strcmp(key, "unlisted") == 0)
		return ids(s, &s->unlisted, value);
	if (strcmp(key, "votes") == 0)
		return numbers(s->votes, value);
	if (strcmp(key, "workload") == 0)
		return numbers(s->weight, value);
	if (strcmp(key, "absent") == 0)
		return ids(s, &s->absent, value);
	if (strcmp(key, "unregistered") == 0)
		return ids(s, &s->unregistered, value);
	if (strcmp(key, "algorithm") == 0)
		s->ffsplit = strcmp(value, "ffsplit") == 0;
	else if (strcmp(key, "wait-for-all") == 0)
		s->wait_for_all = strcmp(value, "yes") == 0;
	else if (strcmp(key, "evict-on-score") == 0)
		s->on_score = strcmp(value, "yes") == 0;
	else if (strcmp(key, "seed") == 0)
		s->seed = (uint32_t)strtoul(value, NULL, 10);
	else if (strcmp(key, "tie") == 0)
		snprintf(s->tie, sizeof(s->tie), "%s", value);
	else if (strcmp(key, "private") == 0)
		s->private = strcmp(value, "yes") == 0;
	else
		return bad(s, "unknown word", key);
	return true;
}

static void start_all(struct world *w)
{
	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((w->unlisted & slot_bit(i)) != 0)
			continue;
		w->node[i].power = true;
		world_push(w, w->now + (10 + i) * MS, EV_CS_START, i, 0, 0);
		world_push(w, w->now + (300 + i) * MS, EV_DAEMON_START, i, 0, 0);
	}
}

static bool expect(struct story *s, const char *what)
{
	uint64_t mask;
	char when[64];

	if (!mask_of(s, &mask))
		return false;
	snprintf(when, sizeof(when), "at %llu ms", (unsigned long long)(s->w->now / 1000));
	if (strcmp(what, "expect-fenced") == 0)
		evict_expect(s->w, mask, when);
	else if (strcmp(what, "expect-vote") == 0)
		check_votes(s->w, mask, when);
	else
		check_decided(s->w, mask, when);
	return true;
}

static bool parameter(struct story *s, enum op op, uint32_t *param)
{
	const char *word = strtok(NULL, " \t");
	uint32_t p = PROC_COUNT;

	*param = 0;
	if (op == OP_KILL || op == OP_STOP) {
		for (p = 0; word != NULL && p < PROC_COUNT; p++)
			if (strcmp(word, proc_name[p]) == 0)
				break;
		if (p >= PROC_COUNT)
			return bad(s, "no such process", word != NULL ? word : "nothing");
		word = strtok(NULL, " \t");
	}
	if (word != NULL)
		*param = (uint32_t)strtoul(word, NULL, 10);
	if (op == OP_KILL)
		*param = p;
	else if (op == OP_STOP)
		*param = p + 8 * *param;
	return true;
}

/* "1 2 / 3": the parts are numbered from 1, who is in none is in part 0. */
static bool split(struct story *s)
{
	uint32_t part[PEERS] = { 0 }, number = 1;
	char *word;

	while ((word = strtok(NULL, " \t")) != NULL) {
		struct node *n = node_by_id(s->w, word);

		if (strcmp(word, "/") == 0)
			number++;
		else if (n == NULL)
			return bad(s, "no such node", word);
		else
			part[n->index] = number;
	}
	fault_split(s->w, part);
	return true;
}

static bool nodelist(struct story *s)
{
	uint64_t mask;

	if (!mask_of(s, &mask))
		return false;
	scene_nodelist(s->w, mask);
	return true;
}

bool script_of_all(enum op op)
{
	return op == OP_MERGE || op == OP_STALL_ALL || op == OP_DISK_SAVE || op == OP_DISK_BACK ||
	       op == OP_MAINTENANCE || op == OP_FENCING;
}

static bool happen(struct story *s, const char *what)
{
	struct world *w = s->w;
	struct node *n = &w->node[0];
	uint32_t param = 0;

	if (strcmp(what, "start") == 0) {
		start_all(w);
		return true;
	}
	if (strcmp(what, "expect") == 0 || strcmp(what, "expect-vote") == 0 ||
	    strcmp(what, "expect-fenced") == 0)
		return expect(s, what);
	if (strcmp(what, "nodelist") == 0)
		return nodelist(s);
	if (strcmp(what, "end") == 0) {
		s->ended = true;
		return true;
	}
	for (size_t i = 0; i < sizeof(op_name) / sizeof(op_name[0]); i++) {
		if (strcmp(what, op_name[i].name) != 0)
			continue;
		if (op_name[i].op == OP_SPLIT)
			return split(s);
		if (!script_of_all(op_name[i].op)) {
			n = node_by_id(w, strtok(NULL, " \t"));
			if (n == NULL)
				return bad(s, "a node id is missing", what);
		}
		if (!parameter(s, op_name[i].op, &param))
			return false;
		fault_do(w, op_name[i].op, n, param);
		return true;
	}
	return bad(s, "unknown word", what);
}

static bool tell_line(struct story *s, char *line, FILE *out)
{
	char *word, *what, *end;
	uint64_t ms;

	line[strcspn(line, "#\n")] = '\0';
	word = strtok(line, " \t");
	if (word == NULL)
		return true;
	ms = strtoull(word, &end, 10);
	what = strtok(NULL, " \t");
	if (*end != '\0')
		return setting(s, word, what);
	if (what == NULL)
		return bad(s, "nothing happens", word);
	if (!set_up(s, out))
		return false;
	if (ms * MS < s->w->now)
		return bad(s, "time goes back", word);
	world_run(s->w, ms * MS);
	return !s->w->failed && happen(s, what) && !s->w->failed;
}

/* Compare, or write. */
static int golden_check(const char *golden, bool update, const char *text)
{
	FILE *f = fopen(golden, update ? "w" : "r");
	char *want = NULL;
	size_t size = 0, line = 1, i;
	bool differs;
	int c;

	if (f == NULL) {
		fprintf(stderr, "sim: %s: %s\n", golden, strerror(errno));
		return 1;
	}
	if (update) {
		fputs(text, f);
		return fclose(f) == 0 ? 0 : 1;
	}
	FILE *m = open_memstream(&want, &size);

	while (m != NULL && (c = fgetc(f)) != EOF)
		fputc(c, m);
	fclose(f);
	if (m == NULL || fclose(m) != 0)
		return 1;
	for (i = 0; want[i] == text[i] && text[i] != '\0'; i++)
		line += text[i] == '\n';
	differs = want[i] != text[i];
	if (differs) {
		/* Show the whole lines. */
		while (i > 0 && text[i - 1] != '\n')
			i--;
		fprintf(stderr, "sim: %s:%zu differs:\n- %.*s\n+ %.*s\n", golden, line,
			(int)strcspn(want + i, "\n"), want + i, (int)strcspn(text + i, "\n"),
			text + i);
	}
	free(want);
	return differs;
}

int script_run(const char *path, const char *golden, bool update, bool verbose)
{
	static struct world world;
	struct story s = { .w = &world, .path = path, .nodes = 2, .seed = 1 };
	FILE *f = fopen(path, "r"), *out;
	char line[256], *text = NULL;
	size_t size = 0;
	bool ok = true;
	int rc = 1;

	if (f == NULL) {
		fprintf(stderr, "sim: %s: %s\n", path, strerror(errno));
		return 1;
	}
	out = open_memstream(&text, &size);
	while (ok && out != NULL && !s.ended && fgets(line, sizeof(line), f) != NULL) {
		s.line++;
		ok = tell_line(&s, line, out);
	}
	fclose(f);
	if (out == NULL || fclose(out) != 0)
		return 1;
	if (!ok || verbose || golden == NULL)
		fputs(text, stdout);
	if (s.open && world.failed)
		fprintf(stderr, "%s:%u: %s\n", path, s.line, world.why);
	else if (ok && !s.ended)
		fprintf(stderr, "%s: the story has no end\n", path);
	else if (ok)
		rc = golden != NULL ? golden_check(golden, update, text) : 0;
	if (s.open)
		world_close(&world);
	free(text);
	return rc;
}

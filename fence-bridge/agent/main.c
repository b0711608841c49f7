/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence_qarb: a fence agent that has a node end itself by poison through the quorum disks, and that
 * waits until the node is known to be dead (verdict.h).  The local qarbd writes the order, because
 * a block has exactly one writer, and reads the disks.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fence-bridge/agent/daemon.h"
#include "fence-bridge/agent/metadata.h"
#include "fence-bridge/agent/options.h"
#include "fence-bridge/agent/verdict.h"

/* What fence agents return. */
enum { AGENT_SUCCEEDED = 0, AGENT_FAILED = 1, AGENT_IS_OFF = 2 };

enum { AGENT_LOOK_MS = 200, AGENT_ERROR_SIZE = 256 };

static struct ipc_status agent_status; /* large */

static void agent_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* To standard error, which Pacemaker logs and shows as the reason of a failed fencing. */
static void agent_say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)fprintf(stderr, "fence_qarb: ");
	(void)vfprintf(stderr, format, list);
	(void)fprintf(stderr, "\n");
	va_end(list);
}

static uint64_t agent_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void agent_pause(void)
{
	const struct timespec t = { .tv_nsec = AGENT_LOOK_MS * 1000000L };

	(void)nanosleep(&t, NULL);
}

/* ---- which node ---- */

static uint32_t agent_find(const struct ipc_status *s, const char *plug)
{
	char *end;
	unsigned long id;

	for (uint32_t i = 0; i < s->node_count; i++)
		if (s->node[i].name[0] != 0 && strcmp(s->node[i].name, plug) == 0)
			return s->node[i].node_id;
	id = strtoul(plug, &end, 10);
	for (uint32_t i = 0; i < s->node_count; i++)
		if (plug[0] >= '1' && plug[0] <= '9' && *end == 0 && s->node[i].node_id == id)
			return s->node[i].node_id;
	return 0;
}

/* out: node_id of the plug, from a fresh status. */
static bool agent_target(const struct agent_options *o, uint32_t *node_id)
{
	char error[AGENT_ERROR_SIZE];

	if (o->plug[0] == 0) {
		agent_say("plug is missing: which node?");
		return false;
	}
	if (daemon_status(&agent_status, error, sizeof(error)) != RC_OK) {
		agent_say("%s", error);
		return false;
	}
	*node_id = agent_find(&agent_status, o->plug);
	if (*node_id == 0)
		agent_say("%s: corosync's nodelist has no such node", o->plug);
	return *node_id != 0;
}

/* ---- off and reboot ---- */

/* Does the node look as if poison could ever be shown to have worked? */
static bool agent_may_begin(const struct agent_options *o, enum verdict v,
			    const struct verdict_facts *f)
{
	if (v == VERDICT_NO_SLOT || v == VERDICT_NEVER || v == VERDICT_LEFT) {
		agent_say("%s: refused: %s", o->plug, verdict_text(v));
		return false;
	}
	if (o->unsafe_silence_s > 0)
		return true;
	if (!f->watchdog_armed) {
		agent_say("%s: refused: it has no armed watchdog, so that its silence would prove "
			  "nothing (watchdog: DEVICE in quorum.device.qarb)",
			  o->plug);
		return false;
	}
	if (agent_status.arb.policy.on_poison != SELF_REBOOT) {
		agent_say("%s: refused: with on_poison: stop a node that reads poison goes on "
			  "running",
			  o->plug);
		return false;
	}
	return true;
}

struct agent_hunt {
	const struct agent_options *options;
	uint32_t node_id;
	struct verdict_memory memory;
	uint64_t poisoned; /* the incarnation that was named */
	uint64_t end_ms;
	enum verdict last;
	char trouble[AGENT_ERROR_SIZE]; /* why the last look or order failed; empty: it did not */
};

/* Name the present life, once for each; a restarted daemon is another reader. */
static void agent_poison(struct agent_hunt *h)
{
	uint64_t incarnation = verdict_poison(&h->memory, agent_status.arb.now_ms);

	if (incarnation == h->poisoned || incarnation == 0)
		return;
	if (daemon_poison(h->node_id, h->trouble, sizeof(h->trouble)) != RC_OK)
		return;
	h->poisoned = incarnation;
	if (h->options->verbose)
		agent_say("%s: ordered to end itself", h->options->plug);
}

/* returns: whether the hunt is over, with its exit code. */
static bool agent_judge(struct agent_hunt *h, enum verdict v, int *code)
{
	const struct agent_options *o = h->options;

	if (v != h->last && o->verbose)
		agent_say("%s: %s", o->plug, verdict_text(v));
	h->last = v;
	*code = AGENT_SUCCEEDED;
	if (v == VERDICT_DEAD)
		return true;
	if (v == VERDICT_UNSAFE) {
		agent_say("%s: called dead after %u s of silence without proof (unsafe_silence)",
			  o->plug, o->unsafe_silence_s);
		return true;
	}
	if (v == VERDICT_REBORN && o->action == AGENT_OFF) {
		agent_say("%s: it ended and is back: use reboot", o->plug);
		*code = AGENT_FAILED;
	}
	return v == VERDICT_REBORN;
}

static int agent_fence(const struct agent_options *o)
{
	struct agent_hunt h = { .options = o, .last = VERDICT_RUNNING };
	struct verdict_facts f;
	uint64_t unsafe_ms = (uint64_t)o->unsafe_silence_s * 1000;
	enum verdict v;
	int code;

	h.end_ms = agent_now_ms() + (uint64_t)o->power_timeout_s * 1000;
	if (!agent_target(o, &h.node_id))
		return AGENT_FAILED;
	if (h.node_id == agent_status.arb.node_id) {
		agent_say("%s: refused: a node does not fence itself", o->plug);
		return AGENT_FAILED;
	}
	v = verdict_judge(&agent_status.arb, h.node_id, &h.memory, unsafe_ms, &f);
	if (!agent_may_begin(o, v, &f))
		return AGENT_FAILED;
	while (!agent_judge(&h, v, &code)) {
		/* An order that failed is given again; what was not seen is no trouble of ours. */
		h.trouble[0] = 0;
		agent_poison(&h);
		if (agent_now_ms() >= h.end_ms) {
			agent_say("%s: not known to be dead after %u s: %s%s%s", o->plug,
				  o->power_timeout_s, verdict_text(h.last),
				  h.trouble[0] != 0 ? "; " : "", h.trouble);
			return AGENT_FAILED;
		}
		agent_pause();
		if (daemon_status(&agent_status, h.trouble, sizeof(h.trouble)) != RC_OK)
			continue;
		v = verdict_judge(&agent_status.arb, h.node_id, &h.memory, unsafe_ms, &f);
	}
	return code;
}

/* ---- the others ---- */

static int agent_show(const struct agent_options *o)
{
	struct verdict_memory memory = { 0 };
	struct verdict_facts f;
	uint32_t node_id;
	enum verdict v;

	if (!agent_target(o, &node_id))
		return AGENT_FAILED;
	if (node_id == agent_status.arb.node_id)
		v = VERDICT_RUNNING;
	else
		v = verdict_judge(&agent_status.arb, node_id, &memory,
				  (uint64_t)o->unsafe_silence_s * 1000, &f);
	if (o->action == AGENT_ON && v != VERDICT_RUNNING) {
		agent_say("%s: a node cannot be switched on through quorum disks (%s)", o->plug,
			  verdict_text(v));
		return AGENT_FAILED;
	}
	if (v == VERDICT_RUNNING) {
		(void)printf("Status: ON\n");
		return AGENT_SUCCEEDED;
	}
	if (v == VERDICT_DEAD) {
		(void)printf("Status: OFF\n");
		return AGENT_IS_OFF;
	}
	agent_say("%s: %s", o->plug, verdict_text(v));
	return AGENT_FAILED;
}

static int agent_list(void)
{
	char error[AGENT_ERROR_SIZE];

	if (daemon_status(&agent_status, error, sizeof(error)) != RC_OK) {
		agent_say("%s", error);
		return AGENT_FAILED;
	}
	for (uint32_t i = 0; i < agent_status.node_count; i++)
		if (agent_status.node[i].node_id != agent_status.arb.node_id &&
		    agent_status.node[i].name[0] != 0)
			(void)printf("%s,\n", agent_status.node[i].name);
	return AGENT_SUCCEEDED;
}

/* Could this node fence now? */
static int agent_monitor(void)
{
	const struct arb_status *s = &agent_status.arb;
	uint32_t disks = 0, fit = 0;
	char error[AGENT_ERROR_SIZE];

	if (daemon_status(&agent_status, error, sizeof(error)) != RC_OK) {
		agent_say("%s", error);
		return AGENT_FAILED;
	}
	for (uint32_t i = 0; i < s->arbiter_count; i++) {
		const struct disk_status *d = &s->disk[i];

		if (s->policy.arbiter_type[i] != ARBITER_DISK)
			continue;
		disks++;
		fit += d->phase == DISK_BEATING && d->shared && d->beat_age_ms < s->policy.dead_ms;
	}
	if (2 * fit > disks)
		return AGENT_SUCCEEDED;
	agent_say("only %u of %u quorum disks work on this node", fit, disks);
	return AGENT_FAILED;
}

static int agent_run(const struct agent_options *o)
{
	switch (o->action) {
	case AGENT_REBOOT:
	case AGENT_OFF:
		return agent_fence(o);
	case AGENT_ON:
	case AGENT_STATUS:
		return agent_show(o);
	case AGENT_MONITOR:
		return agent_monitor();
	case AGENT_LIST:
		return agent_list();
	case AGENT_METADATA:
		(void)fputs(metadata_xml, stdout);
		return AGENT_SUCCEEDED;
	case AGENT_VALIDATE: /* what was given was judged when it was read */
	case AGENT_ACTIONS:
		break;
	}
	return AGENT_SUCCEEDED;
}

/* ---- options ---- */

static void agent_usage(FILE *out)
{
	(void)fprintf(
		out,
		"usage: fence_qarb [-o ACTION] [-n NODE] [OPTION...], or name=value lines on "
		"standard input\n"
		"  -o, --action=ACTION         reboot (default), off, on, status, list, monitor,\n"
		"                              metadata, validate-all\n"
		"  -n, --plug=NODE             name in corosync.conf, or node id\n"
		"  -t, --power-timeout=SECONDS how long to wait for the proof of death (50)\n"
		"      --unsafe-silence=SECONDS UNSAFE: so much silence counts as death (0: "
		"never)\n"
		"  -v, --verbose               say what is waited for\n"
		"  -V, --version  -h, --help\n");
}

static bool agent_read_input(struct agent_options *o)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	char error[AGENT_ERROR_SIZE];
	bool good = true;

	while (good && (n = getline(&line, &room, stdin)) >= 0) {
		if (n > 0 && line[n - 1] == '\n')
			line[n - 1] = 0;
		good = options_line(o, line, error, sizeof(error)) == RC_OK;
	}
	free(line);
	if (!good)
		agent_say("%s", error);
	return good;
}

/* returns: -1: go on; else the exit code. */
static int agent_read_arguments(struct agent_options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "action", required_argument, NULL, 'o' },
		{ "plug", required_argument, NULL, 'n' },
		{ "power-timeout", required_argument, NULL, 't' },
		{ "unsafe-silence", required_argument, NULL, 'u' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	char error[AGENT_ERROR_SIZE] = "";
	enum rc rc = RC_OK;
	int c;

	while (rc == RC_OK && (c = getopt_long(argc, argv, "o:n:t:vVh", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			rc = options_set(o, "action", optarg, error, sizeof(error));
			break;
		case 'n':
			rc = options_set(o, "plug", optarg, error, sizeof(error));
			break;
		case 't':
			rc = options_set(o, "power_timeout", optarg, error, sizeof(error));
			break;
		case 'u':
			rc = options_set(o, "unsafe_silence", optarg, error, sizeof(error));
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'V':
			(void)printf("fence_qarb %s\n", QARB_VERSION);
			return AGENT_SUCCEEDED;
		case 'h':
			agent_usage(stdout);
			return AGENT_SUCCEEDED;
		default:
			return AGENT_FAILED;
		}
	}
	if (rc == RC_OK && optind == argc)
		return -1;
	agent_say("%s%s", rc != RC_OK ? error : argv[optind], rc != RC_OK ? "" : ": unexpected");
	return AGENT_FAILED;
}

int main(int argc, char **argv)
{
	struct agent_options o;
	int code;

	options_init(&o);
	if (argc > 1) {
		code = agent_read_arguments(&o, argc, argv);
		if (code >= 0)
			return code;
	} else if (!agent_read_input(&o)) {
		return AGENT_FAILED;
	}
	return agent_run(&o);
}

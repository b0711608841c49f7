/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: qarbctl replay.  Feeds the events of a trace to the deciding code and compares what it asks
 * for with what the trace says it asked for then.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arb.h"
#include "tool/ctl.h"
#include "wire/traceline.h"

static const char replay_help[] =
	"Usage: qarbctl replay FILE\n"
	"Feed the events of a trace to the deciding code of this version and say where what it\n"
	"asks for differs from what was recorded.  FILE - is standard input.\n"
	"\n"
	"Exit status: 0 all the same, 1 something differs or the trace cannot be read.\n";

struct replay {
	struct arb arb;
	struct actions actions;
	struct traceline reader; /* what the lines of the file build on */
	struct traceline mirror; /* what the lines made here build on */
	struct trace_item item;
	bool begun;
	uint32_t taken; /* actions of this batch that the file had */
	uint64_t line_number;
	uint64_t event_line;
	uint64_t events;
	uint64_t compared;
	int error; /* an errno: the file could not be read to its end */
	char made[TRACELINE_SIZE];
};

/* The rest of the batch must have been in the file too. */
static bool replay_batch_done(const struct replay *r)
{
	if (r->taken >= r->actions.count)
		return true;
	(void)printf("line %" PRIu64
		     ": differs: %u action%s asked for now that the trace does not have\n",
		     r->event_line, r->actions.count - r->taken,
		     r->actions.count - r->taken == 1 ? "" : "s");
	return false;
}

static bool replay_event(struct replay *r)
{
	if (!r->begun) {
		(void)printf("line %" PRIu64
			     ": an event before any begin line: this file is the later "
			     "part of a trace\n",
			     r->line_number);
		return false;
	}
	if (!replay_batch_done(r))
		return false;
	/* Both codec states must see every line. */
	if (traceline_write_event(&r->mirror, &r->item.event, r->made, sizeof(r->made)) == 0)
		return false;
	r->actions.count = r->actions.notes_dropped = 0;
	r->taken = 0;
	r->event_line = r->line_number;
	arb_step(&r->arb, &r->item.event, &r->actions);
	r->events++;
	return true;
}

static bool replay_action(struct replay *r, const char *line, size_t length)
{
	const struct action *a;
	size_t n;

	if (r->taken >= r->actions.count) {
		(void)printf("line %" PRIu64
			     ": differs: the trace has an action that is not asked for now:\n"
			     "  %.*s\n",
			     r->line_number, (int)length, line);
		return false;
	}
	a = &r->actions.action[r->taken++];
	n = traceline_write_action(
		&r->mirror, a,
		a->type == ACTION_WRITE_SLOT ? &r->actions.block[a->arbiter_index] : NULL, r->made,
		sizeof(r->made));
	r->compared++;
	if (n == length && memcmp(r->made, line, n) == 0)
		return true;
	(void)printf("line %" PRIu64 ": differs:\n  then %.*s\n  now  %.*s\n", r->line_number,
		     (int)length, line, (int)n, r->made);
	return false;
}

static int replay_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes in hexadecimal, runs of zeros as `zN.`.  returns: whether they are exactly one state. */
static bool replay_snapshot_data(struct arb *a, const char *text, const char *end)
{
	unsigned char *bytes = (unsigned char *)a;
	size_t at = 0;

	memset(a, 0, sizeof(*a));
	while (text < end && at <= sizeof(*a)) {
		if (*text == 'z') {
			char *stop = NULL;
			unsigned long long run = strtoull(text + 1, &stop, 10);

			if (stop == NULL || *stop != '.' || run > sizeof(*a) - at)
				return false;
			at += (size_t)run;
			text = stop + 1;
			continue;
		}
		if (at == sizeof(*a) || end - text < 2 || replay_digit(text[0]) < 0 ||
		    replay_digit(text[1]) < 0)
			return false;
		bytes[at++] = (unsigned char)(replay_digit(text[0]) * 16 + replay_digit(text[1]));
		text += 2;
	}
	return at == sizeof(*a);
}

/* A trace may also begin with the whole state, as this very version laid it out. */
static bool replay_snapshot(struct replay *r, const char *line, size_t length)
{
	char head[128];
	const char *data = strstr(line, " data=");

	(void)snprintf(head, sizeof(head), "snapshot version=%s size=%zu data=", QARB_VERSION,
		       sizeof(r->arb));
	if (r->begun && !replay_batch_done(r))
		return false;
	if (data == NULL || strncmp(line, head, strlen(head)) != 0) {
		(void)printf("line %" PRIu64
			     ": the snapshot is of another version: replay it with that "
			     "version's qarbctl\n",
			     r->line_number);
		return false;
	}
	if (!replay_snapshot_data(&r->arb, data + 6, line + length)) {
		(void)printf("line %" PRIu64 ": the snapshot is damaged\n", r->line_number);
		return false;
	}
	traceline_init(&r->reader);
	traceline_init(&r->mirror);
	r->actions.count = r->taken = 0;
	r->begun = true;
	return true;
}

static bool replay_line(struct replay *r, const char *line, size_t length)
{
	uint32_t column = 0;
	enum rc rc;

	if (length == 0 || line[0] == '#')
		return true;
	if (strncmp(line, "snapshot ", 9) == 0)
		return replay_snapshot(r, line, length);
	rc = traceline_read(&r->reader, line, length, &r->item, &column);
	if (rc != RC_OK) {
		(void)printf("line %" PRIu64 ", column %u: %s\n", r->line_number, column,
			     rc_text(rc));
		return false;
	}
	switch (r->item.kind) {
	case TRACE_BEGIN: {
		struct identity me = { .node_id = r->item.begin.node_id,
				       .incarnation = r->item.begin.incarnation,
				       .now_ms = r->item.begin.start_ms };

		if (r->begun && !replay_batch_done(r))
			return false;
		traceline_init(&r->mirror);
		r->actions.count = r->taken = 0;
		arb_init(&r->arb, &me);
		r->begun = true;
		return true;
	}
	case TRACE_EVENT:
		return replay_event(r);
	case TRACE_ACTION:
		return replay_action(r, line, length);
	}
	return false;
}

static bool replay_file(struct replay *r, FILE *f)
{
	bool same = true;
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (same && (n = getline(&line, &room, f)) >= 0) {
		size_t length = (size_t)n;

		r->line_number++;
		if (length > 0 && line[length - 1] == '\n')
			length--;
		else
			break; /* a recorder that was killed leaves the last line cut */
		if (strncmp(line, "begin ", 6) == 0)
			traceline_init(&r->reader);
		same = replay_line(r, line, length);
	}
	if (ferror(f) != 0) {
		r->error = errno;
		same = false;
	}
	free(line);
	return same;
}

int replay_main(int argc, char **argv)
{
	struct ctl_options o;
	int status = ctl_options(argc, argv, "a", replay_help, &o);
	struct replay *r;
	bool same;
	FILE *f;

	if (status >= 0)
		return status;
	if (argc != o.rest + 1) {
		ctl_error("replay: one file is needed");
		return CTL_USAGE;
	}
	f = strcmp(argv[o.rest], "-") == 0 ? stdin : fopen(argv[o.rest], "r");
	if (f == NULL) {
		ctl_error("%s: %s", argv[o.rest], strerror(errno));
		return CTL_FAILED;
	}
	r = calloc(1, sizeof(*r));
	if (r == NULL) {
		ctl_error("no memory");
		return CTL_FAILED;
	}
	same = replay_file(r, f);
	if (r->error != 0) {
		ctl_error("%s: %s", argv[o.rest], strerror(r->error));
	} else if (same && r->events == 0) {
		ctl_error("%s: holds no event", argv[o.rest]);
		same = false;
	} else if (same) {
		(void)printf("the same: %" PRIu64 " events, %" PRIu64 " actions\n", r->events,
			     r->compared);
	}
	if (f != stdin)
		(void)fclose(f);
	free(r);
	return same ? CTL_DONE : CTL_FAILED;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qarb-fence-bridge: carries eviction orders of the local qarbd to Pacemaker's fencer.  GLib's main
 * loop, because Pacemaker's libraries run on it.  What is decided is in bridge.c; this file
 * connects and connects again, for ever, and hands events on.
 */
#include <getopt.h>
#include <glib-unix.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mutant.h"
#include "fence-bridge/bridge.h"
#include "fence-bridge/cibwatch.h"
#include "fence-bridge/feed.h"
#include "fence-bridge/fencer.h"
#include "fence-bridge/now.h"
#include "fence-bridge/say.h"

enum {
	MAIN_CONNECT_MS = 500,
	MAIN_CIB_MS = 100, /* changes of the CIB come in crowds */
};

enum main_source { MAIN_FEED = 0, MAIN_FENCER, MAIN_CIB, MAIN_SOURCES };

static const char *const main_source_names[MAIN_SOURCES] = {
	[MAIN_FEED] = "qarbd",
	[MAIN_FENCER] = "Pacemaker's fencer",
	[MAIN_CIB] = "Pacemaker's CIB",
};

static struct {
	GMainLoop *loop;
	struct bridge bridge;
	struct evict_sync last; /* what was told */
	bool told;
	bool connected[MAIN_SOURCES];
	bool met[MAIN_SOURCES];	   /* its presence was logged last */
	bool missed[MAIN_SOURCES]; /* its absence was */
	enum rc refused;	   /* why qarbd did not take what was told, logged once */
	enum rc silent;		   /* why it gave no answer, too */
	bool cib_asked;
	bool cib_changed;
	guint feed_watch;
	guint deadline;
	guint run;
	struct bridge_entry logged[BRIDGE_ENTRIES];
} m;

static void main_want(void);

static void main_set(enum main_source s, bool there)
{
	if (there && !m.met[s])
		bridge_log(LOG_NOTICE, "connected to %s", main_source_names[s]);
	else if (!there && !m.missed[s])
		bridge_log(LOG_WARNING, "%s is not there, trying again", main_source_names[s]);
	m.connected[s] = m.met[s] = there;
	m.missed[s] = !there;
}

/* ---- Pacemaker's fencer ---- */

static void main_fencer_lost(void)
{
	main_set(MAIN_FENCER, false);
	bridge_set_fencer(&m.bridge, now_boottime_ms(), false);
	main_want();
}

static void main_fencer_changed(void)
{
	bridge_look(&m.bridge);
	main_want();
}

static void main_fencer_seen(const struct bridge_seen *s)
{
	bridge_see(&m.bridge, now_boottime_ms(), s);
	main_want();
}

static void main_fencer_result(uint64_t token, bool ok, const char *text)
{
	bridge_log(ok ? LOG_NOTICE : LOG_WARNING, "request %llu: %s", (unsigned long long)token,
		   ok ? "fenced" : text);
	bridge_result(&m.bridge, now_boottime_ms(), token, ok, text);
	main_want();
}

static void main_connect_fencer(void)
{
	static const struct fencer_handlers handlers = {
		.lost = main_fencer_lost,
		.changed = main_fencer_changed,
		.seen = main_fencer_seen,
		.result = main_fencer_result,
	};
	bool there = fencer_connect(&handlers) == RC_OK;

	main_set(MAIN_FENCER, there);
	if (there) {
		bridge_set_fencer(&m.bridge, now_boottime_ms(), true);
		main_want();
	}
}

/* ---- Pacemaker's CIB ---- */

static void main_no_facts(void)
{
	static const struct facts none; /* known is false */

	bridge_take_facts(&m.bridge, &none);
	main_want();
}

static void main_cib_lost(void)
{
	m.cib_asked = false;
	main_set(MAIN_CIB, false);
	main_no_facts();
}

static gboolean main_cib_ask(gpointer user)
{
	(void)user;
	if (!m.connected[MAIN_CIB] || m.cib_asked || !m.cib_changed)
		return G_SOURCE_REMOVE;
	m.cib_changed = false;
	m.cib_asked = cibwatch_query() == RC_OK;
	if (!m.cib_asked)
		main_cib_lost();
	return G_SOURCE_REMOVE;
}

static void main_cib_changed(void)
{
	if (!m.cib_changed)
		(void)g_timeout_add(MAIN_CIB_MS, main_cib_ask, NULL);
	m.cib_changed = true;
}

static void main_cib_facts(const struct facts *f)
{
	const struct facts *old = &m.bridge.facts;

	if (f->known && !f->stonith_enabled && (!old->known || old->stonith_enabled))
		bridge_log(LOG_ERR, "fencing is disabled in Pacemaker (stonith-enabled=false): "
				    "nobody can be evicted");
	else if (f->known && f->stonith_enabled && old->known && !old->stonith_enabled)
		bridge_log(LOG_NOTICE, "fencing is enabled in Pacemaker");
	m.cib_asked = false;
	bridge_take_facts(&m.bridge, f);
	if (m.cib_changed || !f->known) {
		m.cib_changed = true;
		(void)g_timeout_add(MAIN_CIB_MS, main_cib_ask, NULL);
	}
	main_want();
}

static void main_connect_cib(void)
{
	static const struct cibwatch_handlers handlers = {
		.lost = main_cib_lost,
		.changed = main_cib_changed,
		.facts = main_cib_facts,
	};
	bool there = cibwatch_connect(&handlers) == RC_OK;

	main_set(MAIN_CIB, there);
	if (!there)
		return;
	m.cib_changed = true;
	m.cib_asked = false;
	(void)main_cib_ask(NULL);
}

/* ---- qarbd ---- */

static void main_feed_lost(void)
{
	if (m.feed_watch != 0)
		(void)g_source_remove(m.feed_watch);
	m.feed_watch = 0;
	m.told = false;
	feed_disconnect();
	main_set(MAIN_FEED, false);
	bridge_lose_feed(&m.bridge);
}

static gboolean main_feed_news(gint fd, GIOCondition condition, gpointer user)
{
	enum rc rc = feed_news();

	(void)fd;
	(void)user;
	if (rc == RC_OK) {
		m.told = false;
		main_want();
	} else if (rc == RC_GONE || (condition & (G_IO_HUP | G_IO_ERR)) != 0) {
		m.feed_watch = 0;
		main_feed_lost();
		return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

static void main_connect_feed(void)
{
	enum rc rc = feed_connect();

	if (rc == RC_REFUSED && m.refused != rc)
		bridge_log(LOG_ERR, "qarbd's IPC is not permitted, or a process that is not root's "
				    "has its name");
	if (rc == RC_REFUSED)
		m.refused = rc;
	if (rc != RC_OK) {
		main_set(MAIN_FEED, false);
		return;
	}
	/* Logged when it answers: one that cannot be understood is connected to again and again. */
	m.connected[MAIN_FEED] = true;
	m.told = false;
	m.feed_watch = g_unix_fd_add(feed_fd(), G_IO_IN | G_IO_HUP | G_IO_ERR, main_feed_news,
				     NULL);
	main_want();
}

static void main_refused(const struct evict_answer *a)
{
	if (a->rc != m.refused)
		bridge_log(LOG_WARNING, "qarbd does not take reports: %s",
			   a->text[0] != 0 ? a->text : rc_text(a->rc));
	m.refused = a->rc;
}

static void main_sync(void)
{
	static struct evict_answer answer;
	struct evict_sync *s = &m.last;
	enum rc rc;

	bridge_make_sync(&m.bridge, s);
	rc = feed_sync(s, &answer);
	if (rc != RC_OK) {
		if (rc != m.silent)
			bridge_log(LOG_WARNING, "no answer of qarbd: %s",
				   rc == RC_BADVERSION ? "it is of another version: restart both"
						       : rc_text(rc));
		m.silent = rc;
		main_feed_lost();
		return;
	}
	m.silent = RC_OK;
	main_set(MAIN_FEED, true);
	m.told = true;
	if (answer.rc == RC_OK) {
		m.refused = RC_OK;
		bridge_take_answer(&m.bridge, now_boottime_ms(), &answer);
	} else {
		main_refused(&answer);
		bridge_lose_feed(&m.bridge);
	}
}

/* ---- what follows ---- */

static void main_log_entries(void)
{
	for (uint32_t i = 0; i < BRIDGE_ENTRIES; i++) {
		const struct bridge_entry *e = &m.bridge.entry[i];
		struct bridge_entry *old = &m.logged[i];
		static const char *const texts[] = {
			[BRIDGE_FREE] = "forgotten",
			[BRIDGE_WAITING] = "waiting",
			[BRIDGE_LOOKING] = "looking at the history",
			[BRIDGE_ASKED] = "asked the fencer",
			[BRIDGE_DONE] = "fenced",
			[BRIDGE_GIVEN_UP] = "given up",
			[BRIDGE_WITHDRAWN] = "withdrawn",
		};
		bool level = e->phase == BRIDGE_GIVEN_UP;

		if (e->phase == BRIDGE_FREE ||
		    (e->phase == old->phase && strcmp(e->text, old->text) == 0 &&
		     e->order.incarnation == old->order.incarnation))
			continue;
		if (e->phase != BRIDGE_LOOKING)
			bridge_log(level ? LOG_ERR : LOG_NOTICE,
				   "eviction node=%u incarnation=%016llx attempts=%u: %s%s%s",
				   e->order.node_id, (unsigned long long)e->order.incarnation,
				   e->asked_count, texts[e->phase], e->text[0] != 0 ? ": " : "",
				   e->text);
		*old = *e;
	}
}

static void main_act(const struct bridge_action *a)
{
	if (a->type == BRIDGE_ASK_FENCE) {
		bridge_log(LOG_NOTICE, "request %llu: %s %s", (unsigned long long)a->token,
			   fence_action_text(a->fence), a->name);
		fencer_fence(a);
		return;
	}
	bridge_history(&m.bridge, now_boottime_ms(), a->token, fencer_history(a->name) == RC_OK);
}

static gboolean main_on_deadline(gpointer user)
{
	(void)user;
	m.deadline = 0;
	main_want();
	return G_SOURCE_REMOVE;
}

static void main_set_deadline(void)
{
	uint64_t at_ms = bridge_deadline_ms(&m.bridge), now_ms = now_boottime_ms();

	if (m.deadline != 0)
		(void)g_source_remove(m.deadline);
	m.deadline = 0;
	if (at_ms != UINT64_MAX)
		m.deadline = g_timeout_add(at_ms > now_ms ? (guint)(at_ms - now_ms) : 1,
					   main_on_deadline, NULL);
}

static bool main_has_news(void)
{
	static struct evict_sync s;

	if (!m.told)
		return true;
	bridge_make_sync(&m.bridge, &s);
	return s.fencing_count > 0 || memcmp(&s.facts, &m.last.facts, sizeof(s.facts)) != 0 ||
	       s.report_count != m.last.report_count ||
	       memcmp(s.report, m.last.report, sizeof(s.report)) != 0;
}

static gboolean main_run(gpointer user)
{
	struct bridge_action a;

	(void)user;
	m.run = 0;
	if (m.connected[MAIN_FEED] && main_has_news())
		main_sync();
	do {
		a = bridge_next(&m.bridge, now_boottime_ms());
		if (a.type != BRIDGE_NOTHING)
			main_act(&a);
	} while (a.type != BRIDGE_NOTHING);
	main_log_entries();
	if (m.connected[MAIN_FEED] && main_has_news())
		main_sync();
	main_set_deadline();
	return G_SOURCE_REMOVE;
}

/* Run as soon as the libraries have let go. */
static void main_want(void)
{
	if (m.run == 0)
		m.run = g_idle_add(main_run, NULL);
}

static gboolean main_beat(gpointer user)
{
	(void)user;
	m.told = false;
	main_want();
	return G_SOURCE_CONTINUE;
}

static gboolean main_connect(gpointer user)
{
	(void)user;
	if (!m.connected[MAIN_FEED])
		main_connect_feed();
	if (!m.connected[MAIN_CIB])
		main_connect_cib();
	if (!m.connected[MAIN_FENCER])
		main_connect_fencer();
	return G_SOURCE_CONTINUE;
}

static gboolean main_end(gpointer user)
{
	(void)user;
	g_main_loop_quit(m.loop);
	return G_SOURCE_CONTINUE;
}

static void main_usage(FILE *out)
{
	(void)fprintf(out, "usage: qarb-fence-bridge [-f] [-d]\n"
			   "  -f, --foreground  do not become a daemon, log to standard error too\n"
			   "  -d, --debug       log more\n"
			   "  -V, --version     print the version and end\n"
			   "  -h, --help        print this and end\n");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "foreground", no_argument, NULL, 'f' },
		{ "debug", no_argument, NULL, 'd' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
#ifdef MUTANT_ENABLE
		{ "mutant", required_argument, NULL, 'M' },
#endif
		{ NULL, 0, NULL, 0 },
	};
	bool foreground = false, debug = false;
	int c;

	while ((c = getopt_long(argc, argv, "fdVh", options, NULL)) != -1) {
		switch (c) {
		case 'f':
			foreground = true;
			break;
		case 'd':
			debug = true;
			break;
		case 'V':
			(void)printf("qarb-fence-bridge %s\n", QARB_VERSION);
			return 0;
		case 'h':
			main_usage(stdout);
			return 0;
#ifdef MUTANT_ENABLE
		case 'M':
			if (mutant_select(optarg))
				break;
			(void)fprintf(stderr, "qarb-fence-bridge: no fault '%s' here\n", optarg);
			return 2;
#endif
		default:
			(void)fputs("Try 'qarb-fence-bridge --help'.\n", stderr);
			return 2;
		}
	}
	if (optind != argc) {
		(void)fprintf(stderr, "qarb-fence-bridge: %s: unexpected\n", argv[optind]);
		return 2;
	}
	if (!foreground && daemon(0, 0) != 0) {
		perror("qarb-fence-bridge: cannot become a daemon");
		return 1;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	bridge_log_open(foreground, debug, argv[0]);
	bridge_init(&m.bridge);
	m.loop = g_main_loop_new(NULL, FALSE);
	(void)g_unix_signal_add(SIGTERM, main_end, NULL);
	(void)g_unix_signal_add(SIGINT, main_end, NULL);
	(void)g_timeout_add(MAIN_CONNECT_MS, main_connect, NULL);
	(void)g_timeout_add(EVICTWIRE_SYNC_MS / 2, main_beat, NULL);
	(void)main_connect(NULL);
	g_main_loop_run(m.loop);
	feed_disconnect();
	fencer_disconnect();
	cibwatch_disconnect();
	return 0;
}

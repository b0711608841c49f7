/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/fencer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <crm/common/results.h>
#include <crm/stonith-ng.h>

#include "fence-bridge/now.h"

enum { FENCER_HISTORY_S = 5, FENCER_MORE_S = 60 };

static stonith_t *fencer_api;
static struct fencer_handlers fencer_handlers;

static enum fence_action fencer_action(const char *text)
{
	if (text != NULL && strcmp(text, "off") == 0)
		return FENCE_OFF;
	if (text != NULL && (strcmp(text, "on") == 0 || strcmp(text, "unfencing") == 0))
		return FENCE_ON;
	return FENCE_REBOOT;
}

static void fencer_on_lost(stonith_t *st, stonith_event_t *event)
{
	(void)event;
	/* The library is still using it: it is freed when connecting anew. */
	st->state = stonith_disconnected;
	fencer_handlers.lost();
}

static void fencer_on_changed(stonith_t *st, stonith_event_t *event)
{
	(void)st;
	(void)event;
	fencer_handlers.changed();
}

/* Told when a fencing has ended. */
static void fencer_on_fence(stonith_t *st, stonith_event_t *event)
{
	struct bridge_seen s;

	(void)st;
	if (event == NULL || event->target == NULL)
		return;
	memset(&s, 0, sizeof(s));
	(void)snprintf(s.name, sizeof(s.name), "%s", event->target);
	(void)snprintf(s.fencing.client, sizeof(s.fencing.client), "%s",
		       event->client_origin == NULL ? "" : event->client_origin);
	(void)snprintf(s.origin, sizeof(s.origin), "%s",
		       event->origin == NULL ? "" : event->origin);
	s.fencing.action = fencer_action(event->action);
	s.fencing.result = event->result == pcmk_ok ? FENCING_DONE : FENCING_FAILED;
	s.fencing.at_ms = now_boottime_ms();
	fencer_handlers.seen(&s);
}

static void fencer_on_result(stonith_t *st, stonith_callback_data_t *data)
{
	(void)st;
	fencer_handlers.result((uint64_t)(uintptr_t)data->userdata, data->rc == pcmk_ok,
			       pcmk_strerror(data->rc));
}

void fencer_disconnect(void)
{
	if (fencer_api == NULL)
		return;
	(void)fencer_api->cmds->remove_notification(fencer_api, NULL);
	(void)fencer_api->cmds->disconnect(fencer_api);
	stonith_api_delete(fencer_api);
	fencer_api = NULL;
}

enum rc fencer_connect(const struct fencer_handlers *h)
{
	static const struct {
		const char *event;
		void (*callback)(stonith_t *st, stonith_event_t *event);
	} wanted[] = {
		{ T_STONITH_NOTIFY_DISCONNECT, fencer_on_lost },
		{ T_STONITH_NOTIFY_FENCE, fencer_on_fence },
		{ T_STONITH_NOTIFY_HISTORY, fencer_on_changed },
		{ T_STONITH_NOTIFY_HISTORY_SYNCED, fencer_on_changed },
	};

	fencer_disconnect();
	fencer_handlers = *h;
	fencer_api = stonith_api_new();
	if (fencer_api == NULL)
		return RC_AGAIN;
	if (fencer_api->cmds->connect(fencer_api, "qarb-fence-bridge", NULL) != pcmk_ok)
		goto out;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (fencer_api->cmds->register_notification(fencer_api, wanted[i].event,
							    wanted[i].callback) != pcmk_ok)
			goto out;
	return RC_OK;
out:
	fencer_disconnect();
	return RC_AGAIN;
}

static bool fencer_connected(void)
{
	return fencer_api != NULL && fencer_api->state != stonith_disconnected;
}

void fencer_fence(const struct bridge_action *a)
{
	int rc = -ENOTCONN;

	if (fencer_connected())
		rc = fencer_api->cmds->fence(fencer_api, st_opt_none, a->name,
					     a->fence == FENCE_OFF ? "off" : "reboot",
					     (int)a->timeout_s, (int)a->tolerance_s);
	/* The library calls back at once when rc says that nothing was sent; its own timer follows
	 * what the fencer says of the time that all devices may take. */
	if (rc <= 0)
		fencer_handlers.result(a->token, false,
				       rc == 0 ? "the fencer gave no answer" : pcmk_strerror(rc));
	else
		(void)fencer_api->cmds->register_callback(
			fencer_api, rc, (int)a->timeout_s + FENCER_MORE_S, st_opt_timeout_updates,
			(void *)(uintptr_t)a->token, "qarb_fence", fencer_on_result);
}

/* The history has wall-clock times.  A time that lies ahead, after the clock was set back, says
 * nothing of when it was: it counts as long ago, and the daemon judges by what it saw itself. */
static uint64_t fencer_when_ms(const stonith_history_t *h)
{
	struct timespec wall;
	int64_t age_ms;
	uint64_t now_ms = now_boottime_ms();

	(void)clock_gettime(CLOCK_REALTIME, &wall);
	age_ms = ((int64_t)wall.tv_sec - (int64_t)h->completed) * 1000 +
		 ((int64_t)wall.tv_nsec - (int64_t)h->completed_nsec) / 1000000;
	if (age_ms < -1000)
		return 0;
	if (age_ms < 0)
		return now_ms;
	return (uint64_t)age_ms < now_ms ? now_ms - (uint64_t)age_ms : 0;
}

static void fencer_tell(const stonith_history_t *h)
{
	struct bridge_seen s;

	memset(&s, 0, sizeof(s));
	(void)snprintf(s.name, sizeof(s.name), "%s", h->target);
	(void)snprintf(s.fencing.client, sizeof(s.fencing.client), "%s",
		       h->client == NULL ? "" : h->client);
	(void)snprintf(s.origin, sizeof(s.origin), "%s", h->origin == NULL ? "" : h->origin);
	s.fencing.action = fencer_action(h->action);
	switch (h->state) {
	case st_done:
		s.fencing.result = FENCING_DONE;
		break;
	case st_failed:
		s.fencing.result = FENCING_FAILED;
		break;
	case st_duplicate: /* told of by the one that it was merged with */
		return;
	default:
		s.fencing.result = FENCING_STARTED;
		break;
	}
	s.fencing.at_ms = s.fencing.result == FENCING_STARTED ? now_boottime_ms()
							      : fencer_when_ms(h);
	fencer_handlers.seen(&s);
}

/* Ended ones by their ends, then those under way. */
static bool fencer_before(const stonith_history_t *a, const stonith_history_t *b)
{
	bool a_ended = a->state == st_done || a->state == st_failed;
	bool b_ended = b->state == st_done || b->state == st_failed;

	if (!a_ended || !b_ended)
		return a_ended && !b_ended;
	return a->completed < b->completed ||
	       (a->completed == b->completed && a->completed_nsec < b->completed_nsec);
}

/* The fencer keeps them in a hash table.  Newest last: what is told last counts. */
static stonith_history_t *fencer_sort(stonith_history_t *all)
{
	stonith_history_t *sorted = NULL;

	while (all != NULL) {
		stonith_history_t *h = all;
		stonith_history_t **at = &sorted;

		all = h->next;
		while (*at != NULL && !fencer_before(h, *at))
			at = &(*at)->next;
		h->next = *at;
		*at = h;
	}
	return sorted;
}

enum rc fencer_history(const char *name)
{
	stonith_history_t *all = NULL;
	int rc;

	if (!fencer_connected())
		return RC_AGAIN;
	rc = fencer_api->cmds->history(fencer_api, st_opt_sync_call, name[0] == 0 ? NULL : name,
				       &all, FENCER_HISTORY_S);
	if (rc != pcmk_ok && rc != -ENODEV)
		return RC_AGAIN;
	all = fencer_sort(all);
	for (const stonith_history_t *h = all; h != NULL; h = h->next)
		if (h->target != NULL)
			fencer_tell(h);
	stonith_history_free(all);
	return RC_OK;
}

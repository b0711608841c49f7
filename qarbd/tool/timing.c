/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl timing. */
#include "tool/timing.h"

#include <stdio.h>
#include <string.h>

#include "tool/totem.h"

static const char timing_help[] =
	"Usage: qarbctl timing [--suggest] [--config=FILE] [--output-as=text|xml|json]\n"
	"Show every time that follows from the configuration, with its reason, and how long the\n"
	"cluster will take to fail over.  The running daemon is asked for what is in force, and\n"
	"where there is none, the configuration file.\n"
	"\n"
	"  -s, --suggest         show the times that suit the cluster's token instead\n"
	"  -c, --config=FILE     judge this file, not the running cluster\n"
	"  -o, --output-as=FORM  text (default), xml or json\n";

void timing_view_complete(struct timing_view *v)
{
	struct timings t = timing_of(&v->policy);

	v->beat_ms_max = 0;
	v->x_ms_max = timing_x_ms(&t);
	for (uint32_t i = 0; v->live != NULL && i < v->live->arb.arbiter_count && i < ARBITERS_MAX;
	     i++) {
		for (uint32_t k = 0; k < NODES_MAX; k++) {
			const struct peer_status *p = &v->live->arb.disk[i].peer[k];

			if (p->node_id == 0 || !p->live)
				continue;
			if (p->beat_ms_max > v->beat_ms_max)
				v->beat_ms_max = p->beat_ms_max;
			if (p->x_ms > v->x_ms_max)
				v->x_ms_max = p->x_ms;
		}
	}
	if (v->suggest)
		times_suggest(v->policy.token_ms, v->policy.consensus_ms, v->beat_ms_max,
			      &v->suggestion);
}

/* returns: whether what totem's times follow from is refused; each problem of it is shown. */
static bool timing_totem_refused(const struct config_problems *problems)
{
	bool refused = false;

	for (uint32_t i = 0; i < problems->count && i < CONFIG_PROBLEMS_MAX; i++) {
		if (strncmp(problems->line[i], "totem.", 6) != 0 &&
		    strncmp(problems->line[i], "nodelist.", 9) != 0)
			continue;
		(void)fprintf(stderr, "%s\n", problems->line[i]);
		refused = true;
	}
	return refused;
}

/* Totem's times alone, of a file that may be refused otherwise: a suggestion is asked for before
 * the device is configured, or because its times are refused. */
static int timing_totem_of(const char *path, struct policy *p)
{
	static struct config_items items;
	static struct config_problems problems;
	static struct config config;
	int status = ctl_read(path, &items);

	if (status != CTL_DONE)
		return status;
	if (config_parse(&items, &config, &problems) != RC_OK && timing_totem_refused(&problems))
		return CTL_FAILED;
	*p = config.policy;
	return CTL_DONE;
}

static int timing_from_file(const char *path, struct timing_view *v)
{
	static const char file[] = "/etc/corosync/corosync.conf";
	static struct config config;
	static char source[400];
	uint32_t token_ms;
	uint32_t consensus_ms;
	int status;

	if (v->suggest)
		status = timing_totem_of(path != NULL ? path : file, &v->policy);
	else
		status = ctl_config(path, &config);
	if (status != CTL_DONE)
		return status;
	if (!v->suggest)
		v->policy = config.policy;
	(void)snprintf(source, sizeof(source), "%s", path != NULL ? path : file);
	v->source = source;
	if (path == NULL && totem_ask(&token_ms, &consensus_ms) == RC_OK) {
		v->policy.token_ms = token_ms;
		v->policy.consensus_ms = consensus_ms;
		(void)snprintf(source, sizeof(source), "%s, and totem's times from corosync", file);
	}
	return CTL_DONE;
}

static int timing_find(const char *path, struct timing_view *v)
{
	static struct ipc_response r;
	struct ipc_request q;
	int status;

	if (path != NULL)
		return timing_from_file(path, v);
	memset(&q, 0, sizeof(q));
	q.type = IPC_STATUS;
	status = ctl_ask_running(&q, &r);
	if (status == CTL_NOT_RUNNING)
		return timing_from_file(NULL, v);
	if (status != CTL_DONE)
		return status;
	v->policy = r.status.arb.policy;
	v->live = &r.status;
	v->source = "the running daemon";
	return CTL_DONE;
}

int timing_main(int argc, char **argv)
{
	struct timing_view v = { .suggest = false };
	struct ctl_options o;
	int status = ctl_options(argc, argv, "oxcs", timing_help, &o);

	if (status >= 0)
		return status;
	v.suggest = o.suggest;
	status = timing_find(o.config, &v);
	if (status != CTL_DONE)
		return status;
	timing_view_complete(&v);
	if (o.output == CTL_TEXT)
		timing_print(&v);
	else
		timing_emit(&v, o.output);
	return CTL_DONE;
}

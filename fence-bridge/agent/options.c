/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/agent/options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	OPTIONS_POWER_TIMEOUT_S = 50, /* below the 60 s that Pacemaker gives an agent */
	OPTIONS_SECONDS_MAX = 86400,
};

static const char *const options_actions[AGENT_ACTIONS] = {
	[AGENT_REBOOT] = "reboot",	   [AGENT_OFF] = "off",		  [AGENT_ON] = "on",
	[AGENT_STATUS] = "status",	   [AGENT_MONITOR] = "monitor",	  [AGENT_LIST] = "list",
	[AGENT_VALIDATE] = "validate-all", [AGENT_METADATA] = "metadata",
};

void options_init(struct agent_options *o)
{
	memset(o, 0, sizeof(*o));
	o->power_timeout_s = OPTIONS_POWER_TIMEOUT_S;
}

static enum rc options_seconds(const char *name, const char *value, uint32_t least, uint32_t *out,
			       char *error, size_t size)
{
	uint32_t n = 0;

	for (const char *p = value; *p != 0; p++) {
		if (*p < '0' || *p > '9' || n > OPTIONS_SECONDS_MAX)
			goto bad;
		n = n * 10 + (uint32_t)(*p - '0');
	}
	if (value[0] == 0 || n < least || n > OPTIONS_SECONDS_MAX)
		goto bad;
	*out = n;
	return RC_OK;
bad:
	(void)snprintf(error, size, "%s=%.40s: allowed are %u to %u seconds", name, value, least,
		       (unsigned)OPTIONS_SECONDS_MAX);
	return RC_BADVALUE;
}

/* The words of the other fence agents. */
static bool options_true(const char *value)
{
	static const char *const words[] = { "1", "yes", "on", "true" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static enum rc options_action(struct agent_options *o, const char *value, char *error, size_t size)
{
	for (int i = 0; i < AGENT_ACTIONS; i++) {
		if (strcmp(value, options_actions[i]) != 0)
			continue;
		o->action = (enum agent_action)i;
		return RC_OK;
	}
	(void)snprintf(error, size,
		       "action=%.40s: allowed are off, reboot, on, status, monitor, list, "
		       "validate-all and metadata",
		       value);
	return RC_BADVALUE;
}

enum rc options_set(struct agent_options *o, const char *name, const char *value, char *error,
		    size_t size)
{
	error[0] = 0;
	if (strcmp(name, "action") == 0 || strcmp(name, "option") == 0)
		return options_action(o, value, error, size);
	if (strcmp(name, "power_timeout") == 0)
		return options_seconds(name, value, 1, &o->power_timeout_s, error, size);
	if (strcmp(name, "unsafe_silence") == 0)
		return options_seconds(name, value, 0, &o->unsafe_silence_s, error, size);
	if (strcmp(name, "verbose") == 0) {
		o->verbose = options_true(value);
		return RC_OK;
	}
	if (strcmp(name, "plug") == 0 || strcmp(name, "port") == 0) {
		if (strlen(value) < sizeof(o->plug)) {
			(void)snprintf(o->plug, sizeof(o->plug), "%s", value);
			return RC_OK;
		}
		(void)snprintf(error, size, "%s: a node name has at most %zu characters", name,
			       sizeof(o->plug) - 1);
		return RC_BADVALUE;
	}
	/* Pacemaker hands over nodename, and whatever else the device has. */
	return RC_OK;
}

enum rc options_line(struct agent_options *o, const char *line, char *error, size_t size)
{
	char name[NAME_SIZE];
	const char *sign;
	size_t n;

	error[0] = 0;
	line += strspn(line, " \t");
	if (line[0] == 0 || line[0] == '#')
		return RC_OK;
	sign = strchr(line, '=');
	n = sign == NULL ? 0 : (size_t)(sign - line);
	if (n == 0) {
		(void)snprintf(error, size, "%.60s: not name=value", line);
		return RC_SYNTAX;
	}
	if (n >= sizeof(name))
		return RC_OK; /* none of ours */
	memcpy(name, line, n);
	name[n] = 0;
	return options_set(o, name, sign + 1, error, size);
}

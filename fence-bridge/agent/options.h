/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence agent: what Pacemaker, stonith_admin or a person asks for.  Pure. */
#ifndef QARB_FENCE_BRIDGE_AGENT_OPTIONS_H
#define QARB_FENCE_BRIDGE_AGENT_OPTIONS_H

#include <stddef.h>

#include "base/rc.h"
#include "model/limits.h"

#include <stdbool.h>
#include <stdint.h>

enum agent_action {
	AGENT_REBOOT = 0, /* without any word */
	AGENT_OFF,
	AGENT_ON,
	AGENT_STATUS,
	AGENT_MONITOR,
	AGENT_LIST,
	AGENT_VALIDATE,
	AGENT_METADATA,
	AGENT_ACTIONS
};

struct agent_options {
	enum agent_action action;
	char plug[NAME_SIZE]; /* node name or node id; may be empty */
	uint32_t power_timeout_s;
	uint32_t unsafe_silence_s; /* 0: never */
	bool verbose;
};

void options_init(struct agent_options *o);

/* One `name=value` of standard input.  Names of other agents are ignored.
 * out: error, one line, on anything but RC_OK.
 * returns: RC_OK | RC_SYNTAX: no such line | RC_BADVALUE. */
RC_MUST_CHECK enum rc options_set(struct agent_options *o, const char *name, const char *value,
				  char *error, size_t size);
/* in: line, without its end; blank lines and comments are nothing. */
RC_MUST_CHECK enum rc options_line(struct agent_options *o, const char *line, char *error,
				   size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/sbdfile.h"

#include <stdio.h>
#include <string.h>

#include "shell/config_check.h"

static const char *const sbdfile_usual[] = { "/etc/default/sbd", "/etc/sysconfig/sbd" };

enum {
	SBDFILE_DEFAULT_S = 5, /* sbd(8) */
	SBDFILE_MAX_S = 4000000,
	SBDFILE_LINE_SIZE = 400,
};

/* A variable, as sbd's unit reads it.  out: value, empty if it is not set.  returns: whether the
 * file could be read to its end. */
static bool sbdfile_watchdog(FILE *f, char value[SBDFILE_LINE_SIZE])
{
	static const char name[] = "SBD_WATCHDOG_TIMEOUT=";
	char line[SBDFILE_LINE_SIZE];

	value[0] = 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *at = line + strspn(line, " \t");
		size_t length;

		if (strncmp(at, name, sizeof(name) - 1) != 0)
			continue;
		at += sizeof(name) - 1;
		length = strlen(at);
		while (length != 0 && strchr(" \t\r\n", at[length - 1]) != NULL)
			length--;
		memcpy(value, at, length);
		value[length] = 0;
	}
	return ferror(f) == 0;
}

/* in: value, as it is written.  returns: whether it is a whole number, quotes left out; of nothing
 * the default. */
static bool sbdfile_seconds(const char *value, uint64_t *seconds)
{
	char bare[SBDFILE_LINE_SIZE];
	size_t length = strlen(value);
	size_t quotes = length > 1 && (value[0] == '"' || value[0] == '\'') &&
			value[length - 1] == value[0];

	(void)snprintf(bare, sizeof(bare), "%.*s", (int)(length - 2 * quotes), value + quotes);
	*seconds = SBDFILE_DEFAULT_S;
	return bare[0] == 0 || config_number(bare, SBDFILE_MAX_S, seconds);
}

/* While a ring waits for the arbiter, for as long as sync_timeout, corosync delivers nothing, and
 * sbd lets the watchdog bark when the cluster is silent for longer than its own time. */
enum rc sbdfile_warn(const char *path, const struct policy *y, struct config_problems *warnings)
{
	bool given = path != NULL;
	char value[SBDFILE_LINE_SIZE];
	uint64_t seconds;
	bool read;
	FILE *f = NULL;

	if (given)
		f = fopen(path, "re");
	for (size_t i = 0; !given && f == NULL && i < 2; i++) {
		path = sbdfile_usual[i];
		f = fopen(path, "re");
	}
	if (f == NULL)
		return given ? RC_NOTFOUND : RC_OK;
	read = sbdfile_watchdog(f, value);
	(void)fclose(f);
	if (!read)
		return given ? RC_IO : RC_OK;
	if (!sbdfile_seconds(value, &seconds))
		config_problem(warnings,
			       "SBD_WATCHDOG_TIMEOUT = %.100s (%s): allowed is a whole number of "
			       "seconds, up to %d: what sbd makes of it cannot be compared with "
			       "quorum.device.sync_timeout",
			       value, path, SBDFILE_MAX_S);
	else if (seconds * 1000 <= y->sync_timeout_ms)
		config_problem(warnings,
			       "SBD_WATCHDOG_TIMEOUT = %s (%s): allowed is above %u ms "
			       "(quorum.device.sync_timeout): a node that waits for a decision "
			       "would be reset",
			       value[0] != 0 ? value : "(not given: 5)", path, y->sync_timeout_ms);
	return RC_OK;
}

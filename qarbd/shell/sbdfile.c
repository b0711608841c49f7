/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/sbdfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/config_check.h"

static const char *const sbdfile_usual[] = { "/etc/default/sbd", "/etc/sysconfig/sbd" };

/* A shell's variable, as sbd's unit reads it.  returns: seconds, 0 if it is not set. */
static unsigned long sbdfile_watchdog_s(FILE *f)
{
	static const char name[] = "SBD_WATCHDOG_TIMEOUT=";
	unsigned long seconds = 0;
	char line[400];

	while (fgets(line, sizeof(line), f) != NULL) {
		const char *at = line + strspn(line, " \t");

		if (strncmp(at, name, sizeof(name) - 1) != 0)
			continue;
		at += sizeof(name) - 1;
		seconds = strtoul(at + strspn(at, "\"'"), NULL, 10);
	}
	return seconds;
}

/* While a ring waits for the arbiter, for as long as sync_timeout, corosync delivers nothing, and
 * sbd lets the watchdog bark when the cluster is silent for longer than its own time. */
enum rc sbdfile_warn(const char *path, const struct policy *y, struct config_problems *warnings)
{
	bool given = path != NULL;
	unsigned long seconds;
	FILE *f = NULL;

	if (given)
		f = fopen(path, "re");
	for (size_t i = 0; !given && f == NULL && i < 2; i++) {
		path = sbdfile_usual[i];
		f = fopen(path, "re");
	}
	if (f == NULL)
		return given ? RC_NOTFOUND : RC_OK;
	seconds = sbdfile_watchdog_s(f);
	(void)fclose(f);
	if (seconds != 0 && seconds < 4000000 && seconds * 1000 <= y->sync_timeout_ms)
		config_problem(warnings,
			       "SBD_WATCHDOG_TIMEOUT = %lu (%s): allowed is above %u ms "
			       "(quorum.device.sync_timeout): a node that waits for a decision "
			       "would be reset",
			       seconds, path, y->sync_timeout_ms);
	return RC_OK;
}

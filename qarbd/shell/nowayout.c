/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/nowayout.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/config_check.h"

bool nowayout_is(const char *class, const char *device)
{
	char real[PATH_MAX];
	char path[2 * PATH_MAX];
	const char *name;
	bool is;
	FILE *f;

	if (realpath(device, real) == NULL)
		(void)snprintf(real, sizeof(real), "%s", device);
	name = strrchr(real, '/');
	name = name != NULL ? name + 1 : real;
	/* The old name is one more of the first. */
	if (strcmp(name, "watchdog") == 0)
		name = "watchdog0";
	(void)snprintf(path, sizeof(path), "%s/%s/nowayout",
		       class != NULL ? class : "/sys/class/watchdog", name);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	is = fgetc(f) == '1';
	(void)fclose(f);
	return is;
}

void nowayout_warn(const char *class, const struct config *c, struct config_problems *warnings)
{
	if (c->watchdog[0] == 0 || !nowayout_is(class, c->watchdog))
		return;
	config_problem(warnings,
		       QARB "watchdog = %s: its driver does not disarm it (nowayout): after an "
			    "orderly stop of qarbd it resets this node, unless qarbd is started "
			    "again within the timeout",
		       c->watchdog);
}

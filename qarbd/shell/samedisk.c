/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/samedisk.h"

#include <sys/stat.h>

#include "shell/config_check.h"

static bool samedisk(const char *a, const char *b)
{
	struct stat x;
	struct stat y;

	if (a[0] == 0 || b[0] == 0 || stat(a, &x) != 0 || stat(b, &y) != 0)
		return false;
	if (S_ISBLK(x.st_mode) && S_ISBLK(y.st_mode))
		return x.st_rdev == y.st_rdev;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void samedisk_warn(const struct config *c, struct config_problems *warnings)
{
	for (uint32_t i = 0; i < c->policy.arbiter_count; i++) {
		uint32_t j = 0;

		while (j < i && !samedisk(c->arbiter[i].device, c->arbiter[j].device))
			j++;
		if (j == i)
			continue;
		config_problem(warnings,
			       QARB "arbiter.%s.device = %s: the same disk as that of arbiter %s, "
				    "%s: the second one is not used",
			       c->arbiter[i].name, c->arbiter[i].device, c->arbiter[j].name,
			       c->arbiter[j].device);
	}
}

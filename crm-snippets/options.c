/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/options.h"

#include <stdio.h>
#include <string.h>

int options_hint(const struct crm_command *c)
{
	(void)fprintf(stderr, "Try 'qarb-crm %s --help'.\n", c->name);
	return CRM_USAGE;
}

int options_read(const struct crm_command *c, int argc, char **argv, struct crm_input *in,
		 void *options)
{
	struct option longs[OPTIONS_MAX] = {
		{ "cib", required_argument, NULL, 'i' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
	};
	static char name[64];
	size_t n = 3;
	int letter;

	for (const struct option *own = c->own; own->name != NULL && n < OPTIONS_MAX - 1; own++)
		longs[n++] = *own;
	/* What getopt says begins with it. */
	(void)snprintf(name, sizeof(name), "qarb-crm %s", c->name);
	argv[0] = name;
	while ((letter = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (letter == 'h') {
			(void)fputs(c->help, stdout);
			return CRM_DONE;
		}
		if (letter == 'i')
			in->cib = optarg;
		else if (letter == 'c')
			in->config = optarg;
		else if (letter == '?' || !c->take(letter, optarg, options))
			return options_hint(c);
	}
	return -1;
}

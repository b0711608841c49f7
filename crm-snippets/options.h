/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: the command line of one command of qarb-crm. */
#ifndef QARB_CRM_OPTIONS_H
#define QARB_CRM_OPTIONS_H

#include <getopt.h>

#include "crm-snippets/crm.h"

enum { OPTIONS_MAX = 16 };

struct crm_command {
	const char *name;
	const char *help;
	const struct option *own; /* beside --cib, --config and --help; ends with an empty one */
	/* Take one of them.  in: letter, its val.  returns: false: wrong, said already. */
	bool (*take)(int letter, const char *value, void *options);
};

/* Read all options.  in: options, handed to take().  out: in; optind, of the first other word.
 * returns: -1 to go on, else the exit code. */
int options_read(const struct crm_command *c, int argc, char **argv, struct crm_input *in,
		 void *options);
/* Says where help is.  returns: CRM_USAGE. */
int options_hint(const struct crm_command *c);

#endif

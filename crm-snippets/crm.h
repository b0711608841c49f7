/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crm-snippets: qarb-crm, its commands and what they share. */
#ifndef QARB_CRM_CRM_H
#define QARB_CRM_CRM_H

#include <stdbool.h>

#include <libxml/tree.h>

#include "crm-snippets/facts.h"
#include "crm-snippets/finding.h"

enum crm_exit {
	CRM_DONE = 0,
	CRM_FAILED = 1,
	CRM_USAGE = 2,
	CRM_NOT_RUNNING = 3,
	CRM_REFUSED = 4,
	CRM_NOT_PERMITTED = 5,
	CRM_FOUND_WARNING = 6,
	CRM_FOUND_ERROR = 7,
	CRM_CHANGED = 64, /* never the program's: the CIB is another than was read */
};

struct crm_input {
	const char *cib; /* NULL: the live one */
	const char *config;
	const char *sbd;
};

/* One line on stderr, with the program's name. */
void crm_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

int check_main(int argc, char **argv);
int generate_main(int argc, char **argv);
int failback_main(int argc, char **argv);

/* source.c */
/* Read the CIB.  out: cib, to be given to xmlFreeDoc(cib->doc).  returns: CRM_DONE or the exit
 * code, said already. */
int source_read_cib(const char *path, xmlNode **cib);
/* Read corosync.conf; out: items, NULL where the default file does not exist and none was named. */
int source_read_config(const char *path, struct config_items **items);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: what of a status asks for somebody's attention: what is waited for, who cannot cast, what
 * differs between nodes.  Worked out here once for all forms of the output.
 */
#ifndef QARB_TOOL_STATUSFACTS_H
#define QARB_TOOL_STATUSFACTS_H

#include "wire/ipcwire.h"

enum fact_level { FACT_INFO = 0, FACT_WARNING, FACT_ERROR };

enum { FACTS_MAX = 512, FACT_TEXT_SIZE = 480 };

struct fact {
	enum fact_level level;
	const char *id;	     /* stable */
	const char *arbiter; /* NULL: of the node as a whole */
	uint32_t node_id;    /* 0: of none */
	char text[FACT_TEXT_SIZE];
};

struct facts {
	uint32_t count;
	struct fact fact[FACTS_MAX];
};

/* About 250 KiB: no automatic variable. */
void statusfacts_collect(const struct ipc_status *s, struct facts *f);
const char *statusfacts_level(enum fact_level level);

#endif

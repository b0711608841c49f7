/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: which node a word of the command line means: its name or its id.  Pure. */
#ifndef QARB_TOOL_NODEWORD_H
#define QARB_TOOL_NODEWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nodeword {
	const char *word; /* borrowed */
	bool numeric;
	uint64_t number;
	uint32_t by_name; /* node ids; 0: none yet */
	uint32_t by_name_too;
	uint32_t by_id;
};

void nodeword_begin(struct nodeword *w, const char *word);
/* One node of the cluster; name may be empty. */
void nodeword_see(struct nodeword *w, uint32_t node_id, const char *name);

enum nodeword_found { NODEWORD_ONE, NODEWORD_NONE, NODEWORD_TWO };
/* Every node was seen.  A word that means two nodes means none: names may be numbers.
 * out: node_id, with NODEWORD_ONE; why, with NODEWORD_TWO: which two. */
enum nodeword_found nodeword_end(const struct nodeword *w, uint32_t *node_id, char *why,
				 size_t size);

#endif

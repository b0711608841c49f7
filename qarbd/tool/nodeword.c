/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/nodeword.h"

#include <stdio.h>
#include <string.h>

#include "shell/config.h"

void nodeword_begin(struct nodeword *w, const char *word)
{
	memset(w, 0, sizeof(*w));
	w->word = word;
	w->numeric = config_number(word, UINT64_MAX, &w->number);
}

void nodeword_see(struct nodeword *w, uint32_t node_id, const char *name)
{
	/* A nodelist may give no names: an empty word is none of those nodes. */
	if (name[0] != 0 && strcmp(name, w->word) == 0)
		*(w->by_name == 0 ? &w->by_name : &w->by_name_too) = node_id;
	if (w->numeric && w->number == node_id)
		w->by_id = node_id;
}

enum nodeword_found nodeword_end(const struct nodeword *w, uint32_t *node_id, char *why,
				 size_t size)
{
	if (w->by_name_too != 0) {
		(void)snprintf(why, size, "'%s' is the name of node %u and of node %u", w->word,
			       w->by_name, w->by_name_too);
		return NODEWORD_TWO;
	}
	if (w->by_name != 0 && w->by_id != 0 && w->by_name != w->by_id) {
		(void)snprintf(why, size, "'%s' is the name of node %u and the id of node %u",
			       w->word, w->by_name, w->by_id);
		return NODEWORD_TWO;
	}
	*node_id = w->by_name != 0 ? w->by_name : w->by_id;
	return *node_id != 0 ? NODEWORD_ONE : NODEWORD_NONE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: what the shared disk holds, at the start and at the end.
 *
 * A copy on the disk is a reference to what one write submitted.  Blocks pass through the
 * production codec whenever a fault touched them, and otherwise for a sample: encoding and decoding
 * give back what went in, which the sample checks.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

void disk_init(struct world *w)
{
	w->stores = w->class == CLASS_PRIVATE ? w->nodes : 1;
	for (uint32_t k = 0; k < w->stores; k++) {
		struct store *s = &w->store[k];

		/* Private copies of one disk carry one UUID. */
		for (uint32_t i = 0; i < UUID_SIZE; i++)
			s->uuid[i] = (uint8_t)(0x40 + i);
		for (uint32_t i = 0; i < w->nodes; i++) {
			for (uint8_t c = 0; c < 2; c++) {
				struct blob *b = blob_new(w);

				memset(&b->slot, 0, sizeof(b->slot));
				b->node = w->nodes;
				b->slot_index = (uint8_t)i;
				b->copy = c;
				s->copy[i][c] = b;
				if (w->header.node_id[i] == 0) {
					/* A node that was not there yet: all zero. */
					memset(b->bytes, 0, sizeof(b->bytes));
					b->encoded = true;
					continue;
				}
				b->slot.node_id = w->map.node_id[i];
				b->slot.state = SLOT_NEVER;
				b->slot.cast = CAST_UNKNOWN;
				b->slot.value.map = w->header;
				b->slot.value.pending = slot_map_used(&w->header);
			}
		}
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		w->node[i].disk = w->class == CLASS_PRIVATE ? i : 0;
}

void disk_free(struct world *w)
{
	spoil_free(w);
	for (uint32_t i = 0; i < w->nodes; i++) {
		blob_put(w, w->node[i].submitted);
		blob_put(w, w->node[i].landed);
	}
	for (uint32_t k = 0; k < w->stores; k++)
		for (uint32_t i = 0; i < w->nodes; i++)
			for (uint32_t c = 0; c < 2; c++)
				blob_put(w, w->store[k].copy[i][c]);
	for (uint32_t i = 0; i < w->nodes * WRITES_EACH; i++)
		if (w->wr[i].state != WR_FREE)
			blob_put(w, w->wr[i].blob);
	for (uint32_t i = 0; i < w->nodes * READS_EACH; i++) {
		if (w->rd[i].used)
			for (uint32_t s = 0; s < w->nodes; s++)
				for (uint32_t c = 0; c < 2; c++)
					blob_put(w, w->rd[i].seen[s][c]);
		free(w->rd[i].slots);
	}
	while (w->blobs != NULL) {
		struct blob *b = w->blobs;

		w->blobs = b->next;
		free(b);
	}
}

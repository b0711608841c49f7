/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: what a copy on the disk holds, shared by reference, and its bytes where somebody asks. */
#include <stdlib.h>

#include "base/check.h"
#include "tests/sim/sim.h"

struct blob *blob_new(struct world *w)
{
	struct blob *b = w->blobs;

	if (b != NULL) {
		w->blobs = b->next;
	} else {
		b = malloc(sizeof(*b));
		CHECK(b != NULL);
	}
	b->refs = 1;
	b->whole = true;
	b->encoded = false;
	b->next = NULL;
	return b;
}

struct blob *blob_get(struct blob *b)
{
	b->refs++;
	return b;
}

void blob_put(struct world *w, struct blob *b)
{
	if (b == NULL || --b->refs > 0)
		return;
	b->next = w->blobs;
	w->blobs = b;
}

const uint8_t *blob_bytes(const struct store *s, struct blob *b)
{
	if (!b->encoded) {
		slotwire_encode(&b->slot, s->uuid, b->slot_index, b->copy, b->bytes);
		b->encoded = true;
	}
	return b->bytes;
}

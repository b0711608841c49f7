/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: what a copy on the disk holds, shared by reference, and its bytes where somebody asks. */
#include <stdlib.h>
#include <string.h>

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

struct blob *blob_damaged(struct world *w, uint32_t node, uint8_t slot_index, uint8_t copy)
{
	struct blob *b = blob_new(w);

	b->node = node;
	b->slot_index = slot_index;
	b->copy = copy;
	b->whole = false;
	b->encoded = true;
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

enum rc blob_choose(const struct world *w, const struct store *s, struct blob *const copies[2],
		    uint32_t slot_index, struct slot_read *out, uint64_t *fingerprint)
{
	static uint8_t pair[2 * SLOTWIRE_SIZE];

	memcpy(pair, blob_bytes(s, copies[0]), SLOTWIRE_SIZE);
	memcpy(pair + SLOTWIRE_SIZE, blob_bytes(s, copies[1]), SLOTWIRE_SIZE);
	return slotwire_read(pair, s->uuid, &w->header, slot_index, out, fingerprint);
}

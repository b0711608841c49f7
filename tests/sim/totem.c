/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: who can talk to whom, and which rings totem forms of it. */
#include <string.h>

#include "base/check.h"
#include "tests/sim/sim.h"

const char *totem_ring_text(const struct world *w, int ring)
{
	static char text[4][96];
	static unsigned turn;
	char *t = text[turn++ % 4];
	int used;

	if (ring < 0)
		return "none";
	used = snprintf(t, 96, "%u.%llu {", w->ring[ring].id.node_id,
			(unsigned long long)w->ring[ring].id.seq);
	for (uint32_t i = 0; i < w->nodes && used < 84; i++)
		if ((w->ring[ring].members & slot_bit(i)) != 0)
			used += snprintf(t + used, 96 - (size_t)used, " %u", w->node[i].id);
	snprintf(t + used, 96 - (size_t)used, " }");
	return t;
}

struct members totem_members(const struct world *w, uint64_t mask)
{
	struct members m = { 0 };

	for (uint32_t i = 0; i < w->nodes; i++)
		if ((mask & slot_bit(i)) != 0)
			m.node_id[m.count++] = w->node[i].id;
	return m;
}

/* ---- who can talk to whom ---- */

bool totem_reachable(const struct world *w, uint32_t i)
{
	return w->node[i].power && w->node[i].vq.up && !w->node[i].vq.frozen;
}

uint64_t totem_component(const struct world *w, const struct node *n)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < w->nodes; i++)
		if (totem_reachable(w, i) && w->part[i] == w->part[n->index])
			mask |= slot_bit(i);
	return mask;
}

/* Does the token pass: every member is there, in this ring, and nothing is cut? */
bool totem_ring_intact(const struct world *w, int ring)
{
	uint64_t members = ring >= 0 ? w->ring[ring].members : 0;
	uint32_t part = UINT32_MAX;

	for (uint32_t i = 0; i < w->nodes; i++) {
		if ((members & slot_bit(i)) == 0)
			continue;
		if (!totem_reachable(w, i) || w->node[i].vq.ring != ring ||
		    (part != UINT32_MAX && w->part[i] != part))
			return false;
		part = w->part[i];
	}
	return members != 0;
}

uint64_t totem_rotation_us(struct world *w)
{
	return (w->story ? 500 : rng_range(&w->rng, 300, 1500)) + 200 * w->nodes;
}

/* How long totem needs until the new ring forms. */
static uint64_t detection(struct world *w, bool loss, bool announced)
{
	uint64_t token = (uint64_t)w->policy.token_ms * 1000;
	uint64_t consensus = (uint64_t)w->policy.consensus_ms * 1000;

	if (w->story)
		return !loss || announced ? 20 * MS : token + consensus;
	if (!loss || announced)
		return rng_range(&w->rng, 5 * MS, loss ? 40 * MS : token / 3 + 20 * MS);
	/* Settle covers the usual spread between partitions; while faults happen, anything goes. */
	if (!w->calm && w->class != CLASS_GENTLE)
		return rng_range(&w->rng, token * 9 / 10, token + consensus * 11 / 10);
	token -= rng_below(&w->rng, token / 8);
	return token + consensus + rng_below(&w->rng, consensus / 50 + 1);
}

static void form_later(struct world *w, uint64_t mask, uint64_t at, bool again)
{
	struct form *f = NULL;

	for (uint32_t i = 0; i < FORMS; i++) {
		if (w->form[i].used && w->form[i].mask == mask)
			return;
		if (!w->form[i].used && f == NULL)
			f = &w->form[i];
	}
	CHECK(f != NULL);
	f->used = true;
	f->mask = mask;
	f->again = again;
	f->serial = ++w->serial;
	world_push(w, at, EV_RING_FORM, 0, f->serial, (uint64_t)(f - w->form));
	fault_ring(w, mask, at);
}

/* Any change of who can talk to whom: every component whose members are not all in one ring of
 * exactly these members will form one. */
void totem_topology(struct world *w)
{
	uint64_t seen = 0;

	for (uint32_t i = 0; i < FORMS; i++) {
		bool live = false;

		if (!w->form[i].used)
			continue;
		for (uint32_t k = 0; k < w->nodes; k++)
			live |= totem_reachable(w, k) &&
				totem_component(w, &w->node[k]) == w->form[i].mask;
		w->form[i].used = live;
	}
	for (uint32_t i = 0; i < w->nodes; i++) {
		uint64_t mask;
		bool same = true, loss = false;

		if (!totem_reachable(w, i) || (seen & slot_bit(i)) != 0)
			continue;
		mask = totem_component(w, &w->node[i]);
		seen |= mask;
		for (uint32_t k = 0; k < w->nodes; k++) {
			int r = w->node[k].vq.ring;

			if ((mask & slot_bit(k)) == 0)
				continue;
			same &= r >= 0 && r == w->node[i].vq.ring && w->ring[r].members == mask;
			loss |= r >= 0 && (w->ring[r].members & ~mask) != 0;
		}
		if (!same)
			form_later(w, mask, w->now + detection(w, loss, w->quick_loss), false);
	}
	w->quick_loss = false;
}

/* ---- rings ---- */

/* Where nothing is lost, totem leaves out of a ring only whom it has not heard of yet: to leave out
 * one that the others share a ring with, consensus must run out first. */
static uint64_t whole_rings(struct world *w, uint64_t mask)
{
	uint64_t in = rng_next(&w->rng);

	for (uint32_t i = 0; i < w->nodes; i++) {
		int ring = w->node[i].vq.ring;

		for (uint32_t k = 0; k < i && ring >= 0 && (mask & slot_bit(i)) != 0; k++)
			if ((mask & slot_bit(k)) != 0 && w->node[k].vq.ring == ring) {
				in &= ~slot_bit(i);
				in |= (in & slot_bit(k)) != 0 ? slot_bit(i) : 0;
				break;
			}
	}
	return in;
}

void totem_form(struct world *w, const struct ev *e)
{
	struct form *f = &w->form[e->arg];
	struct ring *r;
	uint64_t seq = 0, sub = f->mask;
	uint32_t low = 0;
	bool gentle = w->class == CLASS_GENTLE;
	uint64_t spread = rng_chance(&w->rng, 8500) ? 3 * MS : 60 * MS;

	if (!f->used || f->serial != e->epoch || w->ring_count >= RINGS)
		return;
	f->used = false;
	/* Settle is to cover all of it: of detection, such a ring and the spread. */
	if (gentle && f->again)
		spread = 3 * MS;
	/* A ring of some of them first, now and then; once, where settle is to cover it. */
	if (!w->story && !(f->again && gentle) && rng_chance(&w->rng, w->calm ? 0 : 500)) {
		sub &= gentle ? whole_rings(w, f->mask) : rng_next(&w->rng);
		form_later(w, f->mask,
			   w->now + rng_range(&w->rng, 5 * MS,
					      gentle ? (uint64_t)w->policy.settle_ms * 250
						     : (uint64_t)w->policy.consensus_ms * 1000),
			   true);
		if (sub == 0)
			return;
	}
	for (uint32_t i = 0; i < w->nodes; i++)
		if ((sub & slot_bit(i)) != 0) {
			seq = w->node[i].vq.seq > seq ? w->node[i].vq.seq : seq;
			low = low == 0 ? w->node[i].id : low;
		}
	r = &w->ring[w->ring_count];
	memset(r, 0, sizeof(*r));
	r->members = sub;
	r->id.node_id = low;
	r->id.seq = seq + 4;
	ringid_formed(w, r);
	for (uint32_t i = 0; i < w->nodes; i++) {
		uint64_t at = w->now + (w->story ? i * MS : rng_below(&w->rng, spread));

		if ((sub & slot_bit(i)) == 0)
			continue;
		w->node[i].vq.seq = r->id.seq;
		if (w->install_delay_node == i + 1) {
			at += rng_range(&w->rng, 50 * MS, (uint64_t)w->policy.token_ms * 1000);
			w->install_delay_node = 0;
		}
		world_push(w, at, EV_RING_INSTALL, i, w->node[i].vq.epoch, w->ring_count);
	}
	w->ring_count++;
}

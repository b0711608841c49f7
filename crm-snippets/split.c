/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/split.h"

#include <string.h>

static bool has(unsigned part, size_t i)
{
	return (part & 1U << i) != 0;
}

static unsigned everybody(const struct ranking *r)
{
	return (1U << r->count) - 1;
}

static long sum(const struct ranking *r, const long *values, unsigned part)
{
	long total = 0;

	for (size_t i = 0; i < r->count; i++)
		if (has(part, i))
			total += values[i];
	return total;
}

static uint32_t lowest(const struct ranking *r, unsigned part)
{
	uint32_t low = UINT32_MAX;

	for (size_t i = 0; i < r->count; i++)
		if (has(part, i) && r->node[i]->id < low)
			low = r->node[i]->id;
	return low;
}

static uint32_t highest(const struct ranking *r, unsigned part)
{
	uint32_t high = 0;

	for (size_t i = 0; i < r->count; i++)
		if (has(part, i) && r->node[i]->id > high)
			high = r->node[i]->id;
	return high;
}

static bool has_id(const struct ranking *r, unsigned part, uint32_t id)
{
	for (size_t i = 0; i < r->count; i++)
		if (has(part, i) && r->node[i]->id == id)
			return true;
	return false;
}

static bool tie_prefers(const struct facts *f, const struct ranking *r, unsigned a, unsigned b)
{
	switch (f->tie) {
	case FACT_TIE_NONE:
		return false;
	case FACT_TIE_HIGHEST:
		return highest(r, a) > highest(r, b);
	case FACT_TIE_NODE:
		if (has_id(r, a, f->tie_node) != has_id(r, b, f->tie_node))
			return has_id(r, a, f->tie_node);
		break;
	case FACT_TIE_LOWEST:
		break;
	}
	return lowest(r, a) < lowest(r, b);
}

bool split_prefers(const struct facts *f, const struct ranking *r, unsigned a, unsigned b)
{
	long votes = sum(r, r->votes, a) - sum(r, r->votes, b);
	long weight = f->workload ? sum(r, r->weight, a) - sum(r, r->weight, b) : 0;
	int active = __builtin_popcount(a) - __builtin_popcount(b);

	if (votes != 0)
		return votes > 0;
	if (weight != 0)
		return weight > 0;
	/* Before the split all nodes were in the ring that had the vote. */
	if (active != 0)
		return active > 0;
	return tie_prefers(f, r, a, b);
}

static bool contends(const struct facts *f, const struct ranking *r, unsigned part)
{
	return !f->halves || 2 * sum(r, r->votes, part) >= sum(r, r->votes, everybody(r));
}

size_t split_winner(const struct facts *f, const struct ranking *r, const struct split *s)
{
	size_t best = 0;

	for (size_t k = 1; k < s->count; k++)
		if (split_prefers(f, r, s->part[k], s->part[best]))
			best = k;
	return f->tie != FACT_TIE_NONE && contends(f, r, s->part[best]) ? best : s->count;
}

/* Every criterion ranks a part at least as high as any part within it, so who wins at all wins
 * against single nodes. */
bool split_won_by(const struct facts *f, const struct ranking *r, unsigned part, struct split *s)
{
	if (part == 0 || part == everybody(r) || !contends(f, r, part))
		return false;
	s->count = 1;
	s->part[0] = part;
	for (size_t i = 0; i < r->count; i++) {
		unsigned node = 1U << i;
		size_t k = 1;

		if (has(part, i))
			continue;
		if (!split_prefers(f, r, part, node))
			return false;
		while (k < s->count && !split_prefers(f, r, part, s->part[k] | node))
			k++;
		if (k == s->count)
			s->part[s->count++] = 0;
		s->part[k] |= node;
	}
	return true;
}

static long top_priority(const struct ranking *r)
{
	long top = r->priority[0];

	for (size_t i = 1; i < r->count; i++)
		if (r->priority[i] > top)
			top = r->priority[i];
	return top;
}

unsigned split_delayed(const struct ranking *r, unsigned part)
{
	long top = top_priority(r);
	unsigned of_top = 0;

	for (size_t i = 0; i < r->count; i++)
		if (r->priority[i] == top)
			of_top |= 1U << i;
	if (of_top == everybody(r) || (size_t)__builtin_popcount(part) > r->count / 2)
		return 0;
	return of_top & ~part;
}

bool split_favoured(const struct ranking *r, unsigned part)
{
	for (size_t i = 0; i < r->count; i++)
		if (has(part, i) && r->priority[i] == top_priority(r))
			return true;
	return false;
}

/* The next number of parts that the votes can be divided by. */
static bool take_count(struct split_walk *w)
{
	long all = sum(w->r, w->r->votes, everybody(w->r));

	for (size_t n = 2; n <= w->r->count && all != 0; n++) {
		if (n <= w->split.count || all % (long)n != 0)
			continue;
		w->split.count = n;
		w->share = all / (long)n;
		return true;
	}
	return false;
}

void split_walk_start(struct split_walk *w, const struct ranking *r)
{
	memset(w, 0, sizeof(*w));
	w->r = r;
	w->split.count = 1;
}

static void put(struct split_walk *w, size_t k)
{
	size_t i = w->placed++;

	w->place[i] = k;
	w->split.part[k] |= 1U << i;
	w->votes[k] += w->r->votes[i];
	w->begun[i + 1] = k == w->begun[i] ? k + 1 : w->begun[i];
}

/* returns: the part that the last node was in. */
static size_t take_back(struct split_walk *w)
{
	size_t i = --w->placed;
	size_t k = w->place[i];

	w->split.part[k] &= ~(1U << i);
	w->votes[k] -= w->r->votes[i];
	return k;
}

/* Each node goes into every part that has room for it, and into the first of the empty ones: so no
 * split comes twice. */
bool split_walk_next(struct split_walk *w)
{
	size_t k = w->placed != 0 ? take_back(w) + 1 : w->split.count;

	for (;;) {
		size_t last = w->begun[w->placed];

		while (k <= last && k < w->split.count &&
		       w->votes[k] + w->r->votes[w->placed] > w->share)
			k++;
		if (k <= last && k < w->split.count) {
			put(w, k);
			if (w->placed == w->r->count)
				return true;
			k = 0;
		} else if (w->placed != 0) {
			k = take_back(w) + 1;
		} else if (take_count(w)) {
			k = 0;
		} else {
			return false;
		}
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qarb-crm foretells whom the daemon prefers: both are asked about every split of equal halves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/core.h"
#include "crm-snippets/facts.h"
#include "crm-snippets/ranking.h"

enum { WEIGHTS = 3 }; /* 0, 1 and 2 on every node */

static struct fact_node nodes[4];

static void set_up(struct facts *f, struct ranking *r, size_t count, enum fact_tie tie,
		   uint32_t tie_node, bool workload)
{
	memset(f, 0, sizeof(*f));
	memset(r, 0, sizeof(*r));
	f->node = nodes;
	f->node_count = count;
	f->tie = tie;
	f->tie_node = tie_node;
	f->workload = workload;
	r->count = count;
	for (size_t i = 0; i < count; i++) {
		nodes[i].id = (uint32_t)(10 * (i + 1));
		r->node[i] = &nodes[i];
	}
}

/* The half as the core sees it when all its nodes are live and available. */
static void contend(struct contender *c, const struct ranking *r, unsigned side)
{
	memset(c, 0, sizeof(*c));
	c->listed = true;
	c->consistent = true;
	c->low = UINT32_MAX;
	for (size_t i = 0; i < r->count; i++) {
		uint32_t id = r->node[i]->id;

		if (!(side & 1U << i))
			continue;
		c->set |= (uint64_t)1 << i;
		c->votes++;
		c->active++;
		c->weight += (uint64_t)r->weight[i];
		c->low = id < c->low ? id : c->low;
		c->high = id > c->high ? id : c->high;
	}
}

static bool core_prefers(struct arb *a, const struct facts *f, const struct ranking *r,
			 unsigned side)
{
	static struct choice c;
	struct step st = { .a = a };
	enum rank_step by;

	a->policy.workload = f->workload;
	a->policy.tie_breaker = f->tie == FACT_TIE_HIGHEST ? TIE_HIGHEST
				: f->tie == FACT_TIE_NODE  ? TIE_NODE
							   : TIE_LOWEST;
	a->policy.tie_node_id = f->tie_node;
	for (size_t i = 0; i < r->count; i++)
		a->disk[0].map.node_id[i] = r->node[i]->id;
	a->disk[0].map.count = (uint32_t)r->count;
	c.count = 2;
	contend(&c.contender[0], r, side);
	contend(&c.contender[1], r, ((1U << r->count) - 1) & ~side);
	return choice_best(&st, &c, &by) == 0;
}

static unsigned compare_all(struct arb *a, size_t count, enum fact_tie tie, uint32_t tie_node,
			    bool workload)
{
	struct facts f;
	struct ranking r;
	unsigned combinations = 1, compared = 0;

	set_up(&f, &r, count, tie, tie_node, workload);
	for (size_t i = 0; i < count; i++)
		combinations *= WEIGHTS;
	for (unsigned n = 0; n < combinations; n++) {
		unsigned rest = n;

		for (size_t i = 0; i < count; i++) {
			r.weight[i] = rest % WEIGHTS;
			rest /= WEIGHTS;
		}
		for (unsigned side = 1; side < (1U << count) - 1; side++) {
			if ((size_t)__builtin_popcount(side) != count / 2)
				continue;
			assert_int_equal(ranking_wins(&f, &r, side), core_prefers(a, &f, &r, side));
			compared++;
		}
	}
	return compared;
}

static void foretells_every_split_of_halves(void **state)
{
	struct arb *a = calloc(1, sizeof(*a));
	unsigned compared = 0;

	(void)state;
	assert_non_null(a);
	for (size_t count = 2; count <= 4; count += 2) {
		for (int workload = 0; workload < 2; workload++) {
			compared += compare_all(a, count, FACT_TIE_LOWEST, 0, workload != 0);
			compared += compare_all(a, count, FACT_TIE_HIGHEST, 0, workload != 0);
			for (uint32_t id = 10; id <= 10 * count; id += 10)
				compared += compare_all(a, count, FACT_TIE_NODE, id, workload != 0);
		}
	}
	/* 2 nodes: 9 weights x 2 sides x 2 x 4 ways; 4 nodes: 81 x 6 x 2 x 6. */
	assert_int_equal(compared, 9 * 2 * 2 * 4 + 81 * 6 * 2 * 6);
	free(a);
}

static void delays_only_the_half_without_a_top_node(void **state)
{
	static const struct {
		long priority[4];
		unsigned side;
		bool delayed;
	} table[] = {
		{ { 0, 0, 0, 0 }, 0x3, false }, { { 1, 1, 1, 1 }, 0x3, false },
		{ { 5, 0, 0, 0 }, 0x3, false }, { { 5, 0, 0, 0 }, 0xc, true },
		{ { 5, 0, 5, 0 }, 0xc, false }, { { 5, 5, 8, 0 }, 0x3, true },
		{ { 5, 5, 8, 0 }, 0x5, false }, { { -1, 0, 0, 0 }, 0x9, false },
	};
	struct facts f;
	struct ranking r;

	(void)state;
	set_up(&f, &r, 4, FACT_TIE_LOWEST, 0, true);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		memcpy(r.priority, table[i].priority, sizeof(table[i].priority));
		assert_int_equal(ranking_delayed(&r, table[i].side), table[i].delayed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foretells_every_split_of_halves),
		cmocka_unit_test(delays_only_the_half_without_a_top_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

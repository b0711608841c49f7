/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qarb-crm foretells whom the daemon prefers: both are asked about every split of two to four
 * nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/core.h"
#include "crm-snippets/facts.h"
#include "crm-snippets/split.h"

enum { NODES = 4, WEIGHTS = 3 }; /* 0, 1 and 2 on every node */

static struct fact_node nodes[NODES];

static void set_up(struct facts *f, struct ranking *r, size_t count, unsigned votes)
{
	memset(f, 0, sizeof(*f));
	memset(r, 0, sizeof(*r));
	f->node = nodes;
	f->node_count = count;
	f->tie = FACT_TIE_LOWEST;
	f->workload = true;
	r->count = count;
	for (size_t i = 0; i < count; i++) {
		nodes[i].id = (uint32_t)(10 * (i + 1));
		r->node[i] = &nodes[i];
		r->votes[i] = (votes & 1U << i) != 0 ? 2 : 1;
	}
}

/* in: number, whose digits say in which part each node is.  returns: false: not a split, or one
 * that another number says as well. */
static bool take_split(struct split *s, size_t count, unsigned number)
{
	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < count; i++) {
		size_t k = number % NODES;

		number /= NODES;
		if (k > s->count)
			return false;
		if (k == s->count)
			s->count++;
		s->part[k] |= 1U << i;
	}
	return number == 0 && s->count > 1;
}

/* The part as the core sees it when all its nodes are live and available. */
static void contend(struct contender *c, const struct ranking *r, unsigned part)
{
	memset(c, 0, sizeof(*c));
	c->listed = true;
	c->consistent = true;
	c->low = UINT32_MAX;
	for (size_t i = 0; i < r->count; i++) {
		uint32_t id = r->node[i]->id;

		if (!(part & 1U << i))
			continue;
		c->set |= (uint64_t)1 << i;
		c->votes += (uint64_t)r->votes[i];
		c->active++;
		c->weight += (uint64_t)r->weight[i];
		c->low = id < c->low ? id : c->low;
		c->high = id > c->high ? id : c->high;
	}
}

/* returns: the number of parts: none. */
static size_t core_winner(struct arb *a, const struct facts *f, const struct ranking *r,
			  const struct split *s)
{
	static struct choice c;
	struct step st = { .a = a };
	enum rank_step by;
	int best;

	a->policy.workload = f->workload;
	a->policy.algorithm = f->halves ? ALGORITHM_FFSPLIT : ALGORITHM_LMS;
	a->policy.tie_breaker = f->tie == FACT_TIE_HIGHEST ? TIE_HIGHEST
				: f->tie == FACT_TIE_NODE  ? TIE_NODE
							   : TIE_LOWEST;
	a->policy.tie_node_id = f->tie_node;
	a->nodes.count = (uint32_t)r->count;
	a->disk[0].map.count = (uint32_t)r->count;
	for (size_t i = 0; i < r->count; i++) {
		a->nodes.node_id[i] = r->node[i]->id;
		a->nodes.votes[i] = (uint32_t)r->votes[i];
		a->disk[0].map.node_id[i] = r->node[i]->id;
	}
	c.count = (uint32_t)s->count;
	for (size_t k = 0; k < s->count; k++)
		contend(&c.contender[k], r, s->part[k]);
	best = choice_best(&st, &c, &by);
	return best < 0 ? s->count : (size_t)best;
}

/* Each split of one cluster; won: the parts that win any. */
static unsigned compare_splits(struct arb *a, const struct facts *f, const struct ranking *r,
			       bool *won)
{
	unsigned compared = 0;
	struct split s;

	for (unsigned number = 0; number < NODES * NODES * NODES * NODES; number++) {
		size_t winner;

		if (!take_split(&s, r->count, number))
			continue;
		winner = core_winner(a, f, r, &s);
		assert_int_equal(split_winner(f, r, &s), winner);
		if (winner < s.count)
			won[s.part[winner]] = true;
		compared++;
	}
	return compared;
}

/* A part is said to win if there is any split that the core gives to it, and then by one such. */
static void compare_won(struct arb *a, const struct facts *f, const struct ranking *r,
			const bool *won)
{
	for (unsigned part = 0; part < 1U << r->count; part++) {
		struct split s;
		unsigned all = 0;

		assert_int_equal(split_won_by(f, r, part, &s), won[part]);
		if (!won[part])
			continue;
		assert_int_equal(s.part[0], part);
		assert_int_equal(core_winner(a, f, r, &s), 0);
		for (size_t k = 0; k < s.count; k++) {
			assert_int_equal(all & s.part[k], 0);
			all |= s.part[k];
		}
		assert_int_equal(all, (1U << r->count) - 1);
	}
}

/* All weights on all nodes. */
static unsigned compare_weights(struct arb *a, const struct facts *f, struct ranking *r)
{
	unsigned combinations = 1, compared = 0;

	for (size_t i = 0; i < r->count; i++)
		combinations *= WEIGHTS;
	for (unsigned n = 0; n < combinations; n++) {
		bool won[1U << NODES] = { false };
		unsigned rest = n;

		for (size_t i = 0; i < r->count; i++) {
			r->weight[i] = rest % WEIGHTS;
			rest /= WEIGHTS;
		}
		compared += compare_splits(a, f, r, won);
		compare_won(a, f, r, won);
	}
	return compared;
}

static void foretells_every_split(void **state)
{
	struct arb *a = calloc(1, sizeof(*a));
	unsigned compared = 0;
	struct facts f;
	struct ranking r;

	(void)state;
	assert_non_null(a);
	/* tie: lowest, highest, each of the nodes */
	for (uint32_t count = 2; count <= NODES; count++) {
		for (uint32_t tie = 0; tie < count + 2; tie++) {
			for (unsigned how = 0; how < 4U << count; how++) {
				set_up(&f, &r, count, how / 4);
				f.workload = how % 2 != 0;
				f.halves = how / 2 % 2 != 0;
				f.tie = tie == 0   ? FACT_TIE_LOWEST
					: tie == 1 ? FACT_TIE_HIGHEST
						   : FACT_TIE_NODE;
				f.tie_node = 10 * (tie - 1);
				compared += compare_weights(a, &f, &r);
			}
		}
	}
	/* ways x (votes x algorithm x workload) x weights x splits */
	assert_int_equal(compared, 4 * 16 * 9 * 1 + 5 * 32 * 27 * 4 + 6 * 64 * 81 * 14);
	free(a);
}

static void walks_through_all_splits_into_equal_parts(void **state)
{
	static const struct {
		size_t count;
		unsigned votes; /* which nodes have two */
		unsigned splits;
	} table[] = {
		{ 2, 0x0, 1 }, { 3, 0x0, 1 }, /* 1:1:1 */
		{ 3, 0x1, 1 },		      /* the node with two votes on one side */
		{ 3, 0x3, 0 },		      /* 5 votes of 2, 2, 1 */
		{ 4, 0x0, 4 },		      /* 3 of 2:2, one of 1:1:1:1 */
		{ 4, 0x3, 3 },		      /* 2+1 : 2+1 twice, 2 : 2 : 1+1 */
		{ 4, 0x7, 0 },
	};
	struct facts f;
	struct ranking r;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct split_walk w;
		unsigned splits = 0;

		set_up(&f, &r, table[i].count, table[i].votes);
		split_walk_start(&w, &r);
		while (split_walk_next(&w)) {
			unsigned all = 0;

			for (size_t k = 0; k < w.split.count; k++) {
				assert_int_not_equal(w.split.part[k], 0);
				assert_int_equal(all & w.split.part[k], 0);
				all |= w.split.part[k];
			}
			assert_int_equal(all, (1U << r.count) - 1);
			splits++;
		}
		assert_int_equal(splits, table[i].splits);
	}
}

static void walks_through_larger_clusters(void **state)
{
	/* 6: 10 of 3:3, 15 of 2:2:2, one of six; 9: 280 of 3:3:3, one of nine */
	static const unsigned table[][2] = { { 5, 1 }, { 6, 26 }, { 7, 1 }, { 9, 281 } };
	struct ranking r = { 0 };

	(void)state;
	for (size_t i = 0; i < RANKING_NODES_MAX; i++)
		r.votes[i] = 1;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct split_walk w;
		unsigned splits = 0;

		r.count = table[i][0];
		split_walk_start(&w, &r);
		while (split_walk_next(&w))
			splits++;
		assert_int_equal(splits, table[i][1]);
	}
}

static void delays_the_fencing_of_top_nodes_by_a_part_without_majority(void **state)
{
	static const struct {
		size_t count;
		long priority[NODES];
		unsigned part, delayed;
		bool favoured;
	} table[] = {
		{ 4, { 0, 0, 0, 0 }, 0x3, 0x0, true },	{ 4, { 1, 1, 1, 1 }, 0x3, 0x0, true },
		{ 4, { 5, 0, 0, 0 }, 0x3, 0x0, true },	{ 4, { 5, 0, 0, 0 }, 0xc, 0x1, false },
		{ 4, { 5, 0, 5, 0 }, 0xc, 0x1, true },	{ 4, { 5, 0, 5, 0 }, 0xa, 0x5, false },
		{ 4, { 5, 5, 8, 0 }, 0x3, 0x4, false }, { 4, { 5, 5, 8, 0 }, 0x5, 0x0, true },
		{ 4, { -1, 0, 0, 0 }, 0x9, 0x6, true }, { 4, { 5, 0, 0, 0 }, 0xe, 0x0, false },
		{ 3, { 5, 0, 0 }, 0x2, 0x1, false },	{ 3, { 5, 0, 0 }, 0x6, 0x0, false },
		{ 3, { 5, 5, 0 }, 0x1, 0x2, true },
	};
	struct facts f;
	struct ranking r;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		set_up(&f, &r, table[i].count, 0);
		memcpy(r.priority, table[i].priority, sizeof(table[i].priority));
		assert_int_equal(split_delayed(&r, table[i].part), table[i].delayed);
		assert_int_equal(split_favoured(&r, table[i].part), table[i].favoured);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foretells_every_split),
		cmocka_unit_test(walks_through_all_splits_into_equal_parts),
		cmocka_unit_test(walks_through_larger_clusters),
		cmocka_unit_test(delays_the_fencing_of_top_nodes_by_a_part_without_majority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tool: qarbctl why: the last decision of each arbiter with everything that it rested on. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tool/why.h"

static const char why_help[] =
	"Usage: qarbctl why [--output-as=text|xml|json]\n"
	"Show the last decision of each arbiter with everything it rested on: the contending\n"
	"partitions, the members of each, their votes and weights, and the step of the ranking\n"
	"that decided.\n"
	"\n"
	"  -o, --output-as=FORM  text (default), xml or json\n";

static void print_nodes(const uint32_t *node_id, uint64_t set)
{
	const char *separator = "";

	if (set == 0)
		(void)printf("nobody");
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((set & slot_bit(i)) == 0)
			continue;
		(void)printf("%s%u", separator, node_id[i]);
		separator = ", ";
	}
}

/* How the winner and a contender compare at the step that parts them. */
static void print_step(const struct decision_status *n, const struct decision_view *w,
		       const struct decision_view *v)
{
	switch (v->step) {
	case RANK_NONE:
	case RANK_ONLY:
		return;
	case RANK_SIZE:
		(void)printf("      ranked below: size, %" PRIu64 " votes against %" PRIu64 "\n",
			     v->votes, w->votes);
		return;
	case RANK_WORKLOAD:
		(void)printf("      ranked below: workload, weight %" PRIu64 " against %" PRIu64
			     "\n",
			     v->weight, w->weight);
		return;
	case RANK_ACTIVE:
		(void)printf("      ranked below: active, %u nodes of the grant before against "
			     "%u\n",
			     v->active, w->active);
		return;
	case RANK_TIE_BREAKER:
		if (n->tie_breaker == TIE_NODE)
			(void)printf("      ranked below: tie_breaker, it is without node %u, or "
				     "neither has it and its lowest node is %u against %u\n",
				     n->tie_node_id, v->low, w->low);
		else if (n->tie_breaker == TIE_HIGHEST)
			(void)printf("      ranked below: tie_breaker highest, node %u against "
				     "%u\n",
				     v->high, w->high);
		else
			(void)printf("      ranked below: tie_breaker lowest, node %u against "
				     "%u\n",
				     v->low, w->low);
		return;
	}
}

const char *why_not_ranked(const struct decision_status *n, const struct decision_view *v)
{
	if (v->set == 0)
		return "none of its members is live and available";
	if (v->superseded)
		return "a newer ring has members of it";
	if (!v->contends)
		return n->algorithm == ALGORITHM_FFSPLIT ? "ffsplit: less than half of all votes"
							 : "it does not contend";
	if (n->winner < n->count && v != &n->view[n->winner] && v->step == RANK_NONE)
		return "not all of its live members report it";
	return "";
}

static void print_view(const struct ipc_status *s, const struct decision_status *n, uint32_t index)
{
	const struct decision_view *v = &n->view[index];
	const char *not_ranked = why_not_ranked(n, v);

	(void)printf("    ring %u.%" PRIx64 ": votes %" PRIu64 ", weight %" PRIu64
		     ", active %u%s\n      members: ",
		     v->ring.node_id, v->ring.seq, v->votes, v->weight, v->active,
		     index == n->winner ? "  <- wins" : "");
	print_nodes(n->node_id, v->listed);
	if (v->member_count > (uint32_t)__builtin_popcountll(v->listed))
		(void)printf(" and %u without a slot",
			     v->member_count - (uint32_t)__builtin_popcountll(v->listed));
	(void)printf("\n");
	for (uint32_t i = 0; i < NODES_MAX; i++) {
		if ((v->set & slot_bit(i)) != 0)
			(void)printf("      counted: node %u (%s), votes %u, weight %u%s\n",
				     n->node_id[i], status_node_name(s, n->node_id[i]), n->votes[i],
				     n->weight[i],
				     (n->before & slot_bit(i)) != 0 ? ", held the grant before"
								    : "");
		else if ((v->listed & slot_bit(i)) != 0)
			(void)printf("      not counted: node %u (%s), %s\n", n->node_id[i],
				     status_node_name(s, n->node_id[i]),
				     (n->live & slot_bit(i)) == 0 ? "not live on this disk"
				     : (n->available & slot_bit(i)) == 0
					     ? "not available"
					     : "it reports another ring");
	}
	if (not_ranked[0] != 0)
		(void)printf("      not ranked: %s\n", not_ranked);
	else if (index != n->winner && n->winner < n->count)
		print_step(n, &n->view[n->winner], v);
}

static void print_policy(const struct decision_status *n)
{
	(void)printf("  rules: algorithm %s, workload %s, tie_breaker ",
		     status_algorithm(n->algorithm), n->workload ? "on" : "off");
	if (n->tie_breaker == TIE_NODE)
		(void)printf("node %u", n->tie_node_id);
	else
		(void)printf("%s", status_tie_breaker(n->tie_breaker));
	(void)printf("; %" PRIu64 " votes in all; the grant before: ", n->votes_all);
	print_nodes(n->node_id, n->before);
	(void)printf("\n");
}

static void print_decision(const struct ipc_status *s, const struct disk_status *d)
{
	const struct decision_status *n = &d->decision;

	(void)printf("  %s: ring %u.%" PRIx64 ", nodes ",
		     n->kind == DECISION_GROWTH ? "growth of the grant" : "granted",
		     n->ring.node_id, n->ring.seq);
	print_nodes(n->node_id, n->set);
	(void)printf("; %" PRIu64 " ms ago, by node %u (%s)\n", s->arb.now_ms - n->at_ms,
		     n->by_node_id, status_node_name(s, n->by_node_id));
	if (n->kind == DECISION_GROWTH)
		(void)printf("  because: a member of the granted ring came to the disk, and a "
			     "grant takes in who is in its ring\n");
	else if (n->winner == n->count)
		(void)printf("  because: unknown here, ask on node %u\n", n->by_node_id);
	else
		(void)printf("  because: %s%s\n", status_rank(n->step),
			     n->heir_kept ? "; one that ranks higher by now did not lead for "
					    "settle_ms"
					  : "");
	if (!n->own)
		(void)printf("  the inputs as this node read them when it accepted the grant; the "
			     "leader's own are on node %u\n",
			     n->by_node_id);
	print_policy(n);
	(void)printf("  contenders: %u\n", n->count);
	for (uint32_t i = 0; i < n->count && i < NODES_MAX; i++)
		print_view(s, n, i);
}

void why_print(const struct ipc_response *r)
{
	const struct ipc_status *s = &r->status;

	if (r->text[0] != 0)
		(void)printf("warning: %s\n", r->text);
	if (s->arb.arbiter_count == 0)
		(void)printf("no arbiter is configured: nothing is decided\n");
	for (uint32_t i = 0; i < s->arb.arbiter_count && i < ARBITERS_MAX; i++) {
		(void)printf("%s:\n", s->disk[i].name);
		if (s->arb.disk[i].decision.at_ms == 0)
			(void)printf("  nothing was decided since this daemon started\n");
		else
			print_decision(s, &s->arb.disk[i]);
	}
}

int why_main(int argc, char **argv)
{
	static struct ipc_response r;
	struct ipc_request q;
	struct ctl_options o;
	int status = ctl_options(argc, argv, "ox", why_help, &o);

	if (status >= 0)
		return status;
	memset(&q, 0, sizeof(q));
	q.type = IPC_WHY;
	status = ctl_ask(&q, &r);
	if (status != CTL_DONE)
		return status;
	if (o.output == CTL_TEXT)
		why_print(&r);
	else
		why_emit(&r, o.output);
	return CTL_DONE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: tests of the model of votequorum's counting: the judge must be right first. */
#include <string.h>

#include "tests/sim/sim.h"

static struct world world;
static int failures;

#define EXPECT(c)                                                                                  \
	do {                                                                                       \
		if (!(c)) {                                                                        \
			printf("FAILED %s:%d: %s\n", __func__, __LINE__, #c);                      \
			failures++;                                                                \
		}                                                                                  \
	} while (0)

/* Corosync runs on all nodes, in one ring, devices registered, no daemon anywhere. */
static struct world *cluster(uint32_t nodes)
{
	struct world *w = &world;

	memset(w, 0, sizeof(*w));
	w->class = CLASS_STORY;
	w->story = true;
	world_open(w, 1, nodes);
	for (uint32_t i = 0; i < nodes; i++) {
		w->node[i].power = true;
		vq_start(w, &w->node[i]);
	}
	world_run(w, SEC);
	for (uint32_t i = 0; i < nodes; i++)
		vq_register(w, &w->node[i]);
	world_run(w, 2 * SEC);
	return w;
}

static bool poll(struct world *w, struct node *n, bool yes)
{
	return vq_poll(w, n, &w->ring[n->vq.ring].id, yes);
}

static void run(struct world *w, uint64_t ms)
{
	world_run(w, w->now + ms * MS);
}

/* Cut node 0 off and wait until just after its new ring. */
static void isolate(struct world *w)
{
	w->part[0] = 1;
	totem_topology(w);
	while (w->node[0].vq.ring >= 0 && w->ring[w->node[0].vq.ring].members != slot_bit(0)) {
		poll(w, &w->node[0], w->node[0].vq.cast);
		run(w, 1);
	}
}

static void one_ring_is_quorate_without_the_device(void)
{
	struct world *w = cluster(3);

	EXPECT(config_quorum(w, &w->node[0]) == 3 && w->node[0].conf.device_votes == 2);
	for (uint32_t i = 0; i < 3; i++) {
		EXPECT(w->node[i].vq.registered);
		EXPECT(w->node[i].vq.counted == 7);
		EXPECT(w->node[i].vq.quorate && w->node[i].vq.told && !w->node[i].vq.sync);
	}
	world_close(w);
}

static void yes_counts_until_timeout_after_the_last_poll(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];

	isolate(w);
	poll(w, n, true);
	run(w, 100);
	EXPECT(n->vq.cast && n->vq.quorate && n->vq.told && !n->vq.sync);
	poll(w, n, true);
	run(w, w->policy.timeout_ms - 1);
	EXPECT(n->vq.cast && n->vq.quorate);
	run(w, 1);
	EXPECT(!n->vq.cast && !n->vq.alive);
	run(w, 5);
	EXPECT(!n->vq.quorate && !n->vq.told);
	world_close(w);
}

static void each_node_counts_its_own_yes(void)
{
	struct world *w = cluster(3);
	struct node *n = &w->node[0];

	w->part[2] = 1;
	totem_topology(w);
	run(w, 3000);
	EXPECT(!w->node[0].vq.quorate && !w->node[1].vq.quorate && !w->node[2].vq.quorate);
	poll(w, n, true);
	run(w, 5);
	EXPECT(n->vq.quorate && !w->node[1].vq.quorate);
	poll(w, n, false);
	run(w, 5);
	EXPECT(!n->vq.quorate);
	world_close(w);
}

static void ring_change_keeps_the_yes_for_sync_timeout(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];

	poll(w, n, true);
	isolate(w);
	EXPECT(n->vq.cast && n->vq.sync && n->vq.wait);
	run(w, w->policy.sync_timeout_ms - 3);
	EXPECT(n->vq.cast && n->vq.sync && n->vq.quorate && n->vq.told);
	run(w, 10);
	EXPECT(!n->vq.cast && !n->vq.sync && !n->vq.quorate && !n->vq.told);
	world_close(w);
}

static void any_valid_poll_ends_the_wait(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];

	poll(w, n, true);
	isolate(w);
	run(w, 100);
	EXPECT(n->vq.wait && n->vq.sync);
	EXPECT(poll(w, n, false));
	run(w, 5);
	EXPECT(!n->vq.wait && !n->vq.sync && !n->vq.quorate && !n->vq.told);
	world_close(w);
}

static void poll_of_a_stale_ring_changes_nothing(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];
	struct ring_id old = w->ring[n->vq.ring].id;

	poll(w, n, true);
	isolate(w);
	EXPECT(!vq_poll(w, n, &old, false));
	EXPECT(n->vq.cast && n->vq.wait);
	run(w, w->policy.sync_timeout_ms + 5);
	EXPECT(!vq_poll(w, n, &old, true));
	EXPECT(!n->vq.cast);
	world_close(w);
}

static void another_ring_change_arms_the_timer_again(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];

	poll(w, n, true);
	isolate(w);
	run(w, w->policy.sync_timeout_ms - 100);
	memset(w->part, 0, sizeof(w->part));
	totem_topology(w);
	run(w, 200);
	EXPECT(n->vq.cast && n->vq.rings_since_poll == 2);
	run(w, w->policy.sync_timeout_ms);
	EXPECT(!n->vq.cast);
	EXPECT(n->vq.quorate && n->vq.told); /* by two nodes */
	world_close(w);
}

static void sync_waits_for_every_member(void)
{
	struct world *w = cluster(3);

	for (uint32_t i = 0; i < 2; i++)
		poll(w, &w->node[i], true);
	w->part[2] = 1;
	totem_topology(w);
	while (w->ring[w->node[0].vq.ring].members != 3 ||
	       w->ring[w->node[1].vq.ring].members != 3) {
		for (uint32_t i = 0; i < 2; i++)
			poll(w, &w->node[i], true);
		run(w, 1);
	}
	poll(w, &w->node[0], true);
	run(w, 20);
	EXPECT(w->node[0].vq.sync && w->node[1].vq.sync);
	poll(w, &w->node[1], true);
	run(w, 5);
	EXPECT(!w->node[0].vq.sync && !w->node[1].vq.sync && w->node[1].vq.told);
	world_close(w);
}

static void unregistering_and_a_restart_end_the_vote(void)
{
	struct world *w = cluster(2);
	struct node *n = &w->node[0];

	poll(w, n, true);
	vq_unregister(w, n);
	EXPECT(!n->vq.cast && !n->vq.registered && !poll(w, n, true));
	poll(w, &w->node[1], true);
	vq_stop(w, &w->node[1], false);
	vq_start(w, &w->node[1]);
	EXPECT(!w->node[1].vq.cast && !w->node[1].vq.registered);
	world_close(w);
}

int selftest_run(void)
{
	one_ring_is_quorate_without_the_device();
	yes_counts_until_timeout_after_the_last_poll();
	each_node_counts_its_own_yes();
	ring_change_keeps_the_yes_for_sync_timeout();
	any_valid_poll_ends_the_wait();
	poll_of_a_stale_ring_changes_nothing();
	another_ring_change_arms_the_timer_again();
	sync_waits_for_every_member();
	unregistering_and_a_restart_end_the_vote();
	printf("votequorum's counting: %s\n", failures == 0 ? "as expected" : "FAILED");
	return failures != 0;
}

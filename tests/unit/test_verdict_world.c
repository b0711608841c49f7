/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fence agent's verdict in a random world: a node with a watchdog that loses its power, its
 * disks, its links, its daemon or its corosync, boots again and reads poison, and a hunter that
 * sees it through disks of which some fail.  Who is called dead has ended, and so has who is called
 * reborn, but for the two cases that the manual names (doc/fence_qarb.8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fence-bridge/agent/verdict.h"
#include "qarbd/model/timing.h"

enum {
	TARGET = 2,
	DISKS_MOST = 3,
	HUNTS = 20000,
	STEP_MS = 20,
	BEAT_MS = 100,
	HOLD_MS = 400,
	DEAD_MS = 1000,
	WATCHDOG_MS = 6000, /* after the last beat, by the clock of the target */
	LATE_MS = 2 * DEAD_MS,
	LOOK_MS = 200,
	HUNT_MS = 20000,
	DETECTION_MS = 800,
	RATE_MOST = 10000, /* of 1,000,000: 1 % */
};

static uint64_t chance_state;

/* splitmix64 */
static uint64_t chance_next(void)
{
	uint64_t z = chance_state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t chance_below(uint64_t n)
{
	return chance_next() % n;
}

static bool chance_of(uint64_t of_100000)
{
	return chance_below(100000) < of_100000;
}

struct image {
	uint64_t sequence; /* 0: nothing was ever written */
	uint64_t incarnation;
	uint64_t host_life;
	enum slot_state state;
	bool armed;
};

struct flight {
	struct image image;
	uint64_t lands_ms; /* 0: none is under way */
};

struct target {
	bool power;
	uint32_t boot;
	uint64_t boot_ms;     /* when it will be; 0: never */
	uint64_t corosync;    /* 0: it does not run */
	uint64_t corosync_ms; /* when it will */
	uint64_t incarnation; /* 0: the daemon does not run */
	uint64_t daemon_ms;
	uint64_t met_ms; /* when the daemon has met its corosync */
	uint64_t beat_ms;
	uint64_t kept_ms;   /* begin of the last beat on more than half of the disks */
	uint32_t kept_boot; /* in which it was */
	uint64_t kept_since_ms;
	bool armed;
	bool path[DISKS_MOST];
	uint32_t corosyncs, daemons; /* in this boot */
};

/* How often what happens, in each step of a world. */
struct weather {
	uint64_t power, daemon, stop, corosync, target_path, hunter_path, link, hunter;
	bool poison_works;
};

/* What the hunter's daemon knows of one disk (qarbd/core/liveness.c). */
struct seen {
	bool path, read, alive;
	struct image image;
	uint64_t first_ms, heard_ms, complete_ms, unseen_ms, image_unseen_ms;
};

static struct world {
	uint64_t now_ms;
	uint32_t disks;
	int64_t target_ppm, hunter_ppm;
	uint64_t sequence;
	struct target target;
	struct image disk[DISKS_MOST];
	struct flight flight[DISKS_MOST];
	struct seen seen[DISKS_MOST];
	bool link;
	uint64_t link_ms; /* it changed */
	struct weather weather;
	bool watchdog;	   /* the target has one */
	uint64_t poisoned; /* the incarnation that is ordered to end */
} world;

static struct {
	uint32_t dead, reborn, reborn_anew, running, silent, left, other;
} met;

static struct arb_status status; /* large */

static uint64_t hunter_clock(uint64_t ms)
{
	return ms + (uint64_t)((int64_t)ms * world.hunter_ppm / 1000000);
}

/* ---- the target ---- */

static void target_end(uint64_t back_ms)
{
	struct target *t = &world.target;

	t->power = false;
	t->corosync = t->incarnation = 0;
	t->armed = false;
	t->corosyncs = t->daemons = 0;
	t->boot_ms = back_ms;
}

static void target_boot(void)
{
	struct target *t = &world.target;

	t->power = true;
	t->boot++;
	t->corosync_ms = world.now_ms + chance_below(1500);
	t->daemon_ms = t->corosync_ms + chance_below(1000);
}

static void target_start_daemon(void)
{
	struct target *t = &world.target;

	t->incarnation = chance_next() | 1;
	t->daemons++;
	t->met_ms = world.now_ms + chance_below(chance_of(20000) ? 3000 : 200);
	t->beat_ms = world.now_ms;
	t->kept_ms = t->armed ? t->kept_ms : 0;
}

/* What a daemon that has just met its disks writes, too: STARTING, of an unknown corosync. */
static struct image target_image(bool armed)
{
	const struct target *t = &world.target;
	bool met_it = t->corosync != 0 && world.now_ms >= t->met_ms;

	return (struct image){
		.sequence = ++world.sequence,
		.incarnation = t->incarnation,
		.host_life = met_it ? t->corosync : 0,
		.state = met_it ? SLOT_RUNNING : SLOT_STARTING,
		.armed = armed,
	};
}

/* It reads poison and writes its block; one that hangs may land when the node is long dead. */
static void target_beat(void)
{
	struct target *t = &world.target;
	uint32_t done = 0, read = 0;
	bool arms;

	for (uint32_t i = 0; i < world.disks; i++)
		read += t->path[i];
	if (2 * read > world.disks && world.poisoned == t->incarnation &&
	    world.weather.poison_works) {
		target_end(world.now_ms + 200 + chance_below(4000));
		return;
	}
	/* The slot tells of it before it is armed. */
	arms = t->armed || (world.watchdog && 2 * read > world.disks && t->corosync != 0);
	for (uint32_t i = 0; i < world.disks; i++) {
		struct image image = target_image(arms);

		if (world.flight[i].lands_ms != 0)
			continue;
		if (t->path[i] && !chance_of(500)) {
			world.disk[i] = image;
			done++;
		} else if (chance_of(20000)) {
			world.flight[i].image = image;
			world.flight[i].lands_ms = world.now_ms + 1 + chance_below(LATE_MS);
		}
	}
	if (2 * done > world.disks) {
		if (t->kept_boot != t->boot)
			t->kept_since_ms = world.now_ms;
		t->kept_boot = t->boot;
		t->kept_ms = world.now_ms;
		t->armed = arms;
	}
}

/* An orderly stop disarms the watchdog when the disks tell so (qarbd/shell/guardian.c). */
static void target_stop(void)
{
	struct target *t = &world.target;
	uint32_t done = 0;

	for (uint32_t i = 0; i < world.disks; i++) {
		struct image image = target_image(false);

		image.state = SLOT_LEAVING;
		if (!t->path[i] || world.flight[i].lands_ms != 0)
			continue;
		world.disk[i] = image;
		done++;
	}
	if (2 * done > world.disks)
		t->armed = false;
	t->incarnation = 0;
	t->daemon_ms = world.now_ms + chance_below(2 * HUNT_MS);
}

static void target_step(void)
{
	struct target *t = &world.target;
	const struct weather *c = &world.weather;
	uint64_t w_ms = WATCHDOG_MS - (uint64_t)((int64_t)WATCHDOG_MS * world.target_ppm / 1000000);

	if (!t->power) {
		if (t->boot_ms != 0 && world.now_ms >= t->boot_ms)
			target_boot();
		return;
	}
	if (t->armed && world.now_ms >= t->kept_ms + w_ms) {
		target_end(chance_of(50000) ? world.now_ms + 200 + chance_below(4000) : 0);
		return;
	}
	if (chance_of(c->power)) {
		target_end(chance_of(50000) ? world.now_ms + 200 + chance_below(4000) : 0);
		return;
	}
	if (t->incarnation != 0 && chance_of(c->daemon)) {
		t->incarnation = 0;
		t->daemon_ms = world.now_ms + chance_below(3000);
	}
	if (t->incarnation != 0 && chance_of(c->stop))
		target_stop();
	if (t->corosync != 0 && chance_of(c->corosync)) {
		t->corosync = 0;
		t->corosync_ms = world.now_ms + chance_below(3000);
	}
	if (t->corosync == 0 && world.now_ms >= t->corosync_ms) {
		t->corosync = chance_next() | 1;
		t->corosyncs++;
		t->met_ms = world.now_ms + chance_below(200);
	}
	if (t->incarnation == 0 && world.now_ms >= t->daemon_ms)
		target_start_daemon();
	for (uint32_t i = 0; i < world.disks; i++)
		t->path[i] = t->path[i] != chance_of(c->target_path);
	if (t->incarnation != 0 && world.now_ms >= t->beat_ms) {
		t->beat_ms = world.now_ms + BEAT_MS;
		target_beat();
	}
}

static void disks_step(void)
{
	for (uint32_t i = 0; i < world.disks; i++) {
		struct flight *f = &world.flight[i];

		if (f->lands_ms == 0 || world.now_ms < f->lands_ms)
			continue;
		f->lands_ms = 0;
		/* Nobody writes before what hangs is known to have ended (T8). */
		if (f->image.sequence > world.disk[i].sequence)
			world.disk[i] = f->image;
	}
}

/* ---- the hunter ---- */

static void hunter_read(uint32_t disk)
{
	struct seen *s = &world.seen[disk];
	const struct image *image = &world.disk[disk];
	uint64_t now = hunter_clock(world.now_ms);
	uint64_t gap = s->complete_ms != 0 ? now - s->complete_ms : 0;

	s->unseen_ms = gap > 3 * BEAT_MS ? gap : 0;
	s->complete_ms = now;
	if (!s->read || image->sequence != s->image.sequence) {
		s->alive = s->read;
		s->read = true;
		s->image = *image;
		s->first_ms = s->heard_ms = now;
		s->image_unseen_ms = s->unseen_ms;
		return;
	}
	s->heard_ms += s->unseen_ms;
	if (now >= s->heard_ms + DEAD_MS)
		s->alive = false;
}

static void hunter_step(void)
{
	const struct weather *c = &world.weather;
	bool restarts = chance_of(c->hunter);

	for (uint32_t i = 0; i < world.disks; i++) {
		struct seen *s = &world.seen[i];

		if (restarts)
			memset(s, 0, sizeof(*s));
		s->path = (s->path || restarts) != chance_of(c->hunter_path);
		if (s->path && world.now_ms % BEAT_MS == 0)
			hunter_read(i);
	}
	if (chance_of(c->link)) {
		world.link = !world.link;
		world.link_ms = world.now_ms;
	}
}

/* The ring is as it was until totem has noticed. */
static bool is_member(void)
{
	const struct target *t = &world.target;

	return (world.link || world.now_ms < world.link_ms + DETECTION_MS) && t->corosync != 0;
}

static void tell(void)
{
	uint64_t now = hunter_clock(world.now_ms);

	memset(&status, 0, sizeof(status));
	status.now_ms = now;
	status.node_id = 1;
	status.arbiter_count = world.disks;
	status.policy.dead_ms = DEAD_MS;
	status.view.members.node_id[0] = 1;
	status.view.members.count = 1;
	if (is_member())
		status.view.members.node_id[status.view.members.count++] = TARGET;
	for (uint32_t i = 0; i < world.disks; i++) {
		const struct seen *s = &world.seen[i];
		struct disk_status *d = &status.disk[i];
		struct peer_status *p = &d->peer[1];

		status.policy.arbiter_type[i] = ARBITER_DISK;
		d->phase = s->complete_ms != 0 ? DISK_BEATING : DISK_OUT;
		d->shared = true;
		d->beat_age_ms = s->complete_ms != 0 ? now - s->complete_ms : UINT64_MAX;
		p->node_id = TARGET;
		p->silent_ms = s->read ? now - s->first_ms : UINT64_MAX;
		if (!s->read)
			continue;
		p->state = s->image.sequence != 0 ? s->image.state : SLOT_NEVER;
		p->at_work = s->alive && s->image_unseen_ms == 0 && d->beat_age_ms < DEAD_MS;
		p->incarnation = s->image.incarnation;
		p->host_life = s->image.host_life;
		p->watchdog_armed = s->image.armed;
		p->watchdog_ms = WATCHDOG_MS;
	}
}

/* ---- hunts ---- */

static int64_t ppm(void)
{
	return (int64_t)chance_below(2 * RATE_MOST + 1) - RATE_MOST;
}

/* in: calm, nothing fails but what the hunt is for. */
static void world_open(uint64_t seed, bool calm)
{
	struct weather *c = &world.weather;

	memset(&world, 0, sizeof(world));
	chance_state = seed;
	world.now_ms = STEP_MS;
	world.disks = chance_of(50000) ? 1 : DISKS_MOST;
	world.target_ppm = ppm();
	world.hunter_ppm = ppm();
	world.link = true;
	world.watchdog = calm || !chance_of(10000);
	c->poison_works = calm ? false : chance_of(50000);
	if (!calm) {
		c->power = chance_of(50000) ? chance_below(500) : 0;
		c->daemon = chance_of(40000) ? chance_below(500) : 0;
		c->stop = chance_of(10000) ? chance_below(300) : 0;
		c->corosync = chance_of(20000) ? chance_below(300) : 0;
		c->target_path = chance_of(50000) ? chance_below(800) : 0;
		c->hunter_path = chance_of(50000) ? chance_below(800) : 0;
		c->hunter = chance_of(10000) ? chance_below(300) : 0;
		c->link = chance_of(50000) ? chance_below(500) : 0;
	}
	for (uint32_t i = 0; i < world.disks; i++)
		world.target.path[i] = world.seen[i].path = true;
	target_boot();
}

static void world_step(void)
{
	world.now_ms += STEP_MS;
	disks_step();
	target_step();
	hunter_step();
}

static void world_until(uint64_t ms)
{
	while (world.now_ms < ms)
		world_step();
}

/* The boot whose end is asked for: one that showed itself within T before the hunt is not told from
 * the one before, which the hunter knows. */
static uint32_t hunted_boot(void)
{
	const struct target *t = &world.target;

	return t->kept_boot - (t->kept_since_ms + DEAD_MS + BEAT_MS > world.now_ms);
}

/* Its corosync and its daemon were both started anew, which looks like a later life. */
static bool both_anew(void)
{
	return world.target.corosyncs > 1 && world.target.daemons > 1;
}

static void count_end(enum verdict v)
{
	met.running += v == VERDICT_RUNNING;
	met.silent += v == VERDICT_SILENT;
	met.left += v == VERDICT_LEFT;
	met.other += v == VERDICT_NO_SLOT || v == VERDICT_NEVER;
}

/* returns: the verdict it ends with; what it says is true. */
static enum verdict hunt(uint64_t seed)
{
	struct verdict_memory memory;
	struct verdict_facts facts;
	uint64_t begun_ms = world.now_ms;
	uint32_t boot = hunted_boot();
	enum verdict v = VERDICT_SILENT;

	memset(&memory, 0, sizeof(memory));
	for (; world.now_ms < begun_ms + HUNT_MS; world_until(world.now_ms + LOOK_MS)) {
		bool goes_on = world.target.power && world.target.boot == boot;

		tell();
		v = verdict_judge(&status, TARGET, &memory, 0, &facts);
		if (v == VERDICT_DEAD && goes_on)
			fail_msg("seed %llu: dead at %llu ms, and it runs",
				 (unsigned long long)seed, (unsigned long long)world.now_ms);
		if (v == VERDICT_REBORN && goes_on && !both_anew())
			fail_msg("seed %llu: reborn at %llu ms, and it runs on",
				 (unsigned long long)seed, (unsigned long long)world.now_ms);
		met.reborn_anew += v == VERDICT_REBORN && goes_on;
		if (v == VERDICT_DEAD || v == VERDICT_REBORN)
			break;
		world.poisoned = verdict_poison(&memory, status.now_ms);
	}
	met.dead += v == VERDICT_DEAD;
	met.reborn += v == VERDICT_REBORN;
	count_end(v);
	return v;
}

static void who_is_called_dead_or_reborn_has_ended(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= HUNTS; seed++) {
		world_open(seed, false);
		world_until(3000 + chance_below(8000));
		(void)hunt(seed);
	}
	/* Nothing is shown by a world in which none of it happened. */
	assert_true(met.dead > HUNTS / 20);
	assert_true(met.reborn > HUNTS / 20);
	assert_true(met.running > HUNTS / 20);
	assert_true(met.silent > HUNTS / 100);
	assert_true(met.left > HUNTS / 500);
	print_message("dead %u, reborn %u (%u restarts of daemon and corosync), running %u, "
		      "silent %u, left %u, other %u\n",
		      met.dead, met.reborn, met.reborn_anew, met.running, met.silent, met.left,
		      met.other);
}

static void who_loses_its_power_is_found_dead(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= HUNTS / 10; seed++) {
		world_open(seed, true);
		world_until(5000 + chance_below(1000));
		target_end(0);
		assert_int_equal(hunt(seed), VERDICT_DEAD);
	}
}

/* That it ended shows by its silence, or by its next life where that comes sooner. */
static void who_reads_poison_is_found_dead_or_reborn(void **state)
{
	uint32_t reborn = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= HUNTS / 10; seed++) {
		enum verdict v;

		world_open(seed, true);
		world_until(5000 + chance_below(1000));
		world.weather.poison_works = true;
		v = hunt(seed);
		assert_true(v == VERDICT_REBORN || v == VERDICT_DEAD);
		/* Its next life is left alone. */
		assert_in_range(world.target.boot, 1, 2);
		reborn += v == VERDICT_REBORN;
	}
	assert_true(reborn > HUNTS / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_called_dead_or_reborn_has_ended),
		cmocka_unit_test(who_loses_its_power_is_found_dead),
		cmocka_unit_test(who_reads_poison_is_found_dead_or_reborn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

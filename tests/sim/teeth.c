/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim: deliberate faults of the rules (base/mutant.h).  Each must be found within its budget by
 * random schedules or by a story that passes without it, else the check fails.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mutant.h"
#include "tests/sim/runs.h"

#ifdef MUTANT_ENABLE

enum { ANY = -1 };

static const struct tooth {
	const char *name;  /* or two with a comma, where each rule covers the other */
	int class;	   /* of the schedules, or ANY */
	uint32_t budget;   /* schedules of two and three nodes */
	const char *story; /* the one that finds it; NULL: schedules do */
} teeth[] = {
	/* the register and the change of a grant */
	{ "no_pending", ANY, 1000, NULL },
	{ "pending_reduced", ANY, 3000, NULL },
	{ "set_by_members", CLASS_DIRECTED, 1000, NULL },
	{ "grant_of_any_ring", ANY, 100, NULL },
	/* X */
	{ "x_halved", ANY, 1000, NULL },
	{ "x_without_sync", ANY, 1000, NULL },
	{ "x_of_observer", CLASS_DIRECTED, 5000, NULL },
	{ "x_without_hold", 0, 0, "last-yes" },
	{ "fenced_is_stopped", ANY, 3000, NULL },
	/* casting */
	{ "vote_before_write", ANY, 100, NULL },
	{ "no_hold", ANY, 1000, NULL },
	{ "no_hold_awaiting", ANY, 3000, NULL },
	{ "no_while_undecided", ANY, 1000, NULL },
	{ "restart_cast_none", ANY, 1000, NULL },
	{ "earlier_life_refused", ANY, 100, NULL },
	{ "older_ring_says_no", 0, 0, "two-join" },
	{ "lapse_trusted", 0, 0, "voter-back" },
	{ "lapse_forgotten", 0, 0, "voter-back-restart" },
	{ "lapse_uncarried", 0, 0, "voter-back-killed" },
	{ "outlived_silent", 0, 0, "paused-10s" },
	{ "no_undelivered", 0, 0, "voter-back-alone" },
	{ "ring_by_id", 0, 0, "ring-id-again" },
	/* blocks */
	{ "single_copy", ANY, 100, NULL },
	{ "map_outside_ballot", ANY, 2000, NULL },
	{ "rollback_unseen", 0, 0, "disk-rolled-back" },
	{ "rolled_back_healed", 0, 0, "went-back-and-rots" },
	{ "slots_fixed", 0, 0, "nodelist-add" },
	{ "slots_after_grant", 0, 0, "nodelist-half" },
	{ "slot_of_a_holder", 0, 0, "nodelist-holder" },
	{ "blind_return", 0, 0, "nodelist-return" },
	/* the ranking */
	{ "size_reversed", 0, 0, "split-one-two" },
	{ "votes_ignored", 0, 0, "votes-and-workload" },
	{ "half_ignored", 0, 0, "ffsplit-halves" },
	{ "tie_reversed", 0, 0, "split-lowest" },
	{ "life_ignored", 0, 0, "booted-lowest" },
	{ "survivors_not_awaited", 0, 0, "booted-alone" },
	{ "survivors_once_revoked", 0, 0, "death-in-formation" },
	{ "survivors_by_set", 0, 0, "death-of-the-first" },
	{ "older_forgotten", 0, 0, "death-of-the-first-tie" },
	{ "lives_forgotten,survivors_by_set", 0, 0, "death-in-formation-killed" },
	{ "heir_waits_again", 0, 0, "booted-waits-once" },
	{ "returning_awaited", 0, 0, "evict-self-at-ring" },
	{ "ring_at_once", 0, 0, "hello-in-vain-slow" },
	{ "never_out_of_touch", 0, 0, "never-in-touch" },
	{ "settled_by_others", 0, 0, "voter-back" },
	{ "poll_under_way_forgotten", 0, 0, "leave-while-polling" },
	/* times that change */
	{ "shorter_told_at_once", ANY, 2000, NULL },
	{ "longer_used_at_once", CLASS_DIRECTED, 3000, NULL },
	{ "watchdog_by_wanted", 0, 0, "watchdog-longer-again" },
	/* eviction, poison, watchdog */
	{ "evict_unseen", CLASS_DIRECTED, 1000, NULL },
	{ "evict_inquorate", CLASS_DIRECTED, 3000, NULL },
	{ "evict_by_old_beat", CLASS_DIRECTED, 3000, NULL },
	{ "evict_starting", 0, 0, "evict-leaving" },
	{ "evict_returned", ANY, 1000, NULL },
	{ "evict_unregistered", 0, 0, "evict-unregistered" },
	{ "evict_outweighed", 0, 0, "evict-outweighed" },
	{ "evict_without_vote,evict_inquorate", 0, 0, "evict-voteless" },
	{ "evict_back", 0, 0, "evict-restarted" },
	{ "evict_unwatched", 0, 0, "evict-unfit-anew" },
	{ "evict_found", 0, 0, "evict-unfit-before" },
	{ "evict_new_owner", 0, 0, "evict-new-owner" },
	{ "evict_fenced", 0, 0, "evict-once" },
	{ "evict_by_all", 0, 0, "evict-once" },
	{ "evict_outside", 0, 0, "evict-loser" },
	{ "evict_no_takeover", 0, 0, "evict-evictor-dies" },
	{ "evict_maintained", ANY, 1000, NULL },
	{ "ignore_poison", ANY, 3000, NULL },
	{ "poison_forgotten", ANY, 1000, NULL },
	{ "watchdog_always", ANY, 1000, NULL },
	{ "disarm_always", CLASS_DIRECTED, 2000, NULL },
	{ "loss_ignored", 0, 0, "on-loss-reboot" },
};

/* Does the schedule fail without these rules? */
static bool fails(const struct options *o, uint64_t seed, const char *names, struct result *r)
{
	memset(r, 0, sizeof(*r));
	(void)mutant_select(names);
	return !runs_one(o, seed, NULL, false, r);
}

/* out: each, a name each.  returns: how many. */
static uint32_t names_of(const struct tooth *t, char each[2][32])
{
	const char *comma = strchr(t->name, ',');
	size_t first = comma != NULL ? (size_t)(comma - t->name) : strlen(t->name);

	snprintf(each[0], sizeof(each[0]), "%.*s", (int)first, t->name);
	if (comma != NULL)
		snprintf(each[1], sizeof(each[1]), "%s", comma + 1);
	return comma != NULL ? 2 : 1;
}

/* The lack of the rule must be the cause: with it, the same schedule passes; and of two rules the
 * lack of both, else one is found by itself. */
static bool alone(const struct options *o, const struct tooth *t, uint64_t seed)
{
	static struct result with;
	char each[2][32];
	uint32_t count = names_of(t, each);

	for (uint32_t i = 0; count == 2 && i < count; i++)
		if (fails(o, seed, each[i], &with))
			return false;
	return !fails(o, seed, NULL, &with);
}

static bool by_schedules(const struct options *o, const struct tooth *t)
{
	static struct result r;
	struct options x = *o;
	double start = runs_seconds();

	x.list = false;
	x.small = true;
	x.class = t->class;
	for (uint32_t i = 0; i < t->budget; i++) {
		if (!fails(&x, o->first + i, t->name, &r) || !alone(&x, t, o->first + i))
			continue;
		(void)mutant_select(NULL);
		printf("mutant %-20s found after %u schedules (%.1f s): %s\n", t->name, i + 1,
		       runs_seconds() - start, r.why);
		return true;
	}
	(void)mutant_select(NULL);
	printf("FAILED: mutant %s survived %u schedules\n", t->name, t->budget);
	return false;
}

/* returns: what the story says, in a process of its own, for it tells of its failure. */
static int story(const char *path, const char *golden, const char *mutant)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		bool quiet = freopen("/dev/null", "w", stdout) != NULL &&
			     freopen("/dev/null", "w", stderr) != NULL;

		(void)mutant_select(mutant);
		_exit(quiet && script_run(path, golden, false, false) == 0 ? 0 : 1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static bool by_story(const struct options *o, const struct tooth *t)
{
	char path[512], golden[512], each[2][32];
	uint32_t count = names_of(t, each);

	snprintf(path, sizeof(path), "%s/%s.txt", o->stories, t->story);
	snprintf(golden, sizeof(golden), "%s/%s.golden", o->stories, t->story);
	if (story(path, golden, NULL) != 0) {
		printf("FAILED: story %s does not pass without mutant %s\n", path, t->name);
		return false;
	}
	for (uint32_t i = 0; count == 2 && i < count; i++)
		if (story(path, golden, each[i]) != 0) {
			printf("FAILED: story %s does not pass without mutant %s alone\n", path,
			       each[1 - i]);
			return false;
		}
	if (story(path, golden, t->name) != 1) {
		printf("FAILED: mutant %s survived the story %s\n", t->name, t->story);
		return false;
	}
	printf("mutant %-20s found by the story %s\n", t->name, t->story);
	return true;
}

/* Shared among processes like schedules.  returns: how many were not found. */
static int share(const struct options *o, uint32_t job)
{
	int missed = 0;

	for (uint32_t i = job; i < sizeof(teeth) / sizeof(teeth[0]); i += o->jobs) {
		const struct tooth *t = &teeth[i];

		if (!mutant_select(t->name)) {
			printf("FAILED: no rule is named %s\n", t->name);
			missed++;
			continue;
		}
		(void)mutant_select(NULL);
		missed += !(t->story != NULL ? by_story(o, t) : by_schedules(o, t));
		fflush(stdout);
	}
	return missed;
}

bool teeth_run(const struct options *o, int *passed, int *failed)
{
	const int all = (int)(sizeof(teeth) / sizeof(teeth[0]));
	int missed = 0, status;

	fflush(stdout);
	for (uint32_t j = 0; j < o->jobs; j++) {
		pid_t pid = fork();

		if (pid < 0) {
			fprintf(stderr, "sim: %s\n", strerror(errno));
			exit(1);
		}
		if (pid == 0) {
			missed = share(o, j);
			fflush(stdout);
			_exit(missed);
		}
	}
	while (wait(&status) > 0)
		missed += WIFEXITED(status) ? WEXITSTATUS(status) : all;
	missed = missed > all ? all : missed;
	*passed += all - missed;
	*failed += missed;
	return missed == 0;
}

#else

bool teeth_run(const struct options *o, int *passed, int *failed)
{
	(void)o, (void)passed;
	printf("FAILED: this build has no mutants, use build/release-mutants/sim\n");
	*failed += 1;
	return false;
}

#endif

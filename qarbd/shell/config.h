/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell: from flat keys, as cmap has them and as corosync.conf reads when its sections are joined
 * by dots, to a checked and complete struct config.  Pure: reading the keys is confile.c's and
 * confmap.c's business.
 */
#ifndef QARB_SHELL_CONFIG_H
#define QARB_SHELL_CONFIG_H

#include <stddef.h>

#include "model/config.h"

enum {
	CONFIG_KEY_SIZE = 256,
	CONFIG_VALUE_SIZE = 256,
	CONFIG_ITEMS_MAX = 1024,
	CONFIG_PROBLEMS_MAX = 32,
	CONFIG_LINE_SIZE = 400,
	CONFIG_MS_MAX = 3600000, /* of any time */
};

struct config_item {
	char key[CONFIG_KEY_SIZE];
	char value[CONFIG_VALUE_SIZE];
};

/* Keys in no order; of a key given twice the last one counts.  About half a MiB: no automatic
 * variable. */
struct config_items {
	uint32_t count;
	uint32_t dropped;		/* did not fit */
	char too_long[CONFIG_KEY_SIZE]; /* a key whose value does not fit; empty: there is none */
	char twice[CONFIG_KEY_SIZE];	/* one of the device that a file has more than once */
	struct config_item item[CONFIG_ITEMS_MAX];
};

/* One line a problem: `key = value: allowed ...: why`. */
struct config_problems {
	uint32_t count; /* may be above CONFIG_PROBLEMS_MAX: the rest is not kept */
	uint32_t votes; /* of these: votes of the device that do not fit the algorithm */
	char line[CONFIG_PROBLEMS_MAX][CONFIG_LINE_SIZE];
};

void config_add(struct config_items *items, const char *key, const char *value);
/* returns: the value, NULL if the key is not there. */
const char *config_find(const struct config_items *items, const char *key);

/* Every different NAME of the keys prefix.NAME.anything, in the order of the items.
 * in and out: at, 0 at first.  returns: false when there is no more. */
bool config_next_name(const struct config_items *items, const char *prefix, uint32_t *at,
		      char *name, size_t size);
/* A whole number up to max, without sign, blanks or unit. */
bool config_number(const char *text, uint64_t max, uint64_t *number);
/* Copy a name that is shown in tables and typed by people: no blanks, no control characters.
 * returns: whether it is one that fits. */
bool config_copy_name(char *to, size_t size, const char *from);

/* Judge and complete.  The running corosync's own values (runtime.config.totem.token, ...consensus,
 * runtime.votequorum.this_node_id) count where they are given; else they are derived as corosync
 * does.  out: c, meaningful only on RC_OK and with config_only_votes(); problems, all of them.
 * returns: RC_OK | RC_REFUSED. */
RC_MUST_CHECK enum rc config_parse(const struct config_items *items, struct config *c,
				   struct config_problems *problems);

/* Is nothing refused but the device's votes?  They decide who can be quorate and never make two
 * partitions so (votequorum wants a majority of all votes): a cluster that has run with them goes
 * on, and says so.  Then c of config_parse() is complete. */
bool config_only_votes(const struct config_problems *problems);

/* Judge the times of a policy that timing_derive() completed.  out: problems, a line more where one
 * is unsafe or impossible. */
void config_check_times(const struct policy *y, struct config_problems *problems);

/* What is legal and unwise.  in: c, which config_parse() made of items.  out: warnings, a line
 * each, `key = value: why`. */
void config_warn(const struct config_items *items, const struct config *c,
		 struct config_problems *warnings);

/* May `next` replace `now` in a running daemon?  out: problems, one line for what needs a restart.
 * returns: RC_OK | RC_REFUSED. */
RC_MUST_CHECK enum rc config_reload_check(const struct config *now, const struct config *next,
					  struct config_problems *problems);

/* corosync takes quorum.device.timeout and sync_timeout of every reload, also of one that is
 * refused here, and votequorum counts by them.  in: items, refused; now, in force.  out: next,
 * `now` with these two as corosync has them.  returns: whether that is another one. */
bool config_follow_corosync(const struct config_items *items, const struct config *now,
			    struct config *next);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the parts of config.c that judge: which keys there are, and which times are safe. */
#ifndef QARB_SHELL_CONFIG_CHECK_H
#define QARB_SHELL_CONFIG_CHECK_H

#include "shell/config.h"

#define QARB "quorum.device.qarb."

enum {
	CONFIG_TIMEOUT_DEFAULT = 10000, /* votequorum's own */
	CONFIG_SYNC_DEFAULT = 30000,
	CONFIG_VOTES_MAX = 1000000,
};

struct config_parser {
	const struct config_items *items;
	struct config *c;
	struct config_problems *problems;
};

void config_problem(struct config_problems *problems, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Of everything that must be the same on all nodes. */
uint64_t config_hash(const struct config *c);
/* in: fallback, taken when the key is not there; words, "a|b|c".
 * returns: a time; the index of the word. */
uint32_t config_get_ms(struct config_parser *p, const char *key, uint32_t fallback);
uint32_t config_get_word(struct config_parser *p, const char *key, const char *words,
			 uint32_t fallback, const char *why);
/* The disks that arbitrate. */
void config_take_arbiters(struct config_parser *p);
/* Who is evicted, and what a node does that loses. */
void config_take_evict(struct config_parser *p);
/* Refuse a key that belongs to a later version. */
void config_not_available(struct config_parser *p, const char *key);
/* Every key below quorum.device.qarb must be known. */
void config_check_keys(struct config_parser *p);
/* Is an option of votequorum off?  in: value, NULL if it is not given. */
bool config_is_off(const char *value);
/* Options of votequorum that must not stand beside a device. */
void config_check_votequorum(struct config_parser *p);
/* The votes of the device against those of the nodes and the algorithm. */
void config_check_votes(struct config_parser *p);
/* No disk may be two arbiters. */
void config_check_arbiters(struct config_parser *p);

#endif

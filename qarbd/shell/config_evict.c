/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the keys about evictions and about what a node does to itself. */
#include <stdio.h>
#include <string.h>

#include "shell/config_check.h"

enum { CONFIG_STOP_DEFAULT = 60000 };

/* "sysrq reboot": each at most once, in the order in which they are tried. */
static void config_take_self_fence(struct config_parser *p)
{
	static const char *const words[SELF_FENCE_MAX] = { "sysrq", "reboot" };
	const char *text = config_find(p->items, QARB "self_fence");
	const char *at = text != NULL ? text : "sysrq reboot";
	struct config *c = p->c;
	bool good = true;

	for (;;) {
		size_t length;
		uint32_t word = 0;

		at += strspn(at, " \t,");
		length = strcspn(at, " \t,");
		if (length == 0)
			break;
		while (word < SELF_FENCE_MAX &&
		       (strlen(words[word]) != length || strncmp(at, words[word], length) != 0))
			word++;
		for (uint32_t i = 0; i < c->self_fence_count; i++)
			good = good && (uint32_t)c->self_fence[i] != word;
		good = good && word < SELF_FENCE_MAX;
		if (!good)
			break;
		c->self_fence[c->self_fence_count++] = (enum self_fence)word;
		at += length;
	}
	if (!good || c->self_fence_count == 0)
		config_problem(p->problems,
			       "%s = %s: allowed are sysrq and reboot, in the order in which they "
			       "are tried: how this node reboots itself",
			       QARB "self_fence", text);
}

static void config_take_watchdog(struct config_parser *p)
{
	const char *text = config_find(p->items, QARB "watchdog");

	if (text == NULL || strcmp(text, "off") == 0)
		return;
	if (text[0] != '/' || strlen(text) >= sizeof(p->c->watchdog)) {
		config_problem(p->problems,
			       "%s = %s: allowed is off or a path that begins with /: the device "
			       "that resets this node when its beats stop",
			       QARB "watchdog", text);
		return;
	}
	(void)snprintf(p->c->watchdog, sizeof(p->c->watchdog), "%s", text);
}

/* Who is evicted, and what a node does that loses (doc/protocol.md sections 8 and 9). */
void config_take_evict(struct config_parser *p)
{
	struct policy *policy = &p->c->policy;

	policy->evict = config_get_word(p, QARB "evict", "on|off", 0,
					"whether dead nodes are evicted through Pacemaker") == 0;
	policy->evict_after_ms = config_get_ms(p, QARB "evict_after_ms", 0);
	policy->evict_action = (enum fence_action)config_get_word(
		p, QARB "evict_action", "reboot|off", FENCE_REBOOT, "what the fencer is asked for");
	policy->evict_in_maintenance = config_get_word(
					       p, QARB "evict_in_maintenance", "on|off", 1,
					       "whether maintenance mode protects from eviction") ==
				       0;
	policy->on_loss = (enum self_act)config_get_word(
		p, QARB "on_loss", "nothing|stop|reboot", SELF_NOTHING,
		"what this node does when it has lost the vote");
	policy->on_poison = (enum self_act)(1 + config_get_word(p, QARB "on_poison", "stop|reboot",
								SELF_REBOOT - 1,
								"what this node does when it is "
								"told to go"));
	p->c->stop_timeout_ms = config_get_ms(p, QARB "stop_timeout_ms", CONFIG_STOP_DEFAULT);
	config_take_self_fence(p);
	config_take_watchdog(p);
}

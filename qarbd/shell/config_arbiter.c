/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shell: the keys about arbiters. */
#include <stdio.h>
#include <string.h>

#include "shell/config_check.h"
#include "wire/headwire.h"

static void config_add_disk(struct config_parser *p, const char *key, const char *name,
			    const char *device, const char *label)
{
	struct arbiter_config *a;

	if (p->c->policy.arbiter_count == ARBITERS_MAX) {
		config_problem(p->problems, "%s = %s: allowed are %d arbiters", key, name,
			       ARBITERS_MAX);
		return;
	}
	a = &p->c->arbiter[p->c->policy.arbiter_count];
	memset(a, 0, sizeof(*a));
	a->type = ARBITER_DISK;
	if (!config_copy_name(a->name, sizeof(a->name), name)) {
		config_problem(p->problems,
			       "%s = %s: allowed is a name of up to %d characters without blanks",
			       key, name, NAME_SIZE - 1);
		return;
	}
	for (uint32_t i = 0; i < p->c->policy.arbiter_count; i++) {
		if (strcmp(p->c->arbiter[i].name, name) != 0)
			continue;
		config_problem(p->problems,
			       "%s = %s: allowed is a name that no other arbiter has: what " QARB
			       "disk gives is called disk",
			       key, name);
		return;
	}
	if ((device != NULL) == (label != NULL)) {
		config_problem(p->problems,
			       "%s.device = %s: allowed is either device or label: a disk is found "
			       "by one of them",
			       key, device != NULL ? device : "(not given)");
		return;
	}
	if (device != NULL && (device[0] != '/' || strlen(device) >= sizeof(a->device))) {
		config_problem(p->problems, "%s.device = %s: allowed is a path that begins with /",
			       key, device);
		return;
	}
	if (device != NULL)
		(void)snprintf(a->device, sizeof(a->device), "%s", device);
	if (label != NULL && !headwire_label_allowed(label)) {
		bool flat = strcmp(key, QARB "disk") == 0;

		config_problem(p->problems,
			       "%s%s = %s: allowed is %sa label of up to %d letters, digits, dots, "
			       "underscores and dashes, the first of them a letter or digit",
			       key, flat ? "" : ".label", label,
			       flat ? "a path that begins with /, or " : "", NAME_SIZE - 1);
		return;
	}
	if (label != NULL)
		(void)snprintf(a->label, sizeof(a->label), "%s", label);
	p->c->policy.arbiter_type[p->c->policy.arbiter_count++] = ARBITER_DISK;
}

static void config_take_arbiter(struct config_parser *p, const char *name)
{
	char key[CONFIG_KEY_SIZE + 64];
	char part[CONFIG_KEY_SIZE + 96];
	const char *type;
	const char *device;

	(void)snprintf(key, sizeof(key), QARB "arbiter.%s", name);
	(void)snprintf(part, sizeof(part), "%s.type", key);
	type = config_find(p->items, part);
	if (type != NULL && strcmp(type, "qnetd") == 0) {
		config_not_available(p, part);
		return;
	}
	if (type == NULL || strcmp(type, "disk") != 0) {
		config_problem(p->problems,
			       "%s = %s: allowed is disk: what kind of arbiter this is", part,
			       type != NULL ? type : "(not given)");
		return;
	}
	(void)snprintf(part, sizeof(part), "%s.device", key);
	device = config_find(p->items, part);
	(void)snprintf(part, sizeof(part), "%s.label", key);
	config_add_disk(p, key, name, device, config_find(p->items, part));
}

/* Arbiters are numbered by name, so that the numbers are the same on all nodes. */
static void config_sort_arbiters(struct config *c)
{
	for (uint32_t i = 1; i < c->policy.arbiter_count; i++) {
		for (uint32_t j = i;
		     j > 0 && strcmp(c->arbiter[j - 1].name, c->arbiter[j].name) > 0; j--) {
			struct arbiter_config swap = c->arbiter[j];

			c->arbiter[j] = c->arbiter[j - 1];
			c->arbiter[j - 1] = swap;
		}
	}
}

void config_take_arbiters(struct config_parser *p)
{
	const char *flat = config_find(p->items, QARB "disk");
	char name[CONFIG_KEY_SIZE];
	uint32_t at = 0;

	if (flat != NULL)
		config_add_disk(p, QARB "disk", "disk", flat[0] == '/' ? flat : NULL,
				flat[0] == '/' ? NULL : flat);
	if (config_find(p->items, QARB "qnetd") != NULL)
		config_not_available(p, QARB "qnetd");
	while (config_next_name(p->items, QARB "arbiter.", &at, name, sizeof(name)))
		config_take_arbiter(p, name);
	config_sort_arbiters(p->c);
}

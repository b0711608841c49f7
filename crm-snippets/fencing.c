/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crm-snippets/fencing.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <crm/common/util.h>

/* Is a name a whole word of a list?  A map's words are NAME:PORT. */
static bool list_has(const char *list, const char *name, bool map)
{
	static const char gaps[] = " \t\n,;";
	size_t length = strlen(name);

	while (*list != 0) {
		size_t word = strcspn(list, gaps);
		size_t key = map ? strcspn(list, ":") : word;

		if (key > word)
			key = word;
		if (key == length && strncasecmp(list, name, length) == 0)
			return true;
		list += word;
		list += strspn(list, gaps);
	}
	return false;
}

static const char *parameter(const struct facts *f, const xmlNode *device, const char *name)
{
	return facts_nvpair(f, device, "instance_attributes", name, NULL);
}

static bool device_may_fence(const struct facts *f, const xmlNode *device, const char *node)
{
	const char *list = parameter(f, device, "pcmk_host_list");
	const char *map = parameter(f, device, "pcmk_host_map");
	const char *check = parameter(f, device, "pcmk_host_check");
	const char *role = facts_meta(f, device, "target-role", NULL);

	if (role != NULL && strcasecmp(role, "Stopped") == 0)
		return false;
	if (check != NULL && strcmp(check, "none") == 0)
		return true;
	if (list == NULL && map == NULL)
		return check == NULL || strcmp(check, "static-list") != 0;
	if (check != NULL && strcmp(check, "static-list") != 0)
		return true; /* the device itself tells */
	return (list != NULL && list_has(list, node, false)) ||
	       (map != NULL && list_has(map, node, true));
}

static bool level_is_for(const xmlNode *level, const char *node)
{
	const char *target = facts_attribute(level, "target");
	const char *pattern = facts_attribute(level, "target-pattern");
	regex_t regex;
	bool matches;

	if (target != NULL)
		return facts_name_is(target, node);
	/* Levels by node attribute are decided at run time. */
	if (pattern == NULL || regcomp(&regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
		return false;
	matches = regexec(&regex, node, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static bool levels_name(const struct fact_list *level, const char *device)
{
	for (size_t i = 0; i < level->count; i++) {
		const char *devices = facts_attribute(level->node[i], "devices");

		if (devices != NULL && list_has(devices, device, false))
			return true;
	}
	return false;
}

void fencing_of(const struct facts *f, const char *node, struct fencing *x)
{
	struct fact_list all = facts_find(f, "/cib/configuration/fencing-topology/fencing-level");

	memset(x, 0, sizeof(*x));
	for (size_t i = 0; i < all.count; i++) {
		if (!level_is_for(all.node[i], node))
			continue;
		x->level.node = facts_grow(x->level.node, x->level.count + 1, sizeof(xmlNode *));
		x->level.node[x->level.count++] = all.node[i];
	}
	x->topology = x->level.count != 0;
	facts_list_free(&all);
	all = facts_find(f, "/cib/configuration/resources//primitive");
	for (size_t i = 0; i < all.count; i++) {
		const char *id = facts_xml_id(all.node[i]);

		if (!facts_is_agent(f, all.node[i], "stonith", NULL, NULL) ||
		    !device_may_fence(f, all.node[i], node) ||
		    (x->topology && !levels_name(&x->level, id)))
			continue;
		x->device.node = facts_grow(x->device.node, x->devices + 1, sizeof(xmlNode *));
		x->device.node[x->devices++] = all.node[i];
		x->qarb_devices += facts_is_agent(f, all.node[i], "stonith", NULL, "fence_qarb");
	}
	x->device.count = x->devices;
	facts_list_free(&all);
}

void fencing_free(struct fencing *x)
{
	facts_list_free(&x->device);
	facts_list_free(&x->level);
}

bool fencing_by_watchdog(const struct facts *f)
{
	const char *timeout = facts_property(f, "stonith-watchdog-timeout", NULL);

	return timeout != NULL && facts_property_true(f, "have-watchdog", false) &&
	       (timeout[0] == '-' || crm_get_msec(timeout) > 0);
}

void fencing_judge(const struct facts *f,
		   void (*judge)(const struct fact_node *node, const struct fencing *x,
				 struct findings *out),
		   struct findings *out)
{
	if (!facts_property_true(f, "stonith-enabled", true))
		return;
	for (size_t i = 0; i < f->node_count; i++) {
		struct fencing x;

		if (!f->node[i].in_cib)
			continue;
		fencing_of(f, f->node[i].name, &x);
		judge(&f->node[i], &x, out);
		fencing_free(&x);
	}
}

void fencing_add_ids(struct finding *found, const struct fact_node *node, const struct fencing *x)
{
	finding_add_id(found, node->xml_id);
	for (size_t i = 0; i < x->device.count; i++)
		finding_add_id(found, facts_xml_id(x->device.node[i]));
	for (size_t i = 0; i < x->level.count; i++)
		finding_add_id(found, facts_xml_id(x->level.node[i]));
}

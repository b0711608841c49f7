/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/lease.h"

#include <string.h>

#include "base/mutant.h"

bool lease_name_valid(const char *name)
{
	size_t n = 0;

	for (; n < NAME_SIZE && name[n] != 0; n++)
		if ((unsigned char)name[n] <= ' ' || name[n] == 0x7f)
			return false;
	return n > 0 && n < NAME_SIZE;
}

static void lease_remove(struct leases *t, uint32_t at)
{
	t->count--;
	memmove(&t->lease[at], &t->lease[at + 1], (t->count - at) * sizeof(t->lease[0]));
	memset(&t->lease[t->count], 0, sizeof(t->lease[0]));
}

static uint32_t lease_find(const struct leases *t, const char *name)
{
	uint32_t i = 0;

	while (i < t->count && strcmp(t->lease[i].name, name) != 0)
		i++;
	return i;
}

enum rc lease_set(struct leases *t, const char *name, uint32_t weight, uint32_t lease_ms,
		  uint64_t now_ms)
{
	struct lease gone;
	struct lease *l;
	uint32_t at;

	if (!lease_name_valid(name) ||
	    (lease_ms != 0 && (lease_ms < LEASE_MS_MIN || lease_ms > LEASE_MS_MAX)))
		return RC_BADVALUE;
	/* What has lapsed must not keep its room from one that lives. */
	while (lease_lapse(t, now_ms, &gone))
		;
	at = lease_find(t, name);
	if (at == LEASES_MAX)
		return RC_TOOSMALL;
	l = &t->lease[at];
	if (at == t->count) {
		t->count++;
		memcpy(l->name, name, strlen(name) + 1);
	}
	l->weight = weight;
	l->until_ms = lease_ms == 0 || MUTANT(lease_for_ever) ? UINT64_MAX : now_ms + lease_ms;
	return RC_OK;
}

bool lease_clear(struct leases *t, const char *name)
{
	uint32_t at = lease_find(t, name);

	if (at == t->count)
		return false;
	lease_remove(t, at);
	return true;
}

bool lease_lapse(struct leases *t, uint64_t now_ms, struct lease *gone)
{
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->lease[i].until_ms > now_ms)
			continue;
		*gone = t->lease[i];
		lease_remove(t, i);
		return true;
	}
	return false;
}

uint32_t lease_sum(const struct leases *t, uint64_t now_ms)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < t->count; i++)
		if (t->lease[i].until_ms > now_ms)
			sum += t->lease[i].weight;
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

uint64_t lease_deadline_ms(const struct leases *t)
{
	uint64_t first = UINT64_MAX;

	for (uint32_t i = 0; i < t->count; i++)
		if (t->lease[i].until_ms < first)
			first = t->lease[i].until_ms;
	return first;
}

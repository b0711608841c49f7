/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/throttle.h"

#include <stdio.h>
#include <string.h>

#include "base/mutant.h"

static struct throttle_kind *throttle_find(struct throttle *t, uint32_t arbiter_index, uint32_t key,
					   const char *name, uint64_t now_ms)
{
	struct throttle_kind *kind = t->arbiter[arbiter_index].kind;
	struct throttle_kind *free_kind = NULL;

	for (uint32_t i = 0; i < THROTTLE_KINDS_MAX; i++) {
		struct throttle_kind *k = &kind[i];

		if (k->key == key)
			return k;
		if (free_kind == NULL &&
		    (k->key == 0 || (k->held == 0 && now_ms >= k->shown_ms + THROTTLE_MS)))
			free_kind = k;
	}
	if (free_kind == NULL)
		return &kind[THROTTLE_KINDS_MAX - 1];
	memset(free_kind, 0, sizeof(*free_kind));
	free_kind->key = key;
	(void)snprintf(free_kind->name, sizeof(free_kind->name), "%s", name);
	return free_kind;
}

bool throttle_take(struct throttle *t, uint32_t arbiter_index, uint32_t key, const char *name,
		   uint64_t now_ms)
{
	struct throttle_kind *k = throttle_find(t, arbiter_index, key, name, now_ms);

	if (MUTANT(throttle_off))
		return true;
	if (k->held == 0 && (k->shown_ms == 0 || now_ms >= k->shown_ms + THROTTLE_MS)) {
		k->shown_ms = now_ms;
		return true;
	}
	k->held++;
	if (t->arbiter[arbiter_index].due_ms == 0)
		t->arbiter[arbiter_index].due_ms = k->shown_ms + THROTTLE_MS;
	return false;
}

bool throttle_counts(struct throttle *t, uint64_t now_ms, bool all, uint32_t *arbiter_index,
		     char *text, size_t size)
{
	size_t at = 0;

	for (uint32_t a = 0; a <= THROTTLE_OF_NONE; a++) {
		uint64_t due_ms = t->arbiter[a].due_ms;

		if (due_ms == 0 || (!all && now_ms < due_ms))
			continue;
		t->arbiter[a].due_ms = 0;
		*arbiter_index = a;
		for (uint32_t i = 0; i < THROTTLE_KINDS_MAX; i++) {
			struct throttle_kind *k = &t->arbiter[a].kind[i];

			if (k->key == 0 || k->held == 0)
				continue;
			if (at < size)
				at += (size_t)snprintf(text + at, size - at, "%s%s=%u",
						       at == 0 ? "" : " ", k->name, k->held);
			k->held = 0;
			k->shown_ms = now_ms;
		}
		return true;
	}
	return false;
}

uint64_t throttle_due_ms(const struct throttle *t)
{
	uint64_t due_ms = UINT64_MAX;

	for (uint32_t a = 0; a <= THROTTLE_OF_NONE; a++) {
		if (t->arbiter[a].due_ms != 0 && t->arbiter[a].due_ms < due_ms)
			due_ms = t->arbiter[a].due_ms;
	}
	return due_ms;
}

uint32_t throttle_key(const char *text)
{
	uint32_t key = 0x811c9dc5U;

	for (; *text != 0; text++) {
		if (*text < '0' || *text > '9')
			key = (key ^ (unsigned char)*text) * 0x01000193U;
	}
	/* Above the ids of notes, never 0. */
	return key | 0x80000000U;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/svcweight.h"

#include <stdio.h>
#include <string.h>

#include "shell/say.h"

static struct shm *svcweight_shm;
static struct leases svcweight_leases;

void svcweight_open(struct shm *m)
{
	svcweight_shm = m;
	memset(&svcweight_leases, 0, sizeof(svcweight_leases));
	(void)PAGE_GET(&m->leases, &svcweight_leases);
}

static void svcweight_publish(void)
{
	PAGE_PUT(&svcweight_shm->leases, &svcweight_leases);
	shm_wake(svcweight_shm, PROC_DECIDER);
}

static void svcweight_set(const struct ipc_request *q, uint64_t now_ms, struct ipc_response *r)
{
	struct leases *t = &svcweight_leases;
	uint32_t before = lease_sum(t, now_ms);
	uint32_t after;

	r->rc = lease_set(t, q->u.weight.name, q->u.weight.value, q->u.weight.lease_ms, now_ms);
	if (r->rc == RC_BADVALUE)
		(void)snprintf(r->text, sizeof(r->text),
			       "weight: the instance's name or the lease is not allowed");
	else if (r->rc != RC_OK)
		(void)snprintf(r->text, sizeof(r->text),
			       "weight: %d instances have told theirs, there is no room for more",
			       (int)LEASES_MAX);
	if (r->rc != RC_OK)
		return;
	after = lease_sum(t, now_ms);
	/* Renewals are the rule and say nothing new. */
	if (after != before)
		say(SAY_INFO, "weight instance=%s weight=%u sum=%u", q->u.weight.name,
		    q->u.weight.value, after);
	svcweight_publish();
}

static void svcweight_list(uint64_t now_ms, struct ipc_response *r)
{
	const struct leases *t = &svcweight_leases;

	for (uint32_t i = 0; i < t->count; i++) {
		struct ipc_weight *w = &r->weights.weight[r->weights.count];
		uint64_t until = t->lease[i].until_ms;

		if (until <= now_ms)
			continue;
		memcpy(w->name, t->lease[i].name, sizeof(w->name));
		w->value = t->lease[i].weight;
		w->left_ms = until == UINT64_MAX ? UINT64_MAX : until - now_ms;
		r->weights.count++;
	}
	r->weights.sum = lease_sum(t, now_ms);
}

void svcweight_answer(const struct ipc_request *q, uint64_t now_ms, struct ipc_response *r)
{
	memset(r, 0, sizeof(*r));
	r->type = q->type;
	if (q->type == IPC_WEIGHT) {
		svcweight_set(q, now_ms, r);
	} else if (q->type == IPC_WEIGHT_LIST) {
		svcweight_list(now_ms, r);
	} else if (lease_clear(&svcweight_leases, q->u.weight.name)) {
		/* One that is not there is as clear as can be: an agent may stop twice. */
		say(SAY_INFO, "weight instance=%s cleared sum=%u", q->u.weight.name,
		    lease_sum(&svcweight_leases, now_ms));
		svcweight_publish();
	}
}

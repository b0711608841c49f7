/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/apply.h"

#include <string.h>

#include "base/check.h"

static void apply_publish(struct decider *d, const struct publication *p)
{
	bool news = p->generation != d->published.generation || p->answer != d->published.answer ||
		    p->poll_ms != d->published.poll_ms || p->repeat_ms != d->published.repeat_ms;

	/* P in use, which the own slot tells of, bounds how long a block may follow a poll. */
	for (uint32_t i = 0; i < d->port_count; i++)
		d->port[i].poll_ms = p->poll_ms;
	d->published = *p;
	PAGE_PUT(&d->m->publication, p);
	/* A yes that merely lasts longer is found by the voter when it judges again. */
	if (news || p->answer != ANSWER_YES)
		shm_wake(d->m, PROC_VOTER);
}

static void apply_hello(struct decider *d, const struct action *a)
{
	struct hello_record r;

	memset(&r, 0, sizeof(r));
	r.arbiter_index = a->arbiter_index;
	r.hello.node_id = a->u.hello.node_id;
	memcpy(r.hello.uuid, a->u.hello.uuid, UUID_SIZE);
	r.hello.incarnation = a->u.hello.incarnation;
	r.hello.sequence = a->u.hello.sequence;
	PAGE_PUT(&d->m->hello[a->arbiter_index], &r);
	shm_wake(d->m, PROC_CLUSTER);
}

static void apply_note(struct decider *d, const struct action *a, uint64_t now_ms)
{
	struct note_record r;

	memset(&r, 0, sizeof(r));
	r.now_ms = now_ms;
	r.arbiter_index = a->arbiter_index;
	r.note = a->u.note;
	ring_put(&d->m->notes.ring, &r, sizeof(r));
	shm_wake(d->m, PROC_SERVICE);
}

static void apply_evict(struct decider *d, const struct action *a)
{
	CHECK(a->u.evict.place < EVICT_ORDERS_MAX);
	d->order[a->u.evict.place] = a->u.evict.order;
	memset(&d->orders, 0, sizeof(d->orders));
	for (uint32_t i = 0; i < EVICT_ORDERS_MAX; i++) {
		if (d->order[i].id != 0)
			d->orders.order[d->orders.count++] = d->order[i];
	}
	PAGE_PUT(&d->m->orders, &d->orders);
	shm_wake(d->m, PROC_SERVICE);
}

/* A reboot is never turned into a mere stop. */
static void apply_self(struct decider *d, enum self_act act)
{
	if ((uint32_t)act > atomic_load(&d->m->self_wanted))
		atomic_store(&d->m->self_wanted, (uint32_t)act);
	shm_wake(d->m, PROC_GUARDIAN);
}

static void apply_one(struct decider *d, const struct action *a, uint64_t now_ms)
{
	switch (a->type) {
	case ACTION_WRITE_SLOT:
		CHECK(a->arbiter_index < d->port_count);
		port_write(&d->port[a->arbiter_index], a->token, a->u.write.slot_index,
			   a->u.write.copy, &d->actions.block[a->arbiter_index], now_ms);
		break;
	case ACTION_READ:
		CHECK(a->arbiter_index < d->port_count);
		port_read(&d->port[a->arbiter_index], a->token, a->u.mask, now_ms);
		break;
	case ACTION_PUBLISH:
		apply_publish(d, &a->u.publication);
		break;
	case ACTION_HELLO:
		apply_hello(d, a);
		break;
	case ACTION_EVICT:
		apply_evict(d, a);
		break;
	case ACTION_VERDICT:
		ring_put(&d->m->verdicts.ring, &a->u.verdict, sizeof(a->u.verdict));
		shm_wake(d->m, PROC_SERVICE);
		break;
	case ACTION_SELF:
		apply_self(d, a->u.self);
		break;
	case ACTION_NOTE:
		apply_note(d, a, now_ms);
		break;
	case ACTION_LEFT:
		atomic_store(&d->m->unwatched, arb_unwatched(&d->arb) ? 1 : 0);
		atomic_store(&d->m->left, 1);
		shm_wake(d->m, PROC_GUARDIAN);
		break;
	case ACTION_TYPE_COUNT:
		CHECK(false);
	}
}

void apply_actions(struct decider *d, uint64_t now_ms)
{
	for (uint32_t i = 0; i < d->actions.count; i++)
		apply_one(d, &d->actions.action[i], now_ms);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: everything the core may ask for.  Actions of one batch are unordered: if B needs A durable
 * the core emits B only after A's completion event (house rule 3).
 */
#ifndef QARB_MODEL_ACTION_H
#define QARB_MODEL_ACTION_H

#include "model/evict.h"
#include "model/note.h"
#include "model/vote.h"
#include "model/slot.h"

enum action_type {
	ACTION_WRITE_SLOT =
		0,	/* arbiter, token, copy, slot_index; block is actions.block[arbiter] */
	ACTION_READ,	/* arbiter, token, mask */
	ACTION_PUBLISH, /* publication, for the voter */
	ACTION_HELLO,	/* arbiter, own node_id, uuid, incarnation, sequence: tell the peers */
	ACTION_EVICT,	/* place, order: the list of orders has this at that place; id 0: nothing */
	ACTION_NOTE,	/* note */
	ACTION_LEFT,	/* the clean stop is complete: the process may end */
	ACTION_VERDICT, /* verdict: the answer to EVENT_ASK */
	ACTION_SELF,	/* self: what this node must do to itself */
	ACTION_TYPE_COUNT
};

struct action {
	enum action_type type;
	uint32_t arbiter_index;
	uint64_t token;
	union {
		struct {
			uint8_t copy;
			uint8_t slot_index;
		} write;
		uint64_t mask;
		struct publication publication;
		struct {
			uint32_t node_id;
			uint8_t uuid[UUID_SIZE];
			uint64_t incarnation;
			uint64_t sequence;
		} hello;
		struct {
			uint32_t place; /* below EVICT_ORDERS_MAX */
			struct evict_order order;
		} evict;
		struct evict_verdict verdict;
		enum self_act self;
		struct note note;
	} u;
};

enum { ACTIONS_MAX = 128 };

struct actions {
	uint32_t count;
	uint32_t notes_dropped; /* notes that did not fit; no other action is ever dropped */
	struct action action[ACTIONS_MAX];
	struct slot block[ARBITERS_MAX]; /* of this batch's ACTION_WRITE_SLOT, at most one a disk */
};

#endif

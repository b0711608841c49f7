/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim: who judges what nodes write, poll and show. */
#ifndef QARB_SIM_JUDGE_H
#define QARB_SIM_JUDGE_H

#include "core/arb.h"
#include "tests/sim/config.h"

struct blob;
struct node;
struct world;
struct wr;

/* check.c */
void check_submit(struct world *w, struct node *n, const struct action *a, struct blob *b);
void check_landed(struct world *w, struct node *n, struct blob *b);
void check_write_end(struct world *w, struct node *n, const struct wr *wr);
void check_poll(struct world *w, struct node *n, bool yes, uint64_t start_us);
/* Until when a yes may be counted that was polled last at n->vq.poll_at, by n's present times. */
uint64_t check_d_until(const struct node *n);
void check_counts(struct world *w); /* after any change of a counted vote or of a ring */
void check_quorate(struct world *w, struct node *n);
void check_restart(struct world *w, struct node *n);
/* Everybody in `mask` casts and is quorate, nobody else casts. */
void check_decided(struct world *w, uint64_t mask, const char *when);
void check_votes(struct world *w, uint64_t mask, const char *when); /* quorate or not */
void check_nobody(struct world *w, const char *when);

/* excuse.c */
/* n stood still and goes on; it has read a beat that it began since. */
void excuse_thawed(const struct world *w, struct node *n);
void excuse_sighted(const struct world *w, struct node *n);
bool excuse_blind(const struct world *w, const struct node *n);
bool excuse_forgetful(const struct world *w, const struct node *n);
/* out: the number of the reason why n's counted yes is not held against it; -1: there is none. */
int excuse_of(const struct world *w, const struct node *n);

/* shown.c */
/* Something becomes shorter now. */
void shown_shorter(const struct world *w, struct node *n, enum shorter_kind kind);
void shown_submit(struct world *w, struct node *n, struct blob *b);
/* n takes the result of a read, before it judges it. */
void shown_read(struct world *w, struct node *n, const struct event_io *io);
void shown_publish(struct world *w, struct node *n, const struct publication *p);
/* H + P, as its slot tells. */
uint64_t shown_late_ms(const struct world *w, const struct node *n);
/* A write that was reported done never lands. */
void shown_lost(struct world *w, struct node *n);

#endif

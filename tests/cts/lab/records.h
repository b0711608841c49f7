/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a laboratory left behind, as labaudit judges it: the samples of each node, and what the
 * events tell of its faults, its fencings and what is expected of it.
 */
#ifndef QARB_TESTS_CTS_LAB_RECORDS_H
#define QARB_TESTS_CTS_LAB_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODE_COUNT_MAX 16
#define LINE_SIZE 4096
#define FLAG_QUORATE 2u
#define FLAG_CAST 256u
#define REQUEST_COUNT_MAX 256

enum kind { K_INFO, K_RING, K_QUORUM, K_UP, K_LOST };

struct sample {
	enum kind kind;
	uint64_t t0, t1;
	uint64_t ring;	  /* representative << 48 | sequence */
	uint64_t members; /* bit i: node id i */
	unsigned int flags;
};

struct span {
	uint64_t from, to;
	uint64_t ring, members;
	bool active;
};

struct window {
	uint64_t from, to;
};

/* The first 256 of a round. */
struct instants {
	uint64_t at[256];
	size_t count;
};

struct node {
	struct sample *samples;
	size_t sample_count;
	struct span *spans;
	size_t span_count;
	struct window resumed[64]; /* a */
	size_t resumed_count;
	struct window voterless[64]; /* b */
	size_t voterless_count;
	uint64_t steady_from, steady_to;
	uint64_t novote_from, novote_to;
	uint64_t casting_from, casting_to;
	uint64_t voted_from;
	bool votes_at_end;
	unsigned int fenced_count, fenced_expected, fenced_allowed;
	unsigned int start_count;	/* of the service, from the laboratory's first instant on */
	unsigned int fenced_twice;	/* again, without a new start of corosync between */
	bool started;			/* since it was fenced last */
	struct instants starts, faults; /* of corosync; by the script */
	bool switched_off;		/* its BMC's last order was off */
	bool running;
	bool seen;
};

enum request_kind {
	REQUEST_ORDER, /* qarbd ordered an eviction */
	REQUEST_ASK,   /* qarb-fence-bridge asked the fencer for it */
	REQUEST_WANT,  /* Pacemaker itself asked for a fencing */
};

struct request {
	uint64_t t;
	unsigned int by, target;
	enum request_kind kind;
};

struct records {
	struct node nodes[NODE_COUNT_MAX + 1];
	uint64_t begin_ns, end_ns;
	unsigned int round; /* judged alone; 0: the whole scenario */
	char expected_ops[LINE_SIZE], actual_ops[LINE_SIZE];
	bool gave_up;
	uint64_t gave_up_ns;
	/* The first time that the service ran on two nodes; twice_on 0: never. */
	unsigned int twice_on, twice_beside;
	uint64_t twice_ns;
	struct request requests[REQUEST_COUNT_MAX];
	size_t request_count;
};

/* Read DIR/events, DIR/samples/nodeN and, of a round, DIR/requests. in: round 0: the scenario. Ends
 * the program with exit code 2 and one line when the records cannot be used. */
void records_read(struct records *r, const char *dir, unsigned int round);
_Noreturn void records_die(const char *what, const char *detail);

#endif

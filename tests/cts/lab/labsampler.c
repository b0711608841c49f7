/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Samples what votequorum and libquorum say on one node and writes it to a file. Nothing is judged
 * here; labaudit does that.
 *
 * usage: labsampler FILE [PERIOD_MS [ID_BASE]]
 * ID_BASE is subtracted from all node ids, so that the laboratory's small ones are written.
 *
 * Lines, all stamped with CLOCK_MONOTONIC in ns; t0 is before, t1 after a call:
 *	U t                                    connected to corosync
 *	L t                                    corosync is gone
 *	I t0 t1 node=N flags=F votes=V expected=E quorum=Q ring=REP.SEQ members=1,2
 *	N t ring=REP.SEQ members=1,2           votequorum: a ring begins (sync starts)
 *	V t quorate=0|1 ring=REP.SEQ states=1:1,2:2     votequorum: quorum changed
 *	Q t quorate=0|1 ring=REP.SEQ members=1,2        libquorum: what Pacemaker sees
 * flags are those of votequorum_getinfo; ring and members of an I line are those of the last N line
 * dispatched before the call.
 */
#include <corosync/quorum.h>
#include <corosync/votequorum.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_NS_MAX 50000000u
#define RETRY_MS 20

static char buffer[1 << 16];
static size_t buffer_len;
static uint64_t flushed_ns;
static int out_fd;
static volatile sig_atomic_t stop;

static char ring_text[64] = "0.0";
static char member_text[1024] = "-";
static uint32_t own_id, id_base;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void out_flush(void)
{
	size_t done = 0;

	while (done < buffer_len) {
		ssize_t n = write(out_fd, buffer + done, buffer_len - done);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	buffer_len = 0;
	flushed_ns = now_ns();
}

__attribute__((format(printf, 1, 2))) static void out_line(const char *format, ...)
{
	va_list args;
	int len;

	if (sizeof(buffer) - buffer_len < 4096)
		out_flush();
	va_start(args, format);
	len = vsnprintf(buffer + buffer_len, 4096, format, args);
	va_end(args);
	if (len > 0 && len < 4096)
		buffer_len += (size_t)len;
}

static const char *list_text(char *text, size_t size, const uint32_t *list, uint32_t count)
{
	size_t len = 0;

	text[0] = '-';
	text[1] = '\0';
	for (uint32_t i = 0; i < count && len + 16 < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%" PRIu32, i ? "," : "",
					list[i] - id_base);
	return text;
}

static void take_nodelist(votequorum_handle_t handle, uint64_t context, votequorum_ring_id_t ring,
			  uint32_t count, uint32_t list[])
{
	(void)handle;
	(void)context;
	snprintf(ring_text, sizeof(ring_text), "%" PRIu32 ".%" PRIu64, ring.nodeid - id_base,
		 ring.seq);
	list_text(member_text, sizeof(member_text), list, count);
	out_line("N %" PRIu64 " ring=%s members=%s\n", now_ns(), ring_text, member_text);
}

static void take_votes(votequorum_handle_t handle, uint64_t context, uint32_t quorate,
		       uint32_t count, votequorum_node_t list[])
{
	char text[1024];
	size_t len = 0;

	(void)handle;
	(void)context;
	text[0] = '-';
	text[1] = '\0';
	for (uint32_t i = 0; i < count && len + 32 < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%" PRIu32 ":%" PRIu32,
					i ? "," : "", list[i].nodeid - id_base, list[i].state);
	out_line("V %" PRIu64 " quorate=%" PRIu32 " ring=%s states=%s\n", now_ns(), quorate,
		 ring_text, text);
}

static void take_quorum(quorum_handle_t handle, uint32_t quorate, struct quorum_ring_id ring,
			uint32_t count, const uint32_t *list)
{
	char text[1024];

	(void)handle;
	out_line("Q %" PRIu64 " quorate=%" PRIu32 " ring=%" PRIu32 ".%" PRIu64 " members=%s\n",
		 now_ns(), quorate, ring.nodeid - id_base, ring.seq,
		 list_text(text, sizeof(text), list, count));
}

static void ask_to_stop(int signo)
{
	(void)signo;
	stop = 1;
}

struct links {
	votequorum_handle_t votes;
	quorum_handle_t quorum;
	int votes_fd;
	int quorum_fd;
};

static bool links_open(struct links *l)
{
	votequorum_callbacks_t votes_cb = {
		.votequorum_quorum_notify_fn = take_votes,
		.votequorum_nodelist_notify_fn = take_nodelist,
	};
	quorum_model_v1_data_t quorum_cb = {
		.model = QUORUM_MODEL_V1,
		.quorum_notify_fn = take_quorum,
	};
	struct votequorum_info info;
	uint32_t type;

	if (votequorum_initialize(&l->votes, &votes_cb) != CS_OK)
		return false;
	if (quorum_model_initialize(&l->quorum, QUORUM_MODEL_V1, (quorum_model_data_t *)&quorum_cb,
				    &type, NULL) != CS_OK) {
		votequorum_finalize(l->votes);
		return false;
	}
	if (votequorum_getinfo(l->votes, 0, &info) == CS_OK &&
	    votequorum_trackstart(l->votes, 0, CS_TRACK_CHANGES | CS_TRACK_CURRENT) == CS_OK &&
	    quorum_trackstart(l->quorum, CS_TRACK_CHANGES | CS_TRACK_CURRENT) == CS_OK &&
	    votequorum_fd_get(l->votes, &l->votes_fd) == CS_OK &&
	    quorum_fd_get(l->quorum, &l->quorum_fd) == CS_OK) {
		own_id = info.node_id;
		return true;
	}
	votequorum_finalize(l->votes);
	quorum_finalize(l->quorum);
	return false;
}

static void links_close(struct links *l)
{
	votequorum_finalize(l->votes);
	quorum_finalize(l->quorum);
}

static bool answered(cs_error_t rc)
{
	return rc == CS_OK || rc == CS_ERR_TRY_AGAIN;
}

static bool sample(struct links *l)
{
	struct votequorum_info info;
	uint64_t before = now_ns();
	cs_error_t rc = votequorum_getinfo(l->votes, own_id, &info);

	if (rc == CS_OK)
		out_line("I %" PRIu64 " %" PRIu64
			 " node=%u flags=%u votes=%u expected=%u quorum=%u ring=%s "
			 "members=%s\n",
			 before, now_ns(), own_id - id_base, info.flags, info.total_votes,
			 info.highest_expected, info.quorum, ring_text, member_text);
	return answered(rc);
}

/* Until corosync goes away or the end is asked for. */
static void follow(struct links *l, uint64_t period_ns)
{
	uint64_t next_ns = now_ns();

	while (!stop) {
		struct pollfd fds[2] = { { .fd = l->votes_fd, .events = POLLIN },
					 { .fd = l->quorum_fd, .events = POLLIN } };
		uint64_t now = now_ns();

		if (now >= next_ns) {
			if (!answered(votequorum_dispatch(l->votes, CS_DISPATCH_ALL)) || !sample(l))
				return;
			next_ns += period_ns;
			now = now_ns();
			if (next_ns < now)
				next_ns = now + period_ns;
		}
		if (now - flushed_ns >= FLUSH_NS_MAX)
			out_flush();
		if (poll(fds, 2, (int)((next_ns - now) / 1000000u) + 1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents && !answered(votequorum_dispatch(l->votes, CS_DISPATCH_ALL)))
			return;
		if (fds[1].revents && !answered(quorum_dispatch(l->quorum, CS_DISPATCH_ALL)))
			return;
	}
}

int main(int argc, char **argv)
{
	struct timespec retry = { .tv_nsec = RETRY_MS * 1000000L };
	long period_ms = argc > 2 ? strtol(argv[2], NULL, 10) : 10;
	struct links links;

	if (argc < 2 || argc > 4 || period_ms < 1 || period_ms > 1000) {
		fprintf(stderr, "usage: labsampler FILE [PERIOD_MS 1..1000 [ID_BASE]]\n");
		return 2;
	}
	if (argc > 3)
		id_base = (uint32_t)strtoul(argv[3], NULL, 10);
	out_fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (out_fd < 0) {
		fprintf(stderr, "labsampler: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	signal(SIGTERM, ask_to_stop);
	signal(SIGINT, ask_to_stop);
	signal(SIGPIPE, SIG_IGN);
	while (!stop) {
		if (links_open(&links)) {
			out_line("U %" PRIu64 "\n", now_ns());
			follow(&links, (uint64_t)period_ms * 1000000u);
			out_line("L %" PRIu64 "\n", now_ns());
			out_flush();
			links_close(&links);
		}
		nanosleep(&retry, NULL);
	}
	out_flush();
	return 0;
}

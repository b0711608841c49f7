/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <poll.h>
#include <qb/qbdefs.h>
#include <qb/qbipcc.h>
#include <qb/qbloop.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "shell/svcipc.h"
#include "tests/unit/fixture_ipc.h"
#include "wire/ipcwire.h"

enum { ANSWER_MS = 5000, LATER_MS = 300, SERVER_DESCRIPTORS = 128 };

struct message {
	struct qb_ipc_request_header head;
	uint8_t data[IPCWIRE_REQUEST_SIZE];
};

static struct shm *shm;
static pid_t server;
static int before = -1; /* who had the name before it */
static struct {
	struct qb_ipc_response_header head;
	uint8_t data[IPCWIRE_RESPONSE_SIZE];
} answer;
static struct ipc_response response;

static int32_t server_wakes(int32_t fd, int32_t revents, void *user)
{
	(void)revents;
	shm_drain(fd);
	svcipc_report_ready();
	if (shm_must_end(shm))
		qb_loop_stop(user);
	return 0;
}

static void serve(void)
{
	const struct rlimit few = { SERVER_DESCRIPTORS, SERVER_DESCRIPTORS };
	qb_loop_t *loop = qb_loop_create();

	if (loop == NULL)
		_exit(1);
	if (before >= 0)
		(void)close(before);
	(void)setrlimit(RLIMIT_NOFILE, &few);
	(void)!svcipc_open(shm, loop);
	(void)qb_loop_poll_add(loop, QB_LOOP_MED, shm->wake_fd[PROC_SERVICE], POLLIN, loop,
			       server_wakes);
	qb_loop_run(loop);
	svcipc_close();
}

static qb_ipcc_connection_t *connection(void)
{
	qb_ipcc_connection_t *c = NULL;

	for (int i = 0; c == NULL && i < 200 && ipc_alive(server); i++) {
		c = qb_ipcc_connect("qarb", sizeof(answer));
		if (c == NULL)
			ipc_pause(20);
	}
	return c;
}

static void make(struct message *m, enum ipc_type type, uint32_t node_id)
{
	struct ipc_request q;

	memset(m, 0, sizeof(*m));
	memset(&q, 0, sizeof(q));
	q.type = type;
	q.u.evict.node_id = node_id;
	m->head.id = (int32_t)type;
	m->head.size = (int32_t)(sizeof(m->head) +
				 ipcwire_encode_request(&q, m->data, sizeof(m->data)));
}

static bool send_request(qb_ipcc_connection_t *c, enum ipc_type type)
{
	struct message m;

	make(&m, type, 2);
	return qb_ipcc_send(c, &m, (size_t)m.head.size) == m.head.size;
}

static bool answered(qb_ipcc_connection_t *c)
{
	ssize_t n = qb_ipcc_recv(c, &answer, sizeof(answer), ANSWER_MS);

	return n > (ssize_t)sizeof(answer.head) &&
	       ipcwire_decode_response(answer.data, (size_t)n - sizeof(answer.head), &response) ==
		       RC_OK;
}

static int start(void **state)
{
	(void)state;
	shm = shm_create();
	server = 0;
	if (shm == NULL)
		return -1;
	server = ipc_spawn(serve);
	return server > 0 ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	atomic_store(&shm->ending, 1);
	shm_wake(shm, PROC_SERVICE);
	return ipc_ended(server) ? 0 : -1;
}

static uint64_t orders(void)
{
	return ring_waiting(&shm->asks.ring);
}

static void who_may_order_is_heard(void **state)
{
	qb_ipcc_connection_t *c = connection();

	(void)state;
	assert_non_null(c);
	assert_true(send_request(c, IPC_EVICT));
	ipc_pause(LATER_MS);
	assert_true(orders() > 0);
	qb_ipcc_disconnect(c);
}

/* Put an order into every socket that looks like one of the server's connections. */
static void speak_for_others(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	FILE *f = fopen("/proc/net/unix", "re");
	struct message m;
	char line[512];

	(void)ipc_become_nobody();
	make(&m, IPC_EVICT, 2);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		char *name = strchr(line, '@');

		if (name == NULL || strstr(name, "qarb") == NULL)
			continue;
		name[strcspn(name, "\n")] = 0;
		memset(a.sun_path, 0, sizeof(a.sun_path));
		for (size_t i = 1; name[i] != 0 && name[i] != '@' && i < sizeof(a.sun_path); i++)
			a.sun_path[i] = name[i];
		(void)sendto(fd, &m, (size_t)m.head.size, MSG_NOSIGNAL, (struct sockaddr *)&a,
			     sizeof(a));
	}
}

/* Whoever knows the name of an abstract socket may send to it: a connection that was judged when it
 * was made must not have one. */
static void nobody_speaks_on_the_connection_of_another(void **state)
{
	qb_ipcc_connection_t *c = connection();
	pid_t other;

	(void)state;
	assert_non_null(c);
	other = ipc_spawn(speak_for_others);
	assert_true(other > 0);
	assert_int_equal(waitpid(other, NULL, 0), other);
	ipc_pause(LATER_MS);
	assert_int_equal(orders(), 0);
	qb_ipcc_disconnect(c);
}

static void who_asks_twice_and_leaves_is_forgotten(void **state)
{
	qb_ipcc_connection_t *c = connection();

	(void)state;
	assert_non_null(c);
	assert_true(send_request(c, IPC_STATUS));
	assert_true(send_request(c, IPC_STATUS));
	assert_true(send_request(c, IPC_STATUS));
	ipc_pause(50);
	qb_ipcc_disconnect(c);
	ipc_pause(50);
	atomic_store(&shm->report_done, atomic_load(&shm->report_wanted));
	shm_wake(shm, PROC_SERVICE);
	ipc_pause(LATER_MS);
	assert_true(ipc_alive(server));
	c = connection();
	assert_non_null(c);
	assert_true(send_request(c, IPC_VERSION));
	assert_true(answered(c));
	assert_string_equal(response.text, QARB_VERSION);
	qb_ipcc_disconnect(c);
}

/* Connections of a user who says nothing, more than the server has descriptors. */
static void knock_without_end(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0qarb" };

	(void)ipc_become_nobody();
	for (int i = 0; i < 3 * SERVER_DESCRIPTORS; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		(void)connect(fd, (struct sockaddr *)&a, sizeof(a));
		ipc_pause(1);
	}
	ipc_pause(60000);
}

/* returns: whether a connection came about in that time. */
static bool is_let_in(int ms)
{
	struct pollfd p = { .fd = -1, .events = POLLIN };
	qb_ipcc_connection_t *c = qb_ipcc_connect_async("qarb", sizeof(answer), &p.fd);

	if (c == NULL || poll(&p, 1, ms) != 1 || qb_ipcc_connect_continue(c) != 0)
		return false;
	qb_ipcc_disconnect(c);
	return true;
}

static void strangers_who_say_nothing_do_not_keep_others_out(void **state)
{
	qb_ipcc_connection_t *c = connection();
	pid_t other;

	(void)state;
	assert_non_null(c);
	qb_ipcc_disconnect(c);
	if (geteuid() != 0)
		skip(); /* there is nobody else */
	other = ipc_spawn(knock_without_end);
	ipc_pause(1500);
	assert_true(is_let_in(ANSWER_MS));
	(void)kill(other, SIGKILL);
	(void)waitpid(other, NULL, 0);
}

/* Of another user, who was there first, or of a process that takes long to end. */
static void a_name_that_is_taken_is_tried_again(void **state)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0qarb" };
	qb_ipcc_connection_t *c;

	(void)state;
	before = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(before, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(start(state), 0);
	ipc_pause(LATER_MS);
	assert_true(ipc_alive(server));
	assert_int_equal(close(before), 0);
	before = -1;
	c = connection();
	assert_non_null(c);
	qb_ipcc_disconnect(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_may_order_is_heard, start, stop),
		cmocka_unit_test_setup_teardown(nobody_speaks_on_the_connection_of_another, start,
						stop),
		cmocka_unit_test_setup_teardown(who_asks_twice_and_leaves_is_forgotten, start,
						stop),
		cmocka_unit_test_setup_teardown(strangers_who_say_nothing_do_not_keep_others_out,
						start, stop),
		cmocka_unit_test_teardown(a_name_that_is_taken_is_tried_again, stop),
	};

	if (!ipc_permitted(false, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

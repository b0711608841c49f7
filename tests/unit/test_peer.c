/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who answers in corosync's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/peer.h"
#include "shell/confmap.h"
#include "shell/hellocpg.h"
#include "shell/hostlife.h"
#include "shell/vq.h"
#include "tests/unit/fixture_stranger.h"

static enum rc connect_votes(void)
{
	enum rc rc = vq_connect();

	vq_close();
	return rc;
}

static enum rc connect_map(void)
{
	enum rc rc = confmap_connect();

	confmap_close();
	return rc;
}

static enum rc connect_group(void)
{
	enum rc rc = hellocpg_connect(NULL, NULL);

	hellocpg_close();
	return rc;
}

static enum rc ask_for_life(void)
{
	uint64_t life;

	return hostlife_get(1, &life);
}

/* A call that believes the stranger asks it something, and waits for ever. */
static void assert_refused(const char *name, enum rc (*connect)(void))
{
	pid_t asker;
	pid_t pid;

	stranger_name = name;
	pid = stranger_start(stranger_serve_as_nobody);
	asker = fork();
	if (asker == 0)
		_exit(connect() == RC_OK);
	assert_true(ipc_ended(asker));
	stranger_end(pid);
}

static void what_another_user_runs_is_not_corosync(void **state)
{
	(void)state;
	assert_refused("votequorum", connect_votes);
	assert_refused("cmap", connect_map);
	assert_refused("cmap", ask_for_life);
	assert_refused("cpg", connect_group);
}

static void a_socket_without_a_peer_is_not_trusted(void **state)
{
	int ends[2];

	(void)state;
	assert_false(peer_trusted(-1));
	ends[0] = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_false(peer_trusted(ends[0]));
	(void)close(ends[0]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_true(peer_trusted(ends[0]));
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* Whose process has no number here. */
static void a_user_in_another_pid_namespace_is_the_same_user(void **state)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0listener" };
	int here = socket(AF_UNIX, SOCK_STREAM, 0);
	pid_t asker;

	(void)state;
	assert_int_equal(bind(here, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(here, 1), 0);
	asker = fork();
	if (asker == 0) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		pid_t inner = unshare(CLONE_NEWPID) == 0 ? fork() : -1;

		if (inner == 0)
			_exit(connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
			      !peer_trusted(fd));
		_exit(inner < 0 || !ipc_ended(inner));
	}
	assert_true(ipc_ended(asker));
	(void)close(here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_without_a_peer_is_not_trusted),
		cmocka_unit_test(a_user_in_another_pid_namespace_is_the_same_user),
		cmocka_unit_test(what_another_user_runs_is_not_corosync),
	};

	if (!ipc_permitted(true, sizeof(tests) / sizeof(tests[0])))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

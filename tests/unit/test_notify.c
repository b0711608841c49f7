/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/notify.h"

/* The service manager's socket. */
static int manager = -1;
static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int listen_as_manager(void **state)
{
	char name[64];

	(void)state;
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)snprintf(name, sizeof(name), "@qarb-test-notify-%d", (int)getpid());
	(void)snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "%s", name + 1);
	return setenv("NOTIFY_SOCKET", name, 1) != 0 ||
	       bind(manager, (struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))) != 0;
}

static int hang_up(void **state)
{
	(void)state;
	(void)close(manager);
	return unsetenv("NOTIFY_SOCKET");
}

/* returns: how many messages were waiting; what: the last one. */
static int hear(char *what, size_t size)
{
	int count = 0;
	ssize_t n;

	what[0] = 0;
	while ((n = recv(manager, what, size - 1, 0)) >= 0) {
		what[n] = 0;
		count++;
	}
	return count;
}

static void without_a_manager_there_is_nobody_to_tell(void **state)
{
	(void)state;
	(void)unsetenv("NOTIFY_SOCKET");
	assert_true(notify_ready());
}

/* A manager that is busy, as with a reload, takes no more for a while; what it has not been told in
 * time it calls a failed start. */
static void readiness_is_not_told_until_the_manager_has_taken_it(void **state)
{
	char text[64];
	int told = 0;

	(void)state;
	while (told < 100000 && notify_ready())
		told++;
	assert_in_range(told, 1, 99999);
	assert_false(notify_ready());
	assert_int_equal(hear(text, sizeof(text)), told);
	assert_true(notify_ready());
	assert_int_equal(hear(text, sizeof(text)), 1);
	assert_string_equal(text, "READY=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_manager_there_is_nobody_to_tell),
		cmocka_unit_test_setup_teardown(
			readiness_is_not_told_until_the_manager_has_taken_it, listen_as_manager,
			hang_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

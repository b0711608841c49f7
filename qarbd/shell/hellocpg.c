/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/hellocpg.h"

#include <corosync/cpg.h>
#include <string.h>

#include "base/bytes.h"
#include "client/peer.h"

enum {
	HELLO_MAGIC = 0x48524151, /* "QARH" */
	HELLO_VERSION = 1,
	HELLO_SIZE = 4 + 4 + 4 + 4 + UUID_SIZE + 8 + 8,
};

static cpg_handle_t hellocpg_handle;
static bool hellocpg_open;
static void (*hellocpg_take)(const struct hello_record *r, void *user);
static void *hellocpg_user;

static void hellocpg_on_message(cpg_handle_t handle, const struct cpg_name *group, uint32_t node_id,
				uint32_t pid, void *message, size_t size)
{
	struct hello_record r;
	struct bytes_reader b;
	uint32_t magic;
	uint32_t version;

	(void)handle;
	(void)group;
	(void)pid;
	memset(&r, 0, sizeof(r));
	bytes_reader_init(&b, message, size);
	magic = bytes_get_u32(&b);
	version = bytes_get_u32(&b);
	r.arbiter_index = bytes_get_u32(&b);
	r.hello.node_id = bytes_get_u32(&b);
	bytes_get_raw(&b, r.hello.uuid, UUID_SIZE);
	r.hello.incarnation = bytes_get_u64(&b);
	r.hello.sequence = bytes_get_u64(&b);
	/* corosync says who sent it: nobody speaks for another node. */
	if (!bytes_reader_done(&b) || magic != HELLO_MAGIC || version != HELLO_VERSION ||
	    r.arbiter_index >= ARBITERS_MAX || r.hello.node_id != node_id)
		return;
	hellocpg_take(&r, hellocpg_user);
}

static void hellocpg_on_members(cpg_handle_t handle, const struct cpg_name *group,
				const struct cpg_address *members, size_t member_count,
				const struct cpg_address *left, size_t left_count,
				const struct cpg_address *joined, size_t joined_count)
{
	(void)handle;
	(void)group;
	(void)members;
	(void)member_count;
	(void)left;
	(void)left_count;
	(void)joined;
	(void)joined_count;
}

enum rc hellocpg_connect(void (*take)(const struct hello_record *r, void *user), void *user)
{
	cpg_callbacks_t callbacks = { hellocpg_on_message, hellocpg_on_members };
	struct cpg_name group = { .length = 4, .value = "qarb" };
	cs_error_t e;

	hellocpg_take = take;
	hellocpg_user = user;
	/* Before it is connected to: cpg_finalize() would ask it, and wait for an answer. */
	if (!peer_name_trusted("cpg"))
		return RC_REFUSED;
	if (cpg_initialize(&hellocpg_handle, &callbacks) != CS_OK)
		return RC_GONE;
	hellocpg_open = true;
	e = cpg_join(hellocpg_handle, &group);
	if (e != CS_OK) {
		hellocpg_close();
		return e == CS_ERR_TRY_AGAIN ? RC_AGAIN : RC_GONE;
	}
	return RC_OK;
}

void hellocpg_close(void)
{
	if (hellocpg_open)
		(void)cpg_finalize(hellocpg_handle);
	hellocpg_open = false;
}

int hellocpg_fd(void)
{
	int fd = -1;

	if (!hellocpg_open || cpg_fd_get(hellocpg_handle, &fd) != CS_OK)
		return -1;
	return fd;
}

enum rc hellocpg_dispatch(void)
{
	cs_error_t e = cpg_dispatch(hellocpg_handle, CS_DISPATCH_ALL);

	return e == CS_OK || e == CS_ERR_TRY_AGAIN ? RC_OK : RC_GONE;
}

enum rc hellocpg_send(const struct hello_record *r)
{
	uint8_t block[HELLO_SIZE];
	struct iovec v = { .iov_base = block, .iov_len = sizeof(block) };
	struct bytes_writer b;
	cs_error_t e;

	bytes_writer_init(&b, block, sizeof(block));
	bytes_put_u32(&b, HELLO_MAGIC);
	bytes_put_u32(&b, HELLO_VERSION);
	bytes_put_u32(&b, r->arbiter_index);
	bytes_put_u32(&b, r->hello.node_id);
	bytes_put_raw(&b, r->hello.uuid, UUID_SIZE);
	bytes_put_u64(&b, r->hello.incarnation);
	bytes_put_u64(&b, r->hello.sequence);
	e = cpg_mcast_joined(hellocpg_handle, CPG_TYPE_AGREED, &v, 1);
	if (e == CS_OK)
		return RC_OK;
	return e == CS_ERR_LIBRARY || e == CS_ERR_BAD_HANDLE ? RC_GONE : RC_AGAIN;
}

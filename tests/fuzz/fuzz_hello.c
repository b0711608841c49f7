/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What daemons tell each other over CPG: nobody speaks for another node, and what is taken is sent
 * again byte by byte.  corosync's library is played here.
 */
#include <stdlib.h>
#include <string.h>

#include <corosync/cpg.h>

#include "base/bytes.h"
#include "client/peer.h"
#include "shell/hellocpg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { AT_MAGIC = 0, AT_VERSION = 4, AT_NODE = 12, HELLO_SIZE_MAX = 4096 };

static cpg_deliver_fn_t deliver;
static struct hello_record taken;
static bool was_taken;
static uint8_t sent[HELLO_SIZE_MAX];
static size_t sent_size;

cs_error_t cpg_initialize(cpg_handle_t *handle, cpg_callbacks_t *callbacks)
{
	*handle = 1;
	deliver = callbacks->cpg_deliver_fn;
	return CS_OK;
}

cs_error_t cpg_join(cpg_handle_t handle, const struct cpg_name *group)
{
	(void)handle;
	(void)group;
	return CS_OK;
}

cs_error_t cpg_finalize(cpg_handle_t handle)
{
	(void)handle;
	return CS_OK;
}

cs_error_t cpg_fd_get(cpg_handle_t handle, int *fd)
{
	(void)handle;
	*fd = -1;
	return CS_OK;
}

cs_error_t cpg_dispatch(cpg_handle_t handle, cs_dispatch_flags_t types)
{
	(void)handle;
	(void)types;
	return CS_OK;
}

cs_error_t cpg_mcast_joined(cpg_handle_t handle, cpg_guarantee_t guarantee,
			    const struct iovec *iovec, unsigned int iov_len)
{
	(void)handle;
	(void)guarantee;
	if (iov_len != 1 || iovec->iov_len > sizeof(sent))
		abort();
	memcpy(sent, iovec->iov_base, iovec->iov_len);
	sent_size = iovec->iov_len;
	return CS_OK;
}

bool peer_name_trusted(const char *name)
{
	(void)name;
	return true;
}

static void take(const struct hello_record *r, void *user)
{
	(void)user;
	taken = *r;
	was_taken = true;
}

/* returns: whether a message of this sender was taken. */
static bool told(uint8_t *message, size_t size, uint32_t sender)
{
	was_taken = false;
	deliver(1, NULL, sender, 0, message, size);
	return was_taken;
}

static void check(uint8_t *message, size_t size)
{
	uint32_t sender = size < AT_NODE + 4 ? 0 : bytes_load_u32(message + AT_NODE);

	if (told(message, size, sender + 1))
		abort();
	if (!told(message, size, sender))
		return;
	if (taken.hello.node_id != sender || taken.arbiter_index >= ARBITERS_MAX ||
	    hellocpg_send(&taken) != RC_OK || sent_size != size || memcmp(sent, message, size) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *message;

	if (deliver == NULL && hellocpg_connect(take, NULL) != RC_OK)
		abort();
	if (size > HELLO_SIZE_MAX)
		size = HELLO_SIZE_MAX;
	/* Of the very size, so that a read behind its end is noticed. */
	message = malloc(size ? size : 1);
	if (message == NULL)
		return 0;
	memcpy(message, data, size);
	check(message, size);
	if (size >= AT_NODE) {
		memcpy(message + AT_MAGIC, "QARH", 4);
		bytes_store_u32(message + AT_VERSION, 1);
		check(message, size);
	}
	free(message);
	return 0;
}

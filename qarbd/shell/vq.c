/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/vq.h"

#include <corosync/corotypes.h>
#include <corosync/votequorum.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/peer.h"

static votequorum_handle_t vq_handle;
static bool vq_open;
static struct vq_news *vq_target; /* of the dispatch that runs */

static enum rc vq_rc(cs_error_t e)
{
	switch ((int)e) {
	case CS_OK:
		return RC_OK;
	case CS_ERR_EXIST:
		return RC_BUSY;
	case CS_ERR_ACCESS:
		return RC_REFUSED;
	case CS_ERR_NOT_EXIST:
		return RC_NOTFOUND;
	case CS_ERR_LIBRARY:
	case CS_ERR_BAD_HANDLE:
		return RC_GONE;
	default:
		return RC_AGAIN;
	}
}

static void vq_on_quorum(votequorum_handle_t handle, uint64_t context, uint32_t quorate,
			 uint32_t count, votequorum_node_t nodes[])
{
	(void)handle;
	(void)context;
	(void)count;
	(void)nodes;
	vq_target->quorate_changed = true;
	vq_target->quorate = quorate != 0;
}

/* Comes at the start of corosync's sync: from here on polls of the ring before are refused. */
static void vq_on_nodelist(votequorum_handle_t handle, uint64_t context, votequorum_ring_id_t ring,
			   uint32_t count, uint32_t nodes[])
{
	(void)handle;
	(void)context;
	vq_target->ring_changed = true;
	memset(&vq_target->members, 0, sizeof(vq_target->members));
	vq_target->ring = (struct ring_id){ .seq = ring.seq, .node_id = ring.nodeid };
	for (uint32_t i = 0; i < count; i++)
		(void)members_add(&vq_target->members, nodes[i]);
}

enum rc vq_connect(void)
{
	votequorum_callbacks_t callbacks = {
		.votequorum_quorum_notify_fn = vq_on_quorum,
		.votequorum_nodelist_notify_fn = vq_on_nodelist,
	};

	if (votequorum_initialize(&vq_handle, &callbacks) != CS_OK)
		return RC_GONE;
	vq_open = true;
	if (peer_trusted(vq_fd()))
		return RC_OK;
	vq_close();
	return RC_REFUSED;
}

void vq_close(void)
{
	if (vq_open)
		(void)votequorum_finalize(vq_handle);
	vq_open = false;
}

int vq_fd(void)
{
	int fd = -1;

	if (!vq_open || votequorum_fd_get(vq_handle, &fd) != CS_OK)
		return -1;
	return fd;
}

int32_t vq_server_pid(void)
{
	struct ucred peer = { 0 };
	socklen_t size = sizeof(peer);

	if (getsockopt(vq_fd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return 0;
	return peer.pid;
}

/* libqb listens on the name in the abstract namespace, filled with zeros to the full size. */
enum rc vq_probe(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "\0votequorum" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	enum rc rc = RC_AGAIN;

	if (fd < 0)
		return RC_AGAIN;
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		rc = RC_OK;
	else if (errno == ECONNREFUSED)
		rc = RC_NOTFOUND;
	(void)close(fd);
	return rc;
}

enum rc vq_register(const char *name)
{
	return vq_rc(votequorum_qdevice_register(vq_handle, name));
}

enum rc vq_unregister(const char *name)
{
	return vq_rc(votequorum_qdevice_unregister(vq_handle, name));
}

enum rc vq_track(void)
{
	return vq_rc(votequorum_trackstart(vq_handle, 0, CS_TRACK_CURRENT | CS_TRACK_CHANGES));
}

enum rc vq_dispatch(struct vq_news *news)
{
	cs_error_t e;

	vq_target = news;
	e = votequorum_dispatch(vq_handle, CS_DISPATCH_ALL);
	vq_target = NULL;
	return e == CS_ERR_TRY_AGAIN ? RC_OK : vq_rc(e);
}

enum rc vq_getinfo(uint32_t node_id, struct vq_info *out)
{
	struct votequorum_info info;
	cs_error_t e;

	memset(&info, 0, sizeof(info));
	e = votequorum_getinfo(vq_handle, node_id, &info);
	if (e != CS_OK)
		return vq_rc(e);
	memset(out, 0, sizeof(*out));
	out->registered = (info.flags & VOTEQUORUM_INFO_QDEVICE_REGISTERED) != 0;
	out->cast_vote = (info.flags & VOTEQUORUM_INFO_QDEVICE_CAST_VOTE) != 0;
	out->quorate = (info.flags & VOTEQUORUM_INFO_QUORATE) != 0;
	if ((info.flags & VOTEQUORUM_INFO_TWONODE) != 0)
		out->against |= VQ_TWO_NODE;
	if ((info.flags & VOTEQUORUM_INFO_LAST_MAN_STANDING) != 0)
		out->against |= VQ_LAST_MAN_STANDING;
	if ((info.flags & VOTEQUORUM_INFO_AUTO_TIE_BREAKER) != 0)
		out->against |= VQ_AUTO_TIE_BREAKER;
	if ((info.flags & VOTEQUORUM_INFO_ALLOW_DOWNSCALE) != 0)
		out->against |= VQ_ALLOW_DOWNSCALE;
	out->total_votes = info.total_votes;
	out->quorum_votes = info.quorum;
	out->device_votes = info.qdevice_votes;
	(void)snprintf(out->device_name, sizeof(out->device_name), "%.*s",
		       VOTEQUORUM_QDEVICE_MAX_NAME_LEN, info.qdevice_name);
	return RC_OK;
}

enum rc vq_poll(const char *name, bool yes, const struct ring_id *ring)
{
	votequorum_ring_id_t id = { .nodeid = ring->node_id, .seq = ring->seq };

	return vq_rc(votequorum_qdevice_poll(vq_handle, name, yes ? 1 : 0, id));
}

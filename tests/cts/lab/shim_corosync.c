/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * In the place of libvotequorum, libcmap and libcpg (by LD_LIBRARY_PATH, under their names): what
 * qarbd uses of them, answered by tests/bench/standin.c. STANDIN_DIR holds its `socket`, the
 * configuration map `cmap` (KEY VALUE lines), and what nodes set; STANDIN_NODE is this node's id.
 */
#include <corosync/cmap.h>
#include <corosync/cpg.h>
#include <corosync/votequorum.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/bench/standin.h"

enum { KEYS_MAX = 512, ITERATORS_MAX = 8 };

static const char *folder(void)
{
	const char *dir = getenv("STANDIN_DIR");

	return dir ? dir : "/run/lab/standin";
}

static uint32_t own_id(void)
{
	const char *id = getenv("STANDIN_NODE");

	return id ? (uint32_t)strtoul(id, NULL, 10) : 0;
}

static int connect_as(enum standin_kind kind)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct standin_message m = { .kind = kind, .node_id = own_id() };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s/socket", folder());
	if (fd >= 0 && (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
			send(fd, &m, sizeof(m), MSG_NOSIGNAL) != (ssize_t)sizeof(m))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool say(int fd, const struct standin_message *m)
{
	return send(fd, m, sizeof(*m), MSG_NOSIGNAL) == (ssize_t)sizeof(*m);
}

/* returns: CS_OK with a message, CS_ERR_TRY_AGAIN without, CS_ERR_LIBRARY when the server is gone.
 */
static cs_error_t hear(int fd, struct standin_message *m, int flags)
{
	ssize_t n = recv(fd, m, sizeof(*m), MSG_DONTWAIT | flags);

	if (n == (ssize_t)sizeof(*m))
		return CS_OK;
	return n < 0 && errno == EAGAIN ? CS_ERR_TRY_AGAIN : CS_ERR_LIBRARY;
}

/* ---- votequorum: one handle a process is enough ---- */

static votequorum_callbacks_t votes_calls;
static int votes_fd = -1;
static bool votes_tracked, votes_registered, votes_yes;
static char votes_name[VOTEQUORUM_QDEVICE_MAX_NAME_LEN];
static struct standin_message votes_ring;

cs_error_t votequorum_initialize(votequorum_handle_t *handle, votequorum_callbacks_t *callbacks)
{
	*handle = 1;
	votes_calls = *callbacks;
	votes_fd = connect_as(STANDIN_VOTES);
	votes_tracked = false;
	memset(&votes_ring, 0, sizeof(votes_ring));
	return votes_fd >= 0 ? CS_OK : CS_ERR_TRY_AGAIN;
}

cs_error_t votequorum_finalize(votequorum_handle_t handle)
{
	(void)handle;
	close(votes_fd);
	votes_fd = -1;
	return CS_OK;
}

cs_error_t votequorum_fd_get(votequorum_handle_t handle, int *fd)
{
	(void)handle;
	*fd = votes_fd;
	return votes_fd >= 0 ? CS_OK : CS_ERR_BAD_HANDLE;
}

cs_error_t votequorum_trackstart(votequorum_handle_t handle, uint64_t context, unsigned int flags)
{
	(void)handle;
	(void)context;
	(void)flags;
	votes_tracked = true;
	return CS_OK;
}

cs_error_t votequorum_qdevice_register(votequorum_handle_t handle, const char *name)
{
	(void)handle;
	snprintf(votes_name, sizeof(votes_name), "%s", name);
	votes_registered = true;
	return CS_OK;
}

cs_error_t votequorum_qdevice_unregister(votequorum_handle_t handle, const char *name)
{
	(void)handle;
	(void)name;
	votes_registered = votes_yes = false;
	return CS_OK;
}

cs_error_t votequorum_getinfo(votequorum_handle_t handle, unsigned int nodeid,
			      struct votequorum_info *info)
{
	struct standin_message m;

	(void)handle;
	if (hear(votes_fd, &m, MSG_PEEK) == CS_ERR_LIBRARY)
		return CS_ERR_LIBRARY;
	memset(info, 0, sizeof(*info));
	info->node_id = nodeid ? nodeid : own_id();
	info->node_state = VOTEQUORUM_NODESTATE_MEMBER;
	info->node_votes = 1;
	info->total_votes = info->quorum = votes_ring.count;
	info->flags = VOTEQUORUM_INFO_QUORATE;
	if (votes_registered)
		info->flags |= VOTEQUORUM_INFO_QDEVICE_REGISTERED;
	if (votes_yes && info->node_id == own_id())
		info->flags |= VOTEQUORUM_INFO_QDEVICE_CAST_VOTE;
	snprintf(info->qdevice_name, sizeof(info->qdevice_name), "%s", votes_name);
	return CS_OK;
}

/* A poll for another ring than the newest is refused, whether or not it was dispatched. */
cs_error_t votequorum_qdevice_poll(votequorum_handle_t handle, const char *name,
				   unsigned int cast_vote, votequorum_ring_id_t ring_id)
{
	struct standin_message m = { .kind = STANDIN_POLL, .node_id = own_id() };
	struct standin_message pending;

	(void)handle;
	(void)name;
	switch (hear(votes_fd, &pending, MSG_PEEK)) {
	case CS_OK:
		return CS_ERR_MESSAGE_ERROR;
	case CS_ERR_TRY_AGAIN:
		break;
	default:
		return CS_ERR_LIBRARY;
	}
	if (ring_id.seq != votes_ring.ring_seq || ring_id.nodeid != votes_ring.ring_node_id)
		return CS_ERR_MESSAGE_ERROR;
	votes_yes = cast_vote != 0;
	m.yes = cast_vote;
	m.ring_seq = ring_id.seq;
	m.ring_node_id = ring_id.nodeid;
	return say(votes_fd, &m) ? CS_OK : CS_ERR_LIBRARY;
}

cs_error_t votequorum_dispatch(votequorum_handle_t handle, cs_dispatch_flags_t flags)
{
	struct standin_message m;
	cs_error_t e = CS_OK;

	(void)flags;
	while (votes_tracked && (e = hear(votes_fd, &m, 0)) == CS_OK) {
		votequorum_ring_id_t ring = { .nodeid = m.ring_node_id, .seq = m.ring_seq };
		votequorum_node_t none = { 0 };

		if (m.kind != STANDIN_RING)
			continue;
		votes_ring = m;
		if (votes_calls.votequorum_nodelist_notify_fn)
			votes_calls.votequorum_nodelist_notify_fn(handle, 0, ring, m.count,
								  m.member);
		if (votes_calls.votequorum_quorum_notify_fn)
			votes_calls.votequorum_quorum_notify_fn(handle, 0, 1, 0, &none);
	}
	return e == CS_ERR_LIBRARY ? CS_ERR_LIBRARY : CS_OK;
}

/* ---- cmap: read once a handle; several handles, in several threads ---- */

struct entry {
	char key[CMAP_KEYNAME_MAXLEN + 1];
	char value[600];
};

static struct entry map[KEYS_MAX];
static size_t map_count;
static struct {
	char prefix[CMAP_KEYNAME_MAXLEN + 1];
	size_t next;
	bool used;
} iterators[ITERATORS_MAX];

static void map_add(const char *key, const char *value)
{
	if (map_count == KEYS_MAX)
		return;
	snprintf(map[map_count].key, sizeof(map[map_count].key), "%.*s", CMAP_KEYNAME_MAXLEN, key);
	snprintf(map[map_count++].value, sizeof(map[0].value), "%s", value);
}

__attribute__((constructor)) static void map_read(void)
{
	char path[256], line[600], id[16];
	FILE *f;

	snprintf(path, sizeof(path), "%s/cmap", folder());
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = 0;
		if (!value)
			continue;
		*value = 0;
		map_add(line, value + 1);
	}
	if (f)
		fclose(f);
	snprintf(id, sizeof(id), "%" PRIu32, own_id());
	map_add("runtime.votequorum.this_node_id", id);
}

cs_error_t cmap_initialize(cmap_handle_t *handle)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	*handle = (cmap_handle_t)fd;
	return fd >= 0 && map_count > 1 ? CS_OK : CS_ERR_TRY_AGAIN;
}

cs_error_t cmap_finalize(cmap_handle_t handle)
{
	close((int)handle);
	return CS_OK;
}

cs_error_t cmap_fd_get(cmap_handle_t handle, int *fd)
{
	*fd = (int)handle;
	return CS_OK;
}

cs_error_t cmap_dispatch(cmap_handle_t handle, cs_dispatch_flags_t flags)
{
	(void)handle;
	(void)flags;
	return CS_OK;
}

cs_error_t cmap_track_add(cmap_handle_t handle, const char *key, int32_t track_type,
			  cmap_notify_fn_t notify, void *user, cmap_track_handle_t *track)
{
	(void)handle;
	(void)key;
	(void)track_type;
	(void)notify;
	(void)user;
	*track = 1;
	return CS_OK;
}

cs_error_t cmap_get(cmap_handle_t handle, const char *key, void *value, size_t *size,
		    cmap_value_types_t *type)
{
	(void)handle;
	for (size_t i = 0; i < map_count; i++) {
		if (strcmp(map[i].key, key) != 0)
			continue;
		if (*size < strlen(map[i].value) + 1)
			return CS_ERR_INVALID_PARAM;
		*size = strlen(map[i].value) + 1;
		memcpy(value, map[i].value, *size);
		*type = CMAP_VALUETYPE_STRING;
		return CS_OK;
	}
	return CS_ERR_NOT_EXIST;
}

cs_error_t cmap_get_uint8(cmap_handle_t handle, const char *key, uint8_t *value)
{
	(void)handle;
	(void)key;
	(void)value;
	return CS_ERR_NOT_EXIST;
}

static void number_path(char *path, size_t size, const char *key)
{
	snprintf(path, size, "%s/%s-%" PRIu32, folder(), key, own_id());
}

cs_error_t cmap_get_uint64(cmap_handle_t handle, const char *key, uint64_t *value)
{
	char path[256];
	FILE *f;
	bool good;

	(void)handle;
	number_path(path, sizeof(path), key);
	f = fopen(path, "re");
	if (!f)
		return CS_ERR_NOT_EXIST;
	good = fscanf(f, "%" SCNu64, value) == 1;
	fclose(f);
	return good ? CS_OK : CS_ERR_NOT_EXIST;
}

cs_error_t cmap_set_uint64(cmap_handle_t handle, const char *key, uint64_t value)
{
	char path[256];
	FILE *f;

	(void)handle;
	number_path(path, sizeof(path), key);
	f = fopen(path, "we");
	if (!f)
		return CS_ERR_ACCESS;
	fprintf(f, "%" PRIu64 "\n", value);
	return fclose(f) == 0 ? CS_OK : CS_ERR_ACCESS;
}

cs_error_t cmap_iter_init(cmap_handle_t handle, const char *prefix, cmap_iter_handle_t *iter)
{
	(void)handle;
	for (size_t i = 0; i < ITERATORS_MAX; i++) {
		if (iterators[i].used)
			continue;
		iterators[i].used = true;
		iterators[i].next = 0;
		snprintf(iterators[i].prefix, sizeof(iterators[i].prefix), "%s", prefix);
		*iter = i;
		return CS_OK;
	}
	return CS_ERR_NO_RESOURCES;
}

cs_error_t cmap_iter_next(cmap_handle_t handle, cmap_iter_handle_t iter, char key[],
			  size_t *value_size, cmap_value_types_t *type)
{
	const char *prefix = iterators[iter].prefix;

	(void)handle;
	(void)value_size;
	(void)type;
	while (iterators[iter].next < map_count) {
		const char *name = map[iterators[iter].next++].key;

		if (strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		strcpy(key, name);
		return CS_OK;
	}
	return CS_ERR_NO_SECTIONS;
}

cs_error_t cmap_iter_finalize(cmap_handle_t handle, cmap_iter_handle_t iter)
{
	(void)handle;
	iterators[iter].used = false;
	return CS_OK;
}

/* ---- cpg ---- */

static cpg_callbacks_t group_calls;
static int group_fd = -1;

cs_error_t cpg_initialize(cpg_handle_t *handle, cpg_callbacks_t *callbacks)
{
	*handle = 1;
	group_calls = *callbacks;
	group_fd = connect_as(STANDIN_GROUP);
	return group_fd >= 0 ? CS_OK : CS_ERR_TRY_AGAIN;
}

cs_error_t cpg_finalize(cpg_handle_t handle)
{
	(void)handle;
	close(group_fd);
	group_fd = -1;
	return CS_OK;
}

cs_error_t cpg_fd_get(cpg_handle_t handle, int *fd)
{
	(void)handle;
	*fd = group_fd;
	return group_fd >= 0 ? CS_OK : CS_ERR_BAD_HANDLE;
}

cs_error_t cpg_join(cpg_handle_t handle, const struct cpg_name *group)
{
	(void)handle;
	(void)group;
	return CS_OK;
}

cs_error_t cpg_mcast_joined(cpg_handle_t handle, cpg_guarantee_t guarantee,
			    const struct iovec *iovec, unsigned int iov_len)
{
	struct standin_message m = { .kind = STANDIN_DATA, .node_id = own_id() };

	(void)handle;
	(void)guarantee;
	for (unsigned int i = 0; i < iov_len; i++) {
		if (iovec[i].iov_len > sizeof(m.data) - m.count)
			return CS_ERR_TOO_BIG;
		memcpy(m.data + m.count, iovec[i].iov_base, iovec[i].iov_len);
		m.count += (uint32_t)iovec[i].iov_len;
	}
	return say(group_fd, &m) ? CS_OK : CS_ERR_LIBRARY;
}

cs_error_t cpg_dispatch(cpg_handle_t handle, cs_dispatch_flags_t flags)
{
	struct cpg_name group = { .length = 4, .value = "qarb" };
	struct standin_message m;
	cs_error_t e;

	(void)flags;
	while ((e = hear(group_fd, &m, 0)) == CS_OK) {
		if (m.kind == STANDIN_DATA && m.count <= sizeof(m.data) &&
		    group_calls.cpg_deliver_fn)
			group_calls.cpg_deliver_fn(handle, &group, m.node_id, 1, m.data, m.count);
	}
	return e == CS_ERR_LIBRARY ? CS_ERR_LIBRARY : CS_OK;
}

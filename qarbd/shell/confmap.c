/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shell/confmap.h"

#include <corosync/cmap.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/peer.h"

static const char *const confmap_prefixes[] = { "quorum.", "nodelist.", "runtime.config.totem." };
static const char *const confmap_keys[] = { "totem.cluster_name", "totem.token",
					    "totem.token_coefficient", "totem.consensus",
					    "runtime.votequorum.this_node_id" };

static cmap_handle_t confmap_handle;
static bool confmap_open;
static bool *confmap_changed; /* of the dispatch that runs */

static void confmap_on_change(cmap_handle_t handle, cmap_track_handle_t track, int32_t event,
			      const char *key, struct cmap_notify_value new_value,
			      struct cmap_notify_value old_value, void *user)
{
	(void)handle;
	(void)track;
	(void)event;
	(void)key;
	(void)new_value;
	(void)old_value;
	(void)user;
	*confmap_changed = true;
}

enum rc confmap_connect(void)
{
	/* Not all of `quorum.`: corosync 3.1.7 clears quorum.cancel_wait_for_all from within its
	 * own notification of that key, and dies if a client tracks it. */
	static const char *const tracked[] = {
		"quorum.device.",
		"quorum.two_node",
		"quorum.auto_tie_breaker",
		"quorum.last_man_standing",
		"quorum.allow_downscale",
		"quorum.expected_votes",
		"quorum.wait_for_all",
		"nodelist.",
		"runtime.config.totem.",
		"runtime.votequorum.wait_for_all_status",
		"config.reload_in_progress",
		"config.totemconfig_reload_in_progress",
	};

	if (cmap_initialize(&confmap_handle) != CS_OK)
		return RC_GONE;
	confmap_open = true;
	if (!peer_trusted(confmap_fd())) {
		confmap_close();
		return RC_REFUSED;
	}
	for (size_t i = 0; i < sizeof(tracked) / sizeof(tracked[0]); i++) {
		cmap_track_handle_t track;
		int32_t what = CMAP_TRACK_ADD | CMAP_TRACK_DELETE | CMAP_TRACK_MODIFY;

		if (tracked[i][strlen(tracked[i]) - 1] == '.')
			what |= CMAP_TRACK_PREFIX;
		if (cmap_track_add(confmap_handle, tracked[i], what, confmap_on_change, NULL,
				   &track) != CS_OK) {
			confmap_close();
			return RC_GONE;
		}
	}
	return RC_OK;
}

void confmap_close(void)
{
	if (confmap_open)
		(void)cmap_finalize(confmap_handle);
	confmap_open = false;
}

int confmap_fd(void)
{
	int fd = -1;

	if (!confmap_open || cmap_fd_get(confmap_handle, &fd) != CS_OK)
		return -1;
	return fd;
}

enum rc confmap_dispatch(bool *changed)
{
	cs_error_t e;

	confmap_changed = changed;
	e = cmap_dispatch(confmap_handle, CS_DISPATCH_ALL);
	confmap_changed = NULL;
	return e == CS_OK || e == CS_ERR_TRY_AGAIN ? RC_OK : RC_GONE;
}

/* in: e, of a call that asked for a value.  returns: RC_OK, also where the key is not set |
 * RC_AGAIN | RC_GONE: whether it is set is not known. */
static enum rc confmap_asked(cs_error_t e)
{
	if (e == CS_OK || e == CS_ERR_NOT_EXIST)
		return RC_OK;
	return e == CS_ERR_TRY_AGAIN ? RC_AGAIN : RC_GONE;
}

/* Every number becomes its decimal text, as in corosync.conf. */
static enum rc confmap_add(struct config_items *items, const char *key)
{
	union {
		int8_t i8;
		uint8_t u8;
		int16_t i16;
		uint16_t u16;
		int32_t i32;
		uint32_t u32;
		int64_t i64;
		uint64_t u64;
		char text[CONFIG_VALUE_SIZE];
	} v;
	char number[32] = "";
	size_t size = sizeof(v);
	cmap_value_types_t type;
	cs_error_t e;

	memset(&v, 0, sizeof(v));
	e = cmap_get(confmap_handle, key, &v, &size, &type);
	/* So corosync says that the value is larger than the room for it. */
	if (e == CS_ERR_INVALID_PARAM) {
		(void)snprintf(items->too_long, sizeof(items->too_long), "%s", key);
		return RC_OK;
	}
	if (e != CS_OK)
		return confmap_asked(e);
	switch ((int)type) {
	case CMAP_VALUETYPE_STRING:
		v.text[sizeof(v.text) - 1] = 0;
		config_add(items, key, v.text);
		return RC_OK;
	case CMAP_VALUETYPE_INT8:
		(void)snprintf(number, sizeof(number), "%" PRId8, v.i8);
		break;
	case CMAP_VALUETYPE_UINT8:
		(void)snprintf(number, sizeof(number), "%" PRIu8, v.u8);
		break;
	case CMAP_VALUETYPE_INT16:
		(void)snprintf(number, sizeof(number), "%" PRId16, v.i16);
		break;
	case CMAP_VALUETYPE_UINT16:
		(void)snprintf(number, sizeof(number), "%" PRIu16, v.u16);
		break;
	case CMAP_VALUETYPE_INT32:
		(void)snprintf(number, sizeof(number), "%" PRId32, v.i32);
		break;
	case CMAP_VALUETYPE_UINT32:
		(void)snprintf(number, sizeof(number), "%" PRIu32, v.u32);
		break;
	case CMAP_VALUETYPE_INT64:
		(void)snprintf(number, sizeof(number), "%" PRId64, v.i64);
		break;
	case CMAP_VALUETYPE_UINT64:
		(void)snprintf(number, sizeof(number), "%" PRIu64, v.u64);
		break;
	default:
		return RC_OK;
	}
	config_add(items, key, number);
	return RC_OK;
}

/* returns: RC_OK | RC_AGAIN: a reload is under way | RC_GONE. */
static enum rc confmap_still(void)
{
	uint8_t flag = 0;
	enum rc rc = confmap_asked(
		cmap_get_uint8(confmap_handle, "config.reload_in_progress", &flag));

	return rc == RC_OK && flag != 0 ? RC_AGAIN : rc;
}

static enum rc confmap_add_all(struct config_items *items, const char *prefix)
{
	char key[CMAP_KEYNAME_MAXLEN + 1];
	cmap_iter_handle_t iter;
	cs_error_t e = CS_OK;
	enum rc rc = RC_OK;

	if (cmap_iter_init(confmap_handle, prefix, &iter) != CS_OK)
		return RC_GONE;
	while (rc == RC_OK && (e = cmap_iter_next(confmap_handle, iter, key, NULL, NULL)) == CS_OK)
		rc = confmap_add(items, key);
	(void)cmap_iter_finalize(confmap_handle, iter);
	if (rc == RC_OK && e != CS_ERR_NO_SECTIONS)
		rc = RC_GONE;
	return rc;
}

enum rc confmap_read(struct config_items *items)
{
	enum rc rc = confmap_still();

	items->count = items->dropped = 0;
	items->too_long[0] = 0;
	for (size_t i = 0;
	     rc == RC_OK && i < sizeof(confmap_prefixes) / sizeof(confmap_prefixes[0]); i++)
		rc = confmap_add_all(items, confmap_prefixes[i]);
	for (size_t i = 0; rc == RC_OK && i < sizeof(confmap_keys) / sizeof(confmap_keys[0]); i++)
		rc = confmap_add(items, confmap_keys[i]);
	return rc == RC_OK ? confmap_still() : rc;
}

enum rc confmap_wait_for_all(uint32_t *waits)
{
	uint8_t status = 0;
	cs_error_t e = cmap_get_uint8(confmap_handle, "runtime.votequorum.wait_for_all_status",
				      &status);

	if (e == CS_OK)
		*waits = status != 0 ? 2 : 1;
	else if (e == CS_ERR_NOT_EXIST)
		*waits = 0;
	return confmap_asked(e);
}

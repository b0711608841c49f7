/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fence-bridge/cibwatch.h"

#include <string.h>

#include <crm/cib.h>
#include <crm/common/results.h>

#include "fence-bridge/cibfacts.h"

enum { CIBWATCH_ANSWER_S = 10 };

static cib_t *cibwatch_api;
static struct cibwatch_handlers cibwatch_handlers;

static void cibwatch_on_lost(gpointer user)
{
	(void)user;
	/* The library is still using it: it is freed when connecting anew. */
	cibwatch_handlers.lost();
}

static void cibwatch_on_diff(const char *event, xmlNode *msg)
{
	(void)event;
	(void)msg;
	cibwatch_handlers.changed();
}

static void cibwatch_on_answer(xmlNode *msg, int call_id, int rc, xmlNode *output, void *user)
{
	static struct facts f; /* large */

	(void)msg;
	(void)call_id;
	(void)user;
	memset(&f, 0, sizeof(f));
	if (rc == pcmk_ok)
		cibfacts_read(output, &f);
	cibwatch_handlers.facts(&f);
}

void cibwatch_disconnect(void)
{
	if (cibwatch_api == NULL)
		return;
	(void)cibwatch_api->cmds->signoff(cibwatch_api);
	cib_delete(cibwatch_api);
	cibwatch_api = NULL;
}

enum rc cibwatch_connect(const struct cibwatch_handlers *h)
{
	cibwatch_disconnect();
	cibwatch_handlers = *h;
	cibwatch_api = cib_new_no_shadow();
	if (cibwatch_api == NULL)
		return RC_AGAIN;
	if (cibwatch_api->cmds->signon(cibwatch_api, "qarb-fence-bridge", cib_query) != pcmk_ok)
		goto out;
	if (cibwatch_api->cmds->set_connection_dnotify(cibwatch_api, cibwatch_on_lost) != pcmk_ok ||
	    cibwatch_api->cmds->add_notify_callback(cibwatch_api, T_CIB_DIFF_NOTIFY,
						    cibwatch_on_diff) != pcmk_ok)
		goto out;
	return RC_OK;
out:
	cibwatch_disconnect();
	return RC_AGAIN;
}

enum rc cibwatch_query(void)
{
	int call;

	if (cibwatch_api == NULL)
		return RC_AGAIN;
	call = cibwatch_api->cmds->query(cibwatch_api, NULL, NULL, cib_scope_local);
	if (call <= 0)
		return RC_AGAIN;
	(void)cibwatch_api->cmds->register_callback(cibwatch_api, call, CIBWATCH_ANSWER_S, FALSE,
						    NULL, "qarb_facts", cibwatch_on_answer);
	return RC_OK;
}

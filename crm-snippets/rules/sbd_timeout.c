/* SPDX-License-Identifier: GPL-2.0-or-later */
/* While corosync waits for the device in a new ring, up to sync_timeout, sbd sees no quorum: with a
 * shorter watchdog it resets nodes that were about to be told yes. */
#include <crm/common/util.h>

#include "crm-snippets/rules/rules.h"

static void judge(const struct facts *f, struct findings *out)
{
	const char *timeout_id, *have_id = NULL;
	const char *text = facts_property(f, "stonith-watchdog-timeout", &timeout_id);
	bool armed = facts_property_true(f, "have-watchdog", false);
	long long fencing_ms = text ? crm_get_msec(text) : 0;
	uint32_t watchdog_ms = f->sbd_watchdog_ms;
	struct finding *x;

	(void)facts_property(f, "have-watchdog", &have_id);
	if (f->model == NULL || (!armed && fencing_ms == 0))
		return;
	/* sbd then goes by the header of its disk, which only `sbd dump` tells. */
	if (f->sbd_disk)
		return;
	/* Pacemaker's own rule: stonith-watchdog-timeout is twice the watchdog's. */
	if (watchdog_ms == 0 && fencing_ms > 0)
		watchdog_ms = (uint32_t)(fencing_ms / 2);
	if (watchdog_ms == 0 || watchdog_ms > f->sync_timeout_ms)
		return;
	x = finding_new(out, rule_sbd_timeout.id, SEVERITY_ERROR);
	finding_add_id(x, timeout_id);
	finding_add_id(x, have_id);
	finding_set_reason(
		x,
		"sbd's watchdog (%u ms%s) is not longer than the quorum device's sync_timeout "
		"(%u ms): a node that still waits for its decision is reset",
		watchdog_ms, f->sbd_watchdog_ms ? "" : ", half of stonith-watchdog-timeout",
		f->sync_timeout_ms);
	finding_set_remedy(x, "set SBD_WATCHDOG_TIMEOUT above sync_timeout and "
			      "stonith-watchdog-timeout to twice that, or lower quorum.device."
			      "sync_timeout (qarbctl timing suggests one)");
}

const struct rule rule_sbd_timeout = {
	.id = "sbd-timeout",
	.severity = SEVERITY_ERROR,
	.title = "sync_timeout not below sbd's watchdog",
	.judge = judge,
};

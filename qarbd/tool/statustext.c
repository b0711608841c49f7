/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tool/statustext.h"

const char *status_reason(enum vote_reason reason)
{
	switch (reason) {
	case REASON_NONE:
		return "no reason";
	case REASON_STARTING:
		return "starting: no grant was accepted yet";
	case REASON_NOT_GRANTED:
		return "the vote is granted to others";
	case REASON_REVOKED:
		return "the grant was revoked for another ring";
	case REASON_HOLD_PASSED:
		return "no completed beat within the hold time";
	case REASON_SYNC_TIMEOUT:
		return "no decision in time for corosync's sync";
	case REASON_NO_ARBITER:
		return "no majority of arbiters is reachable";
	case REASON_UNFIT:
		return "this node is not fit";
	case REASON_LEAVING:
		return "leaving";
	case REASON_POISONED:
		return "poisoned by another node";
	case REASON_NOT_SHARED:
		return "the disk is not the one that the others use";
	case REASON_UNDECIDED:
		return "the ring is not decided yet";
	case REASON_GRANTED:
		return "granted";
	case REASON_COUNT:
		break;
	}
	return "?";
}

const char *status_phase(const struct disk_status *d, enum rc rc)
{
	if (d->phase != DISK_CLOSED && !d->shared)
		return "NOT SHARED with the other nodes";
	switch (d->phase) {
	case DISK_CLOSED:
		return rc == RC_OK ? "not in use yet" : rc_text(rc);
	case DISK_ADOPTING:
		return "taking over the own slot";
	case DISK_BEATING:
		return d->write_outstanding && d->write_age_ms > 1000 ? "write not answered"
								      : "in use";
	case DISK_OUT:
		return "OUT OF USE until the daemon restarts (see the log)";
	}
	return "?";
}

const char *status_slot_state(enum slot_state state)
{
	switch (state) {
	case SLOT_NEVER:
		return "never";
	case SLOT_STARTING:
		return "starting";
	case SLOT_RUNNING:
		return "running";
	case SLOT_LEAVING:
		return "left";
	}
	return "?";
}

const char *status_cast(enum cast_kind cast)
{
	switch (cast) {
	case CAST_NONE:
		return "none";
	case CAST_GRANT:
		return "grant";
	case CAST_UNKNOWN:
		return "unknown";
	}
	return "?";
}

const char *status_rank(enum rank_step step)
{
	switch (step) {
	case RANK_NONE:
		return "growth of a grant";
	case RANK_ONLY:
		return "being the only contender";
	case RANK_SIZE:
		return "size (more votes of live nodes)";
	case RANK_WORKLOAD:
		return "workload (the larger weight)";
	case RANK_ACTIVE:
		return "active (more members of the grant before)";
	case RANK_TIE_BREAKER:
		return "tie_breaker";
	}
	return "?";
}

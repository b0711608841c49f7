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
	case REASON_ARBITERS_DIFFER:
		return "another node has more arbiters than this one";
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

const char *status_rank_word(enum rank_step step)
{
	switch (step) {
	case RANK_NONE:
		return "none";
	case RANK_ONLY:
		return "only";
	case RANK_SIZE:
		return "size";
	case RANK_WORKLOAD:
		return "workload";
	case RANK_ACTIVE:
		return "active";
	case RANK_TIE_BREAKER:
		return "tie_breaker";
	}
	return "?";
}

const char *status_phase_word(enum disk_phase phase)
{
	switch (phase) {
	case DISK_CLOSED:
		return "closed";
	case DISK_ADOPTING:
		return "adopting";
	case DISK_BEATING:
		return "beating";
	case DISK_OUT:
		return "out";
	}
	return "?";
}

const char *status_answer(enum answer answer)
{
	switch (answer) {
	case ANSWER_SILENT:
		return "silent";
	case ANSWER_NO:
		return "no";
	case ANSWER_YES:
		return "yes";
	}
	return "?";
}

const char *status_decision_kind(enum decision_kind kind)
{
	switch (kind) {
	case DECISION_NONE:
		return "none";
	case DECISION_GRANT:
		return "grant";
	case DECISION_GROWTH:
		return "growth";
	}
	return "?";
}

const char *status_wait(enum wait_kind kind)
{
	switch (kind) {
	case WAIT_NONE:
		return "nothing";
	case WAIT_CLASSIFY:
		return "classification";
	case WAIT_RESTART:
		return "restart";
	case WAIT_SETTLE:
		return "settle";
	case WAIT_CONTENDER:
		return "contender";
	case WAIT_HELLO:
		return "hello";
	case WAIT_HOLDERS:
		return "old-holders";
	}
	return "?";
}

const char *status_algorithm(enum algorithm algorithm)
{
	return algorithm == ALGORITHM_FFSPLIT ? "ffsplit" : "lms";
}

const char *status_tie_breaker(enum tie_breaker tie_breaker)
{
	switch (tie_breaker) {
	case TIE_LOWEST:
		return "lowest";
	case TIE_HIGHEST:
		return "highest";
	case TIE_NODE:
		return "node";
	}
	return "?";
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Failback: a dry run changes nothing, refusals, --force, and a kill in the middle leaves no move for ever"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node1
LAB_FORCE=

# failback as an administrator runs it: try_failback EXPECTED-CODE ARGUMENT...
try_failback()
{
	local expected=$1 code=0
	shift
	lab_qarb_crm node1 failback service ${LAB_FORCE:+--force} "$@" >"$LAB_DIR/failback.out" 2>&1 || code=$?
	((code == expected)) ||
		lab_blame failback "failback $*: code $code, not $expected: $(tail -n 1 "$LAB_DIR/failback.out")"
}

said() { grep -q "$1" "$LAB_DIR/failback.out" || lab_fail "failback does not say: $1"; }
configured() { lab_in node1 cibadmin --query --scope configuration | sha256sum; }
has_end() { lab_in node1 cibadmin --query --scope constraints | grep -q 'cli-prefer-lifetime-end-service'; }

scenario()
{
	local before pid
	scene_both_vote
	before=$(configured)
	try_failback 0 --to node2 --dry-run
	said 'stop service on node1'
	said 'start service on node2'
	[[ $(configured) == "$before" ]] || lab_fail "a dry run changed the configuration"
	lab_in node1 crm_standby --node node2 --update on
	lab_require 10 "node2 is in standby" standby node2
	try_failback 4 --to node2
	said 'refused: node2 is in standby'
	lab_in node1 crm_standby --node node2 --delete
	lab_require 20 "node2 is ready again" lab_peers_online node1
	lab_in node1 crm_attribute --node node2 --name 'fail-count-service#monitor_10000' --update 1 --lifetime reboot
	try_failback 4 --to node2
	said 'fail count 1'
	said 'force'
	lab_service_runs node1 || lab_fail "a refused failback moved the service"
	! has_end || lab_fail "a refused failback left a constraint"
	lab_expect service stop:node1 start:node2
	try_failback 0 --to node2 --force
	said 'it was down for at most'
	lab_service_runs node2 || lab_fail "the service is not on node2"
	! has_end || lab_fail "the constraint is still there"
	lab_expect service stop:node2 start:node1
	# Nothing is stopped on node2 before this is over: the move hangs in the middle.
	lab_signal node2 STOP pacemaker-execd
	lab_qarb_crm node1 failback service --to node1 --timeout=10 >"$LAB_DIR/failback.out" 2>&1 &
	pid=$!
	lab_require 20 "the constraint is there" has_end
	kill -KILL "$pid" 2>/dev/null || :
	lab_signal node1 KILL qarb-crm
	wait "$pid" || :
	lab_service_runs node2 || lab_fail "the move was over before the kill"
	lab_signal node2 CONT pacemaker-execd
	lab_require 20 "node1 serves" lab_service_runs node1
	has_end || lab_fail "the killed failback took its constraint away: nothing was tested"
	sleep 11
	lab_qarb_crm node1 check move-leftover >"$LAB_DIR/check.out" ||
		lab_fail "what the killed failback left has not ended"
	grep -q 'its lifetime ended' "$LAB_DIR/check.out" || lab_fail "check does not name the ended move"
	lab_service_runs node1 || lab_fail "the service went away when the constraint ended"
}

standby() { lab_crm node1 | grep -q "<node name=\"$1\".* standby=\"true\""; }

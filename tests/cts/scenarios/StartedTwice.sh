# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is typed by hand beside one that runs: it says which one and ends; one that waits for the lock ends with a key, and nothing stays"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

# started STATUS TEXT COMMAND...: on node1; what it says is one line. Not through a pipe, which one in
# the background would keep open.
started()
{
	local status=$1 text=$2 said is=0
	shift 2
	lab_in node1 "$@" >"$LAB_DIR/said" 2>&1 || is=$?
	said=$(<"$LAB_DIR/said")
	[[ $is == "$status" && $said == "$text"* && $said != *$'\n'* ]] ||
		lab_fail "$*: exit $is: $said"
}

only_one_runs() { [[ $(lab_pids_of node1 qarbd) == "$1" ]]; }

scenario()
{
	local pid signal
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node2
	pid=$(lab_pids_of node1 qarbd)
	started 1 "qarbd: it runs already: qarbd (pid $pid) holds" timeout -s INT 5 "$LAB_QARBD"
	for signal in INT TERM; do
		started 124 "qarbd: waiting: another qarbd runs: qarbd (pid $pid) holds" \
			timeout -s "$signal" 1 "$LAB_QARBD" -f
	done
	lab_require 2 "only one qarbd runs on node1" only_one_runs "$pid"
	# What an ended daemon leaves behind is waited for, in the foreground, too.
	lab_signal node1 STOP qarbd-service
	lab_signal node1 KILL qarbd
	lab_require 5 "the voter has ended with its guardian" lab_not_running node1 qarbd-voter
	started 124 "qarbd: waiting: a process of another qarbd still runs: qarbd-service (pid " \
		timeout -s INT 2 "$LAB_QARBD"
	lab_require 2 "no qarbd runs on node1" lab_not_running node1 qarbd
	lab_signal node1 CONT qarbd-service
	lab_device_start node1
	lab_require 20 "node1 has the vote again" lab_votes node1
	sleep 2
	lab_expect voting node1 node2
}

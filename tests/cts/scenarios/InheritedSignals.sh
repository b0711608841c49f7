# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is started by one that ignores SIGCHLD and blocks signals: its processes are started again all the same, and it can be stopped"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no
LAB_QARBD_ENV="env --ignore-signal=CHLD,INT,TERM,PIPE --block-signal=CHLD,INT,TERM,USR1"

all_run()
{
	local name
	for name in qarbd-decider qarbd-voter qarbd-service qarbd-disk0; do
		lab_running "$1" "$name" || return 1
	done
}

scenario()
{
	local name
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1
	for name in qarbd-decider qarbd-voter qarbd-service; do
		scene_kill node1 "$name"
	done
	lab_require 5 "node1 has all its processes" all_run node1
	lab_device_stop node2
	lab_require 5 "node2 has no vote without qarbd" lab_votes_not node2
	lab_device_start node2
	lab_require 20 "node2 has the vote again" lab_votes node2
	sleep 2
	lab_expect voting node1 node2
}

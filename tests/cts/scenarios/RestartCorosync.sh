# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="corosync is stopped and started again on one node, then killed; qarbd waits and reconnects"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local signal
	scene_both_vote
	lab_expect steady node1
	for signal in TERM KILL; do
		lab_fault_signal node2 "$signal" corosync
		lab_require 20 "corosync on node2 ends" lab_not_running node2 corosync
		lab_require 15 "node1 is alone and has the vote" scene_alone_with_vote node1
		sleep 2
		lab_corosync_start node2
		lab_require 20 "node2 is in the ring again" lab_members_are node1 1,2
		lab_require 20 "node2 has the vote again" lab_votes node2
		sleep 2
	done
	lab_expect voting node1 node2
}

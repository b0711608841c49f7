# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is started on one node after the other of a running cluster of 3; the third dies before its turn: the two never lose their quorum"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_DEVICE_NODES=none
LAB_INTRODUCED="node2 node1"

introduce()
{
	lab_device_start "$1"
	lab_require 20 "$1 has the vote" lab_votes "$1"
	sleep 2
	lab_expect casting "$1"
}

scenario()
{
	local n
	lab_expect steady node1 node2
	lab_expect voted node1 node2 node3
	for n in $LAB_INTRODUCED; do
		introduce "$n"
	done
	lab_expect fenced node3
	lab_power_off node3
	lab_require 20 "node3 is fenced" lab_was_fenced node3
	lab_require 20 "node1 and node2 go on without it" scene_group_serves 1,2
	sleep 2
	lab_power_on node3
	lab_corosync_start node3
	lab_pacemaker_start node3
	lab_require 60 "node3 is a member again" lab_members_are node1 1,2,3
	sleep 2
	introduce node3
	lab_expect voting node1 node2 node3
}

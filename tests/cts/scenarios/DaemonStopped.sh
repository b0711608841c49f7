# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped in order, then corosync, as when the node shuts down; the other decides without waiting"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_expect steady node1
	lab_stamp node2 fault signal TERM qarbd
	lab_device_stop node2
	lab_require 5 "node2 has no vote without qarbd" lab_votes_not node2
	lab_stamp node2 fault signal TERM corosync
	lab_signal node2 TERM corosync
	lab_require 20 "corosync on node2 ends" lab_not_running node2 corosync
	lab_require 5 "node1 is alone and has the vote" scene_alone_with_vote node1
	sleep 1
	lab_cluster_start node2
	lab_require 20 "node2 has the vote again" lab_votes node2
	sleep 2
	lab_expect voting node1 node2
}

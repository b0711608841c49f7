# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="on_loss: stop: a node that lost its disk stops Pacemaker, then corosync; its service moves in order"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_QARB="on_loss: stop"

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_expect service stop:node1 start:node2
	lab_disk_fail node1
	lab_require 40 "Pacemaker on node1 ends" lab_not_running node1 pacemakerd
	lab_require 20 "corosync on node1 ends" lab_not_running node1 corosync
	lab_require 20 "node2 serves" lab_service_runs node2
	lab_require 10 "node2 is alone and has the vote" scene_alone_with_vote node2
	lab_expect voting node2
}

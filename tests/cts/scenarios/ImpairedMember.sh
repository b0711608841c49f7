# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="4 nodes, one without a path to its disk: in a split it does not count, against the tie breaker; it was the DC and served"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_DISK=faulty
LAB_DC=node1
LAB_SERVICE_NEXT=node4

scenario()
{
	scene_all_vote
	lab_disk_fail node1
	lab_require 10 "node1 has no vote without its disk" lab_votes_not node1
	sleep 2
	lab_expect voted node2 node3 node4
	lab_expect steady node3 node4
	lab_expect fenced node1 node2
	lab_expect service stop:node1? start:node4
	lab_split 1,2 3,4
	scene_group_wins 3,4 1,2
	lab_require 60 "node4 serves" lab_service_runs node4
	lab_expect voting node3 node4
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="A third node is added to the node list of two that run, gets a slot and the vote, and is removed again"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_LISTED="node1 node2"
LAB_START_NODES="node1 node2"
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	lab_expect voted node3
	LAB_LISTED="node1 node2 node3"
	lab_reload "node3 is added"
	lab_require 10 "node3 has a slot" scene_logged node1 "slot-given.* node=3 slot=2"
	sleep 2
	lab_cluster_start node3
	lab_require 20 "node3 is in the ring" lab_members_are node1 1,2,3
	lab_require 20 "node3 has the vote" lab_votes node3
	sleep 2
	lab_cluster_stop node3
	lab_require 20 "node3 is out of the ring" lab_members_are node1 1,2
	LAB_LISTED="node1 node2"
	lab_reload "node3 is removed"
	sleep 3
	lab_expect maycease node1
	lab_expect unsteady node1
	lab_power_off node1
	lab_require 15 "node2 is alone and has the vote" scene_alone_with_vote node2
	sleep 1
	lab_expect voting node2
}

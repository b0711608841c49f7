# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is restarted just before the split: the agent tells it the weight again"
LAB_DEVICE=qarb
LAB_SERVICE_NODE=node2

scenario()
{
	scene_both_vote
	lab_weigh 10
	lab_require 30 "node2's slot has the weight" lab_slot_weighs node1 node2 10
	lab_expect steady node1 node2
	lab_device_stop node2
	lab_device_start node2
	lab_require 20 "node2 has the vote again" lab_votes node2
	lab_demand 5 weight "node2's slot has the weight again" lab_slot_weighs node1 node2 10
	lab_expect unsteady node1
	scene_split_weighed node2 node1
}

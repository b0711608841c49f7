# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Nobody hears one of 3 nodes, which hears the others, then both ways again: the others never lose their quorum and keep the vote"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_TIE=highest
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_all_vote
	lab_expect steady node1 node2
	lab_cut node3 node1 one
	lab_cut node3 node2 one
	lab_demand 15 steady "node1 and node2 go on" scene_group_serves 1,2
	lab_expect casting node1 node2
	lab_require 15 "node3 has no vote" lab_votes_not node3
	sleep 15
	lab_expect maycease node1 node2
	scene_heal
}

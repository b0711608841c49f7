# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Times are made longer and shorter again under the running cluster; no vote is lost, and then a node dies"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_expect steady node1 node2
	lab_expect casting node1 node2
	scene_times 1500 750 1500
	lab_require 5 "node1 tells of the longer hold" scene_told node1 hold 750
	lab_require 5 "node2 tells of the longer hold" scene_told node2 hold 750
	lab_require 5 "node1 warns of the long X" scene_logged node1 "X = 3405 ms: longer than totem"
	sleep 3
	scene_times 900 450 900
	# X of the longer times is 3.4 s: until then they are told.
	sleep 2
	scene_told node1 hold 750 || lab_blame told "node1 forgot its longer hold too early"
	lab_require 10 "node1 tells of the shorter hold" scene_told node1 hold 450
	lab_require 10 "node2 tells of the shorter D" scene_told node2 d 1350
	sleep 1
	lab_expect maycease node1 node2
	lab_expect unsteady node1
	lab_power_off node1
	lab_require 15 "node2 is alone and has the vote" scene_alone_with_vote node2
	sleep 2
	lab_expect voting node2
}

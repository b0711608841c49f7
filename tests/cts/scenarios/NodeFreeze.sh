# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="All processes of a node are stopped for 10 s and continued; no yes before a fresh beat"
LAB_DEVICE=qarb
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_expect steady node2
	lab_freeze node1
	sleep 10
	lab_require 5 "node2 is alone and has the vote" scene_alone_with_vote node2
	lab_thaw node1
	lab_require 20 "the nodes are one ring again" lab_members_are node2 1,2
	lab_require 20 "node1 has the vote again" lab_votes node1
	sleep 2
	lab_expect voting node1 node2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk of the losing node is slow, then the cable is cut: the winner waits until the loser is known to have stopped"
LAB_DEVICE=qarb
LAB_DISK=faulty
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_both_vote
	lab_disk_slow node2 40
	sleep 3
	lab_cut node1 node2
	lab_require 20 "node1 is alone and has the vote" scene_alone_with_vote node1
	sleep 3
	lab_require 5 "node2 has no vote" lab_votes_not node2
	lab_heal
	lab_disk_repair node2
	lab_require 20 "the nodes are one ring again" lab_members_are node1 1,2
	lab_require 20 "node2 has the vote again" lab_votes node2
	sleep 1
	lab_expect voting node1 node2
}

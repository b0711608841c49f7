# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="4 nodes, algorithm ffsplit, split into halves: one keeps quorum; it ends when it falls below half"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_ALGORITHM=ffsplit
LAB_DEVICE_VOTES=1
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_all_vote
	lab_expect steady node1 node2
	lab_split 1,2 3,4
	scene_group_wins 1,2 3,4
	sleep 2
	lab_expect unsteady node1 node2
	# Nobody is left whom the ranking would prefer to node1: only the half forbids it.
	lab_power_off_all node2 node3 node4
	lab_demand 30 novote "node1 is alone and has no vote" scene_group_idle 1
	lab_expect novote node1
	sleep 5
}

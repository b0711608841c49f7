# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="Between two of 3 nodes packets pass one way only, then both ways again: never two sides with the vote"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	scene_all_vote
	lab_cut node1 node3 one
	sleep 15
	scene_heal
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="4 nodes are split, and split differently while they merge, twice: never two sides with the vote"
LAB_DEVICE=qarb
LAB_NODES=4
LAB_PACEMAKER=no
LAB_FENCING=no

scene_ring_larger()
{
	local members
	members=$(lab_field "$(lab_last_line "$1" N)" members)
	[[ $(tr -cd , <<<"$members" | wc -c) -ge $2 ]]
}

scene_one_serves()
{
	{ scene_group_serves "$1" && scene_group_idle "$2"; } ||
		{ scene_group_serves "$2" && scene_group_idle "$1"; }
}

scenario()
{
	scene_split_many 1,2 3,4
	lab_expect unsteady node1 node2
	lab_heal
	lab_require 20 "node3 sees a ring of more than two" scene_ring_larger node3 2
	lab_split 1,3 2,4
	lab_require 60 "one pair has the vote" scene_one_serves 1,3 2,4
	lab_heal
	sleep 0.7
	lab_split 1,4 2,3
	lab_require 60 "one pair has the vote" scene_one_serves 1,4 2,3
	scene_heal
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk holds the register and casts of an earlier run; two of 3 nodes start, the third never does"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	scene_all_vote
	lab_disk_keep earlier.img
	for n in $(lab_node_names); do
		lab_cluster_stop "$n"
	done
	lab_disk_put_back earlier.img
	lab_start_together node1 node2
	lab_expect voted node1 node2
	lab_require 40 "nodes 1,2 have the vote" scene_group_serves 1,2
	lab_expect voting node1 node2
}

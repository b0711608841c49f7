# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="All 3 nodes are stopped in order and started together: every one has the vote"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	scene_all_vote
	for n in $(lab_node_names); do
		lab_cluster_stop "$n"
	done
	lab_start_together node1 node2 node3
	scene_all_vote
	lab_expect voting node1 node2 node3
}

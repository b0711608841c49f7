# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="All 3 nodes lose power in the same instant and start together, with the casts of their previous lives on the disk"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	scene_all_vote
	# shellcheck disable=SC2046
	lab_power_off_all $(lab_node_names)
	for n in $(lab_node_names); do
		lab_power_on "$n"
	done
	lab_start_together node1 node2 node3
	scene_all_vote
	lab_expect voting node1 node2 node3
}

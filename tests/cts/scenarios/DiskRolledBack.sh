# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk is put back to an older state under the running cluster: nobody keeps the vote until the daemons are restarted"
LAB_DEVICE=qarb
LAB_NODES=3
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	local n
	scene_all_vote
	lab_disk_keep before.img
	sleep 1
	lab_cluster_stop node3
	lab_require 30 "nodes 1,2 have the vote" scene_group_serves 1,2
	sleep 2
	lab_disk_put_back before.img
	for n in node1 node2; do
		lab_demand 10 novote "$n has no vote" lab_votes_not "$n"
	done
	lab_expect novote node1 node2
	sleep 10
	lab_expect mayvote node1 node2
	for n in node1 node2; do
		lab_device_stop "$n"
	done
	for n in node1 node2; do
		lab_device_start "$n"
	done
	lab_expect voted node1 node2
	lab_require 40 "nodes 1,2 have the vote" scene_group_serves 1,2
	lab_expect voting node1 node2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is started 5 s before corosync on both nodes"
LAB_DEVICE=qarb
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	lab_device_start node1
	lab_device_start node2
	sleep 5
	lab_corosync_start node1
	lab_corosync_start node2
	scene_both_vote
	lab_expect voting node1 node2
}

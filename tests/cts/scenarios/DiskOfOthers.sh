# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk belongs to another cluster: nobody uses it, both nodes name the two clusters"
LAB_DEVICE=qarb
LAB_DISK_CLUSTER=other
LAB_START_NODES=none
LAB_PACEMAKER=no
LAB_FENCING=no

scenario()
{
	lab_expect novote node1 node2
	lab_start_together node1 node2
	lab_require 20 "node1 names both clusters" scene_logged node1 "belongs to cluster 'other', this one is 'lab'"
	lab_require 20 "node2 names both clusters" scene_logged node2 "belongs to cluster 'other', this one is 'lab'"
	sleep 5
}

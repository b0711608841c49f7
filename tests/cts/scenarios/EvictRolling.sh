# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is introduced on one node after the other: a member without it is not evicted"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000
LAB_START_NODES=node1

scenario()
{
	lab_corosync_start node2
	lab_pacemaker_start node2
	lab_require 20 "node2 is in the ring" lab_members_are node1 1,2
	lab_expect steady node1
	lab_expect service start:node1
	scene_nobody_evicted 8
	lab_device_start node2
	lab_require 20 "node2 has the vote" lab_votes node2
	lab_expect voting node1 node2
}

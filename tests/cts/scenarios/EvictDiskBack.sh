# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The disk path of one node is lost for 5 s and comes back: nobody is evicted"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty

scenario()
{
	scene_bridges
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_disk_fail node1
	sleep 5
	lab_disk_repair node1
	scene_nobody_evicted 3
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}

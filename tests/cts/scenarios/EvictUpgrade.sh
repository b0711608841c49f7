# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="qarbd is stopped in order on one node, as by an upgrade, for longer than evict_after: nobody is evicted"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	lab_expect steady node1 node2
	lab_expect casting node2
	lab_stamp node1 fault upgrade
	lab_device_stop node1
	scene_nobody_evicted 4
	lab_device_start node1
	lab_require 20 "node1 has the vote again" lab_votes node1
	lab_expect voting node1 node2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The bridge is killed as soon as it has asked the fencer, and started again: the node is fenced once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	scene_disk_lost
	lab_require 15 "the fencer is asked for node1" lab_was_requested node1
	lab_fault_signal node2 KILL qarb-fence-bridge
	lab_bridge_start node2
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	sleep 15
	lab_expect voting node2
}

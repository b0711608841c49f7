# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The bridge is killed while an order waits for the fencer: the next one is told of the order, and the node is fenced once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	lab_fencer_gone node2
	scene_disk_lost
	lab_require 15 "the bridge has the order" lab_bridge_said node2 "eviction node=1 .* waiting"
	lab_fault_signal node2 KILL qarb-fence-bridge
	sleep 3
	lab_fencer_back node2
	lab_bridge_start node2
	lab_require 30 "the fencer is asked for node1" lab_was_requested node1
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	sleep 10
	lab_expect voting node2
}

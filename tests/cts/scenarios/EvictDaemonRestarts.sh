# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="All of qarbd on the evicting node is killed while its order waits for the fencer: started again it orders again, and the node is fenced once"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	lab_fencer_gone node2
	scene_disk_lost
	lab_require 15 "node2 orders the eviction" scene_logged node2 "eviction-ordered node=1"
	lab_stamp node2 fault voter-dead
	lab_fault_signal node2 KILL qarbd
	lab_require 10 "qarbd on node2 ends" lab_not_running node2 qarbd-decider
	sleep 0.3
	LAB_BRIDGE=no lab_device_start node2
	lab_fencer_back node2
	lab_require 30 "the fencer is asked for node1" lab_was_requested node1
	lab_require 30 "node1 is fenced" lab_was_fenced node1
	lab_require 20 "node2 serves" lab_service_runs node2
	sleep 10
	lab_expect voting node2
}

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
SCENARIO_TEXT="The evicting node's fencer and its agent are killed while they work on the order: the node is fenced once all the same"
LAB_DEVICE=qarb
LAB_BRIDGE=yes
LAB_DISK=faulty
LAB_EVICT_AFTER=4000

scenario()
{
	scene_bridges
	# The device does nothing before the kill: an agent that is left behind would fence the node, and
	# Pacemaker would fence it again when it is lost.
	lab_bmc_signal node1 STOP
	scene_disk_lost
	lab_require 15 "the fencer is asked for node1" lab_was_requested node1
	lab_fault_signal node2 KILL pacemaker-fenced
	lab_signal node2 KILL fence_ipmilan
	lab_signal node2 KILL ipmitool
	lab_bmc_signal node1 CONT
	lab_require 60 "node1 is fenced" lab_was_fenced node1
	lab_require 30 "node2 serves" lab_service_runs node2
	sleep 15
	lab_expect voting node2
}
